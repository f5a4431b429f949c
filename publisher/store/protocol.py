"""What the site asks of a store, whichever one stands behind it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal
Binding = Term | Sequence[Term]
"""What a variable is bound to beforehand: one term, or each of several."""
Row = Mapping[str, Term]
"""One solution: variable name → term; unbound variables are absent."""


class Window(Struct, frozen=True):
    """How a query is asked, besides what its variables are bound to one by one.

    Args:
        offset: solutions that are passed over (SPARQL 1.1 §15.4).
        rows: values that belong together, of the same variables in each row.
    """

    offset: int = 0
    rows: Sequence[Row] = ()


WHOLE = Window()


class Store(Protocol):
    """The site's own, bounded queries: files in ``publisher/store/queries/``."""

    def select(self, name: str, window: Window = WHOLE, /, **bindings: Binding) -> list[Row]:
        """The solutions of ``queries/<name>.rq`` with variables bound beforehand.

        Args:
            name: the file's stem.
            window: which solutions, and what is bound row by row.
            bindings: variable name → term, or terms.
        """

    def construct(self, name: str, **bindings: Binding) -> list[Triple]:
        """The triples that ``queries/<name>.rq`` constructs, sorted.

        Args:
            name: the file's stem.
            bindings: variable name → term, or terms.
        """


class QueryTask(Struct, frozen=True):
    """A public query that the guard has let through.

    Args:
        query: its text.
        format: short name of the format of the answer, from the format table.
        default_graphs: ``default-graph-uri`` parameters (SPARQL 1.1 Protocol §2.1.4).
        named_graphs: ``named-graph-uri`` parameters. When neither list names a graph, the
            dataset is the one the query asks for, or the union of all graphs and all of
            them by name.
    """

    query: str
    format: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


class Caller(Struct, frozen=True):
    """Who asks a public query.

    Args:
        address: the network address, to share the processes fairly.
        is_gone: whether the answer has nobody to go to any more.
    """

    address: str = ""
    is_gone: Callable[[], bool] = lambda: False


ANYONE = Caller()


class Answer(Struct, frozen=True):
    """What a public query gave: the whole answer, and the number of rows or triples in it."""

    body: bytes
    rows: int


class Pool(Protocol):
    """Answers the public's queries within the limits of the settings."""

    def run(self, task: QueryTask, caller: Caller = ANYONE) -> Answer:
        """The whole answer in the task's format.

        Args:
            task: the query.
            caller: who asks it.

        Raises:
            BadQuery: the query has a syntax error.
            QueryUnsupported: the query calls a function that there is not.
            NotAcceptable: the answer cannot be written in the format.
            QueryTimeout: the deadline passed.
            ResultTooLarge: the answer or the memory it took is over the limit.
            CallerGone: nobody waits for the answer any more.
            QueryLost: what answered the query broke down.
            Overloaded: too many queries are waiting.
        """

    @property
    def is_ready(self) -> bool:
        """Whether queries can be answered."""

    def close(self) -> None:
        """Ends everything that the pool has started."""
