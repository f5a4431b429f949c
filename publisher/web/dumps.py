"""Downloads: the files of the release as they were built, whole or in ranges."""

import base64

from flask import Blueprint, Response, render_template, send_file
from msgspec import Struct

from publisher.core.formats import BY_NAME, BY_SUFFIX, COMPRESSIONS, JSON, PAGE, TEXT, Compression, Format
from publisher.core.release import CATALOG, CHECKSUMS, MANIFEST, ReleaseFile
from publisher.core.request_errors import NotFound
from publisher.web import site_links
from publisher.web.browse import kinds
from publisher.web.conditions import evaluate, take_range
from publisher.web.headers import CACHE_CONTROL, date, represent
from publisher.web.links import address, place
from publisher.web.linksets import header
from publisher.web.signposts import Item, of_item
from publisher.web.site import site
from publisher.web.values import Value, link
from publisher.web.vocabulary import vocabulary

blueprint = Blueprint("dumps", __name__)

FOLDER = "dumps/"
GRAPH = "graph-"
"""How the names of a named graph's files begin."""
BESIDE = (CATALOG, "ontology.ttl", "context.jsonld", "report.ttl")
"""Files of a release that are offered beside the dumps."""


class Download(Struct, frozen=True):
    """One file offered: its name, format, packing, size and hash."""

    name: str
    format: Format
    compression: Compression | None
    file: ReleaseFile

    @property
    def media_type(self) -> str:
        """The media type of the file as it is."""
        return self.compression.media_type if self.compression else self.format.media_type

    @property
    def content_type(self) -> str:
        """The value of ``Content-Type``."""
        return self.compression.media_type if self.compression else self.format.content_type

    @property
    def stem(self) -> str:
        """The name without suffixes: what the file holds."""
        packed = f".{self.compression.suffix}" if self.compression else ""
        return self.name.removesuffix(packed).removesuffix(f".{self.format.suffix}")


def _download(name: str, file: ReleaseFile) -> Download:
    compression = next((c for c in COMPRESSIONS if name.endswith(f".{c.suffix}")), None)
    plain = name.removesuffix(f".{compression.suffix}") if compression else name
    chosen = TEXT if name == CHECKSUMS else JSON if name == MANIFEST else BY_SUFFIX[plain.rpartition(".")[2]]
    return Download(name, chosen, compression, file)


def downloads() -> dict[str, Download]:
    """File name → download: the dumps, what is offered beside them, and the manifest that vouches for all."""
    release = site().release
    files = {file.path: file for file in release.files}
    paths = (*(path for path in files if path.startswith(FOLDER)), *(path for path in BESIDE if path in files))
    found = {path.removeprefix(FOLDER): files[path] for path in paths}
    found[MANIFEST] = release.manifest_file
    return {name: _download(name, file) for name, file in found.items()}


def item_of(download: Download) -> Item:
    """A download as a content resource of the dataset."""
    return Item(address(FOLDER + download.name), download.media_type)


@blueprint.get("/dumps/")
def index() -> Response:
    """The tables of downloads: the lists, the whole dataset, each named graph, what is beside them."""
    graphs: dict[str, tuple[Value, list[Download]]] = {}
    whole, beside = [], []
    for name, offered in downloads().items():
        iri = vocabulary().graph_base + offered.stem.removeprefix(GRAPH)
        if name in (*BESIDE, CHECKSUMS, MANIFEST):
            beside.append(offered)
        elif name.startswith(GRAPH):
            graphs.setdefault(iri, (link(iri, {}), []))[1].append(offered)
        else:
            whole.append(offered)
    body = render_template(
        "dumps.html",
        kinds=kinds(),
        csv=BY_NAME["csv"],
        whole=whole,
        graphs=list(graphs.values()),
        beside=beside,
        checksums=CHECKSUMS,
        manifest=MANIFEST,
    )
    response = represent(body, PAGE, vary=("Accept-Language",))
    items = map(item_of, downloads().values())
    response.headers["Link"] = header([site_links.canonical(place("dumps/")), *site_links.of_downloads(items)])
    return response


@blueprint.get("/downloads")
def moved() -> Response:
    """308 to the downloads (RFC 9110 §15.4.9), under the name by which many sites have them."""
    return Response(status=308, headers={"Location": address("dumps/")})


@blueprint.get("/dumps/<name>")
def dump(name: str) -> Response:
    """One file; its entity tag is its sha256, ranges and conditions are honoured (RFC 9110 §13, §14).

    Raises:
        NotFound: the release has no such file.
    """
    found = downloads().get(name)
    if found is None:
        raise _missing(name)
    path = site().release.folder / found.file.path
    response = send_file(
        path,
        found.media_type,
        as_attachment=True,
        download_name=name,
        conditional=False,
        etag=found.file.sha256,
    )
    date(response)
    response.content_type = found.content_type
    # A coded file would have another digest (RFC 9530 §2) and other ranges.
    response.headers["Cache-Control"] = f"{CACHE_CONTROL}, no-transform"
    digest = base64.b64encode(bytes.fromhex(found.file.sha256)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.headers["Link"] = header(of_item(item_of(found)))
    try:
        evaluate(response)
        take_range(response, found.file.bytes)
    except Exception:
        response.close()  # The file is open already.
        raise
    return response


def _missing(name: str) -> NotFound:
    place = site().release.base_iri + FOLDER
    # A packed name has one suffix more than the plain one.
    if {name, name.rpartition(".")[0]} & {*site().release.left_out}:
        return NotFound(
            "'{name}' is left out: some characters or names of the data cannot be written in XML.",
            hint="The other formats have all of it: see {place}",
            name=name,
            place=place,
        )
    return NotFound("This release has no download '{name}'.", hint="See {place}", name=name, place=place)
