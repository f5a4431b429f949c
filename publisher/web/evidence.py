"""Exact words and where they stand: Web Annotation selectors made readable."""

from collections.abc import Mapping, Sequence
from typing import cast

from msgspec import Struct
from msgspec.structs import replace
from pyoxigraph import Literal, NamedNode

from publisher.core.terms import LABEL_PROPERTIES, OA
from publisher.store.protocol import Row, Store, Term
from publisher.web.language import choose
from publisher.web.links import address, document, local_name, local_path
from publisher.web.paragraphs import paragraphs
from publisher.web.site import site
from publisher.web.texts import text_with
from publisher.web.vocabulary import Facts

AROUND = 2_000
"""Characters of a quote's paragraph shown before and after it, at most."""
PARAGRAPHS = 20
"""Quotes of a thing that are shown within their paragraph; what has more leads to the reading view only."""


MARK = "mark"
"""The parameter for the stretch that a reader is led to in the reading view, ``start-end``."""


class Words(Struct, frozen=True):
    """The exact words of one quote.

    Args:
        iri: the quote.
        exact: its words.
        language: the language they are in.
        href: where the quote is described.
        source: the IRI of its source.
        source_name: what the source is called.
        start: number of the first character in the source's text.
        end: number of the character after the last one.
        within: the words within their paragraph, where the text is published.
        place: where they stand in the reading view of their source.
    """

    iri: str
    exact: str
    language: str | None
    href: str
    source: str | None
    source_name: Literal | None
    start: int | None
    end: int | None
    within: "Surroundings | None" = None
    place: str | None = None

    @property
    def source_href(self) -> str | None:
        """Where its source is described."""
        return document(self.source) if self.source else None


class Surroundings(Struct, frozen=True):
    """A quote within its paragraph, whether text was left out before and after it, the language, and its place."""

    before: str
    exact: str
    after: str
    cut_before: bool
    cut_after: bool
    language: str | None
    place: str | None = None


def words_of(store: Store, iri: NamedNode) -> list[Words]:
    """The quotes that a thing points to, in the order of their source; the first ones within their paragraphs."""
    quotes: dict[str, Row] = {}
    for row in store.select("words", thing=iri):
        quotes.setdefault(iri_of(row["quote"]), row)
    sources = {row["source"] for row in quotes.values() if "source" in row}
    known = site().names.of(source for source in sources if isinstance(source, NamedNode))
    titles = {
        source.value: choose([quad.object for quad in one.names if isinstance(quad.object, Literal)])
        for source, one in known.items()
    }
    found = [_words(row, titles) for row in quotes.values()]
    return [_placed(word, number < PARAGRAPHS) for number, word in enumerate(found)]


def _placed(word: Words, is_shown: bool) -> Words:
    """The words with their place in the reading view, and within their paragraph if that is shown."""
    if word.source is None or word.start is None or word.end is None:
        return word
    text = text_with(word.exact, word.start, word.end, word.source)
    if text is None:
        return word
    within = around(text, word.start, word.end, word.language) if is_shown else None
    return replace(word, within=within, place=place(word.source, word.start, word.end))


def place(source: str | None, start: int, end: int) -> str | None:
    """Where a quote stands in the reading view of its source; None if that is no document of this server.

    Args:
        source: the IRI of the source, whose text is published.
        start: number of the quote's first character.
        end: number of the character after its last one.
    """
    path = local_path(source) if source else None
    return address(path, f"c{start}", **{MARK: f"{start}-{end}"}) if path else None


def _words(row: Row, titles: Mapping[str, Literal | None]) -> Words:
    """The words of a row of the query ``words``; ``titles`` are the names of the sources."""
    quote = iri_of(row["quote"])
    source = iri_of(row["source"]) if "source" in row else None
    return Words(
        iri=quote,
        exact=text_in(row["exact"]),
        language=language_of(row),
        href=document(quote),
        source=source,
        source_name=(titles.get(source) or Literal(local_name(source))) if source else None,
        start=int(text_in(row["start"])) if "start" in row else None,
        end=int(text_in(row["end"])) if "end" in row else None,
    )


def surroundings(store: Store, iri: NamedNode, facts: Facts) -> Surroundings | None:
    """The quote within its paragraph; None if ``iri`` is no quote or the text is not published.

    Args:
        store: where to ask.
        iri: a thing.
        facts: what is said of it.
    """
    for row in store.select("quotes", quote=iri) if OA + "hasSelector" in facts else ():
        if found := anchored(row):
            within = around(found.text, found.start, found.end, language_of(row))
            return replace(within, place=place(found.source, found.start, found.end))
    return None


class Anchor(Struct, frozen=True):
    """Where a quote stands: the IRI of its source, the source's text, and the place in it."""

    source: str
    text: str
    start: int
    end: int


def anchored(row: Row) -> Anchor | None:
    """Where the quote of a row of the query ``quotes`` stands; None if no text that has it there is published."""
    if not {"start", "source"} <= row.keys():
        return None
    start, end, source = int(text_in(row["start"])), int(text_in(row["end"])), iri_of(row["source"])
    text = text_with(text_in(row["exact"]), start, end, source)
    return Anchor(source, text, start, end) if text is not None else None


def around(text: str, start: int, end: int, language: str | None) -> Surroundings:
    """A stretch of a text within the paragraphs that it stands in."""
    held = [one for one in paragraphs(text, site().release) if one.start < end and start < one.end]
    first, last = max(held[0].start, start - AROUND), min(held[-1].end, end + AROUND)
    return Surroundings(
        text[first:start], text[start:end], text[end:last], first > held[0].start, last < held[-1].end, language
    )


def quote_names(rows: Sequence[Row], words: Sequence[Words]) -> dict[str, dict[str, list[Term]]]:
    """Quotes have no names but their words: IRI → words, for the quotes of a source and for those of a thing."""
    exact = {iri_of(row["quote"]): text_in(row["exact"]) for row in rows}
    exact |= {quote.iri: quote.exact for quote in words}
    return {quote: {LABEL_PROPERTIES[0]: [name_of_quote(text)]} for quote, text in exact.items()}


def name_of_quote(exact: str) -> Literal:
    """The beginning of a quote's words between quotation marks."""
    return Literal(f"«\u00a0{shorten(exact)}\u00a0»")


def shorten(text: str, length: int = 90) -> str:
    """The beginning of a text, cut between words."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"


def language_of(row: Row) -> str | None:
    """The language that the words of a row are in."""
    language = row.get("language")
    return language.value if isinstance(language, Literal) else None


def iri_of(term: Term) -> str:
    """The IRI that a term of a row is."""
    return cast(NamedNode, term).value


def text_in(term: Term) -> str:
    """The text of the literal that a term of a row is."""
    return cast(Literal, term).value
