"""A connection of the server: what was answered before is answered at once, and nobody may dawdle.

The rest is uvicorn's: the requests of a connection, one after the other, as ASGI scopes.
"""

from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from publisher.core.request_errors import BadRequest, RequestError
from publisher.web import framing
from publisher.web.answers import Kept, Key, key_of
from publisher.web.gateway import ARRIVAL, LONGEST_PIECE, WITHOUT_BODY
from publisher.web.patience import Impatient

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


class Connection(Impatient):
    """HTTP/1.1 with one client (RFC 9112)."""

    _arrival: Arrival
    _answered: Key | None = None
    _running: RequestResponseCycle | None = None
    _begun = _bytes_without_body = 0
    _in_header = _in_body = _is_refused = False

    def is_gone(self) -> bool:
        """Whether the client has closed the connection; safe to ask in any thread."""
        return self.transport.is_closing()

    def connection_lost(self, exc: Exception | None) -> None:
        """The request that runs hears of it: uvicorn tells only the one that came last."""
        if self._running is not None:
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Reads on; a header must come soon once it has begun, and within a bound, as must what frames a body."""
        if self._is_refused:
            return
        if self._in_header or self._in_body:
            self._bytes_without_body += len(data)
            super().data_received(data)
        elif not self._answer_same(data):
            self._begun = 0
            super().data_received(framing.readable(data))
            if self._begun == 1 and self._answered is not None:
                self.gateway.remember(data, self._answered)
        if (self._in_header or self._in_body) and self._bytes_without_body > framing.HEADER_BYTES:
            self._refuse(framing.header_too_large())
        self.await_rest(in_header=self._in_header)

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """Who closes its side has gone, but hears that a body was not whole (RFC 9112 §8)."""
        if not self._in_body or self.cycle.response_complete:
            return None
        self._cut()
        return True

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._begun += 1
        self._bytes_without_body = 0
        self._in_header, self._answered = True, None

    def on_body(self, body: bytes) -> None:
        """A piece of a body."""
        self._bytes_without_body = 0
        super().on_body(body)

    def on_headers_complete(self) -> None:
        """Answers what was answered before; the rest is for the application."""
        self._in_header = False
        self.header_is_there()
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
        if self._answered is None:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP at all is refused as everything else is."""
        self._refuse(BadRequest("The request does not follow the SPARQL 1.1 Protocol or HTTP."))

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def _answer_same(self, data: bytes) -> bool:
        """Whether a request that is known byte for byte, so that it need not be read, could be answered from memory."""
        found = self.gateway.same(data)
        if found is None or not self._give(*found):
            return False
        self._unset_keepalive_if_required()
        self.header_is_there()
        return True

    def _answer_again(self, key: Key) -> bool:
        """Whether the request could be answered from memory."""
        kept = self.gateway.kept(key)
        if (
            kept is None
            or self.parser.get_http_version() != "1.1"
            or not self.parser.should_keep_alive()
            or self.parser.should_upgrade()
            or not self._give(key, kept)
        ):
            return False
        self._answered = key
        return True

    def _give(self, key: Key, kept: Kept) -> bool:
        """Sends a kept answer, unless another one is being sent or it is too long to be sent at once."""
        if len(kept.reply.body) > LONGEST_PIECE or not self.has_answered() or self.flow.write_paused:
            return False
        self.transport.writelines((kept.head, self._last_lines(), kept.reply.body))
        self.gateway.note_kept(key, kept, self)
        self.await_next()
        return True

    def _last_lines(self) -> bytes:
        """The last field of a header, which is the date, and the header's end."""
        return b"".join([b"%b: %b\r\n" % field for field in self.server_state.default_headers]) + b"\r\n"

    def _refuse(self, error: RequestError) -> None:
        """Answers what cannot be read on, and closes the connection; an answer that is being given comes first."""
        self._in_header, self._is_refused = False, True
        self.header_is_there()
        if not self.has_answered():
            self.cycle.keep_alive = False
            if self._in_body:
                self._cut()
        elif self._in_body:
            self.transport.close()  # The request has been answered.
        elif not self.is_gone():
            # Only its own side: a client that still sends would not hear the answer (RFC 9112 §9.6).
            self.transport.writelines((_UNREADABLE % error.status, self._last_lines(), framing.problem_of(error)))
            self.transport.write_eof()
            self.await_header()

    def _cut(self) -> None:
        """Lets the request that is being read be answered without the rest of its body, and no other."""
        self._arrival.is_cut = True
        self.cycle.more_body = self.cycle.keep_alive = False
        self.cycle.message_event.set()
