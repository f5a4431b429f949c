"""VoID: what of the data set can be counted, and how it is linked to others."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from functools import cache
from heapq import nsmallest
from urllib.parse import urlsplit

from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.namespace import SKOS, VOID
from rdflib.term import Node

EXAMPLES = 3
"""Example resources given for each class and property."""

LINKS = (
    OWL.sameAs,
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
    RDFS.seeAlso,
    URIRef("http://schema.org/sameAs"),
    URIRef("https://schema.org/sameAs"),
)
"""Properties that lead to what others publish about the same or a similar thing."""

_ROUNDS = 10


def number(value: int) -> Literal:
    """A number as an ``xsd:integer``."""
    return Literal(value, datatype=XSD.integer)


def part_of(dataset: URIRef, kind: str, term: str) -> URIRef:
    """A stable IRI for a part of the description, below the data set's own."""
    return URIRef(f"{dataset}#{kind}-{hashlib.sha256(term.encode()).hexdigest()[:12]}")


class _Tally:
    """Counts of some triples, each of which is there once."""

    def __init__(self, triples: Iterable[tuple[Node, Node, Node]]) -> None:
        self.triples = 0
        self.subjects: set[Node] = set()
        self.objects: set[Node] = set()
        self.classes: Counter[Node] = Counter()
        self.properties: Counter[Node] = Counter()
        for subject, predicate, value in triples:
            self.triples += 1
            self.subjects.add(subject)
            self.objects.add(value)
            self.properties[predicate] += 1
            if predicate == RDF.type:
                self.classes[value] += 1


def count(
    dataset: URIRef,
    union: Graph,
    description: Graph,
    own: Mapping[URIRef, bool],
    base: str,
    prefixes: Iterable[str],
    things: Set[str] = frozenset(),
) -> Graph:
    """Counts triples, things, classes and properties (VoID §4.6, §4.7), those of the description itself included.

    The counts are triples too: they are made anew until they are true of themselves.

    Args:
        dataset: IRI of the data set.
        union: the triples of every other named graph.
        description: what else is said of the data set.
        own: what has the description's size as its own (true), or that of the whole data set (false).
        base: the base IRI.
        prefixes: namespace IRIs, for ``void:vocabulary``.
        things: IRIs that can be examples besides those of ``is_entity``.
    """
    known = _Tally(union)
    whole = union + description

    @cache
    def examples(kind: str, term: Node) -> list[URIRef]:
        return _examples(kind, term, whole, base, things)

    counted = Graph()
    for _ in range(_ROUNDS):
        said = description + counted
        new = _Tally(triple for triple in said if triple not in union)
        again = Graph()
        classes, properties = known.classes + new.classes, known.properties + new.properties
        subjects = len(known.subjects | new.subjects)
        for term, value in (
            (VOID.triples, known.triples + new.triples),
            (VOID.classes, len(classes)),
            (VOID.properties, len(properties)),
            (VOID.distinctSubjects, subjects),
            (VOID.distinctObjects, len(known.objects | new.objects)),
            (VOID.entities, len({s for s in known.subjects | new.subjects if is_entity(s, base)})),
        ):
            again.add((dataset, term, number(value)))
        for content, is_description in own.items():
            again.add((content, VOID.triples, number(len(said) if is_description else known.triples + new.triples)))
        for kind, counts, partition, names, unit in (
            ("class", classes, VOID.classPartition, VOID["class"], VOID.entities),
            ("property", properties, VOID.propertyPartition, VOID.property, VOID.triples),
        ):
            for name, value in counts.items():
                part = part_of(dataset, kind, str(name))
                again.add((dataset, partition, part))
                again.add((part, names, name))
                again.add((part, unit, number(value)))
                for example in examples(kind, name):
                    again.add((part, VOID.exampleResource, example))
        for namespace in prefixes:
            if any(str(name).startswith(namespace) for name in (*classes, *properties)):
                again.add((dataset, VOID.vocabulary, URIRef(namespace.rstrip("#"))))
        if set(again) == set(counted):
            break
        counted = again
    return counted


def is_entity(node: Node, base: str) -> bool:
    """Whether a node is a thing with an address of its own; ``entity_pattern`` says the same."""
    return isinstance(node, URIRef) and node.startswith(base + "id/") and "#" not in node


def entity_pattern(base: str) -> str:
    """The regular expression of the IRIs of things (``void:uriRegexPattern``)."""
    return f"^{base.replace('.', '[.]')}id/[^#]+$"


def _examples(kind: str, term: Node, union: Graph, base: str, things: Set[str]) -> list[URIRef]:
    """The first things, by IRI, that are of a class or have a property."""
    subjects = union.subjects(RDF.type, term) if kind == "class" else union.subjects(term)
    names = {str(node) for node in subjects if is_entity(node, base) or str(node) in things}
    return [URIRef(name) for name in nsmallest(EXAMPLES, names)]


def linksets(dataset: URIRef, union: Graph, base: str) -> Graph:
    """Which other sites the data set links to, by which property, how often (VoID §5).

    Args:
        dataset: IRI of the data set.
        union: its triples.
        base: the base IRI: what begins otherwise is another's.
    """
    found: dict[tuple[URIRef, str], int] = defaultdict(int)
    for link in LINKS:
        for subject, value in union.subject_objects(link):
            if isinstance(value, URIRef) and str(subject).startswith(base) and not value.startswith(base):
                parts = urlsplit(value)
                if parts.netloc:
                    found[link, f"{parts.scheme}://{parts.netloc}/"] += 1
    described = Graph()
    for (link, site), size in found.items():
        part, target = part_of(dataset, "linkset", f"{link} {site}"), URIRef(site)
        described.add((dataset, VOID.subset, part))
        described.add((part, RDF.type, VOID.Linkset))
        described.add((part, VOID.linkPredicate, link))
        described.add((part, VOID.subjectsTarget, dataset))
        described.add((part, VOID.objectsTarget, target))
        described.add((part, VOID.triples, number(size)))
        described.add((target, VOID.uriSpace, Literal(site)))
    return described
