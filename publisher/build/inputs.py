"""Which files of a project a release is made from."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from publisher.core.formats import RDF_FORMATS

INPUT_FOLDERS = ("ontology", "data", "shapes")
LOOSE_FOLDERS = ("", "data/")
"""Where RDF files may lie as they came."""

SUFFIXES = (*(chosen.suffix for chosen in RDF_FORMATS), "owl")
"""Suffixes of RDF files; ``.owl`` is RDF/XML or Turtle."""

CURATED = ("dataset", "retired")
"""Stems of files in ``data/`` that the build reads for what they say of the data set and of its addresses."""


def loose_files(project: Path) -> Iterator[Path]:
    """The RDF files that lie in the project's folder itself and in ``data/``, sorted, but for curated ones."""
    for below in LOOSE_FOLDERS:
        for path in sorted((project / below).glob("*")):
            is_curated = below and path.stem in CURATED
            if path.is_file() and path.suffix.removeprefix(".") in SUFFIXES and not is_curated:
                yield path


def input_files(project: Path) -> Iterator[Path]:
    """Every input file."""
    folders = (sorted(path for path in (project / name).rglob("*") if path.is_file()) for name in INPUT_FOLDERS)
    yield from chain((path for path in loose_files(project) if path.parent == project), *folders)
