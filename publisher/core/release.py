"""The release folder: the one thing the two halves share at run time.

::

    releases/
      current            symbolic link, replaced atomically
      <release id>/
        manifest.json    what is here, with sha256 and sizes, and what it was made from
        dumps/           dataset.ttl .nt .trig .nq .jsonld .rdf, graph-<name>.ttl …, each also .gz and .zst; SHA256SUMS
        catalog.ttl      what can be downloaded, and how it was made (DCAT, PROV-O)
        sitemap*.xml     the addresses of all pages
        ontology.ttl     the ontology as one OWL document
        context.jsonld   the JSON-LD context and the prefixes
        report.ttl       SHACL validation report
        queries/*.rq     example queries
        pictures/        queries of pictures, their answers, and names of what these mention
        sections/        <Class>/*.rq, queries for sections of the pages of a class
        CHANGELOG.md     the project's, if it has one
        store/           pyoxigraph store, derived from dumps/dataset.nq
        search.sqlite    index for searching by words, derived from the same
        incoming.sqlite  what points to what many things point to, parts of documents, derived from the same

All but the last three is the same, byte by byte, for the same input.
"""

import hashlib
import json
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec import Struct

from publisher.core.errors import ReleaseMissing
from publisher.core.incoming import INCOMING
from publisher.core.search import INDEX

CATALOG = "catalog.ttl"
CHANGELOG = "CHANGELOG.md"
CHECKSUMS = "SHA256SUMS"
CURRENT = "current"
MANIFEST = "manifest.json"
SITEMAP = "sitemap.xml"
STORE = "store"
DERIVED = (STORE, INDEX, INCOMING)
"""What the manifest does not vouch for: its bytes depend on the engines' versions and on chance."""
INPUT_PATH = "files/"
"""Below the base and in the release's folder: the input files as they were read."""


class ReleaseFile(Struct, frozen=True):
    """One file of a release: path relative to it, size in bytes, sha256 in hexadecimal."""

    path: str
    bytes: int
    sha256: str


class Release(Struct, frozen=True, dict=True):
    """A release opened for reading.

    Args:
        folder: where it lies.
        manifest: the parsed ``manifest.json``.
        since: when it became the current release; None if that is not known.
    """

    folder: Path
    manifest: dict[str, Any]
    since: datetime | None = None

    @property
    def id(self) -> str:
        """Hash over everything the manifest lists; the stem of every ETag."""
        return str(self.manifest["release"])

    @property
    def base_iri(self) -> str:
        """The base IRI the release was built for."""
        return str(self.manifest["base_iri"])

    @property
    def inputs(self) -> str:
        """Hash over all input files, the base IRI and the software."""
        return str(self.manifest["inputs"])

    @property
    def counts(self) -> dict[str, int]:
        """Numbers shown to people: triples, quotes, entities and so on."""
        return dict(self.manifest.get("counts", {}))

    @property
    def left_out(self) -> list[str]:
        """The names of the downloads that could not be written in their format."""
        return [str(name) for name in self.manifest.get("left_out", ())]

    @property
    def remarks(self) -> list[str]:
        """What the build tells of the data that is good, but cannot be published in every way."""
        return [str(remark) for remark in self.manifest.get("remarks", ())]

    @property
    def is_elsewhere(self) -> bool:
        """Whether some things have IRIs below the base that no document is for alone, only ``/describe``."""
        return bool(self.manifest.get("elsewhere"))

    @property
    def name_properties(self) -> list[str]:
        """The properties whose values are further names of things: acronyms, for example."""
        return [str(name) for name in self.manifest.get("name_properties", ())]

    @cached_property
    def files(self) -> tuple[ReleaseFile, ...]:
        """Every file the manifest vouches for, sorted by path."""
        return tuple(ReleaseFile(**entry) for entry in self.manifest["files"])

    @cached_property
    def manifest_file(self) -> ReleaseFile:
        """The manifest itself, which cannot vouch for its own hash."""
        content = (self.folder / MANIFEST).read_bytes()
        return ReleaseFile(MANIFEST, len(content), hashlib.sha256(content).hexdigest())

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Prefix → namespace IRI, as the JSON-LD context defines them."""
        context = json.loads((self.folder / "context.jsonld").read_text(encoding="utf-8"))
        return prefixes_of(context["@context"])


def prefixes_of(context: dict[str, Any]) -> dict[str, str]:
    """The prefixes among the terms of a JSON-LD context.

    JSON-LD 1.1 §4.1.5: a simple term whose IRI ends in a gen-delim can be used as one.
    """
    return {k: v for k, v in context.items() if isinstance(v, str) and not k.startswith("@") and v.endswith(("#", "/"))}


def open_release(releases: Path) -> Release:
    """Opens the current release.

    Args:
        releases: the folder of releases.

    Raises:
        ReleaseMissing: nothing was built yet, or the manifest cannot be read.
    """
    link = releases / CURRENT
    folder = link.resolve()
    try:
        since = datetime.fromtimestamp(link.lstat().st_mtime, UTC)
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseMissing(str(error), hint="Run 'publisher build' first.", where=str(releases)) from None
    return Release(folder, manifest, since)
