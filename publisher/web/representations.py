"""Descriptions as RDF: one function for every format of the table."""

from collections.abc import Iterable, Mapping
from typing import cast

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, parse, serialize

from publisher.core.formats import Format, Holds
from publisher.core.release import Release
from publisher.core.terms import SKOLEM_PATH
from publisher.store.prefixes import used
from publisher.store.serialise import graph

NAMED_GRAPHS = ("trig", "nquads")
"""Formats in which a description keeps its named graphs. JSON-LD could, but its users expect one graph."""


def keeps_graphs(chosen: Format) -> bool:
    """Whether a description in this format says which named graph makes each statement."""
    return chosen.holds is Holds.DATASET and chosen.name in NAMED_GRAPHS


def serialise(quads: Iterable[Quad], chosen: Format, prefixes: Mapping[str, str]) -> bytes:
    """Writes statements in an RDF format, sorted: the same triples in every one.

    Args:
        quads: the statements with the named graphs that make them.
        chosen: the format.
        prefixes: prefix → namespace IRI.

    Raises:
        NotAcceptable: the format cannot carry them.
    """
    if not keeps_graphs(chosen):
        return graph((quad.triple for quad in quads), chosen, prefixes)
    syntax = RdfFormat.from_media_type(chosen.media_type)
    unique = sorted(set(quads), key=_by_graph)
    return serialize(unique, format=syntax, prefixes=used(unique, prefixes)) or b""


def _by_graph(quad: Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad)


def ontology_quads(release: Release, file: str) -> list[Quad]:
    """A version of the ontology as one OWL document: anonymous classes and lists are blank nodes again, as OWL asks.

    RDF 1.1 Concepts §3.5 lets a system map the skolem IRIs that it made back to blank nodes.

    Args:
        release: the release.
        file: the version's Turtle file, relative to the release's folder.
    """
    skolem = release.base_iri + SKOLEM_PATH

    def restored(term: object) -> object:
        if isinstance(term, NamedNode) and term.value.startswith(skolem):
            return BlankNode(term.value.removeprefix(skolem))
        return term

    named = NamedNode(release.base_iri + "id/graph/ontology")
    parsed = Dataset(
        Quad(
            cast("NamedNode | BlankNode", restored(quad.subject)),
            quad.predicate,
            cast(NamedNode, restored(quad.object)),
            named,
        )
        for quad in parse(path=release.folder / file, format=RdfFormat.TURTLE)
    )
    parsed.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(parsed)
