"""Text without case, accents and signs: how names are sorted and searched."""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from publisher.core.search import LIGATURES

LATIN = range(0xC0, 0x250)
"""Latin-1 Supplement, Latin Extended-A and -B: letters that SPARQL has to be told how to fold."""


def fold(text: str) -> str:
    """The text in small letters without accents (Unicode NFKD), only letters, digits and spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    return "".join([letter for letter in decomposed if letter.isalnum() or letter.isspace()]).strip()


@cache
def replacements() -> Sequence[tuple[str, str]]:
    """What SPARQL's ``REPLACE`` needs to fold Latin text: a regular expression and what stands for its matches."""
    groups: dict[str, list[str]] = defaultdict(list)
    for letter in sorted({chr(code).lower() for code in LATIN}):
        plain = fold(letter)
        if len(letter) == 1 and plain.isascii() and plain.isalnum():
            groups[plain].append(letter)
    classes = [(f"[{''.join(letters)}]", plain) for plain, letters in sorted(groups.items())]
    return [*classes, (r"[^\p{L}\p{N}\s]", "")]
