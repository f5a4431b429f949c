"""OWL 2 RL closure of the facts, kept apart from what the files assert.

owlrl is used rather than ``reasonable``: the faster one (0.4.4) does not apply property
chains (rule prp-spo2), which the ontology relies on; see docs/decisions.
"""

from owlrl import DeductiveClosure, OWLRL_Semantics
from rdflib import OWL, RDF, BNode, Graph, Literal, URIRef

from publisher.core.errors import DataError
from publisher.core.terms import RDFS

ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
"""The property under which owlrl states an inconsistency."""

UNINFORMATIVE = {OWL.Thing, OWL.Class, RDF.Property, URIRef(RDFS + "Resource"), URIRef(RDFS + "Class")}


def infer(facts: Graph, ontology: Graph) -> Graph:
    """What follows from the facts under the ontology, without what is asserted already.

    Literals are left out of the closure: no rule that is wanted here depends on their
    values, and RL would otherwise state their datatypes.

    Args:
        facts: asserted triples of all documents and schemes.
        ontology: the vocabulary and the declarations of reused terms.

    Returns:
        New triples whose subject is described by the facts.

    Raises:
        DataError: the facts contradict the ontology.
    """
    closure = Graph()
    for triple in (*ontology, *facts):
        if not isinstance(triple[2], Literal):
            closure.add(triple)
    DeductiveClosure(OWLRL_Semantics).expand(closure)
    if contradictions := sorted(str(text) for text in closure.objects(None, ERROR)):
        raise DataError(
            "; ".join(contradictions[:5]),
            hint="Two of these facts cannot both hold under the ontology.",
            where="data/facts",
        )
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
