"""Looks at a public query before anything runs it.

The engine follows ``SERVICE``, dies of deep nesting and reads keywords without regard to
where words end (``SERVICE:x``, ``trueSERVICE<x>``), so the text is cut into the terminals
of SPARQL 1.1 §19.8 and refused where there is doubt. Ready-made lexers do not hold: Pygments
runs past the end of triple-quoted strings and reads ``service:a`` as a keyword.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from publisher.core.errors import BadQuery, QueryRefused, QueryTooDeep, QueryTooLong

if TYPE_CHECKING:
    from publisher.core.settings import Settings


class QueryForm(Enum):
    """The four query forms (SPARQL 1.1 §16)."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is an RDF graph and not a table or a boolean."""
        return self in (QueryForm.CONSTRUCT, QueryForm.DESCRIBE)


@dataclass(frozen=True)
class Token:
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


_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"))
_FORMS = frozenset(form.value for form in QueryForm)
_OPENING = frozenset(("(", "{", "[", "<<"))
_CLOSING = frozenset((")", "}", "]", ">>"))

_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARK = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CODEPOINT = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE = rf"""\\[tbnrf\\"']|{_CODEPOINT}"""
_LOCAL_ESCAPE = rf"""%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%]|{_CODEPOINT}"""
_LOCAL = rf"(?:[{_LETTER}_:0-9]|{_LOCAL_ESCAPE})(?:\.*+(?:[{_LETTER}_\-:{_MARK}]|{_LOCAL_ESCAPE}))*+"
# A name is a keyword or a prefixed name: only ':' tells them apart, so they are scanned as
# one. Possessive quantifiers keep the scan linear in the length of the query.
_TERMINAL = re.compile(
    rf"""
      (?P<space>[ \t\r\n]++|\#[^\r\n]*+)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_CODEPOINT})*+>)
    | (?P<string>
        \"\"\"(?:\"{{0,2}}(?:[^"\\]|{_ESCAPE}))*+\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*+'''
      | "(?:[^"\\\r\n]|{_ESCAPE})*+" | '(?:[^'\\\r\n]|{_ESCAPE})*+' )
    | (?P<variable>[?$][{_LETTER}_0-9][{_LETTER}_{_MARK}]*+)
    | (?P<blank>_:[{_LETTER}_0-9](?:\.*+[{_LETTER}_\-{_MARK}])*+)
    | (?P<language>@[A-Za-z]++(?:-{{1,2}}[A-Za-z0-9]++)*+)
    | (?P<name>[{_LETTER}](?:\.*+[{_LETTER}_\-{_MARK}])*+(?::(?:{_LOCAL})?+)?+ | :(?:{_LOCAL})?+)
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
    position = 0
    while position < len(text):
        match = _TERMINAL.match(text, position)
        if match is None:
            raise bad_query(text, position, "Nothing in SPARQL starts with this, or it is not closed.")
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match.group(), position)
        position = match.end()


def bad_query(text: str, position: int, hint: str) -> BadQuery:
    """A syntax error at a position of the query, which names line and column and shows the line."""
    lines = re.split(r"\r\n|\r|\n", text[:position])
    line = re.split(r"\r\n|\r|\n", text)[len(lines) - 1]
    return bad_query_at(len(lines), len(lines[-1]) + 1, line, hint)


def bad_query_at(line: int, column: int, shown: str, hint: str) -> BadQuery:
    """A syntax error; lines and columns count from 1."""
    around = shown[max(0, column - 60) : column + 60].strip()
    return BadQuery(f"Line {line}, column {column}: {around}", hint=hint, where=f"{line}:{column}")


def inspect(query: str, settings: "Settings") -> QueryForm:
    """Decides whether a query may run, and says which form it has.

    Codepoint escapes may stand anywhere (SPARQL 1.1 §19.2), yet engines differ in where
    they honour them: the query must be harmless both as written and decoded.

    Args:
        query: the public's text.
        settings: the limits.

    Raises:
        QueryTooLong: over ``query_length``.
        QueryTooDeep: nested deeper than ``query_depth``.
        QueryRefused: an update, or a federated query (``SERVICE``).
        BadQuery: not SPARQL at all, or not exactly one query.
    """
    if len(query.encode("utf-8", "surrogatepass")) > settings.query_length:
        raise QueryTooLong(
            f"It is longer than {settings.query_length} bytes.", hint="The whole data set can be downloaded instead."
        )
    decoded = _decode(query)
    if decoded != query:
        try:
            for token in tokens(decoded):
                _refuse(token)
        except BadQuery:
            pass  # What cannot be read decoded can only run as written, which is looked at next.
    return _inspect(query, settings.query_depth)


def _decode(query: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = int(match.group()[2:], 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"

    return re.sub(_CODEPOINT, character, query)


def _inspect(query: str, deepest: int) -> QueryForm:
    depth, forms, prefixes, previous = 0, [], set(), ""
    for token in tokens(query):
        _refuse(token)
        if token.kind == "mark":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth > deepest:
                raise QueryTooDeep(f"Groups and brackets are nested deeper than {deepest}.")
        elif token.is_keyword and not depth and token.word in _FORMS:
            forms.append(token)
        elif token.kind == "name" and not token.is_keyword:
            if previous == "PREFIX":
                prefixes.add(token.word)
            elif token.word not in prefixes:
                name = token.text.partition(":")[0]
                raise bad_query(query, token.start, f"Declare the prefix first: PREFIX {name}: <…>")
        previous = token.word
    if len(forms) != 1:
        raise BadQuery(
            f"There are {len(forms)} queries in it, and there must be one.",
            hint="Start it with SELECT, ASK, CONSTRUCT or DESCRIBE, after the prefixes.",
        )
    return QueryForm(forms[0].word)


def _refuse(token: Token) -> None:
    """Refuses words that reach out or write.

    Raises:
        QueryRefused: for the word, wherever a keyword could be read.
    """
    if "SERVICE" in token.word:
        raise QueryRefused(
            "SERVICE asks other endpoints, and this one only answers from its own data set.",
            hint="Ask each endpoint yourself. A prefix must not have 'service' in its name either.",
        )
    if token.is_keyword and token.word in _UPDATES:
        raise QueryRefused(
            f"{token.word} changes data, and this endpoint only reads.",
            hint="Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.",
        )


def names_dataset(query: str) -> bool:
    """Whether a query says itself which graphs it is about (SPARQL 1.1 §13.2, ``FROM``)."""
    return "FROM" in query.upper() and any("FROM" in token.word for token in tokens(query) if token.is_keyword)
