"""Long requests are looked at one at a time: to decode one, or to cut it into words, takes all of the interpreter."""

import threading
from contextlib import AbstractContextManager, nullcontext

LONG = 8_192
"""Bytes or characters beyond which a request is long: few honest ones are."""
_turn = threading.Lock()


def is_long(size: int) -> bool:
    """Whether what is to be looked at, of so many bytes or characters, is long."""
    return size > LONG


def in_turn(size: int) -> AbstractContextManager[object]:
    """Waits for other long requests if this one is long.

    Args:
        size: of what is to be looked at, in bytes or characters.
    """
    return _turn if is_long(size) else nullcontext()
