"""Dumps: the whole dataset and each named graph in every RDF format, plain and packed, the same bytes every time."""

import gzip
import hashlib
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph

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


def write_dumps(quads: Sequence[pyoxigraph.Quad], folder: Path, prefixes: dict[str, str], graphs: str) -> list[Dump]:
    """Writes ``dataset.<suffix>`` and ``graph-<name>.<suffix>`` for every RDF format, also packed, and their checksums.

    Graph formats carry the union of the named graphs, each triple once; dataset formats carry the named graphs.

    Args:
        quads: the quads of the dataset, sorted by graph.
        folder: where to write; it exists.
        prefixes: prefix → namespace IRI.
        graphs: how the IRIs of named graphs begin; what follows is their name.

    Returns:
        What was written, sorted by name.
    """
    written = list(_write(quads, "", folder / STEM, prefixes))
    for graph, content in groupby(quads, key=lambda quad: quad.graph_name):
        iri = graph.value if isinstance(graph, pyoxigraph.NamedNode) else ""
        written += _write(list(content), iri, folder / f"{GRAPH}{iri.removeprefix(graphs)}", prefixes)
    written.sort(key=lambda dump: dump.path.name)
    # As sha256sum of GNU coreutils writes them, and reads them again with --check.
    sums = "".join(f"{dump.sha256}  {dump.path.name}\n" for dump in written)
    (folder / CHECKSUMS).write_text(sums, encoding="utf-8")
    return written


def _write(quads: Sequence[pyoxigraph.Quad], graph: str, stem: Path, prefixes: dict[str, str]) -> Iterator[Dump]:
    union = sorted({quad.triple for quad in quads}, key=str)
    with ThreadPoolExecutor() as threads:
        for chosen in RDF_FORMATS:
            plain = serialize(quads if chosen.holds is Holds.DATASET else union, chosen, prefixes)
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


def serialize(
    content: Sequence[pyoxigraph.Quad] | Sequence[pyoxigraph.Triple], chosen: Format, prefixes: dict[str, str]
) -> bytes:
    """Serialises triples or quads in one RDF format.

    Raises:
        ValueError: the content cannot be written in the format.
    """
    syntax = pyoxigraph.RdfFormat.from_media_type(chosen.media_type)
    if syntax is None:
        raise ValueError(f"no serialiser for {chosen.media_type}")
    return pyoxigraph.serialize(content, format=syntax, prefixes=prefixes) or b""
