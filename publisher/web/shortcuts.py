"""Facts that the ontology draws together from others, and the thing that stands between."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode, Quad

from publisher.core.terms import OWL
from publisher.store.protocol import Store
from publisher.web.unnamed import members
from publisher.web.vocabulary import vocabulary

CHAIN = OWL + "propertyChainAxiom"
"""OWL 2 §9.2.1."""
MOST = 100
"""Shortcuts of a thing for which it is looked up what they follow from."""

Reasons = Mapping[tuple[str, str], Sequence[str]]
"""Property and value of a shortcut → IRIs of what states both of its halves."""


def drawn_together(store: Store, iri: NamedNode, quads: Sequence[Quad]) -> list[Quad]:
    """The statements whose property the ontology makes of a chain of others, so that what lies further off is told.

    What a value states of the thing itself does not: it stands among what refers to the thing.

    Args:
        store: where it is looked up what the values state.
        iri: the thing.
        quads: what follows for it.
    """
    found = [quad for quad in quads if CHAIN in vocabulary().terms.get(quad.predicate.value, {})]
    values = sorted({quad.object for quad in found if isinstance(quad.object, NamedNode)}, key=str)
    rows = store.select("stated_in", subject=values, object=iri) if values else []
    near = {row["subject"] for row in rows if row["graph"] != vocabulary().inferred_graph}
    return [quad for quad in found if quad.object not in near]


def reasons(store: Store, shortcuts: Sequence[Quad], outgoing: Sequence[Quad], told: Sequence[Quad]) -> Reasons:
    """What shortcuts follow from, where it is one thing: it states that it has to do with both ends.

    Args:
        store: where it is looked up what such things state.
        shortcuts: facts of one thing by chains of properties.
        outgoing: all its facts.
        told: what is stated of it elsewhere.
    """
    if not shortcuts:
        return {}
    near = {quad.subject for quad in told}
    halves = [
        (quad.predicate.value, first, NamedNode(last), quad.object)
        for quad in shortcuts[:MOST]
        for first, last in _steps(quad.predicate.value)
        if isinstance(quad.object, NamedNode)
    ]
    between: dict[str, set[NamedNode]] = defaultdict(set)
    for quad in outgoing:
        if isinstance(quad.object, NamedNode) and quad.object in near:
            between[quad.predicate.value].add(quad.object)
    rows = store.select(
        "stated_in",
        subject=sorted({node for _, first, _, _ in halves for node in between[first]}, key=str),
        predicate=sorted({last for _, _, last, _ in halves}, key=str),
        object=sorted({value for _, _, _, value in halves}, key=str),
    )
    inferred = vocabulary().inferred_graph
    stated = {(row["subject"], row["predicate"], row["object"]) for row in rows if row["graph"] != inferred}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for prop, first, last, value in halves:
        found[prop, value.value] |= {node.value for node in between[first] if (node, last, value) in stated}
    return {fact: sorted(nodes) for fact, nodes in found.items() if nodes}


def _steps(name: str) -> list[tuple[str, str]]:
    """The chains of two properties that make a property."""
    terms = vocabulary().terms
    chains = [members(node.value, terms) for node in terms[name][CHAIN] if isinstance(node, NamedNode)]
    named = [[step.value for step in chain if isinstance(step, NamedNode)] for chain in chains]
    return [(chain[0], chain[1]) for chain in named if len(chain) == 2]
