"""The SPARQL endpoint over HTTP: the forms of the protocol, the formats, the data set, the errors."""

import json
from io import BytesIO
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from rdflib import Dataset, Graph
from rdflib.query import Result
from werkzeug.test import TestResponse

from publisher.core.formats import PAGE, RDF_FORMATS, RESULT_FORMATS, Format
from publisher.core.release import Release
from publisher.core.terms import SD
from publisher.web.sparql import FORM_TYPE, QUERY_TYPE, UPDATE_TYPE

SELECT = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 7"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s a ?o }"
GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "jsonld": "json-ld",
    "rdfxml": "xml",
    "trig": "trig",
    "nquads": "nquads",
}


def get(client: FlaskClient, query: str, accept: str = "*/*", **parameters: str | list[str]) -> TestResponse:
    text = urlencode({"query": query, **parameters}, doseq=True)
    return client.get(f"/sparql?{text}", headers={"Accept": accept})


def select(client: FlaskClient, query: str, **parameters: str | list[str]) -> list[dict[str, str]]:
    response = get(client, query, "application/sparql-results+json", **parameters)
    assert response.status_code == 200, response.text
    return [{k: v["value"] for k, v in row.items()} for row in json.loads(response.data)["results"]["bindings"]]


def triples(body: bytes, chosen: Format) -> set[tuple[str, ...]]:
    parsed = Dataset(default_union=True)
    parsed.parse(data=body, format=RDFLIB[chosen.name])
    return {tuple(term.n3() for term in triple) for triple in parsed.triples((None, None, None))}


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


@pytest.mark.parametrize("chosen", RESULT_FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize(("query", "expected"), [(ASK, "true"), ("ASK { <a:> <b:> <c:> }", "false")])
def test_booleans_come_in_every_table_format(client: FlaskClient, chosen: Format, query: str, expected: str) -> None:
    response = get(client, query, chosen.media_type)
    assert response.content_type == chosen.content_type
    assert expected in response.text


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE ?s { ?s a ?o }"], ids=["construct", "describe"])
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

MALFORMED = {
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
    response = client.open("/sparql", **{"method": "GET", **request})  # type: ignore[arg-type]
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


# --- XML cannot carry everything --------------------------------------------------------


@pytest.mark.parametrize("chosen", RESULT_FORMATS, ids=lambda f: f.name)
def test_a_carriage_return_reaches_the_reader(client: FlaskClient, chosen: Format) -> None:
    response = get(client, "SELECT ('a\\r\\nb' AS ?x) {}", chosen.media_type)
    (row,) = Result.parse(source=BytesIO(response.data), content_type=chosen.media_type)
    assert str(row[0]) == "a\r\nb"


@pytest.mark.parametrize("chosen", [f for f in RDF_FORMATS if f.is_xml], ids=lambda f: f.name)
def test_a_carriage_return_reaches_the_reader_of_a_graph(client: FlaskClient, chosen: Format) -> None:
    response = get(client, "CONSTRUCT { <a:s> <a:p> 'a\\r\\nb' } WHERE {}", chosen.media_type)
    (value,) = Graph().parse(data=response.data, format="xml").objects()
    assert str(value) == "a\r\nb"


UNFIT = {
    "control character": ("SELECT ('\\u0001' AS ?x) {}", "CONSTRUCT { <a:s> <a:p> '\\u0001' } WHERE {}"),
    "not a character": ("SELECT ('\\uFFFE' AS ?x) {}", "CONSTRUCT { <a:s> <a:p> '\\uFFFF' } WHERE {}"),
    "no name": ("SELECT ('\\u0008' AS ?x) {}", "CONSTRUCT { <a:s> <http://a.example/123> 1 } WHERE {}"),
    "reserved name": (
        "SELECT ('\\u000B' AS ?x) {}",
        "CONSTRUCT { <a:s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 1 } WHERE {}",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
@pytest.mark.parametrize("chosen", [f for f in (*RESULT_FORMATS, *RDF_FORMATS) if f.is_xml], ids=lambda f: f.name)
def test_what_xml_cannot_carry_is_not_sent_as_xml(client: FlaskClient, name: str, chosen: Format) -> None:
    query = UNFIT[name][chosen in RDF_FORMATS]
    response = get(client, query, chosen.media_type)
    assert response.status_code == 406
    others = RDF_FORMATS if chosen in RDF_FORMATS else RESULT_FORMATS
    assert all(get(client, query, other.media_type).status_code == 200 for other in others if not other.is_xml)


# --- the data set of a query (SPARQL 1.1 Protocol §2.1.4, SPARQL 1.1 §13) ---------------

UNKNOWN = "https://ex.example/no-such-graph"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def count(client: FlaskClient, query: str, **parameters: str | list[str]) -> int:
    return int(select(client, query, **parameters)[0]["n"])


def test_the_default_graph_is_the_union_of_all(client: FlaskClient) -> None:
    union = "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } } }"
    assert count(client, COUNT) == count(client, union) > 0


@pytest.mark.parametrize("by", ["protocol", "query"])
def test_a_data_set_of_one_graph(client: FlaskClient, by: str) -> None:
    name = select(client, GRAPHS)[0]["g"]
    expected = count(client, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")
    if by == "protocol":
        assert count(client, COUNT, **{"default-graph-uri": name}) == expected
        assert select(client, GRAPHS, **{"default-graph-uri": name}) == []
    else:
        assert count(client, COUNT.replace("{", f"FROM <{name}> {{", 1)) == expected
        assert count(client, COUNT.replace("{", f"FROM<{name}>{{", 1)) == expected


@pytest.mark.parametrize("by", ["protocol", "query"])
def test_an_unknown_graph_is_empty(client: FlaskClient, by: str) -> None:
    if by == "protocol":
        assert count(client, COUNT, **{"default-graph-uri": UNKNOWN}) == 0
        assert select(client, GRAPHS, **{"named-graph-uri": UNKNOWN}) == []
    else:
        assert count(client, COUNT.replace("{", f"FROM <{UNKNOWN}> {{", 1)) == 0
        assert select(client, GRAPHS.replace("{", f"FROM NAMED <{UNKNOWN}> {{", 1)) == []


@pytest.mark.parametrize("by", ["protocol", "query"])
def test_with_named_graphs_only_the_default_graph_is_empty(client: FlaskClient, by: str) -> None:
    first, second = [row["g"] for row in select(client, GRAPHS)][:2]
    if by == "protocol":
        parameters: dict[str, str | list[str]] = {"named-graph-uri": [first, second]}
        clauses = ""
    else:
        parameters, clauses = {}, f"FROM NAMED <{first}> FROM NAMED <{second}> "
    assert [row["g"] for row in select(client, GRAPHS.replace("{", clauses + "{", 1), **parameters)] == [first, second]
    assert count(client, COUNT.replace("{", clauses + "{", 1), **parameters) == 0


def test_the_protocol_comes_before_the_query(client: FlaskClient) -> None:
    name = select(client, GRAPHS)[0]["g"]
    query = COUNT.replace("{", f"FROM <{UNKNOWN}> {{", 1)
    assert count(client, query, **{"default-graph-uri": name}) > 0


def test_relative_iris_resolve_against_the_base(client: FlaskClient, release: Release) -> None:
    assert select(client, "SELECT (IRI('x') AS ?x) {}") == [{"x": release.base_iri + "x"}]


def test_parameters_of_the_three_forms(client: FlaskClient) -> None:
    name = {"default-graph-uri": UNKNOWN}
    by_form = client.post("/sparql", data={"query": ASK, **name}, content_type=FORM_TYPE)
    by_query = client.post("/sparql", query_string=name, data=ASK, content_type=QUERY_TYPE)
    assert by_form.get_json()["boolean"] is by_query.get_json()["boolean"] is False
