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
from dataclasses import dataclass

from publisher.core.errors import PublisherError
from publisher.core.release import STORE, Release
from publisher.core.request_errors import QueryLost, QueryTimeout, ResultTooLarge
from publisher.core.settings import Settings
from publisher.store.history import History, Kind
from publisher.store.lane import Lane
from publisher.store.process import Worker
from publisher.store.protocol import ANYONE, Answer, Caller, QueryTask
from publisher.store.worker import WorkerSettings

_GRACE = 5.0
"""Seconds beyond the deadline, for a worker to start and for its own alarm to end it."""
_SLOWED = 8
"""How much longer than on a free processor a quick query may take."""


@dataclass
class _Seat:
    """A worker for one query, the lane to which it goes back, and when it was given the query, if it was."""

    worker: Worker
    lane: Lane
    began: float | None = None

    def give(self, task: QueryTask, caller: Caller) -> None:
        """Hands the query over.

        Raises:
            QueryLost: the caller has gone while it waited for its turn.
        """
        if caller.is_gone():
            raise QueryLost("Nobody waits for the answer any more.")
        self.began = time.monotonic()
        self.worker.give(task)


class QueryPool:
    """A fixed number of workers in two lanes.

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
        for lane in (self._quick, self._long):
            for _ in range(lane.workers):
                self._add_worker(lane)
        self._end = weakref.finalize(self, _kill, self._workers)

    def run(self, task: QueryTask, caller: Caller = ANYONE) -> Answer:
        """See ``protocol.Pool.run``."""
        kind = self._history.kind(task.query, caller)
        answer = self._ask_quickly(task, caller, kind) if self._history.is_quick(kind) else None
        if answer is None:
            with self._seat(self._long, kind) as seat:
                seat.give(task, caller)
                answer = self._wait(seat.worker, caller)
        if isinstance(answer, PublisherError):
            raise answer
        return answer

    def _ask_quickly(self, task: QueryTask, caller: Caller, kind: Kind) -> Answer | PublisherError | None:
        """None if the query takes longer and the long lane has no room for it now."""
        with self._seat(self._quick, kind) as seat:
            seat.give(task, caller)
            answer = self._answer_soon(seat.worker, caller)
            if answer is None and seat.worker.is_alive and not caller.is_gone():
                relieved = self._long.spare()
                if relieved is None:
                    seat.worker.kill()
                    return None
                # The query goes on where it is; the worker that waited for it makes room for another.
                self._remove_worker(relieved)
                seat.worker.lower_priority()
                seat.lane = self._long
                self._add_worker(self._quick)
            return answer or self._wait(seat.worker, caller)

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
            return QueryLost("Nobody waits for the answer any more.")
        return self._loss(worker.end())

    @contextmanager
    def _seat(self, lane: Lane, kind: Kind) -> Iterator[_Seat]:
        """A worker of a lane, when one is free; what it becomes is looked at afterwards."""
        seat = _Seat(lane.take(self._history.use(kind.address), self._settings.query_timeout), lane)
        if not seat.worker.is_alive:
            self._remove_worker(seat.worker)
            seat.worker = self._new_worker(lane)
        try:
            yield seat
        finally:
            is_alive = seat.worker.is_alive
            if seat.began is not None:
                seconds = seat.worker.seconds if is_alive else time.monotonic() - seat.began
                self._history.note(kind, seconds, is_done=is_alive)
            if is_alive:
                seat.lane.put(seat.worker)
            else:
                self._remove_worker(seat.worker)
                self._add_worker(seat.lane)

    def _new_worker(self, lane: Lane) -> Worker:
        with self._lock:
            if self._closed:
                raise QueryLost("The server is closing.")
            worker = Worker(self._worker_settings, low_priority=lane.low_priority)
            self._workers.add(worker)
        return worker

    def _add_worker(self, lane: Lane) -> None:
        lane.put(self._new_worker(lane))

    def _remove_worker(self, worker: Worker) -> None:
        worker.kill()
        with self._lock:
            self._workers.discard(worker)

    def _loss(self, code: int) -> PublisherError:
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
            self._closed = True
            self._end()
        for lane in (self._quick, self._long):
            lane.close()


def _kill(workers: Iterable[Worker]) -> None:
    """Also runs when the pool is forgotten or the interpreter ends."""
    for worker in workers:
        worker.kill()
