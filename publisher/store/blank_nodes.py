"""Names of blank nodes that are the same each time: the engine makes up new ones for every answer."""

from collections.abc import Iterable, Iterator
from typing import TypeVar, cast

from pyoxigraph import BlankNode, Triple

_Term = TypeVar("_Term")
_WITH_NAMES = (BlankNode, Triple)
"""Terms that are blank nodes, or may have some within (triple terms)."""


def renamed(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples with their blank nodes called ``b0``, ``b1`` … in the order in which they appear.

    The same triples in the same order give the same names, and so the same entity tag (RFC 9110 §8.8.3). Not by
    RDF Dataset Canonicalization, which takes very long for some graphs.

    Args:
        triples: those of one answer; a blank node is the same one in all of them.
    """
    names: dict[BlankNode, BlankNode] = {}

    def rename(term: _Term) -> _Term:
        if isinstance(term, BlankNode):
            return cast(_Term, names.setdefault(term, BlankNode(f"b{len(names)}")))
        if isinstance(term, Triple):
            return cast(_Term, Triple(rename(term.subject), term.predicate, rename(term.object)))
        return term

    for triple in triples:
        has_names = isinstance(triple.subject, _WITH_NAMES) or isinstance(triple.object, _WITH_NAMES)
        yield rename(triple) if has_names else triple
