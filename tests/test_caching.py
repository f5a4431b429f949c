"""Caches, conditions and codings (RFC 9110 §8.4, §8.8, §13, RFC 9111), and other sites' scripts (Fetch §3.3)."""

import gzip
import hashlib
import re
import time
import urllib.error
import urllib.request
from base64 import b64decode
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import brotli
import pytest
from asking import get
from backports import zstd
from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.test import TestResponse

from publisher.core.formats import RDF_FORMATS, RESULT_FORMATS, Format
from publisher.core.release import CURRENT, Release
from publisher.core.settings import Settings
from publisher.web.answers import AnswerCache, key_of
from publisher.web.app import create_app
from publisher.web.headers import SOFTWARE
from publisher.web.site import EXTENSION
from publisher.web.wsgi import Reply

SELECT = "SELECT * { ?s a ?k } ORDER BY ?s ?k LIMIT 200"
CONSTRUCT = "CONSTRUCT { ?s a ?k } WHERE { SELECT * { ?s a ?k } ORDER BY ?s ?k LIMIT 200 }"
SPARQL = "/sparql?query=SELECT%20*%20%7B%20?s%20a%20?k%20%7D%20LIMIT%2050"
RESOURCES = [
    SPARQL,
    "/sparql",
    "/ontology.ttl",
    "/dumps/dataset.nt",
    "/",
    "/robots.txt",
    "/favicon.ico",
    "/static/site.css",
]
DECODE = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}
KEPT = {"ETag", "Vary", "Cache-Control"}


def lasting(response: TestResponse) -> dict[str, str]:
    """The headers that are the same a second later."""
    return {name: value for name, value in response.headers if name != "Date"}


# --- conditions -------------------------------------------------------------------------

MATCHING = ["{}", "W/{}", '"other", {}', '"other" , W/{} ,"more"', "*", '{}, "a,b"']
OTHERS = ['"other"', 'W/"other"', "", "other", '"a", "b"']


@pytest.mark.parametrize("condition", MATCHING)
@pytest.mark.parametrize("path", RESOURCES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_is_not_sent_again(client: FlaskClient, path: str, condition: str, method: str) -> None:
    full = client.open(path, method=method)
    again = client.open(path, method=method, headers={"If-None-Match": condition.format(full.headers["ETag"])})
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Type" not in again.headers
    assert "Content-Length" not in again.headers
    for name in KEPT & set(full.headers.keys()):
        assert again.headers[name] == full.headers[name]
    assert again.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("condition", OTHERS)
@pytest.mark.parametrize("path", RESOURCES)
def test_what_the_client_has_not_is_sent(client: FlaskClient, path: str, condition: str) -> None:
    assert client.get(path, headers={"If-None-Match": condition}).status_code == 200


def test_each_representation_has_a_tag_of_its_own(client: FlaskClient) -> None:
    tags = [get(client, SELECT, f.media_type).headers["ETag"] for f in RESULT_FORMATS]
    tags += [get(client, CONSTRUCT, f.media_type).headers["ETag"] for f in RDF_FORMATS]
    tags += [get(client, "CONSTRUCT {} WHERE {}", f.media_type).headers["ETag"] for f in RDF_FORMATS]
    assert len(set(tags)) == len(tags)
    assert not any(tag.startswith("W/") for tag in tags)


def test_a_condition_does_not_turn_a_post_into_304(client: FlaskClient) -> None:
    tag = client.get(SPARQL).headers["ETag"]
    response = client.post("/sparql", data={"query": "ASK {}"}, headers={"If-None-Match": f"{tag}, *"})
    assert response.status_code == 200


DATED = [*RESOURCES[:-1], "/doc/person/julie-bolcer", "/quality", "/files/data/dataset.ttl"]
LONG_AGO, LATER = "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"


@pytest.mark.parametrize("path", DATED)
def test_every_representation_has_the_date_of_the_release_or_of_newer_software(
    client: FlaskClient, settings: Settings, path: str
) -> None:
    switched = (settings.releases_folder / CURRENT).lstat().st_mtime
    written = max(file.stat().st_mtime for file in SOFTWARE.rglob("*") if file.suffix in (".py", ".html", ".po"))
    stated = parsedate_to_datetime(client.get(path).headers["Last-Modified"]).timestamp()
    assert int(max(switched, written)) <= stated <= time.time()


def test_a_date_to_come_is_not_sent(settings: Settings, release: Release) -> None:
    later = replace(release, since=datetime(2100, 1, 1, tzinfo=UTC))
    undated = replace(release, since=None)
    for each in (later, undated):
        app = create_app(settings, each)
        try:
            for path in ("/doc/person/julie-bolcer", "/dumps/dataset.nt"):
                response = app.test_client().get(path, buffered=True)
                assert response.status_code == 200
                assert "Last-Modified" not in response.headers
        finally:
            app.extensions[EXTENSION].pool.close()


CONDITIONS = [
    ({"If-Modified-Since": LATER}, 304),
    ({"If-Modified-Since": "{date}"}, 304),
    ({"If-Modified-Since": LONG_AGO}, 200),
    ({"If-Modified-Since": "yesterday"}, 200),
    ({"If-None-Match": '"other"', "If-Modified-Since": LATER}, 200),
    ({"If-None-Match": "{etag}", "If-Modified-Since": LONG_AGO}, 304),
    ({"If-Match": "{etag}"}, 200),
    ({"If-Match": "*"}, 200),
    ({"If-Match": '"other", {etag}'}, 200),
    ({"If-Match": '"other"'}, 412),
    ({"If-Match": "W/{etag}"}, 412),
    ({"If-Match": "{etag}", "If-None-Match": "{etag}"}, 304),
    ({"If-Match": '"other"', "If-None-Match": "{etag}"}, 412),
    ({"If-Match": "{etag}", "If-Unmodified-Since": LONG_AGO}, 200),
    ({"If-Unmodified-Since": LONG_AGO}, 412),
    ({"If-Unmodified-Since": LONG_AGO, "If-None-Match": "{etag}"}, 412),
    ({"If-Unmodified-Since": "{date}"}, 200),
    ({"If-Unmodified-Since": LATER, "If-Modified-Since": LATER}, 304),
    ({"If-Unmodified-Since": "tomorrow"}, 200),
]
"""Conditions → status, by RFC 9110 §13.2.2."""


@pytest.mark.parametrize(("conditions", "status"), CONDITIONS)
@pytest.mark.parametrize("path", ["/doc/person/julie-bolcer.ttl", "/doc/person/julie-bolcer.html", "/dumps/dataset.nt"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditions_are_looked_at_in_order(
    client: FlaskClient, path: str, method: str, conditions: dict[str, str], status: int
) -> None:
    plain = client.get(path)
    known = {"etag": plain.headers["ETag"], "date": plain.headers["Last-Modified"]}
    response = client.open(path, method=method, headers={k: v.format(**known) for k, v in conditions.items()})
    assert response.status_code == status
    if status == 412 and method == "GET" and not path.endswith(".html"):
        assert response.get_json(force=True)["type"].endswith("#precondition-failed")
        assert response.headers["Cache-Control"] == "no-store"
    assert status != 412 or "Accept-Encoding" in response.vary
    assert len(response.data) == (0 if status == 304 or method == "HEAD" else len(response.data))


def test_a_kept_answer_does_not_hide_a_condition(server: str) -> None:
    address = f"{server}doc/person/julie-bolcer.ttl"
    urllib.request.urlopen(address, timeout=60).close()
    for condition in ({"If-Match": '"other"'}, {"If-Unmodified-Since": LONG_AGO}):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(address, headers=condition), timeout=60)
        assert refused.value.code == 412
        refused.value.close()


@pytest.mark.parametrize("capacity", [0, 1, 8_000])
def test_a_memory_in_which_nothing_has_room_keeps_nothing(capacity: int) -> None:
    kept, key = AnswerCache(capacity), key_of(b"HEAD", b"/", [(b"host", b"x")])
    kept.keep(key, Reply(200, [("Cache-Control", "public")]))
    assert kept.get(key) is None


def test_a_kept_answer_is_not_for_a_coded_body(server: str) -> None:
    def status(**coding: str) -> int:
        fields = {"Content-Type": "application/sparql-query", **coding}
        request = urllib.request.Request(f"{server}sparql", b"ASK { } # coded", fields)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return int(response.status)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code

    assert [status(), status(**{"Content-Encoding": "gzip"}), status()] == [200, 415, 200]


# --- ranges -----------------------------------------------------------------------------

RANGES = [
    ("bytes=0-9", {}, 206),
    ("bytes=-9", {}, 206),
    ("bytes=9-", {}, 206),
    ("BYTES = 0-9", {}, 206),
    ("bytes=0-99999999999", {}, 206),
    ("bytes=99999999999-", {}, 416),
    ("bytes=0-1,5-6", {}, 200),
    ("bytes=5-1", {}, 416),
    ("lines=0-9", {}, 200),
    ("nonsense", {}, 200),
    ("bytes=0-9", {"If-Range": "{etag}"}, 206),
    ("bytes=0-9", {"If-Range": '"other"'}, 200),
    ("bytes=0-9", {"If-Range": "W/{etag}"}, 200),
    ("bytes=0-9", {"If-Range": "{date}"}, 200),
    ("bytes=0-9", {"If-None-Match": "{etag}"}, 304),
    ("bytes=0-9", {"If-Match": '"other"'}, 412),
]
"""Range and conditions → status (RFC 9110 §13.1.5, §14.2, §15.5.17)."""


@pytest.mark.parametrize(("asked", "conditions", "status"), RANGES)
def test_ranges_of_a_download(
    client: FlaskClient, release: Release, asked: str, conditions: dict[str, str], status: int
) -> None:
    content = (release.folder / "dumps" / "dataset.nt").read_bytes()
    whole = client.head("/dumps/dataset.nt", headers={"Range": asked})
    assert (whole.status_code, whole.headers["Content-Length"]) == (200, str(len(content)))
    known = {"etag": whole.headers["ETag"], "date": whole.headers["Last-Modified"]}
    fields = {"Range": asked, **{name: value.format(**known) for name, value in conditions.items()}}
    response = client.get("/dumps/dataset.nt", headers=fields)
    assert response.status_code == status
    if status == 206:
        first, last = map(int, response.headers["Content-Range"].removeprefix("bytes ").partition("/")[0].split("-"))
        assert response.data == content[first : last + 1] != b""
        assert response.headers["Content-Range"].endswith(f"/{len(content)}")
    if status == 200:
        assert response.data == content
    if status == 416:
        assert response.headers["Content-Range"] == f"bytes */{len(content)}"


# --- what may be kept -------------------------------------------------------------------

CHANGING = [
    "SELECT (NOW() AS ?x) {}",
    "SELECT (rand() AS ?x) {}",
    "SELECT (UUID() AS ?x) {}",
    "SELECT (STRUUID() AS ?x) {}",
    "SELECT (BNODE() AS ?x) {}",
    "SELECT (N\\u004FW() AS ?x) {}",
    "SELECT ?x { BIND(NOW # a comment\n () AS ?x) }",
    "ASK { FILTER(1 < RAND()) }",
    "CONSTRUCT { <a:> <b:> ?x } WHERE { BIND(NOW() AS ?x) }",
    "SELECT ?s { ?s ?p ?o } ORDER BY RAND() LIMIT 1",
]
LASTING = [
    "SELECT ?now { ?now a ?rand } LIMIT 1",
    "ASK { ?s ?p 'NOW() RAND()' }",
    "PREFIX foaf: <http://xmlns.com/foaf/0.1/> ASK { ?s foaf:knows ?brand } # NOW()",
    "SELECT * { ?s ?p <http://ex.example/UUID()> }",
    "CONSTRUCT { [] <a:b> ?o } WHERE { ?s ?p ?o } LIMIT 1",
    "CONSTRUCT { ?s ?p [ <a:b> ?o, [] ] . _:x <a:c> <<( _:x <a:d> ?o )>> } WHERE { ?s ?p ?o } LIMIT 50",
]


@pytest.mark.parametrize("query", CHANGING)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_an_answer_that_changes_is_kept_by_nobody(client: FlaskClient, query: str, accept: str) -> None:
    response = get(client, query, accept)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


@pytest.mark.parametrize("query", LASTING)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_an_answer_that_lasts_is_kept_and_asked_for_again(client: FlaskClient, query: str, accept: str) -> None:
    response = get(client, query, accept)
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response.headers["ETag"] == get(client, query, accept).headers["ETag"]


MADE_UP = (
    "CONSTRUCT { ?v <http://ex.example/p> _:a . _:a <http://ex.example/q> [] } WHERE { VALUES ?v { <a:1> <a:2> } }"
)


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_blank_nodes_have_the_same_names_each_time(client: FlaskClient, chosen: Format) -> None:
    whole = get(client, MADE_UP, chosen.media_type)
    head = client.head("/sparql", query_string={"query": MADE_UP}, headers={"Accept": chosen.media_type})
    assert whole.data == get(client, MADE_UP, chosen.media_type).data
    assert whole.headers["ETag"] == head.headers["ETag"]
    assert len(set(re.findall(r"\bb\d\b", whole.text))) == 4


@pytest.mark.parametrize("path", ["/sparql?query=x", "/nothing", "/graphs", "/sparql?query=ASK%7B%7D&format=x"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_errors_are_kept_by_nobody(client: FlaskClient, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


# --- codings ----------------------------------------------------------------------------

WISHES = {
    "gzip": "gzip",
    "br": "br",
    "zstd": "zstd",
    "gzip, deflate, br, zstd": "zstd",
    "gzip, deflate, br": "br",
    "gzip, deflate": "gzip",
    "GZIP": "gzip",
    "x-gzip": "gzip",
    "X-Gzip;q=0.5, br;q=0.1": "gzip",
    "x-gzip;q=0": "",
    "gzip;q=0.5": "gzip",
    "br;q=0.1, gzip;q=0.9": "gzip",
    "br;q=0.1, gzip; q=0.9": "gzip",
    "*": "zstd",
    "gzip;q=0, *": "zstd",
    "gzip;q=1.0, identity;q=0.5, *;q=0": "gzip",
    "identity;q=1, gzip;q=0.5": "",
    "gzip;q=0": "",
    "gzip;q=0, br;q=0.0": "",
    "identity": "",
    "deflate, compress": "",
    "*;q=0": "",
    "": "",
    "rubbish;;": "",
}


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("path", [SPARQL, "/", "/ontology.ttl", "/static/site.css"])
def test_answers_are_compressed_as_asked(client: FlaskClient, path: str, wish: str) -> None:
    plain = client.get(path)
    response = client.get(path, headers={"Accept-Encoding": wish})
    coding = WISHES[wish]
    assert response.headers.get("Content-Encoding", "") == coding
    assert "Accept-Encoding" in response.headers["Vary"]
    assert (DECODE[coding](response.data) if coding else response.data) == plain.data
    assert response.headers["Content-Length"] == str(len(response.data))
    assert (response.headers["ETag"] == plain.headers["ETag"]) == (coding == "")
    head = client.head(path, headers={"Accept-Encoding": wish})
    assert (head.data, lasting(head)) == (b"", lasting(response))


@pytest.mark.parametrize("coding", DECODE)
@pytest.mark.parametrize("path", [SPARQL, "/", "/ontology.ttl"])
@pytest.mark.parametrize("condition", MATCHING)
def test_conditions_hold_for_the_coding_asked(client: FlaskClient, path: str, coding: str, condition: str) -> None:
    accept = {"Accept-Encoding": coding}
    tag = client.get(path, headers=accept).headers["ETag"]
    again = client.get(path, headers={**accept, "If-None-Match": condition.format(tag)})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert "Content-Encoding" not in again.headers
    others = [name for name in DECODE if name != coding]
    for other in (*others, "identity"):
        held = client.get(path, headers={"Accept-Encoding": other, "If-None-Match": tag})
        assert held.status_code == 200


@pytest.mark.parametrize("chosen", (*RESULT_FORMATS, *RDF_FORMATS), ids=lambda f: f.name)
def test_every_format_is_compressed(client: FlaskClient, chosen: Format) -> None:
    query = SELECT if chosen in RESULT_FORMATS else CONSTRUCT
    accept = {"Accept": chosen.media_type, "Accept-Encoding": "gzip"}
    response = client.get("/sparql", query_string={"query": query}, headers=accept)
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.data) == get(client, query, chosen.media_type).data


def test_small_answers_and_errors_are_sent_as_they_are(client: FlaskClient) -> None:
    for query in ("ASK {}", "nonsense"):
        response = client.get("/sparql", query_string={"query": query}, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in response.headers


def test_downloads_are_sent_as_their_digest_says(client: FlaskClient, release: Release) -> None:
    accept = {"Accept-Encoding": "gzip, br, zstd"}
    whole = client.get("/dumps/dataset.nt", headers=accept)
    assert "Content-Encoding" not in whole.headers
    assert "no-transform" in whole.headers["Cache-Control"]
    digest = b64decode(whole.headers["Repr-Digest"].removeprefix("sha-256=:").removesuffix(":"))
    assert digest == hashlib.sha256(whole.data).digest()
    part = client.get("/dumps/dataset.nt", headers={**accept, "Range": "bytes=5-24"})
    assert (part.status_code, part.data) == (206, whole.data[5:25])
    assert "Content-Encoding" not in part.headers
    again = client.get("/dumps/dataset.nt", headers={**accept, "If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304


# --- other sites ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/sparql",
        SPARQL,
        "/graphs",
        "/doc/x",
        "/ontology",
        "/dumps/dataset.nt",
        "/sparql/?query=x",
        "/graphs/",
        "/browse",
        "/dumps",
        "*",
    ],
)
def test_a_preflight_is_answered_for_any_site(client: FlaskClient, path: str) -> None:
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match, x-requested-with",
    }
    response = client.options(path, headers=asked)
    assert (response.status_code in (200, 204), response.data) == (True, b"")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    allowed = {name.strip() for name in response.headers["Access-Control-Allow-Methods"].split(",")}
    assert allowed == set(response.allow) >= {"GET", "HEAD", "OPTIONS"}
    assert {"*", "Content-Type"} <= set(response.headers["Access-Control-Allow-Headers"].split(", "))
    assert int(response.headers["Access-Control-Max-Age"]) >= 3600
    assert "Content-Type" not in response.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [(SPARQL, 200), ("/sparql", 200), ("/sparql?query=x", 400), ("/nothing", 404), ("/graphs", 400)],
)
@pytest.mark.parametrize("origin", [None, "https://elsewhere.example", "null"])
def test_any_site_may_read_but_not_as_somebody(client: FlaskClient, path: str, status: int, origin: str | None) -> None:
    headers = {"Accept": "application/json;q=0.9, text/turtle", "Cookie": "a=b", "Authorization": "Basic YTpi"}
    response = client.get(path, headers={**headers, **({"Origin": origin} if origin else {})})
    assert response.status_code == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Set-Cookie" not in response.headers
    exposed = set(response.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"ETag", "Link", "Retry-After", "Allow", "Content-Location"} <= exposed


@pytest.mark.parametrize("path", [*RESOURCES, "/nothing", "/sparql?query=x"])
def test_the_type_is_what_it_says(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    kind = response.headers["Content-Type"]
    assert kind.endswith("; charset=utf-8") if kind.startswith("text/") else "charset" not in kind
