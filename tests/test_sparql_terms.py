"""Whatever term a query gives, every format carries it to two independent readers, or says with 406 that it cannot."""

import csv
from collections import Counter
from collections.abc import Iterator
from io import BytesIO, StringIO

import pytest
import rdflib
from asking import RDFLIB, get
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from rdflib.query import Result, ResultRow
from terms import (
    NOT_XML,
    READERS,
    Row,
    Term,
    graph_of,
    iris,
    read_by_pyoxigraph,
    read_by_rdflib,
    terms,
)

from publisher.core.formats import BY_NAME, RDF_FORMATS, RESULT_FORMATS, Format

# --- tables -----------------------------------------------------------------------------


def table(rows: list[Row]) -> str:
    cells = " ".join("(" + " ".join(term.sparql if term else "UNDEF" for term in row) + ")" for row in rows)
    return f"SELECT ?c ?a ?b {{ VALUES (?a ?b ?c) {{ {cells} }} }}"


@pytest.fixture(autouse=True)
def _literals_as_written(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    yield


@pytest.mark.parametrize("chosen", [f for f in RESULT_FORMATS if f.name != "csv"], ids=lambda f: f.name)
@given(rows=st.lists(st.tuples(*[st.none() | terms] * 3), min_size=1, max_size=3))
def test_tables_carry_every_term(client: FlaskClient, chosen: Format, rows: list[Row]) -> None:
    expected = Counter((c, a, b) for a, b, c in (tuple(t and t.answered for t in row) for row in rows))
    response = get(client, table(rows), chosen.media_type)
    if chosen.is_xml and any(NOT_XML.search(term.value) for row in rows for term in row if term):
        assert response.status_code == 406
        return
    assert response.status_code == 200, response.text
    assert Counter(READERS[chosen.name](response.data)) == expected
    assert Counter(read_by_pyoxigraph(response.data, chosen)) == expected


@pytest.mark.parametrize("chosen", [BY_NAME["json"], BY_NAME["xml"]], ids=lambda f: f.name)
@given(rows=st.lists(st.tuples(*[st.none() | terms] * 3), min_size=1, max_size=3))
def test_tables_are_read_by_rdflib(client: FlaskClient, chosen: Format, rows: list[Row]) -> None:
    response = get(client, table(rows), chosen.media_type)
    if response.status_code == 200:
        found = Counter(read_by_rdflib(response.data, chosen))
        assert found == Counter((c, a, b) for a, b, c in (tuple(t and t.answered for t in row) for row in rows))


@given(rows=st.lists(st.tuples(*[st.none() | terms] * 3), min_size=1, max_size=3))
def test_csv_carries_the_text_of_every_term(client: FlaskClient, rows: list[Row]) -> None:
    """SPARQL 1.1 Query Results CSV and TSV §3: the text only, nothing for unbound; RFC 4180 quoting."""
    response = get(client, table(rows), "text/csv")
    header, *found = csv.reader(StringIO(response.text, newline=""))
    assert header == ["c", "a", "b"]
    expected = [tuple(term.value if term else "" for term in (c, a, b)) for a, b, c in rows]
    assert Counter(map(tuple, found)) == Counter(expected)


# --- graphs -----------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
@given(triples=st.lists(st.tuples(iris, iris, terms), min_size=1, max_size=3))
def test_graphs_carry_every_term(client: FlaskClient, chosen: Format, triples: list[tuple[Term, Term, Term]]) -> None:
    pattern = " . ".join(" ".join(term.sparql for term in triple) for triple in triples)
    response = get(client, f"CONSTRUCT {{ {pattern} }} WHERE {{}}", chosen.media_type)
    if chosen.is_xml and response.status_code == 406:
        return
    assert response.status_code == 200, response.text
    expected = {tuple(term.answered for term in triple) for triple in triples}
    for found in graph_of(response.data, chosen):
        assert found == expected


@given(triples=st.lists(st.tuples(iris, st.just(Term("uri", "http://ex.example/p")), terms), min_size=1, max_size=3))
def test_only_what_xml_has_no_character_for_is_refused_in_it(
    client: FlaskClient, triples: list[tuple[Term, Term, Term]]
) -> None:
    pattern = " . ".join(" ".join(term.sparql for term in triple) for triple in triples)
    response = get(client, f"CONSTRUCT {{ {pattern} }} WHERE {{}}", "application/rdf+xml")
    unfit = any(NOT_XML.search(term.value) for triple in triples for term in triple)
    assert response.status_code == (406 if unfit else 200)


# --- blank nodes, direction and order ---------------------------------------------------


@pytest.mark.parametrize("chosen", RESULT_FORMATS, ids=lambda f: f.name)
def test_a_blank_node_has_one_name_within_a_table(client: FlaskClient, chosen: Format) -> None:
    query = "SELECT ?x ?y ?z { BIND(BNODE() AS ?x) BIND(?x AS ?y) BIND(BNODE() AS ?z) }"
    (row,) = Result.parse(source=BytesIO(get(client, query, chosen.media_type).data), content_type=chosen.media_type)
    assert isinstance(row, ResultRow)
    assert str(row.x) == str(row.y) != str(row.z)


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_a_blank_node_is_one_node_within_a_graph(client: FlaskClient, chosen: Format) -> None:
    query = (
        "CONSTRUCT { ?v <http://ex.example/p> _:a . _:a <http://ex.example/q> ?v } WHERE { VALUES ?v { <a:1> <a:2> } }"
    )
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=get(client, query, chosen.media_type).data, format=RDFLIB[chosen.name])
    there = set(dataset.subject_objects(rdflib.URIRef("http://ex.example/p")))
    back = set(dataset.subject_objects(rdflib.URIRef("http://ex.example/q")))
    assert there == {(thing, node) for node, thing in back}
    assert len({node for node, _ in back}) == 2


DIRECTED = {
    "json": '"value":"x","xml:lang":"ar","its:dir":"rtl"',
    "xml": 'xml:lang="ar" its:dir="rtl"',
    "tsv": '"x"@ar--rtl',
    "turtle": '"x"@ar--rtl',
    "ntriples": '"x"@ar--rtl',
    "trig": '"x"@ar--rtl',
    "nquads": '"x"@ar--rtl',
    "jsonld": '"@language":"ar","@direction":"rtl","@value":"x"',
}
"""How a text with a direction (RDF 1.2) is written; CSV has neither language nor direction."""


@pytest.mark.parametrize("chosen", (*RESULT_FORMATS, *RDF_FORMATS), ids=lambda f: f.name)
def test_the_direction_of_a_text_is_kept_or_refused(client: FlaskClient, chosen: Format) -> None:
    query = "SELECT ('x'@ar--rtl AS ?x) {}"
    if chosen in RDF_FORMATS:
        query = "CONSTRUCT { <http://ex.example/s> <http://ex.example/p> 'x'@ar--rtl } WHERE {}"
    response = get(client, query, chosen.media_type)
    if chosen.name == "rdfxml":  # A reader of RDF 1.1 would take its:dir for a property.
        assert response.status_code == 406
        return
    assert response.status_code == 200
    assert DIRECTED.get(chosen.name, "x") in response.text


@pytest.mark.parametrize(("chosen", "status"), [("turtle", 200), ("ntriples", 200), ("jsonld", 406), ("rdfxml", 406)])
def test_a_triple_term_is_kept_or_refused(client: FlaskClient, chosen: str, status: int) -> None:
    query = "CONSTRUCT { <http://ex.example/s> <http://ex.example/p> <<( <a:> <b:> 1 )>> } WHERE {}"
    response = get(client, query, BY_NAME[chosen].media_type)
    assert response.status_code == status
    assert status == 406 or "<<( <a:> <b:> " in response.text


@pytest.mark.parametrize("chosen", RESULT_FORMATS, ids=lambda f: f.name)
@given(names=st.permutations(["a", "b1", "Zz", "é", "_x"]))
def test_columns_are_in_the_order_selected(client: FlaskClient, chosen: Format, names: list[str]) -> None:
    query = f"SELECT {' '.join(f'?{name}' for name in names)} {{ BIND(1 AS ?{names[2]}) }}"
    result = Result.parse(source=BytesIO(get(client, query, chosen.media_type).data), content_type=chosen.media_type)
    assert [str(name) for name in result.vars or []] == names
