"""What a build tells of data that is good, but cannot be published in every way."""

import textwrap
from collections.abc import Iterable, Sequence

import pyoxigraph

from publisher.core import xml

_MOST = 200
"""Characters of a statement that are shown."""


def remarks(quads: Iterable[pyoxigraph.Quad], left_out: Sequence[str]) -> list[str]:
    """The remarks, each in one line.

    Args:
        quads: the dataset.
        left_out: names of the downloads that could not be written.
    """
    return [_left_out(quads, left_out)] if left_out else []


def _left_out(quads: Iterable[pyoxigraph.Quad], names: Sequence[str]) -> str:
    statement = xml.first_unwritable(sorted({quad.triple for quad in quads}, key=str))
    shown = textwrap.shorten(str(statement), _MOST, placeholder=" …")
    return f"Left out of the downloads: {', '.join(names)}. RDF/XML cannot write: {shown}"
