"""Where a query has a syntax error: told to programs in members, shown to people with the place marked."""

import re
from html import unescape

import pytest
from asking import get
from flask.testing import FlaskClient

from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.web.operation import QUERY_TYPE

LONG = "?s ?p 'x' . " * 40

PLACES = {
    "an undeclared prefix": ("SELECT * {\n  ?s foaf:name ?o\n}", 2, 6, "foaf:name"),
    "an open string": ("SELECT * {\r\n\r\n  ?s ?p 'open\r\n}", 3, 9, "'open"),
    "a missing dot": ("SELECT ?x {\n  ?x a ?c\n  ?y ?b ?z\n}\nLIMIT 20", 3, 3, "?y"),
    "a comma too many": ("SELECT ?x { ?x a ?c, }\nLIMIT 5", 1, 22, "}"),
    "another language's operator": ('SELECT * {\n  ?s ?p ?o\n  FILTER(?o === "x")\n}\nLIMIT 20', 3, 14, "=="),
    "a mistyped keyword": ("SELEC ?x { ?x ?p ?o }", 1, 1, "SELEC"),
    "a forgotten keyword": ("SELECT ?x { ?x ?p ?o } ORDER ?x", 1, 30, "?x"),
    "a wrong number": ("SELECT * {\n  ?s ?p ?o\n}\nLIMIT many", 4, 7, "many"),
    "a bracket too many": ("ASK { ?s ?p ?o } }", 1, 18, "}"),
    "a tab before": ("ASK {\n\t?s ?p }", 2, 8, "}"),
    "beyond the basic plane": ('ASK {\n "é€😀" <a:> }', 2, 13, "}"),
    "within a long line": (f"ASK {{ {LONG} ?s === ?o . {LONG} }}", 1, 491, "==="),
    "a second query": ("ASK {}\nASK {}", 2, 1, "ASK"),
    "another language": ("PREFIX x: <http://ex.example/>\nUPDATE x:a SET x:b = 1", 2, 1, "UPDATE"),
    "an IRI without brackets": ("PREFIX x: http://a.example/ ASK { x:s x:p 1 }", 1, 11, "http:"),
    "a base without brackets": ("BASE http://a.example/ ASK {}", 1, 6, "http:"),
    "a brace in an IRI": ("ASK { <http://a.example/{b}> ?p ?o }", 1, 25, "{"),
    "a space in an IRI": ("ASK {\n  ?s <http://a.example/a b> ?o }", 2, 25, " b"),
    "a comparison like an IRI": ("ASK { FILTER(?a<ex:b && ?c>3) }", 1, 17, "ex:b"),
    "carriage returns": ("ASK {\r\r  ?s ?p }\r", 3, 9, "}"),
    "line ends of all kinds": ("ASK {\r\n\r\n\n?s ?p }", 4, 7, "}"),
    "relative IRIs before": ("PREFIX p: <x>\nASK { <y> p:z }", 2, 15, "}"),
}
AT_THE_END = {
    "an open group": ("SELECT * WHERE {\n  ?s ?p ?o", 2, 11),
    "only prefixes": ("PREFIX x: <http://ex.example/>\nSELECT", 2, 7),
    "line feeds after": ("ASK {\n\n\n", 1, 6),
}
HINTS = {
    "SELECT ?x ?x {}": ("The engine says: Duplicated variable name in SELECT", "in SELECT"),
    "SELECT ?o { ?s ?p ?o } GROUP BY ?s": ("The SELECT contains a variable that is unbound", "that is unbound"),
    "SELECT * { ?s ?p ?o } GROUP BY ?s": ("SELECT * cannot be used with GROUP BY", "GROUP BY\u00a0: nommez"),
    "SELECT * { ?s ?p ?o } GROUP BY ?s LIMIT 3": ("SELECT * cannot be used with GROUP BY", "nommez les variables"),
    PLACES["an IRI without brackets"][0]: ("An IRI in angle brackets follows here", "entre chevrons"),
    PLACES["a base without brackets"][0]: ("An IRI in angle brackets follows here", "entre chevrons"),
    PLACES["a brace in an IRI"][0]: ("'{' may not stand in an IRI", "«\u00a0{\u00a0» ne peut pas"),
    PLACES["a space in an IRI"][0]: ("' ' may not stand in an IRI", "encodez-le"),
    PLACES["a comparison like an IRI"][0]: ("Declare this prefix first: PREFIX ex: <…>", "PREFIX ex:"),
}
"""What is said of a query, and a part of what is said in French."""
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("name", PLACES)
def test_programs_are_told_line_and_column(client: FlaskClient, name: str) -> None:
    query, line, column, marked = PLACES[name]
    problem = get(client, query).get_json()
    assert (problem["status"], problem["line"], problem["column"]) == (400, line, column)
    assert problem["type"].endswith("#bad-query")
    assert f"Line {line}, column {column}:" in problem["detail"]
    text, caret = problem["excerpt"].split("\n")
    assert text[caret.index("^") :].startswith(marked)
    assert len(text) < 200


@pytest.mark.parametrize("query", HINTS)
def test_it_is_said_what_to_do(client: FlaskClient, query: str) -> None:
    said, in_french = HINTS[query]
    assert said in get(client, query).get_json()["detail"]
    page = client.get("/sparql", query_string={"query": query, "lang": "fr"}, headers=HTML).text
    assert in_french in unescape(page)


def test_a_prefix_may_be_called_as_a_keyword_is(client: FlaskClient) -> None:
    for name in ("prefix", "base"):
        assert get(client, f"PREFIX {name}: <a:> ASK {{ {name}:a {name}:b 1 }}").status_code == 200


def test_a_byte_order_mark_before_a_query_is_none_of_it(client: FlaskClient) -> None:
    assert get(client, "\ufeffASK {}").get_json()["boolean"] is True
    sent = client.post("/sparql", data="\ufeffASK {}".encode(), content_type=QUERY_TYPE)
    assert sent.get_json()["boolean"] is True
    assert get(client, "\ufeffASK {\n ?s ?p }").get_json()["line"] == 2


@pytest.mark.parametrize("name", AT_THE_END)
def test_what_is_missing_is_missing_at_the_end(client: FlaskClient, name: str) -> None:
    query, line, column = AT_THE_END[name]
    problem = get(client, query).get_json()
    assert (problem["line"], problem["column"]) == (line, column)
    text, caret = problem["excerpt"].split("\n")
    assert caret.index("^") == len(text)
    page = client.get("/sparql", query_string={"query": query, "lang": "en"}, headers=HTML).text
    assert "<mark>end of the line</mark>" in page


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize(("language", "words"), [("en", "Line"), ("fr", "Ligne"), ("es", "Línea")])
def test_people_see_the_place_marked_and_can_mend_the_query(
    client: FlaskClient, name: str, language: str, words: str
) -> None:
    query, line, column, marked = PLACES[name]
    response = client.get("/sparql", query_string={"query": query, "lang": language}, headers=HTML)
    assert (response.status_code, response.mimetype) == (400, "text/html")
    figure = response.text.partition("<figure")[2].partition("</figure>")[0]
    assert re.search(rf"{words} {line}, \w+ {column}\b", figure)
    (found,) = re.findall(r"<mark>(.*?)</mark>", figure)
    assert unescape(found).startswith(marked)
    shown = figure.partition("<mark>")[0].rpartition("\n")[2]
    assert f'<span class="number">{line}</span>' in shown
    (mended,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", response.text, re.DOTALL)
    assert unescape(mended) == query
    assert all(len(row) < 400 for row in figure.splitlines())


def test_the_lines_around_are_shown(client: FlaskClient) -> None:
    query = "\n".join(["SELECT * {", *(f"  ?s{n} ?p ?o ." for n in range(2, 10)), "  ?x === 1", "  ?y ?p ?o", "}"])
    page = client.get("/sparql", query_string={"query": query}, headers=HTML).text
    figure = page.partition("<figure")[2].partition("</figure>")[0]
    assert re.findall(r'class="number">(\d+)<', figure) == ["7", "8", "9", "10", "11", "12"]


def test_a_query_is_shown_as_text(client: FlaskClient) -> None:
    query = 'ASK { ?s ?p "<script>alert(1)</script>" "</textarea><img>" }'
    page = client.get("/sparql", query_string={"query": query}, headers=HTML).text
    assert "<script>" not in page
    assert "<img" not in page


@pytest.mark.parametrize("query", ["", "  ", "# nothing", "{ ?s ?p ?o }"])
def test_where_there_is_no_query_there_is_no_place(client: FlaskClient, query: str) -> None:
    problem = get(client, query).get_json()
    assert problem["status"] == 400
    assert "line" not in problem
    page = client.get("/sparql", query_string={"query": query}, headers=HTML)
    assert (page.status_code, page.text.count("<textarea")) == (400, int(bool(query)))


def test_the_place_in_a_very_long_query_is_found(client: FlaskClient, settings: Settings) -> None:
    lines = ["?a ?b ?c ."] * (settings.query_length // 12)
    query = "\n".join(["ASK {", *lines, "?a ?b === .", *lines[:10], "}"])
    response = client.post("/sparql", data={"query": query})
    assert response.get_json()["line"] == len(lines) + 2


def test_a_prefix_that_the_dataset_has_is_told_whole(client: FlaskClient, release: Release) -> None:
    problem = get(client, "ASK { ?x a skos:Concept }").get_json()
    assert f"PREFIX skos: <{release.prefixes['skos']}>" in problem["detail"]
    assert "PREFIX ex: <…>" in str(get(client, "ASK { ?x a ex:Concept }").get_json())


@pytest.mark.parametrize(
    ("query", "status"), [("INSERT DATA { <a:> <b:> 1 }", 403), ("ASK { BIND(<a:>(1) AS ?x) }", 501)]
)
def test_every_query_that_is_refused_can_be_changed(client: FlaskClient, query: str, status: int) -> None:
    response = client.get("/sparql", query_string={"query": query, "lang": "en"}, headers=HTML)
    assert response.status_code == status
    form = response.text.partition('<textarea id="query"')[2].partition("</textarea>")[0]
    assert unescape(form.partition(">")[2]).strip() == query
