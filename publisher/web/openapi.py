"""The routes of this site as an OpenAPI 3.1 description, made from the routes themselves and the tables."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask import current_app
from werkzeug.routing import Rule

from publisher import __version__
from publisher.core.formats import COMPRESSIONS, PAGE, Format
from publisher.core.request_errors import Gone, NotAcceptable, NotFound, PreconditionFailed, RequestError
from publisher.core.terms import LABEL_PROPERTIES
from publisher.web.offers import (
    GIVEN_UP,
    IN_PARTS,
    NOT_KEPT,
    NOT_LISTED,
    OFFERS,
    PARAMETERS,
    SENDS_ON,
    Parameter,
)
from publisher.web.operation import FORM_TYPE, QUERY_TYPE
from publisher.web.problems import MEDIA_TYPE as PROBLEM
from publisher.web.problems import every_error, meaning_of
from publisher.web.site import site
from publisher.web.vocabulary import best, vocabulary

Document = dict[str, Any]

_TEXT = {"type": "string"}
_PROBLEM = {PROBLEM: {"schema": {"type": "object"}}, PAGE.media_type: {}}


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
                    "content": _PROBLEM,
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
        "responses": _responses(rule) | _conditional(rule.endpoint),
    }
    if parameters := list(_parameters(rule)):
        operation["parameters"] = parameters
    return operation


def _post(rule: Rule) -> Document:
    """The query operation by POST (SPARQL 1.1 Protocol §2.1.2, §2.1.3)."""
    fields = {one.name: {**_schema(one), "description": one.text} for one in PARAMETERS[rule.endpoint]}
    form = {"type": "object", "properties": fields, "required": ["query"]}
    return {
        "operationId": f"{rule.endpoint}.post",
        "summary": _summary(rule.endpoint),
        "requestBody": {
            "required": True,
            "content": {FORM_TYPE: {"schema": form}, QUERY_TYPE: {"schema": _TEXT}},
        },
        "responses": _responses(rule),
    }


def _said(endpoint: str) -> str:
    """What the code says of the route."""
    return (current_app.view_functions[endpoint].__doc__ or endpoint).strip()


def _summary(endpoint: str) -> str:
    """The first line of it."""
    return _said(endpoint).splitlines()[0].replace("``", "")


def _variables(rule: Rule) -> list[str]:
    """What is variable in the path."""
    return sorted(rule.arguments - set(rule.defaults or ()))


def _schema(parameter: Parameter) -> Document:
    return {**_TEXT, "enum": list(parameter.values)} if parameter.values else _TEXT


def _parameters(rule: Rule) -> Iterator[Document]:
    for name in _variables(rule):
        yield {"name": name, "in": "path", "required": True, "schema": _TEXT}
    for one in PARAMETERS.get(rule.endpoint, ()):
        yield {"name": one.name, "in": one.place, "description": one.text, "schema": _schema(one)}
    if PAGE in _offers(rule.endpoint):
        languages = list(site().settings.languages)
        yield {"name": "lang", "in": "query", "schema": {**_TEXT, "enum": languages}}


def _offers(endpoint: str) -> tuple[Format, ...]:
    return OFFERS.get(endpoint, (PAGE,))


def _responses(rule: Rule) -> Document:
    """Status → answer; problems that can come of any request are told by ``4XX`` and ``5XX``."""
    found: Document = {}
    if _offers(rule.endpoint):
        found["200"] = {"description": "The representation asked for.", "content": _content(rule.endpoint)}
    if status := SENDS_ON.get(rule.endpoint):
        location = {"description": "The address.", "schema": {**_TEXT, "format": "uri-reference"}}
        found[str(status)] = {"description": "The answer is at another address.", "headers": {"Location": location}}
    if rule.endpoint == "monitoring.ready":
        found["503"] = {"description": "Queries would not be answered.", "content": _content(rule.endpoint)}
    problem = {"$ref": "#/components/responses/Problem"}
    return found | _problems(_errors(rule)) | {"4XX": problem, "5XX": problem}


def _content(endpoint: str) -> Document:
    media_types = [offered.media_type for offered in _offers(endpoint)]
    if endpoint == "dumps.dump":
        media_types += [compression.media_type for compression in COMPRESSIONS]
    return {media_type: {} for media_type in media_types}


def _conditional(endpoint: str) -> Document:
    """The answers to conditions and to ranges (RFC 9110 §13, §14)."""
    found: Document = {}
    if _offers(endpoint) and endpoint not in NOT_KEPT:
        found["304"] = {"description": "The client has the representation already."}
        found |= _problems([PreconditionFailed])
    if endpoint in IN_PARTS:
        found["206"] = {"description": "The range asked for.", "content": _content(endpoint)}
        found["416"] = {"description": "The file ends before the range begins.", "content": _PROBLEM}
    return found


def _problems(kinds: Iterable[type[RequestError]]) -> Document:
    return {str(kind.status): {"description": meaning_of(kind), "content": _PROBLEM} for kind in kinds}


def _errors(rule: Rule) -> Iterator[type[RequestError]]:
    """The errors that the code says the route raises, and those that come of its path and its formats."""
    named = set(re.findall(r"^ +(\w+): ", _said(rule.endpoint), re.MULTILINE)) - {RequestError.__name__}
    implied = {
        NotFound: bool(_variables(rule)),
        NotAcceptable: len(_offers(rule.endpoint)) > 1,
        Gone: rule.endpoint in GIVEN_UP,
    }
    for kind in every_error():
        if issubclass(kind, RequestError) and (kind.__name__ in named or implied.get(kind)):
            yield kind
