"""What the drawings share: text that is measured and broken into lines, links, and the frame.

Colours are presentation attributes (SVG 2 §6.6): on its own the file is readable, and any rule of the page's
stylesheet goes before them, which gives pages their light, dark and forced colours.
"""

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Protocol
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup
from pyoxigraph import Literal

from publisher.web.values import Value

SIZE, LINE = 14.0, 18.0
"""Size of the letters and distance of lines, in CSS pixels: pictures are never scaled down."""
CHARACTER = 7.9
"""Width of a character on average, in a wide typeface such as DejaVu Sans."""
GAP = 8.0
MARGIN = 16.0
INK, QUIET, LINK, PAPER, FILL = "#1b1f23", "#545c64", "#0b5579", "#ffffff", "#eeebe4"


class Titled(Protocol):
    """What has a title and a description in the reader's language."""

    def text(self, key: str) -> Literal:
        """Either, by its name."""


def frame(width: float, height: float, titled: Titled, name: str = "picture") -> Element:
    """The root of a drawing: a group of links that has a name and a description.

    Args:
        width: in pixels.
        height: in pixels.
        titled: what it is called.
        name: what its ids begin with.
    """
    size = {"width": f"{width:.0f}", "height": f"{height:.0f}", "viewBox": f"0 0 {width:.0f} {height:.0f}"}
    font = {"font-family": "sans-serif", "font-size": f"{SIZE:.0f}", "fill": INK}
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": "picture", **size, **font})
    root.set("role", "group")
    root.set("aria-labelledby", f"{name}-title")
    root.set("aria-describedby", f"{name}-description")
    SubElement(root, "title", {"id": f"{name}-title"}).text = titled.text("title").value
    SubElement(root, "desc", {"id": f"{name}-description"}).text = titled.text("description").value
    paper = {"class": "paper", "width": "100%", "height": "100%", "fill": PAPER}
    SubElement(root, "rect", paper)
    return root


def broken(text: str, width: float, most: int | None = None) -> list[str]:
    """A text in lines that are not wider than ``width`` pixels; with ``most``, not in more than that."""
    longest = max(8, int(width / CHARACTER))
    if len(text) <= longest and text == " ".join(text.split()):
        return [text]  # As most names are: there is nothing to break.
    return wrap(text, longest, max_lines=most, placeholder=" …") or [""]


def height_of(lines: Sequence[str]) -> float:
    """The height that lines of text take."""
    return len(lines) * LINE


def label(parent: Element, value: Value, x: float, middle: float, lines: Iterable[str], anchor: str = "start") -> None:
    """Lines of text around a height; a link if the value has an address.

    Args:
        parent: where it is put.
        value: what is named.
        x: where the text starts, or ends if ``anchor`` is ``end``.
        middle: the height of its middle.
        lines: its text.
        anchor: SVG's ``text-anchor``.
    """
    lines = list(lines)
    holder = SubElement(parent, "a", {"href": value.href, "fill": LINK}) if value.href else parent
    if value.href and len(lines) > 1:
        holder.set("aria-label", value.text)
    top = middle - height_of(lines) / 2 + LINE * 0.72
    text = SubElement(holder, "text", {"x": f"{x:.0f}", "y": f"{top:.1f}", "text-anchor": anchor})
    if value.language:
        text.set("lang", value.language)
    for number, line in enumerate(lines):
        part = SubElement(text, "tspan", {"x": f"{x:.0f}", "y": f"{top + number * LINE:.1f}"})
        part.text = line


def inline(root: Element) -> Markup:
    """The drawing as a part of a page."""
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def written(root: Element) -> bytes:
    """The drawing as a well-formed SVG document in UTF-8."""
    return bytes(ElementTree.tostring(root, encoding="utf-8"))
