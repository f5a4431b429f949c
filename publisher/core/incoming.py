"""What the build writes and the serving half reads: what points to the things to which much points, page by page, what
a document is about that does not lead there, and which things are called like a file.

A SQLite file. A store gives the statements that point to a thing only from the first on, so that
late pages cost more than early ones; here each page is found by its number.
"""

INCOMING = "incoming.sqlite"
"""Its path in a release."""
LINKS_ON_A_PAGE = 100
"""Statements that point to a thing on one page of its description, and parts of a document. What has more of the former
is a hub."""

SCHEMA = """
CREATE TABLE node (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE hub (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE total (
    hub INTEGER NOT NULL, place INTEGER NOT NULL, property INTEGER NOT NULL, links INTEGER NOT NULL,
    stated INTEGER NOT NULL, PRIMARY KEY (hub, place)
) WITHOUT ROWID;
CREATE TABLE link (
    hub INTEGER NOT NULL, position INTEGER NOT NULL, subject INTEGER NOT NULL, property INTEGER NOT NULL,
    PRIMARY KEY (hub, position)
) WITHOUT ROWID;
CREATE TABLE file_like (iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE document (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE part (
    document INTEGER NOT NULL, position INTEGER NOT NULL, subject INTEGER NOT NULL, PRIMARY KEY (document, position)
) WITHOUT ROWID;
"""
"""The statements that point to a hub have positions from 0, by IRI of the property, then of the subject.

Properties come last all of whose statements only follow from others; ``stated`` is 0 for them.

What is like a file ends like the address of a representation (``.ttl``), though it is a thing of that name.

A document has as parts the subjects whose IRIs are its own and a fragment (Cool URIs §4.1), by IRI, if nothing that it
says of itself leads to them.
"""
