"""The body of a request, read to its end within limits of size and time (RFC 9112 §6)."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from granian.rsgi import HTTPProtocol, ProtocolClosed

from publisher.core.request_errors import BadRequest, BodyTooLarge, LengthRequired, RequestError, RequestTimeout
from publisher.core.settings import Settings

_DIGITS = 19
"""Digits from which on a length is longer than anything."""
_DRAINED = 1 << 24
"""Bytes of a body that is too large which are read and thrown away: a client that still sends hears no answer."""


async def read_body(
    fields: Mapping[str, str], protocol: HTTPProtocol, settings: Settings
) -> tuple[bytes, RequestError | None]:
    """The body, or what is wrong with it.

    Only a body that says how long it is can be told from one that broke off, before it is held in memory.

    Args:
        fields: header fields, names in lower case.
        protocol: where it comes from.
        settings: ``body_bytes`` and ``body_timeout`` are the limits.
    """
    if "transfer-encoding" in fields:
        return b"", LengthRequired(
            "The body does not say how long it is.", hint="Send it whole, with Content-Length instead of in chunks."
        )
    length, limit = fields.get("content-length", "0"), settings.body_bytes
    if not (length.isascii() and length.isdigit() and len(length) < _DIGITS):
        return b"", BadRequest("'{length}' is no length of a body.", where="Content-Length", length=length)
    if int(length) > limit:
        if int(length) <= _DRAINED and "expect" not in fields:
            await _drain(protocol, settings.body_timeout)
        return b"", BodyTooLarge("It is longer than {limit} bytes.", limit=limit)
    try:
        async with asyncio.timeout(settings.body_timeout):
            return await protocol(), None
    except TimeoutError:
        return b"", RequestTimeout(
            "It was not there after {limit:g} seconds.", hint="Send it again.", limit=settings.body_timeout
        )
    except ProtocolClosed:
        return b"", BadRequest("The body broke off before its end.", hint="Send it again.")


async def _drain(protocol: HTTPProtocol, patience: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            async for _ in protocol:
                pass
