"""Documents: one description in every format, with the headers that tie its representations together."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response
from werkzeug.urls import iri_to_uri

from publisher.core.errors import NotFound
from publisher.core.formats import BY_NAME, PAGE, RDF_FORMATS, Format
from publisher.web.headers import represent
from publisher.web.negotiation import negotiate

OFFERED = (BY_NAME["turtle"], PAGE, *(f for f in RDF_FORMATS if f.name != "turtle"))
"""What a description is offered in, Turtle first for clients without a preference."""

SUFFIXES = {f.suffix: f for f in OFFERED}


@dataclass(frozen=True)
class Document:
    """A document about one IRI, and where each of its representations is.

    Args:
        iri: what it describes.
        in_format: the address of the representation in a format.
    """

    iri: str
    in_format: Callable[[Format], str]

    @property
    def formats(self) -> list[tuple[Format, str]]:
        """Every representation with its address, the page first."""
        return [(offered, self.in_format(offered)) for offered in (PAGE, *RDF_FORMATS)]

    @property
    def link_header(self) -> str:
        """``Link``: the other representations and the thing described (RFC 8288, RFC 6892)."""
        links = [f'<{href}>; rel="alternate"; type="{offered.media_type}"' for offered, href in self.formats]
        return ", ".join([*links, f'<{iri_to_uri(self.iri)}>; rel="describes"'])


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


def finish(body: bytes | str, about: Document, chosen: Format, *, negotiated: bool) -> Response:
    """The answer with one representation of a document.

    Args:
        body: the representation.
        about: the document.
        chosen: the format of the body.
        negotiated: whether it was chosen by ``Accept``, not by the address.
    """
    vary = ("Accept", "Accept-Language") if negotiated else ("Accept-Language",) if chosen is PAGE else ()
    response = represent(body, chosen, vary=vary)
    response.headers["Link"] = about.link_header
    if negotiated:
        response.headers["Content-Location"] = about.in_format(chosen)
    return response


def see(location: str) -> Response:
    """303 See Other (RFC 9110 §15.4.4)."""
    response = Response(status=303)
    response.headers["Location"] = location
    return response
