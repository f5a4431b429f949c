"""What the gateway tells the application of a request, and what it is told in return."""

from flask import Flask, request

from publisher.core.request_errors import RequestError
from publisher.store.protocol import ANYONE, Caller
from publisher.web.turns import in_turn, is_long

GONE = "publisher.gone"
"""Key of the environment: tells whether the client has closed the connection."""
REFUSAL = "publisher.refusal"
"""Key of the environment: what was found wrong with the request before it came here."""
NOTES = "publisher.notes"
"""Key of the environment: a dictionary for what the access log should say."""


def caller() -> Caller:
    """Who sends the running request."""
    return Caller(request.remote_addr or "", request.environ.get(GONE, ANYONE.is_gone))


def note(**facts: str | int) -> None:
    """Adds facts about the running request to the access log."""
    request.environ.get(NOTES, {}).update(facts)


def install(app: Flask) -> None:
    """Decodes long parameters in turn, and answers what is refused already with the error found."""

    @app.before_request
    def refuse() -> None:
        if is_long(length := len(request.query_string)):
            with in_turn(length):
                _ = request.args  # Decoded now, and kept; others when they are wanted.
        refusal = request.environ.get(REFUSAL)
        if isinstance(refusal, RequestError):
            raise refusal
        note(endpoint=request.endpoint or "none")
