"""Tens of thousands of mutated requests: none may end in an error of ours, none may stop the site.

The requests go to the application as the gateway hands them over, with the real query pool
behind it. The seed is fixed, so a failure comes again. ``make thorough`` sends 100,000 of them.
"""

import io
import random
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from conftest import THOROUGH
from flask import Flask
from msgspec.structs import replace
from werkzeug.test import run_wsgi_app

from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.web.app import create_app
from publisher.web.operation import FORM_TYPE, QUERY_TYPE

REQUESTS = 100_000 if THOROUGH else 30_000
BATCHES = 20
LIMITS = {"query_timeout": 0.25, "quick_time": 0.1, "query_memory": 128, "result_bytes": 1_000_000}

QUERIES = (
    b"SELECT * { ?s ?p ?o } LIMIT 1",
    b"PREFIX a: <http://a.example/> SELECT ?x (COUNT(*) AS ?n) { ?x a a:b ; a:c 'd'@en, 1.5, true } GROUP BY ?x",
    b"ASK { <http://a.example/> (<b:>/<c:>*)|^<d:>? [] FILTER(REGEX(STR(?x), '^a+$', 'i') && !BOUND(?y)) }",
    b'CONSTRUCT { ?s ?p """long \\u00e9""" } WHERE { VALUES ?s { <a:> UNDEF } OPTIONAL {?s ?p ?o} MINUS {} } LIMIT 2',
    b"DESCRIBE <http://a.example/x>",
    b"SELECT DISTINCT ?g FROM NAMED <urn:a> { GRAPH ?g { ?s ?p ?o } BIND(IF(1 < 2, xsd:integer('3'), BNODE()) AS ?z) }",
)
PATHS = (
    b"/sparql", b"/", b"/id/person/julie-bolcer", b"/doc/person/julie-bolcer.ttl", b"/doc/person/julie-bolcer",
    b"/describe", b"/ontology", b"/dumps/dataset.ttl", b"/browse/skos:Concept", b"/files/data/dataset.ttl",
    b"/quality", b"/search", b"/health/ready", b"/static/site.css",
)  # fmt: skip
PIECES = (
    *(b"{", b"}", b"(", b")", b"<", b">", b'"', b"'", b"\\", b"\x00", b"\r\n", b"\xff", b"\xc3", b"%", b"%00", b"%ff"),
    *(
        b"..",
        b"/",
        b";q=",
        b",",
        b"*/*",
        b"?x",
        b"#",
        b"@en",
        b"^^",
        b"_:b",
        b"-1",
        b"NaN",
        b"*",
        b"+",
        b"=",
        b"9" * 30,
    ),
    *(b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\\u0000", b"\\uD800", b"application/", b"text/turtle", b'W/"'),
    *(
        b"SELECT",
        b"UNION",
        b"SERVICE",
        b"INSERT DATA",
        b"FILTER",
        b"GRAPH ?g",
        b"FROM <a>",
        b"bytes=0-",
        b"fr-CH;q=0.9",
    ),
)
FIELDS = {
    "HTTP_ACCEPT": b"text/turtle;q=0.5, application/sparql-results+json, */*;q=0.1",
    "HTTP_ACCEPT_LANGUAGE": b"fr-CH, fr;q=0.9, en;q=0.8",
    "HTTP_ACCEPT_ENCODING": b"gzip, br;q=0.5",
    "HTTP_IF_NONE_MATCH": b'W/"abc", "def"',
    "HTTP_RANGE": b"bytes=0-10",
    "HTTP_HOST": b"localhost",
    "HTTP_ORIGIN": b"https://a.example",
    "HTTP_COOKIE": b"a=b",
    "CONTENT_TYPE": FORM_TYPE.encode(),
}


def mutated(text: bytes, chance: random.Random) -> bytes:
    """The text with up to four places changed: bytes swapped, cut, doubled, or nasty pieces put in."""
    found = bytearray(text)
    for _ in range(chance.randrange(5)):
        start = chance.randrange(len(found) + 1)
        end = min(len(found), start + chance.randrange(6))
        piece = chance.choice(PIECES) if chance.random() < 0.7 else bytes(chance.choices(range(256), k=3))
        found[start:end] = chance.choice((piece, b"", found[start:end] * chance.randrange(1, 20)))
    return bytes(found)


def mutants(chance: random.Random) -> Iterator[dict[str, Any]]:
    """Requests without end, as WSGI has them."""
    while True:
        query = mutated(chance.choice(QUERIES), chance)
        path = chance.choice(PATHS) if chance.random() < 0.1 else b"/sparql"
        method = chance.choice(("GET",) * 8 + ("POST",) * 8 + ("HEAD", "OPTIONS", "PUT"))
        others = mutated(b"format=json&lang=fr&iri=a:b&q=oim&class=a:b&page=1", chance)
        # The server itself refuses addresses with bytes beyond ASCII.
        parameters = f"query={quote_from_bytes(query)}&".encode() + bytes(byte for byte in others if byte < 128)
        as_form = chance.random() < 0.5
        body = (parameters if as_form else query) if method == "POST" else b""
        yield {
            "REQUEST_METHOD": method,
            "PATH_INFO": (mutated(path, chance) if chance.random() < 0.05 else path).decode("latin-1"),
            "QUERY_STRING": (b"" if method == "POST" else parameters).decode("latin-1"),
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **{name: mutated(FIELDS[name], chance).decode("latin-1") for name in chance.sample(list(FIELDS), 3)},
            "CONTENT_LENGTH": str(len(body)),
            **({} if as_form or method != "POST" else {"CONTENT_TYPE": QUERY_TYPE}),
        }


@pytest.fixture(scope="module")
def limited(settings: Settings, release: Release) -> Iterator[Flask]:
    app = create_app(replace(settings, **LIMITS), release)
    yield app
    app.extensions["publisher"].pool.close()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_mutated_request_ends_in_an_error_of_ours(limited: Flask, batch: int) -> None:
    requests = mutants(random.Random(batch))
    statuses: Counter[int] = Counter()
    for _ in range(REQUESTS // BATCHES):
        request = next(requests)
        body, status, _ = run_wsgi_app(limited.wsgi_app, request, buffered=True)
        code = int(status.split(" ", 1)[0])
        statuses[code] += 1
        assert code != 500, (request, b"".join(body))
        # Every failure is one that the problems page explains.
        assert code < 500 or code in (501, 503, 504, 507), (request, b"".join(body))
    assert statuses[200] > 50
    assert statuses[400] > 50
    assert limited.test_client().get("/sparql?query=ASK%20%7B%7D").json == {"head": {}, "boolean": True}
