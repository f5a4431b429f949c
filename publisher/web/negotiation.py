"""Content negotiation: which representation a request gets (RFC 9110 §12.5.1)."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar

from webob.acceptparse import Accept, create_accept_header

from publisher.core.formats import PAGE, Format
from publisher.core.request_errors import NotAcceptable
from publisher.web.running import running_request

_ELEMENT = re.compile(r'(?:[^",]++|"(?:[^"\\]++|\\.)*+"|")++')
_ANY = re.compile(r"^\*(?=\s*(?:;|$))")
_WEIGHT = re.compile(r";\s*q\s*=\s*(\d+\.?\d*|\.\d+)\s*(?=;|$)", re.IGNORECASE)
_PROFILE = re.compile(r"(?:<([^<>]*)>|([^\s,;<>]+))\s*(?:;\s*q\s*=\s*(\d+\.?\d*|\.\d+))?", re.IGNORECASE)
_LONGEST = 4_000
"""Characters of a header field that are read: those of browsers and libraries have some hundreds."""
_Made = TypeVar("_Made")
_FITTING = frozenset((("charset", "utf-8"), ("charset", "utf8"), ("header", "present")))
_PROBLEM = ("application/problem+json", "application/json", PAGE.media_type)


def negotiate(offered: Sequence[Format], names: Sequence[str] = ()) -> Format:
    """Chooses a representation for the running request: the first of ``choices``."""
    return choices(offered, names)[0]


def choices(offered: Sequence[Format], names: Sequence[str] = ()) -> tuple[Format, ...]:
    """The representations that the running request takes, best first.

    Args:
        offered: the representations there are, the preferred one first.
        names: explicit choices (``format=`` or a suffix), which beat ``Accept``: short names,
            suffixes or media types of formats, in capitals too, and with a space for a ``+`` that
            was not percent-encoded. The first that is offered is the only one.

    Raises:
        NotAcceptable: none of the offered representations is wanted.
    """
    if wanted := [name for name in names if name]:
        by_name = {name: f for f in reversed(offered) for name in f.names}
        understood = [name.lower().replace(" ", "+") for name in wanted]
        chosen = next((by_name[name] for name in understood if name in by_name), None)
        if chosen is None:
            raise _not_offered(wanted[0], offered)
        return (chosen,)
    # Aliases come last: text/* asks for CSV before it asks for results in XML, which are only called text/xml.
    header = wishes("Accept")
    media_types = {f.media_type: f for f in offered}
    # Whoever refuses a media type does not ask for it by an alias, under which it would be sent all the same.
    media_types.update({alias: f for f in offered if f.media_type not in _refused(header) for alias in f.aliases})
    ranked = dict.fromkeys(media_types[media_type] for media_type in _ranked(header, tuple(media_types)))
    if not ranked:
        raise _not_offered(f"Accept: {header}", offered)
    return tuple(ranked)


def first_possible(wanted: Sequence[Format], make: Callable[[Format], _Made]) -> _Made:
    """What is made in the best format in which it can be: 406 is for when there is none (RFC 9110 §15.5.7).

    Args:
        wanted: formats, best first.
        make: makes it in a format, or raises NotAcceptable.

    Raises:
        NotAcceptable: it cannot be made in any of them; why not in the best one.
    """
    try:
        return make(wanted[0])
    except NotAcceptable as error:
        for chosen in wanted[1:]:
            with suppress(NotAcceptable):
                return make(chosen)
        raise error from None


def wishes(field: str) -> str:
    """What a header field of the running request prefers: its lines as one list (RFC 9110 §5.3).

    The time to read it grows with its length, so of a very long one only the elements at its beginning count.

    Args:
        field: its name, ``Accept`` for example.
    """
    whole = ",".join(running_request().headers.getlist(field))
    return whole if len(whole) <= _LONGEST else whole[:_LONGEST].rpartition(",")[0]


def accepted_profiles() -> list[str]:
    """What ``Accept-Profile`` names, best first: IRIs, tokens, or ``*``.

    Content Negotiation by Profile, “get resource by profile”.
    """
    found = _PROFILE.findall(wishes("Accept-Profile"))
    weighted = [(float(weight or 1), iri or token) for iri, token, weight in found]
    return [name for weight, name in sorted(weighted, key=lambda one: -one[0]) if weight]


def accepted_parameter(media_type: str, name: str) -> str:
    """The parameter that ``Accept`` gives to a media type where it is wanted most; empty if it gives none."""
    found = [
        (float(weight), value)
        for element in _elements(wishes("Accept"))
        for media_range, weight, parameters, _ in element
        if media_range.partition(";")[0].lower() == media_type
        for value in [next((value for key, value in parameters if key.lower() == name), "")]
    ]
    return max(found, key=lambda one: one[0])[1] if found else ""


def wants_page() -> bool:
    """Whether an error should be answered to a person (HTML) rather than to a machine."""
    ranked = _ranked(wishes("Accept"), _PROBLEM)
    return bool(ranked) and ranked[0] == PAGE.media_type


def _not_offered(name: str, offered: Sequence[Format]) -> NotAcceptable:
    offer = ", ".join(f.media_type for f in offered)
    return NotAcceptable("'{name}' is not offered here.", hint="Offered: {offer}.", name=name, offer=offer)


@lru_cache(maxsize=256)
def _ranked(header: str, media_types: tuple[str, ...]) -> tuple[str, ...]:
    """The media types that a header takes, best first; among equals the order in which they are given."""
    understood = ", ".join(_ranges(header)) or None
    return tuple(media_type for media_type, _ in create_accept_header(understood).acceptable_offers(media_types))


@lru_cache(maxsize=256)
def _refused(header: str) -> frozenset[str]:
    """The media types that a header refuses by name."""
    weighted = [media_range.rsplit(";q=", 1) for media_range in _ranges(header)]
    return frozenset(media_type.lower() for media_type, weight in weighted if not float(weight))


def _ranges(header: str) -> Iterator[str]:
    """The media ranges of a header as WebOb reads them; what is no media range is left out.

    Java's URLConnection sends ``*; q=.2``, which RFC 9110 does not have, and one bad element
    would make WebOb disregard the whole header.
    """
    for parsed in _elements(header):
        for media_range, weight, parameters, _ in parsed:
            kept = (f';{name}="{value}"' for name, value in parameters if not _changes_nothing(name, value))
            yield f"{media_range.partition(';')[0]}{''.join(kept)};q={weight}"


def _elements(header: str) -> Iterator[list[Any]]:
    for element in _ELEMENT.findall(header):
        mended = _WEIGHT.sub(_weight, _ANY.sub("*/*", element.strip()))
        with suppress(ValueError):
            yield list(Accept.parse(mended))


def _weight(match: re.Match[str]) -> str:
    """A weight with at most three decimals between 0 and 1; one that is not 0 does not become 0."""
    weight = min(float(match[1]), 1.0)
    return f";q={max(weight, 0.001) if weight else 0:.3f}"


def _changes_nothing(name: str, value: str) -> bool:
    """Whether a parameter fits whatever is sent.

    A subset of RDF 1.2, profiles by RFC 6906 §3.1, UTF-8, and CSV with a header line (RFC 4180 §3).
    """
    known = name.lower(), value.lower()
    return known[0] in ("profile", "version") or known in _FITTING
