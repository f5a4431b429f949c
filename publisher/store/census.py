"""The number of all triples, which every monitor asks for: known since the build, seconds to count in a large store."""

import re

_VARIABLE = r"[?$][A-Za-z0-9_]++"
_COUNT_OF_ALL = re.compile(
    rf"""
    (?P<prologue> ~ (?: PREFIX ~ [^\s:<]*+: ~ <[^<>\s]*+> ~ | BASE ~ <[^<>\s]*+> ~ )*+ )
    SELECT ~ \( ~ COUNT ~ \( ~ (\*|{_VARIABLE}) ~ \) ~ AS ~ ({_VARIABLE}) ~ \) ~ (?: WHERE ~ )?
    \{{ ~ ({_VARIABLE}) ~ ({_VARIABLE}) ~ ({_VARIABLE}) ~ (?: \. ~ )? \}} ~
    """.replace("~", r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"),
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def with_known_count(query: str, triples: int | None) -> str:
    """The query, or one that gives the same answer at once, if it counts all triples of the default graph.

    Args:
        query: what the guard has let through, over the store's own default graph.
        triples: the number of triples there, if it is known.
    """
    match = _COUNT_OF_ALL.fullmatch(query) if triples is not None else None
    if match is None:
        return query
    prologue, *variables = match.groups()
    counted, name, *triple = (variable.replace("$", "?") for variable in variables)
    # A variable that stands twice asks for fewer triples; one that is never bound is counted as none.
    if len(set(triple)) < 3 or counted not in ("*", *triple):
        return query
    return f"{prologue}SELECT ({triples} AS {name}) {{}}"
