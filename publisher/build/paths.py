"""SHACL property paths (SHACL §2.3.1) in words, for messages."""

from rdflib import Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SH
from rdflib.term import Node

_PREFIXED = {
    SH.inversePath: "inverse of",
    SH.zeroOrMorePath: "any number of",
    SH.oneOrMorePath: "one or more of",
    SH.zeroOrOnePath: "at most one of",
}


def in_words(path: Node, graph: Graph) -> str:
    """A path as ``skos:prefLabel or rdfs:label``.

    Args:
        path: a predicate, or the blank node of a longer path.
        graph: describes the path; its prefixes shorten the IRIs.
    """
    if isinstance(path, URIRef):
        return path.n3(graph.namespace_manager)
    for predicate, words in _PREFIXED.items():
        if (step := graph.value(path, predicate)) is not None:
            return f"{words} {_part(step, graph)}"
    choice = graph.value(path, SH.alternativePath)
    steps = Collection(graph, path if choice is None else choice)
    return (" then " if choice is None else " or ").join(_part(step, graph) for step in steps)


def _part(path: Node, graph: Graph) -> str:
    words = in_words(path, graph)
    return words if isinstance(path, URIRef) else f"({words})"
