"""Writes answers: in the engine's own code, and never ill-formed."""

from collections.abc import Iterable, Mapping
from xml.parsers import expat

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Triple

from publisher.core.errors import NotAcceptable
from publisher.core.formats import Format

_CARRIAGE_RETURN = b"\r"
_REFERENCE = b"&#13;"


def answer(results: QuerySolutions | QueryBoolean | QueryTriples, chosen: Format, prefixes: Mapping[str, str]) -> bytes:
    """Serialises the results of a query.

    Args:
        results: what the engine gave.
        chosen: a results format for a table or boolean, an RDF format for a graph.
        prefixes: prefix → namespace IRI, for the formats that have prefixes.

    Raises:
        NotAcceptable: they cannot be written in that format.
    """
    if isinstance(results, QueryTriples):
        return graph(results, chosen, prefixes)
    syntax = QueryResultsFormat.from_media_type(chosen.media_type)
    if syntax is None:
        raise NotAcceptable(f"Tables cannot be written as {chosen.label}.")
    body = results.serialize(format=syntax) or b""
    return _checked_xml(body, "JSON") if chosen.is_xml else body


def graph(triples: Iterable[Triple], chosen: Format, prefixes: Mapping[str, str]) -> bytes:
    """Serialises triples, each once and in order: the same triples give the same bytes.

    Raises:
        NotAcceptable: they cannot be written in that format.
    """
    syntax = RdfFormat.from_media_type(chosen.media_type)
    if syntax is None:
        raise NotAcceptable(f"Graphs cannot be written as {chosen.label}.")
    unique = sorted(set(triples), key=str)
    if not chosen.is_xml:
        return pyoxigraph.serialize(unique, format=syntax, prefixes=dict(prefixes)) or b""
    # RDF/XML cannot write every predicate as an element's name, and gives some a meaning of
    # their own (rdf:li): what is read back must be what was meant.
    try:
        body = _checked_xml(pyoxigraph.serialize(unique, format=syntax, prefixes=dict(prefixes)) or b"", "Turtle")
        read_back = {quad.triple for quad in pyoxigraph.parse(body, format=syntax)}
    except (OSError, ValueError, SyntaxError):
        raise _unfit("Turtle") from None
    if read_back != set(unique):
        raise _unfit("Turtle")
    return body


def _checked_xml(body: bytes, instead: str) -> bytes:
    """Mends carriage returns, which XML 1.0 §2.11 would turn into line feeds, and checks the rest.

    Raises:
        NotAcceptable: it has characters or names that XML 1.0 does not have (§2.2, §2.3).
    """
    body = body.replace(_CARRIAGE_RETURN, _REFERENCE)
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(body, True)
    except expat.ExpatError:
        raise _unfit(instead) from None
    return body


def _unfit(instead: str) -> NotAcceptable:
    return NotAcceptable(
        "Some of the answer's characters or names cannot be written in XML.", hint=f"Ask for {instead} instead."
    )
