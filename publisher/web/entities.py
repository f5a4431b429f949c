"""Addresses of things: 303 from the thing to its document, and the document in every format.

Cool URIs for the Semantic Web §4.2 (303 forwarding) and §4.3 (content negotiation).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast
from urllib.parse import urljoin

from flask import Blueprint, Response, render_template, request
from msgspec.structs import replace
from pyoxigraph import NamedNode

from publisher.core.formats import BY_NAME, CITATION_FORMATS, LINK_FORMATS, PAGE, RDF_FORMATS, Format
from publisher.core.request_errors import BadRequest, NotFound
from publisher.core.terms import SKOLEM_PATH
from publisher.web.alternates import PREFIXES, alternates_of, has_page, representations
from publisher.web.citation import as_text, cite
from publisher.web.description import Description, names_by_node
from publisher.web.documents import BY_ADDRESS, OFFERED, Document, see, split_suffix
from publisher.web.dumps import downloads, item_of
from publisher.web.entity_view import EntityView, stated_types, view
from publisher.web.headers import moved
from publisher.web.json_ld import COMPACTED, FORMS, NAMESPACE, context_of, wanted_form, write
from publisher.web.links import (
    SHORT,
    curie,
    description_path,
    document,
    encoded,
    expand,
    local_name,
    place,
    query_string,
)
from publisher.web.lookup import described, first_described, first_said, refuse_retired, spellings, unknown
from publisher.web.negotiation import choices, first_possible
from publisher.web.pictures.data import pictures_with
from publisher.web.pictures.place import map_of
from publisher.web.pictures.surroundings import surroundings_of
from publisher.web.profiles import ALTERNATES, SCHEMA_ORG, Profile, offered, said_in, wanted
from publisher.web.queries import of_thing
from publisher.web.representations import serialise
from publisher.web.sections import sections
from publisher.web.signposts import Signposts
from publisher.web.site import site
from publisher.web.structured_data import structured_data
from publisher.web.vocabulary import vocabulary

blueprint = Blueprint("entities", __name__)

TEMPLATES = Path(__file__).parent / "templates" / "entity"
"""The folder of the templates that a project has for its classes."""


@blueprint.get("/id/<path:path>")
def thing(path: str) -> Response:
    """303 See Other: a thing is not a document (RFC 9110 §15.4.4).

    Raises:
        Gone: its address was given up.
    """
    iri = site().release.base_iri + "id/" + path
    refuse_retired(iri)
    if request.query_string and (whole := first_said((f"{iri}?{request.query_string.decode('latin-1')}",))):
        return see(document(whole.value))
    return see(place("doc/" + encoded(path)) + query_string())


@blueprint.get("/doc/<path:path>")
def entity(path: str) -> Response:
    """The description of ``{base}id/<path>``, negotiated, or in the format of its suffix."""
    return _answer("id/", "doc/", path)


@blueprint.get(f"/{SKOLEM_PATH}<path:path>")
def skolem(path: str) -> Response:
    """The description of a node that the files leave unnamed (RDF 1.1 Concepts §3.5)."""
    return _answer(SKOLEM_PATH, SKOLEM_PATH, path)


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
    if not names and "_profile" not in request.args:
        if description_path(iri) is not None:
            return see(document(iri))
        if SHORT.fullmatch(short := curie(iri)):
            return _respond(described(iri), "describe/" + short, {}, ())
    return _respond(described(iri), "describe", {"iri": iri}, names)


@blueprint.get("/describe/<path:path>")
def short(path: str) -> Response:
    """What this dataset says about ``prefix:name``, an IRI shortened with a prefix of the release.

    Raises:
        NotFound: there is no such prefix, or nothing is said of the IRI.
    """
    stem, chosen = split_suffix(path)
    whole = expand(path)
    if chosen and whole and site().incoming.is_file_like(whole):
        stem, chosen = path, None
    iri = expand(stem)
    if iri is None:
        raise NotFound("'{iri}' has no prefix that is known here.", iri=stem, where=request.path)
    return _respond(described(iri), "describe/" + stem, {}, [chosen.name] if chosen else _media_types())


def _answer(space: str, folder: str, path: str) -> Response:
    """The description of the thing with a path.

    Args:
        space: where the IRIs of such things begin, below the base.
        folder: where the addresses of their documents begin.
        path: what was asked for after that.
    """
    base = site().release.base_iri + space
    stem, chosen = split_suffix(path)
    if chosen and any(site().incoming.is_file_like(base + spelling) for spelling in spellings(path)):
        stem, chosen = path, None
    description = first_described(base, stem)
    if description is None:
        shorter = path.rstrip("/")
        if shorter != path and shorter and first_described(base, split_suffix(shorter)[0]):
            return moved(folder + encoded(shorter))
        raise unknown(base + stem)
    names = [chosen.name] if chosen else _media_types()
    return _respond(description, folder + description.iri.value.removeprefix(base), {}, names)


def _media_types() -> list[str]:
    """What ``_mediatype`` asks for (Content Negotiation by Profile, “QSA Functional Profile”)."""
    return [name.partition(";")[0].strip() for name in request.args.getlist("_mediatype") if name]


def _respond(description: Description, path: str, parameters: Mapping[str, str], names: Sequence[str]) -> Response:
    """The description in the profile and the format that the request asks for.

    Args:
        description: what is said.
        path: of its document, not percent-encoded.
        parameters: of its document's address.
        names: formats that the address asks for, which beat ``Accept`` and ``Accept-Profile``.
    """
    profiles = offered(description)
    profile = wanted(profiles, by_header=not names)
    if names:
        taken = choices(BY_ADDRESS if has_page(profile) else (*RDF_FORMATS, *LINK_FORMATS), names)
    else:
        taken = choices(OFFERED if has_page(profile) else RDF_FORMATS)
    plain = Document(description.iri.value, path, parameters, profiles, profile, description.page, description.pages)

    def answer_in(chosen: Format) -> Response:
        form = wanted_form(by_header=not names) if chosen is BY_NAME["jsonld"] else COMPACTED
        about = replace(
            plain,
            named=chosen if names and chosen is not PAGE else None,
            kept={"form": form} if form != COMPACTED and "form" in request.args else {},
        )
        posts = _signposts(description, about)
        if chosen in LINK_FORMATS:
            return posts.answer(posts.link_set(chosen), chosen, negotiated=False)
        if chosen is PAGE:
            return posts.answer(_page(description, about), chosen, negotiated=not names)
        quads = alternates_of(about) if profile is ALTERNATES else said_in(profile, description)
        prefixes = {**profile.prefixes, **(PREFIXES if profile is ALTERNATES else {}), **site().release.prefixes}
        if chosen is not BY_NAME["jsonld"]:
            return posts.answer(serialise(quads, chosen, prefixes), chosen, negotiated=not names)
        query = {} if form == COMPACTED else {"form": form}
        body = write(quads, form, description.iri, profile.context or context_of(site().release))
        response = posts.answer(body, chosen, negotiated=not names, **query)
        if query:
            response.content_type = f'{chosen.content_type};profile="{NAMESPACE}{form}"'
        return response

    return first_possible(taken, answer_in)


def _signposts(description: Description, about: Document) -> Signposts:
    """What is said of a foreign thing is said of the thing, not of what this dataset says about it."""
    outgoing = [quad for quad in description.own if quad.subject == description.iri]
    is_own = about.iri.startswith(site().release.base_iri)
    facts = names_by_node(outgoing).get(about.iri, {}) if is_own else {}
    kinds = [cast(NamedNode, quad.object).value for quad in stated_types(outgoing)]
    items = [item_of(download) for download in downloads().values()] if about.iri == vocabulary().dataset_iri else ()
    return Signposts(about, facts, vocabulary().most_specific(list(dict.fromkeys(kinds))), items)


def _page(description: Description, about: Document) -> str:
    if about.profile is ALTERNATES:
        table: dict[Profile, list[tuple[Format, str]]] = {}
        for profile, chosen, href in representations(about):
            table.setdefault(profile, []).append((chosen, href))
        forms = [(form, about.place(BY_NAME["jsonld"], form=form)) for form in FORMS]
        name = view(site().store, description).name
        return render_template("alternates.html", name=name, document=about, table=table, forms=forms)
    shown = view(site().store, description)
    here = urljoin(site().release.base_iri, about.place(PAGE))
    in_schema_org = said_in(SCHEMA_ORG, description) if SCHEMA_ORG in about.profiles else ()
    data = structured_data(description.iri, in_schema_org, here)
    return render_template(
        _template(shown),
        view=shown,
        picture=surroundings_of(shown),
        map=map_of(description, shown.name),
        pictures=pictures_with(site().release, site().settings.languages, about.iri),
        document=about,
        structured_data=data,
        citation=as_text(cite(about.iri, shown.name.text)),
        citation_formats=CITATION_FORMATS,
        query=of_thing(about.iri),
        sections=sections(about.iri, _class_names(shown)),
    )


def _template(shown: EntityView) -> str:
    """The template of the thing's class if the project has one, else the generic one."""
    own = next((name for name in _class_names(shown) if name in _classes_with_templates()), None)
    return f"entity/{own}.html" if own else "entity.html"


@cache
def _classes_with_templates() -> frozenset[str]:
    return frozenset(file.stem for file in TEMPLATES.glob("*.html"))


def _class_names(shown: EntityView) -> list[str]:
    """The names by which a project's files are for the thing's classes."""
    return [local_name(kind.iri).rpartition(":")[2] for kind in shown.kinds if kind.iri]
