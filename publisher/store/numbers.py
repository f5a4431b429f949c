"""Numbers about the processes that answer queries, for those who run the site (Prometheus)."""

from contextlib import suppress

import psutil
from prometheus_client import Counter, Gauge

WAITING = Gauge("publisher_queries_waiting", "Queries that wait for a process.", ("lane",), multiprocess_mode="livesum")
BUSY = Gauge("publisher_workers_busy", "Processes that answer a query.", ("lane",), multiprocess_mode="livesum")
STARTED = Counter("publisher_workers_started_total", "Processes started to answer queries.", ("lane",))
ENDED = Counter(
    "publisher_workers_ended_total",
    "Processes ended: at the deadline, by the limit of memory, since the caller had gone, since they crashed, since "
    "their query or place went to the other lane, or with the release that they answered from.",
    ("reason",),
)
RESIDENT = Gauge(
    "publisher_workers_resident_bytes",
    "Memory that the processes hold, shared pages included.",
    multiprocess_mode="livesum",
)


def measure() -> None:
    """Notes the memory of the processes that this one has started."""
    total = 0
    for process in psutil.Process().children():
        with suppress(psutil.Error):  # It may have ended since.
            total += process.memory_info().rss
    RESIDENT.set(total)
