"""Reads results and tells how far one is from another, whatever the names of their blank nodes.

A table becomes a graph with one node for each distinct solution, so that one comparison does for
tables and graphs: the isomorphism of RDF graphs (RDF 1.1 Concepts §3.6).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from io import BytesIO

import pyoxigraph
from pyoxigraph import NamedNode
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import XSD
from rdflib.query import Result
from rdflib.term import Node

from publisher.build.dataset import canonical_quads

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
TABLES = {"srx": "xml", "srj": "json", "csv": "csv", "tsv": "tsv"}
GRAPHS = {"ttl": "turtle", "rdf": "xml", "nt": "nt"}
"""Suffix → the name that rdflib has for the format."""

Row = Mapping[str, Node]
Form = Callable[[Node], Node]


class Likeness(StrEnum):
    """How far a result is from the expected one."""

    SAME = "right"
    STORED = "right up to how the store writes literals"
    OTHER = "wrong"


@dataclass(frozen=True)
class Table:
    """Solutions; ``ordered`` says whether their order is part of the result."""

    variables: frozenset[str]
    rows: Sequence[Row]
    ordered: bool = False


Answer = Table | Graph | bool


def read(content: bytes, suffix: str, base: str = "") -> Answer:
    """A result in any of the formats that the suites and the server write.

    Args:
        content: the bytes.
        suffix: says which format it is in.
        base: the address of the file.
    """
    if suffix in GRAPHS:
        return _from_graph(Graph().parse(data=content, format=GRAPHS[suffix], publicID=base))
    result = Result.parse(BytesIO(content), format=TABLES[suffix])
    if result.type == "ASK":
        return bool(result.askAnswer)
    rows = [{str(name): term for name, term in row.items() if term is not None} for row in result.bindings]
    return Table(frozenset(map(str, result.vars or ())), rows)


def _from_graph(graph: Graph) -> Answer:
    """The graph, or the table or boolean that it describes in the vocabulary for result sets."""
    if booleans := list(graph.objects(None, RS.boolean)):
        return str(booleans[0]) == "true"
    variables = frozenset(map(str, graph.objects(None, RS.resultVariable)))
    if not variables:
        return graph
    places = {node: int(str(place)) for node, place in graph.subject_objects(RS["index"])}
    solutions = sorted(graph.objects(None, RS.solution), key=lambda node: places.get(node, 0))
    return Table(variables, [_row(graph, node) for node in solutions], ordered=bool(places))


def _row(graph: Graph, solution: Node) -> Row:
    bindings = [dict(graph.predicate_objects(binding)) for binding in graph.objects(solution, RS.binding)]
    return {str(binding[RS.variable]): binding[RS.value] for binding in bindings}


def compare(given: Answer, expected: Answer, *, lax: bool = False) -> Likeness:
    """How far an answer is from the expected result.

    Args:
        given: what the server answered.
        expected: what the suite says.
        lax: whether a solution may come any number of times (``REDUCED``).
    """
    if isinstance(given, bool) or isinstance(expected, bool):
        return Likeness.SAME if given is expected else Likeness.OTHER
    ordered = isinstance(expected, Table) and expected.ordered
    for likeness, form in ((Likeness.SAME, canonical), (Likeness.STORED, stored)):
        one, other = (_graph(answer, form, ordered, lax) for answer in (given, expected))
        if isomorphic(one, other):
            return likeness
    return Likeness.OTHER


def _graph(answer: Table | Graph, form: Form, ordered: bool, lax: bool) -> Graph:
    graph = Graph()
    if isinstance(answer, Graph):
        for triple in answer:
            graph.add((triple[0], triple[1], form(triple[2])))
        return graph
    graph += [(BNode(), RS.resultVariable, Literal(name)) for name in answer.variables]
    rows = [frozenset((name, form(term)) for name, term in row.items()) for row in answer.rows]
    for (row, place), times in Counter((row, place * ordered) for place, row in enumerate(rows)).items():
        solution = BNode()
        graph.add((solution, RS["index"], Literal(place)))
        graph.add((solution, RS.times, Literal(1 if lax else times)))
        for name, term in row:
            graph.add((solution, URIRef("urn:variable:" + name), term))
    return graph


def canonical(term: Node) -> Node:
    """RDF 1.1 Concepts §3.3: simple literals are ``xsd:string``, and the case of language tags says nothing."""
    if isinstance(term, Literal) and term.language:
        return Literal(str(term), lang=term.language.lower())
    return Literal(str(term)) if isinstance(term, Literal) and term.datatype == XSD.string else term


@cache
def stored(term: Node) -> Node:
    """A term as it comes out of the store that it was put into."""
    if not isinstance(term, Literal) or term.datatype is None:
        return canonical(term)
    name = NamedNode("urn:name")
    value = pyoxigraph.Literal(str(term), datatype=NamedNode(str(term.datatype)))
    ((_, _, written, _),) = canonical_quads([pyoxigraph.Quad(name, name, value, name)])
    assert isinstance(written, pyoxigraph.Literal)
    return canonical(Literal(written.value, datatype=URIRef(written.datatype.value)))


def shown(answer: Answer) -> str:
    """An answer as text, for the message of a failed test."""
    if isinstance(answer, Table):
        rows = [", ".join(f"{name}={row[name].n3()}" for name in sorted(row)) for row in answer.rows]
        return "\n  ".join([" ".join(sorted(answer.variables)), *rows])
    if isinstance(answer, Graph):
        return "\n  ".join(sorted(" ".join(term.n3() for term in triple) for triple in answer))
    return str(answer)
