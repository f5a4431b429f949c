"""Errors as answers: a page in the reader's language, or problem details (RFC 9457)."""

import json
from http import HTTPStatus
from inspect import getdoc

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from publisher.core.errors import PublisherError
from publisher.core.formats import PAGE
from publisher.core.position import AROUND, lines_of
from publisher.core.request_errors import (
    BadQuery,
    BadRequest,
    MethodNotAllowed,
    NotFound,
    RequestError,
    UnsupportedMediaType,
)
from publisher.web.caller import note
from publisher.web.headers import NOT_STORED
from publisher.web.language import current_language, gettext
from publisher.web.links import asked_path, query_string
from publisher.web.negotiation import wants_page
from publisher.web.site import site

MEDIA_TYPE = "application/problem+json"
NEIGHBOURS = 3
"""Lines of a query that the page shows before and after the one with a syntax error."""

FROM_HTTP: dict[int, type[RequestError]] = {
    404: NotFound,
    405: MethodNotAllowed,
    415: UnsupportedMediaType,
}
"""Which class of the tree stands for an error that the web framework raises itself."""


def every_error() -> list[type[PublisherError]]:
    """All classes of the tree that a request or a command can end with, depth first."""
    found: list[type[PublisherError]] = []

    def collect(kind: type[PublisherError]) -> None:
        if kind not in found:
            found.append(kind)
        for child in kind.__subclasses__():
            collect(child)

    collect(PublisherError)
    return found


def slug_of(kind: type[PublisherError]) -> str:
    """The anchor of an error class on the page of problems."""
    name = kind.__name__
    return "".join("-" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("-")


def meaning_of(kind: type[PublisherError]) -> str:
    """The first paragraph of a class's docstring on one line: a message id."""
    return " ".join((getdoc(kind) or "").partition("\n\n")[0].replace("``", "").split())


def answer(error: PublisherError) -> Response:
    """Renders an error for whoever asked.

    Args:
        error: what went wrong.

    Returns:
        A page, or ``application/problem+json`` with the members of RFC 9457 §3.1, and for a
        syntax error those of its place (§3.2).
    """
    note(problem=slug_of(type(error)))
    excerpt = error.excerpt if isinstance(error, BadQuery) else None
    if wants_page() or request.path.endswith("." + PAGE.suffix):
        before, after = _around(error.query, excerpt.line) if isinstance(error, BadQuery) and excerpt else ((), ())
        body = render_template(
            "problem.html",
            error=error,
            detail=_in_words(error, error.detail),
            hint=_in_words(error, error.hint),
            slug=slug_of(type(error)),
            excerpt=excerpt,
            before=before,
            after=after,
        )
        response = Response(body, status=error.status, content_type=PAGE.content_type)
        response.content_language.add(current_language())
    else:
        members = {
            "type": f"{site().release.base_iri}problems#{slug_of(type(error))}",
            "title": error.title,
            "status": error.status,
            "detail": " ".join(error.fill(part) for part in (error.detail, error.hint) if part),
            "instance": _instance(),
            **(excerpt.members if excerpt else {}),
            **(error.members if isinstance(error, RequestError) else {}),
        }
        response = Response(json.dumps(members, ensure_ascii=False), status=error.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = NOT_STORED
    response.vary.update(("Accept", "Accept-Language"))
    for name, value in getattr(error, "headers", {}).items():
        response.headers[name] = value
    return response


def _in_words(error: PublisherError, message: str) -> str:
    """The detail or the hint of an error in the reader's language."""
    return error.fill(gettext(message)) if message else ""


def _around(query: str, line: int) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The lines of a query before and after one of them, with their numbers; long ones are cut."""
    lines = [(number, text.rstrip()[: 2 * AROUND]) for number, text in enumerate(lines_of(query.rstrip()), start=1)]
    return lines[max(line - 1 - NEIGHBOURS, 0) : line - 1], lines[line : line + NEIGHBOURS]


def _instance() -> str:
    """The address that was asked for, as a relative reference."""
    return asked_path() + query_string()


def _from_http(error: HTTPException) -> Response | HTTPException:
    """The framework's own errors in the same form; its redirections as they are."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    kind = FROM_HTTP.get(error.code, BadRequest if error.code < HTTPStatus.INTERNAL_SERVER_ERROR else PublisherError)
    problem = kind(meaning_of(kind))
    problem.status = error.code
    response = answer(problem)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def install(app: Flask) -> None:
    """Answers every error of the tree and every HTTP error of the framework this way."""
    app.register_error_handler(PublisherError, answer)
    app.register_error_handler(HTTPException, _from_http)
