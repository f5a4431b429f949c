"""A connection of the server: what was answered before is answered at once, and nobody may dawdle.

The rest is uvicorn's: the requests of a connection, one after the other, as ASGI scopes.
"""

from asyncio import AbstractEventLoop, TimerHandle, Transport
from dataclasses import dataclass
from typing import Any, cast

from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from publisher.core.request_errors import BadRequest, RequestError
from publisher.web import framing
from publisher.web.answers import Key, key_of
from publisher.web.gateway import ARRIVAL, LONGEST_PIECE, WITHOUT_BODY, Gateway

_MOST_WAITING = 100
"""Requests that may have been sent before the one that is being answered has been; the rest may be sent again."""
_MOST_BYTES_WAITING = 1 << 21
"""What they may hold together."""
_UNREADABLE = b"HTTP/1.1 %d \r\nconnection: close\r\ncontent-type: application/problem+json\r\n"


@dataclass
class Arrival:
    """A request as it came.

    Args:
        connection: by which it came.
        key: all that its answer depends on, without the body.
        refusal: what is wrong with it already.
        is_cut: whether the client closed its side before the end of the body.
    """

    connection: "Connection"
    key: Key
    refusal: RequestError | None
    is_cut: bool = False


class Connection(HttpToolsProtocol):
    """HTTP/1.1 with one client (RFC 9112).

    Args:
        config: its application is a ``Gateway``.
        server_state: the connections and tasks of the server.
        app_state: of no use here.
        _loop: the event loop.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._gateway = cast(Gateway, self.app)
        self.settings = self._gateway.settings
        self._patience = self.settings.body_timeout
        self._impatience: TimerHandle | None = None
        self._idleness: TimerHandle | None = None
        self._stall: TimerHandle | None = None
        self._answered_at = 0.0
        self._running: RequestResponseCycle | None = None
        self._bytes_without_body = 0
        self._in_header = self._in_body = self._is_answered = self._is_refused = False

    def is_gone(self) -> bool:
        """Whether the client has closed the connection; safe to ask in any thread."""
        return self.transport.is_closing()

    # --- patience ---------------------------------------------------------------------------

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Nobody may be silent for long, and there is an end to how many come."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(0)  # What the system does not take at once is waited for, also at the end.
        if len(self.connections) > self._gateway.most_connections:
            transport.abort()
        self._await_header()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        if self._idleness is not None:
            self._idleness.cancel()
        self.resume_writing()
        if self._running is not None:
            self._running.disconnected = True
            self._running.message_event.set()  # uvicorn tells only the request that came last.
        super().connection_lost(exc)
        self._unset_keepalive_if_required()

    def data_received(self, data: bytes) -> None:
        """Reads on; a header must come soon once it has begun, and within a bound, as must what frames a body."""
        if self._is_refused:
            return
        if self._in_header or self._in_body:
            self._bytes_without_body += len(data)
        else:
            data = framing.readable(data)
        super().data_received(data)
        if (self._in_header or self._in_body) and self._bytes_without_body > framing.HEADER_BYTES:
            self._refuse(framing.header_too_large())
        has_timer = self._impatience or self.timeout_keep_alive_task
        if not has_timer and (self._in_header or (self._idleness is None and self._is_waiting())):
            self._await_header()

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """Who closes its side has gone, but hears that a body was not whole (RFC 9112 §8)."""
        if not self._in_body or self.cycle.response_complete:
            return None
        self._cut()
        return True

    def pause_writing(self) -> None:
        """Who takes an answer must go on taking it."""
        super().pause_writing()
        self._stall = self.loop.call_later(self._patience, self.transport.abort)

    def resume_writing(self) -> None:
        """It does."""
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _await_header(self) -> None:
        self._stop_waiting()
        self._impatience = self.loop.call_later(self._patience, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None

    def _close_if_idle(self) -> None:
        """After answers from memory; a timer for each of them would take a tenth of its time."""
        left = self._answered_at + self.timeout_keep_alive - self.loop.time()
        self._idleness = self.loop.call_later(left, self._close_if_idle) if left > 0 else None
        if left <= 0 and self._is_waiting() and self.timeout_keep_alive_task is None:
            self.transport.close()

    def _is_waiting(self) -> bool:
        """Whether all requests of which the header was read have been answered."""
        return self.cycle is None or self.cycle.response_complete

    # --- requests -----------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._bytes_without_body = 0
        self._in_header, self._is_answered = True, False

    def on_body(self, body: bytes) -> None:
        """A piece of a body."""
        self._bytes_without_body = 0
        super().on_body(body)

    def on_headers_complete(self) -> None:
        """Answers what was answered before; the rest is for the application."""
        self._in_header = False
        self._stop_waiting()
        key = key_of(self.parser.get_method(), self.url, self.headers)
        if self._answer_again(key):
            return
        waiting = [framing.held_by(cycle.scope) + len(cycle.body) for cycle, _ in self.pipeline]
        if len(waiting) >= _MOST_WAITING or sum(waiting) > _MOST_BYTES_WAITING:
            raise ValueError("Too many requests at once.")  # Read no more: what came before is answered.
        fault = framing.fault_of(self.parser.get_http_version(), self.url, self.headers)
        self._arrival = Arrival(self, key, fault)
        self.scope["extensions"] = {ARRIVAL: self._arrival}  # type: ignore[dict-item]
        self.url = framing.origin_form(self.url)
        super().on_headers_complete()
        self._in_body = True
        self.headers = []  # Of fields after the body nothing is made (RFC 9110 §6.5.1).
        if self.expect_100_continue and (fault or self.scope["method"] in WITHOUT_BODY):
            self.cycle.keep_alive = False  # Nobody knows whether the body comes (RFC 9110 §10.1.1).
        self.flow.resume_reading()  # Else it would not be noticed that a client goes.
        if self.parser.should_upgrade():
            # Its parser takes what follows for another protocol: it must not be read as requests.
            self._is_refused = True
            self._cut()

    def on_message_complete(self) -> None:
        """A request ends."""
        self._in_body = False
        if not self._is_answered:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP at all is refused as everything else is."""
        self._refuse(BadRequest("The request does not follow the SPARQL 1.1 Protocol or HTTP."))

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _answer_again(self, key: Key) -> bool:
        """Whether the request could be answered from memory."""
        kept = self._gateway.kept(key)
        if (
            kept is None
            or len(kept.reply.body) > LONGEST_PIECE
            or not self._is_waiting()
            or self.flow.write_paused
            or self.parser.get_http_version() != "1.1"
            or not self.parser.should_keep_alive()
            or self.parser.should_upgrade()
        ):
            return False
        self._is_answered = True
        self.transport.writelines((kept.head, self._last_lines(), kept.reply.body))
        self._gateway.note_kept(key, kept, self)
        self._answered_at = self.loop.time()
        if self._idleness is None:
            self._close_if_idle()
        return True

    def _last_lines(self) -> bytes:
        """The last field of a header, which is the date, and the header's end."""
        [(_, date)] = self.server_state.default_headers
        return b"date: %b\r\n\r\n" % date

    def _refuse(self, error: RequestError) -> None:
        """Answers what cannot be read on, and closes the connection; an answer that is being given comes first."""
        self._in_header, self._is_refused = False, True
        self._stop_waiting()
        if not self._is_waiting():
            self.cycle.keep_alive = False
            if self._in_body:
                self._cut()
        elif self._in_body:
            self.transport.close()  # The request has been answered.
        elif not self.is_gone():
            # Only its own side: a client that still sends would not hear the answer (RFC 9112 §9.6).
            self.transport.writelines((_UNREADABLE % error.status, self._last_lines(), framing.problem_of(error)))
            self.transport.write_eof()
            self._await_header()

    def _cut(self) -> None:
        """Lets the request that is being read be answered without the rest of its body, and no other."""
        self._arrival.is_cut = True
        self.cycle.more_body = self.cycle.keep_alive = False
        self.cycle.message_event.set()
