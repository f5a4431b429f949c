"""The site as the server calls it (RSGI): Flask in threads, answers kept, callers watched.

WSGI alone would lend a thread to whoever sends a request slowly, and would not tell when a
caller has gone. Here a request is read to its end first, within limits of size and time.
"""

import asyncio
import os
import signal
import sys
import threading
import time
from asyncio import AbstractEventLoop
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import parent_process

from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope

from publisher.core.settings import Settings
from publisher.web import wsgi
from publisher.web.answers import key_of
from publisher.web.caller import GONE, NOTES, REFUSAL
from publisher.web.framing import fault_of
from publisher.web.observe import Observer, Seen
from publisher.web.request_body import read_body
from publisher.web.switch import Switch

_WITHOUT_BODY = frozenset(("GET", "HEAD", "OPTIONS"))
_MORE_THREADS = 16
"""Threads for everything besides public queries."""
_SOON = 0.05
"""Seconds after which it is worth while to look whether the caller goes."""
_TURN = 0.0005
"""Seconds after which a thread lets another one run: a hostile query that is being looked at holds nobody up."""
_LOOK = 1.0
"""Seconds between looks at whether the parent process still runs."""
_END = b""


class Gateway:
    """An RSGI application.

    Args:
        settings: the limits, and where the releases are.
    """

    def __init__(self, settings: Settings) -> None:
        sys.setswitchinterval(_TURN)
        self._settings = settings
        self._proxy_field = settings.proxy_field.lower()
        self._switch = Switch(settings)
        self._observer = Observer(settings)
        threads = settings.quick_workers + settings.query_workers + 2 * settings.query_queue + _MORE_THREADS
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")

    def __rsgi_init__(self, loop: AbstractEventLoop) -> None:
        """Called when the server starts."""
        self._watching = [loop.create_task(self._switch.watch()), loop.create_task(_end_with_parent())]

    def __rsgi_del__(self, loop: AbstractEventLoop) -> None:
        """Called when the server stops; requests that run have been answered."""
        for task in self._watching:
            task.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._switch.close()

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answers one request."""
        fields = wsgi.fields_of(scope)
        client = self._client(scope, fields)
        seen = Seen(scope.method, scope.path, client, time.perf_counter())
        refusal = fault_of(scope.http_version, fields)
        body = b""
        if refusal is None and scope.method not in _WITHOUT_BODY:
            body, refusal = await read_body(fields, protocol, self._settings)
        key = key_of(scope.method, scope.path, scope.query_string, fields, body)
        reply = None if refusal else self._switch.now.cache.get(key)
        if reply:
            seen.is_cached, seen.notes, seen.bytes = True, reply.notes, len(reply.body)
            protocol.response_bytes(reply.status, reply.headers, reply.body)
            self._observer.note(seen, reply.status)
            return
        notes: dict[str, str | int] = {}
        seen.notes = notes
        with self._switch.use() as serving:
            request = wsgi.environment(scope, fields, body)
            request.update({"REMOTE_ADDR": client, REFUSAL: refusal, NOTES: notes})
            reply = await self._ask(serving.app, request, protocol)
            if refusal is None:
                serving.cache.keep(key, replace(reply, notes=notes))
            if reply.pieces is None:
                seen.bytes = len(reply.body)
            else:
                seen.bytes = await self._send(reply, reply.pieces, protocol)
        self._observer.note(seen, reply.status)

    def _client(self, scope: Scope, fields: dict[str, str]) -> str:
        """The address of who asks; a proxy appends it to what it was told itself."""
        if self._proxy_field and (told := fields.get(self._proxy_field, "").rpartition(",")[2].strip()):
            return told
        return scope.client.rpartition(":")[0]

    async def _ask(self, app: wsgi.Application, request: wsgi.Environment, protocol: HTTPProtocol) -> wsgi.Reply:
        """Runs the application in a thread, and lets it know when the caller goes."""
        loop, gone = asyncio.get_running_loop(), threading.Event()
        request[GONE] = gone.is_set
        watching: list[asyncio.Future[None]] = []

        def watch() -> None:
            watching.append(asyncio.ensure_future(protocol.client_disconnect()))
            watching[0].add_done_callback(lambda _: gone.set())

        running = loop.run_in_executor(self._threads, _answer, app, request, protocol)
        soon = loop.call_later(_SOON, watch)
        try:
            return await running
        finally:
            soon.cancel()
            for future in watching:
                future.cancel()

    async def _send(self, reply: wsgi.Reply, pieces: Iterator[bytes], protocol: HTTPProtocol) -> int:
        """Sends an answer piece by piece; gives the length of what was sent, in bytes."""
        loop, sent = asyncio.get_running_loop(), 0
        try:
            transport = protocol.response_stream(reply.status, reply.headers)
            while piece := await loop.run_in_executor(self._threads, next, pieces, _END):
                await transport.send_bytes(piece)
                sent += len(piece)
        except ProtocolClosed:
            pass  # The client has gone, and needs no more of it.
        finally:
            reply.close()
        return sent


def _answer(app: wsgi.Application, request: wsgi.Environment, protocol: HTTPProtocol) -> wsgi.Reply:
    """The application's answer; one that is whole has been sent: the caller does not wait for the event loop."""
    reply = wsgi.call(app, request)
    if reply.pieces is None:
        protocol.response_bytes(reply.status, reply.headers, reply.body)
    return reply


async def _end_with_parent() -> None:
    """Ends this process when the one that started it is gone: nobody else would, and it would keep the port."""
    parent = parent_process()
    while parent is not None and os.getppid() == parent.pid:
        await asyncio.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)
