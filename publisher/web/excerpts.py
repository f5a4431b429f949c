"""Questions answered in short: the first rows of an example query."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from pyoxigraph import Literal, NamedNode

from publisher.store.protocol import Term
from publisher.web.examples import Example
from publisher.web.own_queries import ask
from publisher.web.results import names_of, readable_rows
from publisher.web.values import Value
from publisher.web.vocabulary import Facts

ROWS = 3
"""Rows that an excerpt shows."""


class Excerpt(Struct, frozen=True):
    """The beginning of an answer.

    Args:
        example: the question.
        columns: what the variables shown are called.
        rows: the first solutions; None where a variable is unbound.
        total: rows in the whole answer.
    """

    example: Example
    columns: Sequence[Literal]
    rows: Sequence[Sequence[Value | None]]
    total: int


def excerpt_of(example: Example) -> Excerpt | None:
    """The beginning of the answer to an example; None if there is none now."""
    found = ask(example.query, ROWS)
    if found is None:
        return None
    variables, solutions, total = found
    known = names_of(solutions)
    kept = [place for place in range(len(variables)) if not _repeats(solutions, place, known)]
    rows = readable_rows([[terms[place] for place in kept] for terms in solutions], known)
    return Excerpt(example, [example.column(variables[place]) for place in kept], rows, total)


def _repeats(solutions: Sequence[Sequence[Term | None]], place: int, known: Mapping[str, Facts]) -> bool:
    """Whether a column only says what things in its row are called, which their links say in the reader's language."""

    def names(terms: Sequence[Term | None]) -> set[Term]:
        things = [term.value for term in terms if isinstance(term, NamedNode)]
        return {name for thing in things for names in known.get(thing, {}).values() for name in names}

    return bool(solutions) and all(isinstance(row[place], Literal) and row[place] in names(row) for row in solutions)
