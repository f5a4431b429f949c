"""The published dataset: named graphs without blank nodes, in one canonical form."""

import hashlib
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyoxigraph
import rdflib
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from publisher.build.dumps import STEM
from publisher.core.terms import XSD

# A literal that is none of its datatype is published as it stands: rdflib would log a traceback for each.
logging.getLogger("rdflib.term").setLevel(logging.ERROR)
# Nor does it write one anew: what the store does to literals is counted, and told.
rdflib.NORMALIZE_LITERALS = False

CANONICAL = "c14n"
"""What the names of blank nodes in canonical form begin with (RDF Dataset Canonicalization §4.5)."""


def skolemize(graph: Graph, space: str) -> Graph:
    """Replaces blank nodes by skolem IRIs (RDF 1.1 Concepts §3.5).

    Args:
        graph: the triples.
        space: what the IRIs begin with.
    """
    return _renamed(graph, lambda name: pyoxigraph.NamedNode(space + name))


def canonical(graph: Graph) -> Graph:
    """The same graph with blank nodes named canonically, so that its bytes are always the same."""
    return _renamed(graph, pyoxigraph.BlankNode)


def graph_of(triples: Iterable[pyoxigraph.Triple]) -> Graph:
    """Triples of RDF 1.1 as a graph of rdflib's, well formed or not, with blank nodes of its own."""
    graph, blanks = Graph(), defaultdict[str, BNode](BNode)

    def term(of: object) -> Node:
        if isinstance(of, pyoxigraph.NamedNode):
            return URIRef(of.value)
        if isinstance(of, pyoxigraph.BlankNode):
            return blanks[of.value]
        assert isinstance(of, pyoxigraph.Literal)
        if of.language or of.datatype.value == XSD + "string":
            return Literal(of.value, lang=of.language)
        return Literal(of.value, datatype=URIRef(of.datatype.value))

    for subject, predicate, value in triples:
        graph.add((term(subject), term(predicate), term(value)))
    return graph


def _renamed(graph: Graph, make: Callable[[str], pyoxigraph.NamedNode | pyoxigraph.BlankNode]) -> Graph:
    """The graph with new names for its blank nodes: the same ones for the same graph.

    Blank nodes that triples join are named together, by a hash over the canonical form of these triples (RDF Dataset
    Canonicalization, RDFC-1.0) and their number in it: what else is in the graph does not change the names.
    """
    if not any(isinstance(term, BNode) for triple in graph for term in triple):
        return graph
    triples = [quad.triple for quad in quads_of(graph, "urn:graph")]
    named = [triple for triple in triples if not _blanks(triple)]
    seen: Counter[str] = Counter()
    for group in _joined(triple for triple in triples if _blanks(triple)):
        dataset = pyoxigraph.Dataset(pyoxigraph.Quad(*triple) for triple in group)
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        form = sorted((quad.triple for quad in dataset), key=str)
        stem = hashlib.sha256("\n".join(map(str, form)).encode()).hexdigest()[:16]
        seen[stem] += 1
        if seen[stem] > 1:
            # Nothing tells groups apart that are exactly alike, so that any order will do.
            stem = f"{stem}-{seen[stem]}"
        for triple in form:
            names = {node: make(f"{stem}-{node.value.removeprefix(CANONICAL)}") for node in _blanks(triple)}
            named.append(pyoxigraph.Triple(*(names.get(term, term) for term in triple)))
    return graph_of(named)


def _blanks(triple: pyoxigraph.Triple) -> list[pyoxigraph.BlankNode]:
    return [term for term in (triple.subject, triple.object) if isinstance(term, pyoxigraph.BlankNode)]


def _joined(triples: Iterable[pyoxigraph.Triple]) -> Iterator[list[pyoxigraph.Triple]]:
    """Triples with blank nodes in groups that share them."""
    about: dict[pyoxigraph.BlankNode, list[pyoxigraph.Triple]] = defaultdict(list)
    for triple in triples:
        for node in _blanks(triple):
            about[node].append(triple)
    while about:
        group, waiting = dict[pyoxigraph.Triple, None](), [next(iter(about))]
        while waiting:
            for triple in about.pop(waiting.pop(), ()):
                group[triple] = None
                waiting += _blanks(triple)
        yield list(group)


def quads_of(graph: Graph, name: str) -> Iterator[pyoxigraph.Quad]:
    """The graph's triples as quads of the named graph ``name``."""
    triples = graph.serialize(format="nt", encoding="utf-8")
    for quad in pyoxigraph.parse(triples, format=pyoxigraph.RdfFormat.N_TRIPLES):
        yield pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, pyoxigraph.NamedNode(name))


def canonical_quads(quads: Iterable[pyoxigraph.Quad]) -> list[pyoxigraph.Quad]:
    """The quads as the store gives them back, sorted by graph, then triple.

    The store rewrites some literals (``"01"^^xsd:integer`` to ``1``). Dumps are made from
    what comes out of it, so that pages, dumps and SPARQL agree; ``remarks`` tells of it.
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
