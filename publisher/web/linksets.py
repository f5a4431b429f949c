"""Typed links written down: as a ``Link`` header (RFC 8288) and as link sets (RFC 9264)."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote, urljoin

from msgspec import Struct
from werkzeug.urls import iri_to_uri

from publisher.core.formats import BY_NAME, Format
from publisher.web.site import site

_OF_URIS = ":/?#[]@!$&'()*+,;=%-._~"
"""What RFC 3986 §2 lets stand in a URI besides letters and digits."""


@lru_cache(maxsize=10_000)
def uri(iri: str) -> str:
    """An IRI as a URI (RFC 3987 §3.1); a host that is none in the domain name system is percent-encoded too."""
    try:
        return str(iri_to_uri(iri))
    except ValueError:
        return quote(iri, safe=_OF_URIS)


class Link(Struct, frozen=True):
    """A typed link (RFC 8288 §2).

    Args:
        relation: a registered relation type, or the IRI of one.
        target: an IRI, or an address on this server as a path.
        media_type: what is found there.
        profile: the IRI of a profile that it conforms to.
        token: a short name of the context (Content Negotiation by Profile).
        anchor: the IRI of the context, if it is not what the links come with.
    """

    relation: str
    target: str
    media_type: str = ""
    profile: str = ""
    token: str = ""
    anchor: str = ""

    def written(self, target: str, anchor: str) -> str:
        """The link as a ``link-value`` (§3)."""
        attributes = (
            ("rel", self.relation),
            ("type", self.media_type),
            ("profile", uri(self.profile)),
            ("token", self.token),
            ("anchor", anchor),
        )
        return f"<{target}>" + "".join([f'; {name}="{value}"' for name, value in attributes if value])


def header(links: Iterable[Link]) -> str:
    """The value of a ``Link`` header."""
    return ", ".join(link.written(uri(link.target), uri(link.anchor)) for link in links)


def serialise(contexts: Iterable[tuple[str, Sequence[Link]]], chosen: Format) -> bytes:
    """A link set, with absolute addresses, since it may be read away from here (RFC 9264 §4).

    Args:
        contexts: the address of each link context with its links.
        chosen: one of the formats for links.
    """
    by_anchor: dict[str, dict[Link, None]] = {}
    for context, links in contexts:
        for link in links:
            by_anchor.setdefault(_absolute(link.anchor or context), {})[link] = None
    if chosen is BY_NAME["linkset-json"]:
        sets = [{"anchor": anchor, **_by_relation(links)} for anchor, links in by_anchor.items()]
        return (json.dumps({"linkset": sets}, indent=1) + "\n").encode()
    written = [link.written(_absolute(link.target), anchor) for anchor, links in by_anchor.items() for link in links]
    return (",\n".join(written) + "\n").encode()


def _by_relation(links: Iterable[Link]) -> dict[str, list[dict[str, object]]]:
    """Link relation → target objects (RFC 9264 §4.2.2); what attributes of one's own hold is in arrays (§4.2.4.3)."""
    found: dict[str, list[dict[str, object]]] = {}
    for link in links:
        target: dict[str, object] = {"href": _absolute(link.target)}
        if link.media_type:
            target["type"] = link.media_type
        for name, value in (("profile", link.profile), ("token", link.token)):
            if value:
                target[name] = [uri(value)]
        found.setdefault(link.relation, []).append(target)
    return found


def _absolute(target: str) -> str:
    return urljoin(site().release.base_iri, uri(target))
