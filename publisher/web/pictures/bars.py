"""Bars: how many things go with each, the longest first."""

from xml.etree.ElementTree import Element, SubElement

from publisher.web.pictures.line import Drawable
from publisher.web.pictures.svg import GAP, LINK, MARGIN, broken, frame, height_of, label
from publisher.web.values import Value

NAMES, PLOT, NUMBER = 256.0, 640.0, 48.0
"""Widths of the names, which fit a narrow screen, of the longest bar, and of its number."""


def draw(picture: Drawable) -> Element:
    """Draws a bar for each line of the table; its number stands at its end."""
    rows = [(value, line.count, broken(value.text, NAMES)) for line in picture.lines if (value := line.value("bar"))]
    height = MARGIN * 2 + sum(height_of(lines) + GAP for _, _, lines in rows)
    root = frame(MARGIN * 2 + NAMES + GAP * 2 + PLOT + NUMBER, height, picture)
    most = max((count for _, count, _ in rows), default=1)
    left, y = MARGIN + NAMES + GAP, MARGIN
    for value, count, lines in rows:
        middle = y + height_of(lines) / 2
        label(root, value, left - GAP, middle, lines, "end")
        width = max(count / max(most, 1) * PLOT, 1)
        bar = {"x": f"{left:.0f}", "y": f"{middle - 8:.1f}", "width": f"{width:.1f}", "height": "16"}
        SubElement(root, "rect", {"class": "mark", "fill": LINK, **bar})
        label(root, Value(str(count)), left + width + GAP, middle, [str(count)])
        y += height_of(lines) + GAP
    return root
