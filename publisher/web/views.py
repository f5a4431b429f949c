"""An answer seen as a picture: which of its columns a network or a map is drawn from."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from pyoxigraph import Literal, NamedNode

from publisher.core.picture import KINDS
from publisher.store.protocol import Term
from publisher.web.language import gettext
from publisher.web.pictures.drawings import is_drawn
from publisher.web.pictures.line import Line
from publisher.web.pictures.network import DASHES
from publisher.web.values import Value

VIEWS = ("table", "chart", "network", "map")
"""The values of the parameter ``view``; the table is in all of them."""
MOST = 200
"""Lines that are drawn: more take long to arrange, and cannot be told apart."""
LATITUDES, LONGITUDES = ("latitude", "lat"), ("longitude", "long", "lon", "lng")
"""Names of columns with coordinates in degrees."""


class AnswerPicture(Struct, frozen=True):
    """An answer as something to draw.

    Args:
        kind_name: ``network`` or ``map``.
        lines: what is drawn.
        names: of the columns that it is drawn from.
        total: lines that could be drawn.
        missing: lines that lack something that the picture needs.
        is_graph: whether the lines are statements.
    """

    kind_name: str
    lines: Sequence[Line]
    names: Sequence[str]
    total: int
    missing: int
    is_graph: bool = False

    def text(self, key: str) -> Literal:
        """Its title or its description."""
        if key == "title":
            return Literal(gettext("Network") if self.kind_name == "network" else gettext("Map"))
        if self.is_graph:
            return Literal(gettext("On the left the subjects of the statements, on the right their objects."))
        if self.kind_name == "network":
            sides = {"source": f"?{self.names[0]}", "target": f"?{self.names[1]}"}
            return Literal(gettext("On the left %(source)s, on the right %(target)s.") % sides)
        return Literal(gettext("Each %(place)s at its latitude and longitude.") % {"place": f"?{self.names[0]}"})


def pictures_of(
    columns: Sequence[tuple[str, bool]], terms: Sequence[Sequence[Term | None]], rows: Sequence[Sequence[Value | None]]
) -> Mapping[str, AnswerPicture]:
    """The pictures that an answer can be seen as, by the names of their views.

    Args:
        columns: name of each variable, and whether it is bound to numbers only.
        terms: the solutions.
        rows: the same, readable.
    """
    table = {name: [line[place] for line in terms] for place, (name, _) in enumerate(columns)}
    things = [name for name, column in table.items() if _are_things(column)]
    numbers = [name for name, is_numeric in columns if is_numeric]
    ends = ("source", "target") if {"source", "target"} <= set(things) else (*things, None, None)[:2]
    groups = [name for name, column in table.items() if name not in (*ends, *numbers) and _are_few(column)]
    group, weight = _first(groups), _first(numbers)
    place = "place" if "place" in things else _first(things)
    latitude, longitude = (_first(name for name in known if name in table) for known in (LATITUDES, LONGITUDES))
    sources: Mapping[str, Mapping[str, str | None]] = {
        "network": {"source": ends[0], "target": ends[1], "group": group, "weight": weight},
        "map": {"place": place, "latitude": latitude, "longitude": longitude},
    }
    found = {}
    for kind, variables in sources.items():
        used = {variable: name for variable, name in variables.items() if name}
        if used.keys() >= set(KINDS[kind].needed):
            picture = _picture(kind, used, [name for name, _ in columns], terms, rows)
            if picture.lines:
                found[kind] = picture
    return found


def network_of(
    statements: Sequence[Sequence[Term | None]], rows: Sequence[Sequence[Value | None]]
) -> Mapping[str, AnswerPicture]:
    """The network of a graph, of whose statements at least one leads from a thing to another.

    Args:
        statements: subject, predicate and object of each, None for what is no thing.
        rows: the same, readable.
    """
    columns = [("source", False), ("predicate", False), ("target", False)]
    return {name: replace(one, is_graph=True) for name, one in pictures_of(columns, statements, rows).items()}


def _first(names: Iterable[str]) -> str | None:
    return next(iter(names), None)


def _are_things(column: Sequence[Term | None]) -> bool:
    bound = [term for term in column if term is not None]
    return bool(bound) and all(isinstance(term, NamedNode) for term in bound)


def _are_few(column: Sequence[Term | None]) -> bool:
    return 2 <= len(set(column)) <= len(DASHES)


def _picture(
    kind: str,
    used: Mapping[str, str],
    names: Sequence[str],
    terms: Sequence[Sequence[Term | None]],
    rows: Sequence[Sequence[Value | None]],
) -> AnswerPicture:
    places = {variable: names.index(name) for variable, name in used.items()}
    distinct = {tuple(line[place] for place in places.values()): number for number, line in enumerate(terms)}
    lines = [
        Line(
            {variable: [term] for variable, place in places.items() if (term := terms[number][place]) is not None},
            {variable: [value] for variable, place in places.items() if (value := rows[number][place]) is not None},
        )
        for number in distinct.values()
    ]
    drawn = [line for line in lines if is_drawn(kind, line)]
    return AnswerPicture(kind, drawn[:MOST], list(used.values()), len(drawn), len(lines) - len(drawn))
