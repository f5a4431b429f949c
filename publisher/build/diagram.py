"""A picture of the ontology: its classes as boxes, the properties between them as arrows, laid out in layers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from grandalf.graphs import Edge, Vertex
from grandalf.graphs import Graph as Layers
from grandalf.layouts import SugiyamaLayout
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import SKOS

CHARACTER, LINE, PADDING = 8.2, 18.0, 12.0
"""Width of a character, height of a line and space around text, in SVG user units."""

LABEL_CHARACTER = 7.4
"""Width of a character of a label, which is smaller than the text in a box."""

LAYER_GAPS = tuple(84.0 + 12 * step for step in range(12))
"""Distances between layers: the first at which no label touches another or a box."""

SIDE_GAP, MARGIN = 56.0, 20.0
ALONG = tuple(sorted((step / 40 for step in range(4, 37)), key=lambda part: abs(part - 0.5)))
"""Where along an arrow its label may stand, the best place first."""

INK, LINE_COLOUR, LINK_COLOUR, PAPER, CHIP = "#1b1f23", "#545c64", "#0b5579", "#ffffff", "#eeebe4"
"""Colours of the file on its own, as presentation attributes: any rule of a page's stylesheet overrides them."""

Rectangle = tuple[float, float, float, float]
"""Centre and size: x, y, width, height."""


@dataclass
class Box:
    """What grandalf asks of a vertex: size, and place of the centre that it will set."""

    w: float
    h: float = LINE + 2 * PADDING
    xy: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Arrow:
    """Properties from one class to another, or a subclass and the class above it (no properties)."""

    start: URIRef
    end: URIRef
    properties: tuple[URIRef, ...]


def draw(ontology: Graph, namespace: str, language: str) -> bytes:
    """Draws the classes that own properties lead from and to.

    Codes (``skos:Concept``), inverses and properties from a class to itself are left out.

    Args:
        ontology: the vocabulary with declarations of reused terms.
        namespace: of the ontology's own terms.
        language: of the labels; a term without one shows its local name.

    Returns:
        An SVG 1.1 document whose boxes and labels link to ``#<term>``; empty if there is nothing to draw.
    """
    arrows = _arrows(ontology, namespace)
    classes = sorted({arrow.start for arrow in arrows} | {arrow.end for arrow in arrows})
    if not classes:
        return b""
    properties = [term for arrow in arrows for term in arrow.properties]
    names = {term: _label(ontology, term, language) for term in (*classes, *properties)}
    for gap in LAYER_GAPS:
        boxes = _layout(classes, arrows, names, gap)
        labels, overlap = _place_labels(arrows, boxes, names)
        if not overlap:
            break
    return _svg(boxes, labels, arrows, names, namespace)


def _arrows(ontology: Graph, namespace: str) -> list[Arrow]:
    found: dict[tuple[URIRef, URIRef], list[URIRef]] = defaultdict(list)
    for term in sorted(map(str, ontology.subjects(RDF.type, OWL.ObjectProperty))):
        ends = [ontology.value(URIRef(term), RDFS.domain), ontology.value(URIRef(term), RDFS.range)]
        start, end = ends
        is_inverse = (None, OWL.inverseOf, URIRef(term)) in ontology
        if not term.startswith(namespace) or is_inverse or SKOS.Concept in ends or start == end:
            continue
        if isinstance(start, URIRef) and isinstance(end, URIRef):
            found[start, end].append(URIRef(term))
    arrows = [Arrow(*ends, tuple(properties)) for ends, properties in sorted(found.items())]
    classes = sorted({end for ends in found for end in ends})
    above = [
        Arrow(lower, upper, ())
        for lower in classes
        for upper in classes
        if (lower, RDFS.subClassOf, upper) in ontology and not {(lower, upper), (upper, lower)} & found.keys()
    ]
    return arrows + above


def _label(ontology: Graph, term: URIRef, language: str) -> str:
    labels = [text for text in ontology.objects(term, RDFS.label) if isinstance(text, Literal)]
    found = next((str(text) for text in labels if text.language == language), None)
    return found or str(term).replace("#", "/").rpartition("/")[2]


def _layout(
    classes: Sequence[URIRef], arrows: Iterable[Arrow], names: dict[URIRef, str], gap: float
) -> dict[URIRef, Box]:
    """Places every box in layers (Sugiyama, Tagawa and Toda 1981)."""
    vertices = {term: Vertex(term) for term in classes}
    for term, vertex in vertices.items():
        vertex.view = Box(len(names[term]) * CHARACTER + 2 * PADDING)
    edges = [Edge(vertices[arrow.start], vertices[arrow.end]) for arrow in arrows]
    top = 0.0
    for part in Layers(list(vertices.values()), edges).C:
        layout = SugiyamaLayout(part)
        layout.yspace, layout.xspace = gap, SIDE_GAP
        roots = [vertex for vertex in part.sV if not vertex.e_in()]
        layout.init_all(roots=roots or None)
        layout.draw(20)
        left = min(vertex.view.xy[0] - vertex.view.w / 2 for vertex in part.sV)
        first = min(vertex.view.xy[1] - vertex.view.h / 2 for vertex in part.sV)
        for vertex in part.sV:
            x, y = vertex.view.xy
            vertex.view.xy = (x - left + MARGIN, y - first + MARGIN + top)
        top = max(vertex.view.xy[1] + vertex.view.h / 2 for vertex in part.sV) + gap - MARGIN
    return {term: vertex.view for term, vertex in vertices.items()}


def _place_labels(
    arrows: Iterable[Arrow], boxes: dict[URIRef, Box], names: dict[URIRef, str]
) -> tuple[dict[Arrow, Rectangle], float]:
    """Puts the names of an arrow's properties on it, where they cover least, and tells how much they cover in all."""
    taken: list[Rectangle] = [(*box.xy, box.w, box.h) for box in boxes.values()]
    labels: dict[Arrow, Rectangle] = {}
    covered = 0.0
    for arrow in arrows:
        if arrow.properties:
            (x1, y1), (x2, y2) = _ends(arrow, boxes)
            width = max(len(names[term]) for term in arrow.properties) * LABEL_CHARACTER
            size = width, len(arrow.properties) * LINE
            places = [(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part, *size) for part in ALONG]
            cost, best = min((sum(_overlap(place, other) for other in taken), n) for n, place in enumerate(places))
            labels[arrow] = places[best]
            taken.append(places[best])
            covered += cost
    return labels, covered


def _svg(
    boxes: dict[URIRef, Box],
    labels: dict[Arrow, Rectangle],
    arrows: Iterable[Arrow],
    names: dict[URIRef, str],
    namespace: str,
) -> bytes:
    sides = [(x, w) for x, _, w, _ in labels.values()] + [(box.xy[0], box.w) for box in boxes.values()]
    left, right = min(x - w / 2 for x, w in sides) - MARGIN, max(x + w / 2 for x, w in sides) + MARGIN
    height = max(box.xy[1] + box.h / 2 for box in boxes.values()) + MARGIN
    frame = {"viewBox": f"{round(left)} 0 {round(right - left)} {round(height)}", "class": "diagram"}
    font = {"font-family": "sans-serif", "font-size": "15", "text-anchor": "middle", "fill": INK}
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **frame, **font})
    marker = SubElement(
        SubElement(svg, "defs"),
        "marker",
        {"id": "arrowhead", "viewBox": "0 0 10 10", "refX": "9", "refY": "5", "markerWidth": "7"}
        | {"markerHeight": "7", "orient": "auto-start-reverse"},
    )
    SubElement(marker, "path", {"d": "M0 0 10 5 0 10z", "fill": LINE_COLOUR})
    lines = SubElement(svg, "g", {"fill": "none", "stroke": LINE_COLOUR})
    for arrow in arrows:
        (x1, y1), (x2, y2) = _ends(arrow, boxes)
        kind = {"class": "property"} if arrow.properties else {"class": "above", "stroke-dasharray": "5 4"}
        line = {"d": f"M{x1:.1f} {y1:.1f} {x2:.1f} {y2:.1f}", "marker-end": "url(#arrowhead)"}
        SubElement(lines, "path", line | kind)
    halo = {"fill": LINK_COLOUR, "stroke": PAPER, "stroke-width": "5", "paint-order": "stroke", "font-size": "13"}
    words = SubElement(svg, "g", halo)
    for arrow, (x, y, _, _) in labels.items():
        top = y - (len(arrow.properties) - 1) * LINE / 2
        for index, term in enumerate(arrow.properties):
            link = SubElement(words, "a", {"href": _anchor(term, namespace)})
            at = {"x": f"{x:.1f}", "y": f"{top + index * LINE + 4:.1f}", "class": "label"}
            SubElement(link, "text", at).text = names[term]
    for term, box in boxes.items():
        _draw_box(svg, box, names[term], _anchor(term, namespace), is_own=_own(term, namespace))
    return bytes(ElementTree.tostring(svg, encoding="utf-8"))


def _draw_box(svg: Element, box: Box, name: str, anchor: str, *, is_own: bool) -> None:
    link = SubElement(svg, "a", {"href": anchor, "class": "own" if is_own else ""})
    x, y = box.xy
    colours = {"fill": CHIP, "stroke": LINK_COLOUR} if is_own else {"fill": PAPER, "stroke": LINE_COLOUR}
    place = {"x": f"{x - box.w / 2:.1f}", "y": f"{y - box.h / 2:.1f}"}
    SubElement(link, "rect", {**place, "width": f"{box.w:.1f}", "height": f"{box.h:.1f}", "rx": "3", **colours})
    SubElement(link, "text", {"x": f"{x:.1f}", "y": f"{y + 5:.1f}"}).text = name


def _ends(arrow: Arrow, boxes: dict[URIRef, Box]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where an arrow leaves one box and reaches the other."""
    start, end = boxes[arrow.start], boxes[arrow.end]
    return _border(start, end), _border(end, start)


def _overlap(one: Rectangle, other: Rectangle) -> float:
    """The area that two rectangles, each given by its centre and size, have in common."""
    width = min(one[0] + one[2] / 2, other[0] + other[2] / 2) - max(one[0] - one[2] / 2, other[0] - other[2] / 2)
    height = min(one[1] + one[3] / 2, other[1] + other[3] / 2) - max(one[1] - one[3] / 2, other[1] - other[3] / 2)
    return max(width, 0) * max(height, 0)


def _border(box: Box, towards: Box) -> tuple[float, float]:
    """Where the line from the middle of one box to that of another leaves the first."""
    (x, y), (to_x, to_y) = box.xy, towards.xy
    dx, dy = to_x - x, to_y - y
    scale = min(box.w / 2 / abs(dx) if dx else 1e9, box.h / 2 / abs(dy) if dy else 1e9)
    return x + dx * scale, y + dy * scale


def _own(term: URIRef, namespace: str) -> bool:
    return term.startswith(namespace)


def _anchor(term: URIRef, namespace: str) -> str:
    return "#" + term.removeprefix(namespace) if _own(term, namespace) else str(term)
