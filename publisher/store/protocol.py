"""What the site asks of a store, whichever one stands behind it."""

from collections.abc import Mapping
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal
Row = Mapping[str, Term]
"""One solution: variable name → term; unbound variables are absent."""


class Store(Protocol):
    """The site's own, bounded queries: files in ``publisher/store/queries/``."""

    def select(self, name: str, **bindings: Term) -> list[Row]:
        """The solutions of ``queries/<name>.rq`` with variables bound beforehand.

        Args:
            name: the file's stem.
            bindings: variable name → term.
        """

    def construct(self, name: str, **bindings: Term) -> list[Triple]:
        """The triples that ``queries/<name>.rq`` constructs, sorted.

        Args:
            name: the file's stem.
            bindings: variable name → term.
        """
