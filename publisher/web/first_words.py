"""The exact words behind each of many things, in short: the first quote and how many more there are.

A statement is made in the words that its subject is taken from: what points to a thing has said so in words of its own.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from pyoxigraph import NamedNode

from publisher.store.protocol import Row, Store
from publisher.web.evidence import anchored, iri_of, language_of, place, shorten, text_in
from publisher.web.folding import fold
from publisher.web.links import document

LONGEST = 300
"""Characters of a quote that are shown beside a name."""


class FirstWords(Struct, frozen=True):
    """The beginning of the first quote behind a thing.

    Args:
        text: the words, cut between words where they are long.
        language: the language they are in.
        place: where they stand in the reading view of their source.
        more: how many more quotes there are.
        href: where all of them are shown.
    """

    text: str
    language: str | None
    place: str | None
    more: int
    href: str

    def repeats(self, name: str) -> bool:
        """Whether they tell nothing that a name does not, since it is the same words."""
        return "".join(fold(name).split()) == "".join(fold(self.text).split())


def first_words(store: Store, things: Iterable[NamedNode]) -> Mapping[str, FirstWords]:
    """Looks up the words behind all things at once: IRI → words, for those that have any.

    Args:
        store: where to ask.
        things: what stands on a page.
    """
    asked = sorted(set(things), key=str)
    counted = store.select("evidenced", thing=asked) if asked else []
    first = {iri_of(row["thing"]): NamedNode(text_in(row["first"]).rpartition(" ")[2]) for row in counted}
    if not first:
        return {}
    quotes = {iri_of(row["quote"]): row for row in store.select("quotes", quote=sorted(set(first.values()), key=str))}
    counts = {iri_of(row["thing"]): int(text_in(row["count"])) for row in counted}
    return {thing: _first(thing, quotes[quote.value], counts[thing] - 1) for thing, quote in first.items()}


def _first(thing: str, row: Row, more: int) -> FirstWords:
    found = anchored(row)
    where = place(found.source, found.start, found.end) if found else None
    href = document(thing).partition("#")[0] + "#words"
    return FirstWords(shorten(text_in(row["exact"]), LONGEST), language_of(row), where, more, href)
