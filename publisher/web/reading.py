"""A source as a reading view: its paragraphs, what each stretch of words supports, in layers by kind of fact."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from flask import request
from msgspec import Struct
from pyoxigraph import NamedNode

from publisher.store.protocol import Row, Store
from publisher.web.evidence import MARK, iri_of
from publisher.web.folding import fold
from publisher.web.links import address, curie, document, local_path
from publisher.web.paragraphs import Paragraph, pages
from publisher.web.site import site
from publisher.web.spans import Span, cut, span_of
from publisher.web.values import Value, link
from publisher.web.vocabulary import by_property, vocabulary

LAYER = "layer"
"""The parameter for a kind of fact whose quotes are shown; repeated for several."""


class Fact(Struct, frozen=True):
    """Something that a quote supports, and its kind in words."""

    thing: Value
    kind: Value


class Stretch(Struct, frozen=True):
    """Words on which the same quotes stand.

    Args:
        text: the words, or the space between.
        anchor: their fragment, where a quote begins.
        href: the one thing that the shortest quote supports, or that quote where there are several.
        is_marked: whether the reader was led here.
    """

    text: str
    anchor: str | None
    href: str | None
    is_marked: bool


class Block(Struct, frozen=True):
    """A paragraph or heading with what its quotes support."""

    number: int
    is_heading: bool
    stretches: Sequence[Stretch]
    facts: Sequence[Fact]


class Layer(Struct, frozen=True):
    """A kind of fact, how many the source has, and whether its quotes are shown."""

    iri: str
    short: str
    label: Value
    count: int
    is_chosen: bool


class Reading(Struct, frozen=True):
    """One page of a source."""

    blocks: Sequence[Block]
    layers: Sequence[Layer]
    page: int
    pages: int
    path: str

    def page_address(self, number: int) -> str:
        """The address of another page with the same layers."""
        chosen = [layer.short for layer in self.layers if layer.is_chosen]
        layers = {LAYER: chosen} if len(chosen) < len(self.layers) else {}
        return address(self.path, "text", page=str(number), **layers)


def reading(store: Store, iri: NamedNode, text: str, quoted: Sequence[Row]) -> Reading:
    """The page of a source that the running request asks for.

    Args:
        store: where it is looked up what quotes support.
        iri: the source.
        text: its text.
        quoted: its quotes, by the query ``passages``.
    """
    kinds = _kinds(store.select("supported", thing=iri))
    layers = _layers({fact: kind for facts in kinds.values() for fact, kind in facts.items()})
    chosen = {layer.iri for layer in layers if layer.is_chosen}
    names = by_property(store.select("supported_names", thing=iri), "fact", "label")
    shown = {fact: kind for each in kinds.values() for fact, kind in each.items() if kind in chosen}
    labels = {kind: link(kind, {}) for kind in chosen}
    known = {fact: Fact(link(fact, names), labels[kind]) for fact, kind in shown.items()}
    facts = {quote: [known[fact] for fact in each if fact in known] for quote, each in kinds.items()}
    is_whole = len(chosen) == len(layers)
    spans = [span for span in map(span_of, quoted) if is_whole or facts.get(span.quote)]
    parts = pages(text, site().release)
    number = min(_number("page") or _page_of(parts, _marked()[0]), len(parts))
    blocks = [_block(n, one, text, spans, facts) for n, one in parts[number - 1]]
    return Reading(blocks, layers, number, len(parts), local_path(iri.value) or "")


def _kinds(rows: Sequence[Row]) -> dict[str, dict[str, str]]:
    """Quote → thing that it supports → the most specific class of that."""
    classes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quote, fact, kind in sorted((iri_of(row["quote"]), iri_of(row["fact"]), iri_of(row["kind"])) for row in rows):
        classes[quote][fact].append(kind)
    return {
        quote: {fact: vocabulary().most_specific(kinds)[0] for fact, kinds in facts.items()}
        for quote, facts in classes.items()
    }


def _layers(kinds: Mapping[str, str]) -> list[Layer]:
    """The kinds of what is supported, the most frequent first; all are shown where the address asks for none."""
    counts = Counter(kinds.values())
    asked = set(request.args.getlist(LAYER))
    chosen = {kind for kind in counts if curie(kind) in asked} or set(counts)
    layers = [Layer(kind, curie(kind), link(kind, {}), count, kind in chosen) for kind, count in counts.items()]
    return sorted(layers, key=lambda layer: (-layer.count, fold(layer.label.text)))


def _block(
    number: int, paragraph: Paragraph, text: str, spans: Sequence[Span], facts: Mapping[str, Sequence[Fact]]
) -> Block:
    begins = {span.start for span in spans}
    first, last = _marked()
    stretches, supported = [], {}
    for start, end, covering in cut(spans, paragraph.start, paragraph.end):
        words = text[start:end]
        stretches.append(
            Stretch(
                words,
                f"c{start}" if start in begins or start == first else None,
                # A link needs words: the spaces and stops between two quotes make none.
                _target(covering[0], facts) if covering and any(map(str.isalnum, words)) else None,
                first <= start and end <= last,
            )
        )
        for span in covering:
            supported.update({fact.thing.iri: fact for fact in facts.get(span.quote, ())})
    return Block(number, paragraph.is_heading, stretches, list(supported.values()))


def _target(span: Span, facts: Mapping[str, Sequence[Fact]]) -> str:
    """The one thing that a quote supports; the quote itself where there are several or none."""
    supported = facts.get(span.quote, ())
    return supported[0].thing.href or document(span.quote) if len(supported) == 1 else document(span.quote)


def _marked() -> tuple[int, int]:
    """The stretch that the address marks; an empty one where it marks none."""
    first, dash, last = request.args.get(MARK, "").partition("-")
    is_stretch = dash and all(part.isascii() and part.isdigit() and len(part) < 10 for part in (first, last))
    return (int(first), int(last)) if is_stretch else (-1, -1)


def _page_of(parts: Sequence[Sequence[tuple[int, Paragraph]]], start: int) -> int:
    """The number of the page on which a character stands; the first where there is none."""
    return next((n for n, part in enumerate(parts, start=1) if 0 <= start < part[-1][1].end), 1)


def _number(name: str) -> int:
    """The number that the address gives; 0 where it gives none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
