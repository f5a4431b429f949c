"""The input files of the release, each line with an address: where a fact was written down."""

from flask import Blueprint, Response, render_template

from publisher.core.formats import PAGE, TEXT
from publisher.core.release import INPUT_PATH
from publisher.core.request_errors import NotFound
from publisher.web.headers import represent
from publisher.web.negotiation import wants_page
from publisher.web.site import site

blueprint = Blueprint("inputs", __name__)


@blueprint.get(f"/{INPUT_PATH}<path:name>")
def input_file(name: str) -> Response:
    """A page with numbered lines for people, the plain text for whoever asks for anything else (RFC 9110 §12.4.1).

    Raises:
        NotFound: the release was not made from such a file.
    """
    release = site().release
    if INPUT_PATH + name not in {entry.path for entry in release.files}:
        raise NotFound(
            "This release was not made from a file '{name}'.",
            hint="See {place}",
            name=name,
            place=release.base_iri + "quality",
        )
    text = (release.folder / INPUT_PATH / name).read_text(encoding="utf-8")
    if not wants_page():
        return represent(text, TEXT)
    body = render_template("input.html", name=name, lines=text.splitlines())
    return represent(body, PAGE, vary=("Accept", "Accept-Language"))
