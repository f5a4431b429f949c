"""Reused terms exist in their vocabulary's own file, are of the same kind, and are described as their authors do.

``tests/vocabularies/`` holds the declarations and axioms of those files; the first line of each says which.
"""

import json
from pathlib import Path

import pytest
from conftest import ROOT
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, SH, SKOS, XSD
from rdflib.term import Node

from publisher.build.context import Context

VOCABULARIES = Path(__file__).parent / "vocabularies"
CONTEXT = Context(json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8")))
OWN = CONTEXT.prefixes["mgo"]
BUILT_IN = (str(RDF), str(RDFS), str(OWL), str(XSD))
AXIOMS = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf, OWL.disjointWith)
CLASSES = {RDFS.Class, OWL.Class}
PROPERTIES = {RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}


def read(*patterns: str) -> Graph:
    graph = Graph()
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            graph.parse(path)
    return graph


THEIRS = read("tests/vocabularies/*.nt")
REUSED = read("ontology/reused.ttl")
KNOWN = set(THEIRS.subjects())


def foreign(term: Node) -> bool:
    return isinstance(term, URIRef) and not str(term).startswith((*BUILT_IN, "https://mgo.example/"))


def used() -> list[str]:
    """Every foreign term in the project's files that lies in a namespace of the context, and every key's IRI."""
    graph = read("ontology/*.ttl", "shapes/*.ttl", "data/schemes/*.ttl", "data/dataset.ttl")
    terms = set(graph.all_nodes()) | set(graph.predicates())
    terms |= {URIRef(CONTEXT.iri(key)) for key in CONTEXT.keys if key not in ("id", "type")}
    namespaces = {
        *CONTEXT.prefixes.values(),
        "http://schema.org/",
        "http://purl.org/ontology/bibo/",
        "http://www.w3.org/2003/06/sw-vocab-status/ns#",
    }
    return sorted(
        str(term)
        for term in terms
        if foreign(term) and any(str(term).startswith(namespace) and str(term) != namespace for namespace in namespaces)
    )


@pytest.mark.parametrize("term", used())
def test_a_reused_term_is_in_its_vocabulary(term: str) -> None:
    assert URIRef(term) in KNOWN


@pytest.mark.parametrize("term", sorted(set(map(str, REUSED.subjects(RDFS.label)))))
def test_a_reused_term_is_of_the_same_kind(term: str) -> None:
    here = set(REUSED.objects(URIRef(term), RDF.type))
    there = set(THEIRS.objects(URIRef(term), RDF.type))
    assert bool(here & CLASSES) == bool(there & CLASSES)
    assert bool(here & PROPERTIES) == bool(there & PROPERTIES)


def says(subject: Node, predicate: URIRef, value: Node) -> bool:
    """Whether the vocabularies say it, of the term or of one above it."""
    if (subject, predicate, value) in THEIRS:
        return True
    if predicate in (RDFS.subClassOf, RDFS.subPropertyOf):
        return value in THEIRS.transitive_objects(subject, predicate)
    if predicate in (OWL.inverseOf, OWL.disjointWith):
        return (value, predicate, subject) in THEIRS
    return False


def test_the_alignments_of_the_publisher_name_terms_that_there_are() -> None:
    """Rdflib has the terms of these vocabularies; schema.org's are in ``vocabularies/``."""
    named = read("publisher/web/alignments.ttl").all_nodes() - KNOWN
    assert not [
        term for term in named if not any(str(term) in one for one in (DCAT, DCTERMS, FOAF, ORG, SKOS, RDFS, SH))
    ]


@pytest.mark.parametrize("axiom", sorted(t for t in REUSED if t[1] in AXIOMS and foreign(t[2])), ids=" ".join)
def test_an_axiom_about_a_reused_term_is_its_authors(axiom: tuple[Node, URIRef, Node]) -> None:
    assert says(*axiom)
