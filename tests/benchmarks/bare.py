"""The least that an endpoint can do which answers queries in a process that can be killed.

Not an endpoint: it looks at nothing but the query, and believes all that it is sent. What it
takes longer than the engine's own server is what every such endpoint takes longer.

    python -m tests.benchmarks.bare STORE PORT
"""

import asyncio
import os
import socket
import struct
import sys
from asyncio import Transport
from typing import Any
from urllib.parse import unquote_plus

import uvicorn
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_LENGTH = struct.Struct("!I")
_FIELDS = b"".join(b"x-field-%d: as many as an endpoint sends\r\n" % number for number in range(12))
_HEAD = b"HTTP/1.1 200 OK\r\n" + _FIELDS + b"content-type: %b\r\ncontent-length: %d\r\n\r\n"


def answer_queries(store: Store, connection: socket.socket) -> None:
    """Answers one query after the other; each and its answer come with their length before them."""
    stream = connection.makefile("rb")
    while head := stream.read(_LENGTH.size):
        results = store.query(stream.read(*_LENGTH.unpack(head)).decode())
        if isinstance(results, QuerySolutions | QueryBoolean):
            kind, body = "application/sparql-results+json", results.serialize(format=QueryResultsFormat.JSON)
        else:
            kind, body = "application/n-triples", results.serialize(format=RdfFormat.N_TRIPLES)
        answer = _HEAD % (kind.encode(), len(body or b"")) + (body or b"")
        connection.sendall(_LENGTH.pack(len(answer)) + answer)


class Bare(HttpToolsProtocol):
    """Hands the query of each request on as soon as its header is read."""

    worker: socket.socket
    waiting: list[Transport] = []  # noqa: RUF012
    received = bytearray()

    def on_headers_complete(self) -> None:
        """A query has come."""
        query = unquote_plus(self.url.partition(b"query=")[2].decode()).encode()
        self.waiting.append(self.transport)
        self.worker.sendall(_LENGTH.pack(len(query)) + query)

    def on_message_complete(self) -> None:
        """Nothing is left to do."""

    @classmethod
    def read(cls) -> None:
        """Hands the answers of the worker on."""
        cls.received += cls.worker.recv(1 << 20)
        while len(cls.received) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(cls.received)[0]
            if len(cls.received) < end:
                return
            cls.waiting.pop(0).write(bytes(cls.received[_LENGTH.size : end]))
            del cls.received[:end]


async def _live(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    asyncio.get_running_loop().add_reader(Bare.worker.fileno(), Bare.read)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


def main(store: str, port: int) -> None:
    """Serves until it is stopped."""
    Bare.worker, theirs = socket.socketpair()
    if os.fork() == 0:
        Bare.worker.close()
        answer_queries(Store.read_only(store), theirs)
        os._exit(0)
    theirs.close()
    uvicorn.run(_live, host="127.0.0.1", port=port, http=Bare, loop="uvloop", log_level="error", access_log=False)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
