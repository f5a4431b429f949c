"""Signposts: the typed links of documents and downloads, the one table behind ``Link`` headers and link sets.

FAIR Signposting Profile, levels 1 and 2 (https://signposting.org/FAIR/): a document's page is the
landing page, its RDF representations are metadata, and the dataset's downloads are content.
"""

from collections.abc import Iterator, Mapping, Sequence

from flask import Response
from msgspec import Struct
from msgspec.structs import replace
from pyoxigraph import NamedNode

from publisher.core.formats import LINK_FORMATS, PAGE, RDF_FORMATS, Format
from publisher.core.terms import DCTERMS, FOAF, RDF_TYPE, SCHEMA
from publisher.web import linksets
from publisher.web.documents import OFFERED, Document
from publisher.web.headers import represent
from publisher.web.links import document, local_path
from publisher.web.linksets import Link
from publisher.web.profiles import ALTERNATES, MODEL, PROFILE_CLASS
from publisher.web.site import site
from publisher.web.vocabulary import Facts, vocabulary

ABOUT_PAGE = "https://schema.org/AboutPage"
DATASET = "https://schema.org/Dataset"
DOWNLOAD = "https://schema.org/DataDownload"
STATED: Mapping[str, Sequence[str]] = {
    "license": (DCTERMS + "license", SCHEMA + "license"),
    "author": (DCTERMS + "creator", FOAF + "maker", SCHEMA + "author", SCHEMA + "creator"),
    DCTERMS + "publisher": (DCTERMS + "publisher", SCHEMA + "publisher"),
}
"""Link relation → properties whose values it leads to; for publishers no relation is registered (RFC 8288 §2.1.2)."""
RIGHTS = DCTERMS + "rights"
MOST_ITEMS = 20
"""Items that a header may have; the link set has all of them."""
LONGEST = 2_800
"""Characters of the header beyond which links are left out of it: nginx takes 4,096 for all header fields."""
LEFT_OUT = (("alternate", "profile"), ("item",), ("describedby", "describes"))
"""Relations that are left out of a header that is too long, the first ones first: the link set has them."""


class Item(Struct, frozen=True):
    """A content resource of the dataset: the address and the media type of a download."""

    address: str
    media_type: str


class Signposts(Struct, frozen=True):
    """The links of a document.

    Args:
        about: the document.
        facts: what is said of the thing it describes.
        kinds: classes of the thing, those to be told.
        items: the dataset's content, if it is the thing.
    """

    about: Document
    facts: Facts
    kinds: Sequence[str] = ()
    items: Sequence[Item] = ()

    def answer(self, body: bytes | str, chosen: Format, *, negotiated: bool, **query: str) -> Response:
        """The answer with one representation of the document.

        Args:
            body: the representation.
            chosen: its format.
            negotiated: whether it was chosen by ``Accept``, not by the address.
            query: further parameters of its address.
        """
        vary = ("Accept", "Accept-Language") if negotiated else ("Accept-Language",) if chosen is PAGE else ()
        if negotiated and self.about.profiles:
            vary = (*vary, "Accept-Profile")
        response = represent(body, chosen, vary=vary)
        response.headers["Link"] = self._header(chosen, negotiated=negotiated)
        if negotiated:
            response.headers["Content-Location"] = self.about.place(chosen, self.about.profile, **query)
        if self.about.profiles and chosen not in LINK_FORMATS:
            response.headers["Content-Profile"] = f"<{linksets.uri(self.about.profile.iri)}>"
        return response

    def _header(self, chosen: Format, *, negotiated: bool) -> str:
        """The value of ``Link``.

        Clients that look for signposts send no ``Accept`` and get RDF where people get the page: at the
        negotiated address the links are always those of the landing page.
        """
        if chosen in LINK_FORMATS:
            return linksets.header([Link("describes", self.about.place(None))])
        links = replace(self, items=self.items[:MOST_ITEMS])._of(None if negotiated else chosen)
        written = [(link, linksets.header([link])) for link in links]
        if len(header := _joined(written)) <= LONGEST:
            return header
        told = {link.target for link in links if link.relation == "describedby"}
        written = [one for one in written if one[0].relation != "alternate" or one[0].target not in told]
        for left_out in LEFT_OUT:
            if len(header := _joined(written)) <= LONGEST:
                return header
            written = [one for one in written if one[0].relation not in left_out and not one[0].anchor]
        return _joined(written)

    def link_set(self, chosen: Format) -> bytes:
        """The link set, with the links of the document, its representations and the content (RFC 9264)."""
        return linksets.serialise(self._contexts(), chosen)

    def _contexts(self) -> Iterator[tuple[str, Sequence[Link]]]:
        yield self.about.place(None), self._of(None)
        for offered, href in self.about.formats:
            yield href, self._of(offered)
        for item in self.items:
            yield item.address, of_item(item)

    def _of(self, chosen: Format | None) -> list[Link]:
        """The links of one representation, or of the document: the address where they are negotiated."""
        about, dataset = self.about, vocabulary().dataset_iri
        formats = about.formats
        links = [Link("describes", about.iri), Link("canonical", about.canonical)]
        if about.iri.startswith(site().release.base_iri):
            links.append(Link("cite-as", about.iri))
        if chosen not in RDF_FORMATS:
            links += [Link("type", kind) for kind in (ABOUT_PAGE, *self._kinds())]
            links += [Link("describedby", href, offered.media_type) for offered, href in formats if offered is not PAGE]
            links += [Link("item", item.address, item.media_type) for item in self.items]
        else:
            links.append(Link("describes", about.place(None), PAGE.media_type))
        links += self._alternates(chosen, formats)
        links += _stated(self.facts)
        if dataset is not None and dataset != about.iri:
            links.append(Link("collection", document(dataset), PAGE.media_type))
        links += [Link(relation, href) for relation, href in about.turns.items()]
        return links + [Link("linkset", about.place(offered), offered.media_type) for offered in LINK_FORMATS]

    def _alternates(self, chosen: Format | None, formats: Sequence[tuple[Format, str]]) -> Iterator[Link]:
        """The other representations; in other profiles by one format each (Content Negotiation by Profile)."""
        about = self.about
        model = MODEL.iri if about.profiles else ""
        for offered, href in formats:
            if offered is not chosen or about.profile is not MODEL:
                yield Link("alternate", href, offered.media_type, model)
        if not about.profiles:
            return
        first, every = OFFERED[0], (*about.profiles, ALTERNATES)
        for profile in every:
            if profile is not MODEL:
                yield Link("alternate", about.place(first, profile), first.media_type, profile.iri)
        for profile in every:
            yield Link("type", PROFILE_CLASS, token=profile.token, anchor=profile.iri)
        yield Link("profile", about.profile.iri)

    def _kinds(self) -> Sequence[str]:
        """The classes to be told, and those of schema.org, which the profile asks for."""
        types = (value.value for value in self.facts.get(RDF_TYPE, ()) if isinstance(value, NamedNode))
        known = [kind for kind in types if kind.startswith((SCHEMA, "https://schema.org/"))]
        return tuple(dict.fromkeys([*([DATASET] if self.items else []), *known, *self.kinds]))


def _joined(written: Sequence[tuple[Link, str]]) -> str:
    return ", ".join([text for _, text in written])


def of_item(item: Item) -> list[Link]:
    """The links of a download: to the dataset that it is content of, and to that dataset's metadata."""
    dataset = vocabulary().dataset_iri
    path = local_path(dataset) if dataset else None
    if dataset is None or path is None:
        return []
    about = Document(dataset, path)
    return [
        Link("collection", about.place(None), PAGE.media_type),
        Link("cite-as", dataset),
        Link("type", DOWNLOAD),
        *(Link("describedby", about.place(offered), offered.media_type) for offered in RDF_FORMATS),
        *_stated(vocabulary().dataset),
        *(Link("linkset", about.place(offered), offered.media_type) for offered in LINK_FORMATS),
    ]


def _stated(facts: Facts) -> Iterator[Link]:
    """Licence, authors and publisher: the thing's own, else the dataset's.

    Where the thing has rights of its own but no licence, the dataset's licence may not cover it.
    """
    for relation, properties in STATED.items():
        own = _iris(facts, properties)
        inherited = () if relation == "license" and facts.get(RIGHTS) else _iris(vocabulary().dataset, properties)
        for iri in own or inherited:
            yield Link(relation, iri)


def _iris(facts: Facts, properties: Sequence[str]) -> Sequence[str]:
    values = (value for name in properties for value in facts.get(name, ()))
    return tuple(dict.fromkeys(value.value for value in values if isinstance(value, NamedNode)))
