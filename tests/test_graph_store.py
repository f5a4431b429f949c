"""Graphs by their IRI (SPARQL 1.1 Graph Store HTTP Protocol §4.2, §5.2), and what the service says of itself."""

import re
from typing import Any

import pytest
import rdflib
from asking import GRAPHS, RDFLIB, get, select, triples
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.namespace import VOID, Namespace

from publisher.core.formats import BY_NAME, RDF_FORMATS, RESULT_FORMATS, Format
from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.core.terms import SD
from publisher.web.app import create_app

SERVICE = Namespace(SD)
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
UNKNOWN = "http://ex.example/no-such-graph"


def named(release: Release, name: str) -> str:
    return f"{release.base_iri}id/graph/{name}"


# --- one graph --------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize("by", ["Accept", "format"])
def test_a_named_graph_in_every_format(client: FlaskClient, release: Release, chosen: Format, by: str) -> None:
    iri = named(release, "mappings")
    request: dict[str, Any] = {"query_string": {"graph": iri}, "headers": {"Accept": chosen.media_type}}
    if by == "format":
        request = {"query_string": {"graph": iri, "format": chosen.name}, "headers": {"Accept": "text/html"}}
    response = client.get("/graphs", **request)
    assert (response.status_code, response.content_type) == (200, chosen.content_type)
    expected = get(
        client, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}", "application/n-triples"
    )
    assert triples(response.data, chosen) == triples(expected.data, BY_NAME["ntriples"]) != set()


def test_the_default_graph_is_what_queries_see(client: FlaskClient) -> None:
    response = client.get("/graphs?default", headers={"Accept": "application/n-triples"})
    assert len(set(response.text.splitlines())) == int(select(client, COUNT)[0]["n"])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_graph_has_the_headers_of_every_representation(client: FlaskClient, release: Release, method: str) -> None:
    path = "/graphs?graph=" + named(release, "mappings")
    response = client.open(path, method=method, headers={"Accept-Encoding": "gzip"})
    assert response.mimetype == "text/turtle"
    assert {"Accept", "Accept-Encoding"} <= {*response.vary}
    assert response.headers["Content-Length"]
    held = {"Accept-Encoding": "gzip", "If-None-Match": response.headers["ETag"]}
    assert client.open(path, method=method, headers=held).status_code == 304
    assert (response.data == b"") == (method == "HEAD")


@pytest.mark.parametrize(
    ("query", "status", "problem"),
    [
        ("", 400, "bad-request"),
        ("graph=", 400, "bad-request"),
        ("graph=relative", 400, "bad-request"),
        ("graph=http%3A%2F%2Fa.example%2F%20b", 400, "bad-request"),
        ("graph=%FF", 400, "bad-request"),
        (f"graph={UNKNOWN}&graph={UNKNOWN}2", 400, "bad-request"),
        (f"graph={UNKNOWN}&default", 400, "bad-request"),
        (f"graph={UNKNOWN}", 404, "not-found"),
        ("default&format=csv", 406, "not-acceptable"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_no_graph(client: FlaskClient, query: str, status: int, problem: str, method: str) -> None:
    response = client.open("/graphs", method=method, query_string=query)
    assert response.status_code == status
    if method == "GET":
        assert response.get_json()["type"].endswith("#" + problem)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_graphs_are_only_read(client: FlaskClient, release: Release, method: str) -> None:
    path = "/graphs?graph=" + named(release, "mappings")
    response = client.open(path, method=method, data="<a:> <b:> <c:> .", content_type="text/turtle")
    assert response.status_code == 405
    assert set(response.allow) == {"GET", "HEAD", "OPTIONS"}


def test_people_are_sent_to_a_page_about_the_graph(client: FlaskClient, release: Release) -> None:
    for query in ({"graph": named(release, "mappings")}, {"default": ""}):
        response = client.get("/graphs", query_string=query, headers={"Accept": "text/html"})
        assert response.status_code == 303
        page = client.get(response.headers["Location"], headers={"Accept": "text/html"})
        assert (page.status_code, page.mimetype) == (200, "text/html")


def test_graphs_are_under_the_limits_of_queries(settings: Settings, release: Release) -> None:
    app: Flask = create_app(replace(settings, result_bytes=1000), release)
    try:
        response = app.test_client().get("/graphs?default")
        assert response.status_code == 507
        assert response.get_json()["type"].endswith("#result-too-large")
    finally:
        app.extensions["publisher"].pool.close()


# --- the description of the service -----------------------------------------------------


@pytest.fixture
def description(client: FlaskClient) -> Graph:
    return Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).data, format="turtle")


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_every_format_describes_the_same_service(client: FlaskClient, description: Graph, chosen: Format) -> None:
    headers = {"Accept": chosen.media_type}
    response = client.get("/sparql", headers=headers)
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=response.data, format=RDFLIB[chosen.name])
    assert set(dataset.triples((None, None, None))) == set(description)
    head = client.head("/sparql", headers=headers)
    assert (head.status_code, head.data, head.content_type) == (200, b"", chosen.content_type)
    assert head.headers["Content-Length"] == str(len(response.data))
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_the_service_is_described_as_it_is(description: Graph, release: Release) -> None:
    service = URIRef(release.base_iri + "sparql")
    assert (service, RDF.type, SERVICE.Service) in description
    assert set(description.objects(service, SERVICE.endpoint)) == {service}
    assert set(description.objects(service, SERVICE.feature)) == {SERVICE.UnionDefaultGraph}
    assert set(description.objects(service, SERVICE.supportedLanguage)) == {SERVICE.SPARQL11Query}
    formats = {str(name) for name in description.objects(service, SERVICE.resultFormat)}
    assert formats == {f.standard for f in (*RDF_FORMATS, *RESULT_FORMATS)}


def test_every_graph_is_described_with_its_size_and_its_address(client: FlaskClient, description: Graph) -> None:
    (dataset,) = description.objects(None, SERVICE.defaultDataset)
    (default,) = description.objects(dataset, SERVICE.defaultGraph)
    sizes = {description.value(part, SERVICE.name): part for part in description.objects(dataset, SERVICE.namedGraph)}
    assert {str(name) for name in sizes} == {row["g"] for row in select(client, GRAPHS)}
    contents = {str(name): description.value(part, SERVICE.graph) for name, part in sizes.items()}
    for name, content in (("", default), *contents.items()):
        size = description.value(content, VOID.triples)
        graphs = {"default-graph-uri": name} if name else {}
        assert int(str(size)) == int(select(client, COUNT, **graphs)[0]["n"]), name
        (address,) = description.objects(content, VOID.dataDump)
        path = "/" + str(address).split("/", 3)[3]
        assert client.head(path).status_code == 200, path


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_limits_are_told_to_programs_and_people(
    client: FlaskClient, description: Graph, release: Release, settings: Settings, language: str
) -> None:
    service = URIRef(release.base_iri + "sparql")
    comments = [c for c in description.objects(service, RDFS.comment) if getattr(c, "language", "") == language]
    values = [str(c).rpartition(": ")[2] for c in comments]
    assert {"en": "50,000,000", "fr": "50\u202f000\u202f000", "es": "50.000.000"}[language] in values
    told = {int(re.sub(r"\D", "", value)) for value in values}
    limits = {settings.query_length, settings.query_depth, settings.query_memory, settings.result_bytes}
    assert limits | {int(settings.query_timeout), settings.result_rows} <= told
    page = client.get(f"/sparql?lang={language}", headers={"Accept": "text/html"}).text
    table = page.partition('id="limits"')[2].partition("</table>")[0]
    assert len(comments) == table.count('<th scope="row">') >= 6
