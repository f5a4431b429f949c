"""W3C's test suites for SPARQL 1.0 and 1.1 queries, asked over HTTP of a running server."""
