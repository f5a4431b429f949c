"""The published dataset: named graphs without blank nodes, in one canonical form."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph
from rdflib import BNode, Graph, URIRef
from rdflib.compare import to_canonical_graph
from rdflib.term import Node

from publisher.build.dumps import STEM
from publisher.core.terms import SKOLEM_PATH


def skolemize(graph: Graph, base: str) -> Graph:
    """Replaces blank nodes by skolem IRIs (RDF 1.1 Concepts §3.5).

    The names come from the canonical labels of the graph's blank nodes, so the same graph
    gives the same IRIs.
    """
    if not any(isinstance(term, BNode) for triple in graph for term in triple):
        return graph
    names: dict[Node, URIRef] = {}
    skolemized = Graph()
    for triple in to_canonical_graph(graph):
        for term in triple:
            if isinstance(term, BNode) and term not in names:
                names[term] = URIRef(f"{base}{SKOLEM_PATH}{term}")
        subject, predicate, value = (names.get(term, term) for term in triple)
        skolemized.add((subject, predicate, value))
    return skolemized


def quads_of(graph: Graph, name: str) -> Iterator[pyoxigraph.Quad]:
    """The graph's triples as quads of the named graph ``name``."""
    triples = graph.serialize(format="nt", encoding="utf-8")
    for quad in pyoxigraph.parse(triples, format=pyoxigraph.RdfFormat.N_TRIPLES):
        yield pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, pyoxigraph.NamedNode(name))


def canonical_quads(quads: Iterable[pyoxigraph.Quad]) -> list[pyoxigraph.Quad]:
    """The quads as the store gives them back, sorted by graph, then triple.

    The store rewrites some literals (``"01"^^xsd:integer`` to ``1``). Dumps are made from
    what comes out of it, so that pages, dumps and SPARQL agree.
    """
    store = pyoxigraph.Store()
    store.bulk_extend(quads)
    return sorted(store, key=lambda quad: (str(quad.graph_name), str(quad.triple)))


def write_store(dumps: Path, folder: Path) -> None:
    """Writes the on-disk store that serving opens read-only, file by file, so that its size is not bound by memory.

    The default graph holds each triple of the named graphs once: asked for their union, the
    engine counts a triple as often as graphs have it.

    Args:
        dumps: holds the named graphs as ``dataset.nq`` and their union as ``dataset.nt``.
        folder: where the store is made.
    """
    store = pyoxigraph.Store(str(folder))
    for suffix in ("nq", "nt"):
        store.bulk_load(path=str(dumps / f"{STEM}.{suffix}"))
    store.optimize()
    store.flush()
