"""Documents: one description in every format, with the headers that tie its representations together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response
from werkzeug.urls import iri_to_uri

from publisher.core.errors import NotFound
from publisher.core.formats import BY_NAME, PAGE, RDF_FORMATS, Format
from publisher.web.headers import represent
from publisher.web.negotiation import negotiate
from publisher.web.profiles import ALTERNATES, MODEL, PROFILE_CLASS, Profile

OFFERED = (BY_NAME["turtle"], PAGE, *(f for f in RDF_FORMATS if f.name != "turtle"))
"""What a description is offered in, Turtle first for clients without a preference."""

SUFFIXES = {f.suffix: f for f in OFFERED}


@dataclass(frozen=True)
class Document:
    """A document about one IRI, and where each of its representations is.

    Args:
        iri: what it describes.
        in_format: the address of the representation in a format, with parameters.
        profiles: the profiles that it is offered in, the default one first; none: there is no choice.
        profile: the one of the representation that is sent.
    """

    iri: str
    in_format: Callable[..., str]
    profiles: Sequence[Profile] = ()
    profile: Profile = MODEL

    def place(self, offered: Format, profile: Profile = MODEL, **query: str) -> str:
        """The address of the representation in a format and a profile."""
        if profile is not MODEL:
            query["_profile"] = profile.token
        return self.in_format(offered, **query)

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
    def link_header(self) -> str:
        """``Link``: the other representations and the thing described (RFC 8288, RFC 6892)."""
        model = f'; profile="{iri_to_uri(MODEL.iri)}"' if self.profiles else ""
        links = [f'<{href}>; rel="alternate"; type="{offered.media_type}"{model}' for offered, href in self.formats]
        return ", ".join([*links, *self._profile_links(), f'<{iri_to_uri(self.iri)}>; rel="describes"'])

    def _profile_links(self) -> list[str]:
        """Content Negotiation by Profile, “list profiles”: each profile once; ``alt`` lists every format."""
        if not self.profiles:
            return []
        every, first = [(known, iri_to_uri(known.iri)) for known in (*self.profiles, ALTERNATES)], OFFERED[0]
        return [
            *(
                f'<{self.place(first, known)}>; rel="alternate"; type="{first.media_type}"; profile="{iri}"'
                for known, iri in every
                if known is not MODEL
            ),
            *(f'<{PROFILE_CLASS}>; rel="type"; token="{known.token}"; anchor="{iri}"' for known, iri in every),
            f'<{iri_to_uri(self.profile.iri)}>; rel="profile"',
        ]


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
    return negotiate(OFFERED, [suffix] if suffix else ())


def finish(body: bytes | str, about: Document, chosen: Format, *, negotiated: bool, **query: str) -> Response:
    """The answer with one representation of a document.

    Args:
        body: the representation.
        about: the document.
        chosen: the format of the body.
        negotiated: whether it was chosen by ``Accept``, not by the address.
        query: further parameters of its address.
    """
    vary = ("Accept", "Accept-Language") if negotiated else ("Accept-Language",) if chosen is PAGE else ()
    if negotiated and about.profiles:
        vary = (*vary, "Accept-Profile")
    response = represent(body, chosen, vary=vary)
    response.headers["Link"] = about.link_header
    if negotiated:
        response.headers["Content-Location"] = about.place(chosen, about.profile, **query)
    if about.profiles:
        response.headers["Content-Profile"] = f"<{iri_to_uri(about.profile.iri)}>"
    return response


def see(location: str) -> Response:
    """303 See Other (RFC 9110 §15.4.4)."""
    response = Response(status=303)
    response.headers["Location"] = location
    return response
