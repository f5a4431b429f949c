"""From one vocabulary to another along the links that ontologies declare between their terms.

The links are the release's own and those of ``alignments.ttl``. A statement is carried over where one follows:
along ``rdfs:subClassOf``, ``rdfs:subPropertyOf``, ``owl:equivalentClass``, ``owl:equivalentProperty``,
``skos:exactMatch`` and ``skos:broadMatch``, as far as need be, to the nearest term of the other vocabulary.
``skos:closeMatch`` counts as the last step only, since it is not transitive (SKOS Reference §10.6.1).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from publisher.core.terms import OWL, RDF_TYPE, RDFS, SKOS
from publisher.store.protocol import Term
from publisher.web.running import running_app
from publisher.web.vocabulary import Facts, Vocabulary

EXTENSION = "publisher.alignments"
FILE = "alignments.ttl"
_UPWARDS = frozenset({RDFS + "subClassOf", RDFS + "subPropertyOf", SKOS + "broadMatch"})
_BOTH_WAYS = frozenset({OWL + "equivalentClass", OWL + "equivalentProperty", SKOS + "exactMatch"})
_CLOSE = SKOS + "closeMatch"

Links = dict[str, set[str]]


class Alignments:
    """The links between the terms that a release uses and those of other vocabularies.

    Args:
        vocabulary: the release's terms.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.nearest = lru_cache(maxsize=10_000)(self._nearest)

    @cached_property
    def _graph(self) -> tuple[Links, Links]:
        """What each term implies or equals, and what comes close to it."""
        implied: Links = defaultdict(set)
        close: Links = defaultdict(set)
        for subject, predicate, value in (*_standard(), *_links(self._vocabulary.terms)):
            if predicate in _UPWARDS | _BOTH_WAYS:
                implied[subject].add(value)
            if predicate in _BOTH_WAYS:
                implied[value].add(subject)
            if predicate == _CLOSE:
                close[subject].add(value)
                close[value].add(subject)
        return implied, close

    def _nearest(self, term: str, namespaces: tuple[str, ...]) -> tuple[frozenset[str], bool]:
        """The terms of some namespaces that a term stands for, and whether they hold whenever it does.

        Args:
            term: a class or a property; of one of the namespaces, it stands for itself.
            namespaces: beginnings of IRIs.
        """
        implied, near = self._graph
        level, seen = {term}, {term}
        while level:
            if found := _within(level, namespaces):
                return found, True
            if found := _within({close for one in level for close in near.get(one, ())}, namespaces):
                return found, False
            level = {parent for one in level for parent in implied.get(one, ())} - seen
            seen |= level
        return frozenset(), False

    def carried_over(self, quads: Sequence[Quad], namespaces: tuple[str, ...]) -> set[Quad]:
        """What statements say in the terms of some namespaces; what has no term there is left out.

        Of classes the most specific count. What is said in the very term, or follows, drops what only comes
        close to it. What no named graph says in these words stands in the default graph.

        Args:
            quads: the statements.
            namespaces: beginnings of IRIs.
        """
        firm = set(self._types(quads, namespaces))
        loose: set[Quad] = set()
        for quad in quads:
            if quad.predicate.value == RDF_TYPE:
                continue
            targets, is_firm = self.nearest(quad.predicate.value, namespaces)
            for target in targets:
                (firm if is_firm else loose).add(_said(quad, NamedNode(target), quad.object))
        outright = {(quad.subject, quad.predicate) for quad in firm}
        return {*firm, *(quad for quad in loose if (quad.subject, quad.predicate) not in outright)}

    def _types(self, quads: Sequence[Quad], namespaces: tuple[str, ...]) -> Iterator[Quad]:
        classes: dict[object, dict[str, Quad]] = defaultdict(dict)
        for quad in quads:
            if quad.predicate.value == RDF_TYPE and isinstance(quad.object, NamedNode):
                classes[quad.subject].setdefault(quad.object.value, quad)
        for found in classes.values():
            for kind in self._vocabulary.most_specific(list(found)):
                for target in self.nearest(kind, namespaces)[0]:
                    yield _said(found[kind], found[kind].predicate, NamedNode(target))


def _said(quad: Quad, predicate: NamedNode, value: Term | Triple) -> Quad:
    """The statement itself where it is the same, else one that no graph makes."""
    if (predicate, value) == (quad.predicate, quad.object):
        return quad
    return Quad(quad.subject, predicate, value, DefaultGraph())


def _within(terms: Iterable[str], namespaces: tuple[str, ...]) -> frozenset[str]:
    return frozenset(term for term in terms if term.startswith(namespaces))


def _links(terms: Mapping[str, Facts]) -> Iterator[tuple[str, str, str]]:
    for subject, facts in terms.items():
        for predicate in (*_UPWARDS, *_BOTH_WAYS, _CLOSE):
            for value in facts.get(predicate, ()):
                if isinstance(value, NamedNode):
                    yield subject, predicate, value.value


@cache
def _standard() -> Sequence[tuple[str, str, str]]:
    read = parse(files(__package__).joinpath(FILE).read_bytes(), format=RdfFormat.TURTLE)
    return [tuple(cast(NamedNode, term).value for term in quad.triple) for quad in read]  # type: ignore[misc]


def alignments() -> Alignments:
    """The links of the release that the running request is answered from."""
    return cast(Alignments, running_app().extensions[EXTENSION])
