"""The example questions of a release: queries with a title and an explanation in every language."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct
from pyoxigraph import Literal

from publisher.core.release import Release
from publisher.web.language import choose

ABOUT = re.compile(
    r"^#\s*(?P<what>title|description|empty)@(?P<language>[A-Za-z-]+)\s*:\s*(?P<text>.+?)\s*$", re.MULTILINE
)
"""``# title@en: Who spoke?``, ``# description@en: Goes from …``, ``# empty@en: Nobody is named.`` at a file's head."""
COLUMN = re.compile(r"^#\s*\?(?P<name>\w+)\s*:\s*(?P<names>\".+?)\s*$", re.MULTILINE)
"""``# ?speaker: "speaker"@en "orateur"@fr``: what a variable is called on pages."""
_NAME = re.compile(r'"(?P<text>[^"]+)"@(?P<language>[A-Za-z-]+)')
HOME = re.compile(r"^#\s*home\s*:\s*(?P<place>\d+)\s*$", re.MULTILINE)
"""``# home: 1``: the question is answered on the home page, in this place."""
ON_HOME = 3
"""Questions that the home page answers."""


class Example(Struct, frozen=True):
    """One question with its query, the lines about it left out.

    Args:
        name: the file's stem.
        titles: the question.
        descriptions: how the query finds the answer.
        empties: what is said where there is nothing to show.
        query: the text without those lines.
        place: on the home page.
        columns: what variables are called.
    """

    name: str
    titles: Sequence[Literal]
    descriptions: Sequence[Literal]
    empties: Sequence[Literal]
    query: str
    place: int | None
    columns: Mapping[str, Sequence[Literal]]

    def column(self, variable: str) -> Literal:
        """What a variable is called in the reader's language; its own name if the file does not say."""
        return choose(self.columns.get(variable, ())) or Literal(variable)

    @property
    def title(self) -> Literal:
        """The question in the reader's language; the file's name if it has no title."""
        return choose(self.titles) or Literal(self.name)

    @property
    def description(self) -> Literal | None:
        """How the query finds the answer, in the reader's language, if the file says so."""
        return choose(self.descriptions)

    @property
    def empty(self) -> Literal | None:
        """What is said in the reader's language where there is nothing to show, if the file says so."""
        return choose(self.empties)


@cache
def read_folder(folder: Path) -> tuple[Example, ...]:
    """The questions in a folder by file name; none where there is no folder."""
    return tuple(_read(path) for path in sorted(folder.glob("*.rq")))


def _read(path: Path) -> Example:
    """The question in a file."""
    text = path.read_text(encoding="utf-8")
    about: dict[str, list[Literal]] = {"title": [], "description": [], "empty": []}
    for match in ABOUT.finditer(text):
        about[match["what"]].append(Literal(match["text"], language=match["language"].lower()))
    columns = {
        match["name"]: [
            Literal(one["text"], language=one["language"].lower()) for one in _NAME.finditer(match["names"])
        ]
        for match in COLUMN.finditer(text)
    }
    place = HOME.search(text)
    query = text
    for head in (ABOUT, COLUMN, HOME):
        query = head.sub("", query)
    return Example(
        path.stem,
        about["title"],
        about["description"],
        about["empty"],
        query.strip() + "\n",
        int(place["place"]) if place else None,
        columns,
    )


def examples(release: Release) -> tuple[Example, ...]:
    """The example queries of a release, by file name."""
    return read_folder(release.folder / "queries")


def for_home(release: Release) -> Sequence[Example]:
    """The questions that the home page answers: those that ask for a place there, else the first ones."""
    every = examples(release)
    chosen = [example for example in every if example.place is not None]
    return sorted(chosen, key=lambda example: example.place or 0)[:ON_HOME] or every[:ON_HOME]
