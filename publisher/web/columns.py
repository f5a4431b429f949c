"""Which properties of a class its list shows: chosen from the shapes, for any class.

Shapes can say themselves which matter most, with ``dash:propertyRole dash:KeyInfoRole``
(https://datashapes.org/propertyroles.html).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from pyoxigraph import Literal

from publisher.core.terms import DASH, DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, OA, RDF_TYPE, RDFS, SH, SKOS
from publisher.web.links import curie
from publisher.web.rules import Rule, Shape, iris, shapes
from publisher.web.vocabulary import best, vocabulary

NAMES = frozenset((*LABEL_PROPERTIES, *DESCRIPTION_PROPERTIES, SKOS + "altLabel", RDF_TYPE))
"""Properties that need no column: the name is the first one."""
_FEW_SHAPES = 4
"""Below this number of shapes, what most of them have may still be what matters."""


class Column(Struct, frozen=True):
    """A property of a class (``sh:path``), with the rule that a shape has for it."""

    path: str
    rule: Rule

    @property
    def is_key(self) -> bool:
        """Whether the shape says that it tells what matters most of a thing."""
        return DASH + "KeyInfoRole" in iris(self.rule.facts, DASH + "propertyRole")

    @property
    def name(self) -> Literal:
        """Its name in the reader's language."""
        named = best(self.rule.facts, LABEL_PROPERTIES) or vocabulary().label(self.path)
        return named or Literal(curie(self.path))


@lru_cache(maxsize=128)
def candidates(_: object, iri: str) -> Sequence[Column]:
    """The properties that shapes give a class, in the order of ``sh:order`` (SHACL §2.3.2).

    Left out are names and descriptions, quotes, and what most shapes have: it tells no class from another.

    Args:
        _: the vocabulary, so that the answer is kept as long as the release.
        iri: the class.
    """
    every = shapes()
    common = Counter(path for shape in every for path in {part.path for part in shape.parts if part.path})
    most = len(every) / 2 if len(every) >= _FEW_SHAPES else len(every)
    found: dict[str, Column] = {}
    for shape in _shapes_of(iri, every):
        for part in shape.parts:
            path = part.path
            if path and path not in NAMES and common[path] <= most and not _is_evidence(part):
                found.setdefault(path, Column(path, part))
    return list(found.values())


def _shapes_of(iri: str, every: Sequence[Shape]) -> Iterator[Shape]:
    """The shapes of a class and of those above it; where there are none, of those below it."""
    above = {iri, *vocabulary().parents(iri)}
    targeted = [shape for shape in every if above.intersection(shape.targets)]
    yield from targeted or [
        shape for shape in every if any(iri in vocabulary().parents(target) for target in shape.targets)
    ]


def _is_evidence(rule: Rule) -> bool:
    """Whether the property leads to quotes (Web Annotation §4, Specific Resource)."""
    ranges = iris(rule.facts, SH + "class") + iris(vocabulary().terms.get(rule.path or "", {}), RDFS + "range")
    return any(OA + "SpecificResource" in {name, *vocabulary().parents(name)} for name in ranges)
