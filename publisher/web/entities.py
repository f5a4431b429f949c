"""Addresses of things: 303 from the thing to its document, and the document in every format.

Cool URIs for the Semantic Web §4.2 (303 forwarding) and §4.3 (content negotiation).
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request
from jinja2 import Template
from pyoxigraph import NamedNode
from werkzeug.urls import iri_to_uri

from publisher.core.errors import BadRequest, NotFound
from publisher.core.formats import BY_NAME, PAGE, RDF_FORMATS, Format
from publisher.core.terms import OWL, SKOLEM_PATH
from publisher.web.description import Description, describe
from publisher.web.entity_view import EntityView, view
from publisher.web.headers import negotiate, represent
from publisher.web.language import current_language
from publisher.web.links import address, document, local_name, local_path, place
from publisher.web.ontology_view import ontology_view
from publisher.web.representations import ontology_quads, ontology_turtle, serialise
from publisher.web.site import site
from publisher.web.vocabulary import vocabulary

blueprint = Blueprint("entities", __name__)

OFFERED = (BY_NAME["turtle"], PAGE, *(f for f in RDF_FORMATS if f.name != "turtle"))
"""What a description is offered in, Turtle first for clients without a preference."""

SUFFIXES = {f.suffix: f for f in OFFERED}


@dataclass(frozen=True)
class Document:
    """A document about one IRI, and where each of its representations is.

    Args:
        iri: what it describes.
        in_format: the address of the representation in a format.
    """

    iri: str
    in_format: Callable[[Format], str]

    @property
    def formats(self) -> list[tuple[Format, str]]:
        """Every representation with its address, the page first."""
        return [(offered, self.in_format(offered)) for offered in (PAGE, *RDF_FORMATS)]

    @property
    def link_header(self) -> str:
        """``Link``: the other representations and the thing described (RFC 8288, RFC 6892)."""
        links = [f'<{href}>; rel="alternate"; type="{offered.media_type}"' for offered, href in self.formats]
        return ", ".join([*links, f'<{iri_to_uri(self.iri)}>; rel="describes"'])


@blueprint.get("/id/<path:path>")
def thing(path: str) -> Response:
    """303 See Other: a thing is not a document (RFC 9110 §15.4.4)."""
    query = request.query_string.decode("latin-1")
    return _see(place("doc/" + path) + (f"?{query}" if query else ""))


@blueprint.get("/doc/<path:path>")
def entity(path: str) -> Response:
    """The description of ``{base}id/<path>``, negotiated, or in the format of its suffix."""
    stem, chosen = _suffix(path)
    return _answer(site().release.base_iri + "id/" + stem, "doc/" + stem, chosen)


@blueprint.get(f"/{SKOLEM_PATH}<path:path>")
def skolem(path: str) -> Response:
    """The description of a node that the files leave unnamed (RDF 1.1 Concepts §3.5)."""
    stem, chosen = _suffix(path)
    return _answer(site().release.base_iri + SKOLEM_PATH + stem, SKOLEM_PATH + stem, chosen)


@blueprint.get("/describe")
def foreign() -> Response:
    """What this dataset says about any IRI: ``?iri=``, and ``&format=`` to choose without ``Accept``.

    Raises:
        BadRequest: there is no ``iri`` or it is no IRI.
        NotFound: nothing is said of it.
    """
    iri = request.args.get("iri", "")
    if not iri:
        raise BadRequest("The parameter 'iri' is missing.", hint="Add ?iri= and the percent-encoded IRI.")
    name = request.args.get("format")
    if local_path(iri) is not None and not name:
        return _see(document(iri))

    def in_format(offered: Format) -> str:
        return address("describe", iri=iri, format=offered.name)

    return _respond(_described(iri), Document(iri, in_format), negotiate(OFFERED, name=name), negotiated=not name)


@blueprint.get("/ontology/<path:version>")
def ontology_version(version: str) -> Response:
    """The version IRI of the ontology leads to it (OWL 2 Structural Specification §3.2).

    Raises:
        NotFound: this release has another version.
    """
    iri = site().release.base_iri + "ontology"
    if NamedNode(f"{iri}/{quote(version)}") not in vocabulary().terms.get(iri, {}).get(OWL + "versionIRI", ()):
        raise NotFound(f"This release has no version {version} of the ontology.", hint=f"See {iri}")
    return _see(address("ontology"))


@blueprint.get("/ontology", defaults={"suffix": None})
@blueprint.get("/ontology.<suffix>")
def ontology(suffix: str | None) -> Response:
    """The whole ontology: a page with an anchor per term, or one OWL document."""
    if suffix is not None and suffix not in SUFFIXES:
        raise NotFound(f"There is no format '.{suffix}'.", hint="Formats: " + ", ".join(SUFFIXES) + ".")
    release = site().release
    chosen = negotiate(OFFERED, name=suffix)
    about = Document(release.base_iri + "ontology", lambda offered: address(f"ontology.{offered.suffix}"))
    if chosen is PAGE:
        return _finish(
            render_template("ontology.html", view=ontology_view(), document=about), about, chosen, not suffix
        )
    if chosen.name == "turtle":
        return _finish(ontology_turtle(release), about, chosen, not suffix)
    return _finish(serialise(ontology_quads(release), chosen, release.prefixes), about, chosen, not suffix)


def _suffix(path: str) -> tuple[str, Format | None]:
    """Splits a known suffix off a path: slugs may contain dots of their own."""
    stem, dot, suffix = path.rpartition(".")
    return (stem, SUFFIXES[suffix]) if dot and suffix in SUFFIXES else (path, None)


def _see(location: str) -> Response:
    response = Response(status=303)
    response.headers["Location"] = location
    return response


def _answer(iri: str, path: str, chosen: Format | None) -> Response:
    description = _described(iri)
    about = Document(iri, lambda offered: address(f"{path}.{offered.suffix}"))
    return _respond(description, about, chosen or negotiate(OFFERED), negotiated=chosen is None)


def _described(iri: str) -> Description:
    try:
        node = NamedNode(iri)
    except ValueError:
        raise NotFound(f"'{iri}' is not an IRI.", where=request.path) from None
    description = describe(site().store, node)
    if description.is_empty:
        raise NotFound(f"Nothing is said of <{iri}>.", hint=_nearest(iri), where=request.path)
    return description


def _nearest(iri: str) -> str:
    """What a mistyped address may have meant: the closest ids, those of the same class first."""
    prefix = site().release.base_iri + "id/"
    if not iri.startswith(prefix) or len(iri) > len(prefix) + 200:
        return ""
    kind = iri.removeprefix(prefix).partition("/")[0] + "/"
    every = [known.removeprefix(prefix) for known in vocabulary().ids]
    siblings = [known for known in every if known.startswith(kind)] or every
    close = get_close_matches(iri.removeprefix(prefix), siblings[:5000], n=3, cutoff=0.5)
    return "Did you mean " + ", ".join(prefix + name for name in close) + "?" if close else ""


def _respond(description: Description, about: Document, chosen: Format, *, negotiated: bool) -> Response:
    if chosen is PAGE:
        shown = view(site().store, description)
        return _finish(render_template(_template(shown), view=shown, document=about), about, chosen, negotiated)
    body = serialise(description.quads, chosen, site().release.prefixes)
    return _finish(body, about, chosen, negotiated)


def _template(shown: EntityView) -> list[str | Template]:
    """The template of the thing's class if the project has one, else the generic one."""
    names = [local_name(kind.iri).rpartition(":")[2] for kind in shown.kinds if kind.iri]
    return [*(f"entity/{name}.html" for name in names), "entity.html"]


def _finish(body: bytes | str, about: Document, chosen: Format, negotiated: bool) -> Response:
    vary = ("Accept", "Accept-Language") if negotiated else ("Accept-Language",) if chosen is PAGE else ()
    response = represent(body, chosen, vary=vary)
    response.headers["Link"] = about.link_header
    if negotiated:
        response.headers["Content-Location"] = about.in_format(chosen)
    if chosen is PAGE:
        response.content_language.add(current_language())
    return response
