"""The data set's description of itself: VoID and SPARQL 1.1 Service Description.

What people say of the data set is ``data/dataset.ttl``; what can be counted is counted here.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from heapq import nsmallest
from urllib.parse import quote

from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, VOID, Namespace
from rdflib.term import Node

from publisher.build.dumps import STEM
from publisher.core.errors import DataError
from publisher.core.formats import RDF_FORMATS, RESULT_FORMATS
from publisher.core.terms import DESCRIPTION_PATH
from publisher.core.terms import SD as SD_NAMESPACE

SD = Namespace(SD_NAMESPACE)
DATASET_FILE = "data/dataset.ttl"
SIMPLE_ENTAILMENT = URIRef("http://www.w3.org/ns/entailment/Simple")
"""Queries match what is written down; what follows from it was written down by the build."""

EXAMPLES = 3
"""Example resources given for each class and property."""


def dataset_of(curated: Graph) -> URIRef:
    """The IRI of the data set that ``data/dataset.ttl`` describes.

    Raises:
        DataError: it does not describe exactly one ``void:Dataset``.
    """
    datasets = list(curated.subjects(RDF.type, VOID.Dataset))
    if len(datasets) != 1 or not isinstance(datasets[0], URIRef):
        raise DataError(f"It describes {len(datasets)} void:Dataset; exactly one is needed.", where=DATASET_FILE)
    return datasets[0]


def describe(curated: Graph, graphs: Mapping[str, Graph], base: str, prefixes: Mapping[str, str]) -> Graph:
    """Describes the data set and the SPARQL service that answers from it.

    Args:
        curated: ``data/dataset.ttl``.
        graphs: IRI → triples of every other named graph.
        base: the base IRI.
        prefixes: prefix → namespace IRI, for ``void:vocabulary``.
    """
    dataset = dataset_of(curated)
    union = Graph()
    for graph in graphs.values():
        union += graph
    description = Graph()
    description += curated
    _count(dataset, union, description, base, prefixes)
    description.add((dataset, VOID.uriSpace, Literal(base + "id/")))
    description.add((dataset, VOID.sparqlEndpoint, URIRef(base + "sparql")))
    for chosen in RDF_FORMATS:
        description.add((dataset, VOID.dataDump, URIRef(f"{base}dumps/{STEM}.{chosen.suffix}")))
        description.add((dataset, VOID.feature, URIRef(chosen.standard)))
    _describe_service(dataset, graphs, base, description)
    # What counts itself is counted last: these two numbers are two more triples.
    union += description
    own, default = URIRef(base + DESCRIPTION_PATH), _default_graph(dataset)
    sizes = ((own, _number(len(description) + 2)), (default, _number(len(union) + 2)))
    for content, size in sizes:
        description.add((content, VOID.triples, size))
    return description


def _number(value: int) -> Literal:
    return Literal(value, datatype=XSD.integer)


def _part(dataset: URIRef, kind: str, term: str) -> URIRef:
    """A stable IRI for a partition, below the data set's own."""
    return URIRef(f"{dataset}#{kind}-{hashlib.sha256(term.encode()).hexdigest()[:12]}")


def _count(dataset: URIRef, union: Graph, description: Graph, base: str, prefixes: Mapping[str, str]) -> None:
    classes = Counter(union.objects(None, RDF.type))
    properties = Counter(union.predicates())
    for term, value in (
        (VOID.triples, len(union)),
        (VOID.classes, len(classes)),
        (VOID.properties, len(properties)),
        (VOID.distinctSubjects, len(set(union.subjects()))),
        (VOID.distinctObjects, len(set(union.objects()))),
    ):
        description.add((dataset, term, _number(value)))
    for kind, counts, partition, names, counted in (
        ("class", classes, VOID.classPartition, VOID["class"], VOID.entities),
        ("property", properties, VOID.propertyPartition, VOID.property, VOID.triples),
    ):
        for name, count in counts.items():
            part = _part(dataset, kind, str(name))
            description.add((dataset, partition, part))
            description.add((part, names, name))
            description.add((part, counted, _number(count)))
            for example in _examples(kind, name, union, base):
                description.add((part, VOID.exampleResource, example))
    for namespace in prefixes.values():
        if any(str(name).startswith(namespace) for name in (*classes, *properties)):
            description.add((dataset, VOID.vocabulary, URIRef(namespace.rstrip("#"))))


def _examples(kind: str, term: Node, union: Graph, base: str) -> list[URIRef]:
    """The first things, by IRI, that are of a class or have a property."""
    subjects = union.subjects(RDF.type, term) if kind == "class" else union.subjects(term)
    names = {str(node) for node in subjects}
    things = (name for name in names if name.startswith(base + "id/") and "#" not in name)
    return [URIRef(name) for name in nsmallest(EXAMPLES, things)]


def _default_graph(dataset: URIRef) -> URIRef:
    return URIRef(f"{dataset}#default-graph")


def _describe_service(dataset: URIRef, graphs: Mapping[str, Graph], base: str, description: Graph) -> None:
    """SPARQL 1.1 Service Description §3: one service whose default graph is the union.

    Each graph has its address by the Graph Store HTTP Protocol (§4.2) as its dump.
    """
    service, default = URIRef(base + "sparql"), _default_graph(dataset)
    description.add((service, RDF.type, SD.Service))
    description.add((service, SD.endpoint, service))
    description.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    description.add((service, SD.feature, SD.UnionDefaultGraph))
    description.add((service, SD.defaultEntailmentRegime, SIMPLE_ENTAILMENT))
    for chosen in (*RDF_FORMATS, *RESULT_FORMATS):
        description.add((service, SD.resultFormat, URIRef(chosen.standard)))
    description.add((service, SD.defaultDataset, dataset))
    description.add((dataset, RDF.type, SD.Dataset))
    description.add((dataset, SD.defaultGraph, default))
    description.add((default, RDF.type, SD.Graph))
    description.add((default, VOID.dataDump, URIRef(f"{base}graphs?default")))
    for name, graph in (*graphs.items(), (base + DESCRIPTION_PATH, description)):
        if not graph:
            continue  # The store does not keep an empty graph.
        part, content = _part(dataset, "graph", name), URIRef(name)
        description.add((dataset, SD.namedGraph, part))
        description.add((part, RDF.type, SD.NamedGraph))
        description.add((part, SD.name, content))
        description.add((part, SD.graph, content))
        description.add((content, RDF.type, SD.Graph))
        description.add((content, DCTERMS.isPartOf, dataset))
        description.add((content, VOID.dataDump, URIRef(f"{base}graphs?graph={quote(name, safe='')}")))
        if graph is not description:
            description.add((content, VOID.triples, _number(len(graph))))
