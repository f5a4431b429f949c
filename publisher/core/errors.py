"""The one tree of errors.

Every error says what is wrong (``title``), where (``where``), the particulars
(``detail``) and what to do about it (``hint``). The web half turns them into a page or
into RFC 9457 problem details; the command line prints them and exits with ``exit_code``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from publisher.core.position import Excerpt, Position


class PublisherError(Exception):
    """Something went wrong that has no name of its own here.

    Base of all errors that this package raises on purpose.

    Args:
        detail: what exactly is wrong, in one English sentence. Errors that answer requests are
            translated: theirs is a message id, with ``{name}`` where a value goes.
        hint: what the reader can do about it; like ``detail``.
        where: the file and line, address or setting at fault.
        values: what goes into ``detail`` and ``hint``.
    """

    title = "The publisher could not do this"
    status = 500
    exit_code = 2

    def __init__(self, detail: str = "", *, hint: str = "", where: str | Position = "", **values: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint
        self.where = str(where)
        self.values = values

    def fill(self, message: str) -> str:
        """The detail or the hint, or a translation of one, with the values in it."""
        return message.format_map(self.values) if self.values else message

    def __str__(self) -> str:
        head = f"{self.where}: {self.title}" if self.where else self.title
        return "\n  ".join(part for part in (f"{head}: {self.fill(self.detail)}", self.fill(self.hint)) if part)


# --- could not run ---------------------------------------------------------------------


class SettingsError(PublisherError):
    """A setting is unknown or has a value that cannot be used."""

    title = "A setting cannot be used"


class QueryFileMissing(PublisherError):
    """The file that should hold the query cannot be read."""

    title = "The query's file cannot be read"


class ReleaseMissing(PublisherError):
    """There is no release to serve yet, or it is damaged."""

    title = "There is no usable release"
    status = 503


class BuildError(PublisherError):
    """The build could not run; the previous release stays as it is."""

    title = "The build could not run"


# --- the data is not good (exit code 1) ------------------------------------------------


class DataError(BuildError):
    """An input file is not right; the message names the file and the line."""

    title = "The data is not right"
    exit_code = 1


class SyntaxFault(DataError):
    """An input file cannot be parsed."""

    title = "The file cannot be read"


class UnknownKey(DataError):
    """A key or type that ``ontology/context.jsonld`` does not define."""

    title = "Unknown key"


class UnknownIri(DataError):
    """A reference to something that no input file describes."""

    title = "Unknown IRI"


class MissingId(DataError):
    """A node without an ``id``: published data has no blank nodes."""

    title = "Node without an id"


class DuplicateSlug(DataError):
    """Two nodes claim the same IRI."""

    title = "The same id twice"


class BadSlug(DataError):
    """An ``id`` that cannot be part of a stable address."""

    title = "The id cannot be used in an address"


class QuoteNotFound(DataError):
    """A quote whose words are not in the source."""

    title = "The quote is not in the source"


class QuoteAmbiguous(DataError):
    """A quote whose words stand at more than one place in the source."""

    title = "The quote stands at several places"


class Contradiction(DataError):
    """The facts cannot all hold under the ontology (OWL 2 RL)."""

    title = "The data contradicts the ontology"


class DataDoesNotConform(DataError):
    """SHACL validation found violations."""

    title = "The data does not conform to the shapes"


# --- a request cannot be answered ------------------------------------------------------


class RequestError(PublisherError):
    """A request that gets an answer other than 2xx or 3xx."""

    title = "The request cannot be answered"
    status = 400
    headers: Mapping[str, str] = MappingProxyType({})
    members: Mapping[str, object] = MappingProxyType({})
    """Further members of the problem details (RFC 9457 §3.2)."""


class BadRequest(RequestError):
    """The request does not follow the SPARQL 1.1 Protocol or HTTP."""

    title = "The request is malformed"


class BadQuery(RequestError):
    """The query is not SPARQL 1.1; programs are told its line, its column and an excerpt with the place marked."""

    title = "The query has a syntax error"
    query = ""
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
