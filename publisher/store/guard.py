"""Looks at a public query before anything runs it.

The engine follows ``SERVICE``, dies of deep nesting and reads keywords without regard to
where words end (``SERVICE:x``, ``trueSERVICE<x>``), so the text is cut into the terminals
of the grammar and refused where there is doubt.
"""

import re
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from publisher.core.formats import BOOLEAN_FORMATS, RDF_FORMATS, RESULT_FORMATS, Format
from publisher.core.request_errors import BadQuery, QueryRefused, QueryTooDeep, QueryTooLong
from publisher.store.terminals import Token, bad_query, decode, tokens

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

    @property
    def formats(self) -> tuple[Format, ...]:
        """The formats that an answer can have, the preferred one first."""
        if self.gives_graph:
            return RDF_FORMATS
        return BOOLEAN_FORMATS if self is QueryForm.ASK else RESULT_FORMATS


_UPDATES = frozenset(("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"))
_CHANGING = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))
"""Functions that give something else each time (SPARQL 1.1 §17.4)."""
_FORMS = frozenset(form.value for form in QueryForm)
_PROLOGUE = frozenset(("BASE", "PREFIX"))
_OPEN_IRI = re.compile(r"""<[A-Za-z][A-Za-z0-9+.\-]*+://[^<>"{}|^`\\\x00-\x20]*+([^<>\r\n])[^<>\r\n]*+>""")
_OPENING = frozenset(("(", "{", "[", "<<"))
_CLOSING = frozenset((")", "}", "]", ">>"))


def inspect(query: str, settings: "Settings", prefixes: Mapping[str, str] = MappingProxyType({})) -> QueryForm:
    """Decides whether a query may run, and says which form it has.

    Codepoint escapes may stand anywhere (SPARQL 1.1 §19.2), yet engines differ in where
    they honour them: the query must be harmless both as written and decoded.

    Args:
        query: the public's text.
        settings: the limits.
        prefixes: those of the release, for whoever forgets to declare one.

    Raises:
        QueryTooLong: over ``query_length``.
        QueryTooDeep: nested deeper than ``query_depth``.
        QueryRefused: an update, or a federated query (``SERVICE``).
        BadQuery: not SPARQL at all, or not exactly one query.
    """
    if len(query.encode("utf-8", "surrogatepass")) > settings.query_length:
        raise too_long(settings)
    decoded = decode(query)
    if decoded != query:
        try:
            for token in tokens(decoded):
                _refuse(token)
        except BadQuery:
            pass  # What cannot be read decoded can only run as written, which is looked at next.
    return _inspect(query, settings.query_depth, prefixes)


def too_long(settings: "Settings") -> QueryTooLong:
    """What is said of a query over ``query_length``."""
    return QueryTooLong(
        "It is longer than {limit} bytes.",
        hint="The whole data set can be downloaded instead.",
        limit=settings.query_length,
    )


def is_repeatable(query: str) -> bool:
    """Whether the same query over the same data gives the same answer, as far as one can see.

    Args:
        query: one that ``inspect`` has let through, without escapes in names.
    """
    shouted = query.upper()
    if not any(name in shouted for name in _CHANGING):
        return True
    return not any(name in token.word for token in tokens(query) for name in _CHANGING)


def _inspect(query: str, deepest: int, known: Mapping[str, str]) -> QueryForm:
    depth, previous, iri_follows = 0, "", False
    forms: list[Token] = []
    prefixes: set[str] = set()
    strange: Token | None = None
    for token in tokens(query):
        _refuse(token)
        if iri_follows and token.kind != "iri":
            raise bad_query(query, token.start, "An IRI in angle brackets follows here, such as <http://example.org/>.")
        iri_follows = not forms and (token.word == "BASE" if token.is_keyword else previous == "PREFIX")
        if token.kind == "mark":
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth > deepest:
                raise QueryTooDeep("Groups and brackets are nested deeper than {deepest}.", deepest=deepest)
        elif token.is_keyword and not depth and token.word in _FORMS:
            forms.append(token)
        elif token.is_keyword and not forms and token.word not in _PROLOGUE:
            strange = strange or token
        elif token.kind == "name" and not token.is_keyword:
            if previous == "PREFIX":
                prefixes.add(token.word)
            elif token.word not in prefixes:
                _look_within_brackets(query, token)
                name = token.text.partition(":")[0]
                raise bad_query(
                    query,
                    token.start,
                    "Declare this prefix first: {name}",
                    name=f"PREFIX {name}: <{known.get(name, '…')}>",
                )
        previous = token.word if token.is_keyword else ""
    if len(forms) > 1:
        raise bad_query(query, forms[1].start, "A second query begins here. Send exactly one.")
    if not forms:
        if strange:
            raise bad_query(query, strange.start, "Start it with SELECT, ASK, CONSTRUCT or DESCRIBE.")
        raise BadQuery("There is no query in it.", hint="Start it with SELECT, ASK, CONSTRUCT or DESCRIBE.")
    return QueryForm(forms[0].word)


def _look_within_brackets(query: str, token: Token) -> None:
    """Finds what keeps an IRI in angle brackets from being one, so that its scheme looks like a prefix.

    Raises:
        BadQuery: at the character that may not stand there (SPARQL 1.1 §19.8, IRIREF).
    """
    match = _OPEN_IRI.match(query, token.start - 1) if token.start else None
    if match:
        position = match.start(1)
        raise bad_query(query, position, "'{sign}' may not stand in an IRI: percent-encode it.", sign=match[1])


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
            "{word} changes data, and this endpoint only reads.",
            hint="Ask with SELECT, ASK, CONSTRUCT or DESCRIBE.",
            word=token.word,
        )
