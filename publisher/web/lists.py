"""The list of a class: sorted, filtered by text and by facets, in pages. All of it stands in the address."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation

from msgspec import Struct
from pyoxigraph import Literal, NamedNode
from werkzeug.datastructures import MultiDict

from publisher.store.protocol import Term
from publisher.web.browse import Kind, kind
from publisher.web.folding import fold
from publisher.web.links import address, curie, document, expand, node
from publisher.web.members import Cells, Member, Table, table
from publisher.web.values import NUMBERS, Value, readable

PAGE_SIZE = 50
NAME = "name"
"""What ``sort=`` says for the first column."""
DOWN = "-"
"""What stands before it in ``sort=`` when the last comes first."""


class Wish(Struct, frozen=True):
    """What the address asks of a list.

    Args:
        text: words; some name of each thing has all of them.
        chosen: property → the value that each thing has.
        sort: the property whose values sort the list, or ``name``.
        is_down: whether the last comes first.
    """

    text: str
    chosen: Mapping[str, NamedNode]
    sort: str
    is_down: bool

    @property
    def parameters(self) -> dict[str, str]:
        """The wish as parameters of an address."""
        found = {"q": self.text} if self.text else {}
        found |= {curie(name): value.value for name, value in self.chosen.items()}
        sorting = (DOWN if self.is_down else "") + (self.sort if self.sort == NAME else curie(self.sort))
        return found if sorting == NAME else {**found, "sort": sorting}


class Head(Struct, frozen=True):
    """The head of a column: its name, the address that sorts by it, and how it sorts now (``aria-sort``)."""

    text: str
    language: str | None
    href: str
    sorted: str | None


class Option(Struct, frozen=True):
    """A value of a facet and how many things have it, given all the rest of the wish."""

    iri: str
    label: Value
    count: int
    is_chosen: bool


class Facet(Struct, frozen=True):
    """A property with few values to choose from."""

    parameter: str
    name: Literal
    options: Sequence[Option]


class Line(Struct, frozen=True):
    """A thing with its values, column by column."""

    thing: Value
    cells: Sequence[Sequence[Value]]


class Listing:
    """The list of a class as the address asks for it.

    Args:
        iri: the class.
        listed: its things.
        wish: how they are to be shown.
    """

    def __init__(self, iri: str, listed: Table, wish: Wish) -> None:
        self.iri = iri
        self.table = listed
        self.wish = wish
        self.kind: Kind = kind(iri, listed.total)
        self._by_property = {cells.column.path: cells for cells in listed.cells}
        self.members = self._sorted([one for one in self._with_text() if self._has_chosen(one, wish.chosen)])

    @property
    def is_filtered(self) -> bool:
        """Whether the wish leaves things out."""
        return bool(self.wish.text or self.wish.chosen)

    @property
    def is_cut(self) -> bool:
        """Whether the class has more things than are listed."""
        return self.table.total > len(self.table.members)

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-len(self.members) // PAGE_SIZE))

    def lines(self, page: int) -> list[Line]:
        """The things of a page."""
        shown = self.members[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return [
            Line(
                Value(one.name.value, language=one.name.language, href=document(one.iri), iri=one.iri),
                [cells.shown(one.iri) for cells in self.table.columns],
            )
            for one in shown
        ]

    def address(self, **changed: str) -> str:
        """The address of this list with some parameters changed; empty ones are left out."""
        parameters = {**self.wish.parameters, **changed}
        return address(self.kind.path, **{name: value for name, value in parameters.items() if value})

    def page_address(self, number: int) -> str:
        """The address of a page of this list."""
        return self.address(page=str(number) if number > 1 else "")

    def heads(self, first: str) -> list[Head]:
        """The heads of the columns.

        Args:
            first: what the column of names is called.
        """
        named = [(NAME, Literal(first)), *((cells.column.path, cells.column.name) for cells in self.table.columns)]
        return [self._head(key, name) for key, name in named]

    def _head(self, key: str, name: Literal) -> Head:
        is_current = key == self.wish.sort
        down = DOWN if is_current and not self.wish.is_down else ""
        state = ("descending" if self.wish.is_down else "ascending") if is_current else None
        return Head(name.value, name.language, self.address(sort=down + (NAME if key == NAME else curie(key))), state)

    def facets(self) -> list[Facet]:
        """What the list can be narrowed by; each counts what there would be with every other choice kept."""
        return [self._facet(cells) for cells in self.table.facets]

    def _facet(self, cells: Cells) -> Facet:
        prop = cells.column.path
        others = {name: value for name, value in self.wish.chosen.items() if name != prop}
        counts: Counter[Term] = Counter()
        for one in self._with_text():
            if self._has_chosen(one, others):
                counts.update(cells.values.get(one.iri, ()))
        if prop in self.wish.chosen:
            counts.setdefault(self.wish.chosen[prop], 0)
        options = [
            Option(value.value, readable(value, prop, cells.names), count, self.wish.chosen.get(prop) == value)
            for value, count in counts.items()
            if isinstance(value, NamedNode)
        ]
        return Facet(curie(prop), cells.column.name, sorted(options, key=lambda one: fold(one.label.text)))

    def _with_text(self) -> list[Member]:
        words = fold(self.wish.text).split()
        return [one for one in self.table.members if any(all(word in name for word in words) for name in one.folded)]

    def _has_chosen(self, one: Member, chosen: Mapping[str, NamedNode]) -> bool:
        return all(value in self._by_property[prop].values.get(one.iri, ()) for prop, value in chosen.items())

    def _sorted(self, found: list[Member]) -> list[Member]:
        """By the wish; what has no value comes last either way, and equals stay in the order of their names."""
        if self.wish.sort == NAME:
            return found[::-1] if self.wish.is_down else found
        cells = self._by_property[self.wish.sort]
        keys = {one.iri: _key(cells, one.iri) for one in found if cells.values.get(one.iri)}
        filled = sorted(
            (one for one in found if one.iri in keys), key=lambda one: keys[one.iri], reverse=self.wish.is_down
        )
        return [*filled, *(one for one in found if one.iri not in keys)]


def _key(cells: Cells, iri: str) -> tuple[Decimal, str]:
    """Numbers sort as such, before texts; of several the smallest counts."""
    if numbers := list(_numbers(cells.values[iri])):
        return min(numbers), ""
    shown = cells.shown(iri)
    # A date's machine-readable form sorts as the date.
    return Decimal("Infinity"), (shown[0].machine or fold(shown[0].text)) if shown else ""


def _numbers(values: Iterable[Term]) -> Iterator[Decimal]:
    for value in values:
        if isinstance(value, Literal) and value.datatype.value in NUMBERS:
            with suppress(InvalidOperation):
                yield Decimal(value.value)


def listing(short: str, parameters: MultiDict[str, str]) -> Listing | None:
    """The list of the class ``prefix:Name``.

    Args:
        short: the class with a prefix of the release.
        parameters: of the address; what no list knows is left alone.

    Returns:
        None if there is no such class, or it is asked to sort by what is no column.
    """
    iri = expand(short)
    if iri is None or node(iri) is None:
        return None
    listed = table(iri)
    wish = _wish(parameters, listed)
    return Listing(iri, listed, wish) if listed.members and wish else None


def _wish(parameters: MultiDict[str, str], listed: Table) -> Wish | None:
    sorting = parameters.get("sort") or NAME
    key = sorting.removeprefix(DOWN)
    columns = {NAME: NAME, **_named(listed.columns)}
    if key not in columns:
        return None
    chosen = {}
    for name, prop in _named(listed.facets).items():
        if value := node(parameters.get(name, "")):
            chosen[prop] = value
    return Wish(parameters.get("q", "").strip(), chosen, columns[key], sorting.startswith(DOWN))


def _named(columns: Iterable[Cells]) -> dict[str, str]:
    """The name of each property in addresses → the property."""
    return {curie(cells.column.path): cells.column.path for cells in columns}
