"""OWL 2 RL closure of the facts, kept apart from what the files assert.

``reasonable`` computes it; what that leaves out, property chains and the rules that find contradictions, is here:
see docs/decisions.
"""

from collections.abc import Callable, Iterator
from importlib.resources import files

import pyoxigraph
from rdflib import OWL, RDF, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node
from reasonable import PyReasoner

from publisher.build.dataset import quads_of
from publisher.build.native import told
from publisher.core.errors import Contradiction
from publisher.core.position import Position
from publisher.core.terms import RDFS

UNINFORMATIVE = {OWL.Thing, OWL.Class, RDF.Property, URIRef(RDFS + "Resource"), URIRef(RDFS + "Class")}
CONTRADICTIONS = "contradictions"
"""Folder of queries, one for each rule of OWL 2 Profiles §4.3 that derives false; named after the rule."""


def infer(facts: Graph, ontology: Graph, locate: Callable[[str], Position]) -> Graph:
    """What follows from the facts under the ontology, without what is asserted already.

    Literals are left out of the closure: no rule that is wanted here depends on their
    values, and RL would otherwise state their datatypes.

    Args:
        facts: asserted triples of all documents and schemes.
        ontology: the vocabulary and the declarations of reused terms.
        locate: gives the place where a node is described, line 0 where it is not known.

    Returns:
        New triples whose subject is described by the facts; that a thing is so related to itself is left out.

    Raises:
        Contradiction: the facts contradict the ontology.
        BuildError: the reasoner broke down.
    """
    closure = Graph()
    for triple in (*ontology, *facts):
        if not isinstance(triple[2], Literal):
            closure.add(triple)
    with told("the reasoner computed what follows from the data"):
        _close(closure)
    for message, thing in _contradictions(closure):
        place = locate(thing)
        where = place if place.line else "data/facts"
        raise Contradiction(message, hint="These facts cannot all hold under the ontology.", where=where)
    described = {subject for subject in facts.subjects() if isinstance(subject, URIRef)}
    inferred = Graph()
    for subject, predicate, value in closure:
        if (
            subject in described
            and (subject, predicate, value) not in facts
            and value not in UNINFORMATIVE
            and not isinstance(value, (BNode, Literal))
            and subject != value
        ):
            inferred.add((subject, predicate, value))
    return inferred


def _close(graph: Graph) -> None:
    """Adds what follows, in turns of the reasoner and of the property chains, until nothing new does."""
    chains = [(whole, list(Collection(graph, steps))) for whole, steps in graph.subject_objects(OWL.propertyChainAxiom)]
    size = -1
    while size < len(graph):
        size = len(graph)
        reasoner = PyReasoner()
        reasoner.from_graph(graph)
        for subject, predicate, value in reasoner.reason():
            if not isinstance(value, Literal):
                graph.add((subject, predicate, value))
        for whole, steps in chains:
            for start, end in _chained(graph, steps):
                graph.add((start, whole, end))


def _chained(graph: Graph, steps: list[Node]) -> set[tuple[Node, Node]]:
    """The pairs that a chain of properties relates (rule prp-spo2)."""
    pairs = set(graph.subject_objects(steps[0]))
    for step in steps[1:]:
        pairs = {(start, end) for start, middle in pairs for end in graph.objects(middle, step)}
    return pairs


def _contradictions(closure: Graph) -> Iterator[tuple[str, str]]:
    """What is wrong in one sentence, and the IRI of the thing it is wrong of."""
    store = pyoxigraph.Store()
    store.bulk_extend(quads_of(closure, "urn:closure"))
    rules = (entry for entry in files("publisher.build").joinpath(CONTRADICTIONS).iterdir() if entry.is_file())
    for rule in sorted(rules, key=lambda entry: entry.name):
        text = rule.read_text(encoding="utf-8")
        found = store.query(text, use_default_graph_as_union=True)
        assert isinstance(found, pyoxigraph.QuerySolutions)
        for row in found:
            said = text.splitlines()[0].removeprefix("# ")
            terms = " ".join(str(term) for term in row)
            thing = row["thing"]
            yield f"{said} ({rule.name.removesuffix('.rq')}: {terms})", getattr(thing, "value", "")
