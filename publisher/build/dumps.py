"""Dumps: the whole dataset in every RDF format, sorted, the same bytes every time."""

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph

from publisher.core.formats import RDF_FORMATS, Format, Holds

STEM = "dataset"


def write_dumps(quads: Sequence[pyoxigraph.Quad], folder: Path, prefixes: dict[str, str]) -> None:
    """Writes ``dataset.<suffix>`` for every RDF format of the format table.

    Graph formats carry the union of the named graphs, each triple once; dataset formats
    carry the named graphs.

    Args:
        quads: the sorted quads of the dataset.
        folder: where to write; it exists.
        prefixes: prefix → namespace IRI.
    """
    union = sorted({quad.triple for quad in quads}, key=str)
    for chosen in RDF_FORMATS:
        content = quads if chosen.holds is Holds.DATASET else union
        (folder / f"{STEM}.{chosen.suffix}").write_bytes(serialize(content, chosen, prefixes))


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
