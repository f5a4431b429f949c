"""The classes in use, and the things of each by name."""

from collections.abc import Sequence
from math import inf

from msgspec import Struct
from pyoxigraph import Literal

from publisher.core.terms import OWL, RDFS, SKOS
from publisher.web.folding import fold
from publisher.web.links import curie
from publisher.web.members import members
from publisher.web.values import Value, link
from publisher.web.vocabulary import vocabulary


class Kind(Struct, frozen=True):
    """A class with its name, definition and number of things."""

    iri: str
    path: str
    label: Value
    definition: Literal | None
    count: int

    @property
    def is_named(self) -> bool:
        """Whether the ontology, or the standard that models are written in, gives the class a name."""
        return vocabulary().label(self.iri) is not None or self.iri.startswith((OWL, RDFS, SKOS))


def kinds() -> list[Kind]:
    """The classes that things of this dataset are said to have: in the order of their shapes, then by name."""
    found = [kind(iri, count) for iri, count in vocabulary().class_counts.items()]
    orders = vocabulary().orders
    return sorted(found, key=lambda one: (not one.is_named, orders.get(one.iri, inf), fold(one.label.text)))


def kind(iri: str, count: int) -> Kind:
    """A class as it is listed.

    Args:
        iri: the class.
        count: how many things it has.
    """
    return Kind(iri, "browse/" + curie(iri), link(iri, {}), vocabulary().definition(iri), count)


def instances(iri: str, most: int) -> Sequence[Value]:
    """The first things of a class as links, by name in the reader's language.

    Args:
        iri: the class.
        most: how many things at most.
    """
    return [link(member.iri, {member.iri: {SKOS + "prefLabel": [member.name]}}) for member in members(iri)[:most]]
