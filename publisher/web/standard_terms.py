"""Names of the terms of RDF, OWL, SHACL, VoID and other standards that no ontology of a release need name."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

FILE = "standard_terms.ttl"


@cache
def standard_terms() -> Mapping[str, Mapping[str, list[Literal]]]:
    """Term IRI → naming property → names, one in each language."""
    found: dict[str, dict[str, list[Literal]]] = {}
    for quad in parse(files(__package__).joinpath(FILE).read_bytes(), format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            found.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object)
    return found
