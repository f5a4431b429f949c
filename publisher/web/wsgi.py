"""A WSGI application called for one request that has been read whole (PEP 3333)."""

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from msgspec import Struct
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from publisher.web.framing import Fields

_OF_THE_CONNECTION = frozenset(("connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"))
"""Fields that are for the server only (RFC 9110 §7.6.1); the body has been read."""
Headers = list[tuple[str, str]]
Environment = dict[str, Any]
Scope = Mapping[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Any]

_LONGEST_WHOLE = 1 << 20
"""Bytes of a body that is held whole; longer ones are sent piece by piece."""


class Reply(Struct, frozen=True):
    """Status, header fields and body; ``pieces`` are the body if it is too long to be held whole.

    Whoever has read the pieces calls ``close``. ``notes`` are for the access log.
    """

    status: int
    headers: Headers
    body: bytes = b""
    pieces: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None
    notes: Mapping[str, str | int] = {}


def _combined(fields: Fields) -> dict[str, str]:
    """The header fields by name; several lines of one field are one list (RFC 9110 §5.3).

    Names with an underscore are left out: WSGI could not tell them from those with a hyphen.
    """
    found: dict[str, list[str]] = {}
    for raw_name, value in fields:
        name = raw_name.decode("latin-1")
        if "_" not in name:
            found.setdefault(name, []).append(value.decode("latin-1"))
    return {name: ", ".join(values) for name, values in found.items()}


def environment(scope: Scope, body: bytes) -> Environment:
    """The request as WSGI has it; nothing of the process's own environment is in it.

    Args:
        scope: the request as ASGI has it.
        body: all of it.
    """
    host, port = scope["server"]
    found: Environment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in _combined(scope["headers"]).items():
        if name == "content-type":
            found["CONTENT_TYPE"] = value
        elif name != "content-length" and name not in _OF_THE_CONNECTION:
            found["HTTP_" + name.upper().replace("-", "_")] = value
    return found


def raw_fields(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Header fields as they are sent."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def head_of(reply: Reply) -> bytes:
    """The status line and the header fields of an answer, without the line that ends them."""
    lines = (b"%b: %b\r\n" % field for field in raw_fields(reply.headers))
    return STATUS_LINE[reply.status] + b"".join(lines)


def call(application: Application, request: Environment) -> Reply:
    """The application's answer."""
    begun: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: Headers, _: object = None) -> Callable[[bytes], object]:
        begun.append((int(status.partition(" ")[0]), headers))
        return io.BytesIO().write  # PEP 3333's write(), which Flask does not use.

    pieces = application(request, start_response)
    close = getattr(pieces, "close", lambda: None)
    status, headers = begun[-1]
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    if length > _LONGEST_WHOLE:
        return Reply(status, headers, pieces=iter(pieces), close=close)
    try:
        return Reply(status, headers, b"".join(pieces))
    finally:
        close()
