"""The index for searching by words: what the build writes and the serving half reads.

A SQLite file with three full-text tables (FTS5): ``entry`` has a row for each thing, its
texts put in columns by what they are to it; ``passage`` has each text by itself;
``spelling`` has the names by their groups of three letters. All hold folded texts.
"""

import re
import unicodedata
from enum import IntEnum

INDEX = "search.sqlite"
"""Its path in a release."""


class Level(IntEnum):
    """What a text is to a thing, by how much it counts; each is a column of ``entry``."""

    LABEL = 0
    NAME = 1
    DESCRIPTION = 2
    QUOTE = 3


_TOKENS = "content='', prefix='2 3', tokenize='unicode61 remove_diacritics 2'"
COLUMNS = ", ".join(level.name.lower() for level in Level)
"""The columns of ``entry``."""

SCHEMA = f"""
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
);
CREATE TABLE literal (
    id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, property TEXT NOT NULL, level INTEGER NOT NULL,
    language TEXT, text TEXT NOT NULL, folded TEXT
);
CREATE INDEX named ON literal (folded, level, thing) WHERE folded IS NOT NULL;
CREATE VIRTUAL TABLE entry USING fts5 ({COLUMNS}, {_TOKENS});
CREATE VIRTUAL TABLE passage USING fts5 (name, other, {_TOKENS});
CREATE VIRTUAL TABLE spelling USING fts5 (folded, content='literal', content_rowid='id', tokenize='trigram');
"""
"""Literals of one thing have ids from ``first`` to ``last``, which are their row ids in ``passage`` and ``spelling``;
only labels and other names are in ``folded``, ``passage.name`` and ``spelling``."""

WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f]|\.(?=[^\W_]))*")
"""A word with its combining accents and the full stops inside it: O.I.M., 8.7."""
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_ELIDED = re.compile(r"\b[^\W\d_]{1,2}['’]")
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")


def words(text: str) -> list[str]:
    """The words of a text as they are searched for: without case, accents and elided articles.

    « l’O.I.M. » is the word ``oim``; a number such as 8.7 is one word.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    plain = unicodedata.normalize("NFC", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))
    found = WORD.findall(_ELIDED.sub(" ", plain))
    return [word.replace(".", "") if _DOTTED.fullmatch(word) else word for word in found]


def distinct(text: str) -> list[str]:
    """The words of a text, each once: its last word stays the last."""
    return list(reversed(dict.fromkeys(reversed(words(text)))))


def fold(text: str) -> str:
    """A text reduced to its words: two names that fold to the same are the same to a search."""
    return " ".join(words(text))
