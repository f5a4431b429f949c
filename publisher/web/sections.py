"""Sections that a project adds to the pages of a class: queries about one thing, answered as a table in groups.

A query is a file ``data/sections/<Class>/<name>.rq`` with a title like an example's. Some variables have a meaning:

- ``?thing`` is bound beforehand to what the page is about;
- ``?group``, if there is one, is a heading above the lines that follow;
- ``?line`` is what one line is about; solutions that follow each other with the same ``?group`` and ``?line`` are one.

The others are columns, each under the name that the head of the file gives it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from pyoxigraph import Literal, NamedNode

from publisher.store import library
from publisher.store.protocol import Term
from publisher.web.examples import Example, read_folder
from publisher.web.own_queries import ask
from publisher.web.results import names_of
from publisher.web.site import site
from publisher.web.values import Value, link, readable
from publisher.web.vocabulary import Facts

THING, GROUP, LINE = "thing", "group", "line"
_Solution = Mapping[str, Term | None]


class Line(Struct, frozen=True):
    """One line: what it is about, and the values of each column."""

    thing: Value
    cells: Sequence[Sequence[Value]]


class Group(Struct, frozen=True):
    """Lines below a heading; ``is_whole`` says that the heading is the thing of the page itself."""

    heading: Value | None
    is_whole: bool
    lines: Sequence[Line]


class Section(Struct, frozen=True):
    """A question about a thing, answered; ``query`` is for that thing alone."""

    example: Example
    query: str
    columns: Sequence[Literal]
    groups: Sequence[Group]


def sections(iri: str, classes: Sequence[str]) -> list[Section]:
    """The sections for a thing, those without an answer left out.

    Args:
        iri: the thing.
        classes: names of its classes, as folders are called.
    """
    folder = site().release.folder / "sections"
    every = (example for name in classes for example in read_folder(folder / name))
    return [section for example in every if (section := _answered(example, NamedNode(iri)))]


def _answered(example: Example, thing: NamedNode) -> Section | None:
    query = library.bind(example.query, {THING: thing})
    found = ask(query)
    if found is None:
        return None
    variables, rows, _ = found
    solutions = [dict(zip(variables, terms, strict=True)) for terms in rows]
    if not any(solution.get(LINE) for solution in solutions):
        return None
    names = names_of(rows)
    shown = [name for name in variables if name not in (GROUP, LINE)]
    groups = [
        Group(
            link(heading.value, names) if isinstance(heading, NamedNode) else None,
            heading == thing,
            list(_lines(list(members), shown, names)),
        )
        for heading, members in groupby(solutions, key=lambda solution: solution.get(GROUP))
    ]
    kept = [group for group in groups if group.lines or not group.is_whole]
    return Section(example, query, [example.column(name) for name in shown], kept)


def _lines(solutions: Sequence[_Solution], shown: Sequence[str], names: Mapping[str, Facts]) -> Iterator[Line]:
    for about, same in groupby(solutions, key=lambda solution: solution.get(LINE)):
        if isinstance(about, NamedNode):
            found = list(same)
            cells = [dict.fromkeys(term for one in found if (term := one.get(name))) for name in shown]
            values = [[readable(term, "", names) for term in terms] for terms in cells]
            yield Line(link(about.value, names), values)
