"""OWL 2 RL closure of the facts, kept apart from what the files assert.

owlrl is used rather than ``reasonable``: the faster one (0.4.4) does not apply property
chains (rule prp-spo2), which the ontology relies on; see docs/decisions.
"""

import re
from collections.abc import Callable

from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import OWL, RDF, BNode, Graph, Literal, URIRef

from publisher.core.errors import Contradiction, Position
from publisher.core.terms import RDFS

ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
"""The property under which owlrl states an inconsistency."""

UNINFORMATIVE = {OWL.Thing, OWL.Class, RDF.Property, URIRef(RDFS + "Resource"), URIRef(RDFS + "Class")}


def infer(facts: Graph, ontology: Graph, locate: Callable[[str], Position]) -> Graph:
    """What follows from the facts under the ontology, without what is asserted already.

    Literals are left out of the closure: no rule that is wanted here depends on their
    values, and RL would otherwise state their datatypes.

    Args:
        facts: asserted triples of all documents and schemes.
        ontology: the vocabulary and the declarations of reused terms.
        locate: gives the place where a node is described, line 0 where it is not known.

    Returns:
        New triples whose subject is described by the facts.

    Raises:
        Contradiction: the facts contradict the ontology.
    """
    closure = Graph()
    for triple in (*ontology, *facts):
        if not isinstance(triple[2], Literal):
            closure.add(triple)
    DeductiveClosure(OWLRL_Semantics).expand(closure)
    for message in sorted(str(text) for text in closure.objects(None, ERROR)):
        places = (locate(iri) for iri in re.findall(r"https?://[^\s<>]+", message))
        where = next((place for place in places if place.line), "data/facts")
        raise Contradiction(message, hint="These facts cannot both hold under the ontology.", where=where)
    described = set(facts.subjects())
    inferred = Graph()
    for subject, predicate, value in closure:
        if (
            subject in described
            and (subject, predicate, value) not in facts
            and value not in UNINFORMATIVE
            and not isinstance(value, (BNode, Literal))
            and not (predicate == OWL.sameAs and subject == value)
        ):
            inferred.add((subject, predicate, value))
    return inferred
