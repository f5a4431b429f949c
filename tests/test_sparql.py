"""The SPARQL endpoint over HTTP: the forms of the protocol, the formats, the data set, the errors."""

from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from asking import GRAPHS, get, select, triples
from flask.testing import FlaskClient
from rdflib import Graph
from rdflib.query import Result

from publisher.core.formats import BOOLEAN_FORMATS, PAGE, RDF_FORMATS, RESULT_FORMATS, Format
from publisher.core.release import Release
from publisher.core.terms import SD, SKOS
from publisher.web.operation import QUERY_TYPE, UPDATE_TYPE

SELECT = f"SELECT ?s ?p ?o {{ ?s a <{SKOS}ConceptScheme> ; ?p ?o }} ORDER BY ?s ?p ?o LIMIT 7"
ASK = "ASK { ?s ?p ?o }"
DESCRIBE = f"DESCRIBE ?s {{ ?s a <{SKOS}ConceptScheme> }}"
CONSTRUCT = f"CONSTRUCT WHERE {{ ?s a <{SKOS}ConceptScheme> ; ?p ?o }}"


# --- the three forms of the query operation (SPARQL 1.1 Protocol §2.1) ------------------

FORMS = {
    "GET": lambda client, accept: client.get(f"/sparql?query={quote(SELECT)}", headers={"Accept": accept}),
    "POST of a form": lambda client, accept: client.post("/sparql", data={"query": SELECT}, headers={"Accept": accept}),
    "POST of a query": lambda client, accept: client.post(
        "/sparql", data=SELECT, content_type=f"{QUERY_TYPE}; charset=utf-8", headers={"Accept": accept}
    ),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("chosen", RESULT_FORMATS, ids=lambda f: f.name)
def test_every_form_gives_every_table_format(client: FlaskClient, form: str, chosen: Format) -> None:
    response = FORMS[form](client, chosen.media_type)
    assert response.status_code == 200
    assert response.content_type == chosen.content_type
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in response.vary
    assert response.data == FORMS["GET"](client, chosen.media_type).data


@pytest.mark.parametrize("chosen", RESULT_FORMATS, ids=lambda f: f.name)
def test_tables_are_read_by_another_library(client: FlaskClient, chosen: Format) -> None:
    response = get(client, SELECT, chosen.media_type)
    result = Result.parse(source=BytesIO(response.data), content_type=chosen.media_type)
    assert len(list(result)) == 7
    assert [str(name) for name in result.vars or []] == ["s", "p", "o"]


@pytest.mark.parametrize("chosen", BOOLEAN_FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize(("query", "expected"), [(ASK, "true"), ("ASK { <a:> <b:> <c:> }", "false")])
def test_booleans_come_in_json_and_xml(client: FlaskClient, chosen: Format, query: str, expected: str) -> None:
    response = get(client, query, chosen.media_type)
    assert response.content_type == chosen.content_type
    assert expected in response.text


@pytest.mark.parametrize("chosen", [f for f in RESULT_FORMATS if f not in BOOLEAN_FORMATS], ids=lambda f: f.name)
def test_booleans_do_not_come_as_tables(client: FlaskClient, chosen: Format) -> None:
    for response in (get(client, ASK, chosen.media_type), get(client, ASK, format=chosen.name)):
        assert response.status_code == 406
        assert "Offered: application/sparql-results+json, application/sparql-results+xml, text/html" in response.text
    assert get(client, ASK, f"{chosen.media_type}, */*;q=0.1").get_json()["boolean"] is True


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
def test_graphs_are_read_by_another_library(client: FlaskClient, chosen: Format, query: str) -> None:
    response = get(client, query, chosen.media_type)
    assert response.status_code == 200
    assert response.content_type == chosen.content_type
    reference = get(client, query, "application/n-triples")
    expected = {tuple(t.n3() for t in triple) for triple in Graph().parse(data=reference.data, format="nt")}
    assert triples(response.data, chosen) == expected != set()


def test_the_same_graph_gives_the_same_bytes(client: FlaskClient) -> None:
    assert get(client, CONSTRUCT, "text/turtle").data == get(client, CONSTRUCT, "text/turtle").data


@pytest.mark.parametrize("chosen", (*RESULT_FORMATS, *RDF_FORMATS), ids=lambda f: f.name)
@pytest.mark.parametrize("way", ["name", "suffix", "media_type"])
def test_a_format_parameter_beats_accept(client: FlaskClient, chosen: Format, way: str) -> None:
    query = SELECT if chosen in RESULT_FORMATS else CONSTRUCT
    response = get(client, query, "text/html", format=getattr(chosen, way))
    assert response.content_type == chosen.content_type


@pytest.mark.parametrize(
    ("query", "expected"),
    [(SELECT, "application/sparql-results+json"), (ASK, "application/sparql-results+json"), (CONSTRUCT, "text/turtle")],
)
@pytest.mark.parametrize("accept", ["*/*", "image/png, */*;q=0.5", "text/html;q=0.1, */*"])
def test_without_a_wish_machines_get_the_first_format(
    client: FlaskClient, query: str, expected: str, accept: str
) -> None:
    assert get(client, query, accept).mimetype == expected


@pytest.mark.parametrize("query", [SELECT, ASK, CONSTRUCT])
def test_browsers_get_a_page(client: FlaskClient, query: str) -> None:
    response = get(client, query, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    assert response.status_code == 200
    assert response.content_type == PAGE.content_type


def test_browsers_get_the_form_without_a_query(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert "<form" in response.text


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_machines_get_the_service_description_without_a_query(
    client: FlaskClient, release: Release, chosen: Format
) -> None:
    response = client.get("/sparql", headers={"Accept": chosen.media_type})
    assert response.content_type == chosen.content_type
    found = triples(response.data, chosen)
    service = f"<{release.base_iri}sparql>"
    assert (service, f"<{SD}endpoint>", service) in found
    named = {name for _, predicate, name in found if predicate == f"<{SD}name>"}
    described = {f"<{row['g']}>" for row in select(client, GRAPHS)} - {f"<{release.base_iri}id/graph/description>"}
    assert described <= named


def test_head_and_conditional_requests(client: FlaskClient) -> None:
    full = get(client, SELECT)
    head = client.head(f"/sparql?query={quote(SELECT)}")
    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"] == full.headers["ETag"]
    again = client.get(f"/sparql?query={quote(SELECT)}", headers={"If-None-Match": full.headers["ETag"]})
    assert again.status_code == 304


def test_options_tell_what_is_taken(client: FlaskClient) -> None:
    response = client.options("/sparql", headers={"Origin": "https://ex.example"})
    assert response.status_code == 204
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_not_allowed(client: FlaskClient, method: str) -> None:
    response = client.open("/sparql", method=method)
    assert response.status_code == 405
    assert {name.strip() for name in response.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS", "POST"}


# --- malformed requests -----------------------------------------------------------------

MALFORMED: dict[str, tuple[int, dict[str, Any]]] = {
    "two queries": (400, {"query_string": urlencode([("query", ASK), ("query", ASK)])}),
    "form without query": (400, {"method": "POST", "data": {"other": "x"}}),
    "query twice": (400, {"method": "POST", "query_string": {"query": ASK}, "data": ASK, "content_type": QUERY_TYPE}),
    "query in both parts": (400, {"method": "POST", "query_string": {"query": ASK}, "data": {"query": ASK}}),
    "not UTF-8": (400, {"method": "POST", "data": b"ASK { ?s ?p '\xff' }", "content_type": QUERY_TYPE}),
    "no media type": (415, {"method": "POST", "data": ASK}),
    "another media type": (415, {"method": "POST", "data": ASK, "content_type": "text/plain"}),
    "multipart": (415, {"method": "POST", "data": {"query": ASK}, "content_type": "multipart/form-data"}),
    "update by form": (403, {"method": "POST", "data": {"update": "CLEAR ALL"}}),
    "update by GET": (403, {"query_string": {"update": "CLEAR ALL"}}),
    "update by type": (403, {"method": "POST", "data": "CLEAR ALL", "content_type": UPDATE_TYPE}),
    "relative graph": (400, {"query_string": {"query": ASK, "default-graph-uri": "a b"}}),
    "unknown format": (406, {"query_string": {"query": ASK, "format": "docx"}}),
    "graph format for a table": (406, {"query_string": {"query": SELECT}, "headers": {"Accept": "text/turtle"}}),
    "table format for a graph": (406, {"query_string": {"query": CONSTRUCT}, "headers": {"Accept": "text/csv"}}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_requests(client: FlaskClient, name: str) -> None:
    status, request = MALFORMED[name]
    response = client.open("/sparql", **request)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["detail"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("query", "line", "column", "shown"),
    [
        ("SELECT * {\n  ?s foaf:name ?o\n}", 2, 6, "foaf:name"),
        ("SELECT * {\r\n\r\n  ?s ?p 'open\r\n}", 3, 9, "'open"),
        ("SELECT * {\n  ?s ?p ?o\n}\nLIMIT many", 4, 7, "LIMIT many"),
        ('ASK {\n "é€😀" <a:> }', 2, 13, "é€😀"),
    ],
)
def test_a_syntax_error_tells_its_place(client: FlaskClient, query: str, line: int, column: int, shown: str) -> None:
    response = get(client, query)
    assert response.status_code == 400
    detail = response.get_json()["detail"]
    assert f"Line {line}, column {column}:" in detail
    assert shown in detail
