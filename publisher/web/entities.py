"""Addresses of things: 303 from the thing to its document, and the document in every format.

Cool URIs for the Semantic Web §4.2 (303 forwarding) and §4.3 (content negotiation).
"""

from difflib import get_close_matches

from flask import Blueprint, Response, render_template, request
from jinja2 import Template

from publisher.core.errors import BadRequest, NotFound
from publisher.core.formats import PAGE, Format
from publisher.core.terms import SKOLEM_PATH
from publisher.web.description import Description, describe
from publisher.web.documents import OFFERED, Document, finish, see, split_suffix
from publisher.web.entity_view import EntityView, view
from publisher.web.json_ld import compacted
from publisher.web.links import address, document, local_name, local_path, node, place, query_string
from publisher.web.negotiation import negotiate
from publisher.web.representations import serialise
from publisher.web.site import site
from publisher.web.vocabulary import vocabulary

blueprint = Blueprint("entities", __name__)


@blueprint.get("/id/<path:path>")
def thing(path: str) -> Response:
    """303 See Other: a thing is not a document (RFC 9110 §15.4.4)."""
    return see(place("doc/" + path) + query_string())


@blueprint.get("/doc/<path:path>")
def entity(path: str) -> Response:
    """The description of ``{base}id/<path>``, negotiated, or in the format of its suffix."""
    stem, chosen = split_suffix(path)
    return _answer(site().release.base_iri + "id/" + stem, "doc/" + stem, chosen)


@blueprint.get(f"/{SKOLEM_PATH}<path:path>")
def skolem(path: str) -> Response:
    """The description of a node that the files leave unnamed (RDF 1.1 Concepts §3.5)."""
    stem, chosen = split_suffix(path)
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
    names = [name for name in request.args.getlist("format") if name]
    if local_path(iri) is not None and not names:
        return see(document(iri))

    def in_format(offered: Format) -> str:
        return address("describe", iri=iri, format=offered.name)

    return _respond(
        _described(iri),
        Document(iri, in_format),
        negotiate(OFFERED, names),
        negotiated=not names,
    )


def _answer(iri: str, path: str, chosen: Format | None) -> Response:
    description = _described(iri)
    about = Document(iri, lambda offered: address(f"{path}.{offered.suffix}"))
    return _respond(description, about, chosen or negotiate(OFFERED), negotiated=chosen is None)


def _described(iri: str) -> Description:
    term = node(iri)
    if term is None:
        raise NotFound("'{iri}' is not an IRI.", iri=iri, where=request.path)
    description = describe(site().store, term)
    if description.is_empty:
        if close := ", ".join(_nearest(iri)):
            raise NotFound("Nothing is said of <{iri}>.", hint="Did you mean {close}?", iri=iri, close=close)
        raise NotFound("Nothing is said of <{iri}>.", iri=iri)
    return description


def _nearest(iri: str) -> list[str]:
    """What a mistyped address may have meant: the closest ids, those of the same class first."""
    prefix = site().release.base_iri + "id/"
    if not iri.startswith(prefix) or len(iri) > len(prefix) + 200:
        return []
    kind = iri.removeprefix(prefix).partition("/")[0] + "/"
    every = [known.removeprefix(prefix) for known in vocabulary().ids]
    siblings = [known for known in every if known.startswith(kind)] or every
    close = get_close_matches(iri.removeprefix(prefix), siblings[:5000], n=3, cutoff=0.5)
    return [prefix + name for name in close]


def _respond(description: Description, about: Document, chosen: Format, *, negotiated: bool) -> Response:
    if chosen is PAGE:
        shown = view(site().store, description)
        return finish(
            render_template(_template(shown), view=shown, document=about), about, chosen, negotiated=negotiated
        )
    if chosen.name == "jsonld":
        body = compacted(description.quads, site().release)
    else:
        body = serialise(description.quads, chosen, site().release.prefixes)
    return finish(body, about, chosen, negotiated=negotiated)


def _template(shown: EntityView) -> list[str | Template]:
    """The template of the thing's class if the project has one, else the generic one."""
    names = [local_name(kind.iri).rpartition(":")[2] for kind in shown.kinds if kind.iri]
    return [*(f"entity/{name}.html" for name in names), "entity.html"]
