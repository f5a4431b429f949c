"""Addresses of things: 303 from the thing to its document, and the document in every format.

Cool URIs for the Semantic Web §4.2 (303 forwarding) and §4.3 (content negotiation).
"""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from urllib.parse import urljoin

from flask import Blueprint, Response, render_template, request
from jinja2 import Template
from pyoxigraph import Quad

from publisher.core.errors import BadRequest, NotFound
from publisher.core.formats import BY_NAME, CITATION_FORMATS, PAGE, RDF_FORMATS, Format
from publisher.core.terms import SKOLEM_PATH
from publisher.web.alternates import PREFIXES, alternates_of, has_page, representations
from publisher.web.citation import as_text, cite
from publisher.web.description import Description, describe
from publisher.web.documents import OFFERED, Document, finish, see, split_suffix
from publisher.web.entity_view import EntityView, view
from publisher.web.json_ld import COMPACTED, FORMS, NAMESPACE, context_of, wanted_form, write
from publisher.web.links import address, document, local_name, local_path, node, place, query_string
from publisher.web.negotiation import negotiate
from publisher.web.profiles import ALTERNATES, SCHEMA_ORG, Profile, offered, wanted
from publisher.web.queries import of_thing
from publisher.web.representations import serialise
from publisher.web.sections import sections
from publisher.web.site import site
from publisher.web.structured_data import structured_data
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
    names = [name for name in request.args.getlist("format") if name] or _media_types()
    if local_path(iri) is not None and not names and "_profile" not in request.args:
        return see(document(iri))
    return _respond(iri, lambda chosen, **query: address("describe", iri=iri, format=chosen.name, **query), names)


def _answer(iri: str, path: str, chosen: Format | None) -> Response:
    names = [chosen.suffix] if chosen else _media_types()
    return _respond(iri, lambda offered, **query: address(f"{path}.{offered.suffix}", **query), names)


def _media_types() -> list[str]:
    """What ``_mediatype`` asks for (Content Negotiation by Profile, “QSA Functional Profile”)."""
    return [name.partition(";")[0].strip() for name in request.args.getlist("_mediatype") if name]


def described(iri: str) -> Description:
    """What this dataset says of an IRI.

    Raises:
        NotFound: it is no IRI, or nothing is said of it.
    """
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


def _respond(iri: str, in_format: Callable[..., str], names: Sequence[str]) -> Response:
    """The description in the profile and the format that the request asks for.

    Args:
        iri: what is described.
        in_format: the address of the representation in a format, with parameters.
        names: formats that the address asks for, which beat ``Accept`` and ``Accept-Profile``.
    """
    description = described(iri)
    said = offered(description)
    profile = wanted(tuple(said), by_header=not names)
    about = Document(iri, in_format, tuple(said), profile)
    chosen = negotiate(OFFERED if has_page(profile) else RDF_FORMATS, names)
    if chosen is PAGE:
        page = _page(description, about, said.get(SCHEMA_ORG, ()))
        return finish(page, about, chosen, negotiated=not names)
    quads = alternates_of(about) if profile is ALTERNATES else said[profile]
    prefixes = {**profile.prefixes, **(PREFIXES if profile is ALTERNATES else {}), **site().release.prefixes}
    if chosen is not BY_NAME["jsonld"]:
        return finish(serialise(quads, chosen, prefixes), about, chosen, negotiated=not names)
    form = wanted_form(by_header=not names)
    query = {} if form == COMPACTED else {"form": form}
    body = write(quads, form, description.iri, profile.context or context_of(site().release))
    response = finish(body, about, chosen, negotiated=not names, **query)
    if query:
        response.content_type = f'{chosen.content_type};profile="{NAMESPACE}{form}"'
    return response


def _page(description: Description, about: Document, in_schema_org: Sequence[Quad]) -> str:
    if about.profile is ALTERNATES:
        table: dict[Profile, list[tuple[Format, str]]] = {}
        for profile, chosen, href in representations(about):
            table.setdefault(profile, []).append((chosen, href))
        forms = [(form, about.place(BY_NAME["jsonld"], form=form)) for form in FORMS]
        name = view(site().store, description).name
        return render_template("alternates.html", name=name, document=about, table=table, forms=forms)
    shown = view(site().store, description)
    here = urljoin(site().release.base_iri, about.place(PAGE))
    data = structured_data(description.iri, in_schema_org, here)
    return render_template(
        _template(shown),
        view=shown,
        document=about,
        structured_data=data,
        citation=as_text(cite(about.iri, shown.name.text)),
        citation_formats=CITATION_FORMATS,
        query=of_thing(about.iri),
        sections=sections(about.iri, _class_names(shown)),
    )


def _template(shown: EntityView) -> list[str | Template]:
    """The template of the thing's class if the project has one, else the generic one."""
    return [*(f"entity/{name}.html" for name in _class_names(shown)), "entity.html"]


def _class_names(shown: EntityView) -> list[str]:
    """The names by which a project's files are for the thing's classes."""
    return [local_name(kind.iri).rpartition(":")[2] for kind in shown.kinds if kind.iri]
