"""The answer to a query made readable: things by their names, values by their types."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from msgspec import Struct
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from publisher.core.formats import BY_NAME
from publisher.store.guard import QueryForm
from publisher.store.protocol import Term
from publisher.store.serialise import graph
from publisher.web.chart import Chart, chart_of
from publisher.web.site import site
from publisher.web.values import NUMBERS, Value, answered
from publisher.web.views import VIEWS, AnswerPicture, network_of, pictures_of
from publisher.web.vocabulary import Facts, by_property

ROWS_SHOWN = 1000
"""Rows and statements that the page shows; downloads carry all."""


class Column(Struct, frozen=True):
    """A variable of the query, and whether everything it is bound to is a number."""

    name: str
    is_numeric: bool


class Answer(Struct, frozen=True):
    """A result made readable; exactly one of ``boolean``, ``columns`` and ``turtle`` is there.

    Args:
        boolean: the answer to an ASK.
        columns: the variables of a SELECT.
        rows: its solutions, the first ``ROWS_SHOWN``; None where a variable is unbound.
        turtle: the statements of a graph.
        total: rows or statements in the whole answer.
        chart: the same as ``rows``, drawn, where that can be done.
        pictures: the same as something to draw, by the names of the views.
    """

    boolean: bool | None = None
    columns: Sequence[Column] | None = None
    rows: Sequence[Sequence[Value | None]] = ()
    turtle: str | None = None
    total: int = 0
    chart: Chart | None = None
    pictures: Mapping[str, AnswerPicture] = {}

    @property
    def views(self) -> list[str]:
        """The views that it can be seen in, of ``VIEWS``; none for an ASK. A graph has Turtle for a table."""
        fitting = {"table": self.boolean is None, "chart": self.chart is not None}
        return [view for view in VIEWS if fitting.get(view, view in self.pictures)]

    def view(self, *wanted: str) -> str:
        """The view that is shown: the first of those that are wanted that fits, else the table."""
        return next((view for view in wanted if view in self.views), "table")

    @property
    def is_cut(self) -> bool:
        """Whether the page shows less than the whole answer."""
        return self.total > ROWS_SHOWN


def read(answer: bytes, form: QueryForm) -> Answer:
    """Reads an answer for the page.

    Args:
        answer: N-Triples if the form gives a graph, else SPARQL results in JSON.
        form: the form of the query.
    """
    if form.gives_graph:
        return _graph(answer)
    parsed = parse_query_results(answer, format=QueryResultsFormat.JSON)
    if isinstance(parsed, QueryBoolean):
        return Answer(boolean=bool(parsed))
    names, solutions, total = solutions_of(parsed, ROWS_SHOWN)
    rows = readable_rows(solutions, names_of(solutions))
    columns = [Column(name, _is_numeric(terms[place] for terms in solutions)) for place, name in enumerate(names)]
    described = [(column.name, column.is_numeric) for column in columns]
    drawn = chart_of(described, solutions, rows)
    pictures = pictures_of(described, solutions, rows)
    return Answer(columns=columns, rows=rows, total=total, chart=drawn, pictures=pictures)


def solutions_of(parsed: QuerySolutions, most: int | None = None) -> tuple[list[str], list[list[Term | None]], int]:
    """The variables of a SELECT, its first solutions (None where a variable is unbound), and how many there are.

    Args:
        parsed: the answer.
        most: solutions that are wanted; None: all.
    """
    names = [variable.value for variable in parsed.variables]
    solutions: list[list[Term | None]] = []
    total = 0
    for total, solution in enumerate(parsed, start=1):
        if most is None or total <= most:
            solutions.append([cast("Term | None", solution[name]) for name in names])
    return names, solutions, total


def names_of(solutions: Sequence[Sequence[Term | None]]) -> Mapping[str, Facts]:
    """What the things in an answer are called, asked for all at once."""
    things = {term for terms in solutions for term in terms if isinstance(term, NamedNode)}
    if not things:
        return {}
    return by_property(site().store.select("names", thing=sorted(things, key=str)), "thing", "label")


def readable_rows(solutions: Sequence[Sequence[Term | None]], known: Mapping[str, Facts]) -> list[list[Value | None]]:
    """Solutions as they are shown; None where a variable is unbound.

    Args:
        solutions: the terms.
        known: names of the things among them.
    """
    return [[answered(term, known) if term is not None else None for term in terms] for terms in solutions]


def _is_numeric(terms: Iterable[Term | None]) -> bool:
    bound = [term for term in terms if term is not None]
    return bool(bound) and all(isinstance(term, Literal) and term.datatype.value in NUMBERS for term in bound)


def _graph(answer: bytes) -> Answer:
    triples = sorted({quad.triple for quad in parse(answer, format=RdfFormat.N_TRIPLES)}, key=str)
    shown = triples[:ROWS_SHOWN]
    text = graph(shown, BY_NAME["turtle"], site().release.prefixes).decode()
    terms = [[one if isinstance(one, NamedNode) else None for one in triple] for triple in shown]
    if not any(subject and target for subject, _, target in terms):
        return Answer(turtle=text, total=len(triples))
    pictures = network_of(terms, readable_rows(terms, names_of(terms)))
    return Answer(turtle=text, total=len(triples), pictures=pictures)
