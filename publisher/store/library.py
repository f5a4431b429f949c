"""The site's own queries: the files in ``publisher/store/queries``."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import dropwhile

from publisher.store.protocol import WHOLE, Binding, Term, Window
from publisher.store.terminals import tokens

_GROUP = "WHERE {"
"""Begins the outermost group in each of the site's own queries, and is there once: no need to look at every word."""


@cache
def text(name: str) -> str:
    """The text of ``queries/<name>.rq``."""
    return files(__package__).joinpath("queries", f"{name}.rq").read_text(encoding="utf-8")


def bound(name: str, bindings: Mapping[str, Binding], window: Window = WHOLE) -> str:
    """The text of ``queries/<name>.rq`` with variables bound, see ``bind``."""
    query = text(name)
    return _insert(query, query.index(_GROUP) + len(_GROUP), bindings, window)


def bind(query: str, bindings: Mapping[str, Binding]) -> str:
    """Binds variables beforehand, each with a ``VALUES`` block (SPARQL 1.1 §10.2).

    They stand first in the outermost group, not after the query: there they would come too
    late for filters and for variables that the query groups away. Values are written by
    the engine's own serialiser of terms.

    Args:
        query: with ``WHERE`` spelt out.
        bindings: variable name → term, or terms.
    """
    return _insert(query, _inside(query), bindings, WHOLE)


def _insert(query: str, cut: int, bindings: Mapping[str, Binding], window: Window) -> str:
    """Binds variables where the query is cut, those of the window's rows in a block of their own."""
    blocks = [f"VALUES ?{name} {{ {_terms(values)} }}" for name, values in bindings.items()]
    if window.rows:
        names = tuple(window.rows[0])
        blocks.append(inline_data(names, ([row[name] for name in names] for row in window.rows)))
    asked = f"{query}OFFSET {window.offset:d}\n" if window.offset else query
    if not blocks:
        return asked
    return f"{asked[:cut]} {' '.join(blocks)} {asked[cut:]}"


def inline_data(names: Iterable[str], rows: Iterable[Iterable[Term | None]]) -> str:
    """A ``VALUES`` block of several variables (SPARQL 1.1 §10.2.1).

    Args:
        names: of the variables.
        rows: a term for each of them, None where it is unbound.
    """
    data = " ".join(f"({' '.join('UNDEF' if term is None else str(term) for term in row)})" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {data} }}"


def _terms(bound: Binding) -> str:
    return " ".join(map(str, bound)) if isinstance(bound, Sequence) else str(bound)


@cache
def _inside(query: str) -> int:
    """Where the outermost group of a query begins."""
    after_where = dropwhile(lambda token: token.word != "WHERE", tokens(query))
    return next(token.start + 1 for token in after_where if token.text == "{")
