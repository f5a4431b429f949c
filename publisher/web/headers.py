"""HTTP around a representation: entity tags, caching, and the headers that every answer has."""

import hashlib
from collections.abc import Sequence

from flask import Flask, Response, request
from werkzeug.routing import RequestRedirect

from publisher.core.formats import PAGE, Format
from publisher.web.language import current_language
from publisher.web.links import query_string
from publisher.web.site import site

CACHE_CONTROL = "public, max-age=0, must-revalidate"
"""A release may be replaced at any time: caches keep answers but ask before reuse."""

NOT_STORED = "no-store"
"""For what is true of one request only: errors, and answers that come out differently each time."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


EXPOSED = ("Allow", "Content-Location", "Content-Range", "ETag", "Link", "Repr-Digest", "Retry-After")
"""Headers that scripts of other sites may read besides those of Fetch §4.8.3."""

_PREFLIGHT = {
    "Access-Control-Allow-Headers": "*, Accept, Accept-Language, Content-Type, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}
"""What a preflight is told (Fetch §3.3.3). Credentials are never allowed: there are none here."""


def represent(
    body: bytes | str, chosen: Format, *, vary: Sequence[str] = ("Accept",), is_repeatable: bool = True
) -> Response:
    """A 200 answer with the headers every representation has.

    The entity tag is strong (RFC 9110 §8.8.3): it hashes the release, the media type and the bytes.
    A page is in the reader's language (§8.5).

    Args:
        body: the representation.
        chosen: its format.
        vary: what it was chosen by.
        is_repeatable: whether the same request gives the same again; if not, nobody may keep the answer.
    """
    data = body.encode() if isinstance(body, str) else body
    response = Response(data, content_type=chosen.content_type)
    for field in vary:
        response.vary.add(field)
    if chosen is PAGE:
        response.content_language.add(current_language())
    if not is_repeatable:
        response.headers["Cache-Control"] = NOT_STORED
        return response
    response.set_etag(hashlib.sha256(f"{site().release.id} {chosen.content_type} ".encode() + data).hexdigest()[:32])
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def install(app: Flask) -> None:
    """Finishes every answer of the application."""
    app.before_request(_redirect)
    app.after_request(_finish)


def _redirect() -> Response | None:
    """The framework's redirections, which have the host that the request names: anyone can forge that."""
    wanted = request.routing_exception
    if not isinstance(wanted, RequestRedirect):
        return None
    path = wanted.new_url.split("/", 3)[3].partition("?")[0]
    return Response(status=wanted.code, headers={"Location": f"/{path}{query_string()}"})


def _finish(response: Response) -> Response:
    """Headers of every answer: security for all, open access from other sites for what machines read."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    is_preflight = request.method == "OPTIONS"
    if response.mimetype != PAGE.media_type or response.status_code in (303, 304, 308) or is_preflight:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = ", ".join(EXPOSED)
    if is_preflight:
        response.headers.extend(_PREFLIGHT)
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers.pop("Content-Type", None)
    return response
