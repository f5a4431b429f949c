"""HTTP around a representation: entity tags, caching, and the headers that every answer has."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from publisher.core.formats import PAGE, Format
from publisher.web.language import current_language
from publisher.web.links import place, query_string
from publisher.web.site import site

CACHE_CONTROL = "public, max-age=0, must-revalidate"
"""A release may be replaced at any time: caches keep answers but ask before reuse."""

SOFTWARE = Path(__file__).parent.parent
"""The folder of the package."""

NOT_STORED = "no-store"
"""For what is true of one request only: errors, and answers that come out differently each time."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


EXPOSED = (
    "Accept-Ranges",
    "Allow",
    "Content-Location",
    "Content-Profile",
    "Content-Range",
    "ETag",
    "Link",
    "Repr-Digest",
    "Retry-After",
)
"""Headers that scripts of other sites may read besides those of Fetch §4.8.3."""

_OF_ALL = (
    *SECURITY_HEADERS.items(),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", ", ".join(EXPOSED)),
)
_OF_THE_MOMENT = ("Date", "Expires")
"""Fields that would be old in a kept answer: the server tells the date, ``Cache-Control`` how long it is fresh."""
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "*, Accept, Accept-Language, Accept-Profile, Content-Type, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}
"""What a preflight is told (Fetch §3.3.3). Credentials are never allowed: there are none here."""


def represent(
    body: bytes | str,
    chosen: Format,
    *,
    vary: Sequence[str] = ("Accept",),
    is_repeatable: bool = True,
    essence: str | None = None,
) -> Response:
    """A 200 answer with the headers every representation has.

    The entity tag is strong (RFC 9110 §8.8.3): it hashes the release, the media type and the bytes.
    A page is in the reader's language (§8.5).

    Args:
        body: the representation.
        chosen: its format.
        vary: what it was chosen by.
        is_repeatable: whether the same request gives the same again; if not, nobody may keep the answer.
        essence: what counts of a body that also tells of its own making; the entity tag is weak then (§8.8.1).
    """
    data = body.encode() if isinstance(body, str) else body
    response = Response(data, content_type=chosen.content_type)
    response.vary.update(vary)
    if chosen is PAGE:
        response.content_language.add(current_language())
    if not is_repeatable:
        response.headers["Cache-Control"] = NOT_STORED
        return response
    counts = data if essence is None else f"{current_language()} {essence}".encode()
    tag = hashlib.sha256(f"{site().release.id} {chosen.content_type} ".encode() + counts).hexdigest()[:32]
    response.set_etag(tag, weak=essence is not None)
    response.headers["Cache-Control"] = CACHE_CONTROL
    date(response)
    return response


def date(response: Response) -> None:
    """Gives an answer the date since which it can be as it is (RFC 9110 §8.8.2): that of the release or the software.

    Not the one that the data gives for itself, which may be the same after a change. Without a date, or with one that
    is still to come (§8.8.2.1), there is none.
    """
    since = site().release.since
    response.headers.pop("Last-Modified", None)
    if since and (changed := max(since, software_changed())) <= datetime.now(UTC):
        response.last_modified = changed


@cache
def software_changed() -> datetime:
    """When the newest file of this software was written."""
    files = (file for file in SOFTWARE.rglob("*") if file.parent.name != "__pycache__")
    return datetime.fromtimestamp(max(file.stat().st_mtime for file in files if file.is_file()), UTC)


def install(app: Flask) -> None:
    """Finishes every answer of the application."""
    app.before_request(_redirect)
    app.after_request(_finish)


def _redirect() -> Response | None:
    """To the address with a final slash or without one, whichever there is; OPTIONS is answered for that address.

    The framework's own redirections have the host that the request names: anyone can forge that. A browser follows
    none when it asks beforehand (Fetch §4.8).
    """
    wanted, shorter = request.routing_exception, request.path.rstrip("/")
    if isinstance(wanted, RequestRedirect):
        there, code = wanted.new_url.split("/", 3)[3].partition("?")[0], wanted.code
    elif isinstance(wanted, NotFound) and shorter != request.path and _methods(shorter):
        there, code = shorter.lstrip("/"), HTTPStatus.PERMANENT_REDIRECT
    else:
        return None
    if request.method == "OPTIONS":
        return allowing(_methods("/" + there))
    return Response(status=code, headers={"Location": place(there) + query_string()})


def _methods(path: str) -> Iterable[str]:
    """The methods that a path takes; none if there is no such path."""
    adapter = current_app.create_url_adapter(request)
    return adapter.allowed_methods(path) if adapter else ()


def allowing(methods: Iterable[str]) -> Response:
    """204 with the methods that can be used (RFC 9110 §9.3.7, §10.2.1)."""
    response = Response(status=204)
    response.allow.update(methods)
    return response


def moved(path: str) -> Response:
    """308 Permanent Redirect (RFC 9110 §15.4.9) to a path below the application's root; parameters are kept."""
    return Response(status=308, headers={"Location": place(path) + query_string()})


def leave_out() -> None:
    """Says that the answer to the running request lacks something that could not be had in time: nobody keeps it."""
    g.is_incomplete = True


def _finish(response: Response) -> Response:
    """Headers of every answer: security, and access from other sites, whose scripts may read all that is public."""
    if g.get("is_incomplete"):
        response.headers["Cache-Control"] = NOT_STORED
        response.headers.pop("ETag", None)
    for name in _OF_THE_MOMENT:
        response.headers.pop(name, None)
    present = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in _OF_ALL if name.lower() not in present])
    if request.method == "OPTIONS":
        response.headers.extend(_PREFLIGHT)
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers.pop("Content-Type", None)
    return response
