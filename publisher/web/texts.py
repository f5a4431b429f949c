"""The texts of sources, each read once: a release never changes."""

from functools import lru_cache
from typing import cast

from pyoxigraph import Literal, NamedNode

from publisher.web.site import site
from publisher.web.vocabulary import vocabulary


def text_with(exact: str, start: int, end: int, source: str) -> str | None:
    """The text of a source in which words stand at a place; None if no such text is published.

    Args:
        exact: the words.
        start: number of their first character.
        end: number of the character after the last one.
        source: the IRI of the source.
    """
    return next((text for text in _literals(vocabulary(), source) if text[start:end] == exact), None)


@lru_cache(maxsize=64)
def _literals(_: object, source: str) -> tuple[str, ...]:
    """The literal values of a source, the longest first."""
    rows = site().store.select("literals", thing=NamedNode(source))
    return tuple(sorted((cast(Literal, row["text"]).value for row in rows), key=len, reverse=True))
