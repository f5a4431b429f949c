"""The building half: curated files in, one immutable release out."""
