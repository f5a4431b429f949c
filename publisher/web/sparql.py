"""The SPARQL endpoint: the query operation of the SPARQL 1.1 Protocol."""

import hashlib
import time

from flask import Blueprint, Response, request

from publisher.core.formats import BY_NAME, PAGE, RDF_FORMATS, Format
from publisher.core.request_errors import AddressTooLong, BadRequest, QueryTooLong, RequestError
from publisher.store import serialise
from publisher.store.guard import QueryForm, inspect, is_repeatable
from publisher.store.protocol import QueryTask
from publisher.store.terminals import unescape_names
from publisher.web import service, workbench
from publisher.web.caller import caller, note
from publisher.web.headers import allowing, represent
from publisher.web.negotiation import choices, first_possible, negotiate
from publisher.web.operation import ACCEPT_POST, QUERY_TYPE, Parameters, graphs, read
from publisher.web.site import site
from publisher.web.turns import in_turn

blueprint = Blueprint("sparql", __name__)

_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
LONGEST_ADDRESS = 60_000
"""Bytes of the parameters of an address; of all of it, see ``framing``."""
_FOR_PAGES = {True: BY_NAME["ntriples"], False: BY_NAME["json"]}
"""What a page is made from: whether the answer is a graph → format."""


@blueprint.route("/sparql", methods=["GET", "POST"], provide_automatic_options=False)
def endpoint() -> Response:
    """The query operation by GET, by POST of a form and by POST of a query (SPARQL 1.1 Protocol §2.1).

    Raises:
        RequestError: any of the tree; see ``core.request_errors``.
    """
    if len(request.query_string) > LONGEST_ADDRESS:
        raise AddressTooLong(
            "Its parameters are longer than {limit} bytes.", hint="Send the query by POST.", limit=LONGEST_ADDRESS
        )
    with in_turn(len(request.query_string) + (request.content_length or 0)):
        parameters, query = read()
    if query is None:
        if request.method == "POST":
            raise BadRequest(
                "There is no 'query' parameter.", hint="Or send the query itself as {type}.", type=QUERY_TYPE
            )
        return _without_query(parameters)
    note(**_about(query))
    try:
        return _answer(query, parameters)
    except RequestError as error:
        if not isinstance(error, QueryTooLong):
            error.query = query
        raise


@blueprint.route("/sparql", methods=["OPTIONS"])
def options() -> Response:
    """What the endpoint takes (RFC 9110 §9.3.7)."""
    response = allowing(_METHODS)
    response.headers["Accept-Post"] = ACCEPT_POST
    return response


def _about(query: str) -> dict[str, str]:
    """What the access log says of a query: a hash, and its text only if the settings ask for it."""
    about = {"query": hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:16]}
    return {**about, "text": query} if site().settings.log_queries else about


def _answer(query: str, parameters: Parameters) -> Response:
    with in_turn(len(query)):
        asked = unescape_names(query)
    text = site().federation.resolve(asked)
    with in_turn(len(text)):
        form = _inspect(text)
    dataset = graphs(parameters, "default-graph-uri"), graphs(parameters, "named-graph-uri")
    repeatable = text == asked and is_repeatable(text)

    def answer_in(chosen: Format) -> Response:
        written = _FOR_PAGES[form.gives_graph] if chosen is PAGE else chosen
        start = time.perf_counter()
        answer = site().pool.run(QueryTask(text, written.name, *dataset), caller())
        seconds = time.perf_counter() - start
        note(rows=answer.rows)
        if chosen is PAGE:
            shown = workbench.Asked(query.replace("\r\n", "\n"), form, parameters.to_dict(flat=False), seconds)
            return workbench.result_page(shown, answer.body, is_repeatable=repeatable)
        return represent(answer.body, chosen, is_repeatable=repeatable)

    return first_possible(choices((*form.formats, PAGE), parameters.getlist("format")), answer_in)


def _inspect(query: str) -> QueryForm:
    """What the guard says; in an address a query that is too long has a status of its own (RFC 9110 §15.5.15)."""
    try:
        return inspect(query, site().settings, site().release.prefixes)
    except QueryTooLong as error:
        if request.method == "POST":
            raise
        raise AddressTooLong(error.detail, hint=error.hint, where=error.where, **error.values) from None


def _without_query(parameters: Parameters) -> Response:
    """The form for people, the service's description for machines (SPARQL 1.1 Service Description §2)."""
    chosen = negotiate((*RDF_FORMATS, PAGE), parameters.getlist("format"))
    if chosen is PAGE:
        return workbench.query_page()
    return represent(serialise.graph(service.description(), chosen, site().release.prefixes), chosen)
