"""The site's own queries: the files in ``publisher/store/queries``."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import dropwhile

from publisher.store.protocol import Term
from publisher.store.terminals import tokens


@cache
def text(name: str) -> str:
    """The text of ``queries/<name>.rq``."""
    return files(__package__).joinpath("queries", f"{name}.rq").read_text(encoding="utf-8")


def bind(query: str, bindings: Mapping[str, Term]) -> str:
    """Binds variables beforehand with a ``VALUES`` block (SPARQL 1.1 §10.2).

    It stands first in the outermost group, not after the query: there it would come too
    late for filters and for variables that the query groups away. Values are written by
    the engine's own serialiser of terms.

    Args:
        query: one of the site's queries, with ``WHERE`` spelt out.
        bindings: variable name → term.
    """
    if not bindings:
        return query
    cut = _inside(query)
    names = " ".join(f"?{name}" for name in bindings)
    values = " ".join(str(term) for term in bindings.values())
    return f"{query[:cut]} VALUES ({names}) {{ ({values}) }} {query[cut:]}"


@cache
def _inside(query: str) -> int:
    """Where the outermost group of a query begins."""
    after_where = dropwhile(lambda token: token.word != "WHERE", tokens(query))
    return next(token.start + 1 for token in after_where if token.text == "{")
