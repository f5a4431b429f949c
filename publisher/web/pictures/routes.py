"""Addresses of pictures: the index, and each picture as a page, as SVG, and its rows as data."""

import json
from collections.abc import Iterator
from urllib.parse import urljoin

from flask import Blueprint, Response, render_template, request

from publisher.core.formats import PAGE, PICTURE_FORMATS, Format
from publisher.core.request_errors import NotFound
from publisher.web.folding import fold
from publisher.web.headers import represent
from publisher.web.language import current_language
from publisher.web.negotiation import negotiate
from publisher.web.pictures.data import Picture, picture, pictures
from publisher.web.pictures.drawings import draw, is_drawn
from publisher.web.pictures.svg import inline, written
from publisher.web.site import site
from publisher.web.spreadsheets import SEPARATOR
from publisher.web.spreadsheets import written as as_csv

blueprint = Blueprint("pictures", __name__)


@blueprint.get("/pictures/")
def index() -> Response:
    """All pictures of the release.

    Raises:
        NotFound: it has none.
    """
    listed = pictures(site().release, site().settings.languages)
    if not listed:
        raise _missing("")
    return represent(render_template("pictures.html", pictures=listed), PAGE, vary=("Accept-Language",))


@blueprint.get("/pictures/<name>", defaults={"suffix": ""})
@blueprint.get("/pictures/<name>.<suffix>")
def show(name: str, suffix: str) -> Response:
    """A picture, negotiated, or in the format of its suffix; the parameters narrow its rows.

    Raises:
        NotFound: there is no such picture.
    """
    found = _picture(name)
    chosen = negotiate(PICTURE_FORMATS, [suffix] if suffix else [])
    response = represent(
        _body(found, chosen), chosen, vary=("Accept-Language",) if suffix else ("Accept", "Accept-Language")
    )
    response.content_language.add(current_language())
    return response


def _picture(name: str) -> Picture:
    found = picture(site().release, site().settings.languages, name, request.args)
    if found is None:
        raise _missing(name)
    return found


def _missing(name: str) -> NotFound:
    place = site().release.base_iri
    return NotFound("There is no picture '{name}'.", hint="See {place}", name=name, place=place)


def _body(found: Picture, chosen: Format) -> str | bytes:
    if chosen.name == "json":
        return json.dumps(found.document(), ensure_ascii=False)
    if chosen.name == "csv":
        return as_csv(_rows(found))
    drawn = draw(found)
    if chosen is not PAGE:
        # The file may be read anywhere: its links have the public base, which is no address of this server's choice.
        for link in drawn.iter("a"):
            link.set("href", urljoin(site().release.base_iri, link.get("href", "")))
        return written(drawn)
    formats = [(one, found.address(f".{one.suffix}")) for one in PICTURE_FORMATS if one is not PAGE]
    beside = [line for line in found.lines if not is_drawn(found.kind_name, line)]
    missing = {value.text: value for line in beside if (value := line.value(found.variables[0]))}
    return render_template(
        "picture.html",
        picture=found,
        drawing=inline(drawn),
        undrawn=[missing[text] for text in sorted(missing, key=fold)],
        formats=formats,
    )


def _rows(found: Picture) -> Iterator[list[str]]:
    """The table with a line of names: for each column its text; where it leads somewhere, its IRIs too."""
    linked = {name for name in found.variables for line in found.lines if any(v.iri for v in line.cells[name])}
    head = []
    for name in found.variables:
        head += [found.text(name).value] + ([f"{found.text(name).value} (IRI)"] if name in linked else [])
    yield head
    for line in found.lines:
        row = []
        for name in found.variables:
            row.append(SEPARATOR.join(value.machine or value.text for value in line.cells[name]))
            if name in linked:
                row.append(SEPARATOR.join(value.iri or "" for value in line.cells[name]))
        yield row
