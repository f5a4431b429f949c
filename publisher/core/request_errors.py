"""The branch of the tree of errors for requests: each is an answer with a status of its own."""

from collections.abc import Mapping
from types import MappingProxyType

from publisher.core.errors import PublisherError
from publisher.core.position import Excerpt


class RequestError(PublisherError):
    """A request that gets an answer other than 2xx or 3xx."""

    title = "The request cannot be answered"
    status = 400
    headers: Mapping[str, str] = MappingProxyType({})
    members: Mapping[str, object] = MappingProxyType({})
    """Further members of the problem details (RFC 9457 §3.2)."""
    query = ""
    """The query that it is about."""


class BadRequest(RequestError):
    """The request does not follow the SPARQL 1.1 Protocol or HTTP."""

    title = "The request is malformed"


class BadQuery(RequestError):
    """The query is not SPARQL 1.1; programs are told its line, its column and an excerpt with the place marked."""

    title = "The query has a syntax error"
    excerpt: Excerpt | None = None
    """Where in the query it is, where that is known."""


class QueryUnsupported(RequestError):
    """The query is SPARQL, but asks for a function that this endpoint does not have."""

    title = "The query asks for something that is not offered"
    status = 501


class QueryRefused(RequestError):
    """An update, ``LOAD``, or ``SERVICE`` where it is not allowed: this endpoint only reads."""

    title = "This endpoint does not run that kind of request"
    status = 403


class NotFound(RequestError):
    """Nothing is published at this address."""

    title = "Nothing is published here"
    status = 404


class Gone(NotFound):
    """The address was given up; the answer names what stands in its place, if anything does."""

    title = "This address was given up"
    status = 410


class PreconditionFailed(RequestError):
    """What is here is not what the request expects to find (``If-Match``, ``If-Unmodified-Since``)."""

    title = "It is not what you expect"
    status = 412


class MethodNotAllowed(RequestError):
    """The address does not take this method; the answer's ``Allow`` lists those it takes."""

    title = "This method is not offered here"
    status = 405


class MethodUnknown(RequestError):
    """No address of this server takes this method."""

    title = "The method is not known"
    status = 501


class NotAcceptable(RequestError):
    """None of the representations asked for is offered."""

    title = "No representation of the kind you ask for"
    status = 406


class QueryTooLong(RequestError):
    """The query is longer than the limit."""

    title = "The query is too long"
    status = 413


class BodyTooLarge(RequestError):
    """The request's body is larger than any that is taken."""

    title = "The request is too large"
    status = 413
    headers = MappingProxyType({"Connection": "close"})


class HeaderTooLarge(RequestError):
    """The request's address and header fields are larger than any that are taken."""

    title = "The header of the request is too large"
    status = 431
    headers = MappingProxyType({"Connection": "close"})


class RequestTimeout(RequestError):
    """The request's body was not sent in time."""

    title = "The request was not sent in time"
    status = 408
    headers = MappingProxyType({"Connection": "close"})


class AddressTooLong(QueryTooLong):
    """The query is longer than the limit, and it was sent in the address (GET)."""

    status = 414


class QueryTooDeep(RequestError):
    """Groups or brackets are nested deeper than the limit."""

    title = "The query is nested too deeply"


class UnsupportedMediaType(RequestError):
    """The request's body is of a media type that is not taken here."""

    title = "The body's media type is not taken here"
    status = 415


class CallerGone(RequestError):
    """Whoever asked the query closed the connection before the answer was there; its process was ended."""

    title = "Nobody waits for the answer"


class EndpointFailed(RequestError):
    """Another endpoint that the query asks with ``SERVICE`` gave no answer that can be used."""

    title = "Another endpoint did not answer"
    status = 502


class QueryTimeout(RequestError):
    """The query ran into its deadline and was ended."""

    title = "The query took too long"
    status = 504


class ResultTooLarge(RequestError):
    """The answer is larger than the limit on answers or memory."""

    title = "The answer is too large"
    status = 507


class Overloaded(RequestError):
    """Too many queries are waiting already, or the one that ran was lost."""

    title = "The endpoint is busy"
    status = 503
    headers = MappingProxyType({"Retry-After": "2"})


class QueryLost(RequestError):
    """The process that answered the query ended before it was done; asking again will hardly help."""

    title = "The query brought its process down"
    status = 503
