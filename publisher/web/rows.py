"""Statements arranged for reading: what is said of a thing, and what points to it, one row for each property."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import inf
from typing import cast

from msgspec import Struct
from pyoxigraph import NamedNode, Quad

from publisher.core.incoming import LINKS_ON_A_PAGE
from publisher.core.terms import OWL
from publisher.store.incoming import Total
from publisher.store.protocol import Term
from publisher.web.description import Description, is_part, is_unnamed
from publisher.web.folding import fold
from publisher.web.language import preference
from publisher.web.unnamed import Nodes, shown
from publisher.web.values import Value, link
from publisher.web.vocabulary import Facts, vocabulary

ABOUT_THE_DATASET = ("description", "quality")
"""Named graphs that speak of the dataset, and of things only as its examples and as what was checked."""
ABOUT_A_LINK = frozenset({OWL + "annotatedSource", OWL + "annotatedProperty"})
"""What an annotated axiom says of a triple that is published itself (OWL 2 Mapping to RDF §2.2)."""


class Row(Struct, frozen=True):
    """One property with its values, or with the things that point here by it.

    Args:
        label: the property as a link.
        values: what is shown.
        total: how many there are, which may be more than are shown.
        translations: values in other languages than the reader's.
        inverse: the inverse property, for things that point here.
        page: the first page that has some of them, where this one has none.
        kinds: IRI → class, where they are of several.
    """

    label: Value
    values: Sequence[Value]
    total: int
    translations: Sequence[Value] = ()
    inverse: Value | None = None
    page: int | None = None
    kinds: Mapping[str, Value] = {}


def split(quads: Sequence[Quad]) -> tuple[list[Quad], list[Quad]]:
    """Statements that someone makes, and statements that only follow from others."""
    inferred_graph = vocabulary().inferred_graph
    asserted = [quad for quad in quads if quad.graph_name != inferred_graph]
    stated = {quad.triple for quad in asserted}
    return asserted, [quad for quad in quads if quad.graph_name == inferred_graph and quad.triple not in stated]


def pointing_to(description: Description) -> list[Quad]:
    """What points to the thing from elsewhere; what is about the dataset or a link only if nothing else is said."""
    iri, base = description.iri, vocabulary().graph_base
    pointing = [quad for quad in description.incoming if quad.object == iri and not is_part(quad.subject, iri)]

    def is_aside(quad: Quad) -> bool:
        return graph_of(quad).removeprefix(base) in ABOUT_THE_DATASET or quad.predicate.value in ABOUT_A_LINK

    told = [quad for quad in pointing if not is_aside(quad)]
    return told if told or not all(map(is_aside, description.own)) else pointing


def rows_of(quads: Sequence[Quad], names: Mapping[str, Facts], unnamed: Nodes) -> list[Row]:
    """One row for each property, with its values."""
    grouped: dict[str, dict[Term, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        grouped[quad.predicate.value][cast(Term, quad.object)].append(graph_of(quad))
    rows = []
    for prop, terms in grouped.items():
        values = [shown(term, prop, names, unnamed, graphs) for term, graphs in terms.items()]
        values.sort(key=lambda value: (value.language or "", fold(value.text)))
        best, translations = by_language(values)
        rows.append(Row(link(prop, names), best, len(values), translations))
    return _in_order(rows)


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """Rows in the order of the shapes' properties, then by name."""
    orders = vocabulary().orders
    return sorted(rows, key=lambda row: (orders.get(row.label.iri or "", inf), fold(row.label.text)))


def by_language(values: Sequence[Value]) -> tuple[list[Value], list[Value]]:
    """Texts in the best language that there is, and the others; links and untagged values are all shown."""
    texts = [value for value in values if value.language and not value.href]
    spoken = {value.language for value in texts}
    chosen = next((language for language in preference() if language in spoken), None)
    others = [value for value in texts if chosen and value.language != chosen]
    return [value for value in values if value not in others], others


def incoming_rows(
    quads: Sequence[Quad],
    names: Mapping[str, Facts],
    totals: Mapping[str, Total],
    classes: Mapping[str, Value],
    *,
    are_stated: bool,
) -> list[Row]:
    """One row for each property that leads to the thing, with what it leads from.

    Args:
        quads: the statements.
        names: names of the IRIs around.
        totals: property IRI → how many there are, in the order of their pages, where these are only one page of them.
        classes: IRI → class of what they lead from.
        are_stated: whether they are what somebody states, and not what only follows.
    """
    grouped: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and not is_unnamed(quad.subject):
            grouped[quad.predicate.value][quad.subject.value].append(graph_of(quad))
    pages = _first_pages(totals)
    rows = []
    elsewhere = [prop for prop, total in totals.items() if total.is_stated == are_stated and prop not in ABOUT_A_LINK]
    for prop in dict.fromkeys((*grouped, *elsewhere)):
        subjects = grouped.get(prop, {})
        kinds = {iri: classes[iri] for iri in subjects if iri in classes}
        order = {iri: fold(kind.text) for iri, kind in kinds.items()}
        values = [link(iri, names, graphs) for iri, graphs in subjects.items()]
        values.sort(key=lambda value: (order.get(value.iri or "", ""), fold(value.text)))
        inverse = vocabulary().inverses.get(prop)
        rows.append(
            Row(
                link(prop, names),
                values,
                max(totals[prop].links if prop in elsewhere else 0, len(values)),
                inverse=link(inverse, names) if inverse else None,
                page=None if values else pages[prop],
                kinds=kinds if len(set(order.values())) > 1 else {},
            )
        )
    return _in_order(rows)


def _first_pages(totals: Mapping[str, Total]) -> dict[str, int]:
    """Property IRI → the page on which its things begin."""
    before = accumulate((total.links for total in totals.values()), initial=0)
    return {prop: passed // LINKS_ON_A_PAGE + 1 for prop, passed in zip(totals, before, strict=False)}


def graph_of(quad: Quad) -> str:
    """The IRI of the named graph that makes a statement."""
    return cast(NamedNode, quad.graph_name).value
