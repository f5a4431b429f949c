"""What can be wrong with a request whatever it asks for: its size, and the host that it names."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from publisher.core.request_errors import AddressTooLong, BadRequest, HeaderTooLarge, RequestError

HEADER_BYTES = 1 << 17
"""Longest address and header fields of a request, together."""
_ADDRESS_BYTES = 65_000
"""Longest address; the parser takes no more than 65,535."""
_DIGITS = 19
"""Digits from which on a length is longer than anything."""
_MOST_FIELDS = 100
_HOST = re.compile(rb"(\[[\w:.]+\]|([\w\-.~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(:[0-9]*)?", re.ASCII)
"""A host with or without a port, or nothing (RFC 3986 §3.2.2)."""
_UPGRADE = re.compile(rb"^upgrade:", re.IGNORECASE | re.MULTILINE)
_ASCII = "".join(map(chr, range(0x80)))

Fields = Sequence[tuple[bytes, bytes]]
"""Header fields, names in lower case."""


def fault_of(version: str, target: bytes, fields: Fields) -> RequestError | None:
    """What is wrong with a request.

    An HTTP/1.1 request has one ``Host`` line, also where its target names a host already (RFC 9112 §3.2); HTTP/1.0
    may lack it.

    Args:
        version: of HTTP, as ``1.1``.
        target: as received.
        fields: as received.
    """
    if len(target) > _ADDRESS_BYTES:
        return AddressTooLong("It is longer than {limit} bytes.", hint="Send the query by POST.", limit=_ADDRESS_BYTES)
    if _size(target, fields) > HEADER_BYTES or len(fields) > _MOST_FIELDS:
        return header_too_large()
    for name, value in fields:
        if name == b"content-length" and len(value) > _DIGITS:
            length = value[:_DIGITS].decode("ascii") + "…"
            return BadRequest("'{length}' is no length of a body.", where="Content-Length", length=length)
    hosts = [value for name, value in fields if name == b"host"]
    if len(hosts) > 1 or not (hosts or version != "1.1") or not all(map(_HOST.fullmatch, hosts)):
        return BadRequest("The request does not name exactly one host.", hint="Send one Host field with it.")
    return None


def held_by(scope: Mapping[str, Any]) -> int:
    """The bytes that a request (as ASGI has it) holds as long as it waits, besides its body."""
    return _size(scope["raw_path"] + scope["query_string"], scope["headers"])


def _size(target: bytes, fields: Fields) -> int:
    return len(target) + sum([len(name) + len(value) for name, value in fields])


def header_too_large() -> HeaderTooLarge:
    """What is said of a header over ``HEADER_BYTES``, or with very many fields."""
    return HeaderTooLarge(
        "Its address and header fields have more than {limit} bytes, or there are more than {most} fields.",
        limit=HEADER_BYTES,
        most=_MOST_FIELDS,
    )


def origin_form(target: bytes) -> bytes:
    """The path and the query of a target (RFC 9112 §3.2); of one that is too long, some of it.

    Args:
        target: as received.
    """
    if target[:7].lower() == b"http://" or target[:8].lower() == b"https://":
        absolute = urlsplit(target)
        target = (absolute.path or b"/") + (b"?" + absolute.query if absolute.query else b"")
    return target[:_ADDRESS_BYTES]


def readable(begun: bytes) -> bytes:
    """The beginning of a request as the parser reads it.

    It refuses a target that is not percent-encoded, which is read as UTF-8 here, and takes a body for another protocol
    where one is offered, which may be ignored (RFC 9110 §7.8): Java's client does so.

    Args:
        begun: what came first, as a rule the whole header.
    """
    if begun.isascii() and b"upgrade" not in begun.lower():
        return begun
    line, end, rest = begun.partition(b"\r\n")
    if not line.isascii():
        line = quote(line, safe=_ASCII).encode("ascii")
    fields, blank, body = rest.partition(b"\r\n\r\n")
    return line + end + _UPGRADE.sub(b"x-upgrade:", fields) + blank + body


def problem_of(error: RequestError) -> bytes:
    """The problem details (RFC 9457) of a request that cannot be read as one, so that no application can answer it."""
    members = {"type": "about:blank", "title": error.title, "status": error.status, "detail": error.fill(error.detail)}
    return json.dumps(members).encode()
