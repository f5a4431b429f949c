"""A network in two columns: what leads from the left is joined with what it leads to on the right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import inf
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct
from pyoxigraph import Literal

from publisher.web.pictures.line import Drawable, Line
from publisher.web.pictures.svg import GAP, LINE, LINK, MARGIN, QUIET, broken, frame, height_of, label
from publisher.web.values import Value

LEFT, BETWEEN, RIGHT = 256.0, 200.0, 500.0
"""Widths of the two columns of text, of which the left fits a narrow screen, and of the space between them."""
PARTS_GAP = 22.0
"""Between parts of the network that nothing joins."""
DASHES = ("", "6 4", "2 3", "10 3 2 3")
"""How lines of different groups are told apart, whatever the colours."""
DOT = 4.0
THICKEST = 6.0
"""Width of the line that has the largest number."""


class _Box(Struct):
    """What grandalf asks of a vertex."""

    w: float = 1.0
    h: float = 1.0
    xy: tuple[float, float] = (0.0, 0.0)


class _Node(Struct, frozen=True):
    value: Value
    lines: Sequence[str]
    y: float


def draw(picture: Drawable) -> Element:
    """Draws sources on the left, targets on the right, and a curve for each line of the table.

    Curves and nodes carry the numbers of their things for the script (workbench/src/pictures.js): a thing that stands
    on both sides has one.
    """
    joined = [line for line in picture.lines if line.value("source") and line.value("target")]
    counts = Counter(value.text for line in joined if (value := line.value("group")))
    groups = [text for text, _ in counts.most_common()]
    top = MARGIN + (len(groups) * LINE + PARTS_GAP if len(groups) > 1 else 0)
    nodes: dict[tuple[str, str], _Node] = {}
    for left, right in _parts(joined):
        top = _stack(left, right, _values(joined), nodes, top) + PARTS_GAP
    root = frame(MARGIN * 2 + LEFT + BETWEEN + RIGHT, top, picture)
    if len(groups) > 1:
        _legend(root, groups)
    curves = SubElement(root, "g", {"class": "curves", "fill": "none", "stroke": QUIET})
    start, end = MARGIN + LEFT + GAP, MARGIN + LEFT + BETWEEN - GAP
    numbers = {name: str(number) for number, name in enumerate(dict.fromkeys(name for _, name in nodes))}
    most = max(map(_weight, joined), default=1.0)
    for line in joined:
        y1, y2 = nodes["source", _id(line, "source")].y, nodes["target", _id(line, "target")].y
        half = (start + end) / 2
        curve = {"d": f"M{start:.0f} {y1:.1f}C{half:.0f} {y1:.1f} {half:.0f} {y2:.1f} {end:.0f} {y2:.1f}"}
        group = line.value("group")
        dash = DASHES[groups.index(group.text) % len(DASHES)] if group else ""
        if dash:
            curve["stroke-dasharray"] = dash
        if weight := _weight(line):
            curve["stroke-width"] = f"{max(weight / most * THICKEST, 1):.1f}"
        curve |= {"data-from": numbers[_id(line, "source")], "data-to": numbers[_id(line, "target")]}
        SubElement(curves, "path", curve)
    for (side, name), node in nodes.items():
        is_left = side == "source"
        holder = SubElement(root, "g", {"class": "node", "data-node": numbers[name]})
        SubElement(
            holder,
            "circle",
            {"cx": f"{start if is_left else end:.0f}", "cy": f"{node.y:.1f}", "r": f"{DOT}", "fill": LINK},
        )
        x = start - GAP - DOT if is_left else end + GAP + DOT
        label(holder, node.value, x, node.y, node.lines, "end" if is_left else "start")
    return root


def _weight(line: Line) -> float:
    """The number that a line has; 0 without one."""
    term = line.term("weight")
    try:
        number = float(term.value) if isinstance(term, Literal) else 0.0
    except ValueError:
        return 0.0
    return number if 0 < number < inf else 0.0


def _id(line: Line, side: str) -> str:
    return str(line.term(side))


def _values(lines: Sequence[Line]) -> Mapping[tuple[str, str], Value]:
    return {
        (side, _id(line, side)): value for line in lines for side in ("source", "target") if (value := line.value(side))
    }


def _parts(lines: Sequence[Line]) -> list[tuple[list[str], list[str]]]:
    """The connected parts, largest first, each side in an order with few crossings (Sugiyama et al. 1981)."""
    # It takes long to load, numpy with it: a server starts without it.
    from grandalf.graphs import Edge, Vertex
    from grandalf.graphs import Graph as Layers
    from grandalf.layouts import SugiyamaLayout

    vertices: dict[tuple[str, str], Vertex] = {}
    for line in lines:
        for side in ("source", "target"):
            vertices.setdefault((side, _id(line, side)), Vertex((side, _id(line, side))))
    pairs = dict.fromkeys((("source", _id(line, "source")), ("target", _id(line, "target"))) for line in lines)
    edges = [Edge(vertices[source], vertices[target]) for source, target in pairs]
    found = []
    for part in Layers(list(vertices.values()), edges).C:
        for vertex in part.sV:
            vertex.view = _Box()
        layout = SugiyamaLayout(part)
        layout.init_all(roots=[vertex for vertex in part.sV if vertex.data[0] == "source"])
        layout.draw(24)
        sides: dict[str, list[str]] = {"source": [], "target": []}
        for vertex in sorted(part.sV, key=lambda one: (one.view.xy[0], one.data)):
            sides[vertex.data[0]].append(vertex.data[1])
        found.append((sides["source"], sides["target"]))
    return sorted(found, key=lambda one: (-len(one[0]) - len(one[1]), one))


def _stack(
    left: Sequence[str],
    right: Sequence[str],
    values: Mapping[tuple[str, str], Value],
    nodes: dict[tuple[str, str], _Node],
    top: float,
) -> float:
    """Places both sides from ``top`` down, the shorter one spread over the height of the longer; gives the bottom."""
    columns = [
        ("source", [(name, broken(values["source", name].text, LEFT)) for name in left]),
        ("target", [(name, broken(values["target", name].text, RIGHT)) for name in right]),
    ]
    heights = [sum(height_of(lines) + GAP for _, lines in column) for _, column in columns]
    for (side, column), height in zip(columns, heights, strict=True):
        spare = (max(heights) - height) / len(column)
        y = top
        for name, lines in column:
            own = height_of(lines) + GAP + spare
            nodes[side, name] = _Node(values[side, name], lines, y + own / 2)
            y += own
    return top + max(heights)


def _legend(root: Element, groups: Sequence[str]) -> None:
    for number, group in enumerate(groups):
        y = MARGIN + number * LINE + LINE / 2
        line = {"d": f"M{MARGIN:.0f} {y:.1f}h48", "fill": "none", "stroke": QUIET, "class": "key"}
        dash = DASHES[number % len(DASHES)]
        SubElement(root, "path", line | ({"stroke-dasharray": dash} if dash else {}))
        label(root, Value(group), MARGIN + 56, y, [group])
