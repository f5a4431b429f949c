"""Sitemaps (https://www.sitemaps.org/protocol.html): the address of every page, with those of its translations."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urldefrag
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from rdflib import RDF, Graph, URIRef

from publisher.build.void import is_entity
from publisher.core.release import SITEMAP
from publisher.core.terms import DESCRIPTION_PATH, LABEL_PROPERTIES, SKOLEM_PATH

MOST = 50_000
"""Addresses that one file may have by the protocol."""

PAGES = ("", "about", "accessibility", "api", "browse/", "changes", "dumps/", "ontology", "quality")
"""Pages besides those of things, below the base."""

_IN_ADDRESSES = "/:@!$&'()*+,;=-._~?%"
"""What stands in the path or the query of an address as it is in an IRI (RFC 3986 §3.3, §3.4; RFC 3987 §3.1)."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


def pages_of_things(graphs: Mapping[str, Graph], base: str) -> set[str]:
    """The addresses of the documents about all things below the base that have a class or a name.

    Args:
        graphs: IRI → triples of every named graph.
        base: the base IRI.
    """
    things = {
        str(subject)
        for name, graph in graphs.items()
        for term in (RDF.type, *map(URIRef, LABEL_PROPERTIES))
        for subject in graph.subjects(term)
        # The description tells of services and of the catalogue too, which have no page.
        if isinstance(subject, URIRef) and (is_entity(subject, base) or name != base + DESCRIPTION_PATH)
    }
    paths = {urldefrag(thing).url.removeprefix(base) for thing in things if thing.startswith(base)}
    return {
        base + quote(f"doc/{path.removeprefix('id/')}" if path.startswith("id/") else path, safe=_IN_ADDRESSES)
        for path in paths
        if not path.startswith(SKOLEM_PATH)
    }


def write_sitemap(
    things: Iterable[str],
    folder: Path,
    base: str,
    languages: Sequence[str],
    modified: str,
    most: int = MOST,
    pages: Sequence[str] = PAGES,
) -> None:
    """Writes ``sitemap.xml``; where one file is not enough, as an index of ``sitemap-1.xml`` and so on.

    Args:
        things: addresses of the pages of things.
        folder: where to write.
        base: the base IRI.
        languages: of the pages.
        modified: day of the release, for ``lastmod``; empty: not known.
        most: addresses that one file may have.
        pages: besides those of things, below the base.
    """
    addresses = list(dict.fromkeys((*(base + page for page in pages), *sorted(things))))
    parts = [addresses[first : first + most] for first in range(0, len(addresses), most)]
    if len(parts) == 1:
        _write(_urls(parts[0], languages, modified), folder / SITEMAP)
        return
    index = Element("sitemapindex", xmlns=_NAMESPACE)
    for number, part in enumerate(parts, 1):
        name = f"{Path(SITEMAP).stem}-{number}.xml"
        _write(_urls(part, languages, modified), folder / name)
        _add(index, "sitemap", base + name, modified)
    _write(index, folder / SITEMAP)


def _urls(addresses: Sequence[str], languages: Sequence[str], modified: str) -> Element:
    urls = Element("urlset", {"xmlns": _NAMESPACE, "xmlns:xhtml": _XHTML})
    for address in addresses:
        url = _add(urls, "url", address, modified)
        joint = "&" if "?" in address else "?"
        translations = {language: f"{address}{joint}lang={language}" for language in languages}
        for language, translation in {**translations, "x-default": address}.items():
            SubElement(url, "xhtml:link", rel="alternate", hreflang=language, href=translation)
    return urls


def _add(parent: Element, name: str, address: str, modified: str) -> Element:
    element = SubElement(parent, name)
    SubElement(element, "loc").text = address
    if modified:
        SubElement(element, "lastmod").text = modified
    return element


def _write(root: Element, path: Path) -> None:
    ElementTree.indent(root, space="")
    path.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")
