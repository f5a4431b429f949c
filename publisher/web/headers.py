"""HTTP around a representation: content negotiation, entity tags, common headers."""

import hashlib
from collections.abc import Sequence

from flask import Response, request
from webob.acceptparse import create_accept_header

from publisher.core.errors import NotAcceptable
from publisher.core.formats import BY_NAME, Format
from publisher.web.site import site

CACHE_CONTROL = "public, max-age=0, must-revalidate"
"""A release may be replaced at any time: caches keep answers but ask before reuse."""

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def negotiate(offered: Sequence[Format], *, name: str | None = None) -> Format:
    """Chooses a representation for the running request (RFC 9110 §12.5.1).

    Args:
        offered: the representations there are, the preferred one first.
        name: an explicit choice (``format=`` or a suffix), which beats ``Accept``;
            a format's short name or media type.

    Raises:
        NotAcceptable: none of the offered representations is wanted.
    """
    if name:
        chosen = next((f for f in offered if name in (f.name, f.suffix, f.media_type, *f.aliases)), None)
        if chosen is None:
            raise NotAcceptable(f"'{name}' is not offered here.", hint=_offer(offered))
        return chosen
    header = ",".join(request.headers.getlist("Accept")) or None
    media_types = {media_type: f for f in offered for media_type in (f.media_type, *f.aliases)}
    ranked = create_accept_header(header).acceptable_offers(list(media_types))
    if not ranked:
        raise NotAcceptable(f"Accept: {header}", hint=_offer(offered))
    return media_types[ranked[0][0]]


def _offer(offered: Sequence[Format]) -> str:
    return "Offered: " + ", ".join(f.media_type for f in offered) + "."


def represent(body: bytes | str, chosen: Format, *, vary: Sequence[str] = ("Accept",)) -> Response:
    """A 200 answer with the headers every representation has.

    The entity tag is strong: it hashes the release and the bytes (RFC 9110 §8.8.3), and a
    matching ``If-None-Match`` turns the answer into 304.
    """
    data = body.encode() if isinstance(body, str) else body
    response = Response(data, content_type=chosen.content_type)
    response.set_etag(hashlib.sha256(site().release.id.encode() + data).hexdigest()[:32])
    response.headers["Cache-Control"] = CACHE_CONTROL
    for field in vary:
        response.vary.add(field)
    response.make_conditional(request)
    return response


def wants_page() -> bool:
    """Whether an error should be answered to a person (HTML) rather than to a machine."""
    header = ",".join(request.headers.getlist("Accept")) or None
    ranked = create_accept_header(header).acceptable_offers(
        ["application/problem+json", "application/json", "text/html"]
    )
    return bool(ranked) and ranked[0][0] == BY_NAME["html"].media_type
