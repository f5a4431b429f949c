"""IRIs and language tags as they may be: the parsers let others pass, and what comes after them does not."""

from collections.abc import Callable, Iterable, Iterator

import pyoxigraph
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from publisher.core.errors import DataError
from publisher.core.position import Position

IRI, TAG = "IRI", "language tag"
HINTS = {
    IRI: "Write it in full, and what an IRI cannot have in percent-encoding: %20 for a space, %5B for '['.",
    TAG: "Write a BCP 47 tag, such as 'fr' or 'pt-BR'.",
}


def check_terms(graph: Graph, locate: Callable[[str, str, str], Position]) -> None:
    """Makes sure that all IRIs (RFC 3987) and language tags (BCP 47) of a graph are well formed.

    Args:
        graph: the triples to check.
        locate: gives the place of a term from its subject, predicate and the term's text.

    Raises:
        DataError: one is not; with its place.
    """
    for message, hint, place in sorted(_faults(graph)):
        raise DataError(message, hint=hint, where=locate(*place))


def fault_of_iri(iri: str) -> str:
    """Why a text is no absolute IRI; empty if it is one."""
    try:
        pyoxigraph.NamedNode(iri)
    except ValueError as error:
        return str(error)
    return ""


def _fault_of_tag(tag: str) -> str:
    try:
        pyoxigraph.Literal("", language=tag)
    except ValueError as error:
        return str(error)
    return ""


def _faults(graph: Graph) -> Iterator[tuple[str, str, tuple[str, str, str]]]:
    """What is wrong, what to do about it, and where: once for each IRI and tag."""
    seen: set[tuple[str, str]] = set()
    for subject, predicate, value in graph:
        for kind, text in _parts((subject, predicate, value)):
            if (kind, text) not in seen:
                seen.add((kind, text))
                fault = fault_of_iri(text) if kind == IRI else _fault_of_tag(text)
                if fault:
                    place = str(subject), str(predicate), text
                    yield f"'{text}' is no {kind}: {fault}.", HINTS[kind], place


def _parts(triple: Iterable[Node]) -> Iterator[tuple[str, str]]:
    for term in triple:
        if isinstance(term, URIRef):
            yield IRI, str(term)
        elif isinstance(term, Literal) and term.language:
            yield TAG, term.language
        elif isinstance(term, Literal) and term.datatype:
            yield IRI, str(term.datatype)
