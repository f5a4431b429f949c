"""From an address to what is described: spellings that mean the same, addresses given up, and near misses."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from urllib.parse import quote

from flask import request
from pyoxigraph import NamedNode

from publisher.core.request_errors import Gone, NotFound
from publisher.core.terms import DCTERMS, RETIRED
from publisher.web.description import Description, describe
from publisher.web.documents import LINKS_PAGE, page_number
from publisher.web.links import document, node
from publisher.web.linksets import Link, header
from publisher.web.site import site
from publisher.web.vocabulary import vocabulary

_ESCAPE = re.compile("%[0-9A-F]{2}")
_LONGEST = 200
"""Characters of a name to which similar ones are looked for."""
_MOST = 5000
"""Names among which they are looked for."""


def spellings(path: str) -> Iterator[str]:
    """The paths that IRIs may have which lead to one address, where percent-encodings are decoded (RFC 3986 §6.2.2).

    As it reads, composed (RFC 3987 §5.3.2.2), and percent-encoded with digits in either case, with
    slashes as they are and, after the first, encoded.

    Args:
        path: the path that was asked for, decoded.
    """
    found = []
    for form in dict.fromkeys((path, unicodedata.normalize("NFC", path))):
        first, slash, rest = form.partition("/")
        escaped = (quote(form), quote(first) + slash + quote(rest, safe=""))
        found += [form, *escaped, *(_ESCAPE.sub(lambda escape: escape[0].lower(), text) for text in escaped)]
    yield from dict.fromkeys(found)


def first_described(base: str, path: str) -> Description | None:
    """What is said of the first of the IRIs with a path of which anything is said; None if nothing is.

    Args:
        base: where the IRIs begin.
        path: the rest, decoded.

    Raises:
        Gone: one of them was given up.
    """
    return next(filter(None, (_described(base + spelling) for spelling in spellings(path))), None)


def first_said(iris: Iterable[str]) -> NamedNode | None:
    """The first of some IRIs of which, or of parts of which, anything is said; None if nothing is of any."""
    terms = [term for term in map(node, dict.fromkeys(iris)) if term is not None]
    known = site().names.of(terms)
    return next((term for term in terms if known[term].is_described or site().incoming.parts(term.value)[1]), None)


def described(iri: str) -> Description:
    """The page of the description of an IRI that the running request asks for.

    Raises:
        NotFound: it is no IRI, nothing is said of it, or there is no such page.
        Gone: it was given up.
    """
    description = _described(iri)
    if description is None:
        raise unknown(iri)
    return description


def _described(iri: str) -> Description | None:
    refuse_retired(iri)
    term, page = node(iri), page_number(LINKS_PAGE)
    if term is None or page is None:
        return None
    description = describe(site().store, site().names, site().incoming, term, page)
    return None if description.is_empty else description


def refuse_retired(iri: str) -> None:
    """Lets through what was not given up.

    Raises:
        Gone: the project says that it was, and perhaps what stands in its place.
    """
    facts = vocabulary().graph(RETIRED).get(iri)
    if facts is None:
        return
    successors = [value.value for value in facts.get(DCTERMS + "isReplacedBy", ()) if isinstance(value, NamedNode)]
    gone = Gone("<{iri}> was given up.", iri=iri)
    if successors:
        named = ", ".join(successors)
        gone = Gone("<{iri}> was given up.", hint="In its place: {successors}", iri=iri, successors=named)
        # RFC 5829 §3.3.
        gone.headers = {"Link": header(Link("successor-version", document(one)) for one in successors)}
    gone.members = {"replacedBy": successors}
    raise gone


def unknown(iri: str) -> NotFound:
    """The error for an IRI of which nothing is said, with the nearest ones."""
    if node(iri) is None:
        return NotFound("'{iri}' is not an IRI.", iri=iri, where=request.path)
    if request.args.get(LINKS_PAGE, "1") != "1":
        return NotFound("There is no such page of <{iri}>.", hint="The first is {iri}", iri=iri)
    nearest = _nearest(iri)
    if not nearest:
        return NotFound("Nothing is said of <{iri}>.", iri=iri)
    error = NotFound("Nothing is said of <{iri}>.", hint="Did you mean {close}?", iri=iri, close=", ".join(nearest))
    error.members = {"nearest": nearest}
    return error


def _nearest(iri: str) -> list[str]:
    """What a mistyped address may have meant: the closest ids, those of the same class first."""
    prefix = site().release.base_iri + "id/"
    if not iri.startswith(prefix) or len(iri) > len(prefix) + _LONGEST:
        return []
    wanted = iri.removeprefix(prefix).rstrip("/").casefold()
    every = {known.removeprefix(prefix).casefold(): known for known in vocabulary().ids}
    siblings = [name for name in every if name.startswith(wanted.partition("/")[0] + "/")] or list(every)
    return [every[name] for name in get_close_matches(wanted, siblings[:_MOST], n=3, cutoff=0.5)]
