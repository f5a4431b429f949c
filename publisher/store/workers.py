"""Answers the public's queries in processes that can be killed.

Pebble was measured first and left: ending a query that runs in native code holds up all
its other workers for three seconds, and the death of an idle worker ends its pool for
good. Here each worker has its own socket and each request its own worker, so nothing is
shared that a death could break.
"""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterable
from multiprocessing.connection import Connection
from typing import Any

from publisher.core.errors import Overloaded, PublisherError, QueryLost, QueryTimeout, ResultTooLarge
from publisher.core.release import STORE, Release
from publisher.core.settings import Settings
from publisher.store.protocol import QueryTask
from publisher.store.worker import WorkerSettings

_GRACE = 5.0
"""Seconds beyond the deadline, for a worker to start and for its own alarm to end it."""


class _Worker:
    """A worker process, seen from the server."""

    def __init__(self, settings: WorkerSettings) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "publisher.store.worker"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
                start_new_session=True,
            )
            self._connection: Connection[Any, Any] = Connection(os.dup(ours.fileno()))
        self._connection.send(settings)

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def ask(self, task: QueryTask, patience: float) -> bytes | PublisherError | None:
        """The worker's answer, or ``None`` when it died over it or ran out of time."""
        try:
            self._connection.send(task)
            if self._connection.poll(patience):
                answer: bytes | PublisherError = self._connection.recv()
                return answer
        except (EOFError, OSError):
            pass
        return None

    def end(self) -> int:
        """Ends the process if it has not ended, and gives its exit code."""
        self._connection.close()
        try:
            return self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGALRM

    def kill(self) -> None:
        """Ends the process at once."""
        self._process.kill()
        self._process.wait()


class QueryPool:
    """A fixed number of workers and a bounded queue before them.

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
            timeout=settings.query_timeout,
            memory=settings.query_memory,
            result_bytes=settings.result_bytes,
        )
        self._places = threading.BoundedSemaphore(settings.query_workers + settings.query_queue)
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._workers = {_Worker(self._worker_settings) for _ in range(settings.query_workers)}
        for worker in self._workers:
            self._idle.put(worker)
        self._end = weakref.finalize(self, _kill, self._workers)

    def run(self, task: QueryTask) -> bytes:
        """See ``protocol.Pool.run``."""
        if not self._places.acquire(blocking=False):
            raise Overloaded(f"{self._settings.query_queue} queries are waiting already.", hint="Try again shortly.")
        try:
            return self._run(task)
        finally:
            self._places.release()

    def _run(self, task: QueryTask) -> bytes:
        try:
            worker = self._idle.get(timeout=self._settings.query_timeout)
        except queue.Empty:
            raise Overloaded("No process came free in time.", hint="Try again shortly.") from None
        try:
            if not worker.is_alive:
                worker = self._replace(worker)[0]
            answer = worker.ask(task, self._settings.query_timeout + _GRACE)
            if answer is None:
                worker, code = self._replace(worker)
                raise self._loss(code)
        finally:
            self._idle.put(worker)
        if isinstance(answer, PublisherError):
            raise answer
        return answer

    def _replace(self, lost: _Worker) -> tuple[_Worker, int]:
        """Ends a worker and starts another in its place; also gives the exit code."""
        code = lost.end()
        with self._lock:
            if self._closed:
                raise QueryLost("The server is closing.")
            self._workers.discard(lost)
            worker = _Worker(self._worker_settings)
            self._workers.add(worker)
        return worker, code

    def _loss(self, code: int) -> PublisherError:
        if code == -signal.SIGALRM:
            return QueryTimeout(
                f"It ran longer than {self._settings.query_timeout:g} seconds.",
                hint="Narrow it down, or download the data set and ask at home.",
            )
        if code in (-signal.SIGABRT, -signal.SIGKILL):
            return ResultTooLarge(
                f"It took more memory than {self._settings.query_memory} MiB.",
                hint="Narrow it down, or leave out ORDER BY and DISTINCT.",
            )
        return QueryLost(
            "It is too intricate for the engine.",
            hint="Shorten long chains of triples, UNION, operators or property paths.",
        )

    def close(self) -> None:
        """Ends all workers; queries that run are lost."""
        with self._lock:
            self._closed = True
            self._end()


def _kill(workers: Iterable[_Worker]) -> None:
    """Also runs when the pool is forgotten or the interpreter ends."""
    for worker in workers:
        worker.kill()
