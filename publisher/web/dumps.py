"""Downloads: the files of the release as they were built, whole or in ranges."""

import base64
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, send_file

from publisher.core.errors import NotFound
from publisher.core.formats import BY_SUFFIX, PAGE, Format
from publisher.core.release import ReleaseFile
from publisher.web.headers import CACHE_CONTROL, represent
from publisher.web.language import current_language
from publisher.web.links import address
from publisher.web.site import site

blueprint = Blueprint("dumps", __name__)

FOLDER = "dumps/"


@dataclass(frozen=True)
class Download:
    """One file offered: its name, format, size and hash."""

    name: str
    format: Format
    file: ReleaseFile


def downloads() -> dict[str, Download]:
    """File name → download, in the order of the manifest."""
    found = {}
    for file in site().release.files:
        suffix = file.path.rpartition(".")[2]
        if file.path.startswith(FOLDER) and suffix in BY_SUFFIX:
            name = file.path.removeprefix(FOLDER)
            found[name] = Download(name, BY_SUFFIX[suffix], file)
    return found


@blueprint.get("/dumps/")
def index() -> Response:
    """The table of downloads."""
    body = render_template("dumps.html", downloads=list(downloads().values()))
    response = represent(body, PAGE, vary=("Accept-Language",))
    response.content_language.add(current_language())
    return response


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """One file; its entity tag is its sha256, ranges and conditions are honoured (RFC 9110 §13, §14).

    Raises:
        NotFound: the release has no such file.
    """
    found = downloads().get(name)
    if found is None:
        raise NotFound(f"This release has no download '{name}'.", hint="Downloads: " + address("dumps/"))
    path = site().release.folder / found.file.path
    response = send_file(
        path,
        found.format.media_type,
        as_attachment=True,
        download_name=name,
        conditional=True,
        etag=found.file.sha256,
    )
    response.content_type = found.format.content_type
    response.headers["Cache-Control"] = CACHE_CONTROL
    digest = base64.b64encode(bytes.fromhex(found.file.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response
