"""The routes of this site as an OpenAPI 3.1 description, made from the routes themselves and the table of formats."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import current_app
from werkzeug.routing import Rule

from publisher import __version__
from publisher.core.formats import (
    BY_NAME,
    CITATION_FORMATS,
    COMPRESSIONS,
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
from publisher.core.terms import LABEL_PROPERTIES
from publisher.web.operation import FORM_TYPE, QUERY_TYPE
from publisher.web.problems import MEDIA_TYPE as PROBLEM
from publisher.web.site import site
from publisher.web.vocabulary import best, vocabulary

Document = dict[str, Any]

_DESCRIBED = (PAGE, *RDF_FORMATS, *LINK_FORMATS)
OFFERS: Mapping[str, tuple[Format, ...]] = {
    "entities.entity": _DESCRIBED,
    "entities.skolem": _DESCRIBED,
    "entities.foreign": _DESCRIBED,
    "entities.short": _DESCRIBED,
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
    "discovery.api_catalog": (BY_NAME["linkset-json"],),
    "discovery.interface": (JSON,),
    "discovery.robots": (TEXT,),
    "discovery.sitemap": (XML,),
    "monitoring.live": (TEXT,),
    "monitoring.ready": (TEXT,),
    "monitoring.metrics": (TEXT,),
}
"""Endpoint → what it answers with; every other one answers with a page."""

SENDS_ON = {"entities.thing": 303, "discovery.well_known_void": 302, "dumps.moved": 308}
"""Endpoint → status, where the answer is only an address."""

_FORMAT = ("format", "Name, suffix or media type of a format; beats Accept.")
_PAGE = ("page", "Number of the page, from 1.")
QUERY_PARAMETERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "entities.foreign": (("iri", "The IRI that is asked about."), _FORMAT),
    "sparql.endpoint": (
        ("query", "A SPARQL 1.1 query; without one the service describes itself."),
        ("default-graph-uri", "Graph that is queried as default graph; may be repeated."),
        ("named-graph-uri", "Graph that is queried as named graph; may be repeated."),
        ("view", "What the page shows beside the table: chart, network, map or table."),
        _FORMAT,
    ),
    "graphs.graph": (("graph", "IRI of a named graph."), ("default", "Asks for the default graph."), _FORMAT),
    "citations.citation": (("iri", "The IRI of what is cited."), _FORMAT),
    "search.search": (
        ("q", "Words to look for in names, gists and quotes."),
        ("label", "A whole name to look up, instead of words."),
        ("class", "Only things of this class: an IRI, or prefix:Name."),
        _PAGE,
        _FORMAT,
    ),
    "pages.browse_class": (_PAGE, _FORMAT),
}
NOT_LISTED = ("static", "pages.favicon")


def openapi() -> Document:
    """The description, by the rules of OpenAPI 3.1.1 (https://spec.openapis.org/oas/v3.1.1.html)."""
    title = best(vocabulary().dataset, LABEL_PROPERTIES)
    paths: Document = {}
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint not in NOT_LISTED and "GET" in (rule.methods or ()):
            paths[_template(rule)] = {"get": _get(rule)}
            if "POST" in (rule.methods or ()):
                paths[_template(rule)]["post"] = _post(rule)
    return {
        "openapi": "3.1.1",
        "info": {"title": title.value if title else "Linked data", "version": __version__},
        "servers": [{"url": site().release.base_iri.rstrip("/")}],
        "paths": paths,
        "components": {
            "responses": {
                "Problem": {
                    "description": "What is wrong, where, and what to do about it (RFC 9457).",
                    "content": {PROBLEM: {"schema": {"type": "object"}}, PAGE.media_type: {}},
                }
            }
        },
    }


def _template(rule: Rule) -> str:
    """The path with ``{name}`` for each variable."""
    return re.sub("<(?:[a-z]+:)?([a-z]+)>", r"{\1}", rule.rule)


def _get(rule: Rule) -> Document:
    operation: Document = {
        "operationId": ".".join((rule.endpoint, *_variables(rule))),
        "summary": _summary(rule.endpoint),
        "responses": _responses(rule.endpoint),
    }
    if parameters := list(_parameters(rule)):
        operation["parameters"] = parameters
    return operation


def _post(rule: Rule) -> Document:
    """The query operation by POST (SPARQL 1.1 Protocol §2.1.2, §2.1.3)."""
    fields = {name: {"type": "string", "description": text} for name, text in QUERY_PARAMETERS[rule.endpoint]}
    form = {"type": "object", "properties": fields, "required": ["query"]}
    return {
        "operationId": f"{rule.endpoint}.post",
        "summary": _summary(rule.endpoint),
        "requestBody": {
            "required": True,
            "content": {FORM_TYPE: {"schema": form}, QUERY_TYPE: {"schema": {"type": "string"}}},
        },
        "responses": _responses(rule.endpoint),
    }


def _summary(endpoint: str) -> str:
    """The first line of what the code says of the route."""
    return (current_app.view_functions[endpoint].__doc__ or endpoint).strip().splitlines()[0].replace("``", "")


def _variables(rule: Rule) -> list[str]:
    """What is variable in the path."""
    return sorted(rule.arguments - set(rule.defaults or ()))


def _parameters(rule: Rule) -> Iterator[Document]:
    for name in _variables(rule):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for name, text in QUERY_PARAMETERS.get(rule.endpoint, ()):
        yield {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
    if PAGE in _offers(rule.endpoint):
        languages = list(site().settings.languages)
        yield {"name": "lang", "in": "query", "schema": {"type": "string", "enum": languages}}


def _offers(endpoint: str) -> tuple[Format, ...]:
    return () if endpoint in SENDS_ON else OFFERS.get(endpoint, (PAGE,))


def _responses(endpoint: str) -> Document:
    if endpoint in SENDS_ON:
        return {str(SENDS_ON[endpoint]): {"description": "Where the answer is: see Location."}}
    media_types = [offered.media_type for offered in _offers(endpoint)]
    if endpoint == "dumps.dump":
        media_types += [compression.media_type for compression in COMPRESSIONS]
    content: Document = {media_type: {} for media_type in dict.fromkeys(media_types)}
    problem = {"$ref": "#/components/responses/Problem"}
    return {"200": {"description": "The representation asked for.", "content": content}, "default": problem}
