"""The one table of routes: what each takes and answers with, as far as the routes themselves do not say."""

from collections.abc import Mapping

from msgspec import Struct

from publisher.core.formats import (
    BY_NAME,
    CITATION_FORMATS,
    JSON,
    LINK_FORMATS,
    OPENSEARCH,
    PAGE,
    PICTURE_FORMATS,
    RDF_FORMATS,
    RESULT_FORMATS,
    TEXT,
    XML,
    Format,
)
from publisher.web.documents import LINKS_PAGE
from publisher.web.json_ld import FORMS
from publisher.web.profiles import ALTERNATES, PROFILES


class Parameter(Struct, frozen=True):
    """What a request may say besides its path.

    Args:
        name: of the parameter or header field.
        text: what it is for.
        values: all that it may be, where these are known.
        place: where it stands: ``query`` or ``header``.
    """

    name: str
    text: str
    values: tuple[str, ...] = ()
    place: str = "query"


_DESCRIBED = (PAGE, *RDF_FORMATS, *LINK_FORMATS)
DESCRIPTIONS = ("entities.entity", "entities.skolem", "entities.foreign", "entities.short")
"""Endpoints that answer with the description of a thing."""
OFFERS: Mapping[str, tuple[Format, ...]] = {
    **dict.fromkeys(DESCRIPTIONS, _DESCRIBED),
    "entities.thing": (),
    "ontology.ontology": _DESCRIBED,
    "ontology.version": _DESCRIBED,
    "quality.quality": _DESCRIBED,
    "inputs.input_file": (PAGE, TEXT),
    "sparql.endpoint": (PAGE, *RDF_FORMATS, *RESULT_FORMATS),
    "search.search": (JSON, PAGE, BY_NAME["csv"]),
    "search.description": (OPENSEARCH,),
    "completion.terms": (JSON,),
    "citations.citation": CITATION_FORMATS,
    "graphs.graph": RDF_FORMATS,
    "catalog.catalog": RDF_FORMATS,
    "pages.browse_class": (PAGE, BY_NAME["csv"]),
    "pages.context": tuple(f for f in RDF_FORMATS if f.name == "jsonld"),
    "pictures.show": PICTURE_FORMATS,
    "dumps.dump": (*RDF_FORMATS, JSON, TEXT),
    "dumps.moved": (),
    "discovery.well_known_void": (),
    "discovery.api_catalog": (BY_NAME["linkset-json"],),
    "discovery.interface": (JSON,),
    "discovery.robots": (TEXT,),
    "discovery.sitemap": (XML,),
    "monitoring.live": (TEXT,),
    "monitoring.ready": (TEXT,),
    "monitoring.metrics": (TEXT,),
}
"""Endpoint → what it answers with, if it is more than an address; every other one answers with a page."""

SENDS_ON = {
    "pages.home": 303,
    "entities.thing": 303,
    "entities.entity": 308,
    "entities.skolem": 308,
    "entities.foreign": 303,
    "ontology.version": 303,
    "graphs.graph": 303,
    "catalog.catalog": 303,
    "discovery.well_known_void": 302,
    "dumps.moved": 308,
}
"""Endpoint → status with which it sends some requests, or all, to another address."""
IN_PARTS = ("dumps.dump",)
"""Endpoints that answer with a range of bytes, if that is asked for (RFC 9110 §14)."""
NOT_KEPT = ("monitoring.live", "monitoring.ready", "monitoring.metrics")
"""Endpoints whose answers have nothing by which a client could ask whether they have changed."""
GIVEN_UP = ("entities.thing", *DESCRIPTIONS, "citations.citation")
"""Endpoints for things, whose addresses may have been given up."""

_FORMAT = Parameter("format", "Name, suffix or media type of a format; beats Accept.")
_PAGE = Parameter("page", "Number of the page, from 1.")
_TOKENS = ", ".join(profile.token for profile in (*PROFILES, ALTERNATES))
_DESCRIPTION = (
    Parameter("_profile", f"Token or IRI of a profile, which beats Accept-Profile: {_TOKENS}."),
    Parameter("_mediatype", "Media type of a format; beats Accept."),
    Parameter("form", "Document form of JSON-LD.", tuple(FORMS)),
    Parameter(LINKS_PAGE, "Number of the page of what points to the thing, from 1."),
    Parameter("Accept-Profile", "Profiles that are wanted, by IRI or token, with weights.", place="header"),
)
PARAMETERS: Mapping[str, tuple[Parameter, ...]] = {
    **dict.fromkeys(DESCRIPTIONS, _DESCRIPTION),
    "entities.foreign": (Parameter("iri", "The IRI that is asked about."), _FORMAT, *_DESCRIPTION),
    "sparql.endpoint": (
        Parameter("query", "A SPARQL 1.1 query; without one the service describes itself."),
        Parameter("default-graph-uri", "Graph that is queried as default graph; may be repeated."),
        Parameter("named-graph-uri", "Graph that is queried as named graph; may be repeated."),
        Parameter("view", "What the page shows beside the table: chart, network, map or table."),
        _FORMAT,
    ),
    "graphs.graph": (
        Parameter("graph", "IRI of a named graph."),
        Parameter("default", "Asks for the default graph."),
        _FORMAT,
    ),
    "citations.citation": (Parameter("iri", "The IRI of what is cited."), _FORMAT),
    "search.search": (
        Parameter("q", "Words to look for in names, gists and quotes."),
        Parameter("label", "A whole name to look up, instead of words."),
        Parameter("class", "Only things of this class: an IRI, or prefix:Name."),
        _PAGE,
        _FORMAT,
    ),
    "pages.browse_class": (
        Parameter("q", "Words that some name of each thing has."),
        Parameter("sort", "Column to sort by: name, or prefix:property; - before it sorts downwards."),
        _PAGE,
        _FORMAT,
    ),
    "dumps.dump": (Parameter("Range", "One range of bytes of the file.", place="header"),),
}
NOT_LISTED = ("static", "pages.favicon")
"""Endpoints that the description leaves out."""
