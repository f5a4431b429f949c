"""The body of another server's answer, read whole within bounds."""

import time
from typing import Protocol

from publisher.core.errors import PublisherError

_CHUNK = 1 << 16


class Readable(Protocol):
    """An answer, whichever client library it comes from."""

    def read1(self, amount: int, /) -> bytes:
        """What has arrived, ``amount`` bytes at most; nothing at the end."""


def read_whole(response: Readable, most: int, deadline: float, too_large: PublisherError) -> bytes:
    """The whole body.

    Args:
        response: where it is read from.
        most: bytes that it may have.
        deadline: the moment of the monotonic clock at which it must be there.
        too_large: what is raised if it has more.

    Raises:
        TimeoutError: it was not there in time.
        PublisherError: ``too_large``.
    """
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > most:
            raise too_large
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(body)
