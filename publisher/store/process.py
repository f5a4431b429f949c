"""A worker process, seen from the server that asks it."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import psutil

from publisher.core.errors import PublisherError
from publisher.store.protocol import Answer, Caller, QueryTask
from publisher.store.worker import WorkerSettings

_GRACE = 5.0
"""Seconds that a process gets to end when its connection is closed."""
_GLANCE = 0.1
"""Seconds between looks at whether the caller still waits."""
_LOW_PRIORITY = 5
"""On Linux about a third of the share of others; with a tenth, long queries come to no end on a busy machine."""


class Worker:
    """Starts the process; it answers one task at a time.

    Args:
        settings: sent to the process first.
        low_priority: whether all others get the processor first.
    """

    def __init__(self, settings: WorkerSettings, *, low_priority: bool = False) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            # Its own process group, so that Ctrl-C reaches the server only; not its own session,
            # because Linux weighs priorities within one session only (sched(7), autogroup).
            self._process = subprocess.Popen(
                [sys.executable, "-m", "publisher.store.worker"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
                process_group=0,
            )
            self._connection: Connection[Any, Any] = Connection(os.dup(ours.fileno()))
        # ``Connection.poll`` makes one each time, which takes longer than many a query.
        self._ready = select.poll()
        self._ready.register(self._connection.fileno(), select.POLLIN)
        if low_priority:
            self.lower_priority()
        self.seconds = 0.0
        self._used: float | None = None
        with suppress(OSError):  # One that is gone already is found out by who asks it.
            self._connection.send(settings)

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def lower_priority(self) -> None:
        """From now on all others get the processor first."""
        with suppress(ProcessLookupError):  # It may have ended since.
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOW_PRIORITY)

    def give(self, task: QueryTask) -> None:
        """Hands over a task; a process that is gone is found out by ``answer``."""
        self.seconds = 0.0
        with suppress(OSError):
            self._connection.send(task)

    def look(self) -> float:
        """The seconds of a processor that the running task has taken; 0 while the process starts."""
        if self._used is not None:
            with suppress(psutil.Error):
                times = psutil.Process(self._process.pid).cpu_times()
                self.seconds = float(times.user + times.system) - self._used
        return self.seconds

    def answer(self, patience: float, caller: Caller) -> Answer | PublisherError | None:
        """The answer to the task.

        Args:
            patience: seconds to wait for it.
            caller: nobody waits any longer once it is gone.

        Returns:
            None when there is none yet; ``is_alive`` tells whether there may still be one.
        """
        deadline = time.monotonic() + patience
        try:
            while (left := deadline - time.monotonic()) > 0 and not caller.is_gone():
                if self._ready.poll(1000 * min(left, _GLANCE)):
                    answer: Answer | PublisherError | None
                    answer, used = self._connection.recv()
                    self.seconds, self._used = used - (self._used or 0.0), used
                    if answer is not None:
                        return answer
        except (EOFError, OSError):
            self.end()
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
