"""What the query operation takes and what it refuses, clause by clause (SPARQL 1.1 Protocol §2.1, RFC 9110 §15.5)."""

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from asking import GRAPHS, select
from flask.testing import FlaskClient

from publisher.core.settings import Settings
from publisher.web.operation import FORM_TYPE, QUERY_TYPE, UPDATE_TYPE
from publisher.web.sparql import LONGEST_ADDRESS

ASK = "ASK {}"
NOT_UTF_8 = {
    "a lone byte": "%FF",
    "Latin-1": "caf%E9",
    "an overlong slash": "%C0%AF",
    "a surrogate": "%ED%A0%80",
    "beyond Unicode": "%F4%90%80%80",
    "cut off": "%E2%82",
}


def direct(body: str | bytes, media_type: str = QUERY_TYPE, **more: Any) -> dict[str, Any]:
    return {"method": "POST", "data": body, "content_type": media_type, **more}


def form(*pairs: tuple[str, str], media_type: str = FORM_TYPE, **more: Any) -> dict[str, Any]:
    return {"method": "POST", "data": urlencode(pairs), "content_type": media_type, **more}


def problem(client: FlaskClient, **request: Any) -> tuple[int, str]:
    response = client.open("/sparql", **request)
    assert response.mimetype == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, response.get_json()["type"].partition("#")[2]


# --- UTF-8 ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NOT_UTF_8)
@pytest.mark.parametrize("parameter", ["query", "default-graph-uri", "named-graph-uri", "format", "other"])
@pytest.mark.parametrize("way", ["address", "form"])
def test_a_parameter_that_is_not_utf_8_is_refused(client: FlaskClient, name: str, parameter: str, way: str) -> None:
    pairs = {"query": quote(ASK), parameter: NOT_UTF_8[name]}
    encoded = "&".join(f"{key}={value}" for key, value in pairs.items())
    request = {"query_string": encoded} if way == "address" else direct(encoded, FORM_TYPE)
    assert problem(client, **request) == (400, "bad-request")


@pytest.mark.parametrize("body", [b"ASK { ?s ?p '\xff' }", "ASK { ?s ?p 'é' }".encode("latin-1"), ASK.encode("utf-16")])
def test_a_query_that_is_not_utf_8_is_refused(client: FlaskClient, body: bytes) -> None:
    assert problem(client, **direct(body)) == (400, "bad-request")


@pytest.mark.parametrize("text", ["é", "中", "😀", "a+b", "a b", "a&b=c", "100%", "\u0000", "'"])
@pytest.mark.parametrize("way", ["address", "form", "direct"])
def test_what_is_sent_is_what_is_asked(client: FlaskClient, text: str, way: str) -> None:
    escaped = text.replace("'", "\\'").replace("\0", "\\u0000")
    query = f"SELECT ('{escaped}' AS ?x) {{}}"
    request = {"address": {"query_string": {"query": query}}, "form": form(("query", query)), "direct": direct(query)}
    response = client.open("/sparql", headers={"Accept": "application/json"}, **request[way])
    assert response.get_json()["results"]["bindings"] == [{"x": {"type": "literal", "value": text}}]


# --- the body ---------------------------------------------------------------------------

TAKEN = {
    "UTF-8": direct(ASK, QUERY_TYPE + "; charset=utf-8"),
    "UTF-8 in capitals and quotes": direct(ASK, QUERY_TYPE + '; charset="UTF-8"'),
    "the type in capitals": direct(ASK, "Application/SPARQL-Query"),
    "an unknown parameter": direct(ASK, QUERY_TYPE + "; version=1.1"),
    "a form in UTF-8": form(("query", ASK), media_type=FORM_TYPE + ";charset=UTF-8"),
    "identity": direct(ASK, headers={"Content-Encoding": "identity"}),
    "unknown parameters": form(("query", ASK), ("timeout", "1"), ("soft-limit", "")),
    "a form with the graph in the address": form(
        ("query", ASK), query_string={"default-graph-uri": "http://a.example/"}
    ),
}
REFUSED: dict[str, dict[str, Any]] = {
    "another charset": direct(ASK, QUERY_TYPE + "; charset=iso-8859-1"),
    "two charsets": direct(ASK, QUERY_TYPE + "; charset=utf-8; charset=iso-8859-1"),
    "two charsets, the other way": direct(ASK, QUERY_TYPE + "; charset=iso-8859-1; charset=utf-8"),
    "another charset, extended": direct(ASK, QUERY_TYPE + "; charset*=utf-8''latin1"),
    "a form in another charset": form(("query", ASK), media_type=FORM_TYPE + "; charset=windows-1252"),
    "no media type": {"method": "POST", "data": ASK},
    "two media types": direct(ASK, f"{QUERY_TYPE}, {FORM_TYPE}"),
    "a longer media type": direct(ASK, QUERY_TYPE + "x"),
    "text": direct(ASK, "text/plain"),
    "JSON": direct('{"query": "ASK {}"}', "application/json"),
    "multipart": {"method": "POST", "data": {"query": ASK}, "content_type": "multipart/form-data"},
    "compressed": direct(ASK, headers={"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("name", TAKEN)
def test_bodies_that_are_taken(client: FlaskClient, name: str) -> None:
    assert client.open("/sparql", **TAKEN[name]).get_json()["boolean"] is True


@pytest.mark.parametrize("name", REFUSED)
def test_bodies_that_are_not_taken(client: FlaskClient, name: str) -> None:
    assert problem(client, **REFUSED[name]) == (415, "unsupported-media-type")
    headers = client.open("/sparql", **REFUSED[name]).headers
    assert {kind.strip() for kind in headers["Accept-Post"].split(",")} == {QUERY_TYPE, FORM_TYPE}
    assert headers["Accept-Encoding"] == "identity"


def test_a_charset_that_is_not_taken_is_named(client: FlaskClient) -> None:
    for parameter in ("charset=latin1", "charset*=utf-8''latin1"):
        response = client.open("/sparql", **direct(ASK, f"{QUERY_TYPE}; {parameter}"))
        assert "The charset 'latin1' is not taken here." in response.get_json()["detail"]


# --- length -----------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [1, 2, 10])
def test_a_query_that_is_too_long(client: FlaskClient, settings: Settings, factor: int) -> None:
    query = "ASK {} #" + "x" * (settings.query_length * factor)
    assert problem(client, query_string={"query": query}) == (414, "address-too-long")
    assert problem(client, **form(("query", query))) == (413, "query-too-long")
    assert problem(client, **direct(query)) == (413, "query-too-long")
    head = client.head("/sparql", query_string={"query": query})
    assert (head.status_code, head.data) == (414, b"")


def test_a_query_as_long_as_the_limit_runs_by_every_way(client: FlaskClient, settings: Settings) -> None:
    query = "ASK {} #" + "é" * ((settings.query_length - 8) // 2)
    for request in (form(("query", query)), direct(query)):
        assert client.open("/sparql", **request).status_code == 200


def test_an_address_has_a_limit_of_its_own(server: str) -> None:
    """The one of the server itself, which is not settable, would be met without a word."""
    begun = "ASK {} #"
    room = LONGEST_ADDRESS - len(urlencode({"query": begun}))
    for length, status in ((room, 200), (room + 1, 414), (room + 5_000, 414)):
        address = f"{server}sparql?{urlencode({'query': begun + 'x' * length})}"
        try:
            with urllib.request.urlopen(address, timeout=60) as response:
                assert response.status == status
        except urllib.error.HTTPError as refused:
            with refused:
                assert refused.code == status
                assert "POST" in json.loads(refused.read())["detail"]


# --- one query --------------------------------------------------------------------------

NOT_ONE: dict[str, dict[str, Any]] = {
    "none": form(("other", "x")),
    "an empty body": form(),
    "an empty query": {"query_string": "query="},
    "an empty query in a form": form(("query", "")),
    "an empty query as the body": direct(""),
    "two in the address": {"query_string": urlencode([("query", ASK), ("query", ASK)])},
    "two in a form": form(("query", ASK), ("query", ASK)),
    "one and an empty one": {"query_string": urlencode([("query", ASK), ("query", "")])},
    "one in each": form(("query", ASK), query_string={"query": ASK}),
    "one beside the body": direct(ASK, query_string={"query": ASK}),
    "two in one": {"query_string": {"query": f"{ASK} {ASK}"}},
    "a form sent as a query": direct(urlencode({"query": ASK})),
    "a query sent as a form": direct(ASK, FORM_TYPE),
    "parameters in capitals": {"method": "POST", "data": {"Query": ASK}},
}
UPDATES: dict[str, dict[str, Any]] = {
    "in the address": {"query_string": {"update": "CLEAR ALL"}},
    "empty in the address": {"query_string": "update="},
    "in a form": form(("update", "CLEAR ALL")),
    "by type": direct("CLEAR ALL", UPDATE_TYPE),
    "by type with charset": direct("CLEAR ALL", UPDATE_TYPE + "; charset=UTF-8"),
    "by type in capitals": direct("CLEAR ALL", "APPLICATION/SPARQL-UPDATE"),
    "beside a query": form(("query", ASK), ("update", "CLEAR ALL")),
    "in the address beside a query": direct(ASK, query_string={"update": "CLEAR ALL"}),
    "as a query": form(("query", "INSERT DATA { <a:> <b:> 1 }")),
    "after a query": form(("query", f"{ASK} ; CLEAR ALL")),
}


@pytest.mark.parametrize("name", NOT_ONE)
def test_there_is_exactly_one_query(client: FlaskClient, name: str) -> None:
    assert problem(client, **NOT_ONE[name])[0] == 400


@pytest.mark.parametrize("name", UPDATES)
def test_updates_are_refused_in_every_disguise(client: FlaskClient, name: str) -> None:
    assert problem(client, **UPDATES[name]) == (403, "query-refused")


# --- the data set -----------------------------------------------------------------------

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def test_several_default_graphs_are_one_graph(client: FlaskClient) -> None:
    first, second = [row["g"] for row in select(client, GRAPHS)][:2]
    merged = f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ VALUES ?g {{ <{first}> <{second}> }} "
    expected = select(client, merged + "GRAPH ?g { ?s ?p ?o } } }")
    assert select(client, COUNT, **{"default-graph-uri": [first, second]}) == expected
    assert select(client, COUNT, **{"default-graph-uri": [first, second, first]}) == expected


def test_in_a_body_that_is_a_query_there_are_no_parameters(client: FlaskClient) -> None:
    unknown = {"default-graph-uri": "http://ex.example/none"}
    asked = direct("ASK { ?s ?p ?o }", query_string=unknown)
    assert client.open("/sparql", **asked).get_json()["boolean"] is False
    assert problem(client, **direct("query=ASK{}&" + urlencode(unknown)))[0] == 400


@pytest.mark.parametrize("iri", ["", "a", "/a", "a b", "http://a.example/ b", "http://a.example/<", "//a.example/"])
@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_graphs_are_named_by_absolute_iris(client: FlaskClient, name: str, iri: str) -> None:
    assert problem(client, query_string={"query": ASK, name: iri}) == (400, "bad-request")


# --- methods ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("query", [{}, {"query": ASK}])
def test_other_methods_are_refused_with_those_there_are(
    client: FlaskClient, method: str, query: dict[str, str]
) -> None:
    response = client.open("/sparql", method=method, query_string=query)
    assert (response.status_code, response.get_json()["status"]) == (405, 405)
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("query", [ASK, "nonsense", ASK + "#" + "x" * 200_000], ids=["right", "wrong", "long"])
@pytest.mark.parametrize("accept", ["*/*", "text/html", "image/png"])
def test_head_is_get_without_a_body(client: FlaskClient, query: str, accept: str) -> None:
    request: dict[str, Any] = {"query_string": {"query": query}, "headers": {"Accept": accept}}
    got, head = client.get("/sparql", **request), client.head("/sparql", **request)
    assert head.data == b""
    assert (head.status_code, head.headers) == (got.status_code, got.headers)
