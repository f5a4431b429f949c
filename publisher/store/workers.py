"""Answers the public's queries in processes that can be killed.

Pebble was measured first and left: ending a query that runs in native code holds up all
its other workers for three seconds, and the death of an idle worker ends its pool for
good. Here each worker has its own socket and each request its own worker, so nothing is
shared that a death could break.

There are two lanes (decision 13). A query starts in the quick lane unless it is known to
take long. What is not done there in time changes lanes, and runs on at a low priority
if the long lane has room; otherwise it is ended and begun anew there when its turn comes.
"""

import signal
import threading
import time
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from msgspec import Struct

from publisher.core.errors import PublisherError
from publisher.core.release import STORE, Release
from publisher.core.request_errors import CallerGone, Overloaded, QueryLost, QueryTimeout, ResultTooLarge
from publisher.core.settings import Settings
from publisher.store.history import History, Kind
from publisher.store.lane import Lane, Seat
from publisher.store.numbers import ENDED, STARTED
from publisher.store.process import Worker
from publisher.store.protocol import ANYONE, Answer, Caller, QueryTask
from publisher.store.worker import WorkerSettings

_GRACE = 5.0
"""Seconds beyond the deadline, for a worker to start and for its own alarm to end it."""
_REASONS = {-signal.SIGALRM: "deadline", -signal.SIGABRT: "memory", -signal.SIGKILL: "memory"}
"""How a worker ended, by its exit code; by any other it crashed."""
_SLOWED = 8
"""How much longer than on a free processor a quick query may take."""


class _Turn(Struct):
    """A query that runs: in which lane and seat, who answers it, and since when."""

    lane: Lane
    seat: Seat
    worker: Worker
    began: float


class QueryPool:
    """Workers in two lanes with a fixed number of seats; the first long query starts the first worker for long ones.

    Args:
        settings: the limits.
        release: the release whose store is asked.
    """

    def __init__(self, settings: Settings, release: Release) -> None:
        self._settings = settings
        self._worker_settings = WorkerSettings(
            store=release.folder / STORE,
            base_iri=release.base_iri,
            prefixes=release.prefixes,
            triples=release.counts.get("triples"),
            timeout=settings.query_timeout,
            memory=settings.query_memory,
            result_bytes=settings.result_bytes,
            result_rows=settings.result_rows,
        )
        self._history = History(settings.quick_time)
        self._lock = threading.Lock()
        self._closed = False
        self._workers: set[Worker] = set()
        self._quick = Lane(settings.quick_workers, settings.query_queue, low_priority=False)
        self._long = Lane(settings.query_workers, settings.query_queue, low_priority=True)
        for seat in self._quick.idle:
            seat.worker = self._start(self._quick)
        self._end = weakref.finalize(self, _kill, self._workers)

    def run(self, task: QueryTask, caller: Caller = ANYONE) -> Answer:
        """See ``protocol.Pool.run``."""
        kind = self._history.kind(task.query, caller)
        answer = self._ask_quickly(task, caller, kind) if self._history.is_quick(kind) else None
        if answer is None:
            with self._turn(self._long, task, caller, kind) as turn:
                answer = self._wait(turn.worker, caller)
        if isinstance(answer, PublisherError):
            raise answer
        return answer

    def _ask_quickly(self, task: QueryTask, caller: Caller, kind: Kind) -> Answer | PublisherError | None:
        """None if the query takes longer and the long lane has no room for it now."""
        with self._turn(self._quick, task, caller, kind) as turn:
            answer = self._answer_soon(turn.worker, caller)
            if answer is None and turn.worker.is_alive and not caller.is_gone():
                seat = self._long.spare()
                if seat is None:
                    turn.worker.kill()
                    ENDED.labels("moved").inc()
                    return None
                self._change_lanes(turn, seat)
            return answer or self._wait(turn.worker, caller)

    def _change_lanes(self, turn: _Turn, seat: Seat) -> None:
        """The query goes on in a seat for long ones, and another worker is quick instead."""
        if seat.worker is not None:
            ENDED.labels("moved").inc()
        self._vacate(seat)
        left, turn.lane, turn.seat = turn.seat, self._long, seat
        seat.worker, left.worker = turn.worker, None
        try:
            turn.worker.lower_priority()
            left.worker = self._start(self._quick)
        finally:
            self._quick.put(left)

    def _answer_soon(self, worker: Worker, caller: Caller) -> Answer | PublisherError | None:
        """The answer if it comes in time; what others take of the processor does not count."""
        quick = self._settings.quick_time
        deadline = time.monotonic() + _SLOWED * quick
        while time.monotonic() < deadline:
            answer = worker.answer(quick, caller)
            if answer is not None or not worker.is_alive or caller.is_gone() or worker.look() > quick / 2:
                return answer
        return None

    def _wait(self, worker: Worker, caller: Caller) -> Answer | PublisherError:
        """Waits until the deadline; the worker's own alarm is the first to end a query."""
        answer = worker.answer(self._settings.query_timeout + _GRACE, caller)
        if answer is not None:
            return answer
        if caller.is_gone():
            worker.kill()
            ENDED.labels("gone").inc()
            return CallerGone("Nobody waits for the answer any more.")
        return self._loss(worker.end())

    @contextmanager
    def _turn(self, lane: Lane, task: QueryTask, caller: Caller, kind: Kind) -> Iterator[_Turn]:
        """Hands a query over when a seat is free; what becomes of seat and worker is looked at afterwards.

        Raises:
            CallerGone: the caller has gone while it waited for its turn.
            Overloaded: see ``Lane.take``.
        """
        seat = lane.take(self._history.use(kind.address), self._settings.query_timeout)
        turn = None
        try:
            if caller.is_gone():
                raise CallerGone("Nobody waits for the answer any more.")
            if seat.worker is not None and not seat.worker.is_alive:
                ENDED.labels("crashed").inc()
                self._vacate(seat)
            if seat.worker is None:
                seat.worker = self._start(lane)
            turn = _Turn(lane, seat, seat.worker, time.monotonic())
            turn.worker.give(task)
            yield turn
        finally:
            if turn is None:
                lane.put(seat)
            else:
                self._leave(turn, kind)

    def _leave(self, turn: _Turn, kind: Kind) -> None:
        """Notes how long the query took, and gives its seat back, with another worker if that one was lost."""
        is_alive = turn.worker.is_alive
        seconds = turn.worker.seconds if is_alive else time.monotonic() - turn.began
        self._history.note(kind, seconds, is_done=is_alive)
        try:
            if not is_alive:
                self._vacate(turn.seat)
                if turn.lane is self._quick:
                    turn.seat.worker = self._start(turn.lane)
        finally:
            turn.lane.put(turn.seat)

    def _start(self, lane: Lane) -> Worker:
        """A new worker.

        Raises:
            QueryLost: the pool is closed.
            Overloaded: the system lets no process start now.
        """
        with self._lock:
            if self._closed:
                raise QueryLost("The server is closing.")
            try:
                worker = Worker(self._worker_settings, low_priority=lane.low_priority)
            except OSError:
                raise Overloaded("No process came free in time.", hint="Try again shortly.") from None
            self._workers.add(worker)
            STARTED.labels(lane.name).inc()
        return worker

    def _vacate(self, seat: Seat) -> None:
        """Ends the worker of a seat, if it has one."""
        worker, seat.worker = seat.worker, None
        if worker is not None:
            worker.kill()
            with self._lock:
                self._workers.discard(worker)

    def _loss(self, code: int) -> PublisherError:
        ENDED.labels(_REASONS.get(code, "crashed")).inc()
        if code == -signal.SIGALRM:
            return QueryTimeout(
                "It ran longer than {limit:g} seconds.",
                hint="Narrow it down, or download the data set and ask at home.",
                limit=self._settings.query_timeout,
            )
        if code in (-signal.SIGABRT, -signal.SIGKILL):
            return ResultTooLarge(
                "It took more memory than {limit} MiB.",
                hint="Narrow it down, or leave out ORDER BY and DISTINCT.",
                limit=self._settings.query_memory,
            )
        return QueryLost(
            "It is too intricate for the engine.",
            hint="Shorten long chains of triples, UNION, operators or property paths.",
        )

    @property
    def is_ready(self) -> bool:
        """See ``protocol.Pool.is_ready``."""
        with self._lock:
            return not self._closed and any(worker.is_alive for worker in self._workers)

    def close(self) -> None:
        """Ends all workers; queries that run are lost."""
        with self._lock:
            if not self._closed:
                ENDED.labels("closed").inc(len(self._workers))
            self._closed = True
            self._end()
        for lane in (self._quick, self._long):
            lane.close()


def _kill(workers: Iterable[Worker]) -> None:
    """Also runs when the pool is forgotten or the interpreter ends."""
    for worker in workers:
        worker.kill()
