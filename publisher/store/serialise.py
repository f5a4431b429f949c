"""Writes answers: in the engine's own code, and never ill-formed."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from io import StringIO

import pyoxigraph
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
)

from publisher.core import xml
from publisher.core.formats import Format
from publisher.core.request_errors import NotAcceptable
from publisher.store import blank_nodes
from publisher.store import prefixes as known
from publisher.store.protocol import Answer

_WITH_VALUE = frozenset((NamedNode, Literal))
_LINE_END = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
"""Where many readers of CSV end a line besides CR and LF, if it is not within quotes (``str.splitlines``)."""


def answer(
    results: QuerySolutions | QueryBoolean | QueryTriples | list[Triple], chosen: Format, prefixes: Mapping[str, str]
) -> Answer:
    """Serialises the results of a query.

    Args:
        results: what the engine gave.
        chosen: a results format for a table or boolean, an RDF format for a graph.
        prefixes: prefix → namespace IRI, for the formats that have prefixes.

    Raises:
        NotAcceptable: they cannot be written in that format.
    """
    if isinstance(results, QueryTriples | list):
        triples = set(blank_nodes.renamed(results))
        return Answer(graph(triples, chosen, prefixes), len(triples))
    syntax = QueryResultsFormat.from_media_type(chosen.media_type)
    if syntax is None:
        raise NotAcceptable("Tables cannot be written as {format}.", format=chosen.label)
    if chosen.name == "csv" and isinstance(results, QuerySolutions):
        return _csv(results)
    body = results.serialize(format=syntax) or b""
    rows = 0 if isinstance(results, QueryBoolean) else _ROWS[chosen.name](body)
    return Answer(_checked_xml(body) if chosen.is_xml else body, rows)


def _csv(solutions: QuerySolutions) -> Answer:
    """CSV (SPARQL 1.1 Query Results CSV and TSV §3). The engine's own puts an IRI with a comma without quotes."""
    text, rows = StringIO(newline=""), 0
    writer, quoting = csv.writer(text), csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([variable.value for variable in solutions.variables])
    for rows, solution in enumerate(solutions, start=1):  # noqa: B007
        fields = [term.value if type(term) in _WITH_VALUE else term for term in solution]
        (quoting if _LINE_END.search("".join(map(str, fields))) else writer).writerow(fields)
    return Answer(text.getvalue().encode(), rows)


def _rows_in_json(body: bytes) -> int:
    # Between two rows stands }},{" and then a name. In a text a quotation mark has a backslash
    # before it; where a text ends with }},{ its own quotation mark is followed by } or a comma.
    if body.endswith(b"[]}}"):
        return 0
    return 1 + body.count(b'}},{"') - body.count(b'}},{"}') - body.count(b'}},{",')


_ROWS: Mapping[str, Callable[[bytes], int]] = {
    "json": _rows_in_json,
    "xml": lambda body: body.count(b"<result>"),
    "tsv": lambda body: body.count(b"\n") - 1,
}
"""Format → rows in an answer; the engine does not tell. In JSON, rows without any value may not be seen."""


def graph(triples: Iterable[Triple], chosen: Format, prefixes: Mapping[str, str]) -> bytes:
    """Serialises triples, each once and in order: the same triples give the same bytes.

    Raises:
        NotAcceptable: they cannot be written in that format.
    """
    syntax = RdfFormat.from_media_type(chosen.media_type)
    if syntax is None:
        raise NotAcceptable("Graphs cannot be written as {format}.", format=chosen.label)
    unique = sorted(set(triples), key=str)
    needed = known.used(unique, prefixes)
    if not chosen.is_xml:
        try:
            return pyoxigraph.serialize(unique, format=syntax, prefixes=needed) or b""
        except (OSError, ValueError):  # A triple term, which JSON-LD 1.1 does not have.
            raise NotAcceptable(
                "Some of the answer cannot be written as {format}.", hint="Turtle can.", format=chosen.label
            ) from None
    try:
        return xml.rdf_xml(unique, needed)
    except xml.Unwritable:
        raise _unfit("Turtle") from None


def _checked_xml(body: bytes) -> bytes:
    """Raises:
    NotAcceptable: it has characters or names that XML 1.0 does not have.
    """
    try:
        return xml.checked(body)
    except xml.Unwritable:
        raise _unfit("JSON") from None


def _unfit(instead: str) -> NotAcceptable:
    return NotAcceptable(
        "Some of the answer's characters or names cannot be written in XML.",
        hint="Ask for {instead} instead.",
        instead=instead,
    )
