"""Every IRI that any answer can hold opens on the same server, as a page and as RDF."""

import re
from urllib.parse import quote

import pytest
from conftest import Browse
from flask.testing import FlaskClient
from rdflib import Graph, URIRef

from publisher.core.release import Release

KINDS = ("local", "foreign")


@pytest.fixture(scope="module")
def every_iri(release: Release) -> dict[str, list[str]]:
    """All IRIs of the dataset: subjects, predicates, objects and graph names."""
    dump = (release.folder / "dumps" / "dataset.nq").read_text(encoding="utf-8")
    without_texts = re.sub(r'"(?:[^"\\]|\\.)*"', "", dump)
    found = sorted(set(re.findall(r"<([^>]+)>", without_texts)))
    local = [iri for iri in found if iri.startswith(release.base_iri)]
    return {"local": local, "foreign": [iri for iri in found if iri not in set(local)]}


def address_of(iri: str, release: Release) -> str:
    """Where a reader of an answer goes: to the IRI itself, or to what this server says of a foreign one."""
    if iri.startswith(release.base_iri):
        return "/" + iri.removeprefix(release.base_iri).partition("#")[0]
    return "/describe?iri=" + quote(iri, safe="")


@pytest.mark.parametrize("kind", KINDS)
def test_every_iri_opens_as_a_page(
    browse: Browse, release: Release, every_iri: dict[str, list[str]], kind: str
) -> None:
    iris = every_iri[kind]
    assert len(iris) > 50
    pages = {address: browse(address) for address in {address_of(iri, release) for iri in iris}}
    assert {address: page.status for address, page in pages.items() if page.status != 200} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_iri_opens_as_rdf(
    client: FlaskClient, release: Release, every_iri: dict[str, list[str]], kind: str
) -> None:
    closed = {}
    for address in sorted({address_of(iri, release) for iri in every_iri[kind]}):
        response = client.get(address, headers={"Accept": "text/turtle"}, follow_redirects=True)
        if response.status_code != 200:
            closed[address] = response.status_code
    assert closed == {}


def test_a_thing_says_the_same_through_its_address_and_through_sparql(client: FlaskClient, release: Release) -> None:
    iri = release.base_iri + "id/person/julie-bolcer"
    page = Graph().parse(data=client.get("/doc/person/julie-bolcer.nt").data, format="nt")
    query = f"CONSTRUCT {{ <{iri}> ?p ?o }} WHERE {{ <{iri}> ?p ?o }}"
    asked = client.get("/sparql", query_string={"query": query, "format": "ntriples"})
    answer = Graph().parse(data=asked.data, format="nt")
    assert len(answer) > 5
    assert set(page.triples((URIRef(iri), None, None))) == set(answer)
