"""What the dataset says about one IRI, the same for the page and for every RDF format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import XSD
from publisher.store.protocol import Row, Store, Term

BOUND = 500
"""Statements pointing to a thing that its description carries; the queries ask for one more."""


@dataclass(frozen=True)
class Description:
    """A description.

    Args:
        iri: what is described.
        own: statements about it and about its hash children.
        incoming: statements that point to it, use it as their property or datatype, or stand in it as a graph.
        names: names of everything that the other statements mention.
        counts: property IRI → number of things that point here with it, not bounded.
        bounded: whether there are more incoming statements than are carried.
    """

    iri: NamedNode
    own: Sequence[Quad]
    incoming: Sequence[Quad]
    names: Sequence[Quad]
    counts: dict[str, int]
    bounded: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said of the IRI."""
        return not self.own and not self.incoming

    @property
    def quads(self) -> list[Quad]:
        """All statements with the named graphs that make them."""
        return sorted({*self.own, *self.incoming, *self.names}, key=str)


def describe(store: Store, iri: NamedNode) -> Description:
    """Gathers a description with a fixed number of bounded queries.

    Args:
        store: where to ask.
        iri: what to describe; may be any IRI, also of another site.
    """
    own = [
        _quad(row["subject"], row["predicate"], row["object"], row["graph"])
        for row in store.select("describe", thing=iri)
    ]
    rows: Sequence[Row] = store.select("incoming", thing=iri)
    incoming = [_quad(row["subject"], row["predicate"], iri, row["graph"]) for row in rows[:BOUND]]
    if not own and not incoming:
        rows = store.select("uses", thing=iri)
        incoming = [_quad(row["subject"], iri, row["object"], row["graph"]) for row in rows[:BOUND]]
    if not own and not incoming:
        rows = store.select("holds", thing=iri)
        incoming = [_quad(row["subject"], row["predicate"], row["object"], iri) for row in rows[:BOUND]]
    if not own and not incoming and iri.value.startswith(XSD):
        rows = store.select("datatype", thing=iri)
        incoming = [_quad(row["subject"], row["predicate"], row["object"], row["graph"]) for row in rows[:BOUND]]
    mentioned = {quad.subject for quad in incoming}
    names = [_name(row) for row in store.select("labels", thing=iri)]
    names += [_name(row) for row in store.select("incoming_labels", thing=iri) if row["node"] in mentioned]
    return Description(iri, own, incoming, names, _counts(store, iri), len(rows) > BOUND)


def _counts(store: Store, iri: NamedNode) -> dict[str, int]:
    rows = store.select("incoming_counts", thing=iri)
    return {cast(NamedNode, row["predicate"]).value: int(cast(Literal, row["count"]).value) for row in rows}


def _name(row: Row) -> Quad:
    return _quad(row["node"], row["property"], row["label"], row["graph"])


def _quad(subject: Term, predicate: Term, obj: Term, graph: Term) -> Quad:
    return Quad(cast(NamedNode, subject), cast(NamedNode, predicate), obj, cast(NamedNode, graph))


def names_by_node(quads: Iterable[Quad]) -> dict[str, dict[str, list[Term]]]:
    """Groups naming statements: IRI → property IRI → names."""
    found: dict[str, dict[str, list[Term]]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            values = found.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, [])
            if quad.object not in values:
                values.append(cast(Term, quad.object))
    return found
