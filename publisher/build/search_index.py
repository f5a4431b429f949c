"""Writing the index for searching by words, from the quads of the dataset."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from publisher.build.derived import written
from publisher.core.classes import most_specific
from publisher.core.search import COLUMNS, SCHEMA, Level, fold
from publisher.core.terms import (
    DCTERMS,
    DESCRIPTION_PROPERTIES,
    LABEL_PROPERTIES,
    OA,
    OTHER_NAME_PROPERTIES,
    RDF_TYPE,
    RDFS,
    SKOLEM_PATH,
)

LEFT_OUT = ("description", "inferred", "mappings", "quality", "shapes")
"""Named graphs below ``id/graph/`` that are about the dataset and its links, or follow from the others."""
_EXACT = OA + "exact"


class Fact(NamedTuple):
    """A statement about something that has an IRI."""

    subject: str
    property: str
    value: NamedNode | Literal


class Text(NamedTuple):
    """One text of a thing: what it is to it, by which property, in which language."""

    level: Level
    property: str
    language: str | None
    text: str


@dataclass
class _Found:
    """What is gathered from the quads, by IRI of the thing."""

    texts: dict[str, set[Text]] = field(default_factory=lambda: defaultdict(set))
    types: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    parents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def kind(self, thing: str, base: str) -> str:
        """The class under which a thing is counted: one of the dataset's own, then one with a name, goes first."""
        kept = most_specific(self.types.get(thing, ()), lambda name: self.parents.get(name, ()))
        order = sorted(kept, key=lambda name: (not name.startswith(base), name not in self.texts, name))
        return order[0] if order else RDFS + "Resource"


def write_search_index(quads: Iterable[Quad], file: Path, base: str, names: Iterable[str]) -> None:
    """Writes the index: labels, other names and descriptions of things, and the words that facts are taken from.

    Args:
        quads: the dataset.
        file: the file to write; there is none yet.
        base: the base IRI everything is published under.
        names: IRIs of properties that give other names, besides the standards'.
    """
    levels = {
        **dict.fromkeys(DESCRIPTION_PROPERTIES, Level.DESCRIPTION),
        **dict.fromkeys((*OTHER_NAME_PROPERTIES, *names), Level.NAME),
        **dict.fromkeys(LABEL_PROPERTIES, Level.LABEL),
    }
    found = _gather(_searched(quads, base), levels)
    with written(file, SCHEMA) as index:
        _write(index, found, base)
        for table in ("entry", "passage", "spelling"):
            index.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def _searched(quads: Iterable[Quad], base: str) -> list[Fact]:
    left_out = {NamedNode(f"{base}id/graph/{name}") for name in LEFT_OUT}
    return [
        Fact(quad.subject.value, quad.predicate.value, quad.object)
        for quad in quads
        if quad.graph_name not in left_out
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode | Literal)
        and not quad.subject.value.startswith(base + SKOLEM_PATH)
    ]


def _gather(facts: list[Fact], levels: Mapping[str, Level]) -> _Found:
    found = _Found()
    quotes = _quotes(facts)
    for quote, text in quotes.items():
        found.texts[quote].add(text)
    for subject, prop, value in facts:
        if isinstance(value, Literal):
            if prop in levels:
                found.texts[subject].add(Text(levels[prop], prop, value.language, value.value))
        elif prop == RDF_TYPE:
            found.types[subject].add(value.value)
        elif prop == RDFS + "subClassOf":
            found.parents[subject].add(value.value)
        elif value.value in quotes:
            found.texts[subject].add(quotes[value.value]._replace(property=prop))
    return found


def _quotes(facts: list[Fact]) -> dict[str, Text]:
    """Quote IRI → its exact words (Web Annotation §4.2.4), in the language that the quote is said to be in."""
    words = {fact.subject: fact.value.value for fact in facts if fact.property == _EXACT}
    languages = {fact.subject: fact.value.value for fact in facts if fact.property == DCTERMS + "language"}
    return {
        fact.subject: Text(Level.QUOTE, _EXACT, languages.get(fact.subject), words[fact.value.value])
        for fact in facts
        if fact.property == OA + "hasSelector" and fact.value.value in words
    }


def _write(index: sqlite3.Connection, found: _Found, base: str) -> None:
    first = 1
    for number, (thing, texts) in enumerate(sorted(found.texts.items()), start=1):
        ordered = sorted(texts, key=lambda text: (text.level, text.property, text.language or "", text.text))
        rows = list(enumerate(ordered, start=first))
        last = first + len(rows) - 1
        index.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", (number, thing, found.kind(thing, base), first, last))
        for row, text in rows:
            folded = fold(text.text)
            is_name = text.level <= Level.NAME
            index.execute(
                "INSERT INTO literal VALUES (?, ?, ?, ?, ?, ?, ?)",
                (row, number, text.property, text.level, text.language, text.text, folded if is_name else None),
            )
            column = "name" if is_name else "other"
            index.execute(f"INSERT INTO passage (rowid, {column}) VALUES (?, ?)", (row, folded))
        columns = ["\n".join(fold(text.text) for text in ordered if text.level is level) for level in Level]
        index.execute(f"INSERT INTO entry (rowid, {COLUMNS}) VALUES (?, ?, ?, ?, ?)", (number, *columns))
        first = last + 1
    index.execute("INSERT INTO spelling (rowid, folded) SELECT id, folded FROM literal WHERE folded IS NOT NULL")
