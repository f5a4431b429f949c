"""A thing in the middle of what it is joined with: on the left what points to it, on the right what it points to.

With nothing on one of the sides the thing stands above the other, which fits the narrowest screens.
"""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement

from markupsafe import Markup
from msgspec import Struct
from pyoxigraph import Literal

from publisher.web.columns import candidates
from publisher.web.entity_view import EntityView
from publisher.web.language import gettext, ngettext
from publisher.web.pictures.svg import GAP, LINE, LINK, MARGIN, PAPER, QUIET, broken, frame, height_of, inline, label
from publisher.web.rows import Row
from publisher.web.values import Value
from publisher.web.vocabulary import vocabulary

SIDE, BETWEEN, MIDDLE = 264.0, 90.0, 210.0
"""Widths of the names on both sides, of the space beside the middle, and of the middle."""
ABOVE, TRUNK, BRANCH = 256.0, 16.0, 24.0
"""Width of a thing that stands above; where lines leave it, seen from its edge; how far they go to the side."""
MOST, OF_ONE = 6, 3
"""Neighbours that are drawn on a side, and of those by one property, at most."""
FEWEST = 3
"""Neighbours below which a picture tells nothing that the list of facts does not."""


class _Group(Struct, frozen=True):
    """The neighbours by one property: some of them by name, and how many more there are."""

    name: Value
    shown: Sequence[Value]
    more: int


class _Titles:
    """What the drawing is called."""

    def __init__(self, name: str, description: str) -> None:
        self._texts = {
            "title": gettext("%(name)s and what it is joined with") % {"name": name},
            "description": description,
        }

    def text(self, key: str) -> Literal:
        return Literal(self._texts[key])


def surroundings_of(view: EntityView) -> Markup | None:
    """The picture of a thing among its neighbours, as its page has them in words.

    What it points to is limited to what shapes give its class, and not most classes: label sources tell nothing here.

    Args:
        view: the page's facts and what refers to the thing.

    Returns:
        None if it has fewer than ``FEWEST`` neighbours.
    """
    own = {column.path for kind in view.kinds if kind.iri for column in candidates(vocabulary(), kind.iri)}
    asserted = [row for row in view.asserted if not own or row.label.iri in own]
    left, right = _groups(view.incoming, incoming=True), _groups([*asserted, *view.shortcuts], incoming=False)
    if sum(len(group.shown) for group in (*left, *right)) < FEWEST:
        return None
    if left and right:
        return inline(_between(view, left, right))
    told = gettext("Below it what refers to it.") if left else gettext("Below it what it refers to.")
    return inline(_above(view, left or right, told))


def _groups(rows: Sequence[Row], *, incoming: bool) -> list[_Group]:
    things = {n: [one for one in row.values if one.href and not one.outward] for n, row in enumerate(rows)}
    numbers = [n for n, values in things.items() if values][:MOST]
    turns = [(turn, n) for turn in range(OF_ONE) for n in numbers if turn < len(things[n])][:MOST]
    found = []
    for n in numbers:
        row, many = rows[n], sum(place == n for _, place in turns)
        total = row.total if incoming else len(things[n])
        name = (row.inverse or row.label) if incoming else row.label
        found.append(_Group(name, things[n][:many], total - many))
    return found


def _between(view: EntityView, left: Sequence[_Group], right: Sequence[_Group]) -> Element:
    centre = broken(view.name.text, MIDDLE - 2 * GAP)
    heights = [_height(groups, SIDE) for groups in (left, right)]
    height = max(*heights, height_of(centre) + 2 * GAP) + 2 * MARGIN
    told = _Titles(view.name.text, gettext("On the left what refers to it, on the right what it refers to."))
    root = frame(2 * MARGIN + 2 * SIDE + 2 * BETWEEN + MIDDLE, height, told, "surroundings")
    lines = SubElement(root, "g", {"class": "curves", "fill": "none", "stroke": QUIET})
    box = MARGIN + SIDE + BETWEEN
    for groups, used, is_left in zip((left, right), heights, (True, False), strict=True):
        x = MARGIN + SIDE if is_left else box + MIDDLE + BETWEEN
        middle = box if is_left else box + MIDDLE
        start, half = (x + GAP if is_left else x - GAP), (x + middle) / 2
        end = f"{half:.0f} {height / 2:.1f} {middle:.0f} {height / 2:.1f}"
        for y in _names(root, groups, x, (height - used) / 2, SIDE, "end" if is_left else "start"):
            SubElement(lines, "path", {"d": f"M{start:.0f} {y:.1f}C{half:.0f} {y:.1f} {end}"})
    _centre(root, view.name, box, MIDDLE, height / 2, centre)
    return root


def _above(view: EntityView, groups: Sequence[_Group], told: str) -> Element:
    centre = broken(view.name.text, ABOVE - 2 * GAP)
    width = ABOVE - TRUNK - BRANCH
    bottom = MARGIN + height_of(centre) + 2 * GAP
    height = bottom + GAP + _height(groups, width) + MARGIN
    root = frame(2 * MARGIN + ABOVE, height, _Titles(view.name.text, told), "surroundings")
    lines = SubElement(root, "g", {"class": "curves", "fill": "none", "stroke": QUIET})
    trunk = MARGIN + TRUNK
    x = trunk + BRANCH
    for y in _names(root, groups, x, bottom + GAP, width, "start"):
        elbow = f"V{y - GAP:.1f}Q{trunk:.0f} {y:.1f} {trunk + GAP:.0f} {y:.1f}H{x - GAP:.0f}"
        SubElement(lines, "path", {"d": f"M{trunk:.0f} {bottom:.1f}{elbow}"})
    _centre(root, view.name, MARGIN, ABOVE, (MARGIN + bottom) / 2, centre)
    return root


def _names(root: Element, groups: Sequence[_Group], x: float, y: float, width: float, anchor: str) -> Iterator[float]:
    """Writes groups from a height down; gives the middle of each neighbour, where its line ends."""
    for group in groups:
        heading = Value(group.name.text, language=group.name.language)
        label(root, heading, x, y + LINE / 2, broken(heading.text, width, 1), anchor)
        y += LINE
        for value in group.shown:
            text = broken(value.text, width - 2 * GAP)
            label(root, value, x, y + height_of(text) / 2, text, anchor)
            yield y + height_of(text) / 2
            y += height_of(text) + GAP / 2
        if group.more:
            rest = ngettext("and one more", "and %(num)d more", group.more) % {"num": group.more}
            label(root, Value(rest), x, y + LINE / 2, [rest], anchor)
            y += LINE
        y += GAP


def _centre(root: Element, value: Value, x: float, width: float, middle: float, lines: Sequence[str]) -> None:
    size = {"width": f"{width:.0f}", "height": f"{height_of(lines) + 2 * GAP:.0f}", "rx": "4"}
    corner = {"x": f"{x:.0f}", "y": f"{middle - height_of(lines) / 2 - GAP:.1f}"}
    SubElement(root, "rect", {"class": "centre", "fill": PAPER, "stroke": LINK, "stroke-width": "2", **corner, **size})
    label(root, Value(value.text, language=value.language), x + width / 2, middle, lines, "middle")


def _height(groups: Sequence[_Group], width: float) -> float:
    """The height that ``_names`` takes."""
    names = sum(height_of(broken(value.text, width - 2 * GAP)) + GAP / 2 for group in groups for value in group.shown)
    return names + sum(LINE + (LINE if group.more else 0) + GAP for group in groups)
