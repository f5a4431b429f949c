"""The ontology: complete, labelled in three languages, and consistent under HermiT (OWL 2 DL)."""

import json
from pathlib import Path

import owlready2
import pytest
from conftest import ROOT
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import SKOS

from publisher.build.context import Context
from publisher.core.release import Release
from publisher.core.settings import Settings

BASE = "https://mgo.example/"
MGO = BASE + "ontology#"
LANGUAGES = {"fr", "en", "es"}
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}

CONTEXT = Context(json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8")))


def ontology() -> Graph:
    graph = Graph()
    for name in ("vocabulary", "reused"):
        graph.parse(ROOT / "ontology" / f"{name}.ttl")
    return graph


ONTOLOGY = ontology()
DECLARED = sorted({term for kind in KINDS for term in ONTOLOGY.subjects(RDF.type, kind) if isinstance(term, URIRef)})
OWN = [term for term in DECLARED if term.startswith(MGO)]


@pytest.mark.parametrize("key", [key for key in CONTEXT.keys if key not in ("id", "type")])
def test_every_key_of_the_context_is_a_declared_term(key: str) -> None:
    assert URIRef(CONTEXT.iri(key)) in DECLARED


@pytest.mark.parametrize("term", DECLARED)
def test_every_term_has_one_kind_and_one_label_per_language(term: URIRef) -> None:
    assert len(KINDS & set(ONTOLOGY.objects(term, RDF.type))) == 1
    labels = [label.language for label in ONTOLOGY.objects(term, RDFS.label) if isinstance(label, Literal)]
    assert sorted(map(str, labels)) == sorted(LANGUAGES)


@pytest.mark.parametrize("term", OWN)
def test_every_own_term_has_a_definition_of_one_sentence_per_language(term: URIRef) -> None:
    definitions = [text for text in ONTOLOGY.objects(term, SKOS.definition) if isinstance(text, Literal)]
    assert {text.language for text in definitions} == LANGUAGES
    for text in definitions:
        assert str(text)[0].isupper()
        assert str(text).endswith(".")
        assert ". " not in text


def unsatisfiable(graph: Graph, folder: Path) -> list[object]:
    """Classes that HermiT finds unsatisfiable.

    Raises:
        OwlReadyInconsistentOntologyError: the graph contradicts itself.
    """
    readable = Graph()
    for triple in graph:
        # xsd:date and its kin are outside the OWL 2 datatype map: HermiT stops at the first.
        if not (isinstance(triple[2], Literal) and str(triple[2].datatype).endswith(("date", "gYear", "gYearMonth"))):
            readable.add(triple)
    path = folder / "ontology.rdf"
    readable.serialize(path, format="xml")
    world = owlready2.World()
    with world.get_ontology(path.as_uri()).load():
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    return list(world.inconsistent_classes())


def facts(release: Release) -> Graph:
    """The asserted facts of the release without the quotes' selectors, which no axiom is about."""
    graph = Graph()
    for line in (release.folder / "dumps" / "dataset.nq").read_text(encoding="utf-8").splitlines():
        if "/id/graph/idm-2018-1.fr>" in line and "/ns/oa#" not in line and "normalizedText" not in line:
            graph.parse(data=line.rpartition(" <")[0] + " .", format="nt")
    return graph


def test_ontology_and_facts_are_consistent(settings: Settings, release: Release, tmp_path: Path) -> None:
    graph = Graph().parse(release.folder / "ontology.ttl")
    assert len(graph) > 500
    graph += facts(release)
    assert unsatisfiable(graph, tmp_path) == []


CONTRADICTIONS = [
    # A person where an organisation belongs.
    "<x/ada> a foaf:Person . <x/tenure> a mgo:Tenure ; org:organization <x/ada> .",
    "<x/ada> a foaf:Person . <x/unit> a org:OrganizationalUnit ; org:unitOf <x/ada> .",
    # A post held by a place.
    "<x/post> a org:Post ; org:heldBy <x/rome> . <x/rome> a mgo:City .",
    # A partnership with a figure as partner.
    "<x/alliance> a mgo:Partnership ; mgo:partner <x/half> . <x/half> a mgo:ReportedFigure .",
    # A city that is a country, an event that is a statement, a State that is a forum.
    "<x/rome> a mgo:City , mgo:Country .",
    "<x/talk> a mgo:Event , mgo:Statement .",
    "<x/state> a mgo:State , mgo:Forum .",
    # A person who is a partnership.
    "<x/ada> a foaf:Person , mgo:Partnership .",
    # A statement attributed to an event, a figure attributed to a place.
    "<x/claim> a mgo:Statement ; mgo:attributedTo <x/talk> . <x/talk> a mgo:Event .",
    "<x/half> a mgo:ReportedFigure ; mgo:attributedTo <x/rome> . <x/rome> a mgo:City .",
    # What attests a fact is a quote, never a document.
    "<x/fact> mgo:evidencedBy <x/document> . <x/document> a mgo:SourceDocument .",
]


@pytest.mark.parametrize("turtle", CONTRADICTIONS)
def test_what_cannot_be_is_found_inconsistent(turtle: str, tmp_path: Path) -> None:
    graph = ontology()
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in CONTEXT.prefixes.items())
    graph.parse(data=f"@base <{BASE}id/> .\n{prefixes}{turtle}", format="ttl")
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        unsatisfiable(graph, tmp_path)
