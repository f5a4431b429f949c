"""What a request says of itself never gets into an answer's headers or addresses: forged hosts, line breaks."""

import http.client
import json
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from serving import Server, wait_until
from test_caching import lasting

from publisher.core.release import Release

EVIL = "evil.example"
FORGED = {
    "Host": EVIL,
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Server": EVIL,
    "X-Forwarded-For": EVIL,
    "X-Forwarded-Proto": "evil",
    "X-Forwarded-Prefix": f"/{EVIL}",
    "X-Original-URL": f"/{EVIL}",
    "X-Rewrite-URL": f"/{EVIL}",
    "Forwarded": f"host={EVIL};proto=evil;for={EVIL}",
    "Origin": f"https://{EVIL}",
    "Referer": f"https://{EVIL}/",
}
PATHS = [
    "/",
    "/sparql",
    "/sparql?query=ASK%7B%7D",
    "/sparql?query=SELECT%20(IRI(%27x%27)%20AS%20?x)%7B%7D",
    "/sparql?query=DESCRIBE%20?s%20WHERE%20%7B%20?s%20a%20?k%20%7D%20LIMIT%205",
    "/sparql?query=nonsense",
    "/graphs?graph=x",
    "/graphs?default",
    "/id/person/julie-bolcer",
    "/doc/person/julie-bolcer",
    "/doc/person/julie-bolcer.ttl",
    "/describe?iri=http://xmlns.com/foaf/0.1/Person",
    "/ontology",
    "/browse",
    "/browse/",
    "/dumps",
    "/dumps/",
    "/dumps/manifest.json",
    "/quality",
    "/nothing",
    "/robots.txt",
    "/static/site.css",
    "/context.jsonld",
]
BREAKS = [mark + "X-Evil: 1" for mark in ("\r\n", "\n", "\r", "\0", "\x0b", "\u2028", "\x85")]
HOSTS = ["", "a b", "[", "evil.example:port", "<script>", "x" * 5000, "a,b", "localhost:99999"]
SERVED = ["/browse", "/dumps", "/id/x", "/sparql", "/sparql?query=x", "/doc/person/julie-bolcer"]
PLACES = [
    "/sparql?query=ASK%7B%7D&format={}",
    "/sparql?query=ASK%7B%7D&default-graph-uri={}",
    "/sparql?query=ASK%7B%7D&lang={}",
    "/sparql?query=ASK%7B%7D{}",
    "/sparql?query=ASK%7B%7D&{}=1",
    "/graphs?graph=http://a.example/{}",
    "/describe?iri=http://a.example/{}",
    "/describe?iri=http://a.example/&format={}",
    "/id/person/{}",
    "/id/person/julie-bolcer?{}",
    "/doc/person/{}",
    "/doc/person/x{}.ttl",
    "/ontology.{}",
    "/browse/{}",
    "/browse/skos:Concept{}",
    "/ontology/{}",
    "/ontology/0.1.0{}",
    "/browse?{}",
    "/dumps/{}",
    "/files/{}",
    "/{}",
]
HEADERS = ["Accept", "Accept-Language", "Accept-Encoding", "If-None-Match", "Range", "Origin", "Host"]


TIME = re.compile(rb"[Ff]ound in [0-9.]+ s")
"""What a page says of how long its answer took."""


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_forged_host_is_in_no_answer(client: FlaskClient, release: Release, path: str, accept: str) -> None:
    honest = client.get(path, headers={"Accept": accept})
    forged = client.get(path, headers={"Accept": accept, **FORGED})
    assert (forged.status_code, TIME.sub(b"", forged.data)) == (honest.status_code, TIME.sub(b"", honest.data))
    assert lasting(forged) == lasting(honest)
    assert EVIL not in forged.text
    assert not any(EVIL in value for _, value in forged.headers)


@pytest.mark.parametrize("path", ["/browse", "/dumps", "/browse?x=1", "/id/person/julie-bolcer", "/graphs?default"])
def test_whoever_is_sent_on_stays_here(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html", **FORGED})
    assert response.status_code in (303, 308)
    location = urlsplit(response.headers["Location"])
    assert (location.scheme, location.netloc) == ("", "")
    assert location.path.startswith("/")
    assert not location.path.startswith("//")


@pytest.mark.parametrize("host", HOSTS)
def test_no_host_is_an_error(client: FlaskClient, host: str) -> None:
    for path in ("/sparql?query=ASK%7B%7D", "/browse", "/"):
        response = client.get(path, headers={"Host": host})
        assert response.status_code < 500
        assert "<script>" not in response.text


@pytest.mark.parametrize("text", BREAKS, ids=ascii)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_no_line_break_gets_into_a_header(client: FlaskClient, text: str, place: str, accept: str) -> None:
    response = client.get(place.format(quote(text)), headers={"Accept": accept})
    assert response.status_code < 500
    assert "X-Evil" not in response.headers
    for name, value in response.headers:
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", name + value)
        assert value.isascii()


# --- on a really running server ---------------------------------------------------------


@pytest.mark.parametrize("path", SERVED)
@pytest.mark.parametrize(
    "form",
    [
        "GET {} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        "GET http://evil.example{} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        "GET {} HTTP/1.0\r\nHost: evil.example\r\n\r\n",
        "GET {} HTTP/1.0\r\n\r\n",
        "GET {} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n",
    ],
)
def test_a_forged_host_is_in_no_answer_of_the_server(running_server: Server, path: str, form: str) -> None:
    answer = running_server.exchange(form.format(path).encode())
    assert answer.startswith(b"HTTP/1.")
    assert EVIL.encode() not in answer


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("//doc/person/julie-bolcer?lang=fr", "/doc/person/julie-bolcer?lang=fr"),
        ("//evil.example/", "/evil.example/"),
        ("///evil.example/%2e%2e", "/evil.example/.."),
        ("/%2Fevil.example", "/evil.example"),
        ("//%5Cevil.example", "/%5Cevil.example"),
        ("//%0D%0AX-Evil:1", "/%0D%0AX-Evil:1"),
        ("//", "/"),
        ("//dumps", "/dumps/"),
    ],
)
def test_needless_slashes_lead_to_the_one_address_here(running_server: Server, target: str, location: str) -> None:
    """Nothing has two addresses, and nobody is sent to another host by what begins with two slashes."""
    request = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head = running_server.exchange(request.encode()).partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert head[0].split()[1] == "308"
    assert [line.partition(": ")[2] for line in head if line.lower().startswith("location:")] == [location]


def test_the_server_as_a_whole_tells_its_methods(running_server: Server) -> None:
    """RFC 9110 §9.3.7."""
    request = b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head = running_server.exchange(request).decode().split("\r\n")
    assert head[0].split()[1] == "204"
    (allow,) = (line.partition(": ")[2] for line in head if line.lower().startswith("allow:"))
    assert set(allow.split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("place", ["/sparql?query=ASK%7B%7D&format={}", "/id/{}", "/doc/{}", "/{}", "/browse?{}"])
@pytest.mark.parametrize("text", ["%0D%0AX-Evil:%201", "%0AX-Evil:%201", "%E5%98%8A%E5%98%8DX-Evil:%201"])
def test_no_line_break_gets_into_the_servers_answer(running_server: Server, place: str, text: str) -> None:
    request = f"GET {place.format(text)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head = running_server.exchange(request.encode()).partition(b"\r\n\r\n")[0]
    assert b"\nX-Evil" not in head.replace(b"\r", b"\n")


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%3Fs%20%3Fp%20'{}'%7D", "/doc/{}", "/nothing?{}"])
@pytest.mark.parametrize("text", ["é", "中", "😀"])
def test_an_address_that_is_not_percent_encoded_is_read_as_utf_8(running_server: Server, path: str, text: str) -> None:
    request = f"GET {path.format(text)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    encoded = f"GET {path.format(quote(text))} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    bodies = [running_server.exchange(sent).partition(b"\r\n\r\n") for sent in (request, encoded)]
    assert bodies[0][0].split()[1] == bodies[1][0].split()[1] != b"500"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("HTTP/1.1", 400),
        ("HTTP/1.1\r\nHost: a.example\r\nHost: a.example", 400),
        ("HTTP/1.1\r\nHost: a.example, b.example", 400),
        ("HTTP/1.1\r\nHost: a b", 400),
        ("HTTP/1.1\r\nHost: a.example/path", 400),
        ("HTTP/1.1\r\nHost: é", 400),
        ("HTTP/1.0\r\nHost: a.example\r\nHost: b.example", 400),
        ("HTTP/1.1\r\nHost:", 200),
        ("HTTP/1.1\r\nHost: a_b.example:8000", 200),
        ("HTTP/1.1\r\nHost: [::1]:8000", 200),
        ("HTTP/1.0", 200),
    ],
)
@pytest.mark.parametrize("target", ["/catalog", "http://a.example/catalog"])
def test_a_request_names_its_host_once(running_server: Server, target: str, head: str, status: int) -> None:
    """RFC 9112 §3.2; what was kept for others is no way around it."""
    assert running_server.get("catalog")[0] == 200
    sent = f"GET {target} {head}\r\nConnection: close\r\n\r\n".encode()
    answered, _, body = running_server.exchange(sent).partition(b"\r\n\r\n")
    assert int(answered.split()[1]) == status
    if status == 400:
        assert b"content-type: application/problem+json" in answered.lower()
        assert json.loads(body)["detail"] == "The request does not name exactly one host. Send one Host field with it."


@pytest.mark.parametrize("header", HEADERS)
def test_no_byte_in_a_header_is_an_error(running_server: Server, header: str) -> None:
    for value in ("é中😀".encode(), b"\xff\xfe", b"\x7f", b"a" * 6000, b"%00%0D%0A"):
        request = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\n" * (header != "Host")
        request = request or b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"
        request += header.encode() + b": " + value + b"\r\nConnection: close\r\n\r\n"
        assert b" 500 " not in running_server.exchange(request)[:20]


def test_the_log_has_one_line_for_a_request_whatever_its_address(logged_server: Server, access_log: Path) -> None:
    before = len(access_log.read_text(encoding="utf-8").splitlines())
    for text in ("%0A%0Aevil", "%0D%0Aevil", "%1B%5B31mevil", "%E2%80%A8evil", "%22,%22evil%22:%22", "%C2%85evil"):
        for path in (f"/doc/{text}", f"/sparql?query={text}", f"/sparql?query=ASK%7B%7D&format={text}"):
            connection = http.client.HTTPConnection("localhost", logged_server.port, timeout=20)
            connection.request("GET", path, headers={"Accept": "text/html"})
            connection.getresponse().read()
            connection.close()
    wait_until(lambda: len(access_log.read_text(encoding="utf-8").splitlines()) >= before + 18)
    lines = access_log.read_text(encoding="utf-8").splitlines()[before:]
    assert len(lines) == 18
    assert all(line.isprintable() for line in lines)
