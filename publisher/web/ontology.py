"""The ontology and its versions, as pages and as OWL documents in every RDF format."""

from flask import Blueprint, Response, render_template

from publisher.core.formats import LINK_FORMATS, PAGE, Format
from publisher.core.request_errors import NotFound
from publisher.core.terms import OWL
from publisher.web.documents import Document, choose, see, split_suffix
from publisher.web.links import address, node
from publisher.web.ontology_versions import changes
from publisher.web.ontology_view import ontology_view
from publisher.web.representations import ontology_quads, serialise
from publisher.web.signposts import Signposts
from publisher.web.site import site
from publisher.web.vocabulary import vocabulary

blueprint = Blueprint("ontology", __name__)


@blueprint.get("/ontology", defaults={"suffix": None})
@blueprint.get("/ontology.<suffix>")
def ontology(suffix: str | None) -> Response:
    """The whole ontology: a page with an anchor per term, or one OWL document."""
    return _answer("ontology", "ontology.ttl", choose(suffix), negotiated=not suffix)


@blueprint.get("/ontology/<path:name>")
def version(name: str) -> Response:
    """A version IRI leads to its version: the current one, or one that was kept (OWL 2 Syntax §3.2).

    Raises:
        NotFound: there is no such version.
    """
    iri = site().release.base_iri + "ontology"
    if node(f"{iri}/{name}") in vocabulary().terms.get(iri, {}).get(OWL + "versionIRI", ()):
        return see(address("ontology"))
    stem, chosen = split_suffix(name)
    file = f"versions/{stem}.ttl"
    if file not in {entry.path for entry in site().release.files}:
        raise NotFound(
            "This release has no version {version} of the ontology.", hint="See {place}", version=stem, place=iri
        )
    return _answer(f"ontology/{stem}", file, choose(chosen.suffix if chosen else None), negotiated=chosen is None)


def _answer(path: str, file: str, chosen: Format, *, negotiated: bool) -> Response:
    release = site().release
    about = Document(release.base_iri + path, path)
    facts = vocabulary().terms.get(about.iri, {})
    posts = Signposts(about, facts, [OWL + "Ontology"])
    if chosen in LINK_FORMATS:
        return posts.answer(posts.link_set(chosen), chosen, negotiated=negotiated)
    if chosen is PAGE:
        shown = {"view": ontology_view()} if path == "ontology" else {"changes": changes(release, file)}
        template = "ontology.html" if path == "ontology" else "ontology_version.html"
        return posts.answer(render_template(template, document=about, **shown), chosen, negotiated=negotiated)
    if chosen.name == "turtle":
        return posts.answer((release.folder / file).read_bytes(), chosen, negotiated=negotiated)
    body = serialise(ontology_quads(release, file), chosen, release.prefixes)
    return posts.answer(body, chosen, negotiated=negotiated)
