"""What else a description is offered as: the alternates view, and the page that explains the profiles.

Content Negotiation by Profile, § Alternate Representations Data Model.
"""

from collections.abc import Iterator
from urllib.parse import urljoin

from flask import Blueprint, Response, render_template
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.formats import PAGE, RDF_FORMATS, Format
from publisher.core.terms import DCTERMS, DESCRIPTION_PATH, RDF_TYPE
from publisher.web.documents import Document
from publisher.web.headers import represent
from publisher.web.profiles import ALTERNATES, MODEL, PROFILES, Profile
from publisher.web.site import site

ALTR = "http://www.w3.org/ns/dx/connegp/altr#"
PREFIXES = {"altr": ALTR, "dcterms": DCTERMS}

blueprint = Blueprint("alternates", __name__)


@blueprint.get("/profiles")
def profiles() -> Response:
    """What each profile gives, and how to ask for it."""
    return represent(
        render_template("profiles.html", profiles=(*PROFILES, ALTERNATES)), PAGE, vary=("Accept-Language",)
    )


def representations(about: Document) -> Iterator[tuple[Profile, Format, str]]:
    """Every profile in every format with its address, the default representation first."""
    for profile in (*about.profiles, ALTERNATES):
        for offered in (*RDF_FORMATS, *([PAGE] if has_page(profile) else [])):
            yield profile, offered, about.place(offered, profile)


def has_page(profile: Profile) -> bool:
    """Whether a profile is offered to people too; the others are data only."""
    return profile in (MODEL, ALTERNATES)


def alternates_of(about: Document) -> list[Quad]:
    """The alternates of a description as data."""
    base = site().release.base_iri
    thing, graph = NamedNode(about.iri), NamedNode(base + DESCRIPTION_PATH)
    quads = []
    for number, (profile, offered, href) in enumerate(representations(about)):
        place = NamedNode(urljoin(base, href))
        has = "hasRepresentation" if number else "hasDefaultRepresentation"
        quads += [
            Quad(thing, NamedNode(ALTR + has), place, graph),
            Quad(place, NamedNode(RDF_TYPE), NamedNode(ALTR + "Representation"), graph),
            Quad(place, NamedNode(DCTERMS + "format"), Literal(offered.media_type), graph),
            Quad(place, NamedNode(DCTERMS + "conformsTo"), NamedNode(profile.iri), graph),
        ]
    return quads
