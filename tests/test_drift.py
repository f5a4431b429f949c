"""Ontology, context, shapes, schemes, facts, queries and docs name the same terms; nothing is named for nothing."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from rdflib import OWL, RDF, Dataset, Graph, URIRef
from rdflib.namespace import SH, SKOS
from rdflib.term import Node
from ruamel.yaml import YAML

from publisher.build.context import Context
from publisher.core.release import Release

CONTEXT = Context(json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8")))
BASE = "https://mgo.example/"
OWN = CONTEXT.prefixes["mgo"]
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


def read(pattern: str) -> Graph:
    graph = Graph()
    for path in sorted(ROOT.glob(pattern)):
        graph.parse(path)
    return graph


ONTOLOGY = read("ontology/vocabulary.ttl") + read("ontology/reused.ttl")
SHAPES, SCHEMES = read("shapes/*.ttl"), read("data/schemes/*.ttl")
DECLARED = {str(term) for kind in KINDS for term in ONTOLOGY.subjects(RDF.type, kind) if isinstance(term, URIRef)}
TERMS = sorted(term for term in DECLARED if term.startswith(OWN))
CONCEPTS = {str(concept) for concept in SCHEMES.subjects(RDF.type, SKOS.Concept)}
INSTANCES = sorted((ROOT / "data" / "facts").glob("*/*.yaml"))
EXAMPLES = [*INSTANCES, ROOT / "tests" / "mistakes" / "good.yaml"]
QUERIES = sorted((ROOT / "data" / "queries").glob("*.rq"))
DOCS = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md"])


@pytest.fixture(scope="module")
def dataset(release: Release) -> Dataset:
    found = Dataset(default_union=True)
    found.parse(release.folder / "dumps" / "dataset.nq", format="nquads")
    return found


def nodes_of(path: Path) -> list[dict[str, object]]:
    document = YAML(typ="safe").load(path)
    nodes: list[dict[str, object]] = document["@graph"] if isinstance(document, dict) else document
    return nodes


def used_in_examples() -> set[str]:
    """The IRIs of every key and type in the facts and in the good examples for the shapes, and their inverses."""
    keys = {key for path in EXAMPLES for node in nodes_of(path) for key in (*node, *_listed(node.get("type", [])))}
    used = {CONTEXT.iri(key) for key in keys - {"id", "type"}}
    pairs = {tuple(map(str, pair)) for pair in ONTOLOGY.subject_objects(OWL.inverseOf)}
    return used | {one for pair in pairs if used & set(pair) for one in pair}


def _listed(value: object) -> list[str]:
    return value if isinstance(value, list) else [str(value)]


@pytest.mark.parametrize("term", TERMS, ids=lambda iri: iri.rpartition("#")[2])
def test_every_term_is_used(term: str, dataset: Dataset, release: Release) -> None:
    """By the data, by what follows from it, or by an example for the shapes."""
    published = URIRef(term.replace(BASE, release.base_iri))
    in_data = (None, published, None) in dataset or (None, RDF.type, published) in dataset
    assert in_data or term in used_in_examples()


def targets() -> Iterator[tuple[Node, Node]]:
    for kind in (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf):
        yield from SHAPES.subject_objects(kind)


@pytest.mark.parametrize("target", sorted(set(targets())), ids=lambda pair: str(pair[0]).rpartition("/")[2])
def test_every_shape_is_about_something(target: tuple[Node, Node], release: Release, dataset: Dataset) -> None:
    """Its class or property is declared or is RDF's own, and has instances in the data or in the examples."""
    about = str(target[1])
    assert about in DECLARED or not about.startswith(OWN)
    published = URIRef(about.replace(BASE, release.base_iri))
    in_data = (None, published, None) in dataset or (None, RDF.type, published) in dataset
    assert in_data or about in used_in_examples() or about == str(OWL.sameAs)


@pytest.mark.parametrize("path", sorted({str(p) for p in SHAPES.objects(None, SH.path) if str(p).startswith(OWN)}))
def test_every_rule_is_about_a_term(path: str) -> None:
    assert path in DECLARED


def test_shapes_name_declared_terms_and_known_concepts() -> None:
    named = {str(node) for triple in SHAPES for node in triple if isinstance(node, URIRef) and node.startswith(BASE)}
    shapes = {str(subject) for subject in SHAPES.subjects()}
    schemes = {str(scheme) for scheme in SCHEMES.subjects(RDF.type, SKOS.ConceptScheme)}
    assert named <= shapes | DECLARED | CONCEPTS | schemes | {BASE + "ontology"}


@pytest.mark.parametrize("text", sorted(str(text) for text in SHAPES.objects(None, SH.select)))
def test_constraints_name_declared_terms_and_known_concepts(text: str) -> None:
    assert {OWN + name for name in re.findall(r"\bmgo:(\w+)", text)} <= DECLARED
    assert {BASE + "id/" + path for path in re.findall(r"<([a-z-]+/[a-z-]+)>", text)} <= CONCEPTS


@pytest.mark.parametrize("scheme", sorted(map(str, SCHEMES.subjects(RDF.type, SKOS.ConceptScheme))))
def test_every_scheme_has_concepts_and_a_shape_that_asks_for_it(scheme: str) -> None:
    assert set(SCHEMES.subjects(SKOS.inScheme, URIRef(scheme)))
    assert URIRef(scheme) in set(SHAPES.objects())


def test_every_key_leads_to_a_declared_term() -> None:
    assert {CONTEXT.iri(key) for key in CONTEXT.keys if key not in ("id", "type")} <= DECLARED


def test_every_own_term_that_facts_may_state_has_a_key() -> None:
    """What has no key is inferred, written by the build, or about the ontology itself."""
    without = {term.rpartition("#")[2] for term in TERMS} - {
        CONTEXT.iri(key).rpartition("#")[2] for key in CONTEXT.keys if key not in ("id", "type")
    }
    inverses = {str(term).rpartition("#")[2] for pair in ONTOLOGY.subject_objects(OWL.inverseOf) for term in pair}
    chained = {str(term).rpartition("#")[2] for term in ONTOLOGY.subjects(OWL.propertyChainAxiom)}
    assert without - inverses - chained == {"sinceVersion"}


@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_queries_name_declared_terms(query: Path) -> None:
    text = query.read_text(encoding="utf-8")
    assert set(re.findall(r"<(https://mgo\.example/ontology#\w+)>", text)) <= DECLARED
    assert {OWN + name for name in re.findall(r"\bmgo:(\w+)", text)} <= DECLARED


@pytest.mark.parametrize("page", DOCS, ids=lambda path: path.stem)
def test_docs_name_declared_terms(page: Path) -> None:
    """Terms with our prefix, words in code that look like a term's name, and keys of examples."""
    text = page.read_text(encoding="utf-8")
    assert {OWN + name for name in re.findall(r"\bmgo:(\w+)", text)} <= DECLARED
    for block in re.findall(r"```yaml\n(.*?)```", text, re.S):
        keys = re.findall(r"^\s+(?:- )?([A-Za-z]+): ", block, re.M)
        assert set(keys) <= {*CONTEXT.keys, "exact", "prefix", "suffix"}
