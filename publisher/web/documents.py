"""Documents: one description in every format and profile, and the addresses of its representations."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import Response, request
from msgspec import Struct

from publisher.core.formats import BY_NAME, LINK_FORMATS, PAGE, RDF_FORMATS, Format
from publisher.core.request_errors import NotFound
from publisher.web.links import address, place
from publisher.web.negotiation import negotiate
from publisher.web.profiles import ALTERNATES, MODEL, Profile
from publisher.web.site import site

OFFERED = (BY_NAME["turtle"], PAGE, *(f for f in RDF_FORMATS if f.name != "turtle"))
"""What a description is offered in, Turtle first for clients without a preference."""

BY_ADDRESS = (*OFFERED, *LINK_FORMATS)
"""What addresses can ask for: a link set is no representation of the description, so it is not negotiated."""

LINKS_PAGE = "links"
"""The parameter that turns the pages of what points to a thing; ``page`` turns those of lists and of source texts."""

SUFFIXES = {f.suffix: f for f in BY_ADDRESS}


class Document(Struct, frozen=True):
    """A document about one IRI, and where each of its representations is.

    Args:
        iri: what it describes.
        path: its path, not percent-encoded; a format's suffix leads to that representation.
        parameters: parameters of its address; where there are any, ``format`` takes the suffix's place.
        profiles: the profiles that it is offered in, the default one first; none: there is no choice.
        profile: the one of the representation that is sent.
        page: number of the page of it, from 1.
        pages: how many pages it has, as far as is known.
        named: the format of data that the address of the running request names; None: it is a page or negotiated.
        kept: further parameters of that address, which the other pages have too.
    """

    iri: str
    path: str
    parameters: Mapping[str, str] = {}
    profiles: Sequence[Profile] = ()
    profile: Profile = MODEL
    page: int = 1
    pages: int = 1
    named: Format | None = None
    kept: Mapping[str, str] = {}

    def place(self, offered: Format | None, profile: Profile = MODEL, **query: str) -> str:
        """The address of the representation in a format and a profile, in the language chosen.

        Args:
            offered: the format; None: where they are negotiated.
            profile: the profile.
            query: further parameters.
        """
        if profile is not MODEL:
            query["_profile"] = profile.token
        path, parameters = self._parts(offered, self.page)
        return address(path, **parameters, **query)

    @property
    def canonical(self) -> str:
        """The one address of this page of it, whatever language, format or profile is asked for (RFC 6596)."""
        path, parameters = self._parts(None, self.page)
        return place(path) + ("?" + urlencode(parameters) if parameters else "")

    def _parts(self, offered: Format | None, page: int) -> tuple[str, dict[str, str]]:
        parameters = {**self.parameters, **({LINKS_PAGE: str(page)} if page > 1 else {})}
        if offered is None:
            return self.path, parameters
        if self.parameters:
            return self.path, {**parameters, "format": offered.name}
        if site().incoming.is_file_like(f"{self.iri}.{offered.suffix}"):
            return self.path, {**parameters, "_mediatype": offered.media_type}  # That is the address of another thing.
        return f"{self.path}.{offered.suffix}", parameters

    @property
    def formats(self) -> list[tuple[Format, str]]:
        """Every representation in the default profile with its address, the page first."""
        return [(offered, self.place(offered)) for offered in (PAGE, *RDF_FORMATS)]

    @property
    def others(self) -> list[tuple[Profile, str]]:
        """The other profiles, each with the address of one representation, and last the list of all of them."""
        others = [
            (profile, self.place(BY_NAME["jsonld"], profile)) for profile in self.profiles if profile is not MODEL
        ]
        return [*others, (ALTERNATES, self.place(PAGE, ALTERNATES))]

    @property
    def turns(self) -> Mapping[str, str]:
        """Link relation → address of another page (RFC 8288, HTML)."""
        numbers = {"first": 1, "prev": self.page - 1, "next": self.page + 1, "last": self.pages}
        return {name: self.turn(number) for name, number in numbers.items() if 1 <= number <= self.pages > 1}

    def turn(self, number: int) -> str:
        """The address of another page of it, in the format and the profile of this one if its address names them."""
        path, parameters = self._parts(self.named, number)
        return address(path, **parameters, **self._choice(), **self.kept)

    def in_language(self, code: str | None) -> str:
        """The address of this page of it in a language; None: without a choice of language."""
        path, parameters = self._parts(None, self.page)
        query = {**parameters, **self._choice(), **({"lang": code} if code else {})}
        return place(path) + ("?" + urlencode(query) if query else "")

    def _choice(self) -> dict[str, str]:
        return {} if self.profile is MODEL else {"_profile": self.profile.token}


def split_suffix(path: str) -> tuple[str, Format | None]:
    """Splits a known suffix off a path: names may contain dots of their own."""
    stem, dot, suffix = path.rpartition(".")
    return (stem, SUFFIXES[suffix]) if dot and suffix in SUFFIXES else (path, None)


def choose(suffix: str | None) -> Format:
    """The format of a suffix, or the negotiated one where there is none.

    Raises:
        NotFound: there is no format with this suffix.
        NotAcceptable: none of the formats is wanted.
    """
    if suffix is not None and suffix not in SUFFIXES:
        raise NotFound(
            "There is no format '.{suffix}'.", hint="Formats: {names}.", suffix=suffix, names=", ".join(SUFFIXES)
        )
    return negotiate(BY_ADDRESS, [suffix]) if suffix else negotiate(OFFERED)


def page_number(parameter: str = "page") -> int | None:
    """The number of the page that a parameter asks for, from 1; None if it is no such number."""
    number = request.args.get(parameter, "1")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 7 and int(number) else None


def see(location: str) -> Response:
    """303 See Other (RFC 9110 §15.4.4)."""
    response = Response(status=303)
    response.headers["Location"] = location
    return response
