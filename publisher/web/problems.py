"""Errors as answers: a page in the reader's language, or problem details (RFC 9457)."""

import json
from http import HTTPStatus
from inspect import getdoc

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from publisher.core.errors import (
    BadRequest,
    MethodNotAllowed,
    NotFound,
    PublisherError,
    RequestError,
    UnsupportedMediaType,
)
from publisher.core.formats import PAGE
from publisher.web.headers import wants_page
from publisher.web.language import current_language
from publisher.web.site import site

MEDIA_TYPE = "application/problem+json"

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
        A page, or ``application/problem+json`` with the members of RFC 9457 §3.1.
    """
    if wants_page() or request.path.endswith("." + PAGE.suffix):
        body = render_template("problem.html", error=error, slug=slug_of(type(error)))
        response = Response(body, status=error.status, content_type=PAGE.content_type)
        response.content_language.add(current_language())
    else:
        members = {
            "type": f"{site().release.base_iri}problems#{slug_of(type(error))}",
            "title": error.title,
            "status": error.status,
            "detail": " ".join(part for part in (error.detail, error.hint) if part),
            "instance": request.full_path.rstrip("?"),
        }
        response = Response(json.dumps(members, ensure_ascii=False), status=error.status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(("Accept", "Accept-Language"))
    for name, value in getattr(error, "headers", {}).items():
        response.headers[name] = value
    return response


def _from_http(error: HTTPException) -> Response | HTTPException:
    """The framework's own errors in the same form; its redirections as they are."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    kind = FROM_HTTP.get(error.code, BadRequest if error.code < HTTPStatus.INTERNAL_SERVER_ERROR else PublisherError)
    problem = kind(error.description or "")
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
