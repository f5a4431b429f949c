"""An answer of two columns, one of them numbers, drawn: bars, or a line where the other column is time."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from pyoxigraph import Literal

from publisher.core.terms import XSD
from publisher.store.protocol import Term
from publisher.web.values import Value

MOST = 60
"""Rows beyond which a drawing tells less than the table."""
WIDTH, LABELS, NUMBERS, STEP = 720, 260, 90, 30
"""Pixels of the drawing: its width, the room for labels and for numbers, the height of a row of bars."""
TOP, BOTTOM, TALL = 28, 32, 280
"""Pixels of a line's drawing: above it, below it, and in all."""
LONGEST = 34
"""Characters of a label that have room."""
_TIMES = {XSD + name: pattern for name, pattern in (("gYear", "%Y"), ("gYearMonth", "%Y-%m"), ("date", "%Y-%m-%d"))}


class Mark(Struct, frozen=True):
    """One row of the answer in the drawing: its words, its number and where it is, in pixels."""

    label: str
    number: str
    x: float
    y: float
    width: float = 0
    is_labelled: bool = True

    @property
    def short(self) -> str:
        """The label, cut to the room there is."""
        return self.label if len(self.label) <= LONGEST else self.label[: LONGEST - 1].rstrip() + "…"


class Chart(Struct, frozen=True):
    """A drawing.

    Args:
        labels: the name of the column with the labels.
        numbers: the name of the column with the numbers.
        marks: one for each row.
        width: pixels.
        height: pixels.
        zero: where zero is: from the left for bars, from the top for a line.
        is_line: whether it is a line and not bars.
    """

    labels: str
    numbers: str
    marks: Sequence[Mark]
    width: int
    height: int
    zero: float
    is_line: bool

    @property
    def points(self) -> str:
        """The line, as SVG's ``points``."""
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)


def chart_of(
    columns: Sequence[tuple[str, bool]], terms: Sequence[Sequence[Term | None]], rows: Sequence[Sequence[Value | None]]
) -> Chart | None:
    """The drawing of an answer; None where it cannot be drawn, or has too few or too many rows.

    Args:
        columns: name of each variable, and whether it is bound to numbers only.
        terms: the solutions.
        rows: the same, readable.
    """
    if len(columns) != 2 or columns[0][1] == columns[1][1] or not 2 <= len(rows) <= MOST:
        return None
    at = 0 if columns[0][1] else 1
    found = [
        (pair[1 - at], values[1 - at], number.value, value.text)
        for pair, values in zip(terms, rows, strict=True)
        if isinstance(number := pair[at], Literal) and (value := values[at])
    ]
    names = columns[1 - at][0], columns[at][0]
    try:
        numbers = [float(number) for *_, number, _ in found]
    except ValueError:
        return None
    if len(found) < len(rows) or not all(abs(number) < float("inf") for number in numbers):
        return None
    words = [(label.text if label else "–", text) for _, label, _, text in found]
    times = [_moment(term) for term, *_ in found]
    if all(time is not None for time in times):
        return _line(names, words, numbers, [time for time in times if time is not None])
    return _bars(names, words, numbers)


def _moment(term: Term | None) -> int | None:
    """The day that a date, a month or a year begins with, as a number; None for anything else."""
    pattern = _TIMES.get(term.datatype.value) if isinstance(term, Literal) else None
    try:
        return datetime.strptime(str(term.value), pattern).toordinal() if pattern and term else None
    except ValueError:
        return None


def _bars(names: tuple[str, str], words: Sequence[tuple[str, str]], numbers: Sequence[float]) -> Chart:
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    left = LABELS + (NUMBERS if low < 0 else 10)
    scale = (WIDTH - NUMBERS - left) / ((high - low) or 1)
    zero = round(left - low * scale, 1)
    marks = [
        Mark(label, text, round(min(zero, zero + number * scale), 1), place * STEP, round(abs(number) * scale, 1))
        for place, ((label, text), number) in enumerate(zip(words, numbers, strict=True))
    ]
    return Chart(*names, marks, WIDTH, len(marks) * STEP, zero, is_line=False)


def _line(
    names: tuple[str, str], words: Sequence[tuple[str, str]], numbers: Sequence[float], times: Sequence[int]
) -> Chart:
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    first, last = min(times), max(times)
    across = (WIDTH - 2 * NUMBERS) / ((last - first) or 1)
    scale = (TALL - TOP - BOTTOM) / ((high - low) or 1)
    zero = round(TOP + high * scale, 1)
    marks, free = [], float("-inf")
    for time, (label, text), number in sorted(zip(times, words, numbers, strict=True), key=lambda row: row[0]):
        x = round(NUMBERS + (time - first) * across, 1)
        has_room = x >= free
        free = x + 9 * max(len(label), len(text)) if has_room else free
        marks.append(Mark(label, text, x, round(zero - number * scale, 1), is_labelled=has_room))
    return Chart(*names, marks, WIDTH, TALL, zero, is_line=True)
