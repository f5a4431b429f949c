"""The example questions of a release: queries with a title and an explanation in every language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal

from publisher.core.release import Release
from publisher.web.language import choose

ABOUT = re.compile(r"^#\s*(?P<what>title|description)@(?P<language>[A-Za-z-]+)\s*:\s*(?P<text>.+?)\s*$", re.MULTILINE)
"""``# title@en: Who spoke?`` and ``# description@en: Goes from …`` at the head of a file."""


@dataclass(frozen=True)
class Example:
    """One question with its query, the lines about it left out."""

    name: str
    titles: Sequence[Literal]
    descriptions: Sequence[Literal]
    query: str

    @property
    def title(self) -> Literal:
        """The question in the reader's language; the file's name if it has no title."""
        return choose(self.titles) or Literal(self.name)

    @property
    def description(self) -> Literal | None:
        """How the query finds the answer, in the reader's language, if the file says so."""
        return choose(self.descriptions)


@cache
def _read(folder: Path) -> tuple[Example, ...]:
    found = []
    for path in sorted(folder.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        about: dict[str, list[Literal]] = {"title": [], "description": []}
        for match in ABOUT.finditer(text):
            about[match["what"]].append(Literal(match["text"], language=match["language"].lower()))
        found.append(Example(path.stem, about["title"], about["description"], ABOUT.sub("", text).strip() + "\n"))
    return tuple(found)


def examples(release: Release) -> tuple[Example, ...]:
    """The example queries of a release, by file name."""
    return _read(release.folder / "queries")
