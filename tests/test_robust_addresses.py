"""Addresses as they come: encoded otherwise, with a slash too many, mistyped, given up, or meant to do harm."""

import http.client
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from conftest import SMALL_PROJECT
from flask.testing import FlaskClient
from serving import Server

from publisher.build.pipeline import build
from publisher.core.errors import DataError
from publisher.core.formats import PAGE, RDF_FORMATS, Format
from publisher.core.release import Release
from publisher.core.settings import load_settings
from publisher.core.terms import SKOLEM_PATH
from publisher.web.app import create_app

JULIE = "person/julie-bolcer"
RETIRED = ["figure-qualifier/more-than-half", "group/representants-de-gouvernements", "theme/regroupement-familial"]
GARDEN = "https://garden.example/"
NAMES = {
    "jose": "José",
    "jos%C3%A9": "percent-encoded José",
    "zo%c3%ab": "Zoë in lower-case digits",
    "Ana%2FLuz": "encoded slash",
    "中文": "non-Latin",
    "d.ot.ttl-ish": "dots",
    "ends/": "final slash",
    "a/b/c": "several parts",
}
"""Last part of an IRI → the label of the thing."""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The small project with things that have unusual IRIs, and with addresses that were given up."""
    project = Path(shutil.copytree(SMALL_PROJECT, tmp_path_factory.mktemp("odd") / "project"))
    concepts = (
        f'<{GARDEN}id/concept/{name}> a skos:Concept ; rdfs:label "{label}"@en .\n' for name, label in NAMES.items()
    )
    (project / "data" / "schemes").mkdir()
    prefixes = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    prefixes += "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    (project / "data" / "schemes" / "odd.ttl").write_text(prefixes + "".join(concepts), encoding="utf-8")
    retire(project, "<gardener/adda> dcterms:isReplacedBy <gardener/ada> . <garden/south> owl:deprecated true .")
    settings = load_settings(project, reasoner="never", base_iri=GARDEN)
    app = create_app(settings, build(settings))
    yield app.test_client()
    app.extensions["publisher"].pool.close()


def retire(project: Path, statements: str) -> None:
    head = f"@base <{GARDEN}id/> .\n@prefix dcterms: <http://purl.org/dc/terms/> .\n"
    head += "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    (project / "data" / "retired.ttl").write_text(head + statements + "\n", encoding="utf-8")


# --- spellings --------------------------------------------------------------------------

SPELLINGS = {
    "/concept/jos%C3%A9": "percent-encoded José",
    "/concept/jos%c3%a9": "percent-encoded José",
    "/concept/%6A%6fs%C3%a9": "percent-encoded José",
    "/concept/zo%C3%AB": "Zoë in lower-case digits",
    "/concept/zo%c3%ab": "Zoë in lower-case digits",
    "/concept/zoe%CC%88": "Zoë in lower-case digits",
    "/concept/Ana%2FLuz": "encoded slash",
    "/concept/Ana%2fLuz": "encoded slash",
    "/concept/%E4%B8%AD%E6%96%87": "non-Latin",
    "/concept/%e4%b8%ad%e6%96%87": "non-Latin",
    "/concept/d.ot.ttl-ish": "dots",
    "/concept/ends/": "final slash",
    "/concept/a/b/c": "several parts",
    "/%63oncept/jose": "José",
}


@pytest.mark.parametrize("path", SPELLINGS)
def test_every_spelling_leads_to_the_thing(odd: FlaskClient, path: str) -> None:
    seen = odd.get("/id" + path)
    assert seen.status_code == 303
    if "e%CC%88" in path:  # The decomposed form is found too, and told its composed one.
        assert odd.get(seen.headers["Location"]).status_code == 200
    for chosen in (PAGE, *RDF_FORMATS):
        response = odd.get(seen.headers["Location"], headers={"Accept": chosen.media_type})
        assert (response.status_code, response.mimetype) == (200, chosen.media_type), response.text
        again = odd.get(response.headers["Content-Location"])
        assert again.data == response.data
    assert SPELLINGS[path] in odd.get(seen.headers["Location"], headers={"Accept": "text/turtle"}).text


def test_an_encoded_percent_sign_stays_one(odd: FlaskClient) -> None:
    assert odd.get("/id/concept/jos%25C3%25A9").headers["Location"] == "/doc/concept/jos%25C3%25A9"


# --- slashes and parameters -------------------------------------------------------------

SLASHES = [f"/doc/{JULIE}", f"/doc/{JULIE}.ttl", "/ontology", "/sparql", "/about", "/quality", "/dumps/dataset.nt"]


@pytest.mark.parametrize("path", SLASHES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_slash_too_many_is_sent_on(client: FlaskClient, path: str, method: str) -> None:
    response = client.open(f"{path}/?lang=fr&utm_source=x", method=method)
    assert (response.status_code, response.headers["Location"]) == (308, f"{path}?lang=fr&utm_source=x")


def test_a_slash_too_many_behind_nothing_is_404(client: FlaskClient) -> None:
    for path in ("/doc/person/nobody-at-all/", "/nothing/", "/doc//", "/doc/" + "/" * 50):
        response = client.get(path)
        assert response.status_code == 404, path


@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_what_a_link_was_followed_from_changes_nothing(client: FlaskClient, accept: str) -> None:
    plain = client.get(f"/doc/{JULIE}", headers={"Accept": accept})
    tracked = client.get(f"/doc/{JULIE}?utm_source=x&fbclid=y", headers={"Accept": accept})
    assert tracked.status_code == 200
    assert tracked.headers["Link"] == plain.headers["Link"]
    assert tracked.headers["Content-Location"] == plain.headers["Content-Location"]
    assert (tracked.data, tracked.headers["ETag"]) == (plain.data, plain.headers["ETag"])
    sent = client.get(f"/id/{JULIE}?utm_source=x")
    assert sent.headers["Location"] == f"/doc/{JULIE}?utm_source=x"


@pytest.mark.parametrize("chosen", (PAGE, *RDF_FORMATS), ids=lambda f: f.name)
def test_a_suffix_beats_accept(client: FlaskClient, chosen: Format) -> None:
    for accept in ("text/html", "application/n-quads", "image/png", "application/ld+json;q=0.1"):
        response = client.get(f"/doc/{JULIE}.{chosen.suffix}", headers={"Accept": accept})
        assert (response.status_code, response.mimetype) == (200, chosen.media_type)
        assert "Accept" not in response.vary


# --- unknown and given up ---------------------------------------------------------------


@pytest.mark.parametrize("mistyped", ["julie-bolcr", "Julie-Bolcer", "julie-bolcer.foo", "juliebolcer"])
def test_the_nearest_are_links_for_people_and_a_list_for_programs(
    client: FlaskClient, release: Release, mistyped: str
) -> None:
    iri = f"{release.base_iri}id/{JULIE}"
    page = client.get(f"/doc/person/{mistyped}", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert f'<a href="/doc/{JULIE}">{iri}</a>' in page.text
    problem = client.get(f"/doc/person/{mistyped}", headers={"Accept": "text/turtle"})
    assert (problem.status_code, problem.mimetype) == (404, "application/problem+json")
    assert iri in problem.get_json(force=True)["nearest"]


@pytest.mark.parametrize("path", ["/id/gardener/adda", "/doc/gardener/adda", "/doc/gardener/adda.ttl"])
def test_an_address_given_up_is_410_with_its_replacement(odd: FlaskClient, path: str) -> None:
    for method in ("GET", "HEAD"):
        response = odd.open(path, method=method, headers={"Accept": "application/json"})
        assert (response.status_code, response.mimetype) == (410, "application/problem+json")
        assert response.headers["Link"] == '</doc/gardener/ada>; rel="successor-version"'
    assert odd.get(path).get_json(force=True)["replacedBy"] == [f"{GARDEN}id/gardener/ada"]
    page = odd.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 410
    assert '<a href="/doc/gardener/ada">' in page.text


def test_an_address_may_be_given_up_for_nothing(odd: FlaskClient) -> None:
    response = odd.get("/doc/garden/south")
    assert response.status_code == 410
    assert response.get_json(force=True)["replacedBy"] == []
    assert "Link" not in response.headers


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ("<gardener/ada> owl:deprecated true .", "'gardener/ada' was given up, and is described again."),
        ("<gardener/old> dcterms:isReplacedBy <gardener/nobody> .", "'gardener/nobody' is not described"),
        (
            "<gardener/o> dcterms:isReplacedBy <gardener/p> . <gardener/p> owl:deprecated true .",
            "not described",
        ),
        ("<https://elsewhere.example/x> owl:deprecated true .", "is no address of a thing."),
        ('<gardener/old> dcterms:title "Old" .', "It says more"),
    ],
)
def test_a_build_refuses_what_cannot_be_given_up(project: Path, statements: str, said: str) -> None:
    retire(project, statements)
    with pytest.raises(DataError, match=re.escape(said)) as raised:
        build(load_settings(project, reasoner="never"))
    assert raised.value.where == "data/retired.ttl:4"


def test_the_projects_own_addresses_given_up_lead_on(client: FlaskClient) -> None:
    for old in RETIRED:
        response = client.get(f"/id/{old}")
        assert response.status_code == 410
        (successor,) = response.get_json(force=True)["replacedBy"]
        assert client.get(urlsplit(successor).path, follow_redirects=True).status_code == 200


# --- harm, on a really running server ---------------------------------------------------

HARMFUL = [
    "/doc/../../etc/passwd",
    "/doc/%2e%2e/%2e%2e/etc/passwd",
    "/doc/..%2f..%2fetc%2fpasswd",
    "/files/../manifest.json",
    "/files/..%2fmanifest.json",
    "/files/%2e%2e/store/CURRENT",
    "/dumps/..%2f..%2fpublisher.toml",
    "/dumps/%2e%2e%5cmanifest.json",
    "/static/../app.py",
    "/static/..%2fapp.py",
    "/static/%2fetc%2fpasswd",
    "/ontology/..%2f..%2fmanifest",
    "/doc/a%00b",
    "/doc/person/julie-bolcer%00.ttl",
    "/static/site.css%00",
    "/doc/%FF%FE",
    "/doc/%",
    "/doc/%zz",
    "/doc/%C0%AF",
    "/doc/person/julie-bolcer%0d%0aSet-Cookie:%20a=b",
    f"/{SKOLEM_PATH}..%2f..%2fx",
    "/doc/" + "a" * 7000,
    "/doc/" + quote("<script>alert(1)</script>"),
    "/doc/" + "x/" * 2000,
]


@pytest.mark.parametrize("path", HARMFUL, ids=lambda path: path[:40])
@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_a_harmful_address_is_404(running_server: Server, path: str, accept: str) -> None:
    connection = http.client.HTTPConnection("localhost", running_server.port, timeout=60)
    connection.request("GET", path, headers={"Accept": accept})
    response = connection.getresponse()
    body = response.read()
    assert response.status in (400, 404), body[:300]
    assert "Set-Cookie" not in response.headers
    for secret in (b"root:", b"def create_app", b"canonical_base", b'"sha256"'):
        assert secret not in body
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert b"<script>alert" not in body or "json" in response.headers["Content-Type"]
    connection.close()


# --- every route: HEAD and OPTIONS ------------------------------------------------------

ROUTES = [
    "/", "/about", "/problems", "/browse/", "/browse/foaf:Person", "/browse", "/context.jsonld", "/robots.txt",
    "/favicon.ico", "/.well-known/void", f"/id/{JULIE}", f"/doc/{JULIE}", f"/doc/{JULIE}.ttl", f"/doc/{JULIE}.html",
    f"/doc/{JULIE}.linkset", f"/doc/{JULIE}.linkset-json", "/describe?iri=http://xmlns.com/foaf/0.1/Person",
    "/ontology", "/ontology.ttl", "/ontology/0.1.0", "/quality", "/files/data/dataset.ttl", "/sparql",
    "/sparql?query=ASK%7B%7D", "/graphs?default", "/dumps/", "/dumps/dataset.nt", "/dumps/manifest.json",
    "/static/site.css", "/doc/person/nobody", "/nothing", f"/doc/{JULIE}/", "/id/theme/regroupement-familial",
]  # fmt: skip


@pytest.mark.parametrize("path", ROUTES)
def test_head_is_get_without_the_body(running_server: Server, path: str) -> None:
    status, fields, body = asked(running_server, "GET", path)
    fields.pop("transfer-encoding", None)
    assert asked(running_server, "HEAD", path) == (status, {**fields, "content-length": str(len(body))}, b"")


def asked(server: Server, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
    connection.request(method, path, headers={"Accept": "text/html;q=0.5, */*;q=0.1"})
    response = connection.getresponse()
    fields = {name.lower(): value for name, value in response.getheaders() if name.lower() != "date"}
    body = response.read()
    connection.close()
    return response.status, fields, body


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_tells_its_methods(client: FlaskClient, path: str) -> None:
    response = client.options(path)
    if path == "/nothing":
        assert response.status_code == 404
    elif path in ("/browse", f"/doc/{JULIE}/") and response.status_code == 308:
        assert response.headers["Location"]
    else:
        assert response.status_code in (200, 204)
        assert {"GET", "HEAD", "OPTIONS"} <= set(response.allow)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
