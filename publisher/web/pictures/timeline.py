"""A time line to scale: one row for each thing, with a mark as wide as its date is precise."""

from datetime import date, timedelta
from xml.etree.ElementTree import Element, SubElement

from pyoxigraph import Literal

from publisher.web.pictures.line import Drawable, Line
from publisher.web.pictures.svg import GAP, LINE, LINK, MARGIN, QUIET, broken, frame, height_of, label
from publisher.web.values import Value

NAMES, PLOT = 256.0, 700.0
"""Widths of the names, which fit a narrow screen, and of the scale."""
TICKS = 8
"""Years that are marked at most."""
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
THINNEST = 8.0
"""Width of a mark at least."""
ROOM = 140.0
"""What a date takes beside its mark."""


def draw(picture: Drawable) -> Element:
    """Draws what has a date, the earliest first."""
    dated = sorted(
        ((span, line) for line in picture.lines if (span := _span(line))),
        key=lambda one: (one[0], str(one[1].term("thing"))),
    )
    rows = [(span, line, broken(value.text, NAMES)) for span, line in dated if (value := line.value("thing"))]
    height = MARGIN * 2 + LINE * 2 + sum(height_of(lines) + GAP for _, _, lines in rows)
    root = frame(MARGIN * 2 + NAMES + GAP * 2 + PLOT, height, picture)
    if not rows:
        return root
    years = range(min(span[0] for span, _, _ in rows).year, max(span[1] - timedelta(1) for span, _, _ in rows).year + 2)
    left = MARGIN + NAMES + GAP * 2
    first, days = date(years[0], 1, 1), (date(years[-1], 1, 1) - date(years[0], 1, 1)).days

    def place(day: date) -> float:
        return left + (day - first).days / days * (PLOT - MARGIN)

    step = next((step for step in STEPS if len(years) / step <= TICKS), STEPS[-1])
    grid = SubElement(root, "g", {"class": "grid", "stroke": QUIET, "stroke-opacity": "0.4"})
    for year in years:
        if year % step == 0 and year < years[-1]:
            x = place(date(year, 1, 1))
            SubElement(grid, "path", {"d": f"M{x:.1f} {MARGIN + LINE + 4:.0f}V{height - MARGIN:.0f}"})
            label(root, Value(str(year)), x, MARGIN + LINE / 2, [str(year)])
    y = MARGIN + LINE * 2
    for (start, end), line, lines in rows:
        middle = y + height_of(lines) / 2
        thing, when = line.cells["thing"][0], line.cells["date"][0]
        label(root, thing, left - GAP * 2, middle, lines, "end")
        x, width = place(start), max(place(end) - place(start), THINNEST)
        mark = {"x": f"{x:.1f}", "y": f"{middle - 5:.1f}", "width": f"{width:.1f}", "height": "10", "rx": "5"}
        SubElement(root, "rect", {"class": "mark", "fill": LINK, **mark})
        fits = x + width + GAP + ROOM < left + PLOT
        label(
            root,
            Value(when.text),
            x + width + GAP if fits else x - GAP,
            middle,
            [when.text],
            "start" if fits else "end",
        )
        y += height_of(lines) + GAP
    return root


def _span(line: Line) -> tuple[date, date] | None:
    """The first day of a date and the day after its last: a year or a month is all of its days (XSD 1.1 §3.3)."""
    term = line.term("date")
    if not isinstance(term, Literal):
        return None
    parts = term.value[:10].split("-")
    try:
        year, month, day = [*map(int, parts), *([1] * (3 - len(parts)))]
        start = date(year, month, day)
        if len(parts) == 1:
            return start, date(year + 1, 1, 1)
        if len(parts) == 2:
            return start, date(year + month // 12, month % 12 + 1, 1)
        return start, start + timedelta(1)
    except (ValueError, OverflowError):
        return None
