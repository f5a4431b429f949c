"""Downloads: the files of the release as they were built, whole or in ranges."""

import base64
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, send_file

from publisher.core.errors import NotFound
from publisher.core.formats import BY_SUFFIX, JSON, PAGE, Format
from publisher.core.release import MANIFEST, ReleaseFile
from publisher.web.headers import CACHE_CONTROL, represent
from publisher.web.site import site

blueprint = Blueprint("dumps", __name__)

FOLDER = "dumps/"
BESIDE = ("ontology.ttl", "context.jsonld", "report.ttl")
"""Files of a release that are offered beside the dumps."""


@dataclass(frozen=True)
class Download:
    """One file offered: its name, format, size and hash."""

    name: str
    format: Format
    file: ReleaseFile


def downloads() -> dict[str, Download]:
    """File name → download: the dumps, what is offered beside them, and the manifest that vouches for all."""
    release = site().release
    files = {file.path: file for file in release.files}
    found = {}
    for path in (*(path for path in files if path.startswith(FOLDER)), *(path for path in BESIDE if path in files)):
        name = path.removeprefix(FOLDER)
        found[name] = Download(name, BY_SUFFIX[name.rpartition(".")[2]], files[path])
    found[MANIFEST] = Download(MANIFEST, JSON, release.manifest_file)
    return found


@blueprint.get("/dumps/")
def index() -> Response:
    """The table of downloads."""
    body = render_template("dumps.html", downloads=list(downloads().values()))
    return represent(body, PAGE, vary=("Accept-Language",))


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """One file; its entity tag is its sha256, ranges and conditions are honoured (RFC 9110 §13, §14).

    Raises:
        NotFound: the release has no such file.
    """
    found = downloads().get(name)
    if found is None:
        raise NotFound(
            "This release has no download '{name}'.",
            hint="See {place}",
            name=name,
            place=site().release.base_iri + "dumps/",
        )
    path = site().release.folder / found.file.path
    response = send_file(
        path,
        found.format.media_type,
        as_attachment=True,
        download_name=name,
        conditional=True,
        max_age=lambda _: None,  # No Expires: Cache-Control says how long it is fresh.
        etag=found.file.sha256,
    )
    response.content_type = found.format.content_type
    # A coded file would have another digest (RFC 9530 §2) and other ranges.
    response.headers["Cache-Control"] = f"{CACHE_CONTROL}, no-transform"
    digest = base64.b64encode(bytes.fromhex(found.file.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return response
