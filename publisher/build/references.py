"""Every IRI below the base that is referred to must be described: nothing published leads nowhere."""

from collections.abc import Callable, Iterator

from rdflib import OWL, Graph, URIRef

from publisher.build.yamlld import suggest
from publisher.core.errors import UnknownIri
from publisher.core.position import Position

VERSIONS = {OWL.versionIRI, OWL.priorVersion, OWL.backwardCompatibleWith, OWL.incompatibleWith}
"""Point to editions of a document, which are served without being described."""


def check_references(
    graph: Graph, described: set[str], base: str, locate: Callable[[str, str, str], str | Position]
) -> None:
    """Makes sure that a graph refers to nothing below the base that no file describes.

    Args:
        graph: the triples to check.
        described: IRIs that are the subject of a triple in any graph.
        base: the base IRI.
        locate: gives the place of a reference from its subject, predicate and the IRI.

    Raises:
        UnknownIri: with the place of the reference and the nearest known ids.
    """
    for subject, predicate, iri in sorted(_undescribed(graph, described, base)):
        known = [name.removeprefix(base).removeprefix("id/") for name in described if name.startswith(base)]
        name = iri.removeprefix(base).removeprefix("id/")
        raise UnknownIri(
            f"'{name}' is not described in any file.",
            hint=suggest(name, known),
            where=locate(subject, predicate, iri),
        )


def _undescribed(graph: Graph, described: set[str], base: str) -> Iterator[tuple[str, str, str]]:
    for subject, predicate, value in graph:
        for term in (predicate, value):
            if (
                isinstance(term, URIRef)
                and term.startswith(base)
                and str(term) not in described
                and predicate not in VERSIONS
            ):
                yield str(subject), str(predicate), str(term)
