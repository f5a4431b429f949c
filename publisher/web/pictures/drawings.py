"""What is drawn, by which drawing, and what has to be left out."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from publisher.core.picture import KINDS
from publisher.web.pictures import bars, heat, network, timeline, world
from publisher.web.pictures.line import Drawable, Line

_DRAWINGS: dict[str, Callable[[Drawable], Element]] = {
    "network": network.draw,
    "timeline": timeline.draw,
    "heat": heat.draw,
    "bars": bars.draw,
    "map": world.draw,
}


def draw(picture: Drawable) -> Element:
    """Draws a picture by its kind."""
    return _DRAWINGS[picture.kind_name](picture)


def is_drawn(kind_name: str, line: Line) -> bool:
    """Whether a line has all that its kind of picture needs."""
    kind = KINDS[kind_name]
    is_whole = all(line.terms.get(name) for name in kind.drawn if name in kind.needed)
    return is_whole and (kind_name != "map" or world.point_of(line) is not None)
