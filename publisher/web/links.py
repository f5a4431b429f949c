"""From IRIs to addresses on this server, whatever host name it is reached by."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from pyoxigraph import NamedNode

from publisher.core.terms import SKOLEM_PATH
from publisher.web.language import chosen_by_address
from publisher.web.running import running_request
from publisher.web.site import site

PATH_CHARACTERS = "/:@!$&'()*+,;=-._~"
"""What RFC 3986 §3.3 lets stand in a path."""


_DESCRIBING = frozenset(("catalog", "ontology"))
"""Documents besides those of single things that tell of what has their IRI with a fragment."""
_IDENTIFIED = frozenset(("", "catalog", "dumps", "files", "graphs", "ontology", "profiles", "sparql"))
"""Where the paths of documents and services begin to which the data of a release refers by their own addresses."""
SHORT = re.compile(r"[A-Za-z][\w-]*:[\w-]+", re.ASCII)
"""A prefix and a name with which nothing can go wrong in an address."""


def place(path: str) -> str:
    """A path below the application's root as it stands in an address, percent-encoded, without parameters."""
    return f"{running_request().script_root}/{_quoted(path) if len(path) < _LONG else _quoted.__wrapped__(path)}"


_LONG = 500
"""Characters from which on a path is not remembered: anybody may ask for such paths."""


@lru_cache(maxsize=10_000)
def _quoted(path: str) -> str:
    return quote(path, safe=PATH_CHARACTERS + "%")


def encoded(path: str) -> str:
    """A path as it was asked for, decoded by the server, percent-encoded again."""
    return quote(path, safe=PATH_CHARACTERS)


def asked_path() -> str:
    """The path of the running request as it stands in an address, without parameters."""
    asked = running_request()
    return asked.script_root + encoded(asked.path)


def query_string() -> str:
    """The parameters of the running request as they came, with the question mark, fit for an address and a header."""
    asked = running_request().query_string
    return "?" + quote(asked, safe=PATH_CHARACTERS + "?%") if asked else ""


def address(path: str, fragment: str = "", /, **query: str | list[str]) -> str:
    """An address of this server as a path, with the language the reader chose.

    Args:
        path: path below the application's root, without leading slash, not yet percent-encoded.
        fragment: what follows ``#``.
        query: further parameters; a list stands for one that is repeated.
    """
    chosen = chosen_by_address()
    if chosen and "lang" not in query:
        query["lang"] = chosen
    parameters = "?" + urlencode(query, doseq=True) if query else ""
    tail = "#" + quote(fragment, safe=PATH_CHARACTERS + "?") if fragment else ""
    return place(path) + parameters + tail


def node(iri: str) -> NamedNode | None:
    """The IRI as a term; None if the text is no absolute IRI."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def description_path(iri: str) -> str | None:
    """The path below the root of the document that describes an IRI; None if only ``/describe?iri=`` does."""
    return _description_path(_path(iri))


def _description_path(path: str | None) -> str | None:
    if path is None or "?" in path:
        return None
    if path.startswith("id/"):
        return "doc/" + path.removeprefix("id/")
    return path if path.startswith(SKOLEM_PATH) or path in _DESCRIBING else None


def local_path(iri: str) -> str | None:
    """Where a link to an IRI leads, as a path below the root: the document that describes it, or what it identifies.

    None if only ``/describe?iri=`` tells of it.
    """
    path = _path(iri)
    is_identified = path is not None and path.partition("?")[0].partition("/")[0] in _IDENTIFIED
    return path if is_identified else _description_path(path)


def _path(iri: str) -> str | None:
    """What follows the base in an IRI, without fragment; None if it is not below the base."""
    base = site().release.base_iri
    return iri.removeprefix(base).partition("#")[0] if iri.startswith(base) else None


def document(iri: str) -> str:
    """Where this server tells what it knows about an IRI."""
    path = local_path(iri)
    if path is None:
        short = curie(iri)
        return address("describe/" + short) if SHORT.fullmatch(short) else address("describe", iri=iri)
    path, _, query = path.partition("?")
    return address(path, iri.partition("#")[2], **dict(parse_qsl(query, keep_blank_values=True) if query else ()))


def curie(iri: str) -> str:
    """The IRI shortened with the release's prefixes, for people; the IRI itself where none fits."""
    fitting = [
        (len(namespace), prefix, namespace)
        for prefix, namespace in site().release.prefixes.items()
        if iri.startswith(namespace) and "/" not in iri[len(namespace) :] and len(iri) > len(namespace)
    ]
    if not fitting:
        return iri
    _, prefix, namespace = max(fitting)
    return f"{prefix}:{iri.removeprefix(namespace)}"


def expand(short: str) -> str | None:
    """The IRI behind ``prefix:name``, or an IRI itself; None if the release has no such prefix."""
    prefix, colon, name = short.partition(":")
    namespace = site().release.prefixes.get(prefix)
    if name.startswith("//"):
        return short
    return namespace + name if colon and namespace and name else None


def host_of(iri: str) -> str | None:
    """The host that an IRI names; None if it names none, or what is no host."""
    try:
        return urlsplit(iri).hostname
    except ValueError:
        return None


def local_name(iri: str) -> str:
    """The last part of an IRI, the least bad name of something that has none."""
    base = site().release.base_iri
    if iri.startswith(base + "id/"):
        return iri.removeprefix(base + "id/")
    if (short := curie(iri)) != iri:
        return short
    if iri.startswith(base):
        return iri.removeprefix(base) or iri
    return unquote(re.split("[/#]", iri.rstrip("/#"))[-1]) or iri
