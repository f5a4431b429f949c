"""The data set's description of itself: VoID, DCAT and SPARQL 1.1 Service Description.

What people say of the data set is ``data/dataset.ttl``; what can be counted is counted here.
"""

from collections.abc import Mapping, Set
from urllib.parse import quote

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, VOID, Namespace

from publisher.build.coverage import coverage
from publisher.build.dataset import quads_of
from publisher.build.dumps import STEM, formats_of
from publisher.build.void import count, is_entity, linksets, number, part_of, spaces
from publisher.core.errors import DataError
from publisher.core.formats import RDF_FORMATS, RESULT_FORMATS
from publisher.core.terms import CATALOG_PATH, DESCRIPTION_PATH
from publisher.core.terms import SD as SD_NAMESPACE

SD = Namespace(SD_NAMESPACE)
DATASET_FILE = "data/dataset.ttl"
SIMPLE_ENTAILMENT = URIRef("http://www.w3.org/ns/entailment/Simple")
"""Queries match what is written down; what follows from it was written down by the build."""


def dataset_of(curated: Graph) -> URIRef:
    """The IRI of the data set that ``data/dataset.ttl`` describes.

    Raises:
        DataError: it does not describe exactly one ``void:Dataset``.
    """
    datasets = list(curated.subjects(RDF.type, VOID.Dataset))
    if len(datasets) != 1 or not isinstance(datasets[0], URIRef):
        raise DataError(f"It describes {len(datasets)} void:Dataset; exactly one is needed.", where=DATASET_FILE)
    return datasets[0]


def describe(
    about: Graph,
    graphs: Mapping[str, Graph],
    union: Graph,
    base: str,
    prefixes: Mapping[str, str],
    things: Set[str] = frozenset(),
) -> Graph:
    """Describes the data set and the SPARQL service that answers from it.

    Args:
        about: what ``overview`` says.
        graphs: IRI → triples of every other named graph.
        union: all their triples.
        base: the base IRI.
        prefixes: prefix → namespace IRI, for ``void:vocabulary``.
        things: IRIs of things besides those below ``id/``.
    """
    dataset = dataset_of(about)
    description = about + linksets(dataset, union, base)
    description.add((dataset, VOID.sparqlEndpoint, URIRef(base + "sparql")))
    for chosen in RDF_FORMATS:
        description.add((dataset, VOID.feature, URIRef(chosen.standard)))
    content = [quad.triple for graph in (union, about) for quad in quads_of(graph, base + DESCRIPTION_PATH)]
    for chosen in formats_of(content):
        description.add((dataset, VOID.dataDump, URIRef(f"{base}dumps/{STEM}.{chosen.suffix}")))
        # Told further in the catalogue: it has the hashes of the dumps, and they have this (decision 26).
        description.add((dataset, DCAT.distribution, URIRef(f"{base}{CATALOG_PATH}#{STEM}.{chosen.suffix}")))
    _describe_service(dataset, graphs, base, description)
    entities = {str(s) for graph in (union, description) for s in graph.subjects() if is_entity(s, base, things)}
    description += spaces(dataset, entities, base)
    own = {URIRef(base + DESCRIPTION_PATH): True, _default_graph(dataset): False}
    return description + count(dataset, union, description, own, base, prefixes.values(), things)


def overview(curated: Graph, union: Graph, base: str) -> Graph:
    """The data set as an entry of a catalogue, with the two services that serve it (DCAT 3 §6.3, §6.6, §6.7).

    Args:
        curated: what the project says of it.
        union: its triples, the ontology's included.
        base: the base IRI.
    """
    dataset, catalog = dataset_of(curated), URIRef(base + CATALOG_PATH)
    found = curated + coverage(dataset, curated, union, base)
    found.add((dataset, RDF.type, DCAT.Dataset))
    found.add((dataset, DCTERMS.identifier, Literal(dataset)))
    found.add((dataset, DCAT.landingPage, URIRef(base)))
    found.add((dataset, VOID.rootResource, dataset))
    found.add((catalog, RDF.type, DCAT.Catalog))
    found.add((catalog, DCAT.dataset, dataset))
    for about in (DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.publisher):
        for value in curated.objects(dataset, about):
            found.add((catalog, about, value))
    interface = URIRef(base + "openapi.json")
    for service, title, descriptions in (
        (URIRef(base + "sparql"), "SPARQL", (URIRef(base + "sparql"), interface)),
        (URIRef(f"{catalog}#linked-data"), "Linked data", (interface,)),
    ):
        found.add((catalog, DCAT.service, service))
        found.add((service, RDF.type, DCAT.DataService))
        found.add((service, DCTERMS.title, Literal(title)))
        found.add((service, DCAT.endpointURL, URIRef(base) if "#" in service else service))
        found.add((service, DCAT.servesDataset, dataset))
        for described in descriptions:
            found.add((service, DCAT.endpointDescription, described))
    return found


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
        part, content = part_of(dataset, "graph", name), URIRef(name)
        description.add((dataset, SD.namedGraph, part))
        description.add((part, RDF.type, SD.NamedGraph))
        description.add((part, SD.name, content))
        description.add((part, SD.graph, content))
        description.add((content, RDF.type, SD.Graph))
        description.add((content, DCTERMS.isPartOf, dataset))
        description.add((content, VOID.dataDump, URIRef(f"{base}graphs?graph={quote(name, safe='')}")))
        if graph is not description:
            description.add((content, VOID.triples, number(len(graph))))
