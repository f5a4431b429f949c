"""The body of a request, read to its end within limits of size and time (RFC 9112 §6)."""

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from publisher.core.request_errors import BadRequest, BodyTooLarge, RequestError, RequestTimeout
from publisher.web.framing import Fields

if TYPE_CHECKING:
    from publisher.web.connection import Arrival

_DRAINED = 1 << 24
"""Bytes of a body that is too large which are read and thrown away: a client that still sends hears no answer."""


class Receive(Protocol):
    """Gives the next piece of a request, as ASGI has it."""

    async def __call__(self) -> Any:
        """An event ``http.request`` or ``http.disconnect``."""


async def read_body(fields: Fields, receive: Receive, arrival: "Arrival") -> tuple[bytes, RequestError | None]:
    """The body, or what is wrong with it.

    Args:
        fields: header fields.
        receive: where it comes from.
        arrival: the request; knows the limits, and whether the body broke off.
    """
    settings = arrival.connection.settings
    told = max((int(value) for name, value in fields if name == b"content-length"), default=0)
    most = settings.body_bytes
    too_large = BodyTooLarge("It is longer than {limit} bytes.", limit=most)
    if told > _DRAINED or (told > most and any(name == b"expect" for name, _ in fields)):
        return b"", too_large
    body = bytearray()
    size, more, is_cut = 0, True, False
    try:
        async with asyncio.timeout(settings.body_timeout):
            while more and size <= _DRAINED:
                event = await receive()
                size += len(event.get("body", b""))
                if size <= most:
                    body += event.get("body", b"")
                more = event.get("more_body", False)
                is_cut = arrival.is_cut or event["type"] == "http.disconnect"
    except TimeoutError:
        if size <= most:
            return b"", RequestTimeout(
                "It was not there after {limit:g} seconds.", hint="Send it again.", limit=settings.body_timeout
            )
    if size > most:
        return b"", too_large
    if is_cut:
        return b"", BadRequest("The body broke off before its end.", hint="Send it again.")
    return bytes(body), None
