"""The query operation as a request: its parameters and its query (SPARQL 1.1 Protocol §2.1)."""

from email.message import Message
from email.utils import collapse_rfc2231_value
from urllib.parse import parse_qsl

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from publisher.core.request_errors import BadRequest, QueryRefused, UnsupportedMediaType
from publisher.store.guard import too_long
from publisher.store.terminals import BYTE_ORDER_MARK
from publisher.web.links import node
from publisher.web.site import site

QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"
ACCEPT_POST = f"{QUERY_TYPE}, {FORM_TYPE}"

_UTF_8 = frozenset(("utf-8", "utf8"))

Parameters = MultiDict[str, str]


def parameters_of(encoded: bytes) -> Parameters:
    """The parameters of a query string or of a form, which are percent-encoded UTF-8.

    Not by Werkzeug, which puts U+FFFD where it is no UTF-8: another query than the one that was meant.

    Raises:
        BadRequest: it is not UTF-8.
    """
    try:
        return MultiDict(parse_qsl(encoded.decode("utf-8"), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise BadRequest("A parameter is not in UTF-8.", hint="Percent-encode the UTF-8 form of the query.") from None


def read() -> tuple[Parameters, str | None]:
    """The protocol parameters and the query, wherever the three forms of the operation put them.

    Raises:
        BadRequest: not UTF-8, or several queries.
        QueryRefused: an update.
        QueryTooLong: the body is longer than any query that would be taken.
        UnsupportedMediaType: a body of another kind, in another charset or coded.
    """
    query: str | None = None
    parameters = parameters_of(request.query_string)
    if request.method == "POST":
        kind, body = _body()
        if kind == FORM_TYPE:
            parameters.update(parameters_of(body))
        else:
            query = _text(body)
    if "update" in parameters:
        raise _no_updates()
    queries = [*parameters.getlist("query"), *([] if query is None else [query])]
    if len(queries) > 1:
        raise BadRequest("There are several queries.", hint="Send exactly one (SPARQL 1.1 Protocol §2.1).")
    return parameters, queries[0].removeprefix(BYTE_ORDER_MARK) if queries else None


def graphs(parameters: Parameters, name: str) -> tuple[str, ...]:
    """The IRIs of graphs that a parameter names, each once and in order.

    Args:
        parameters: those of the request.
        name: ``default-graph-uri`` or ``named-graph-uri`` (SPARQL 1.1 Protocol §2.1.4), or ``graph``.

    Raises:
        BadRequest: one of them is no absolute IRI.
    """
    for iri in parameters.getlist(name):
        if node(iri) is None:
            raise BadRequest("'{iri}' is not an absolute IRI.", where=name, iri=iri)
    return tuple(dict.fromkeys(parameters.getlist(name)))


def _body() -> tuple[str, bytes]:
    """The media type of the body and its bytes."""
    if request.mimetype == UPDATE_TYPE:
        raise _no_updates()
    if request.mimetype not in (QUERY_TYPE, FORM_TYPE):
        raise _unsupported("'{name}' is not taken here.", "Send {types}.", name=request.mimetype, types=ACCEPT_POST)
    if other := _charsets(request.content_type or "") - _UTF_8:
        raise _unsupported("The charset '{name}' is not taken here.", "Send UTF-8.", name=min(other))
    if (coding := request.headers.get("Content-Encoding", "identity")).lower() != "identity":
        raise _unsupported("The content coding '{name}' is not taken here.", "Send the body as it is.", name=coding)
    request.max_content_length = site().settings.body_bytes
    try:
        return request.mimetype, request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise too_long(site().settings) from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("The query is not in UTF-8, from byte {number} on.", number=error.start) from None


def _charsets(content_type: str) -> set[str]:
    """Every charset that a header names: a parameter may be there twice."""
    message = Message()
    message["Content-Type"] = content_type
    return {
        collapse_rfc2231_value(value).lower() for name, value in message.get_params([]) if name.lower() == "charset"
    }


def _unsupported(detail: str, hint: str, **values: object) -> UnsupportedMediaType:
    """415 with what would have been taken (RFC 9110 §15.5.16)."""
    error = UnsupportedMediaType(detail, hint=hint, where="", **values)
    error.headers = {"Accept-Post": ACCEPT_POST, "Accept-Encoding": "identity"}
    return error


def _no_updates() -> QueryRefused:
    return QueryRefused("Updates are not taken: this endpoint only reads.", hint="Send a query.")
