"""What the endpoint answers from, and what XML cannot carry of it."""

from io import BytesIO

import pytest
from asking import GRAPHS, get, select
from flask.testing import FlaskClient
from rdflib import Graph
from rdflib.query import Result, ResultRow

from publisher.core.formats import BY_NAME, RDF_FORMATS, RESULT_FORMATS, Format
from publisher.core.release import Release
from publisher.web.operation import FORM_TYPE, QUERY_TYPE

ASK = "ASK { ?s ?p ?o }"

# --- XML cannot carry everything --------------------------------------------------------


@pytest.mark.parametrize("chosen", RESULT_FORMATS, ids=lambda f: f.name)
def test_a_carriage_return_reaches_the_reader(client: FlaskClient, chosen: Format) -> None:
    response = get(client, "SELECT ('a\\r\\nb' AS ?x) {}", chosen.media_type)
    (row,) = Result.parse(source=BytesIO(response.data), content_type=chosen.media_type)
    assert isinstance(row, ResultRow)
    assert str(row[0]) == "a\r\nb"


@pytest.mark.parametrize("chosen", [f for f in RDF_FORMATS if f.is_xml], ids=lambda f: f.name)
def test_a_carriage_return_reaches_the_reader_of_a_graph(client: FlaskClient, chosen: Format) -> None:
    response = get(client, "CONSTRUCT { <a:s> <a:p> 'a\\r\\nb' } WHERE {}", chosen.media_type)
    (value,) = Graph().parse(data=response.data, format="xml").objects()
    assert str(value) == "a\r\nb"


@pytest.mark.parametrize("sign", ["\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_what_many_take_for_the_end_of_a_line_does_not_end_a_row_of_csv(client: FlaskClient, sign: str) -> None:
    query = f"SELECT ?x ?y {{ VALUES (?x ?y) {{ ('a{sign}b' UNDEF) ('c' 'd') }} }} ORDER BY ?x"
    response = get(client, query, "text/csv")
    assert response.text == f'x,y\r\n"a{sign}b",""\r\nc,d\r\n'
    read = Result.parse(source=BytesIO(response.data), content_type="text/csv")
    assert [list(map(str, row.values())) for row in read.bindings] == [[f"a{sign}b"], ["c", "d"]]


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


SECOND_CHOICES = {
    # Accept: query, the media type of the answer
    "application/sparql-results+xml, application/sparql-results+json;q=0.5": ("no name", 0, "json"),
    "application/rdf+xml, text/turtle;q=0.5": ("no name", 1, "turtle"),
    "application/ld+json, application/rdf+xml;q=0.8, application/n-triples;q=0.5": ("triple term", 1, "ntriples"),
    "application/rdf+xml, text/html;q=0.5": ("reserved name", 1, "html"),
    "application/sparql-results+xml, */*;q=0.1": ("no name", 0, "json"),
}


@pytest.mark.parametrize("accept", SECOND_CHOICES)
def test_the_next_best_is_sent_where_the_best_cannot_be(client: FlaskClient, accept: str) -> None:
    name, is_graph, expected = SECOND_CHOICES[accept]
    query = {**UNFIT, "triple term": ("", "CONSTRUCT { <a:s> <a:p> <<( <a:> <b:> 1 )>> } WHERE {}")}[name][is_graph]
    response = get(client, query, accept)
    assert (response.status_code, response.content_type) == (200, BY_NAME[expected].content_type)
    assert "Accept" in response.vary
    best = "rdfxml" if is_graph else "xml"
    assert get(client, query, accept, format=best).status_code == 406


# --- the data set of a query (SPARQL 1.1 Protocol §2.1.4, SPARQL 1.1 §13) ---------------

UNKNOWN = "https://ex.example/no-such-graph"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def count(client: FlaskClient, query: str, **parameters: str | list[str]) -> int:
    return int(select(client, query, **parameters)[0]["n"])


def test_the_default_graph_is_the_union_of_all(client: FlaskClient) -> None:
    union = "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } } }"
    assert count(client, COUNT) == count(client, union) > 0


ALL = "{ ?s ?p ?o FILTER(true) }"
"""All triples, one by one."""
COUNTS = {
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }": ALL,
    "#\nPREFIX : <https://a.example/> BASE <https://a.example/>\nselect(count($a)as?n)where{$a ?b ?c.}# of all": ALL,
    "SELECT (COUNT(?p) AS ?n) WHERE { ?s ?p ?o . }": ALL,
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?s }": "{ ?s ?p ?o FILTER(?s = ?o) }",
    "SELECT (COUNT(*) AS ?n) { ?s #?x\n ?p ?s }": "{ ?s ?p ?o FILTER(?s = ?o) }",
    "SELECT (COUNT(?x) AS ?n) { ?s ?p ?o }": "{ FILTER(false) }",
    "SELECT (COUNT(*) AS ?n) { ?s a ?o }": "{ ?s ?p ?o FILTER(STRENDS(STR(?p), '-rdf-syntax-ns#type')) }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }": "{ GRAPH ?g { ?s ?p ?o FILTER(true) } }",
}
"""A query that counts, and the group that holds what it counts."""


@pytest.mark.parametrize("query", COUNTS)
@pytest.mark.parametrize("chosen", RESULT_FORMATS, ids=lambda f: f.name)
def test_a_count_is_right_whether_known_before_or_not(client: FlaskClient, query: str, chosen: Format) -> None:
    counted = f"SELECT (COUNT(*) AS ?n) {COUNTS[query]}"
    assert get(client, query, chosen.media_type).data == get(client, counted, chosen.media_type).data


@pytest.mark.parametrize("before", ["PREFIX a: <b c>", "PREFIX a: <:>", "BASE <http://[>"])
def test_a_count_after_what_is_not_sparql_is_refused(client: FlaskClient, before: str) -> None:
    assert get(client, f"{before} {COUNT}").status_code == 400


@pytest.mark.parametrize("by", ["protocol", "query"])
def test_a_data_set_of_one_graph(client: FlaskClient, by: str) -> None:
    name = select(client, GRAPHS)[0]["g"]
    expected = count(client, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")
    if by == "protocol":
        assert count(client, COUNT, **{"default-graph-uri": name}) == expected
        assert count(client, COUNT, **{"default-graph-uri": [name, name]}) == expected
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
