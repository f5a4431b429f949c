"""``SERVICE`` for the endpoints that the settings allow (SPARQL 1.1 Federated Query §2).

The engine never asks anyone: workers cannot open a socket (decision 8). Each clause is asked
before the query runs, and its solutions take the clause's place as inline data (SPARQL 1.1 §10.2),
which joins as the solutions of ``SERVICE`` do (Federated Query §4).
"""

import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore

from msgspec import Struct
from pyoxigraph import BlankNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from publisher.core.request_errors import EndpointFailed, Overloaded, QueryRefused
from publisher.core.settings import Settings
from publisher.store.guard import inspect
from publisher.store.library import inline_data
from publisher.store.terminals import Token, bad_query, tokens

_NOTHING_JOINED = "{}"
"""The single solution without bindings that a silent failure stands for (Federated Query §2.3)."""


class _Clause(Struct, frozen=True):
    """One ``SERVICE`` clause: where it stands, whom it asks for which group, and whether failures are passed over."""

    start: int
    end: int
    endpoint: str
    group: str
    is_silent: bool


class Federation:
    """Puts what other endpoints answer into queries.

    Args:
        settings: ``services``, and the limits; as many are asked at a time as long queries run.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._free = BoundedSemaphore(settings.query_workers)

    def resolve(self, query: str) -> str:
        """The query without ``SERVICE``: the same one where no endpoint is allowed or none is asked.

        Args:
            query: the public's text, without escapes in names.

        Raises:
            QueryRefused: an endpoint that is not allowed, or not named by an IRI.
            EndpointFailed: an endpoint gave no answer that can be used.
            Overloaded: as many others are being asked as may be.
            RequestError: the guard does not let the query or the group for the endpoint through.
        """
        if not self._settings.services or "SERVICE" not in query.upper():
            return query
        words = list(tokens(query))
        clauses = list(_clauses(query, words, self._settings.services))
        if not clauses:
            return query
        form = next((word for word in words if word.is_keyword and word.word not in ("BASE", "PREFIX")), clauses[0])
        prologue = query[: form.start]
        questions = [f"{prologue}SELECT * WHERE {clause.group}" for clause in clauses]
        for text in (_with(query, clauses, lambda _: _NOTHING_JOINED), *questions):
            inspect(text, self._settings)
        if not self._free.acquire(blocking=False):
            raise Overloaded("Other endpoints are being asked for other queries already.")
        try:
            deadline = time.monotonic() + self._settings.query_timeout
            answers = [self._answer(*pair, deadline) for pair in zip(clauses, questions, strict=True)]
        finally:
            self._free.release()
        data = dict(zip(clauses, answers, strict=True))
        return _with(query, clauses, data.__getitem__)

    def _answer(self, clause: _Clause, question: str, deadline: float) -> str:
        """The solutions of a clause as a group with inline data."""
        from publisher.store.outward import ask  # Few servers ask others, and all start quicker without its library.

        try:
            answer = ask(clause.endpoint, question, self._settings.result_bytes, deadline)
            return _inline(answer, clause.endpoint, self._settings.result_rows)
        except EndpointFailed:
            if clause.is_silent:
                return _NOTHING_JOINED
            raise


def _clauses(query: str, words: list[Token], allowed: tuple[str, ...]) -> Iterator[_Clause]:
    """The outermost clauses, from left to right."""
    end, listed = 0, ", ".join(f"<{endpoint}>" for endpoint in allowed)
    for number, word in enumerate(words):
        if word.start < end or not word.is_keyword or word.word != "SERVICE":
            continue
        rest = words[number + 1 :]
        is_silent = bool(rest) and rest[0].word == "SILENT"
        name, *group = rest[is_silent:] or [word]
        if name.kind != "iri":
            raise QueryRefused(
                "SERVICE must name its endpoint by a whole IRI.",
                hint="These may be asked: {endpoints}",
                endpoints=listed,
            )
        endpoint = name.text[1:-1]
        if endpoint not in allowed:
            raise QueryRefused(
                "<{endpoint}> may not be asked from here.",
                hint="These may be asked: {endpoints}",
                endpoint=endpoint,
                endpoints=listed,
            )
        end = _end_of_group(query, group, name.start + len(name.text))
        yield _Clause(word.start, end, endpoint, query[group[0].start : end], is_silent)


def _end_of_group(query: str, words: list[Token], start: int) -> int:
    """Where the group with which the words begin is closed."""
    depth = 0
    for word in words:
        depth += (word.text == "{") - (word.text == "}")
        if not depth:
            if word.text == "}":
                return word.start + 1
            raise bad_query(query, word.start, "A group in braces follows here.")
    raise bad_query(query, start, "A group in braces follows here.")


def _with(query: str, clauses: list[_Clause], text: Callable[[_Clause], str]) -> str:
    """The query with something in the place of each clause; lines keep their numbers, for errors that name one."""
    pieces, end = [], 0
    for clause in clauses:
        pieces += [query[end : clause.start], text(clause), "\n" * query.count("\n", clause.start, clause.end)]
        end = clause.end
    return "".join([*pieces, query[end:]])


def _inline(answer: bytes, endpoint: str, most: int) -> str:
    """Solutions in JSON as a ``VALUES`` block within a group of its own.

    Raises:
        EndpointFailed: it is no such answer, has too many solutions, or has a term that inline data cannot have.
    """
    try:
        solutions = parse_query_results(answer, format=QueryResultsFormat.JSON)
        if not isinstance(solutions, QuerySolutions):
            raise ValueError("no solutions")
        rows = []
        for solution in solutions:
            if any(isinstance(term, BlankNode | Triple) for term in solution):
                raise EndpointFailed(
                    "The answer of <{endpoint}> has blank nodes, which cannot be joined.",
                    hint="Ask with a SELECT of the other variables within SERVICE.",
                    endpoint=endpoint,
                )
            rows.append(solution)
            if len(rows) > most:
                raise EndpointFailed(
                    "The answer of <{endpoint}> is over the limit.", hint="Ask for less with LIMIT.", endpoint=endpoint
                )
    except (SyntaxError, ValueError):
        raise EndpointFailed("<{endpoint}> gave no results in JSON.", endpoint=endpoint) from None
    return f"{{ {inline_data((variable.value for variable in solutions.variables), rows)} }}"
