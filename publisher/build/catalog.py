"""The catalogue: every download with its size and hash (DCAT 3). It lies beside the data set, whose dumps it hashes."""

from collections.abc import Sequence

from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS

from publisher.build.dumps import Dump
from publisher.build.provenance import add_checksum
from publisher.core.terms import CATALOG_PATH, MEDIA_TYPES

_OF_EVERY_FILE = (DCTERMS.license, DCTERMS.rights, DCTERMS.issued, DCTERMS.modified)
_OF_EVERY_GRAPH = (DCTERMS.license, DCTERMS.publisher, DCTERMS.modified)


def catalog(dataset: URIRef, overview: Graph, dumps: Sequence[Dump], base: str) -> Graph:
    """Describes the data set and each of its named graphs as a data set with downloads.

    Args:
        dataset: IRI of the data set.
        overview: what ``describe.overview`` says of it.
        dumps: the downloads.
        base: the base IRI.
    """
    found = Graph() + overview
    for iri in sorted({dump.graph for dump in dumps if dump.graph}):
        _add_graph(found, URIRef(iri), dataset, overview, URIRef(base + CATALOG_PATH))
    for dump in dumps:
        holder = URIRef(dump.graph) if dump.graph else dataset
        node = _add_file(found, dump, base)
        found.add((holder, DCAT.distribution, node))
        for term in _OF_EVERY_FILE:
            for value in overview.objects(dataset, term):
                found.add((node, term, value))
    return found


def _add_graph(found: Graph, graph: URIRef, dataset: URIRef, overview: Graph, document: URIRef) -> None:
    found.add((document, DCAT.dataset, graph))
    found.add((graph, RDF.type, DCAT.Dataset))
    found.add((graph, DCTERMS.isPartOf, dataset))
    found.add((dataset, DCTERMS.hasPart, graph))
    for title in overview.objects(dataset, DCTERMS.title):
        if isinstance(title, Literal):
            name = graph.rpartition("/")[2]
            found.add((graph, DCTERMS.title, Literal(f"{title} – {name}", lang=title.language)))
    for term in _OF_EVERY_GRAPH:
        for value in overview.objects(dataset, term):
            found.add((graph, term, value))


def _add_file(found: Graph, dump: Dump, base: str) -> URIRef:
    name = dump.path.name
    node, address = URIRef(f"{base}{CATALOG_PATH}#{name}"), URIRef(f"{base}dumps/{name}")
    found.add((node, RDF.type, DCAT.Distribution))
    found.add((node, DCTERMS.title, Literal(name)))
    found.add((node, DCAT.accessURL, URIRef(base + "dumps/")))
    found.add((node, DCAT.downloadURL, address))
    found.add((node, DCAT.mediaType, URIRef(MEDIA_TYPES + dump.format.media_type)))
    found.add((node, DCTERMS["format"], URIRef(dump.format.standard)))
    if dump.compression:
        found.add((node, DCAT.compressFormat, URIRef(MEDIA_TYPES + dump.compression.media_type)))
    found.add((node, DCAT.byteSize, Literal(dump.path.stat().st_size, datatype=XSD.nonNegativeInteger)))
    add_checksum(found, node, URIRef(f"{node}.sha256"), dump.sha256)
    return node
