"""Where the words of a search stand in a text, and which part of a long text to show."""

from collections.abc import Sequence

from msgspec import Struct

from publisher.core.search import WORD, words

LENGTH = 260
"""Characters of a text that are shown, at most about."""
_BEFORE = 60
"""Characters that are shown before the first word, where the text is cut."""
_CUT = "…"


class Passage(Struct, frozen=True):
    """A text, or the part of it in which words were found.

    Args:
        prop: IRI of the property that gives the thing this text.
        language: its language, if it is known.
        pieces: the text in pieces, and whether each is one of the words.
        found: how many of the words are in it.
    """

    prop: str
    language: str | None
    pieces: Sequence[tuple[str, bool]]
    found: int

    @property
    def text(self) -> str:
        """The text without marks."""
        return "".join(piece for piece, _ in self.pieces)

    @property
    def marks(self) -> list[tuple[int, int]]:
        """Where the words are: number of their first character, and of the one after the last."""
        found, at = [], 0
        for piece, is_word in self.pieces:
            if is_word:
                found.append((at, at + len(piece)))
            at += len(piece)
        return found


def passage(prop: str, language: str | None, text: str, wanted: Sequence[str], length: float = LENGTH) -> Passage:
    """The passage of a text with most of the words in it.

    Args:
        prop: the property that gives the text.
        language: its language, if it is known.
        text: the text.
        wanted: folded words; the last one may be the beginning of a word.
        length: a text with more characters is cut.
    """
    marks = _marks(text, wanted)
    start, end = (0, len(text)) if len(text) <= length else _window(text, marks)
    shown = [(a, b) for a, b, _ in marks if start <= a and b <= end]
    pieces, at = [(_CUT, False)] if start else [], start
    for a, b in shown:
        pieces += [(text[at:a], False), (text[a:b], True)]
        at = b
    pieces += [(text[at:end], False), (_CUT if end < len(text) else "", False)]
    joined = [(piece, is_word) for piece, is_word in pieces if piece]
    return Passage(prop, language, joined, len({word for _, _, word in marks}))


def _marks(text: str, wanted: Sequence[str]) -> list[tuple[int, int, str]]:
    """Start, end and searched word of every word of the text that was searched for."""
    found = []
    for match in WORD.finditer(text):
        folded = "".join(words(match[0]))
        word = next((word for word in wanted if folded == word), None)
        if word is None and wanted and folded.startswith(wanted[-1]):
            word = wanted[-1]
        if word is not None:
            found.append((*match.span(), word))
    return found


def _window(text: str, marks: Sequence[tuple[int, int, str]]) -> tuple[int, int]:
    """Where to cut the text so that most of the words are shown, cutting between words."""
    room = LENGTH - _BEFORE

    def count(start: int) -> int:
        return len({word for a, b, word in marks if start <= a and b <= start + room})

    first = max((a for a, _, _ in marks), key=lambda start: (count(start), -start), default=0)
    start = max(0, first - _BEFORE)
    if start:
        start = text.find(" ", start, first) + 1 or first
    end = start + LENGTH
    if end < len(text):
        end = max(text.rfind(" ", first, end), min(first + 1, end)) if " " in text[first:end] else end
    return start, min(end, len(text))
