"""The concept schemes (SKOS Reference §4), each as the list of its concepts."""

from collections.abc import Sequence

from msgspec import Struct
from werkzeug.datastructures import MultiDict

from publisher.core.terms import SKOS
from publisher.web.folding import fold
from publisher.web.links import address, curie
from publisher.web.lists import listing
from publisher.web.values import Value


class Scheme(Struct, frozen=True):
    """A concept scheme: its name, the address of the list of its concepts, and how many these are."""

    label: Value
    href: str
    count: int


def schemes() -> Sequence[Scheme]:
    """Every scheme that has concepts, by name."""
    concepts, membership = curie(SKOS + "Concept"), curie(SKOS + "inScheme")
    found = listing(concepts, MultiDict())
    facet = next((one for one in found.facets() if one.parameter == membership), None) if found else None
    if facet is None:
        return ()
    every = [
        Scheme(option.label, address(f"browse/{concepts}", **{membership: option.iri}), option.count)
        for option in facet.options
    ]
    return sorted(every, key=lambda scheme: fold(scheme.label.text))
