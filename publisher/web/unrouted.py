"""What no route decides: unknown methods, the server as a whole, needless slashes at the beginning."""

from http import HTTPMethod

from flask import Flask, Response, current_app, request

from publisher.core.request_errors import MethodUnknown
from publisher.web.headers import allowing, moved
from publisher.web.links import encoded

_WHOLE = "*"
"""What ``OPTIONS`` asks about where it asks about the server (RFC 9110 §9.3.7)."""


def install(app: Flask) -> None:
    """Answers such requests before the routes do."""
    app.before_request(_answer)


def _answer() -> Response | None:
    """The answer, if the request is one of these.

    Raises:
        MethodUnknown: no address takes the method (RFC 9110 §15.6.2).
    """
    if request.method not in HTTPMethod.__members__:
        raise MethodUnknown("No address of this server takes this method.")
    path = request.environ["PATH_INFO"]
    if request.method == HTTPMethod.OPTIONS and path == _WHOLE:
        return allowing(method for rule in current_app.url_map.iter_rules() for method in rule.methods or ())
    if path.startswith("//"):
        return moved(encoded(request.path.lstrip("/")))
    return None
