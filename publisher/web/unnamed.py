"""Nodes without a name, shown where they stand: what is said of them, or the members of a list."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import cast

from pyoxigraph import NamedNode, Quad

from publisher.core.terms import RDF, RDF_TYPE
from publisher.store.protocol import Term
from publisher.web.description import is_unnamed
from publisher.web.folding import fold
from publisher.web.values import Value, link, readable
from publisher.web.vocabulary import Facts

Nodes = Mapping[str, Mapping[str, Sequence[Term]]]
"""IRI of a node without a name → property IRI → values."""


def nodes(quads: Sequence[Quad]) -> Nodes:
    """The nodes without a name that statements are about."""
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if is_unnamed(quad.subject):
            values = found[cast(NamedNode, quad.subject).value][quad.predicate.value]
            if quad.object not in values:
                values.append(cast(Term, quad.object))
    return found


def shown(
    term: Term,
    prop: str,
    names: Mapping[str, Facts],
    unnamed: Nodes,
    graphs: Sequence[str] = (),
    above: Sequence[str] = (),
) -> Value:
    """Any value of a property, with what is said of it in place of a name that it does not have.

    Args:
        term: the value.
        prop: the property it is a value of.
        names: names of the IRIs around.
        unnamed: what is known of the nodes without a name.
        graphs: named graphs that say it.
        above: nodes within which this one is shown.
    """
    if not isinstance(term, NamedNode) or term.value not in unnamed or term.value in above:
        return readable(term, prop, names, graphs)
    about, within = unnamed[term.value], (*above, term.value)
    if RDF + "first" in about:
        items = [shown(member, prop, names, unnamed, above=within) for member in members(term.value, unnamed)]
        return Value("", iri=term.value, graphs=graphs, items=items)
    kinds = [link(kind.value, names) for kind in about.get(RDF_TYPE, ()) if isinstance(kind, NamedNode)]
    rows = [
        (link(name, names), [shown(value, name, names, unnamed, above=within) for value in values])
        for name, values in about.items()
        if name != RDF_TYPE
    ]
    rows.sort(key=lambda row: fold(row[0].text))
    own = link(term.value, names)
    text, language = (kinds[0].text, kinds[0].language) if kinds else (own.text, own.language)
    return Value(text, language=language, href=own.href, iri=term.value, graphs=graphs, rows=rows)


def members(start: str, unnamed: Nodes) -> list[Term]:
    """The members of an RDF collection (RDF Schema §5.2), as far as it is known."""
    found: list[Term] = []
    seen: set[str] = set()
    node = start
    while node in unnamed and node not in seen:
        seen.add(node)
        found += unnamed[node].get(RDF + "first", ())
        rest = next(iter(unnamed[node].get(RDF + "rest", ())), None)
        node = rest.value if isinstance(rest, NamedNode) else ""
    return found
