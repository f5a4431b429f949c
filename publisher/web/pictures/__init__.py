"""Pictures of the data: a table of rows, drawn on the server as SVG."""
