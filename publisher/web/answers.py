"""Whole answers kept in memory: a release never changes, so neither do they."""

from typing import NamedTuple

from cachetools import LRUCache

from publisher.web.wsgi import Reply

_KEY_FIELDS = (
    "accept",
    "accept-encoding",
    "accept-language",
    "accept-profile",
    "content-encoding",
    "content-type",
    "cookie",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "range",
)
"""Header fields that an answer may depend on; every ``Vary`` names some of them."""
_LONGEST_KEY = 8_192
"""Characters and bytes; longer requests are hardly sent twice."""
_SHARE = 16
"""A single answer takes at most this part of the memory."""
_OVERHEAD = _LONGEST_KEY
"""Bytes that an entry takes besides its body, at most about."""


class Key(NamedTuple):
    """All of a request that its answer depends on."""

    method: str
    path: str
    query: str
    fields: tuple[str | None, ...]
    body: bytes

    @property
    def size(self) -> int:
        """Its length in characters and bytes."""
        return len(self.path) + len(self.query) + len(self.body) + sum(map(len, filter(None, self.fields)))


def key_of(method: str, path: str, query: str, fields: dict[str, str], body: bytes) -> Key:
    """The key of a request.

    Args:
        method: as received.
        path: as received.
        query: as received, without the question mark.
        fields: header fields, names in lower case.
        body: as received.
    """
    return Key(method, path, query, tuple(map(fields.get, _KEY_FIELDS)), body)


class AnswerCache:
    """The answers given last, within a bound of memory; for one thread.

    Args:
        capacity: bytes.
    """

    def __init__(self, capacity: int) -> None:
        self._largest = capacity // _SHARE
        self._replies: LRUCache[Key, Reply] = LRUCache(capacity, getsizeof=lambda reply: len(reply.body) + _OVERHEAD)

    def get(self, key: Key) -> Reply | None:
        """The answer to the same request, if it is still there."""
        found: Reply | None = self._replies.get(key)
        return found

    def keep(self, key: Key, reply: Reply) -> None:
        """Keeps an answer that says it may be kept (RFC 9111 §5.2.2.9, ``public``)."""
        control = next((value for name, value in reply.headers if name.lower() == "cache-control"), "")
        is_whole = reply.pieces is None and len(reply.body) <= self._largest
        if "public" in control and is_whole and key.size <= _LONGEST_KEY:
            self._replies[key] = reply
