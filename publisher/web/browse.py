"""Lists of the things of a class, by name and in pages."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf

from pyoxigraph import Literal, NamedNode

from publisher.core.terms import LABEL_PROPERTIES, SKOS
from publisher.web.evidence import name_of_quote
from publisher.web.language import current_language
from publisher.web.links import curie, expand, node
from publisher.web.site import site
from publisher.web.values import Value, link
from publisher.web.vocabulary import best, by_property, vocabulary

PAGE_SIZE = 50


@dataclass(frozen=True)
class Kind:
    """A class with its name, definition and number of things."""

    iri: str
    path: str
    label: Value
    definition: Literal | None
    count: int

    @property
    def is_named(self) -> bool:
        """Whether the ontology gives the class a name."""
        return vocabulary().label(self.iri) is not None


@dataclass(frozen=True)
class Listing:
    """One page of a class's things."""

    kind: Kind
    things: Sequence[Value]
    number: int
    pages: int
    total: int
    first: int


def kinds() -> list[Kind]:
    """The classes that things of this dataset are said to have: in the order of their shapes, then by name."""
    found = [_kind(iri, count) for iri, count in vocabulary().class_counts.items() if curie(iri) != iri]
    orders = vocabulary().orders
    return sorted(found, key=lambda kind: (not kind.is_named, orders.get(kind.iri, inf), sort_key(kind.label.text)))


def _kind(iri: str, count: int) -> Kind:
    return Kind(iri, "browse/" + curie(iri), link(iri, {}), vocabulary().definition(iri), count)


def listing(short: str, page: int) -> Listing | None:
    """A page of the things of the class ``prefix:Name``.

    Args:
        short: the class with a prefix of the release.
        page: number of the page, from 1.

    Returns:
        None if there is no such class or page.
    """
    iri = expand(short)
    if iri is None or node(iri) is None or page < 1:
        return None
    things = instances(iri)
    pages = max(1, -(-len(things) // PAGE_SIZE))
    if not things or page > pages:
        return None
    first = (page - 1) * PAGE_SIZE
    return Listing(_kind(iri, len(things)), things[first : first + PAGE_SIZE], page, pages, len(things), first + 1)


def instances(iri: str) -> Sequence[Value]:
    """All things of a class as links, by name in the reader's language."""
    listed = _instances(vocabulary(), iri, current_language())
    return [link(thing, {thing: {SKOS + "prefLabel": [name]}}) for thing, name in listed]


@lru_cache(maxsize=256)
def _instances(_: object, iri: str, __: str) -> Sequence[tuple[str, Literal]]:
    """Kept per application, class and language: a release never changes."""
    rows = site().store.select("instances", **{"class": NamedNode(iri)})
    named = []
    for thing, facts in by_property(rows, "node", "label").items():
        words = next((value for values in facts.values() for value in values if isinstance(value, Literal)), None)
        name = best(facts, LABEL_PROPERTIES) or (name_of_quote(words.value) if words else None)
        named.append((thing, name or Literal(link(thing, {}).text)))
    return sorted(named, key=lambda item: (sort_key(item[1].value), item[0]))


def sort_key(text: str) -> str:
    """Names sort without regard to case, accents and quotation marks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if letter.isalnum() or letter == " ").strip()
