"""What operators see: a line of the access log for each request, and numbers for Prometheus."""

import json
import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from msgspec import Struct
from prometheus_client import Counter, Histogram

from publisher.core.request_errors import CallerGone
from publisher.core.settings import Settings
from publisher.web.access_log import log_handler
from publisher.web.problems import slug_of

_GONE = slug_of(CallerGone)
_LONGEST_PATH = 1_000
"""Characters of a path that the access log keeps."""
_CUT = "…"
REQUESTS = Counter("publisher_requests_total", "Requests answered.", ("endpoint", "method", "status", "cached"))
SECONDS = Histogram(
    "publisher_request_seconds",
    "Time from the first byte of a request to its answer, where that had not been kept.",
    ("endpoint",),
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
)
Notes = Mapping[str, str | int]
_METHODS = frozenset(("GET", "HEAD", "OPTIONS", "POST"))


# Finding the series of some labels costs more than counting in it.
_requests = cache(REQUESTS.labels)
_seconds = cache(SECONDS.labels)


class Seen(Struct):
    """One request.

    Args:
        method: of the request.
        path: of the request, without the query.
        client: network address of who sent it.
        started: ``time.perf_counter()`` when it came.
        bytes: sent as body.
        is_cached: whether the answer had been kept.
        notes: what the application adds: endpoint, query hash, rows, problem.
    """

    method: str
    path: str
    client: str
    started: float
    bytes: int = 0
    is_cached: bool = False
    notes: Notes = {}


class Observer:
    """Writes the access log and counts.

    Args:
        settings: ``access_log`` says where the log goes.

    Raises:
        SettingsError: it cannot go there.
    """

    def __init__(self, settings: Settings) -> None:
        self._log = logging.getLogger("publisher.access")
        self._log.propagate = False
        self._log.handlers.clear()
        if settings.access_log:
            self._log.addHandler(log_handler(settings.access_log))
            self._log.setLevel(logging.INFO)

    @property
    def is_logging(self) -> bool:
        """Whether there is an access log."""
        return bool(self._log.handlers)

    def count(self, method: str, status: int, notes: Notes, *, is_cached: bool) -> None:
        """Counts a request; see ``note``."""
        outcome = "gone" if notes.get("problem") == _GONE else status
        known = method if method in _METHODS else "other"
        _requests(_endpoint(notes), known, outcome, "true" if is_cached else "false").inc()

    def note(self, seen: Seen, status: int) -> None:
        """Notes a request that has been answered with a status.

        Who has gone got no status: it is counted as ``gone``, so that nobody is alarmed.
        """
        seconds = time.perf_counter() - seen.started
        self.count(seen.method, status, seen.notes, is_cached=seen.is_cached)
        if not seen.is_cached:  # Else noting the time would take longer than the answer.
            _seconds(_endpoint(seen.notes)).observe(seconds)
        if self.is_logging:
            entry = {
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "client": seen.client,
                "method": seen.method,
                "path": seen.path if len(seen.path) <= _LONGEST_PATH else seen.path[:_LONGEST_PATH] + _CUT,
                "status": status,
                "bytes": seen.bytes,
                "seconds": round(seconds, 6),
                "cached": seen.is_cached,
                **seen.notes,
            }
            # JSON escapes line breaks and control characters: nobody can forge a line.
            self._log.info(json.dumps(entry, ensure_ascii=True))


def _endpoint(notes: Notes) -> str:
    return str(notes.get("endpoint", "none"))
