"""What is remembered of queries and callers: long queries must not be in the way of quick ones."""

import re
import threading
import time

from cachetools import LRUCache
from msgspec import Struct

from publisher.store.protocol import Caller

_REMEMBERED = 10_000
"""Shapes of queries, and callers, that are remembered; the ones seen last."""
_HALF_LIFE = 30.0
"""Seconds after which half of a caller's use is forgotten."""
_CONSTANTS = re.compile(r"""<[^<>\s]*>|"[^"]*"|'[^']*'|\#[^\r\n]*|[0-9]+|\s+""")


class Kind(Struct, frozen=True):
    """A query by its shape, which leaves out IRIs, texts and numbers, and by who asks it."""

    shape: int
    address: str


class _Use(Struct, frozen=True):
    seconds: float
    at: float

    def left(self, now: float) -> float:
        return float(self.seconds * 0.5 ** ((now - self.at) / _HALF_LIFE))


class History:
    """Tells from the past whether a query will be quick.

    Args:
        quick: seconds of a processor within which a query counts as quick.
    """

    def __init__(self, quick: float) -> None:
        self._quick = quick
        self._lock = threading.Lock()
        self._shapes: LRUCache[Kind, float] = LRUCache(_REMEMBERED)
        self._callers: LRUCache[str, _Use] = LRUCache(_REMEMBERED)

    def kind(self, query: str, caller: Caller) -> Kind:
        """What the query is remembered under."""
        return Kind(hash(_CONSTANTS.sub(" ", query)), caller.address)

    def is_quick(self, kind: Kind) -> bool:
        """Whether the caller's last query of this shape was quick; without one, whether the caller used little."""
        with self._lock:
            last = self._shapes.get(kind)
        return (self.use(kind.address) if last is None else last) < self._quick

    def use(self, address: str) -> float:
        """The seconds that a caller has lately used."""
        with self._lock:
            use = self._callers.get(address)
            return use.left(time.monotonic()) if use else 0.0

    def note(self, kind: Kind, seconds: float, *, is_done: bool) -> None:
        """Remembers how many seconds of a processor a query took.

        Args:
            kind: the query's.
            seconds: until it was done or ended.
            is_done: whether it came to its end; one that was ended counts as long, since nobody knows.
        """
        now = time.monotonic()
        with self._lock:
            self._shapes[kind] = seconds if is_done else max(seconds, self._quick)
            use = self._callers.get(kind.address)
            self._callers[kind.address] = _Use(seconds + (use.left(now) if use else 0.0), now)
