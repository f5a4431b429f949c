"""The site as the server calls it (ASGI): Flask in threads, answers kept, callers watched.

WSGI alone would lend a thread to whoever sends a request slowly, and would not tell when a
caller has gone. Here a request is read to its end first, within limits of size and time.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import parent_process
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from msgspec.structs import replace

from publisher.core.settings import Settings
from publisher.web import wsgi
from publisher.web.answers import Kept, Key
from publisher.web.caller import GONE, NOTES, REFUSAL
from publisher.web.framing import Fields, origin_form
from publisher.web.observe import Observer, Seen
from publisher.web.request_body import Receive, read_body
from publisher.web.switch import Switch

if TYPE_CHECKING:
    from publisher.web.connection import Arrival, Connection

ARRIVAL = "publisher.arrival"
"""Key of a scope's extensions: the ``Arrival`` that the request is."""
Send = Callable[[dict[str, Any]], Awaitable[None]]

WITHOUT_BODY = frozenset(("GET", "HEAD", "OPTIONS"))
"""Methods whose requests are answered without waiting for a body."""
_MORE_THREADS = 16
"""Threads for everything besides public queries."""
_TURN = 0.0005
"""Seconds after which a thread lets another one run: a hostile query that is being looked at holds nobody up."""
_LOOK = 1.0
"""Seconds between looks at whether the parent process still runs."""
LONGEST_PIECE = 1 << 16
"""Bytes of an answer that are handed over at once; the client must take as much within ``body_timeout``."""
_END = b""
_T = TypeVar("_T")


class Gateway:
    """An ASGI application, for ``Connection`` only.

    Args:
        settings: the limits, and where the releases are.
        most_connections: how many there may be at a time.
    """

    def __init__(self, settings: Settings, most_connections: int) -> None:
        sys.setswitchinterval(_TURN)
        self.settings = settings
        self.most_connections = most_connections
        self._proxy_field = settings.proxy_field.lower().encode()
        self._switch = Switch(settings)
        self._observer = Observer(settings)
        threads = settings.quick_workers + settings.query_workers + 2 * settings.query_queue + _MORE_THREADS
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")

    def kept(self, key: Key) -> Kept | None:
        """What was answered to the same request, if it is still there."""
        return self._switch.now.cache.get(key)

    def same(self, sent: bytes) -> tuple[Key, Kept] | None:
        """The key and the answer of a request that has been sent before, byte for byte.

        Where there is an access log each is read, since the log tells what it says of who asks.
        """
        return None if self._observer.is_logging else self._switch.now.cache.same(sent)

    def remember(self, sent: bytes, key: Key) -> None:
        """Remembers what a request looks like that was answered from memory."""
        self._switch.now.cache.remember(sent, key)

    def note_kept(self, key: Key, kept: Kept, connection: "Connection") -> None:
        """Notes that a request was answered from memory."""
        method, reply = key.method.decode("ascii"), kept.reply
        if not self._observer.is_logging:
            self._observer.count(method, reply.status, reply.notes, is_cached=True)
            return
        client = self._client(connection.headers, connection.client)
        path = unquote(origin_form(key.target).partition(b"?")[0])
        seen = Seen(method, path, client, time.perf_counter(), len(reply.body))
        seen.is_cached, seen.notes = True, reply.notes
        self._observer.note(seen, reply.status)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answers one request, or lives as long as the server does."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        arrival: Arrival = scope["extensions"][ARRIVAL]
        client = self._client(scope["headers"], scope["client"])
        seen = Seen(scope["method"], scope["path"], client, time.perf_counter())
        refusal, body, key = arrival.refusal, b"", arrival.key
        if refusal is None and seen.method not in WITHOUT_BODY:
            body, refusal = await read_body(scope["headers"], receive, arrival)
            key = key._replace(body=body)
        kept = None if refusal else self.kept(key)
        if kept:
            seen.is_cached, seen.notes = True, kept.reply.notes
            seen.bytes = await self._send(kept.reply, receive, send, arrival.connection)
            self._observer.note(seen, kept.reply.status)
            return
        notes: dict[str, str | int] = {}
        seen.notes = notes
        with self._switch.use() as serving:
            request = wsgi.environment(scope, body)
            request.update({"REMOTE_ADDR": client, REFUSAL: refusal, NOTES: notes})
            request[GONE] = arrival.connection.is_gone
            reply = await self._run(wsgi.call, serving.app, request)
            if refusal is None:
                serving.cache.keep(key, replace(reply, notes=notes))
            seen.bytes = await self._send(reply, receive, send, arrival.connection)
        self._observer.note(seen, reply.status)

    def _client(self, fields: Fields, client: tuple[str, int] | None) -> str:
        """The address of who asks; a proxy appends it to what it was told itself."""
        told = [value for name, value in fields if name == self._proxy_field]
        if told and (address := told[-1].rpartition(b",")[2].strip()):
            return address.decode("latin-1")
        return client[0] if client else ""

    async def _send(self, reply: wsgi.Reply, receive: Receive, send: Send, connection: "Connection") -> int:
        """Sends an answer piece by piece; gives the length of what was sent, in bytes."""
        begun = {"type": "http.response.start", "status": reply.status, "headers": wsgi.raw_fields(reply.headers)}
        sent = 0
        try:
            await send(begun)
            async for piece in self._pieces(reply):
                for start in range(0, len(piece), LONGEST_PIECE):
                    part = piece[start : start + LONGEST_PIECE]
                    await send({"type": "http.response.body", "body": part, "more_body": True})
                    sent += len(part)
                if connection.is_gone():
                    while (await receive())["type"] != "http.disconnect":
                        pass
                    return sent
            await send({"type": "http.response.body"})
            return sent
        finally:
            reply.close()

    async def _pieces(self, reply: wsgi.Reply) -> AsyncIterator[bytes]:
        if reply.pieces is None:
            yield reply.body
        else:
            while piece := await self._run(next, reply.pieces, _END):
                yield piece

    def _run(self, function: Callable[..., _T], *arguments: object) -> asyncio.Future[_T]:
        return asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Watches for a new release until the server stops; requests that run have been answered then."""
        loop = asyncio.get_running_loop()
        watching = [loop.create_task(self._switch.watch()), loop.create_task(_end_with_parent())]
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in watching:
            task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._switch.close()
        await send({"type": "lifespan.shutdown.complete"})


async def _end_with_parent() -> None:
    """Ends this process when the one that started it is gone: nobody else would, and it would keep the port."""
    if (parent := parent_process()) is None:
        return
    while os.getppid() == parent.pid:
        await asyncio.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
