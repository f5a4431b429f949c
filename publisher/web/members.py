"""The things of a class with the values that its list shows, read once for each class: a release never changes.

At most 50,000 things of a class are listed (``members.rq``); the list says so where there are more.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import cast

from msgspec import Struct
from msgspec.structs import replace
from pyoxigraph import Literal, NamedNode

from publisher.core.terms import LABEL_PROPERTIES, OTHER_NAME_PROPERTIES
from publisher.store.protocol import Binding, Term
from publisher.web.columns import Column, candidates
from publisher.web.evidence import name_of_quote
from publisher.web.folding import fold
from publisher.web.language import current_language
from publisher.web.links import local_name
from publisher.web.rows import by_language
from publisher.web.site import site
from publisher.web.values import Value, readable
from publisher.web.vocabulary import Facts, best, by_property, vocabulary

BOUND = 50_000
"""Things of a class that are listed; the same number stands in ``members.rq``."""
COLUMNS = 4
"""Properties that a list shows beside the name, where no shape says which matter most."""
MOST_KEYS = 6
"""Properties that a list shows at most of those that matter most."""
FACETS = 5
FEW = range(2, 101)
"""How many different values a property may have to be a facet."""
SHORT = 120
"""Characters that the values of a column have on average, at most."""


class Cells(Struct, frozen=True):
    """The values of one property: thing → values, and the names of what they lead to."""

    column: Column
    values: Mapping[str, Sequence[Term]]
    names: Mapping[str, Facts]

    @property
    def distinct(self) -> set[Term]:
        """The different values."""
        return {value for values in self.values.values() for value in values}

    @property
    def links(self) -> bool:
        """Whether the values are things."""
        return all(isinstance(value, NamedNode) for value in self.distinct)

    def shown(self, thing: str) -> list[Value]:
        """What a reader is shown for a thing: links and plain values, and texts in the best language there is."""
        values = [readable(term, self.column.path, self.names) for term in self.values.get(thing, ())]
        return sorted(by_language(values)[0], key=lambda value: fold(value.text))


class Member(Struct, frozen=True):
    """A thing with its name in a language, what names it, and every name it has, folded for searching."""

    iri: str
    name: Literal
    naming: Sequence[str]
    folded: Sequence[str]


class Table(Struct, frozen=True):
    """The things of a class by name.

    Args:
        members: the things.
        naming: the properties that name them.
        cells: the values of every property that shapes give the class and some thing has, those of columns first.
        columns: those that the list shows.
        facets: those that it can be narrowed by.
        total: how many things there are, also where not all are listed.
    """

    members: Sequence[Member]
    naming: Sequence[str]
    cells: Sequence[Cells]
    columns: Sequence[Cells]
    facets: Sequence[Cells]
    total: int


def table(iri: str) -> Table:
    """The things of a class in the reader's language; none if there is no such class."""
    return _table(vocabulary(), iri, current_language())


def members(iri: str) -> Sequence[Member]:
    """The things of a class by name in the reader's language."""
    return _members(vocabulary(), iri, current_language())


@lru_cache(maxsize=256)
def _table(known: object, iri: str, language: str) -> Table:
    listed = _with_other_names(_members(known, iri, language), _other_names(known, iri))
    things = frozenset(member.iri for member in listed)
    every = sorted(_cells(known, iri, things), key=lambda cells: not cells.column.is_key)
    marked = [cells for cells in every if cells.column.is_key]
    columns = marked[:MOST_KEYS] or [cells for cells in every if _is_column(cells, listed)][:COLUMNS]
    shown = {cells.column.path for cells in columns}
    every.sort(key=lambda cells: cells.column.path not in shown)
    facets = [cells for cells in every if _is_facet(cells, len(listed))][:FACETS]
    naming = sorted({prop for one in listed for prop in one.naming})
    return Table(listed, naming, every, columns, facets, _size(iri) if len(listed) >= BOUND else len(listed))


@lru_cache(maxsize=256)
def _members(_: object, iri: str, __: str) -> Sequence[Member]:
    rows = site().store.select("members", **{"class": NamedNode(iri)})
    found = []
    for thing, facts in by_property(rows, "node", "label").items():
        texts = [value for values in facts.values() for value in values if isinstance(value, Literal)]
        name = best(facts, LABEL_PROPERTIES) or (name_of_quote(texts[0].value) if texts else Literal(local_name(thing)))
        found.append(Member(thing, name, tuple(facts), sorted({fold(text.value) for text in (*texts, name)})))
    return sorted(found, key=lambda member: (fold(member.name.value), member.iri))


Names = Mapping[str, Mapping[str, Collection[str]]]
"""Thing → property → what it calls the thing, folded for searching."""


@lru_cache(maxsize=256)
def _other_names(_: object, iri: str) -> Names:
    """The acronyms and other names of the things of a class, in every language."""
    properties = [NamedNode(name) for name in (*site().release.name_properties, *OTHER_NAME_PROPERTIES)]
    bound: dict[str, Binding] = {"class": NamedNode(iri), "property": properties}
    others: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in site().store.select("cells", **bound):
        if isinstance(name := row["value"], Literal):
            thing, prop = cast(NamedNode, row["node"]).value, cast(NamedNode, row["property"]).value
            others[thing][prop].add(fold(name.value))
    return others


def _with_other_names(listed: Sequence[Member], others: Names) -> list[Member]:
    """The same, to be found by their other names too."""

    def named(one: Member) -> Member:
        found = others.get(one.iri, {})
        return replace(one, naming=sorted({*one.naming, *found}), folded=sorted({*one.folded}.union(*found.values())))

    return [named(one) for one in listed]


@lru_cache(maxsize=256)
def _cells(known: object, iri: str, things: frozenset[str]) -> Sequence[Cells]:
    columns = candidates(known, iri)
    if not columns:
        return []
    bound: dict[str, Binding] = {
        "class": NamedNode(iri),
        "property": [NamedNode(column.path) for column in columns],
    }
    values: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in site().store.select("cells", **bound):
        thing = cast(NamedNode, row["node"]).value
        if thing in things:
            values[cast(NamedNode, row["property"]).value][thing].append(row["value"])
    named = [
        {"node": row["value"], "property": row["naming"], "label": row["label"]}
        for row in site().store.select("cell_names", **bound)
    ]
    names = by_property(named, "node", "label")
    return [Cells(column, values[column.path], names) for column in columns if column.path in values]


def _is_column(cells: Cells, listed: Sequence[Member]) -> bool:
    """Whether most things have a value, these differ, are short, are no parts of things and no names again."""
    values = [value for each in cells.values.values() for value in each]
    length = sum(len(value.value) for value in values if isinstance(value, Literal)) / len(values)
    is_part = any(
        isinstance(value, NamedNode) and value.value.startswith(f"{thing}#")
        for thing, each in cells.values.items()
        for value in each
    )
    again = sum(
        fold(value.value) in one.folded
        for one in listed
        for value in cells.values.get(one.iri, ())
        if isinstance(value, Literal)
    )
    differs = len(cells.distinct) > 1 or len(listed) == 1
    return (
        differs and 2 * len(cells.values) >= len(listed) and 2 * again < len(listed) and length <= SHORT and not is_part
    )


def _is_facet(cells: Cells, total: int) -> bool:
    """Whether the values are few things, and not only some of the list has them."""
    return cells.links and len(cells.distinct) in FEW and 4 * len(cells.values) >= total


def _size(iri: str) -> int:
    rows = site().store.select("size", **{"class": NamedNode(iri)})
    return int(cast(Literal, rows[0]["count"]).value) if rows else 0
