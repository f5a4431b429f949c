"""How much points to what many things point to: counted once, so that serving need not count it."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad

from publisher.core.release import LINKS_ON_A_PAGE


def hubs(quads: Iterable[Quad]) -> dict[str, dict[str, int]]:
    """IRI → property IRI → number of things that point to it, for each IRI with more than a page of them.

    Args:
        quads: the dataset; a triple that several graphs have counts once.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for triple in {quad.triple for quad in quads}:
        if isinstance(triple.object, NamedNode):
            counts[triple.object.value][triple.predicate.value] += 1
    many = {iri: found for iri, found in counts.items() if found.total() > LINKS_ON_A_PAGE}
    return {iri: dict(sorted(many[iri].items())) for iri in sorted(many)}
