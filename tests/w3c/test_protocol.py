"""The protocol cases: the manifest has their names, and the requests follow from those (SPARQL 1.1 Protocol §2.1)."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from publisher.core.formats import BOOLEAN_FORMATS, BY_NAME, RDF_FORMATS, RESULT_FORMATS
from publisher.web.operation import FORM_TYPE, QUERY_TYPE
from w3c.endpoint import Endpoint
from w3c.suite import TESTS_10, TESTS_11, Files, cases

MANIFEST = TESTS_11 + "data-sparql11/protocol/manifest.ttl"
ONE, TWO = (f"{TESTS_10}data-r2/dataset/data-g{number}.ttl" for number in (1, 2))
"""Two graphs: the first has ``example:p`` only, the second has ``example:q`` only."""

P, Q = "?a <http://example/p> ?b", "?c <http://example/q> ?d"
DEFAULT = (("default-graph-uri", ONE), ("default-graph-uri", TWO))
NAMED = (("named-graph-uri", ONE), ("named-graph-uri", TWO))
FULL = (("default-graph-uri", TWO), ("named-graph-uri", ONE))
EMPTY = "ASK {}"

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Request:
    """A request: method, parameters of the address, body and its media type."""

    method: str
    parameters: Pairs = ()
    body: bytes = b""
    media_type: str = ""


def get(query: str, *others: tuple[str, str]) -> Request:
    return Request("GET", (("query", query), *others))


def form(query: str, *others: tuple[str, str]) -> Request:
    return Request("POST", (), urlencode((("query", query), *others)).encode(), FORM_TYPE)


def direct(query: str, *others: tuple[str, str]) -> Request:
    return Request("POST", others, query.encode(), QUERY_TYPE)


TRUE = {
    "query_get": [get(EMPTY)],
    "query_post_form": [form(EMPTY)],
    "query_post_direct": [direct(EMPTY)],
    "query_dataset_default_graphs_get": [get(f"ASK {{ {P} . {Q} }}", *DEFAULT)],
    "query_dataset_default_graphs_post": [way(f"ASK {{ {P} . {Q} }}", *DEFAULT) for way in (form, direct)],
    "query_dataset_named_graphs_get": [get(f"ASK {{ GRAPH ?g {{ {P} }} GRAPH ?h {{ {Q} }} }}", *NAMED)],
    "query_dataset_named_graphs_post": [
        way(f"ASK {{ GRAPH ?g {{ {P} }} GRAPH ?h {{ {Q} }} }}", *NAMED) for way in (form, direct)
    ],
    "query_dataset_full": [
        way(f"ASK {{ {Q} GRAPH <{ONE}> {{ {P} }} FILTER NOT EXISTS {{ {P} }} }}", *FULL) for way in (get, form, direct)
    ],
    "query_multiple_dataset": [
        way(f"ASK FROM <{ONE}> {{ {Q} FILTER NOT EXISTS {{ {P} }} }}", ("default-graph-uri", TWO))
        for way in (get, form, direct)
    ],
}
"""Queries whose answer is ``true``."""

TYPES = {
    "query_content_type_select": ("SELECT (1 AS ?x) {}", RESULT_FORMATS),
    "query_content_type_ask": (EMPTY, BOOLEAN_FORMATS),
    "query_content_type_describe": ("DESCRIBE <http://example/x>", RDF_FORMATS),
    "query_content_type_construct": ("CONSTRUCT { <s> <p> 1 } WHERE {}", RDF_FORMATS),
}
"""Queries, and the formats in which they can be answered."""

BAD = {
    "bad_query_method": (405, [Request(method, (("query", EMPTY),)) for method in ("PUT", "DELETE", "PATCH")]),
    "bad_multiple_queries": (
        400,
        [way(EMPTY, ("query", "SELECT * {}")) for way in (get, form, direct)],
    ),
    "bad_query_wrong_media_type": (415, [Request("POST", (), EMPTY.encode(), "text/plain")]),
    "bad_query_missing_form_type": (415, [Request("POST", (), urlencode({"query": EMPTY}).encode())]),
    "bad_query_missing_direct_type": (415, [Request("POST", (), EMPTY.encode())]),
    "bad_query_non_utf8": (
        415,
        [Request("POST", (), EMPTY.encode(name), QUERY_TYPE + "; charset=utf-16") for name in ("utf-16", "utf-16-le")],
    ),
    "bad_query_syntax": (400, [way("ASK {") for way in (get, form, direct)]),
}
"""Requests that are refused, and the status."""


def send(endpoint: Endpoint, request: Request, accept: str = "*/*") -> tuple[int, str, bytes]:
    headers = {"Accept": accept, **({"Content-Type": request.media_type} if request.media_type else {})}
    target = "/sparql?" + urlencode(request.parameters)
    reply = endpoint.server.request(request.method, target, request.body or None, headers)
    return reply.status, reply.media_type, reply.body


@pytest.mark.parametrize("name", TRUE)
def test_queries_by_every_form_of_the_operation(endpoint: Endpoint, name: str) -> None:
    wanted = BY_NAME["json"].media_type
    for request in TRUE[name]:
        status, media_type, body = send(endpoint, request, wanted)
        assert (status, media_type, json.loads(body).get("boolean")) == (200, wanted, True), request


@pytest.mark.parametrize("name", TYPES)
def test_media_types(endpoint: Endpoint, name: str) -> None:
    query, formats = TYPES[name]
    for accept, media_type in {"*/*": formats[0].media_type, **{f.media_type: f.media_type for f in formats}}.items():
        for way in (get, form, direct):
            assert send(endpoint, way(query), accept)[:2] == (200, media_type), accept


@pytest.mark.parametrize("name", BAD)
def test_bad_requests(endpoint: Endpoint, name: str) -> None:
    expected, requests = BAD[name]
    for request in requests:
        status, media_type, _ = send(endpoint, request)
        assert (status, media_type) == (expected, "application/problem+json"), request


def test_every_case_of_the_query_operation_is_here(files: Files) -> None:
    named = {case.name.rpartition("#")[2] for case in cases(files, MANIFEST)}
    assert {name for name in named if "update" not in name} == {*TRUE, *TYPES, *BAD}
