"""The paragraphs of a source: the published text has single spaces only, the file it was read from has lines."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from math import ceil
from pathlib import Path

from msgspec import Struct

from publisher.core.release import INPUT_PATH, Release

LONGEST = 5_000
"""Characters of a paragraph; a longer one is cut between words."""
PAGE = 30_000
"""Characters of a text on one page, at most about: with what rests on them, less than 60 kB compressed."""
_BLANK = re.compile(r"\n[^\S\n]*\n\s*|\f\s*")
_ENDS = re.compile(r"[.!?…:;,»”\"')\]]$")


class Paragraph(Struct, frozen=True):
    """A stretch of a text: from the character ``start`` to before ``end``."""

    start: int
    end: int
    is_heading: bool = False


def paragraphs(text: str, release: Release) -> Sequence[Paragraph]:
    """The paragraphs of a source's text.

    They are those of the input file that is the same text but for its white space: blank lines part them.
    A single line without a stop at its end is a heading. If there is no such file, the text is one paragraph.

    Args:
        text: with single spaces.
        release: whose input files are looked through.
    """
    return _paragraphs(text, release.folder, tuple(file.path for file in release.files))


def pages(text: str, release: Release) -> Sequence[Sequence[tuple[int, Paragraph]]]:
    """The paragraphs of a text with their numbers, from 1, in pages of about the same length."""
    length = max(len(text), 1)
    count = ceil(length / PAGE)
    numbered = enumerate(paragraphs(text, release), start=1)
    return [list(part) for _, part in groupby(numbered, key=lambda one: one[1].start * count // length)]


@lru_cache(maxsize=16)
def _paragraphs(text: str, folder: Path, files: tuple[str, ...]) -> Sequence[Paragraph]:
    return tuple(piece for block in _blocks(text, folder, files) for piece in _pieces(text, block))


def _blocks(text: str, folder: Path, files: Sequence[str]) -> list[Paragraph]:
    for path in files:
        if path.startswith(INPUT_PATH) and path.endswith(".txt"):
            raw = (folder / path).read_text(encoding="utf-8")
            if " ".join(raw.split()) == text:
                return list(_split(raw))
    return [Paragraph(0, len(text))]


def _split(raw: str) -> Iterator[Paragraph]:
    at = 0
    for block in _BLANK.split(raw):
        words = " ".join(block.split())
        if words:
            is_heading = len(block.strip().splitlines()) == 1 and not _ENDS.search(words)
            yield Paragraph(at, at + len(words), is_heading)
            at += len(words) + 1


def _pieces(text: str, whole: Paragraph) -> Iterator[Paragraph]:
    start = whole.start
    while whole.end - start > LONGEST:
        space = text.rfind(" ", start + 1, start + LONGEST)
        cut = space if space > 0 else start + LONGEST
        yield Paragraph(start, cut)
        start = cut + 1 if space > 0 else cut
    yield Paragraph(start, whole.end, whole.is_heading)
