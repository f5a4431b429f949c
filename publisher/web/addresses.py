"""IRIs below the base at whose address this site has nothing else: 303 to what is said of them.

Cool URIs for the Semantic Web §4.2; those with a fragment lead to the document that they are part of (§4.1).
"""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound as NoRoute

from publisher.core.request_errors import Gone, NotFound
from publisher.web.documents import see
from publisher.web.headers import allowing
from publisher.web.links import address, description_path
from publisher.web.lookup import first_said, spellings
from publisher.web.problems import answer
from publisher.web.site import site

blueprint = Blueprint("addresses", __name__)

_METHODS = ("GET", "HEAD", "OPTIONS")
_CHOOSING = ("_mediatype", "_profile", "form", "format", "links")
"""Parameters that choose a representation of a description."""


@blueprint.before_app_request
def no_route() -> Response | None:
    """303 See Other (RFC 9110 §15.4.4) where there is no route."""
    return _description() if isinstance(request.routing_exception, NoRoute) else None


@blueprint.app_errorhandler(NotFound)
def not_found(error: NotFound) -> Response:
    """The same where there is a route, and nothing at the address."""
    return answer(error) if isinstance(error, Gone) else _description() or answer(error)


def _description() -> Response | None:
    """Leads to the description of the thing whose IRI is the address of the running request.

    None if nothing is said of it, or if that is told where the request came from.
    """
    if request.method not in _METHODS:
        return None
    path = request.path.removeprefix("/")
    slashed = path.removesuffix("/") if path.endswith("/") else path + "/"
    queries = [f"?{request.query_string.decode('latin-1')}", ""] if request.query_string else [""]
    tails = (tail + query for query in queries for form in (path, slashed) for tail in spellings(form))
    term = first_said(site().release.base_iri + tail for tail in tails)
    if term is None or description_path(term.value) is not None:
        return None
    if request.method == "OPTIONS":
        return allowing(_METHODS)
    kept: dict[str, str | list[str]] = {name: request.args.getlist(name) for name in _CHOOSING if name in request.args}
    return see(address("describe", "", **{"iri": term.value, **kept}))
