"""What drawings are made from: lines of a table under the variable names that their kind asks for."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from publisher.store.protocol import Term
from publisher.web.pictures.svg import Titled
from publisher.web.values import Value


class Line(Struct, frozen=True):
    """A line of the table: for each variable its values, each as a term and as it is shown."""

    terms: Mapping[str, Sequence[Term]]
    cells: Mapping[str, Sequence[Value]]
    bindings: Sequence[int] = ()
    """The numbers of the rows that it stands for."""
    count: int = 0
    """How many different things are counted, if the picture counts."""

    def term(self, variable: str) -> Term | None:
        """The value of a variable that has at most one."""
        return next(iter(self.terms.get(variable, ())), None)

    def value(self, variable: str) -> Value | None:
        """The value of a variable that has at most one, as it is shown."""
        return next(iter(self.cells.get(variable, ())), None)


class Drawable(Titled, Protocol):
    """What can be drawn: a declared picture, or the answer to a query."""

    @property
    def kind_name(self) -> str:
        """One of ``core.picture.KINDS``."""

    @property
    def lines(self) -> Sequence[Line]:
        """What is drawn."""
