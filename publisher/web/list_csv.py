"""A list as CSV."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urljoin

from pyoxigraph import NamedNode

from publisher.web.evidence import iri_of, place, text_in
from publisher.web.language import gettext
from publisher.web.lists import Listing
from publisher.web.site import site
from publisher.web.spreadsheets import SEPARATOR, written
from publisher.web.values import Value

MOST_WITH_WORDS = 5_000
"""Things up to which the words are looked up, which takes a quarter of a millisecond for each."""


def as_csv(listing: Listing) -> str:
    """All things of a list as CSV: IRI, name, every property of the class, and the words that say so.

    A property has a column with its text and, where it links, one with its IRIs.

    Args:
        listing: the list with its sorting and filters; its pages do not count.
    """
    return written(_rows(listing))


def _rows(listing: Listing) -> Iterator[list[str]]:
    columns = listing.table.cells
    lines = listing.members
    words = _words([one.iri for one in lines]) if len(lines) <= MOST_WITH_WORDS else {}
    head = ["IRI", gettext("Name")]
    for cells in columns:
        name = cells.column.name.value
        head += [name, f"{name} (IRI)"] if cells.links else [name]
    head += [gettext("Exact words"), gettext("Place in the source")] if words else []
    yield head
    for one in lines:
        row = [one.iri, one.name.value]
        for cells in columns:
            values = cells.shown(one.iri)
            row.append(SEPARATOR.join(map(_text, values)))
            if cells.links:
                row.append(SEPARATOR.join(value.iri or "" for value in values))
        row += words.get(one.iri, ("", "")) if words else ()
        yield row


def _words(things: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Thing → the words that it is taken from, of a quote its own, and the addresses where they stand."""
    if not things:
        return {}
    nodes = [NamedNode(iri) for iri in things]
    store, base = site().store, site().release.base_iri
    taken = {iri: {iri} for iri in things}
    for row in store.select("quoted", thing=nodes):
        taken.setdefault(iri_of(row["quote"]), set()).add(iri_of(row["thing"]))
    found: dict[str, list[tuple[str, int, str, str]]] = defaultdict(list)
    for row in store.select("quotes", quote=[NamedNode(iri) for iri in taken]):
        source, start, where = "", 0, ""
        if {"source", "start"} <= row.keys():
            source, start = iri_of(row["source"]), int(text_in(row["start"]))
            where = urljoin(base, place(source, start, int(text_in(row["end"]))) or "")
        for thing in taken[iri_of(row["quote"])]:
            found[thing].append((source, start, text_in(row["exact"]), where))
    return {
        iri: (
            SEPARATOR.join(exact for _, _, exact, _ in sorted(quotes)),
            SEPARATOR.join(where for *_, where in sorted(quotes)),
        )
        for iri, quotes in found.items()
    }


def _text(value: Value) -> str:
    """Dates as machines read them."""
    return value.machine or value.text
