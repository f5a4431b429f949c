"""The project's own queries: examples, sections of pages, and totals that documents claim, compared with the data.

Each query of ``data/claims/*.rq`` gives rows of ``?figure``, the node that reports the total, and ``?counted``, what
the data holds; ``?undecided``, if it is there, is how many more there may be: of these the documents do not say.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
from rdflib import Graph, URIRef

from publisher.build.dataset import quads_of
from publisher.build.project import Project
from publisher.core.errors import SyntaxFault

EXAMPLES = "data/queries/*.rq"
SECTIONS = "data/sections/*/*.rq"
NAMES = ("figure", "counted")
UNDECIDED = "undecided"
LINE = "line"
"""The variable that every query for a section has."""


class Count(NamedTuple):
    """What the data holds of a total; ``undecided`` are those of whom it does not say, None if nobody asked."""

    figure: URIRef
    counted: int
    undecided: int | None


def check_queries(project: Project) -> None:
    """Reads every example query of the project, and those for sections of pages.

    Raises:
        SyntaxFault: one is not SPARQL, or one for a section is not a SELECT of ``?line``.
    """
    for path in project.files(EXAMPLES):
        _empty_answer(project, path)
    for path in project.files(SECTIONS):
        found = _empty_answer(project, path)
        is_select = isinstance(found, pyoxigraph.QuerySolutions) and LINE in {v.value for v in found.variables}
        if not is_select or not re.search(r"\bWHERE\b", project.read(path)):
            raise SyntaxFault("It must SELECT ?line WHERE …", hint="Mend the query.", where=project.name(path))


def _empty_answer(project: Project, path: Path) -> object:
    try:
        return pyoxigraph.Store().query(project.read(path))
    except SyntaxError as error:
        raise SyntaxFault(str(error), hint="Mend the query.", where=project.name(path)) from None


def counted(project: Project, graphs: Iterable[Graph]) -> Iterator[Count]:
    """Runs the queries of ``data/claims/`` on the union of some graphs.

    Args:
        project: whose queries.
        graphs: asserted and inferred facts.

    Returns:
        A count for each row.

    Raises:
        SyntaxFault: a query is not a SELECT of ``?figure`` and ``?counted``, or counts no integer.
    """
    files = project.files("data/claims/*.rq")
    if not files:
        return
    store = pyoxigraph.Store()
    for graph in graphs:
        store.bulk_extend(quads_of(graph, project.base))
    for path in files:
        yield from _rows(store, project, path)


def _rows(store: pyoxigraph.Store, project: Project, path: Path) -> Iterator[Count]:
    try:
        found = store.query(project.read(path), use_default_graph_as_union=True)
        variables = {v.value for v in found.variables} if isinstance(found, pyoxigraph.QuerySolutions) else set()
        if not isinstance(found, pyoxigraph.QuerySolutions) or not set(NAMES) <= variables:
            raise SyntaxFault("It must SELECT ?figure and ?counted.", where=project.name(path))
        for row in found:
            figure, number = row["figure"], row["counted"]
            if not isinstance(figure, pyoxigraph.NamedNode) or not isinstance(number, pyoxigraph.Literal):
                raise SyntaxFault("?figure must be an IRI and ?counted a number.", where=project.name(path))
            undecided = row[UNDECIDED] if UNDECIDED in variables else None
            yield Count(
                URIRef(figure.value),
                int(number.value),
                int(undecided.value) if isinstance(undecided, pyoxigraph.Literal) else None,
            )
    except (SyntaxError, ValueError) as error:
        raise SyntaxFault(str(error), hint="Mend the query.", where=project.name(path)) from None
