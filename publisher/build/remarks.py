"""What a build tells of data that is good, but cannot be published in every way."""

import textwrap
from collections.abc import Collection, Iterable, Sequence

import pyoxigraph

from publisher.build.dataset import canonical_quads
from publisher.core import xml

_MOST = 200
"""Characters of a statement that are shown."""


def remarks(given: Iterable[pyoxigraph.Quad], stored: Sequence[pyoxigraph.Quad], left_out: Sequence[str]) -> list[str]:
    """The remarks, each in one line.

    Args:
        given: the dataset as it was read.
        stored: the same as the store gives it back.
        left_out: names of the downloads that could not be written.
    """
    # A form that the store chose it leaves as it is, so that what was rewritten is not among what is stored.
    rewritten = {quad.object for quad in given} - {quad.object for quad in stored}
    return [
        *([_left_out(stored, left_out)] if left_out else ()),
        *([_rewritten(rewritten)] if rewritten else ()),
    ]


def _left_out(quads: Iterable[pyoxigraph.Quad], names: Sequence[str]) -> str:
    statement = xml.first_unwritable(sorted({quad.triple for quad in quads}, key=str))
    shown = textwrap.shorten(str(statement), _MOST, placeholder=" …")
    return f"Left out of the downloads: {', '.join(names)}. RDF/XML cannot write: {shown}"


def _rewritten(literals: Collection[object]) -> str:
    first = min((term for term in literals if isinstance(term, pyoxigraph.Literal)), key=str)
    node = pyoxigraph.NamedNode("urn:node")
    (quad,) = canonical_quads([pyoxigraph.Quad(node, node, first)])
    count = "1 literal is" if len(literals) == 1 else f"{len(literals)} literals are"
    return f"{count} published in another lexical form of the same value: {first} as {quad.object}"
