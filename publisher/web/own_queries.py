"""The project's own queries, asked for a page: in the processes that answer the public's, and within its limits."""

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from publisher.core.formats import BY_NAME
from publisher.core.request_errors import RequestError
from publisher.store.protocol import QueryTask, Term
from publisher.web.headers import leave_out
from publisher.web.results import solutions_of
from publisher.web.site import site

Solutions = tuple[list[str], list[list[Term | None]], int]
"""The variables, the first solutions, and how many there are."""


def ask(query: str, most: int | None = None) -> Solutions | None:
    """The answer to a SELECT; None if it cannot be had now, or is none: the page does without.

    Args:
        query: its text.
        most: solutions that are wanted; None: all.
    """
    try:
        answer = site().pool.run(QueryTask(query, BY_NAME["json"].name))
    except RequestError:
        leave_out()
        return None
    parsed = parse_query_results(answer.body, format=QueryResultsFormat.JSON)
    return solutions_of(parsed, most) if isinstance(parsed, QuerySolutions) else None
