"""Answers of the engine that are wrong, or allowed and surprising: the table behind the page for programs."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Wrong:
    """A query that the engine answers wrongly; ``odd_answers.toml`` says what the fields hold."""

    query: str
    gives: str
    right: str
    clause: str
    known: str


@dataclass(frozen=True)
class Allowed:
    """A query with an answer that surprises and is allowed."""

    query: str
    gives: str
    why: str


@cache
def wrong() -> tuple[Wrong, ...]:
    """The wrong answers."""
    return tuple(Wrong(**entry) for entry in _entries("wrong"))


@cache
def allowed() -> tuple[Allowed, ...]:
    """The answers that surprise."""
    return tuple(Allowed(**entry) for entry in _entries("allowed"))


def _entries(name: str) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = tomllib.loads(_TABLE.read_text(encoding="utf-8"))[name]
    return entries
