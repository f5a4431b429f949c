"""Dumps: the whole dataset and each named graph in every RDF format, plain and packed, the same bytes every time."""

import gzip
import hashlib
import sys
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph

from publisher.core import xml
from publisher.core.formats import COMPRESSIONS, RDF_FORMATS, Compression, Format, Holds
from publisher.core.release import CHECKSUMS

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STEM = "dataset"
GRAPH = "graph-"
"""How the names of a named graph's files begin."""

LEVELS = {"gz": 9, "zst": 9}
"""Suffix → level of compression; Zstandard takes a hundred times as long for the last sixth (level 19)."""


@dataclass(frozen=True)
class Dump:
    """One file of the dumps.

    Args:
        path: where it lies.
        graph: IRI of the named graph that it holds; empty: the whole dataset.
        format: its RDF format, packed or not.
        compression: how it is packed, if it is.
        sha256: of its bytes, in hexadecimal.
    """

    path: Path
    graph: str
    format: Format
    compression: Compression | None
    sha256: str


def formats_of(triples: Collection[pyoxigraph.Triple]) -> list[Format]:
    """The formats in which all triples can be written: XML lacks some characters, and names for some properties."""
    return [chosen for chosen in RDF_FORMATS if not chosen.is_xml or xml.can_write(triples)]


def write_dumps(
    quads: Sequence[pyoxigraph.Quad], folder: Path, prefixes: dict[str, str], graphs: str
) -> tuple[list[Dump], list[str]]:
    """Writes ``dataset.<suffix>`` and ``graph-<name>.<suffix>`` for every RDF format, also packed, and their checksums.

    Graph formats carry the union of the named graphs, each triple once; dataset formats carry the named graphs.
    A format that cannot write all of a file's content is left out.

    Args:
        quads: the quads of the dataset, sorted by graph.
        folder: where to write; it exists.
        prefixes: prefix → namespace IRI.
        graphs: how the IRIs of named graphs begin; what follows is their name.

    Returns:
        What was written, sorted by name, and the names of the plain files that were left out.
    """
    written, stems = list(_write(quads, "", folder / STEM, prefixes)), [STEM]
    for graph, content in groupby(quads, key=lambda quad: quad.graph_name):
        iri = graph.value if isinstance(graph, pyoxigraph.NamedNode) else ""
        stems.append(GRAPH + iri.removeprefix(graphs))
        written += _write(list(content), iri, folder / stems[-1], prefixes)
    written.sort(key=lambda dump: dump.path.name)
    # As sha256sum of GNU coreutils writes them, and reads them again with --check.
    sums = "".join(f"{dump.sha256}  {dump.path.name}\n" for dump in written)
    (folder / CHECKSUMS).write_text(sums, encoding="utf-8")
    names = {dump.path.name for dump in written}
    plain = (f"{stem}.{chosen.suffix}" for stem in stems for chosen in RDF_FORMATS)
    return written, [name for name in plain if name not in names]


def _write(quads: Sequence[pyoxigraph.Quad], graph: str, stem: Path, prefixes: dict[str, str]) -> Iterator[Dump]:
    union = sorted({quad.triple for quad in quads}, key=str)
    with ThreadPoolExecutor() as threads:
        for chosen in RDF_FORMATS:
            try:
                plain = _serialize(quads, union, chosen, prefixes)
            except xml.Unwritable:
                continue
            packed = threads.map(_pack, (plain for _ in COMPRESSIONS), COMPRESSIONS)
            for compression, content in zip((None, *COMPRESSIONS), (plain, *packed), strict=True):
                suffixes = [chosen.suffix, *([compression.suffix] if compression else [])]
                path = stem.with_name(".".join((stem.name, *suffixes)))
                path.write_bytes(content)
                yield Dump(path, graph, chosen, compression, hashlib.sha256(content).hexdigest())


def _pack(content: bytes, compression: Compression) -> bytes:
    """The content packed; without the time, which gzip would put into its header (RFC 1952 §2.3.1)."""
    level = LEVELS[compression.suffix]
    return gzip.compress(content, level, mtime=0) if compression.suffix == "gz" else zstd.compress(content, level)


def _serialize(
    quads: Sequence[pyoxigraph.Quad], union: Sequence[pyoxigraph.Triple], chosen: Format, prefixes: dict[str, str]
) -> bytes:
    """Raises:
    Unwritable: the format is XML and cannot write all of it.
    """
    if chosen.is_xml:
        return xml.rdf_xml(union, prefixes)
    syntax = pyoxigraph.RdfFormat.from_media_type(chosen.media_type)
    if syntax is None:
        raise ValueError(f"no serialiser for {chosen.media_type}")
    content = quads if chosen.holds is Holds.DATASET else union
    return pyoxigraph.serialize(content, format=syntax, prefixes=prefixes) or b""
