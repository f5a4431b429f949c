"""Searching by words in the index that comes with a release, whichever store answers queries."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import SequenceMatcher

from msgspec import Struct
from pyoxigraph import Literal

from publisher.core.release import Release
from publisher.core.request_errors import QueryTimeout
from publisher.core.search import INDEX, distinct, fold
from publisher.core.terms import OA
from publisher.store.derived import opened
from publisher.store.passages import Passage, passage
from publisher.store.search_queries import (
    BY_NAME,
    BY_SOME_WORDS,
    BY_WORDS,
    COUNTS,
    HITS,
    NAMES,
    PASSAGES,
    SAME_NAMES,
    SPELLED_ALIKE,
)

SECONDS = 2.0
"""Time of a processor that a search may take: a busy machine makes no search long."""
_STEPS = 10_000
"""Steps of the engine between looks at the clock."""
_LAST = "\U0010ffff"
_CANDIDATES = 60
_GROUPS = 40
_MOST_LABELS = 100
"""Texts of a thing that are looked through for labels, which come first."""
_LIKENESS = 0.7


class Hit(Struct, frozen=True):
    """A thing that was found.

    Args:
        iri: its IRI.
        kind: IRI of the class under which it is counted.
        score: how well it fits: from 4 the words are its label, from 3 another name, from 2 its label begins so,
            from 1 one of its names has them.
        names: naming property → labels; ``oa:exact`` → the words of a quote.
        passage: where the words are.
    """

    iri: str
    kind: str
    score: float
    names: dict[str, list[Literal]]
    passage: Passage | None


class Found(Struct, frozen=True):
    """What a search gave.

    Args:
        counts: class IRI → number of things found, most first; each thing is counted once.
        total: number of things found of the class that was asked for, or of all.
        hits: some of them, best first.
    """

    counts: dict[str, int]
    total: int
    hits: Sequence[Hit]


NOTHING = Found({}, 0, ())


class SearchIndex:
    """The index of a release; may be used by several threads.

    Args:
        release: the opened release.
    """

    def __init__(self, release: Release) -> None:
        self._file = release.folder / INDEX

    def by_words(
        self,
        text: str,
        kind: str | None,
        languages: Sequence[str],
        *,
        start: int = 0,
        count: int = 20,
        any_word: bool = False,
    ) -> Found:
        """The things that have all words of a text somewhere in their texts; the last one may be cut short.

        Args:
            text: what is searched for, of any form.
            kind: IRI of the class that is wanted, if it is only one.
            languages: which text to show of several that fit alike, the best first.
            start: number of hits to leave out.
            count: number of hits that are wanted.
            any_word: whether a single one of the words is enough.

        Raises:
            QueryTimeout: the deadline passed.
            ReleaseMissing: the release has no index, or a damaged one.
        """
        wanted = distinct(text)
        if not wanted:
            return NOTHING
        folded = fold(text)
        every = _expression(wanted, " AND ")
        values = {
            "words": every,
            "named": f"name : ({every})",
            "any": _expression(wanted, " OR "),
            "folded": folded,
            "after": folded + _LAST,
            "each": json.dumps(wanted),
        }
        matching = BY_SOME_WORDS if any_word else BY_WORDS
        with self._open() as index:
            return _found(index, matching, PASSAGES, values, kind, wanted, languages, (start, count))

    def by_name(
        self, name: str, kind: str | None, languages: Sequence[str], *, start: int = 0, count: int = 20
    ) -> Found:
        """The things that have exactly this label or other name in any language; the rest as for ``by_words``."""
        values = {"text": name, "folded": fold(name)}
        with self._open() as index:
            return _found(index, BY_NAME, SAME_NAMES, values, kind, distinct(name), languages, (start, count))

    def alike(self, text: str, languages: Sequence[str], count: int = 5) -> list[Literal]:
        """Names that are spelt much like a text, the most alike first and one for each thing.

        Args:
            text: what was searched for.
            languages: which name to take of several that are as much alike, the best first.
            count: how many names are wanted at most.

        Raises:
            QueryTimeout, ReleaseMissing: as for ``by_words``.
        """
        folded = fold(text)
        groups = list(dict.fromkeys(folded[at : at + 3] for at in range(len(folded) - 2)))[:_GROUPS]
        if not groups:
            return []
        with self._open() as index:
            rows = index.execute(SPELLED_ALIKE, (_or(groups), _CANDIDATES)).fetchall()
        ranks = {language: rank for rank, language in enumerate(languages)}
        rated = [
            (_likeness(folded, name), ranks.get(language, len(ranks)), len(name), written, language, thing, name)
            for thing, name, written, language in rows
        ]
        things: set[int] = set()
        found: dict[str, Literal] = {}
        for likeness, _, _, written, language, thing, name in sorted(rated, key=lambda one: (-one[0], *one[1:4])):
            if likeness >= _LIKENESS and thing not in things:
                things.add(thing)
                found.setdefault(name, _literal(written, language))
        return list(found.values())[:count]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection for one search, which ends when its time is over."""
        deadline = time.thread_time() + SECONDS
        with opened(self._file) as index:
            index.set_progress_handler(lambda: time.thread_time() > deadline, _STEPS)
            try:
                yield index
            except sqlite3.OperationalError:
                if time.thread_time() <= deadline:
                    raise
                raise QueryTimeout(
                    "It ran longer than {limit:g} seconds.", hint="Narrow it down.", limit=SECONDS
                ) from None


def _or(groups: Sequence[str]) -> str:
    return " OR ".join(f'"{group}"' for group in groups)


def _expression(wanted: Sequence[str], operator: str) -> str:
    """An FTS5 query (https://www.sqlite.org/fts5.html §3): each word as a string, the last as a prefix.

    Words are made of letters, digits and inner full stops, so nothing in a string needs escaping.
    """
    return operator.join(f'"{word}"' for word in wanted) + "*"


def _found(
    index: sqlite3.Connection,
    matching: str,
    shown: str,
    values: dict[str, str],
    kind: str | None,
    wanted: Sequence[str],
    languages: Sequence[str],
    part: tuple[int, int],
) -> Found:
    counts: dict[str, int] = dict(index.execute(matching + COUNTS, values))
    total = sum(counts.values()) if kind is None else counts.get(kind, 0)
    rows = index.execute(matching + HITS, {**values, "kind": kind, "start": part[0], "count": part[1]}).fetchall()
    hits = []
    for iri, its_kind, first, last, score in rows:
        names: dict[str, list[Literal]] = {}
        for prop, text, language in index.execute(NAMES, (first, min(last, first + _MOST_LABELS), OA + "exact")):
            names.setdefault(prop, []).append(_literal(text, language))
        texts = index.execute(shown, {**values, "first": first, "last": last})
        hits.append(Hit(iri, its_kind, round(score, 4), names, _passage(texts, wanted, languages)))
    return Found(counts, total, hits)


def _passage(
    rows: Iterable[tuple[str, str, str | None]], wanted: Sequence[str], languages: Sequence[str]
) -> Passage | None:
    """The text that has most of the words; among equals the best language, then the first."""
    passages = [passage(prop, language, text, wanted) for prop, text, language in rows]
    ranks = {language: rank for rank, language in enumerate(languages)}
    return min(passages, key=lambda one: (-one.found, ranks.get(one.language or "", len(ranks))), default=None)


def _likeness(text: str, name: str) -> float:
    """How alike two folded texts are, from 0 to 1: each word of the first against the nearest of the second."""
    ratios = [
        max(SequenceMatcher(None, word, other).ratio() for other in name.split()) for word in text.split() if name
    ]
    return sum(ratios) / len(ratios) if ratios else 0.0


def _literal(text: str, language: str | None) -> Literal:
    return Literal(text, language=language) if language else Literal(text)
