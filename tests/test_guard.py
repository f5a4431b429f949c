"""What the endpoint refuses before anything runs, and what it must not refuse."""

import pytest
from flask.testing import FlaskClient

from publisher.core.settings import Settings

PREFIXES = "PREFIX : <http://ex.example/> PREFIX ex: <http://ex.example/>\n"

FEDERATED = (
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { sErViCe<http://127.0.0.1:9/>{?s ?p ?o} }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SERVIC\\U00000045 <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SERVICE ?s { ?s ?p ?o } }",
    PREFIXES + "SELECT * { SERVICE:x { ?s ?p ?o } }",
    PREFIXES + "SELECT * { SERVICESILENT:x { ?s ?p ?o } }",
    PREFIXES + "SELECT * { ?s ?p trueSERVICE:x { ?s ?p ?o } }",
    PREFIXES + "SELECT * { ?s ?p 1SERVICE ex:x { ?s ?p ?o } }",
    'SELECT * { ?s ?p """"a""" SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }',
    "SELECT * { ?s ?p '''a\\''''SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { #\rSERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p <http://ex.example/#> SERVICE#\n<http://127.0.0.1:9/> { ?s ?p ?o } }",
    PREFIXES + "SELECT * { ?s ?p ex:a\\#b SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { FILTER(1<2)SERVICE<http://127.0.0.1:9/>{?s ?p ?o} FILTER(3>2) }",
    "SELECT * { { SELECT * { OPTIONAL { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } } } }",
    "ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "PREFIX service: <http://127.0.0.1:9/> PREFIX : <http://127.0.0.1:9/> ASK { service:a { } }",
)

UPDATES = (
    "INSERT DATA { <http://ex.example/a> <http://ex.example/b> 1 }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "WITH <http://ex.example/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "LOAD <http://127.0.0.1:9/>",
    "load silent <http://127.0.0.1:9/> into graph <http://ex.example/g>",
    "CLEAR ALL",
    "DROP GRAPH <http://ex.example/g>",
    "CREATE GRAPH <http://ex.example/g>",
    "ADD DEFAULT TO <http://ex.example/g>",
    "MOVE DEFAULT TO <http://ex.example/g>",
    "COPY DEFAULT TO <http://ex.example/g>",
    "\\u0043LEAR ALL",
    "# a comment\nPREFIX ex: <http://ex.example/> CLEAR ALL",
    "SELECT * { ?s ?p ?o } ; DELETE WHERE { ?s ?p ?o }",
)

HARMLESS = (
    "SELECT ?service { ?service ?insert $delete } LIMIT 1",
    "ASK { ?s ?p 'SERVICE <http://127.0.0.1:9/> { }' }",
    'ASK { ?s ?p """SERVICE "<a>" \'\'\' { INSERT """ }',
    "ASK { ?s ?p '''it's \"SERVICE\" \\' { DROP ''' }",
    "ASK { ?s ?p <http://ex.example/SERVICE#INSERT> }",
    "# SERVICE <http://127.0.0.1:9/> { INSERT\nASK { ?s ?p ?o }",
    "ASK { ?s ?p ?o # SERVICE {{{{{{{{\n}",
    PREFIXES + "ASK { ex:service ex:insert :service ; ex:a.b ex:a-b ; ex:%41 ex:a\\,b ; ex: : }",
    PREFIXES + "ASK { ?s ?p 'a'@en-gb , 'b'^^ex:service , _:service }",
    "ASK { ?s ?p 'caf\\u00e9' ; <http://ex.example/\\u0061> ?o }",
    "BASE <http://ex.example/> PREFIX é: <x> ASK { é:ü ?p <y> }",
    "ask{?s?p?o filter(?o<5&&?o>-1.5e3||!bound(?p))}",
    "SELECT*{?s?p?o}LIMIT 1",
    PREFIXES + "\\u0053ELECT ?n\\u0061me { :\\u0070 e\\u0078:p _:\\U00000062 . ?s ?p ?name }",
    PREFIXES + "SELECT * { ?s ?p ex:a\\-b, 'it\\u0027s' # \\u0020\n }",
    "SELECT (COUNT(*) AS ?n) { ?s (<a:>|^<b:>/<c:>*)+ ?o } GROUP BY ?s HAVING (COUNT(*) > 1)",
    "ASK { { SELECT ?s { ?s ?p ?o } LIMIT 1 } VALUES ?x { UNDEF 1 'x' } }",
)

WRONG = (
    "",
    "   # nothing\n",
    "HELLO",
    "{ ?s ?p ?o }",
    "ASK { ?s ?p ?o } ASK { ?s ?p ?o }",
    "ASK { ?s ?p 'open }",
    'ASK { ?s ?p """open" }',
    "ASK { ?s ?p ?o } \\",
    "ASK { ?s ex:p ?o }",
    "ASK { ?s ?p ?o \x00 }",
    "ASK FROM:g { ?s ?p ?o }",
    "ASK { ?s ?p ?o",
    "SELECT * WHERE { ?s ?p }",
    "SELECT * { ?x\\u0020y ?p ?o }",
    "SELECT * { ?s ?p ?o \\u007D",
)


def ask(client: FlaskClient, query: str) -> tuple[int, str]:
    response = client.post("/sparql", data=query.encode(), content_type="application/sparql-query")
    return response.status_code, str((response.get_json(silent=True) or {}).get("type", ""))


@pytest.mark.parametrize("query", FEDERATED)
def test_federated_queries_are_refused(client: FlaskClient, query: str) -> None:
    status, problem = ask(client, query)
    assert status == 403
    assert problem.endswith("#query-refused")


@pytest.mark.parametrize("query", UPDATES)
def test_updates_are_refused(client: FlaskClient, query: str) -> None:
    status, problem = ask(client, query)
    assert status == 403
    assert problem.endswith("#query-refused")


@pytest.mark.parametrize("query", HARMLESS)
def test_harmless_queries_run(client: FlaskClient, query: str) -> None:
    assert ask(client, query)[0] == 200


@pytest.mark.parametrize("query", WRONG)
def test_what_is_no_query_is_a_bad_request(client: FlaskClient, query: str) -> None:
    status, problem = ask(client, query)
    assert status == 400
    assert problem.endswith("#bad-query")


NESTINGS = {"groups": ("{", "}"), "parentheses": ("(", ")"), "brackets": ("[ ?p ", "]"), "triples": ("<<", ">>")}


@pytest.mark.parametrize("name", NESTINGS)
def test_deep_nesting_is_refused(client: FlaskClient, settings: Settings, name: str) -> None:
    opening, closing = NESTINGS[name]
    query = "ASK { " + opening * (settings.query_depth + 1) + closing * (settings.query_depth + 1) + " }"
    status, problem = ask(client, query)
    assert status == 400
    assert problem.endswith("#query-too-deep")


def test_brackets_in_strings_and_comments_do_not_nest(client: FlaskClient, settings: Settings) -> None:
    many = "{([" * settings.query_depth
    assert ask(client, f"ASK {{ ?s ?p '{many}' # {many}\n }}")[0] == 200


def test_nesting_up_to_the_limit_runs(client: FlaskClient, settings: Settings) -> None:
    assert ask(client, "ASK " + "{" * settings.query_depth + "}" * settings.query_depth)[0] == 200


@pytest.mark.parametrize("factor", [1, 10])
def test_a_long_query_is_refused(client: FlaskClient, settings: Settings, factor: int) -> None:
    status, problem = ask(client, "ASK { ?s ?p ?o } #" + "é" * (settings.query_length * factor // 2))
    assert status == 413
    assert problem.endswith("#query-too-long")


@pytest.mark.parametrize("piece", ["a.", "<", "'", '"""', "\\", "a:", "(", "_:a.", "@a-", "?", "..", "<a", "#"])
def test_no_text_makes_the_guard_slow_or_fail(client: FlaskClient, settings: Settings, piece: str) -> None:
    query = "ASK { " + piece * (settings.query_length // len(piece) - 10)
    assert ask(client, query)[0] == 400


def test_a_function_that_there_is_not(client: FlaskClient) -> None:
    response = client.post("/sparql", data={"query": "SELECT * { FILTER(<http://ex.example/f>(1)) }"})
    assert response.status_code == 501
    assert response.get_json()["type"].endswith("#query-unsupported")
    assert "<http://ex.example/f>" in response.get_json()["detail"]
