"""Whole answers kept in memory: a release never changes, so neither do they."""

from typing import NamedTuple

from cachetools import LRUCache

from publisher.web.framing import Fields
from publisher.web.wsgi import Reply, head_of

_OF_BODIES = frozenset((b"content-length", b"expect", b"transfer-encoding"))
"""Header fields that tell of a body: only where it is known, or where there is none, an answer can be kept."""
_KEY_FIELDS = frozenset(
    (
        b"accept",
        b"accept-encoding",
        b"accept-language",
        b"accept-profile",
        b"content-encoding",
        b"content-type",
        b"cookie",
        b"host",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-range",
        b"if-unmodified-since",
        b"range",
        *_OF_BODIES,
    )
)
"""Header fields that an answer may depend on; every ``Vary`` names some of them."""
_LONGEST_KEY = 8_192
"""Characters and bytes; longer requests are hardly sent twice."""
_REMEMBERED = 1_000
"""Requests of which all bytes are remembered."""
_SHARE = 16
"""A single answer takes at most this part of the memory, with all that belongs to it."""
_OVERHEAD = _LONGEST_KEY
"""Bytes that an entry takes besides its body, at most about."""


class Key(NamedTuple):
    """All of a request that its answer depends on."""

    method: bytes
    target: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return len(self.target) + len(self.body) + sum(len(value) for _, value in self.fields)


class Kept(NamedTuple):
    """An answer, and its status line and header fields as they are sent; the last fields are missing."""

    reply: Reply
    head: bytes


def key_of(method: bytes, target: bytes, fields: Fields, body: bytes = b"") -> Key:
    """The key of a request.

    Args:
        method: as received.
        target: as received.
        fields: as received.
        body: as received.
    """
    return Key(method, target, tuple([field for field in fields if field[0] in _KEY_FIELDS]), body)


class AnswerCache:
    """The answers given last, within a bound of memory; for one thread.

    Args:
        capacity: bytes.
    """

    def __init__(self, capacity: int) -> None:
        self._largest = capacity // _SHARE - _OVERHEAD
        self._requests: LRUCache[bytes, Key] = LRUCache(_REMEMBERED)
        self._replies: LRUCache[Key, Kept] = LRUCache(capacity, getsizeof=lambda kept: len(kept.reply.body) + _OVERHEAD)

    def get(self, key: Key) -> Kept | None:
        """The answer to the same request, if it is still there."""
        try:
            return self._replies[key]
        except KeyError:
            return None

    def same(self, sent: bytes) -> tuple[Key, Kept] | None:
        """The key and the answer of a request that was remembered, byte for byte, if it is still there."""
        key = self._requests.get(sent)
        kept = self.get(key) if key else None
        return (key, kept) if key and kept else None

    def remember(self, sent: bytes, key: Key) -> None:
        """Remembers a request that is answered from memory: all of it, and nothing else.

        Args:
            sent: what the client sent.
            key: its key.
        """
        if len(sent) <= _LONGEST_KEY:
            self._requests[sent] = key

    def keep(self, key: Key, reply: Reply) -> None:
        """Keeps an answer that says it may be kept (RFC 9111 §5.2.2.9, ``public``).

        A request without a host is not kept: whether it is one depends on its version of HTTP.
        """
        control = next((value for name, value in reply.headers if name.lower() == "cache-control"), "")
        is_whole = reply.pieces is None and len(reply.body) <= self._largest
        names = {name for name, _ in key.fields}
        is_plain = b"host" in names and (_OF_BODIES.isdisjoint(names) or bool(key.body))
        if "public" in control and is_whole and is_plain and key.size <= _LONGEST_KEY:
            self._replies[key] = Kept(reply, head_of(reply))
