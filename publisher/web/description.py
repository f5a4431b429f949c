"""What the dataset says about one IRI, the same for the page and for every RDF format."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from msgspec import Struct
from pyoxigraph import NamedNode, Quad

from publisher.core.incoming import LINKS_ON_A_PAGE
from publisher.core.terms import SKOLEM_PATH, XSD
from publisher.store.incoming import Incoming, Total
from publisher.store.names import Names
from publisher.store.protocol import Row, Store, Term, Window

UNNAMED = 100
"""Nodes without a name that a description carries with the thing that leads to them."""


class Description(Struct, frozen=True):
    """A description, or one page of it.

    Args:
        iri: what is described.
        own: statements about it, about its hash children, and about the nodes without a name that these lead to; of
            hash children that it does not lead to a page.
        incoming: a page of the statements that point to it, use it as their property or datatype, or stand in it
            as a graph.
        names: names of everything that the other statements mention.
        page: number of the page of incoming statements and of hash children, from 1.
        has_more: whether there is a page of incoming statements after it.
        neighbours: what it points to of which something is said.
        totals: property IRI → how much points to it, where that is more than a page.
        parts: the hash children on this page that it does not lead to.
        parts_total: how many of them there are.
    """

    iri: NamedNode
    own: Sequence[Quad]
    incoming: Sequence[Quad]
    names: Sequence[Quad]
    page: int
    has_more: bool
    neighbours: frozenset[str] = frozenset()
    totals: Mapping[str, Total] = {}
    parts: Sequence[NamedNode] = ()
    parts_total: int = 0

    @property
    def total(self) -> int:
        """How many statements point to it, where they are more than a page."""
        return _sum(self.totals)

    @property
    def pages(self) -> int:
        """How many pages it has, as far as is known."""
        return max(self.page + self.has_more, -(-max(self.total, self.parts_total) // LINKS_ON_A_PAGE))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said of the IRI, or nothing more on this page."""
        return not self.incoming and not self.parts and (self.page > 1 or not self.own)

    @property
    def quads(self) -> set[Quad]:
        """All statements with the named graphs that make them."""
        return {*self.own, *self.incoming, *self.names}


def describe(store: Store, names: Names, incoming: Incoming, iri: NamedNode, page: int = 1) -> Description:
    """Gathers a description with a fixed number of bounded queries.

    Concise bounded description (W3C Submission CBD), names of its neighbours, and what points to it in pages.
    However many neighbours there are, no more are read than stand on the page.

    Args:
        store: where to ask.
        names: what things are called.
        incoming: what points to hubs, page by page.
        iri: what to describe; may be any IRI, also of another site.
        page: number of the page of incoming statements and of hash children, from 1.
    """
    own = _said_of(store, [iri])
    if children := [node for node in dict.fromkeys(quad.object for quad in own) if is_part(node, iri)]:
        own += _said_of(store, cast(list[Term], children))
    parts, parts_total = incoming.parts(iri.value, page)
    if parts:
        own += _said_of(store, parts)
    totals = incoming.totals(iri.value)
    if totals:
        rows, has_more = incoming.page(iri.value, page), page * LINKS_ON_A_PAGE < _sum(totals)
        pointing = _stated(store, iri, rows)
    else:
        pointing, has_more = _pointing(store, iri, page, is_known=bool(own))
    mentioned = {quad.object for quad in own} | {quad.subject for quad in pointing}
    if unnamed := _unnamed(store, own):
        own += unnamed
        mentioned |= {term for quad in unnamed for term in (quad.predicate, quad.object)}
    known = names.of(term for term in mentioned if isinstance(term, NamedNode))
    naming = [quad for one in known.values() for quad in one.names]
    led_to = {quad.object for quad in own if quad.subject == iri}
    neighbours = frozenset(node.value for node, one in known.items() if one.is_described and node in led_to)
    return Description(iri, own, pointing, naming, page, has_more, neighbours, totals, parts, parts_total)


def _sum(totals: Mapping[str, Total]) -> int:
    return sum(total.links for total in totals.values())


def _unnamed(store: Store, own: Sequence[Quad]) -> list[Quad]:
    """Statements about the nodes without a name that others lead to: the nearest, if there are very many."""
    found: list[Quad] = []
    seen = {cast(Term, quad.subject) for quad in own}
    new = _unnamed_among(own) - seen
    while new and len(seen) < UNNAMED:
        nodes = sorted(new, key=str)[:UNNAMED]
        seen |= new
        said = _said_of(store, nodes)
        found += said
        new = _unnamed_among(said) - seen
    return found


def _said_of(store: Store, things: Sequence[Term]) -> list[Quad]:
    rows = store.select("statements", thing=things)
    return [_quad(row["thing"], row["predicate"], row["object"], row["graph"]) for row in rows]


def _unnamed_among(quads: Iterable[Quad]) -> set[Term]:
    return {cast(NamedNode, quad.object) for quad in quads if is_unnamed(quad.object)}


def is_part(node: object, iri: NamedNode) -> bool:
    """Whether a node is a hash child of the thing."""
    return isinstance(node, NamedNode) and node.value.startswith(iri.value + "#")


def is_unnamed(term: object) -> bool:
    """Whether a term stands for a node to which the files give no name (RDF 1.1 Concepts §3.5)."""
    return isinstance(term, NamedNode) and f"/{SKOLEM_PATH}" in term.value


def _pointing(store: Store, iri: NamedNode, page: int, *, is_known: bool) -> tuple[list[Quad], bool]:
    """A page of the statements that point to an IRI, or else show its use; and whether there are more."""
    ways = ("incoming",) if is_known else ("incoming", "uses", "holds")
    if not is_known and iri.value.startswith(XSD):
        ways = (*ways, "datatype")
    first = (page - 1) * LINKS_ON_A_PAGE
    for way in ways:
        rows = store.select(way, Window(first), thing=iri)
        if rows or (page > 1 and store.select(way, thing=iri)):
            break
    shown = rows[:LINKS_ON_A_PAGE]
    if way == "holds":
        found = [_quad(row["subject"], row["predicate"], row["object"], iri) for row in shown]
        return _ordered(found), len(rows) > len(shown)
    return _stated(store, iri, shown), len(rows) > len(shown)


def _stated(store: Store, iri: NamedNode, rows: Sequence[Row]) -> list[Quad]:
    """Statements with the graphs that make them; what a row does not tell is the IRI itself."""
    told = [{name: row.get(name, iri) for name in ("subject", "predicate", "object")} for row in rows]
    found = store.select("stated_in", Window(0, told)) if told else []
    return _ordered([_quad(row["subject"], row["predicate"], row["object"], row["graph"]) for row in found])


def _ordered(quads: Iterable[Quad]) -> list[Quad]:
    return sorted(quads, key=lambda quad: (str(quad.predicate), str(quad)))


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
