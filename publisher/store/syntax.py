"""Where a query stops being SPARQL.

The engine tells a place, but often a wrong one: it tries a keyword by taking as many
characters as the keyword has, and reports the end of them. Whether the start of a query can
be gone on with it does tell rightly, so the first word that cannot follow is searched for.
"""

import re

from pyoxigraph import Store

from publisher.core.request_errors import BadQuery
from publisher.store.terminals import bad_query, tokens

_PLACE = re.compile(r"error at (\d+):\d+: expected (.*)", re.DOTALL)
_SENTENCE = re.compile(r"(?:^|one of |, )([A-Z][a-zA-Z]* [^,\n]*[^,\s])")
"""Among what was expected, which are words and signs of the grammar, what the engine says in words."""
_STAR = "SELECT * "
_END = "\n# a comment longer than any keyword\n"
_BASE = "http://base.example/"
"""For relative IRIs; nothing is looked up there."""
_EMPTY = Store()


def explain(query: str, message: str) -> BadQuery:
    """The error with its place: the first word after which the query cannot be gone on with.

    Args:
        query: what the engine refused; the guard has let it through.
        message: why, in the engine's words.
    """
    match = _PLACE.match(message)
    if match is None:
        return BadQuery("The engine says: {message}", message=message)
    position, sentence = _locate(query), _SENTENCE.search(match[2])
    if sentence and sentence[1].startswith(_STAR):
        return bad_query(query, position, "SELECT * cannot be used with GROUP BY: name the variables.")
    if sentence:
        return bad_query(query, position, "The engine says: {message}", message=sentence[1])
    if position == len(query.rstrip()):
        return bad_query(query, position, "Something is missing at the end.")
    return bad_query(query, position, "SPARQL cannot go on with this here.")


def _locate(query: str) -> int:
    """The position of the first word that cannot follow; the end where only something is missing."""
    if _can_go_on(query):
        return len(query.rstrip())
    words = list(tokens(query))
    good, bad = 0, len(words)
    while bad - good > 1:
        middle = (good + bad) // 2
        last = words[middle - 1]
        if _can_go_on(query[: last.start + len(last.text)]):
            good = middle
        else:
            bad = middle
    return words[bad - 1].start


def _can_go_on(start: str) -> bool:
    """Whether some query begins so: the engine gets to the end of it."""
    text = start + _END
    try:
        _EMPTY.query(text, base_iri=_BASE)
    except SyntaxError as error:
        match = _PLACE.match(str(error))
        return match is not None and int(match[1]) > text.count("\n")
    except (OSError, ValueError, RuntimeError):
        pass  # It was read, and did not run.
    return True
