"""Whatever IRI below the base a data set has, it leads to what is said of it (Cool URIs for the Semantic Web §4)."""

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urlencode

import pytest
from flask.testing import FlaskClient
from rdflib import OWL, RDFS, Graph, Literal, URIRef
from werkzeug.test import TestResponse
from werkzeug.urls import iri_to_uri

from publisher.build.pipeline import build
from publisher.core.incoming import LINKS_ON_A_PAGE
from publisher.core.settings import load_settings
from publisher.web.app import create_app
from publisher.web.site import EXTENSION

BASE = "https://here.example/"
FOREIGN = [
    "http://a..b/x",
    "http://ex\u2100.org/a",
    f"http://{'h' * 70}.example/",
    "http://x.example:99999/",
]
"""IRIs whose hosts are none in the domain name system (RFC 3986 §3.2.2 takes them)."""
LONG_NAME = "\u6771" * 200
PEOPLE = 2 * LINKS_ON_A_PAGE + 30
IRIS = [
    "people#p1",
    "id/letter#it",
    "terms",
    "terms#Tree",
    "quality/good",
    "files/a",
    "browse/x",
    "doc/own",
    "id/thing/z.ttl",
    "id/thing/dot",
    "id/thing/dot.html",
    "place/caf%C3%A9",
    "place/joe~",
    "place/end/",
    "place?q=2",
    "id/thing?x=1",
    "dumps/dataset.nt#part",
    f"id/thing/{LONG_NAME}",
]
HIDDEN = ["", "about", "search", "sparql"]
"""Where the site has an answer of its own."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    project = tmp_path_factory.mktemp("here")
    graph = Graph()
    for iri in (*IRIS, *HIDDEN, *(f"people#p{number}" for number in range(PEOPLE))):
        graph.add((URIRef(BASE + iri), RDFS.label, Literal(f"called {iri}")))
    for iri in FOREIGN:
        graph.add((URIRef(iri), RDFS.label, Literal(f"called {iri}")))
        graph.add((URIRef(BASE + "quality/good"), OWL.sameAs, URIRef(iri)))
    graph.add((URIRef(BASE + "quality/good"), URIRef("http://numbers.example/123"), Literal("no XML name")))
    graph.serialize(project / "here.ttl")
    settings = load_settings(project, reasoner="never", base_iri=BASE)
    app = create_app(settings, build(settings))
    yield app.test_client()
    app.extensions[EXTENSION].pool.close()


def follow(client: FlaskClient, path: str, accept: str = "text/turtle", **fields: str) -> TestResponse:
    for _ in range(4):
        response = client.get(path, headers={"Accept": accept, **fields})
        if response.status_code not in (303, 308):
            return response
        path = response.headers["Location"]
    pytest.fail(f"{path} leads nowhere")


def labels(response: TestResponse) -> dict[str, str]:
    assert response.status_code == 200, response.text
    found = Graph().parse(data=response.data, format="turtle").subject_objects(RDFS.label)
    return {str(subject).removeprefix(BASE): str(label) for subject, label in found}


@pytest.mark.parametrize("iri", [iri for iri in IRIS if iri != "dumps/dataset.nt#part"])
def test_an_iri_opens_by_itself(client: FlaskClient, iri: str) -> None:
    path = "/" + urldefrag(iri).url
    assert labels(follow(client, path))[iri] == f"called {iri}"
    assert f"called {iri}" in follow(client, path, "text/html").text
    assert client.options(path).status_code in (200, 204)


@pytest.mark.parametrize("iri", [*IRIS, *HIDDEN])
def test_an_iri_is_described(client: FlaskClient, iri: str) -> None:
    path = "/describe?" + urlencode({"iri": BASE + iri})
    assert labels(follow(client, path))[iri] == f"called {iri}"
    described = follow(client, path, "text/html")
    assert described.status_code == 200
    cited = urldefrag(iri).url if iri.startswith("id/") else iri
    assert f'<{iri_to_uri(BASE + cited)}>; rel="cite-as"' in described.headers["Link"]


def test_a_document_tells_of_all_its_parts_page_by_page(client: FlaskClient) -> None:
    found: dict[str, str] = {}
    path: str | None = "/people"
    pages = 0
    while path:
        response = follow(client, path)
        found |= labels(response)
        pages += 1
        links = response.headers["Link"].split(", ")
        path = next((link[1:].partition(">")[0] for link in links if 'rel="next"' in link), None)
    assert pages == 3
    assert {iri: label for iri, label in found.items() if iri.startswith("people")} == {
        f"people#p{number}": f"called people#p{number}" for number in range(PEOPLE)
    }


def test_the_page_of_a_document_calls_its_parts_by_their_names(client: FlaskClient) -> None:
    page = follow(client, "/people", "text/html").text
    assert re.findall(r"<h3[^>]*>\s*([^<]+?)\s*</h3>", page)[:2] == ["called people#p0", "called people#p1"]


def test_what_chooses_a_representation_is_kept(client: FlaskClient) -> None:
    response = follow(client, "/quality/good?_profile=labels&_mediatype=application/n-triples&utm_source=x", "*/*")
    assert response.mimetype == "application/n-triples"
    assert "labels" in response.headers["Content-Profile"]


@pytest.mark.parametrize("path", ["/nothing", "/doc/nothing", "/files/nothing", "/people/p7", "/id/nothing"])
def test_where_nothing_is_said_nothing_is_found(client: FlaskClient, path: str) -> None:
    assert follow(client, path).status_code == 404


def test_the_links_of_a_long_name_are_few(client: FlaskClient) -> None:
    """Proxies and clients take few thousand characters of headers; the link set has all links."""
    response = follow(client, f"/id/thing/{LONG_NAME}")
    assert sum(len(name) + len(value) for name, value in response.headers) < 16_000
    assert {'rel="cite-as"', 'rel="linkset"'} <= {link.split("; ")[1] for link in response.headers["Link"].split(", ")}
    assert client.get(f"/doc/thing/{LONG_NAME}.linkset").text.count('rel="describedby"') > 5


def test_a_description_comes_in_the_best_format_that_can_hold_it(client: FlaskClient) -> None:
    """RFC 9110 §15.5.7: 406 is for when none can. A property must end like an XML name (RDF 1.1 XML Syntax §5)."""
    path = "/describe?" + urlencode({"iri": BASE + "quality/good"})
    assert client.get(f"{path}&format=rdfxml").status_code == 406
    wanted = {"Accept": "application/rdf+xml, text/turtle;q=0.5"}
    assert client.get(path, headers=wanted).mimetype == "text/turtle"


@pytest.mark.parametrize("iri", FOREIGN)
@pytest.mark.parametrize("accept", ["text/turtle", "text/html", "application/linkset"])
def test_an_odd_host_is_no_fault(client: FlaskClient, iri: str, accept: str) -> None:
    response = client.get("/describe?" + urlencode({"iri": iri}), headers={"Accept": accept})
    assert response.status_code in (200, 406)
    assert response.status_code == 406 or "called " in response.text
    assert client.get("/sparql?" + urlencode({"query": f"SELECT (<{iri}> AS ?x) {{}}"})).status_code == 200


@pytest.mark.parametrize("name", ["path", "fragment", "lang", "iri"])
def test_an_answer_may_have_an_address_of_the_site(client: FlaskClient, name: str) -> None:
    query = f"SELECT (<{BASE}sparql?{name}=1> AS ?x) {{}}"
    page = client.get("/sparql?" + urlencode({"query": query}), headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert f"/sparql?{name}=1" in page.text


@pytest.mark.parametrize("accept", ["text/turtle", "text/html", "application/ld+json"])
def test_beside_a_thing_that_is_called_like_a_file_each_has_its_own_data(client: FlaskClient, accept: str) -> None:
    for iri in ("id/thing/dot", "id/thing/dot.html"):
        response = follow(client, f"/{iri}", accept)
        again = client.get(response.headers["Content-Location"])
        assert (again.mimetype, again.data) == (accept, response.data)
        assert f"called {iri}" in response.text
