"""Anchoring quotes: from exact words to their one place in the source."""

from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF

from publisher.build.context import Context
from publisher.build.sources import Source, source_iri
from publisher.core.errors import QuoteAmbiguous, QuoteNotFound
from publisher.core.position import Position
from publisher.core.settings import Settings
from publisher.core.terms import OA

SHOWN = 40
"""Characters of context shown around a place in messages."""


@dataclass(frozen=True)
class Quote:
    """Words of a source (Web Annotation Data Model §4.2.4, Text Quote Selector).

    Args:
        exact: the words themselves.
        prefix: what stands immediately before them.
        suffix: what stands immediately after them.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""


def _places(needle: str, text: str) -> Iterator[int]:
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + 1)


def anchor(quote: Quote, source: Source, where: Position) -> tuple[int, int]:
    """Finds the one place where the words stand.

    Args:
        quote: the words, told apart by a prefix or suffix where they are repeated.
        source: the document they are from.
        where: the line of the fact, for messages.

    Returns:
        Start and end in characters of the normalised text, end exclusive.

    Raises:
        QuoteNotFound: the words, with prefix and suffix, are not in the text.
        QuoteAmbiguous: they stand at more than one place.
    """
    places = list(_places(quote.prefix + quote.exact + quote.suffix, source.text)) if quote.exact.strip() else []
    if not places and quote.exact in source.text:
        around = "; ".join(_around(at, len(quote.exact), source) for at in list(_places(quote.exact, source.text))[:5])
        raise QuoteNotFound(
            f"«{quote.exact}» is in '{source.slug}', but not with this prefix and suffix: {around}.",
            hint="The prefix must end just before the words and the suffix begin just after them, spaces included.",
            where=where,
        )
    if not places:
        matching = next((n for n in range(len(quote.exact), 0, -1) if quote.exact[:n] in source.text), 0)
        told = (
            f" The first {matching} characters are there, up to «{quote.exact[:matching][-SHOWN:]}»."
            if matching
            else ""
        )
        raise QuoteNotFound(
            f"«{quote.exact}» is not in '{source.slug}'.{told}",
            hint="Copy the words as printed, with one space for each line break.",
            where=where,
        )
    if len(places) > 1:
        length = len(quote.exact)
        contexts = "; ".join(_around(at + len(quote.prefix), length, source) for at in places[:5])
        raise QuoteAmbiguous(
            f"«{quote.exact}» stands at {len(places)} places of '{source.slug}': {contexts}.",
            hint="Add 'prefix' or 'suffix' with the words just before or after, or quote more.",
            where=where,
        )
    start = places[0] + len(quote.prefix)
    return start, start + len(quote.exact)


def _around(start: int, length: int, source: Source) -> str:
    """What stands before and after a stretch of the text, the stretch itself left out."""
    end = start + length
    return f"«…{source.text[max(0, start - SHOWN) : start]}[…]{source.text[end : end + SHOWN]}…»"


def quote_iri(source: Source, start: int, end: int, context: Context) -> str:
    """The IRI of a stretch of a source: ``id/quote/<document>/<start>-<end>``."""
    return f"{context.base}quote/{source.slug}/{start}-{end}"


def describe_quote(iri: str, start: int, end: int, source: Source, context: Context, settings: Settings) -> Graph:
    """The Web Annotation triples of one anchored quote.

    Prefix and suffix are the 32 characters around it, so that other tools can find the
    place in another edition of the text.
    """
    graph = Graph()
    node, words, position = URIRef(iri), URIRef(iri + "#text"), URIRef(iri + "#position")
    graph.add((node, RDF.type, URIRef(context.iri(settings.evidence_class))))
    graph.add((node, RDF.type, URIRef(OA + "SpecificResource")))
    graph.add((node, DCTERMS.language, Literal(source.about.language)))
    graph.add((node, URIRef(OA + "hasSource"), URIRef(source_iri(source, context))))
    graph.add((node, URIRef(OA + "hasSelector"), words))
    graph.add((node, URIRef(OA + "hasSelector"), position))
    graph.add((words, RDF.type, URIRef(OA + "TextQuoteSelector")))
    for name, value in (
        ("exact", source.text[start:end]),
        ("prefix", source.text[max(0, start - 32) : start]),
        ("suffix", source.text[end : end + 32]),
    ):
        if value:
            graph.add((words, URIRef(OA + name), Literal(value, datatype=XSD.string)))
    graph.add((position, RDF.type, URIRef(OA + "TextPositionSelector")))
    graph.add((position, URIRef(OA + "start"), Literal(start, datatype=XSD.integer)))
    graph.add((position, URIRef(OA + "end"), Literal(end, datatype=XSD.integer)))
    return graph
