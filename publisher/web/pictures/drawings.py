"""The table of drawings: kind of picture → what draws it."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from publisher.web.pictures import bars, heat, network, timeline, world
from publisher.web.pictures.data import Picture

DRAWINGS: dict[str, Callable[[Picture], Element]] = {
    "network": network.draw,
    "timeline": timeline.draw,
    "heat": heat.draw,
    "bars": bars.draw,
    "map": world.draw,
}
