"""The query page: a form that needs no script, and results as a table with links that open here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from flask import Response, render_template
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
)

from publisher.core.formats import BY_NAME, PAGE, RDF_FORMATS, RESULT_FORMATS, Format
from publisher.store import library
from publisher.store.guard import QueryForm
from publisher.store.protocol import Term
from publisher.store.serialise import graph
from publisher.web.examples import examples
from publisher.web.headers import represent
from publisher.web.language import current_language
from publisher.web.links import place
from publisher.web.service import limits
from publisher.web.site import site
from publisher.web.values import Value, plain

ROWS_SHOWN = 1000
"""Rows and statements that the page shows; downloads carry all."""


@dataclass(frozen=True)
class Answer:
    """A result made readable; exactly one of ``boolean``, ``rows`` and ``turtle`` is there."""

    boolean: bool | None = None
    variables: Sequence[str] = ()
    rows: Sequence[Sequence[Value | None]] | None = None
    turtle: str | None = None
    total: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether the page shows less than the whole answer."""
        return self.total > ROWS_SHOWN


def query_page() -> Response:
    """The form with a first query that finds something."""
    return _page(library.text("first"), None, [], is_repeatable=True)


def result_page(
    query: str, form: QueryForm, answer: bytes, parameters: Mapping[str, Sequence[str]], *, is_repeatable: bool
) -> Response:
    """The form with the answer below it.

    Args:
        query: the query that was asked.
        form: its form, which decides what the answer is.
        answer: N-Triples if the form gives a graph, else SPARQL results in JSON.
        parameters: all of the request; those that name the dataset stay in the download links.
        is_repeatable: whether the same query gives the same answer again.
    """
    shown = _graph(answer) if form.gives_graph else _results(answer)
    kept = [(name, value) for name in sorted(parameters) if name.endswith("-graph-uri") for value in parameters[name]]
    links = [
        (offered, place("sparql") + "?" + urlencode([("query", query), *kept, ("format", offered.name)]))
        for offered in (RDF_FORMATS if form.gives_graph else RESULT_FORMATS)
    ]
    return _page(query, shown, links, is_repeatable=is_repeatable)


def _page(query: str, shown: Answer | None, links: Sequence[tuple[Format, str]], *, is_repeatable: bool) -> Response:
    body = render_template(
        "sparql.html",
        query=query,
        answer=shown,
        links=links,
        limits=list(limits(current_language())),
        examples=examples(site().release),
        rows_shown=ROWS_SHOWN,
    )
    return represent(body, PAGE, vary=("Accept", "Accept-Language"), is_repeatable=is_repeatable)


def _results(answer: bytes) -> Answer:
    parsed = parse_query_results(answer, format=QueryResultsFormat.JSON)
    if isinstance(parsed, QueryBoolean):
        return Answer(boolean=bool(parsed))
    variables = [variable.value for variable in parsed.variables]
    rows: list[list[Value | None]] = []
    total = 0
    for total, solution in enumerate(parsed, start=1):
        if total <= ROWS_SHOWN:
            terms = [cast("Term | None", solution[name]) for name in variables]
            rows.append([plain(term) if term is not None else None for term in terms])
    return Answer(variables=variables, rows=rows, total=total)


def _graph(answer: bytes) -> Answer:
    triples = sorted({quad.triple for quad in parse(answer, format=RdfFormat.N_TRIPLES)}, key=str)
    text = graph(triples[:ROWS_SHOWN], BY_NAME["turtle"], site().release.prefixes).decode()
    return Answer(turtle=text, total=len(triples))
