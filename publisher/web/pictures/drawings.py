"""The table of drawings: kind of picture → what draws it."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from publisher.web.pictures import network
from publisher.web.pictures.data import Picture

DRAWINGS: dict[str, Callable[[Picture], Element]] = {
    "network": network.draw,
}
