"""A map of the world with places as points. Only land is drawn: no borders, no names but those of the data."""

import json
from functools import cache
from itertools import pairwise, product
from math import asin, cos, hypot, inf, radians, sin, sqrt
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from pyoxigraph import Literal

from publisher.web.pictures.line import Drawable, Line
from publisher.web.pictures.svg import CHARACTER, FILL, LINK, MARGIN, QUIET, broken, frame, height_of, label

LAND = Path(__file__).parent / "land-110m.json"
SCALE = 186.0
"""Pixels for a radian at the equator."""
TOP, BOTTOM = radians(84), radians(-58)
"""Latitudes between which the map lies: below there is only Antarctica."""
A = (1.340264, -0.081106, 0.000893, 0.003796)
"""Coefficients of the Equal Earth projection (Šavrič, Patterson and Jenny 2019, eq. 2)."""
DISTANCES = (9.0, 22.0, 38.0, 56.0, 78.0, 104.0)
"""Between a point and its name, the best first; a line joins them from the second on."""
ANGLES = (0, 180, -45, 45, -135, 135, -90, 90, -22, 22, 158, -158)
DOT = 4.0
NAME = 260.0
"""Width of a name at most."""
Box = tuple[float, float, float, float]


def draw(picture: Drawable) -> Element:
    """Draws a point with its name for each place that has coordinates."""
    (left, top), (right, bottom) = _extent()
    width, height = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    root = frame(width, height, picture)
    SubElement(root, "path", {"class": "land", "fill": FILL, "stroke": QUIET, "stroke-width": "0.5", "d": _land()})
    placed = [(value, point) for line in picture.lines if (value := line.value("place")) and (point := point_of(line))]
    taken: list[Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for _, (x, y) in placed]
    for number, (value, (x, y)) in enumerate(placed):
        lines = broken(value.text, NAME, 3)
        size = max(map(len, lines)) * CHARACTER, height_of(lines)
        box, distance = _free((x, y), size, taken, (width, height))
        taken.append(box)
        holder = SubElement(root, "g", {"class": "node", "data-node": str(number)})
        if distance > DISTANCES[0]:
            end = min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
            line = f"M{x:.1f} {y:.1f}L{end[0]:.1f} {end[1]:.1f}"
            SubElement(holder, "path", {"class": "key", "stroke": QUIET, "d": line})
        SubElement(holder, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{DOT}", "fill": LINK})
        label(holder, value, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, lines, "middle")
    return root


def point_of(line: Line) -> tuple[float, float] | None:
    """Where a line's place lies in the drawing; None if it has no coordinates, or such that are not on the map."""
    latitude, longitude = line.term("latitude"), line.term("longitude")
    if not isinstance(latitude, Literal) or not isinstance(longitude, Literal):
        return None
    try:
        degrees = float(longitude.value), float(latitude.value)
    except ValueError:
        return None
    is_on_map = abs(degrees[0]) <= 180 and BOTTOM <= radians(degrees[1]) <= TOP
    return _placed(*degrees) if is_on_map else None


def _free(
    point: tuple[float, float], size: tuple[float, float], taken: list[Box], within: tuple[float, float]
) -> tuple[Box, float]:
    """The nearest place for a name that touches nothing, else the one that covers least."""
    width, height = size
    best: tuple[float, Box, float] | None = None
    for distance, angle in product(DISTANCES, ANGLES):
        dx, dy = cos(radians(angle)), sin(radians(angle))
        middle = point[0] + dx * (distance + width / 2), point[1] + dy * (distance + height / 2)
        box = (middle[0] - width / 2, middle[1] - height / 2, middle[0] + width / 2, middle[1] + height / 2)
        if box[0] < 2 or box[1] < 2 or box[2] > within[0] - 2 or box[3] > within[1] - 2:
            continue
        covered = _covered(box, taken, best[0] if best else inf)
        if best is None or covered < best[0]:
            best = covered, box, distance
        if covered == 0:
            break
    if best is None:
        raise ValueError("a name is wider than the map")
    return best[1], best[2]


def _covered(box: Box, taken: list[Box], most: float) -> float:
    """The area that a box shares with others; it is not added up beyond ``most``."""
    left, top, right, bottom = box
    area = 0.0
    for x1, y1, x2, y2 in taken:
        if x1 < right and left < x2 and y1 < bottom and top < y2:
            area += (min(right, x2) - max(left, x1)) * (min(bottom, y2) - max(top, y1))
            if area >= most:
                break
    return area


def _projected(longitude: float, latitude: float) -> tuple[float, float]:
    """The Equal Earth projection, in pixels from where the equator meets the middle; y grows downwards."""
    theta = asin(sqrt(3) / 2 * sin(latitude))
    square = theta * theta
    sixth = square**3
    slope = A[0] + 3 * A[1] * square + sixth * (7 * A[2] + 9 * A[3] * square)
    x = longitude * cos(theta) / (sqrt(3) / 2 * slope)
    return x * SCALE, -theta * (A[0] + A[1] * square + sixth * (A[2] + A[3] * square)) * SCALE


@cache
def _extent() -> tuple[tuple[float, float], tuple[float, float]]:
    right = _projected(radians(180), 0)[0]
    return (-right, _projected(0, TOP)[1]), (right, _projected(0, BOTTOM)[1])


def _placed(longitude: float, latitude: float) -> tuple[float, float]:
    """Where degrees lie in the drawing."""
    (left, top), _ = _extent()
    x, y = _projected(radians(longitude), radians(latitude))
    return x - left + MARGIN, y - top + MARGIN


@cache
def _land() -> str:
    """The outlines of the land as path data (TopoJSON format specification 1.0, §2)."""
    topology = json.loads(LAND.read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    drawn = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for ring in polygon:
                points = [point for n in ring for point in (arcs[n] if n >= 0 else arcs[~n][::-1])]
                if max(latitude for _, latitude in points) > -58:
                    drawn += [_ring(part) for part in _parted(points)]
    return "".join(drawn)


def _parted(points: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """A ring cut where it crosses the meridian of 180 degrees, which is at both ends of the map."""
    parts: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if parts[-1] and abs(point[0] - parts[-1][-1][0]) > 180:
            parts.append([])
        parts[-1].append(point)
    return [parts[-1] + parts[0], *parts[1:-1]] if len(parts) > 1 else parts


def _ring(points: list[tuple[float, float]]) -> str:
    placed = [_placed(*point) for point in points]
    kept = placed[:1] + [b for a, b in pairwise(placed) if hypot(b[0] - a[0], b[1] - a[1]) > 0.5]
    return "M" + " ".join(f"{x:.0f} {y:.0f}" for x, y in kept) + "z"
