"""Access to the published dataset: the site's own queries and the public's."""
