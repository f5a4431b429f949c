"""Conditional requests and ranges, in the order of RFC 9110 §13.2.2."""

import re

from flask import Response, request
from werkzeug.datastructures import ETags

from publisher.core.request_errors import PreconditionFailed

_FIELDS = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since")
_ONE_RANGE = re.compile(r"\s*bytes\s*=\s*(\d+-\d*|-\d+)\s*", re.IGNORECASE)
"""One range of bytes (§14.1.2). What else ``Range`` may ask for is disregarded, as §14.2 allows: the whole is sent."""


def evaluate(response: Response) -> None:
    """Turns a 200 answer to GET or HEAD into 304 where the client has it already.

    Raises:
        PreconditionFailed: the client expects another representation.
    """
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return
    if not any(field in request.headers for field in _FIELDS):
        return
    etag, _ = response.get_etag()
    modified = response.last_modified
    if "If-Match" in request.headers:
        if not _matches(request.if_match, etag, is_strong=True):
            raise _failed()
    elif (latest := request.if_unmodified_since) and modified and modified > latest:
        raise _failed()
    if "If-None-Match" in request.headers:
        if _matches(request.if_none_match, etag, is_strong=False):
            response.status_code = 304
    elif (known := request.if_modified_since) and modified and modified <= known:
        response.status_code = 304


def _matches(tags: ETags, etag: str | None, *, is_strong: bool) -> bool:
    if tags.star_tag:
        return True
    return etag is not None and (tags.is_strong(etag) if is_strong else tags.contains_weak(etag))


def _failed() -> PreconditionFailed:
    return PreconditionFailed("The address has another representation now.", hint="Get it again without a condition.")


def take_range(response: Response, length: int) -> None:
    """Turns a 200 answer to GET into 206 with the one range that is asked for.

    ``If-Range`` needs a strong validator (§13.1.5): the entity tag, never the date, which may be of a whole day.

    Args:
        response: the answer with the whole file; its entity tag is strong.
        length: of the file, in bytes.

    Raises:
        RequestedRangeNotSatisfiable: the file ends before the range begins.
    """
    response.accept_ranges = "bytes"
    asked = request.headers.get("Range", "")
    condition = request.headers.get("If-Range")
    if (
        request.method == "GET"
        and response.status_code == 200
        and _ONE_RANGE.fullmatch(asked)
        and condition in (None, response.headers["ETag"])
    ):
        response.make_conditional(
            {"REQUEST_METHOD": "GET", "HTTP_RANGE": asked.strip()}, accept_ranges=True, complete_length=length
        )
