"""Where programs that know only the host look first: well-known addresses (RFC 8615), robots.txt, sitemaps."""

import json
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from publisher.core.formats import BY_NAME, JSON, PAGE, TEXT, XML
from publisher.core.release import SITEMAP
from publisher.core.request_errors import NotFound
from publisher.core.terms import CATALOG_PATH
from publisher.web.headers import represent
from publisher.web.links import document, place
from publisher.web.openapi import openapi
from publisher.web.site import site
from publisher.web.site_links import API_CATALOG, VOID
from publisher.web.vocabulary import vocabulary

blueprint = Blueprint("discovery", __name__)

LINKS = BY_NAME["linkset-json"]
API_CATALOG_PROFILE = "https://www.rfc-editor.org/info/rfc9727"


@blueprint.get(f"/{VOID}")
def well_known_void() -> Response:
    """302 to the description of the dataset (VoID §7.2, which asks for this status; RFC 8615 §3).

    Raises:
        NotFound: the release describes no dataset.
    """
    dataset = vocabulary().dataset_iri
    if dataset is None:
        raise NotFound("This release describes no dataset.", where=request.path)
    return Response(status=302, headers={"Location": document(dataset), "Access-Control-Allow-Origin": "*"})


@blueprint.get(f"/{API_CATALOG}")
def api_catalog() -> Response:
    """The interfaces for programs, as a link set (RFC 9727 §4, RFC 9264 §4.2)."""
    base = site().release.base_iri

    def to(path: str, media_type: str) -> dict[str, str]:
        return {"href": base + path, "type": media_type}

    interface, turtle = to("openapi.json", JSON.media_type), BY_NAME["turtle"].media_type
    catalog = to(CATALOG_PATH, turtle)
    services = {
        base: (to("api", PAGE.media_type), [to(VOID, turtle), catalog]),
        base + "sparql": (to("api", PAGE.media_type), [to("sparql", turtle), catalog]),
    }
    links: list[dict[str, object]] = [
        {"anchor": base + API_CATALOG, "item": [{"href": service} for service in services]}
    ]
    for service, (page, described) in services.items():
        links.append({"anchor": service, "service-desc": [interface], "service-doc": [page], "service-meta": described})
    response = represent(json.dumps({"linkset": links}, indent=1), LINKS, vary=())
    response.content_type = f'{LINKS.media_type}; profile="{API_CATALOG_PROFILE}"'
    # RFC 9727 §3: so that HEAD tells it too.
    response.headers["Link"] = f'<{base}{API_CATALOG}>; rel="api-catalog"'
    return response


@blueprint.get("/openapi.json")
def interface() -> Response:
    """The routes of this site (OpenAPI 3.1)."""
    return represent(json.dumps(openapi(), indent=1), JSON, vary=("Accept-Language",))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Everything may be read; answers to queries, and what is said of others' things, need not be indexed.

    What is said of things of our own may be, wherever: the longer rule wins (RFC 9309 §2.2.2).
    """
    release = site().release
    closed = [place(path) for path in ("sparql", "describe", "cite", "search")]
    opened = [f"{place('describe')}?{urlencode({'iri': release.base_iri})}"] if release.is_elsewhere else []
    text = render_template("robots.txt", closed=closed, opened=opened, sitemap=release.base_iri + SITEMAP)
    return represent(text, TEXT, vary=())


@blueprint.get("/sitemap.xml", defaults={"number": None})
@blueprint.get("/sitemap-<int:number>.xml")
def sitemap(number: int | None) -> Response:
    """The addresses of all pages (https://www.sitemaps.org/protocol.html).

    Raises:
        NotFound: there is no such part.
    """
    name = SITEMAP if number is None else f"sitemap-{number}.xml"
    if name not in {file.path for file in site().release.files}:
        place = site().release.base_iri + SITEMAP
        raise NotFound("Nothing is published at this address.", hint="See {place}", place=place)
    return represent((site().release.folder / name).read_bytes(), XML, vary=())
