"""What the dataset says of its own terms, graphs and classes: read once, since a release never changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import cast

from pyoxigraph import Literal, NamedNode

from publisher.core.classes import above, most_specific
from publisher.core.terms import DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, OWL, RDF_TYPE, RDFS, SH, VOID
from publisher.store.protocol import Row, Store, Term
from publisher.web.language import choose, preference
from publisher.web.running import running_app

EXTENSION = "publisher.vocabulary"

Facts = Mapping[str, Sequence[Term]]


def best(facts: Facts, properties: Sequence[str]) -> Literal | None:
    """The literal to show out of several naming or describing properties, best property first."""
    for name in properties:
        if name in facts and (literals := [value for value in facts[name] if isinstance(value, Literal)]):
            return choose(literals)
    return None


def by_property(rows: Sequence[Row], subject: str, value: str) -> dict[str, dict[str, list[Term]]]:
    """Groups rows: subject IRI → property IRI → values, each sorted. Rows without a property give an empty entry.

    The engine would sort them in more time than it takes to find them: it looks up the text of a term each time that
    two are compared.
    """
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=lambda row: [str(row.get(name, "")) for name in (subject, "property", value)]):
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
        self.inferred_graph = NamedNode(self.graph_base + "inferred")
        self._graphs: dict[str, Mapping[str, Facts]] = {}
        self._pointed: dict[tuple[str, str], Mapping[str, Facts]] = {}
        self._texts: dict[tuple[str, Sequence[str], Sequence[str]], Literal | None] = {}
        self._specific: dict[tuple[str, ...], list[str]] = {}

    @cached_property
    def terms(self) -> Mapping[str, Facts]:
        """Term IRI → property IRI → values, from the ontology's graph and from files that declare terms."""
        rows = self._store.select("declared", ontology=NamedNode(self.graph_base + "ontology"))
        return {**by_property(rows, "term", "value"), **self.graph("ontology")}

    def graph(self, name: str) -> Mapping[str, Facts]:
        """Subject IRI → property IRI → values of the small graph ``{base}id/graph/<name>``."""
        if name not in self._graphs:
            rows = self._store.select("terms", graph=NamedNode(self.graph_base + name))
            self._graphs[name] = by_property(rows, "term", "value")
        return self._graphs[name]

    def pointed_names(self, name: str, pointer: str) -> Mapping[str, Facts]:
        """Names of what a property leads to in the small graph ``{base}id/graph/<name>``."""
        if (name, pointer) not in self._pointed:
            graph, leading = NamedNode(self.graph_base + name), NamedNode(pointer)
            rows = self._store.select("pointed_names", graph=graph, pointer=leading)
            self._pointed[name, pointer] = by_property(rows, "node", "label")
        return self._pointed[name, pointer]

    @property
    def example_names(self) -> Mapping[str, Facts]:
        """Names of the things that ``usage`` gives as examples."""
        return self.pointed_names("description", VOID + "exampleResource")

    @cached_property
    def orders(self) -> Mapping[str, float]:
        """Class or property IRI → ``sh:order`` of the first shape that is for it (SHACL §2.3.2)."""
        found: dict[str, float] = {}
        for facts in self.graph("shapes").values():
            numbers = [float(value.value) for value in facts.get(SH + "order", ()) if isinstance(value, Literal)]
            for term in (*facts.get(SH + "targetClass", ()), *facts.get(SH + "path", ())):
                if numbers and isinstance(term, NamedNode):
                    found[term.value] = min(numbers[0], found.get(term.value, numbers[0]))
        return found

    @cached_property
    def usage(self) -> Mapping[str, tuple[int, Sequence[str]]]:
        """Class or property IRI → how often it is used, and things that show it (VoID partitions)."""
        found: dict[str, tuple[int, Sequence[str]]] = {}
        for facts in self.graph("description").values():
            counts = [
                v for name in ("entities", "triples") for v in facts.get(VOID + name, ()) if isinstance(v, Literal)
            ]
            examples = [v.value for v in facts.get(VOID + "exampleResource", ()) if isinstance(v, NamedNode)]
            for term in (*facts.get(VOID + "class", ()), *facts.get(VOID + "property", ())):
                if counts and isinstance(term, NamedNode):
                    found[term.value] = int(counts[0].value), examples
        return found

    @cached_property
    def used_classes(self) -> frozenset[str]:
        """The classes among what ``usage`` tells of."""
        terms = (term for facts in self.graph("description").values() for term in facts.get(VOID + "class", ()))
        return frozenset(term.value for term in terms if isinstance(term, NamedNode))

    @cached_property
    def graphs(self) -> Mapping[str, Facts]:
        """Named graph IRI → naming property → labels."""
        return by_property(self._store.select("graphs"), "graph", "label")

    @cached_property
    def _datasets(self) -> Sequence[tuple[str, Facts]]:
        found = by_property(
            self._store.select("dataset", graph=NamedNode(self.graph_base + "description")), "dataset", "value"
        )
        return sorted(found.items(), key=lambda item: (not any(name in item[1] for name in LABEL_PROPERTIES), item[0]))

    @property
    def dataset(self) -> Facts:
        """What the dataset says of itself; empty if it says nothing."""
        return self._datasets[0][1] if self._datasets else {}

    @property
    def dataset_iri(self) -> str | None:
        """The IRI of the dataset, if it says anything of itself."""
        return self._datasets[0][0] if self._datasets else None

    @cached_property
    def class_counts(self) -> Mapping[str, int]:
        """Class IRI → number of its things, for classes that are stated of some thing; most specific ones only."""
        rows = self._store.select("classes", base=NamedNode(self._base))
        counts = {cast(NamedNode, row["class"]).value: int(cast(Literal, row["count"]).value) for row in rows}
        doubled = {
            parent for name, count in counts.items() for parent in self.parents(name) if counts.get(parent) == count
        }
        return {name: count for name, count in counts.items() if name not in doubled}

    @cached_property
    def ids(self) -> Sequence[str]:
        """Every IRI below ``id/`` that has a class."""
        rows = self._store.select("ids", base=NamedNode(self._base + "id/"))
        return tuple(sorted(cast(NamedNode, row["thing"]).value for row in rows))

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
        return above(name, self._direct)

    def _direct(self, name: str) -> list[str]:
        stated = self.terms.get(name, {}).get(RDFS + "subClassOf", ())
        return [parent.value for parent in stated if isinstance(parent, NamedNode)]

    def most_specific(self, classes: Sequence[str]) -> list[str]:
        """The classes without those that another one of them implies; own terms first, then named ones."""
        asked = tuple(classes)
        if asked not in self._specific:
            kept = most_specific(asked, self._direct)
            self._specific[asked] = sorted(
                kept, key=lambda name: (not name.startswith(self._base), self.label(name) is None, name)
            )
        return self._specific[asked]

    def label(self, term: str) -> Literal | None:
        """The name of a term in the reader's language."""
        return self._text(term, LABEL_PROPERTIES)

    def definition(self, term: str) -> Literal | None:
        """The definition of a term in the reader's language."""
        return self._text(term, DESCRIPTION_PROPERTIES)

    def _text(self, term: str, properties: Sequence[str]) -> Literal | None:
        """The best of several texts of a term, chosen once for each order of languages."""
        facts = self.terms.get(term)
        if facts is None:
            return None
        key = term, properties, preference()
        if key not in self._texts:
            self._texts[key] = best(facts, properties)
        return self._texts[key]

    def of_kind(self, kinds: frozenset[str]) -> list[str]:
        """Terms of the ontology of certain OWL kinds."""
        return [
            term
            for term, facts in self.terms.items()
            if any(isinstance(kind, NamedNode) and kind.value in kinds for kind in facts.get(RDF_TYPE, ()))
        ]


def vocabulary() -> Vocabulary:
    """The vocabulary of the release that the running request is answered from."""
    return cast(Vocabulary, running_app().extensions[EXTENSION])
