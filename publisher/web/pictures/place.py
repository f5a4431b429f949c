"""Where a place lies: the map on its own page."""

from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct
from pyoxigraph import Literal

from publisher.core.terms import WGS
from publisher.web.description import Description
from publisher.web.language import gettext
from publisher.web.pictures.drawings import draw, is_drawn
from publisher.web.pictures.line import Line
from publisher.web.pictures.svg import inline
from publisher.web.values import Value

COORDINATES = {"latitude": WGS + "lat", "longitude": WGS + "long"}
"""Variable of a map → property that gives it, in degrees (W3C Basic Geo)."""


class _Map(Struct, frozen=True):
    """A map with one place."""

    name: str
    lines: Sequence[Line]
    kind_name: str = "map"

    def text(self, key: str) -> Literal:
        texts = {
            "title": gettext("%(name)s on the map"),
            "description": gettext("The land of the world without borders, and %(name)s as a point."),
        }
        return Literal(texts[key] % {"name": self.name})


def map_of(description: Description, name: Value) -> Markup | None:
    """The map with a thing on it; None if the dataset does not say where it is.

    Args:
        description: what is said of it.
        name: its name.
    """
    said = {quad.predicate.value: quad.object for quad in description.own if quad.subject == description.iri}
    degrees = {variable: said.get(prop) for variable, prop in COORDINATES.items()}
    terms = {variable: [value] for variable, value in degrees.items() if isinstance(value, Literal)}
    line = Line({"place": [description.iri], **terms}, {"place": [name]})
    return inline(draw(_Map(name.text, [line]))) if is_drawn("map", line) else None
