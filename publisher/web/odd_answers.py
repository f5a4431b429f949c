"""Answers of the engine that are wrong, or allowed and surprising: the table behind the page for programs."""

import tomllib
from functools import cache
from pathlib import Path

from msgspec import Struct

_TABLE = Path(__file__).with_suffix(".toml")


class Wrong(Struct, frozen=True):
    """A query that the engine answers wrongly; ``odd_answers.toml`` says what the fields hold."""

    query: str
    gives: str
    right: str
    clause: str
    known: str


class Allowed(Struct, frozen=True):
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
