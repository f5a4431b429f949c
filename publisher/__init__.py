"""A linked-open-data publisher: build a release from curated files, then serve it."""

__version__ = "0.3.0"
