"""A lane of seats for workers, and the bounded queue before it: who has used least is served first."""

import itertools
import threading
from bisect import insort
from collections.abc import Sequence

from msgspec import Struct

from publisher.core.request_errors import Overloaded
from publisher.store.numbers import BUSY, WAITING
from publisher.store.process import Worker


class Seat(Struct, eq=False):
    """Where a query is answered; ``worker`` is None as long as nobody has needed one."""

    worker: Worker | None = None


class _Ticket(Struct, order=True):
    """Somebody who waits: after those that have used less, and those that came before."""

    use: float
    number: int
    is_turned_away: bool = False


class Lane:
    """Seats that wait for a query.

    A place in the queue is lost to a newcomer who has used less: one who fills it with long
    queries is the first to be turned away.

    Args:
        seats: how many there are.
        waiting: how many queries may wait.
        low_priority: whether all others get the processor first.
    """

    def __init__(self, seats: int, waiting: int, *, low_priority: bool) -> None:
        self.low_priority = low_priority
        self.name = "long" if low_priority else "quick"
        self._waiting = waiting
        self._idle = [Seat() for _ in range(seats)]
        self._queue: list[_Ticket] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._busy = BUSY.labels(self.name)

    @property
    def idle(self) -> Sequence[Seat]:
        """The seats that wait."""
        with self._changed:
            return tuple(self._idle)

    def put(self, seat: Seat) -> None:
        """Gives a seat to who is first in the queue, or lets it wait."""
        with self._changed:
            self._idle.append(seat)
            self._busy.dec()
            self._changed.notify_all()

    def spare(self) -> Seat | None:
        """A seat that nobody waits for."""
        with self._changed:
            return self._occupy() if self._idle and not self._queue else None

    def take(self, use: float, patience: float) -> Seat:
        """A seat, when it is the asker's turn.

        Args:
            use: what the asker has lately used; less goes first.
            patience: seconds to wait.

        Raises:
            Overloaded: too many wait who have used no more, or no seat came free in time.
        """
        ticket = _Ticket(use, next(self._numbers))
        with self._changed, WAITING.labels(self.name).track_inprogress():
            insort(self._queue, ticket)
            if len(self._queue) > self._waiting + len(self._idle):
                self._queue.pop().is_turned_away = True
                self._changed.notify_all()
            is_served = self._changed.wait_for(
                lambda: self._closed or ticket.is_turned_away or self._is_next(ticket), patience
            )
            if ticket.is_turned_away:
                raise Overloaded("{count} queries are waiting already.", hint="Try again shortly.", count=self._waiting)
            self._queue.remove(ticket)
            self._changed.notify_all()
            if self._closed:
                raise Overloaded("The server is closing.", hint="Try again shortly.")
            if not is_served:
                raise Overloaded("No process came free in time.", hint="Try again shortly.")
            return self._occupy()

    def close(self) -> None:
        """Turns everybody away who waits or comes."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _occupy(self) -> Seat:
        self._busy.inc()
        return self._idle.pop()  # The one that was busy last has the warmest caches.

    def _is_next(self, ticket: _Ticket) -> bool:
        return bool(self._idle) and self._queue[0] is ticket
