"""Every IRI that any answer can hold opens on the same server, as a page and as RDF."""

import re
from collections import Counter
from urllib.parse import quote

import pytest
from conftest import THOROUGH, Browse
from flask.testing import FlaskClient
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS

from publisher.core.release import Release

KINDS = ("local", "foreign")
FEW = 12
"""Things of each kind whose pages are opened; the others differ in what their data says, which is read of all."""


@pytest.fixture(scope="module")
def every_iri(release: Release) -> dict[str, dict[str, int]]:
    """All IRIs of the dataset, subjects, predicates, objects and graph names, with the status that each gets."""
    dump = (release.folder / "dumps" / "dataset.nq").read_text(encoding="utf-8")
    without_texts = re.sub(r'"(?:[^"\\]|\\.)*"', "", dump)
    found = sorted(set(re.findall(r"<([^>]+)>", without_texts)))
    retired = f"<{DCTERMS.isReplacedBy}>"
    gone = {line.split(" ")[0].strip("<>") for line in dump.splitlines() if line.split(" ")[1] == retired}
    assert gone
    every = {iri: 410 if iri in gone else 200 for iri in found}
    local = {iri: status for iri, status in every.items() if iri.startswith(release.base_iri)}
    return {"local": local, "foreign": {iri: status for iri, status in every.items() if iri not in local}}


def address_of(iri: str, release: Release) -> str:
    """Where a reader of an answer goes: to the IRI itself, or to what this server says of a foreign one."""
    if iri.startswith(release.base_iri):
        return "/" + iri.removeprefix(release.base_iri).partition("#")[0]
    return "/describe?iri=" + quote(iri, safe="")


def kind_of(iri: str, release: Release) -> str:
    """What the IRIs of things of one kind have in common: the first two parts of their paths, or their namespace."""
    path = iri.removeprefix(release.base_iri)
    return "/".join(path.split("/")[:2]) if path != iri else re.sub(r"[^/#]*$", "", iri)


@pytest.mark.parametrize("kind", KINDS)
def test_every_iri_opens_as_a_page(
    browse: Browse, release: Release, every_iri: dict[str, dict[str, int]], kind: str
) -> None:
    alike = Counter[str]()
    expected = {}
    for iri, status in every_iri[kind].items():
        alike[kind_of(iri, release)] += 1
        if THOROUGH or alike[kind_of(iri, release)] <= FEW:
            expected[address_of(iri, release)] = status
    assert len(expected) > 50
    assert {address: browse(address).status for address in expected} == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_iri_opens_as_rdf(
    client: FlaskClient, release: Release, every_iri: dict[str, dict[str, int]], kind: str
) -> None:
    expected = {address_of(iri, release): status for iri, status in every_iri[kind].items()}
    turtle = {"Accept": "text/turtle"}
    found = {at: client.get(at, headers=turtle, follow_redirects=True).status_code for at in expected}
    assert found == expected


def test_a_thing_says_the_same_through_its_address_and_through_sparql(client: FlaskClient, release: Release) -> None:
    iri = release.base_iri + "id/person/julie-bolcer"
    page = Graph().parse(data=client.get("/doc/person/julie-bolcer.nt").data, format="nt")
    query = f"CONSTRUCT {{ <{iri}> ?p ?o }} WHERE {{ <{iri}> ?p ?o }}"
    asked = client.get("/sparql", query_string={"query": query, "format": "ntriples"})
    answer = Graph().parse(data=asked.data, format="nt")
    assert len(answer) > 5
    assert set(page.triples((URIRef(iri), None, None))) == set(answer)
