"""Places in files and in queries, for messages about what is wrong there."""

import re
from collections.abc import Mapping

from msgspec import Struct

AROUND = 60
"""Characters shown on either side of the place."""

_MARKED = re.compile(rf"[^\s(){{}}\[\],;]{{1,{AROUND}}}|\s*\S")
_CUT = "…"
_LINE_END = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    """The lines of a text, which end with CR LF, LF or CR, whichever editor wrote it; not where Python ends more."""
    return _LINE_END.split(text)


class Position(Struct, frozen=True, order=True):
    """A place in an input file; lines count from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Excerpt(Struct, frozen=True):
    """A line with a place marked, cut where it is long.

    Args:
        line: number of the line, from 1.
        column: number of the character, from 1.
        before: what stands before the place.
        marked: the word or sign at the place; empty at the end of the line.
        after: what follows.
    """

    line: int
    column: int
    before: str
    marked: str
    after: str

    @classmethod
    def of(cls, text: str, line: int, column: int) -> "Excerpt":
        """The excerpt of a line; tabs become spaces so that the mark stands where it should.

        Args:
            text: the line.
            line: its number.
            column: the place; one beyond the last character is the end of the line.
        """
        shown = text.rstrip().replace("\t", " ")
        start = min(max(column - 1, 0), len(shown))
        match = _MARKED.match(shown, start)
        end = match.end() if match else len(shown)
        before, after = shown[:start], shown[end:]
        if len(before) > AROUND:
            before = _CUT + before[-AROUND:]
        if len(after) > AROUND:
            after = after[:AROUND] + _CUT
        return cls(line, column, before, shown[start:end], after)

    @property
    def shown(self) -> str:
        """The line without the mark."""
        return (self.before + self.marked + self.after).strip()

    @property
    def members(self) -> Mapping[str, object]:
        """For programs: line and column, counted from 1, and the line with a caret below the place."""
        return {"line": self.line, "column": self.column, "excerpt": str(self)}

    def __str__(self) -> str:
        return f"{self.before}{self.marked}{self.after}\n{' ' * len(self.before)}^"
