"""The words of a query: the terminals of SPARQL 1.1 §19.8, and where in a query one of them is wrong.

Ready-made lexers do not hold: Pygments runs past the end of triple-quoted strings and reads
``service:a`` as a keyword.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from publisher.core.position import Excerpt, lines_of
from publisher.core.request_errors import BadQuery

BYTE_ORDER_MARK = "\ufeff"
"""What some editors put before a text, and is none of it (Unicode §23.8)."""


class Token(NamedTuple):
    """A terminal of the grammar: its kind, its text and where it starts."""

    kind: str
    text: str
    start: int

    @property
    def word(self) -> str:
        """What may be a keyword in it, in capitals: a bare word, or the prefix of a name."""
        return self.text.partition(":")[0].upper() if self.kind == "name" else ""

    @property
    def is_keyword(self) -> bool:
        """Whether it is a bare word."""
        return self.kind == "name" and ":" not in self.text


_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARK = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CODEPOINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE = rf"""\\[tbnrf\\"']|{_CODEPOINT}"""
_LOCAL_ESCAPE = rf"""%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%]|{_CODEPOINT}"""
_LOCAL = rf"(?:[{_LETTER}_:0-9]|{_LOCAL_ESCAPE})(?:\.*+(?:[{_LETTER}_\-:{_MARK}]|{_LOCAL_ESCAPE}))*+"
_REST = rf"(?:\.*+(?:[{_LETTER}_\-{_MARK}]|{_CODEPOINT}))*+"


@cache
def _terminal() -> re.Pattern[str]:
    """What matches any terminal; to compile it takes as long as answering many queries."""
    # A name is a keyword or a prefixed name: only ':' tells them apart, so they are scanned as
    # one. Possessive quantifiers keep the scan linear in the length of the query.
    return re.compile(
        rf"""
          (?P<space>[ \t\r\n]++|\#[^\r\n]*+)
        | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_CODEPOINT})*+>)
        | (?P<string>
            \"\"\"(?:\"{{0,2}}(?:[^"\\]|{_ESCAPE}))*+\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*+'''
          | "(?:[^"\\\r\n]|{_ESCAPE})*+" | '(?:[^'\\\r\n]|{_ESCAPE})*+' )
        | (?P<variable>[?$](?:[{_LETTER}_0-9]|{_CODEPOINT})(?:[{_LETTER}_{_MARK}]|{_CODEPOINT})*+)
        | (?P<blank>_:(?:[{_LETTER}_0-9]|{_CODEPOINT}){_REST})
        | (?P<language>@[A-Za-z]++(?:-{{1,2}}[A-Za-z0-9]++)*+)
        | (?P<name>(?:[{_LETTER}]|{_CODEPOINT}){_REST}(?::(?:{_LOCAL})?+)?+ | :(?:{_LOCAL})?+)
        | (?P<digits>[0-9]++)
        | (?P<mark><<|>>|\^\^|&&|\|\||[(){{}}\[\].,;|/^+*!?=<>&\-~])
        """,
        re.VERBOSE,
    )


def tokens(text: str) -> Iterator[Token]:
    """The terminals of a query, without white space and comments (SPARQL 1.1 §19.8).

    Raises:
        BadQuery: at a character where no terminal starts, such as an open string.
    """
    match_at, position = _terminal().match, 0
    while position < len(text):
        match = match_at(text, position)
        if match is None:
            raise bad_query(text, position, "Nothing in SPARQL starts with this, or it is not closed.")
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match.group(), position)
        position = match.end()


def bad_query(text: str, position: int, hint: str, **values: object) -> BadQuery:
    """A syntax error at a position of the query, which names line and column and shows the line.

    Args:
        text: the query.
        position: number of the character, from 0.
        hint: what to do about it, a message id.
        values: what goes into the hint.
    """
    before = lines_of(text[:position])
    line, column = len(before), len(before[-1]) + 1
    excerpt = Excerpt.of(lines_of(text)[line - 1], line, column)
    error = BadQuery(
        "Line {line}, column {column}: {shown}",
        hint=hint,
        where=f"{line}:{column}",
        **values,
        line=line,
        column=column,
        shown=excerpt.shown,
    )
    error.excerpt = excerpt
    return error


def unescape_names(query: str) -> str:
    """Replaces the codepoint escapes in keywords, names, variables and blank node labels.

    SPARQL 1.1 §19.2 allows them there too; the engine takes them in strings and IRIs only.

    Raises:
        BadQuery: one stands for a character that may not stand there.
    """
    if "\\" not in query:
        return query
    pieces, end = [], 0
    for token in tokens(query):
        name = token.text if token.kind in ("string", "iri") else decode(token.text)
        if name != token.text:
            match = _terminal().fullmatch(name)
            if match is None or match.lastgroup != token.kind:
                raise bad_query(query, token.start, "An escape stands for a character that cannot be in a name.")
            pieces += [query[end : token.start], name]
            end = token.start + len(token.text)
    return "".join([*pieces, query[end:]])


def decode(query: str) -> str:
    """The query with every codepoint escape replaced by its character (SPARQL 1.1 §19.2)."""

    def character(match: re.Match[str]) -> str:
        code = int(match.group()[2:], 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"

    return re.sub(_CODEPOINT, character, query)
