"""The example questions of a release: queries with a title in every language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal

from publisher.core.release import Release
from publisher.web.language import choose

TITLE = re.compile(r"^#\s*title@(?P<language>[A-Za-z-]+)\s*:\s*(?P<text>.+?)\s*$", re.MULTILINE)
"""``# title@en: Who spoke?`` at the head of a file."""


@dataclass(frozen=True)
class Example:
    """One question with its query, the title lines left out."""

    name: str
    titles: Sequence[Literal]
    query: str

    @property
    def title(self) -> Literal:
        """The question in the reader's language; the file's name if it has no title."""
        return choose(self.titles) or Literal(self.name)


@cache
def _read(folder: Path) -> tuple[Example, ...]:
    found = []
    for path in sorted(folder.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        titles = tuple(Literal(match["text"], language=match["language"].lower()) for match in TITLE.finditer(text))
        found.append(Example(path.stem, titles, TITLE.sub("", text).strip() + "\n"))
    return tuple(found)


def examples(release: Release) -> tuple[Example, ...]:
    """The example queries of a release, by file name."""
    return _read(release.folder / "queries")
