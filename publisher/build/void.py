"""VoID: what of the data set can be counted, and how it is linked to others."""

import hashlib
import re
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
        things: IRIs of things outside the base's ``id/``.
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
            (VOID.entities, len({s for s in known.subjects | new.subjects if is_entity(s, base, things)})),
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


def is_entity(node: Node, base: str, things: Set[str] = frozenset()) -> bool:
    """Whether a node is a thing: it has an address of its own below the base's ``id/``, or is one of ``things``."""
    return isinstance(node, URIRef) and ((node.startswith(base + "id/") and "#" not in node) or str(node) in things)


def spaces(dataset: URIRef, entities: Set[str], base: str) -> Graph:
    """How the IRIs of all things begin (``void:uriSpace``) and look (``void:uriRegexPattern``, VoID §4.4, §4.5).

    Each is left out where there is no such space or pattern.

    Args:
        dataset: IRI of the data set.
        entities: IRIs of its things.
        base: the base IRI.
    """
    first, last = min(entities), max(entities)
    shared = [first[: cut.end()] for cut in re.finditer("[/#]", first) if last.startswith(first[: cut.end()])]
    space, found = shared[-1] if shared else "", Graph()
    if _has_host(space):
        found.add((dataset, VOID.uriSpace, Literal(space)))
    if all(is_entity(URIRef(iri), base) for iri in entities):
        pattern = f"^{base.replace('.', '[.]')}id/[^#]+$"
        found.add((dataset, VOID.uriRegexPattern, Literal(pattern)))
    return found


def _has_host(iri: str) -> bool:
    try:
        return bool(urlsplit(iri).netloc)
    except ValueError:
        return False


def _namespace(iri: str) -> str:
    """An IRI up to its last part; a host's is its root."""
    stem = iri.rstrip("/")
    space = stem[: max(stem.rfind("/"), stem.rfind("#")) + 1]
    return space if _has_host(space) else stem + "/"


def _examples(kind: str, term: Node, union: Graph, base: str, things: Set[str]) -> list[URIRef]:
    """The first things, by IRI, that are of a class or have a property."""
    subjects = union.subjects(RDF.type, term) if kind == "class" else union.subjects(term)
    names = {str(node) for node in subjects if is_entity(node, base, things)}
    return [URIRef(name) for name in nsmallest(EXAMPLES, names)]


def linksets(dataset: URIRef, union: Graph, base: str) -> Graph:
    """Which other namespaces the data set links to, by which property, how often (VoID §5).

    Args:
        dataset: IRI of the data set.
        union: its triples.
        base: the base IRI: what begins otherwise is another's.
    """
    found: dict[tuple[URIRef, str], int] = defaultdict(int)
    for link in LINKS:
        for subject, value in union.subject_objects(link):
            is_outward = isinstance(value, URIRef) and str(subject).startswith(base) and not value.startswith(base)
            if is_outward and _has_host(str(value)):
                found[link, _namespace(str(value))] += 1
    described = Graph()
    for (link, space), size in found.items():
        part, target = part_of(dataset, "linkset", f"{link} {space}"), URIRef(space)
        described.add((dataset, VOID.subset, part))
        described.add((part, RDF.type, VOID.Linkset))
        described.add((part, VOID.linkPredicate, link))
        described.add((part, VOID.subjectsTarget, dataset))
        described.add((part, VOID.objectsTarget, target))
        described.add((part, VOID.triples, number(size)))
        described.add((target, VOID.uriSpace, Literal(space)))
    return described
