"""The catalogue of the dataset, its downloads and services (DCAT), and how the release was made (PROV-O)."""

from flask import Blueprint, Response
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from publisher.core.formats import LINK_FORMATS, PAGE
from publisher.core.release import CATALOG
from publisher.core.terms import CATALOG_PATH
from publisher.web.documents import Document, choose, see
from publisher.web.links import address
from publisher.web.representations import serialise
from publisher.web.signposts import Signposts
from publisher.web.site import site

blueprint = Blueprint("catalog", __name__)


@blueprint.get(f"/{CATALOG_PATH}", defaults={"suffix": None})
@blueprint.get(f"/{CATALOG_PATH}.<suffix>")
def catalog(suffix: str | None) -> Response:
    """The catalogue in every RDF format; people are sent to the page of downloads.

    Raises:
        NotFound: there is no format with this suffix.
        NotAcceptable: none of the formats is wanted.
    """
    release, chosen = site().release, choose(suffix)
    if chosen is PAGE:
        response = see(address("dumps/"))
        response.vary.add("Accept")
        return response
    about = Document(release.base_iri + CATALOG_PATH, CATALOG_PATH)
    posts = Signposts(about, {})
    if chosen in LINK_FORMATS:
        return posts.answer(posts.link_set(chosen), chosen, negotiated=False)
    file = release.folder / CATALOG
    if chosen.name == "turtle":
        return posts.answer(file.read_bytes(), chosen, negotiated=not suffix)
    graph = NamedNode(about.iri)
    quads = [Quad(q.subject, q.predicate, q.object, graph) for q in parse(path=file, format=RdfFormat.TURTLE)]
    return posts.answer(serialise(quads, chosen, release.prefixes), chosen, negotiated=not suffix)
