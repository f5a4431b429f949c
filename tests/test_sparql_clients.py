"""The endpoint as clients that others have written use it, on a really running server."""

import pytest
from rdflib import RDFS, Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

SELECT = "SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o LIMIT 5"
CONSTRUCT = "CONSTRUCT WHERE { ?s a ?o }"


@pytest.fixture
def endpoint(server: str) -> str:
    return server + "sparql"


def wrapper(endpoint: str, query: str, returned: str, method: str = GET, how: str = URLENCODED) -> SPARQLWrapper:
    made = SPARQLWrapper(endpoint, returnFormat=returned)
    made.setMethod(method)
    made.setRequestMethod(how)
    made.setQuery(query)
    return made


@pytest.mark.parametrize(("method", "how"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_selects(endpoint: str, method: str, how: str) -> None:
    found = wrapper(endpoint, SELECT, JSON, method, how).queryAndConvert()
    assert isinstance(found, dict)
    assert len(found["results"]["bindings"]) == 5


@pytest.mark.parametrize("returned", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_reads_every_table_format(endpoint: str, returned: str) -> None:
    assert wrapper(endpoint, SELECT, returned).queryAndConvert()


@pytest.mark.parametrize("returned", [JSON, XML])
def test_sparqlwrapper_reads_every_boolean_format(endpoint: str, returned: str) -> None:
    assert wrapper(endpoint, "ASK { ?s ?p ?o }", returned).queryAndConvert()


@pytest.mark.parametrize("returned", [XML, RDFXML, JSONLD])
@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE ?s { ?s a ?o }"], ids=["construct", "describe"])
def test_sparqlwrapper_reads_graphs(endpoint: str, returned: str, query: str) -> None:
    found = wrapper(endpoint, query, returned).queryAndConvert()
    assert isinstance(found, Graph)
    assert len(found)


def test_sparqlwrapper_reads_turtle(endpoint: str) -> None:
    found = wrapper(endpoint, CONSTRUCT, TURTLE).queryAndConvert()
    assert isinstance(found, bytes)
    assert len(Graph().parse(data=found, format="turtle"))


def test_sparqlwrapper_understands_a_syntax_error(endpoint: str) -> None:
    with pytest.raises(QueryBadFormed, match="Line 1"):
        wrapper(endpoint, "SELECT * { ?s ?p }", JSON).query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("returned", ["xml", "json", "csv", "tsv"])
def test_rdflib_queries(endpoint: str, method: str, returned: str) -> None:
    graph = Graph(SPARQLStore(endpoint, method=method, returnFormat=returned))
    assert len(list(graph.query(SELECT))) == 5


def test_rdflib_reads_as_if_the_graph_were_at_hand(endpoint: str) -> None:
    graph = Graph(SPARQLStore(endpoint, returnFormat="json"))
    subject, predicate, value = next(iter(graph.triples((None, RDFS.label, None))))
    assert (subject, predicate, value) in graph
    assert len(graph) > 100
