"""What the dataset says of its own terms, graphs and classes: read once, since a release never changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import cast

from flask import current_app
from pyoxigraph import Literal, NamedNode

from publisher.core.terms import DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, OWL, RDF, RDF_TYPE, RDFS
from publisher.store.protocol import Row, Store, Term
from publisher.web.language import choose

EXTENSION = "publisher.vocabulary"
CLASS_KINDS = frozenset({OWL + "Class", RDFS + "Class"})
PROPERTY_KINDS = frozenset(
    {OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")} | {RDF + "Property"}
)

Facts = Mapping[str, Sequence[Term]]


def best(facts: Facts, properties: Sequence[str]) -> Literal | None:
    """The literal to show out of several naming or describing properties, best property first."""
    for name in properties:
        found = choose(value for value in facts.get(name, ()) if isinstance(value, Literal))
        if found is not None:
            return found
    return None


def by_property(rows: Sequence[Row], subject: str, value: str) -> dict[str, dict[str, list[Term]]]:
    """Groups rows: subject IRI → property IRI → values. Rows without a property give an empty entry."""
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        facts = found[cast(NamedNode, row[subject]).value]
        if "property" in row:
            facts[cast(NamedNode, row["property"]).value].append(row[value])
    return found


class Vocabulary:
    """The terms of one release.

    Args:
        store: the release's store.
        base_iri: the release's base IRI.
    """

    def __init__(self, store: Store, base_iri: str) -> None:
        self._store = store
        self._base = base_iri
        self.graph_base = base_iri + "id/graph/"
        self.ontology_graph = NamedNode(self.graph_base + "ontology")
        self.inferred_graph = NamedNode(self.graph_base + "inferred")

    @cached_property
    def terms(self) -> Mapping[str, Facts]:
        """Term IRI → property IRI → values, from the ontology's graph."""
        return by_property(self._store.select("terms", graph=self.ontology_graph), "term", "value")

    @cached_property
    def graphs(self) -> Mapping[str, Facts]:
        """Named graph IRI → naming property → labels."""
        return by_property(self._store.select("graphs"), "graph", "label")

    @cached_property
    def dataset(self) -> Facts:
        """What the dataset says of itself; empty if it says nothing."""
        found = by_property(self._store.select("dataset"), "dataset", "value")
        ranked = sorted(
            found.items(), key=lambda item: (not any(name in item[1] for name in LABEL_PROPERTIES), item[0])
        )
        return ranked[0][1] if ranked else {}

    @cached_property
    def class_counts(self) -> Mapping[str, int]:
        """Class IRI → number of things said (not inferred) to belong to it, most specific classes only."""
        rows = self._store.select("classes", base=NamedNode(self._base + "id/"), inferred=self.inferred_graph)
        counts = {cast(NamedNode, row["class"]).value: int(cast(Literal, row["count"]).value) for row in rows}
        doubled = {
            parent for name, count in counts.items() for parent in self.parents(name) if counts.get(parent) == count
        }
        return {name: count for name, count in counts.items() if name not in doubled}

    @cached_property
    def ids(self) -> Sequence[str]:
        """Every IRI below ``id/`` that has a class."""
        rows = self._store.select("ids", base=NamedNode(self._base + "id/"))
        return tuple(cast(NamedNode, row["thing"]).value for row in rows)

    @cached_property
    def inverses(self) -> Mapping[str, str]:
        """Property IRI → the property that the ontology names as its inverse."""
        found = {}
        for term, facts in self.terms.items():
            for inverse in facts.get(OWL + "inverseOf", ()):
                if isinstance(inverse, NamedNode):
                    found[term] = inverse.value
                    found[inverse.value] = term
        return found

    def parents(self, name: str) -> set[str]:
        """All superclasses that the ontology states for a class."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for parent in self.terms.get(waiting.pop(), {}).get(RDFS + "subClassOf", ()):
                if isinstance(parent, NamedNode) and parent.value not in found and parent.value != name:
                    found.add(parent.value)
                    waiting.append(parent.value)
        return found

    def most_specific(self, classes: Sequence[str]) -> list[str]:
        """The classes without those that another one of them implies; own terms first, then named ones."""
        implied = {parent for name in classes for parent in self.parents(name)}
        kept = [name for name in classes if name not in implied]
        return sorted(kept, key=lambda name: (not name.startswith(self._base), self.label(name) is None, name))

    def label(self, term: str) -> Literal | None:
        """The name of a term in the reader's language."""
        return best(self.terms.get(term, {}), LABEL_PROPERTIES)

    def definition(self, term: str) -> Literal | None:
        """The definition of a term in the reader's language."""
        return best(self.terms.get(term, {}), DESCRIPTION_PROPERTIES)

    def of_kind(self, kinds: frozenset[str]) -> list[str]:
        """Terms of the ontology of certain OWL kinds."""
        return [
            term
            for term, facts in self.terms.items()
            if any(isinstance(kind, NamedNode) and kind.value in kinds for kind in facts.get(RDF_TYPE, ()))
        ]


def vocabulary() -> Vocabulary:
    """The vocabulary of the release that the running request is answered from."""
    return cast(Vocabulary, current_app.extensions[EXTENSION])
