"""The data set's description of itself: VoID and SPARQL 1.1 Service Description.

What people say of the data set is ``data/dataset.ttl``; what can be counted is counted here.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping

from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, VOID, Namespace

from publisher.build.dumps import STEM
from publisher.core.errors import DataError
from publisher.core.formats import RDF_FORMATS, RESULT_FORMATS
from publisher.core.terms import SD as SD_NAMESPACE

SD = Namespace(SD_NAMESPACE)
DATASET_FILE = "data/dataset.ttl"


def describe(curated: Graph, graphs: Mapping[str, Graph], base: str, prefixes: Mapping[str, str]) -> Graph:
    """Describes the data set and the SPARQL service that answers from it.

    Args:
        curated: ``data/dataset.ttl``.
        graphs: IRI → triples of every other named graph.
        base: the base IRI.
        prefixes: prefix → namespace IRI, for ``void:vocabulary``.

    Raises:
        DataError: the curated file does not describe exactly one ``void:Dataset``.
    """
    datasets = list(curated.subjects(RDF.type, VOID.Dataset))
    if len(datasets) != 1 or not isinstance(datasets[0], URIRef):
        raise DataError(f"It describes {len(datasets)} void:Dataset; exactly one is needed.", where=DATASET_FILE)
    dataset = datasets[0]
    union = Graph()
    for graph in graphs.values():
        union += graph
    description = Graph()
    description += curated
    _count(dataset, union, description, prefixes)
    description.add((dataset, VOID.uriSpace, Literal(base + "id/")))
    description.add((dataset, VOID.sparqlEndpoint, URIRef(base + "sparql")))
    for chosen in RDF_FORMATS:
        description.add((dataset, VOID.dataDump, URIRef(f"{base}dumps/{STEM}.{chosen.suffix}")))
        description.add((dataset, VOID.feature, URIRef(chosen.standard)))
    _describe_service(dataset, graphs, base, description)
    return description


def _number(value: int) -> Literal:
    return Literal(value, datatype=XSD.integer)


def _part(dataset: URIRef, kind: str, term: str) -> URIRef:
    """A stable IRI for a partition, below the data set's own."""
    return URIRef(f"{dataset}#{kind}-{hashlib.sha256(term.encode()).hexdigest()[:12]}")


def _count(dataset: URIRef, union: Graph, description: Graph, prefixes: Mapping[str, str]) -> None:
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
    for namespace in prefixes.values():
        if any(str(name).startswith(namespace) for name in (*classes, *properties)):
            description.add((dataset, VOID.vocabulary, URIRef(namespace.rstrip("#"))))


def _describe_service(dataset: URIRef, graphs: Mapping[str, Graph], base: str, description: Graph) -> None:
    """SPARQL 1.1 Service Description §3: one service whose default graph is the union."""
    service, default = URIRef(base + "sparql"), URIRef(f"{dataset}#default-graph")
    description.add((service, RDF.type, SD.Service))
    description.add((service, SD.endpoint, service))
    description.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    description.add((service, SD.feature, SD.UnionDefaultGraph))
    for chosen in (*RDF_FORMATS, *RESULT_FORMATS):
        description.add((service, SD.resultFormat, URIRef(chosen.standard)))
    description.add((service, SD.defaultDataset, dataset))
    description.add((dataset, RDF.type, SD.Dataset))
    description.add((dataset, SD.defaultGraph, default))
    description.add((default, RDF.type, SD.Graph))
    for name, graph in graphs.items():
        if not graph:
            continue  # The store does not keep an empty graph.
        part, content = _part(dataset, "graph", name), URIRef(name)
        description.add((dataset, SD.namedGraph, part))
        description.add((part, RDF.type, SD.NamedGraph))
        description.add((part, SD.name, content))
        description.add((part, SD.graph, content))
        description.add((content, RDF.type, SD.Graph))
        description.add((content, VOID.triples, _number(len(graph))))
        description.add((content, DCTERMS.isPartOf, dataset))
