"""Content codings (RFC 9110 §8.4) by Flask-Compress, and after them the conditions of requests."""

import re
from functools import lru_cache

from flask import Flask, Response, request
from flask_compress import Compress
from webob.acceptparse import AcceptEncodingValidHeader

from publisher.core.formats import FORMATS, TEXT
from publisher.core.request_errors import PreconditionFailed
from publisher.web.conditions import evaluate
from publisher.web.negotiation import wishes
from publisher.web.problems import MEDIA_TYPE as PROBLEM
from publisher.web.problems import answer

CODINGS = ("zstd", "br", "gzip")
"""What is offered, the preferred coding first."""

_IDENTITY = "identity"
_X_GZIP = re.compile(r"\bx-gzip\b", re.IGNORECASE)
"""Another name of gzip (RFC 9110 §8.4.1.3)."""
_SETTINGS = {
    "COMPRESS_REGISTER": False,
    "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
    "COMPRESS_ALGORITHM": CODINGS,
    "COMPRESS_MIN_SIZE": 500,
    "COMPRESS_MIMETYPES": [
        *(f.media_type for f in (*FORMATS, TEXT)),
        PROBLEM,
        "text/css",
        "text/javascript",
        "image/svg+xml",
    ],
}


@lru_cache(maxsize=256)
def coding(header: str) -> str:
    """The coding that an ``Accept-Encoding`` header asks for (RFC 9110 §12.5.3), ``identity`` if it asks for none."""
    try:
        wanted = AcceptEncodingValidHeader(_X_GZIP.sub("gzip", header))
    except ValueError:
        return _IDENTITY
    # Without coding is always taken, but only preferred where the header says so.
    offered = (*CODINGS, _IDENTITY) if _IDENTITY in header.lower() else CODINGS
    ranked = wanted.acceptable_offers(offered)
    return str(ranked[0][0]) if ranked else _IDENTITY


def install(app: Flask) -> None:
    """Compresses answers and then evaluates conditions.

    A coded representation has an entity tag of its own (RFC 9110 §8.8.3.3), so
    ``If-None-Match`` can only be looked at afterwards (§13.2.2).
    """
    for name, value in _SETTINGS.items():
        app.config.setdefault(name, value)
    compress = Compress(app)

    def finish(response: Response) -> Response:
        if response.cache_control.no_transform:
            return response
        response.vary.add("Accept-Encoding")
        if response.status_code != 200:
            return response
        # Flask-Compress takes ``gzip;q=0`` for a wish: it only sees what was chosen here. Static
        # files, which come piece by piece, it would leave open.
        request.environ["HTTP_ACCEPT_ENCODING"] = coding(wishes("Accept-Encoding"))
        response.direct_passthrough = False
        response.make_sequence()
        response = compress.after_request(response)
        try:
            evaluate(response)
        except PreconditionFailed as error:
            response = answer(error)
            response.vary.add("Accept-Encoding")
        return response

    app.after_request(finish)
