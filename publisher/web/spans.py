"""The text of a source, cut where quotes begin and end."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from pyoxigraph import Literal

from publisher.store.protocol import Row
from publisher.web.evidence import iri_of, text_in
from publisher.web.links import document


class Span(Struct, frozen=True):
    """Where a quote stands in its source."""

    start: int
    end: int
    quote: str


class Passage(Struct, frozen=True):
    """A stretch of a source; ``quotes`` are the documents of the quotes that cover it, the shortest first.

    There are none where there are no words but only spaces and punctuation.
    """

    text: str
    quotes: Sequence[str] = ()


def passages(rows: Sequence[Row], literals: Sequence[Literal]) -> tuple[Literal, list[Passage]] | None:
    """The text of a source cut where quotes begin and end.

    Args:
        rows: the quotes taken from the source, by the query ``passages``.
        literals: its literal values; the text is the one in which the quotes stand.

    Returns:
        The literal that is the text, and its stretches; None if nothing is quoted from it.
    """
    text = text_of(rows, literals)
    if text is None:
        return None
    stretches = []
    for start, end, covering in cut(list(map(span_of, rows)), 0, len(text.value)):
        words = text.value[start:end]
        has_words = any(map(str.isalnum, words))
        stretches.append(Passage(words, [document(span.quote) for span in covering] if has_words else ()))
    return text, stretches


def text_of(rows: Sequence[Row], literals: Sequence[Literal]) -> Literal | None:
    """The literal of a source in which its quotes stand; arguments as for ``passages``."""
    if not rows:
        return None
    first, exact = span_of(rows[0]), text_in(rows[0]["exact"])
    return next((value for value in literals if value.value[first.start : first.end] == exact), None)


def cut(spans: Sequence[Span], start: int, end: int) -> Iterator[tuple[int, int, Sequence[Span]]]:
    """Cuts a stretch of a text where quotes begin and end.

    Args:
        spans: the quotes, which may overlap.
        start: number of the stretch's first character.
        end: number of the character after its last one.

    Yields:
        The pieces one after the other, each with the quotes that cover it, the shortest first.
    """
    waiting = sorted((span for span in spans if span.start < end and start < span.end), key=lambda span: -span.start)
    edges = sorted({start, end, *(edge for span in waiting for edge in (span.start, span.end) if start < edge < end)})
    covering: list[Span] = []
    for first, last in pairwise(edges):
        while waiting and waiting[-1].start <= first:
            covering.append(waiting.pop())
        covering = [span for span in covering if span.end > first]
        yield first, last, sorted(covering, key=lambda span: (span.end - span.start, span.quote))


def span_of(row: Row) -> Span:
    """Where a quote stands, by a row of the query ``passages``."""
    return Span(int(text_in(row["start"])), int(text_in(row["end"])), iri_of(row["quote"]))
