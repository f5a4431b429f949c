"""The one table of profiles: what a description may conform to (W3C Content Negotiation by Profile).

Routes, ``Link`` headers, pages and the tests read it. What a profile holds is made from the description: from
the links that the ontology and ``alignments.ttl`` declare, never by the names of classes.
"""

from collections.abc import Mapping, Sequence

from flask import request
from msgspec import Struct
from pyoxigraph import NamedNode, Quad

from publisher.core.request_errors import NotAcceptable
from publisher.core.terms import DCAT, DCTERMS, LABEL_PROPERTIES, RDF_TYPE, SCHEMA, SKOS, SPDX
from publisher.web.alignments import alignments
from publisher.web.description import Description
from publisher.web.distributions import distributions
from publisher.web.negotiation import accepted_profiles
from publisher.web.site import site

PROFILE_CLASS = "http://www.w3.org/ns/dx/prof/Profile"


class Profile(Struct, frozen=True, eq=False):
    """A profile.

    Args:
        token: its short name, the value of ``_profile``.
        identifier: its IRI, or its address below the base.
        label: its name for people; a message id.
        says: what it gives, in a sentence; a message id.
        prefixes: prefix → namespace of its terms, the main one first; neither these nor terms: all that is said.
        terms: IRIs of its terms.
        only_for: namespace of classes, one of which a thing must have in this profile.
        aliases: other IRIs by which it is asked for.
        has_downloads: whether the downloads of a dataset are described with it.
    """

    token: str
    identifier: str
    label: str
    says: str
    prefixes: Mapping[str, str] = {}
    terms: Sequence[str] = ()
    only_for: str = ""
    aliases: Sequence[str] = ()
    has_downloads: bool = False

    @property
    def iri(self) -> str:
        """Its IRI."""
        return self.identifier if ":" in self.identifier else site().release.base_iri + self.identifier

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that ``_profile`` and ``Accept-Profile`` may say to ask for it."""
        return self.token, self.iri, *self.aliases

    @property
    def namespaces(self) -> tuple[str, ...]:
        """How the IRIs of its terms begin."""
        return (*self.prefixes.values(), *self.terms)

    @property
    def context(self) -> Mapping[str, str] | None:
        """Its JSON-LD context; None: the release's."""
        return {"@vocab": next(iter(self.prefixes.values())), **self.prefixes} if self.prefixes else None


MODEL = Profile("model", "ontology", "the model of this dataset", "All that is said, in the terms of the ontology.")
SCHEMA_ORG = Profile(
    "schema",
    SCHEMA,
    "schema.org",
    "What has a term in schema.org, which search engines read.",
    {"schema": SCHEMA},
    aliases=("https://schema.org/", "http://schema.org", "https://schema.org"),
    has_downloads=True,
)
PROFILES = (
    MODEL,
    SCHEMA_ORG,
    Profile(
        "dcat",
        "http://www.w3.org/ns/dcat",
        "DCAT",
        "What data catalogues exchange; for datasets only.",
        {"dcat": DCAT, "dcterms": DCTERMS, "spdx": SPDX},
        only_for=DCAT,
        aliases=(DCAT,),
        has_downloads=True,
    ),
    Profile(
        "skos",
        SKOS.removesuffix("#"),
        "SKOS",
        "Names, notes and relations of concepts; names of all else.",
        {"skos": SKOS},
        aliases=(SKOS,),
    ),
    Profile(
        "labels", "profiles#labels", "names only", "Names in every language, and nothing else.", terms=LABEL_PROPERTIES
    ),
)
ALTERNATES = Profile(
    "alt",
    "http://www.w3.org/ns/dx/connegp/altr",
    "all representations",
    "Which profiles and formats there are of this description.",
)
"""The view in which a description says what else it is offered as (§ Alternate Representations Data Model)."""


def offered(description: Description) -> tuple[Profile, ...]:
    """The profiles in which something is said of a thing, the default one first.

    Args:
        description: all that is said.
    """
    own = [quad for quad in description.own if quad.subject == description.iri]
    return tuple(profile for profile in PROFILES if profile is MODEL or _says(own, profile))


def said_in(profile: Profile, description: Description) -> set[Quad]:
    """What is said in a profile.

    Args:
        profile: one of ``PROFILES``.
        description: all that is said.
    """
    if profile is MODEL:
        return description.quads
    own = [*description.own, *(distributions(description.own) if profile.has_downloads else ())]
    said = alignments().carried_over([*own, *description.incoming], profile.namespaces)
    mentioned = {term for quad in said for term in (quad.subject, quad.object)}
    names = [quad for quad in description.names if quad.subject in mentioned]
    return said | alignments().carried_over(names, profile.namespaces)


def _says(own: Sequence[Quad], profile: Profile) -> bool:
    """Whether anything that is said of a thing itself can be said in a profile, and the thing is of its classes."""
    said = alignments().carried_over(own, profile.namespaces)
    kinds = [quad.object for quad in said if quad.predicate.value == RDF_TYPE]
    is_fit = any(isinstance(kind, NamedNode) and kind.value.startswith(profile.only_for) for kind in kinds)
    return bool(said) and (is_fit or not profile.only_for)


def wanted(choices: Sequence[Profile], *, by_header: bool) -> Profile:
    """The profile that the running request asks for: ``_profile`` beats ``Accept-Profile``.

    Args:
        choices: the profiles there are, the default one first.
        by_header: whether ``Accept-Profile`` counts; where it names nothing that there is, it is disregarded.

    Raises:
        NotAcceptable: ``_profile`` asks for one that there is not.
    """
    by_name = {name: profile for profile in (*reversed(choices), ALTERNATES) for name in profile.names}
    if asked := [name for name in request.args.getlist("_profile") if name]:
        chosen = next((by_name[name] for name in asked if name in by_name), None)
        if chosen is None:
            offer = ", ".join(profile.token for profile in (*choices, ALTERNATES))
            raise NotAcceptable("'{name}' is not offered here.", hint="Offered: {offer}.", name=asked[0], offer=offer)
        return chosen
    by_name["*"] = choices[0]
    accepted = accepted_profiles() if by_header else []
    return next((by_name[name] for name in accepted if name in by_name), choices[0])
