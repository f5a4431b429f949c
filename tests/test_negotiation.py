"""Who gets which representation (RFC 9110 §12.5.1): the rules, and the headers that real clients send."""

import time

import pytest
from asking import get
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from publisher.core.formats import BY_NAME, PAGE, RDF_FORMATS, RESULT_FORMATS, Format

SELECT = "SELECT (1 AS ?x) {}"
CONSTRUCT = "CONSTRUCT { <a:> <http://ex.example/p> 1 } WHERE {}"
REFUSED = "406"
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
"""What Java's URLConnection sent until Java 17; since then it is ``*/*; q=0.2`` once."""

RULES: dict[str, tuple[str, str]] = {
    # header: (of a table, of a graph)
    "": ("json", "turtle"),
    "*/*": ("json", "turtle"),
    "*": ("json", "turtle"),
    "application/*": ("json", "ntriples"),
    "text/*": ("csv", "turtle"),
    "text/html": ("html", "html"),
    "text/*;q=0.5, text/html;q=0.1": ("csv", "turtle"),
    "text/*;q=0.1, text/html": ("html", "html"),
    "application/sparql-results+xml": ("xml", REFUSED),
    "application/rdf+xml": (REFUSED, "rdfxml"),
    "APPLICATION/SPARQL-Results+XML": ("xml", REFUSED),
    "application/json": ("json", "jsonld"),
    "application/xml": ("xml", "rdfxml"),
    # weights
    "text/csv;q=0.2, text/tab-separated-values;q=0.9": ("tsv", REFUSED),
    "text/csv;q=0.2,text/tab-separated-values;Q=0.3": ("tsv", REFUSED),
    "text/csv ; q=0.2 , text/tab-separated-values ; q=0.3": ("tsv", REFUSED),
    "text/turtle;q=0.001, application/n-quads;q=0": (REFUSED, "turtle"),
    "text/csv;q=.5, text/tab-separated-values;q=.8": ("tsv", REFUSED),
    "text/csv;q=0.33333, text/tab-separated-values;q=0.6666667": ("tsv", REFUSED),
    "text/csv;q=0.00001": ("csv", REFUSED),
    "text/csv;q=7, text/tab-separated-values;q=0.9": ("csv", REFUSED),
    # q=0 is a refusal, whatever else is taken
    "*/*;q=0": (REFUSED, REFUSED),
    "text/turtle;q=0, */*": ("json", "ntriples"),
    "application/sparql-results+json;q=0, */*;q=0.1": ("xml", "turtle"),
    "application/sparql-results+json;q=0, application/json;q=0, */*": ("xml", "turtle"),
    "application/sparql-results+json;q=0, application/json": (REFUSED, "jsonld"),
    "application/sparql-results+json;q=0, application/json, text/csv;q=0.1": ("csv", "jsonld"),
    "application/ld+json;q=0.0, application/json, text/turtle;q=0.1": ("json", "turtle"),
    "text/csv;q=0": (REFUSED, REFUSED),
    "text/*;q=0, */*": ("json", "ntriples"),
    # the more specific range decides
    "*/*, text/csv;q=0.1, application/*;q=0": ("tsv", "turtle"),
    "text/*, text/turtle;q=0.1, application/trig;q=0.5": ("csv", "html"),
    # parameters
    "text/turtle;charset=utf-8": (REFUSED, "turtle"),
    'text/turtle;charset="UTF-8"': (REFUSED, "turtle"),
    "application/sparql-results+json;charset=utf-8;q=0.5, text/csv;q=0.4": ("json", REFUSED),
    "text/csv;header=present": ("csv", REFUSED),
    "text/csv;header=absent": (REFUSED, REFUSED),
    "text/csv;charset=utf-16, text/tab-separated-values;q=0.1": ("tsv", REFUSED),
    "application/sparql-results+json;q=0.5": ("json", REFUSED),
    "text/html;level=1, application/sparql-results+xml;q=0.1": ("xml", REFUSED),
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"': (REFUSED, "jsonld"),
    "text/turtle;version=1.2": (REFUSED, "turtle"),
    # not well formed, in part or as a whole
    ",, ,text/csv,, ": ("csv", REFUSED),
    ", ,": ("json", "turtle"),
    "text/csv, this is no media type, */*;q=0.1": ("csv", "turtle"),
    'text/csv;x="a,b", text/tab-separated-values;q=0.1': ("tsv", REFUSED),
    'text/csv, "open': ("csv", REFUSED),
    "rubbish": ("json", "turtle"),
    "text/": ("json", "turtle"),
    "text/csv;q=high": ("json", "turtle"),
    "*/html": (REFUSED, REFUSED),
    # nothing of it is offered
    "image/png": (REFUSED, REFUSED),
    "image/png, */*;q=0.1": ("json", "turtle"),
}
CLIENTS: dict[str, tuple[str, str, str]] = {
    # client: header, query, format
    "Chromium": (
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
        "application/signed-exchange;v=b3;q=0.7",
        SELECT,
        "html",
    ),
    "Firefox": ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", CONSTRUCT, "html"),
    "curl": ("*/*", SELECT, "json"),
    "Wget": ("*/*", CONSTRUCT, "turtle"),
    "python-requests": ("*/*", SELECT, "json"),
    "urllib, no header": ("", CONSTRUCT, "turtle"),
    "Java's HttpClient, no header": ("", SELECT, "json"),
    # It says that it likes pages best; a program that wants data has to say so.
    "Java's URLConnection": (JAVA, SELECT, "html"),
    "Java's URLConnection, 18": ("text/html, image/gif, image/jpeg, */*; q=0.2", CONSTRUCT, "html"),
    "rdflib SPARQLStore": ("application/rdf+xml, application/sparql-results+xml", SELECT, "xml"),
    "rdflib SPARQLStore, a graph": ("application/rdf+xml, application/sparql-results+xml", CONSTRUCT, "rdfxml"),
    "rdflib Graph.parse": (
        "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, application/n-quads, "
        "application/trix, application/trig",
        CONSTRUCT,
        "turtle",
    ),
    "SPARQLWrapper": ("application/sparql-results+xml", SELECT, "xml"),
    "SPARQLWrapper JSON": (
        "application/sparql-results+json,application/json,text/javascript,application/javascript",
        SELECT,
        "json",
    ),
    "SPARQLWrapper Turtle": ("application/turtle,text/turtle", CONSTRUCT, "turtle"),
    "SPARQLWrapper JSON-LD": ("application/ld+json,application/x-json+ld", CONSTRUCT, "jsonld"),
    "SPARQLWrapper RDF/XML": ("application/rdf+xml", CONSTRUCT, "rdfxml"),
    "Jena": (
        "application/sparql-results+json,application/sparql-results+xml;q=0.9,text/tab-separated-values;q=0.7,"
        "text/csv;q=0.5,application/json;q=0.2,application/xml;q=0.2,*/*;q=0.1",
        SELECT,
        "json",
    ),
    "Jena ASK": (
        "application/sparql-results+json,application/sparql-results+xml;q=0.9,application/json;q=0.2,"
        "application/xml;q=0.2,*/*;q=0.1",
        "ASK {}",
        "json",
    ),
    "Jena, a graph": (
        "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3",
        CONSTRUCT,
        "turtle",
    ),
    "Jena RDFConnection": (
        "text/turtle,application/n-triples;q=0.9,application/rdf+xml;q=0.7,application/trig,"
        "application/n-quads;q=0.9,application/ld+json;q=0.8,*/*;q=0.5",
        CONSTRUCT,
        "turtle",
    ),
    "Jena, a dataset": (
        "application/trig,application/n-quads;q=0.9,application/ld+json;q=0.8,*/*;q=0.3",
        CONSTRUCT,
        "trig",
    ),
    "YASGUI": ("application/sparql-results+json,*/*;q=0.9", SELECT, "json"),
    "YASGUI, a graph": ("application/n-triples,*/*;q=0.9", CONSTRUCT, "ntriples"),
    "Comunica": ("application/sparql-results+json;q=1.0,application/sparql-results+xml;q=0.7", SELECT, "json"),
    "Comunica, a graph": ("text/turtle", CONSTRUCT, "turtle"),
}
"""Recorded from the client or read in its source; Firefox and python-requests as they are known."""


def chosen(client: FlaskClient, query: str, accept: str) -> str:
    response = get(client, query, accept)
    if response.status_code == 406:
        return REFUSED
    assert response.status_code == 200
    return next(f.name for f in (PAGE, *RESULT_FORMATS, *RDF_FORMATS) if f.content_type == response.content_type)


@pytest.mark.parametrize("accept", RULES)
@pytest.mark.parametrize("query", [SELECT, CONSTRUCT], ids=["table", "graph"])
def test_rules(client: FlaskClient, accept: str, query: str) -> None:
    assert chosen(client, query, accept) == RULES[accept][query == CONSTRUCT]


@pytest.mark.parametrize("name", CLIENTS)
def test_real_clients(client: FlaskClient, name: str) -> None:
    accept, query, expected = CLIENTS[name]
    assert chosen(client, query, accept) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["text/csv;q=0.1", "application/sparql-results+xml"], "xml"),
        (["application/sparql-results+xml;q=0.1", "text/csv"], "csv"),
        (["image/png", "", "text/csv"], "csv"),
    ],
)
def test_several_lines_are_one_list(client: FlaskClient, lines: list[str], expected: str) -> None:
    headers = Headers([("Accept", line) for line in lines])
    response = client.get("/sparql", query_string={"query": SELECT}, headers=headers)
    assert response.mimetype == BY_NAME[expected].media_type


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        (SELECT, "json", "json"),
        (SELECT, "text/csv", "csv"),
        (SELECT, "srx", "xml"),
        (SELECT, "html", "html"),
        (CONSTRUCT, "json", "jsonld"),
        (CONSTRUCT, "json-ld", "jsonld"),
        (CONSTRUCT, "xml", "rdfxml"),
        (CONSTRUCT, "rdf+xml", "rdfxml"),
        (CONSTRUCT, "n3", "turtle"),
        (CONSTRUCT, "nt", "ntriples"),
        (CONSTRUCT, "application/ld+json", "jsonld"),
        (SELECT, "JSON", "json"),
        (SELECT, "application/sparql-results xml", "xml"),
        (CONSTRUCT, "Application/RDF XML", "rdfxml"),
    ],
)
@pytest.mark.parametrize("accept", ["*/*", "image/png", "text/html", "text/turtle, text/csv"])
def test_format_comes_before_the_header(client: FlaskClient, query: str, name: str, expected: str, accept: str) -> None:
    assert get(client, query, accept, format=name).mimetype == BY_NAME[expected].media_type
    assert get(client, query, accept, format=["nothing", name]).mimetype == BY_NAME[expected].media_type


@pytest.mark.parametrize("name", ["docx", "turtle", "json\r\nX: y", "é", " "])
def test_a_format_that_is_not_offered_is_refused(client: FlaskClient, name: str) -> None:
    assert get(client, SELECT, "*/*", format=name).status_code == 406


@pytest.mark.parametrize(
    ("query", "offered"), [(SELECT, RESULT_FORMATS), (CONSTRUCT, RDF_FORMATS)], ids=["table", "graph"]
)
def test_a_refusal_lists_what_is_offered(client: FlaskClient, query: str, offered: tuple[Format, ...]) -> None:
    response = get(client, query, "image/png")
    problem = response.get_json()
    assert (problem["status"], "Accept" in response.vary) == (406, True)
    listed = problem["detail"].partition("Offered: ")[2].rstrip(".").split(", ")
    assert listed == [f.media_type for f in offered] + [PAGE.media_type]


@given(header=st.text(st.sampled_from('text/csv html*;q=0.15,"\\ \tplain+ -é'), max_size=40))
def test_no_header_is_an_error(client: FlaskClient, header: str) -> None:
    response = get(client, SELECT, header)
    assert response.status_code in (200, 406)
    assert "Accept" in response.vary


def test_a_long_header_is_read_quickly(client: FlaskClient) -> None:
    for piece in ('"', "a/b;", "*/*;q=0.", ",", 'a/b;x="\\', "a/b;q=0.5,"):
        assert get(client, SELECT, piece * 5000).status_code in (200, 406)


VERY_LONG = {
    # field: an element that is preferred, others, header of the answer, what it says with the first element and without
    "Accept": ("text/csv", "a/b", "Content-Type", "text/csv; charset=utf-8", "application/problem+json"),
    "Accept-Language": ("es", "de", "Content-Language", "es", "en"),
    "Accept-Encoding": ("br", "x", "Content-Encoding", "br", None),
    "Accept-Profile": ("<http://schema.org/>", "<urn:x>", "Content-Profile", "<http://schema.org/>", None),
}


@pytest.mark.parametrize("field", VERY_LONG)
def test_of_a_very_long_header_the_beginning_is_read(client: FlaskClient, field: str) -> None:
    wanted, other, header, expected, without = VERY_LONG[field]
    path, accept = {
        "Accept": (f"/sparql?query={SELECT}", {}),
        "Accept-Profile": ("/id/person/julie-bolcer", {"Accept": "text/turtle"}),
    }.get(field, ("/api", {"Accept": "text/html"}))
    others = f",{other}" * 100_000
    start = time.process_time()
    for told, value in ((expected, wanted + others), (without, others[1:] + "," + wanted)):
        response = client.get(path, headers={**accept, field: value}, follow_redirects=True)
        assert response.headers.get(header) == told or (told is None and wanted not in response.headers.get(header, ""))
    assert time.process_time() - start < 1
