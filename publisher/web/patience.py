"""A connection on which nobody may dawdle: who is silent, sends slowly or does not take an answer is let go."""

from asyncio import TimerHandle, Transport
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from publisher.core.settings import Settings
from publisher.web.gateway import Gateway


class Impatient(HttpToolsProtocol):
    """HTTP/1.1 with one client; ``body_timeout`` is the patience. Its application is a ``Gateway``."""

    gateway: Gateway
    settings: Settings
    _impatience: TimerHandle | None = None
    _idleness: TimerHandle | None = None
    _stall: TimerHandle | None = None
    _answered_at = 0.0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Nobody may be silent for long, and there is an end to how many come."""
        super().connection_made(transport)
        self.gateway = cast(Gateway, self.app)
        self.settings = self.gateway.settings
        transport.set_write_buffer_limits(0)  # What the system does not take at once is waited for, also at the end.
        if len(self.connections) > self.gateway.most_connections:
            transport.abort()
        self.await_header()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self.header_is_there()
        if self._idleness is not None:
            self._idleness.cancel()
        self.resume_writing()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()

    def pause_writing(self) -> None:
        """Who takes an answer must go on taking it."""
        super().pause_writing()
        self._stall = self.loop.call_later(self.settings.body_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        """It does."""
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def await_header(self) -> None:
        """A header must be there soon from now on."""
        self.header_is_there()
        self._impatience = self.loop.call_later(self.settings.body_timeout, self.transport.abort)

    def header_is_there(self) -> None:
        """It is, or none is awaited."""
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None

    def await_next(self) -> None:
        """Another request may come some time after an answer from memory.

        A timer for each of them would take a tenth of its time.
        """
        self._answered_at = self.loop.time()
        if self._idleness is None:
            self._close_if_idle()

    def await_rest(self, *, in_header: bool) -> None:
        """Somebody who has sent something sends the rest of a header soon, or the next request."""
        is_idle = self._idleness is None and self.has_answered()
        if (in_header or is_idle) and not self._impatience and not self.timeout_keep_alive_task:
            self.await_header()

    def has_answered(self) -> bool:
        """Whether all requests of which the header was read have been answered."""
        return self.cycle is None or self.cycle.response_complete

    def _close_if_idle(self) -> None:
        left = self._answered_at + self.timeout_keep_alive - self.loop.time()
        self._idleness = self.loop.call_later(left, self._close_if_idle) if left > 0 else None
        if left <= 0 and self.has_answered() and self.timeout_keep_alive_task is None:
            self.transport.close()
