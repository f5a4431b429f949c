"""``SERVICE``: refused unless the settings allow the endpoint, and never at an address that is not public."""

import csv
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from asking import get
from federating import BY_NAME, ENDPOINT, LOOPBACK, ODDITIES, REPLIES, SILENT_PORT
from flask.testing import FlaskClient
from msgspec.structs import replace

from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.web.app import create_app

G = "http://localhost:8000/ontology#"
NAMES = f"PREFIX g: <{G}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nSELECT ?name"
GARDENERS = "?x a g:Gardener; rdfs:label ?name"
OTHER = f"SERVICE <{ENDPOINT}>"

GOOD = {
    "alone": f"{NAMES} {{ {OTHER} {{ {GARDENERS} }} }} ORDER BY ?name",
    "silent": f"{NAMES} {{ SERVICE#here\nSILENT <{ENDPOINT}> {{ {GARDENERS} }} }} ORDER BY ?name",
    "joined": f"{NAMES} {{ ?x a g:Gardener {OTHER} {{ ?x rdfs:label ?name }} }} ORDER BY ?name",
    "optional": f"{NAMES} {{ {GARDENERS} OPTIONAL {{ {OTHER} {{ ?x a g:Garden, ?kind }} }} }} ORDER BY ?name",
    "twice": f"{NAMES} {{ {OTHER} {{ {GARDENERS} }} {OTHER} {{ SELECT ?x {{ ?x a g:Gardener }} }} }} ORDER BY ?name",
    "with unbound": f"SELECT ?label ?n {{ {OTHER} "
    "{ { BIND(1 AS ?n) } UNION { BIND('a\\n\"b'@en AS ?label) } } } ORDER BY ?n",
}
REFUSED = {
    "an endpoint that is not allowed": ("SELECT * { SERVICE <http://elsewhere.example/sparql> { ?s ?p ?o } }", 403),
    "one that is written otherwise": (f"SELECT * {{ SERVICE <{ENDPOINT}/> {{ ?s ?p ?o }} }}", 403),
    "a variable": (f"SELECT * {{ BIND(<{ENDPOINT}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}", 403),
    "a prefixed name": (f"PREFIX e: <{ENDPOINT}> SELECT * {{ SERVICE e: {{ ?s ?p ?o }} }}", 403),
    "one within another": (f"SELECT * {{ SERVICE <{ENDPOINT}> {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }} }}", 403),
    "no group": (f"SELECT * {{ SERVICE <{ENDPOINT}> }}", 400),
    "an open group": (f"SELECT * {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o", 400),
    "nothing at all": ("SELECT * { SERVICE", 403),
}
FAILING = {
    "the loopback address": (LOOPBACK, "public address"),
    "a name for it": (BY_NAME, "public address"),
    "nobody there": (SILENT_PORT, "cannot be reached"),
    "no such host": ("http://nobody.invalid/sparql", "no host"),
    "redirects": (ODDITIES["redirects"], "302"),
    "drips": (ODDITIES["drips"], "in time"),
    "floods": (ODDITIES["floods"], "limit"),
    "chats": (ODDITIES["chats"], "JSON"),
    "asks": (ODDITIES["asks"], "JSON"),
}
BLANK = f"SELECT * {{ SERVICE <{ENDPOINT}> {{ SELECT (BNODE() AS ?b) {{}} }} }}"
DESCRIPTION = ""
"""No query: the service description."""

BY_OTHER_NAME = "http://other.example/sparql"
NOT_PUBLIC = [
    "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1", "fc00::1", "ff02::1",
    "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:a00:1::", "::10.0.0.1", "fec0::1", "2001::1", "2001:0:a00:1::",
]  # fmt: skip
Replies = dict[str, tuple[int, str, str]]


def failing(endpoint: str, silent: str = "") -> str:
    return f"SELECT ?n ?s {{ BIND(1 AS ?n) SERVICE {silent} <{endpoint}> {{ ?s ?p ?o }} }}"


@pytest.fixture(scope="module")
def replies(tmp_path_factory: pytest.TempPathFactory) -> Replies:
    """Query → what came back."""
    folder = Path(__file__).parent
    answers = tmp_path_factory.mktemp("answers")
    addresses = [endpoint for endpoint, _ in FAILING.values()]
    queries = [
        *GOOD.values(), *(query for query, _ in REFUSED.values()), BLANK, DESCRIPTION,
        *map(failing, addresses), *(failing(address, "SILENT") for address in addresses),
    ]  # fmt: skip
    done = subprocess.run(
        ["unshare", "--map-root-user", "--net", sys.executable, folder / "federating.py", folder / "project", answers],
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        timeout=180,
        cwd=folder.parent,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(queries, json.loads((answers / REPLIES).read_text(encoding="utf-8")), strict=True))


def rows(reply: tuple[int, str, str]) -> list[list[str]]:
    status, media_type, body = reply
    assert (status, media_type) == (200, "text/csv"), body
    return list(csv.reader(body.splitlines()))[1:]


@pytest.mark.parametrize("name", ["alone", "silent", "joined", "optional", "twice"])
def test_solutions_of_another_endpoint_are_joined(replies: Replies, name: str) -> None:
    assert rows(replies[GOOD[name]]) == [["Ada"], ["Ben"]]


def test_unbound_variables_stay_so(replies: Replies) -> None:
    status, _, body = replies[GOOD["with unbound"]]
    assert (status, list(csv.reader(body.splitlines(keepends=True)))) == (
        200, [["label", "n"], ['a\n"b', ""], ["", "1"]]
    )  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_allowed_is_refused(replies: Replies, name: str) -> None:
    query, expected = REFUSED[name]
    status, media_type, body = replies[query]
    assert (status, media_type) == (expected, "application/problem+json"), body
    if "whole IRI" in body or "may not be asked" in body:
        assert ENDPOINT in body


@pytest.mark.parametrize("name", FAILING)
def test_an_endpoint_that_fails_fails_the_query(replies: Replies, name: str) -> None:
    endpoint, reason = FAILING[name]
    status, media_type, body = replies[failing(endpoint)]
    assert (status, media_type) == (502, "application/problem+json"), body
    assert reason in json.loads(body)["detail"]
    assert endpoint in body


@pytest.fixture(scope="module")
def asking_others(settings: Settings, release: Release) -> FlaskClient:
    return create_app(replace(settings, services=(BY_OTHER_NAME,)), release).test_client()


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_name_leads_to_an_address_that_is_not_public(
    asking_others: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (name, 80, 0, 0)) for name in ("2600::1", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    response = get(asking_others, f"SELECT * {{ SERVICE <{BY_OTHER_NAME}> {{ ?s ?p ?o }} }}")
    assert (response.status_code, response.mimetype) == (502, "application/problem+json")
    assert "is not at a public address" in response.get_json()["detail"]


@pytest.mark.parametrize("name", FAILING)
def test_silent_passes_failures_over(replies: Replies, name: str) -> None:
    endpoint, _ = FAILING[name]
    assert rows(replies[failing(endpoint, "SILENT")]) == [["1", ""]]


def test_blank_nodes_are_not_joined(replies: Replies) -> None:
    status, _, body = replies[BLANK]
    assert status == 502
    assert "blank nodes" in body


def test_the_service_tells_that_it_federates(replies: Replies) -> None:
    status, _, body = replies[DESCRIPTION]
    assert status == 200
    assert "BasicFederatedQuery" in body
