"""A list as CSV."""

import csv
from io import StringIO

from publisher.web.language import gettext
from publisher.web.lists import Listing
from publisher.web.values import Value

SEPARATOR = " | "
"""What stands between several values in one field."""


def as_csv(listing: Listing) -> str:
    """All things of a list as CSV (RFC 4180): IRI, name, and for each column its text; where it links, its IRIs too.

    Args:
        listing: the list with its sorting and filters; its pages do not count.
    """
    columns = listing.table.columns
    head = ["IRI", gettext("Name")]
    for cells in columns:
        name = cells.column.name.value
        head += [name, f"{name} (IRI)"] if cells.links else [name]
    written = StringIO()
    writer = csv.writer(written)  # Its default dialect ends lines with CRLF and doubles quotation marks.
    writer.writerow(head)
    for line in listing.lines():
        row = [line.thing.iri, line.thing.text]
        for cells, values in zip(columns, line.cells, strict=True):
            row.append(SEPARATOR.join(map(_text, values)))
            if cells.links:
                row.append(SEPARATOR.join(value.iri or "" for value in values))
        writer.writerow(row)
    return written.getvalue()


def _text(value: Value) -> str:
    """Dates as machines read them."""
    return value.machine or value.text
