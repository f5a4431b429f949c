"""A heat table: how many things there are for each pair, in stronger colour the more there are."""

from collections.abc import Iterable
from math import ceil
from xml.etree.ElementTree import Element, SubElement

from publisher.web.folding import fold
from publisher.web.pictures.line import Drawable
from publisher.web.pictures.svg import CHARACTER, GAP, LINE, LINK, MARGIN, PAPER, QUIET, broken, frame, height_of, label
from publisher.web.values import Value

NAMES, WIDTH, HEIGHT = 144.0, 37.0, 28.0
"""Width of the names of rows, which leaves room beside them on a narrow screen; of a cell, and its height at least."""
SLOPE = 0.7071
"""Names of columns stand at 45 degrees."""
DARKEST = 0.4
"""Opacity of the cell with most: its number keeps a contrast of 4.5."""


def draw(picture: Drawable) -> Element:
    """Draws the pairs that have something; names of rows and columns are in the order of the alphabet.

    The heads say for the script (workbench/src/heads.js) in which direction they stay in view.
    """
    cells = {
        (row.iri or row.text, column.iri or column.text): line.count
        for line in picture.lines
        if (row := line.value("row")) and (column := line.value("column"))
    }
    rows = _distinct(line.value("row") for line in picture.lines)
    columns = _distinct(line.value("column") for line in picture.lines)
    slanted = [len(value.text) * CHARACTER * SLOPE for value in columns]
    left, top = MARGIN + NAMES + GAP, MARGIN + max(slanted, default=0) + LINE
    right = left + max((n * WIDTH + length for n, length in enumerate(slanted, 1)), default=0)
    names = [broken(row.text, NAMES) for row in rows]
    heights = [max(HEIGHT, height_of(lines) + GAP) for lines in names]
    width, height = right + MARGIN, top + sum(heights) + MARGIN
    root = frame(width, height, picture)
    most = max(cells.values(), default=1)
    body = SubElement(root, "g")
    across, down = _head(root, "y", width, top), _head(root, "x", left, height)
    for number, value in enumerate(columns):
        x, y = left + (number + 0.5) * WIDTH, top - GAP
        turned = SubElement(across, "g", {"transform": f"rotate(-45 {x:.1f} {y:.1f})"})
        label(turned, value, x, y - 2, [value.text])
    y = top
    for row, lines, tall in zip(rows, names, heights, strict=True):
        label(down, row, left - GAP, y + tall / 2, lines, "end")
        for place, column in enumerate(columns):
            count = cells.get((row.iri or row.text, column.iri or column.text), 0)
            x = left + place * WIDTH
            opacity = ceil(count / most * 5) / 5 * DARKEST
            size = {"x": f"{x:.0f}", "y": f"{y:.0f}", "width": f"{WIDTH:.0f}", "height": f"{tall:.0f}"}
            look = {"fill": LINK, "fill-opacity": f"{opacity:.2f}", "stroke": QUIET, "stroke-opacity": "0.3"}
            SubElement(body, "rect", {"class": "cell", **size, **look})
            if count:
                label(body, Value(str(count)), x + WIDTH / 2, y + tall / 2, [str(count)], "middle")
        y += tall
    corner = _head(root, "x y", left, top)
    for number, text in enumerate((f"{picture.text('row').value} ↓", f"{picture.text('column').value} →"), 1):
        said = broken(text, NAMES, 1)
        label(corner, Value(text), left - GAP, top - (number - 0.5) * LINE, said, "end")
    return root


def _head(root: Element, ways: str, width: float, height: float) -> Element:
    """A head that stays in view where the drawing is scrolled, with the paper that hides what lies below."""
    head = SubElement(root, "g", {"class": "head", "data-stays": ways})
    size = {"width": f"{width:.0f}", "height": f"{height:.0f}"}
    SubElement(head, "rect", {"class": "under", "fill": PAPER, **size})
    return head


def _distinct(values: Iterable[Value | None]) -> list[Value]:
    found = {value.iri or value.text: value for value in values if value}
    return sorted(found.values(), key=lambda value: fold(value.text))
