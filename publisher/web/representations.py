"""Descriptions as RDF: one function for every format of the table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from publisher.core.errors import NotAcceptable
from publisher.core.formats import Format, Holds
from publisher.core.release import Release
from publisher.core.terms import SKOLEM_PATH

NAMED_GRAPHS = ("trig", "nquads")
"""Formats in which a description keeps its named graphs. JSON-LD could, but its users expect one graph."""


def keeps_graphs(chosen: Format) -> bool:
    """Whether a description in this format says which named graph makes each statement."""
    return chosen.holds is Holds.DATASET and chosen.name in NAMED_GRAPHS


def statements(quads: Iterable[Quad], chosen: Format) -> list[Quad] | list[Triple]:
    """The statements as the format takes them: with their graphs, or each triple once, in the order given."""
    if keeps_graphs(chosen):
        return list(quads)
    return list(dict.fromkeys(quad.triple for quad in quads))


def serialise(content: Sequence[Quad] | Sequence[Triple], chosen: Format, prefixes: Mapping[str, str]) -> bytes:
    """Writes statements in an RDF format.

    Args:
        content: quads for the formats that keep graphs, triples for the others.
        chosen: the format.
        prefixes: prefix → namespace IRI.

    Raises:
        NotAcceptable: RDF/XML cannot carry these statements: a character that XML 1.0 §2.2
            does not allow, or a property without an XML name (RDF 1.1 XML Syntax §8).
    """
    syntax = RdfFormat.from_media_type(chosen.media_type)
    try:
        body = serialize(content, format=syntax, prefixes=dict(prefixes)) or b""
        faithful = not chosen.is_xml or {_unnamed(t) for t in parse(body, format=syntax)} == {_unnamed(t) for t in content}
    except (ValueError, SyntaxError):
        faithful = False
    if not faithful:
        raise NotAcceptable(
            f"{chosen.label} cannot carry every character or property of this description.",
            hint="Every other format can, for example Turtle.",
        )
    return body


def _unnamed(statement: Quad | Triple) -> tuple[object, ...]:
    """A statement without the names of its blank nodes and without its graph, to compare by."""
    parts = (statement.subject, statement.predicate, statement.object)
    return tuple(None if isinstance(part, BlankNode) else part for part in parts)


def ontology_turtle(release: Release) -> bytes:
    """The ontology as the release has it: Turtle with blank nodes."""
    return (release.folder / "ontology.ttl").read_bytes()


def ontology_triples(release: Release) -> list[Triple]:
    """The ontology as one OWL document: anonymous classes and lists are blank nodes again, as OWL asks.

    RDF 1.1 Concepts §3.5 lets a system map the skolem IRIs that it made back to blank nodes.
    """
    skolem = release.base_iri + SKOLEM_PATH

    def restored(term: object) -> object:
        if isinstance(term, NamedNode) and term.value.startswith(skolem):
            return BlankNode(term.value.removeprefix(skolem))
        return term

    parsed = Dataset(
        Quad(
            cast("NamedNode | BlankNode", restored(quad.subject)), quad.predicate, cast(NamedNode, restored(quad.object))
        )
        for quad in parse(path=release.folder / "ontology.ttl", format=RdfFormat.TURTLE)
    )
    parsed.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((quad.triple for quad in parsed), key=str)
