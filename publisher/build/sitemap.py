"""Sitemaps (https://www.sitemaps.org/protocol.html): the address of every page, with those of its translations."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from publisher.core.release import SITEMAP

MOST = 50_000
"""Addresses that one file may have by the protocol."""

PAGES = ("", "about", "accessibility", "api", "browse/", "changes", "dumps/", "ontology", "quality")
"""Pages besides those of things, below the base."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


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
        things: IRIs of the things that have pages.
        folder: where to write.
        base: the base IRI.
        languages: of the pages.
        modified: day of the release, for ``lastmod``; empty: not known.
        most: addresses that one file may have.
        pages: besides those of things, below the base.
    """
    start = len(base + "id/")
    addresses = [base + page for page in pages] + sorted(f"{base}doc/{thing[start:]}" for thing in things)
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
        translations = {language: f"{address}?lang={language}" for language in languages}
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
