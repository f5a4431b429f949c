"""A WSGI application called for one request that has been read whole (PEP 3333)."""

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from granian.rsgi import Scope

_OF_THE_CONNECTION = frozenset(("connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"))
"""Fields that are for the server only (RFC 9110 §7.6.1); the body has been read."""
Headers = list[tuple[str, str]]
Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Any]

_LONGEST_WHOLE = 1 << 20
"""Bytes of a body that is held whole; longer ones are sent piece by piece."""


@dataclass(frozen=True)
class Reply:
    """Status, header fields and body; ``pieces`` are the body if it is too long to be held whole.

    Whoever has read the pieces calls ``close``. ``notes`` are for the access log.
    """

    status: int
    headers: Headers
    body: bytes = b""
    pieces: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None
    notes: Mapping[str, str | int] = field(default_factory=dict)


def fields_of(scope: Scope) -> dict[str, str]:
    """The header fields, names in lower case; several lines of one field are one list (RFC 9110 §5.3).

    Names with an underscore are left out: WSGI could not tell them from those with a hyphen.
    """
    fields: dict[str, str] = {}
    for name, value in scope.headers.items():
        if "_" not in name:
            fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


def environment(scope: Scope, fields: Mapping[str, str], body: bytes) -> Environment:
    """The request as WSGI has it; nothing of the process's own environment is in it."""
    host, _, port = scope.server.rpartition(":")
    found: Environment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _native(scope.path),
        "QUERY_STRING": _native(scope.query_string),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in fields.items():
        if name == "content-type":
            found["CONTENT_TYPE"] = value
        elif name != "content-length" and name not in _OF_THE_CONNECTION:
            found["HTTP_" + name.upper().replace("-", "_")] = _native(value)
    if "host" not in fields and scope.authority:
        found["HTTP_HOST"] = scope.authority
    return found


def _native(text: str) -> str:
    """Bytes as PEP 3333 has them: one character each. The server has decoded them as UTF-8."""
    return text.encode().decode("latin-1")


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
