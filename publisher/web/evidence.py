"""Exact words and where they stand: Web Annotation selectors made readable."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from pyoxigraph import Literal, NamedNode

from publisher.core.terms import LABEL_PROPERTIES
from publisher.store.protocol import Row, Store, Term
from publisher.web.language import choose
from publisher.web.links import document, local_name

AROUND = 400
"""Characters of the source shown before and after a quote."""


@dataclass(frozen=True)
class Words:
    """The exact words of one quote.

    Args:
        iri: the quote.
        exact: its words.
        language: the language they are in.
        href: where the quote is described.
        source: where its source is described.
        source_name: what the source is called.
        start: number of the first character in the source's text.
        end: number of the character after the last one.
    """

    iri: str
    exact: str
    language: str | None
    href: str
    source: str | None
    source_name: Literal | None
    start: int | None
    end: int | None


@dataclass(frozen=True)
class Passage:
    """A stretch of a source; ``quotes`` are the documents of the quotes that cover it, the shortest first.

    There are none where there are no words but only spaces and punctuation.
    """

    text: str
    quotes: Sequence[str] = ()


@dataclass(frozen=True)
class Surroundings:
    """A quote within its source, whether text was left out before and after it, and the language."""

    before: str
    exact: str
    after: str
    cut_before: bool
    cut_after: bool
    language: str | None


def words_of(store: Store, iri: NamedNode) -> list[Words]:
    """The quotes that a thing points to, in the order of their source."""
    grouped: dict[str, list[Row]] = {}
    for row in store.select("words", thing=iri):
        grouped.setdefault(_iri(row["quote"]), []).append(row)
    return [_words(quote, rows) for quote, rows in grouped.items()]


def _words(quote: str, rows: Sequence[Row]) -> Words:
    row = rows[0]
    source = _iri(row["source"]) if "source" in row else None
    titles = [title for title in (each.get("title") for each in rows) if isinstance(title, Literal)]
    return Words(
        iri=quote,
        exact=_text(row["exact"]),
        language=_language(row),
        href=document(quote),
        source=document(source) if source else None,
        source_name=choose(titles) or (Literal(local_name(source)) if source else None),
        start=int(_text(row["start"])) if "start" in row else None,
        end=int(_text(row["end"])) if "end" in row else None,
    )


def surroundings(store: Store, iri: NamedNode) -> Surroundings | None:
    """The quote within the text of its source; None if ``iri`` is no quote or the text is not published."""
    for row in store.select("source_text", thing=iri):
        text, start, end = _text(row["text"]), int(_text(row["start"])), int(_text(row["end"]))
        if text[start:end] == _text(row["exact"]):
            first, last = max(0, start - AROUND), min(len(text), end + AROUND)
            return Surroundings(
                text[first:start], text[start:end], text[end:last], first > 0, last < len(text), _language(row)
            )
    return None


def passages(rows: Sequence[Row], literals: Sequence[Literal]) -> tuple[Literal, list[Passage]] | None:
    """The text of a source cut where quotes begin and end.

    Args:
        rows: the quotes taken from the source, by the query ``passages``.
        literals: its literal values; the text is the one in which the quotes stand.

    Returns:
        The literal that is the text, and its stretches; None if nothing is quoted from it.
    """
    if not rows:
        return None
    first = _span(rows[0])
    text = next((value for value in literals if value.value[first[0] : first[1]] == _text(rows[0]["exact"])), None)
    if text is None:
        return None
    spans = [_span(row) for row in rows]
    edges = sorted({0, len(text.value), *(edge for start, end, _ in spans for edge in (start, end))})
    cut = []
    for start, end in pairwise(edges):
        words = text.value[start:end]
        covering = sorted((to - frm, quote) for frm, to, quote in spans if frm <= start and end <= to)
        # A link needs words: the spaces and stops between two quotes make none.
        has_words = any(map(str.isalnum, words))
        cut.append(Passage(words, [document(quote) for _, quote in covering] if has_words else ()))
    return text, cut


def quote_names(rows: Sequence[Row], words: Sequence[Words]) -> dict[str, dict[str, list[Term]]]:
    """Quotes have no names but their words: IRI → words, for the quotes of a source and for those of a thing."""
    exact = {_iri(row["quote"]): _text(row["exact"]) for row in rows}
    exact |= {quote.iri: quote.exact for quote in words}
    return {quote: {LABEL_PROPERTIES[0]: [name_of_quote(text)]} for quote, text in exact.items()}


def name_of_quote(exact: str) -> Literal:
    """The beginning of a quote's words between quotation marks."""
    return Literal(f"«\u00a0{shorten(exact)}\u00a0»")


def shorten(text: str, length: int = 90) -> str:
    """The beginning of a text, cut between words."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"


def _span(row: Row) -> tuple[int, int, str]:
    return int(_text(row["start"])), int(_text(row["end"])), _iri(row["quote"])


def _language(row: Row) -> str | None:
    language = row.get("language")
    return language.value if isinstance(language, Literal) else None


def _iri(term: Term) -> str:
    return cast(NamedNode, term).value


def _text(term: Term) -> str:
    return cast(Literal, term).value
