"""Terms for the tests of answers: how they are made, put into a query, and read back by readers that others wrote."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree

import pyoxigraph
import rdflib
from asking import RDFLIB
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse_query_results
from rdflib.query import Result

from publisher.core.formats import Format
from publisher.core.terms import XSD

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}"
RESULTS_SPACE = "{http://www.w3.org/2005/sparql-results#}"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 §2.2 has no character for."""
STRING = XSD + "string"
KEPT_AS_WRITTEN = ("https://ex.example/type#x", XSD + "anyURI", STRING)
"""Datatypes of which the engine does not change the lexical form."""
CANONICAL = [
    ("false", "boolean"),
    ("true", "boolean"),
    ("0", "integer"),
    ("-17", "integer"),
    ("0.5", "decimal"),
    ("2018-03-26", "date"),
    ("2018-03-26T10:00:00Z", "dateTime"),
    ("NaN", "double"),
    ("INF", "float"),
]


@dataclass(frozen=True, order=True)
class Term:
    """A term as the tests compare it: its kind, its text, and its language or datatype."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""

    @property
    def sparql(self) -> str:
        """The term in a query, every character that could matter as an escape."""
        if self.kind == "uri":
            return f"<{self.value}>"
        text = "".join(c if c.isascii() and c.isalnum() else f"\\U{ord(c):08X}" for c in self.value)
        return f'"{text}"' + (f"@{self.language}" if self.language else f"^^<{self.datatype}>")

    @property
    def answered(self) -> "Term":
        """As it is answered: language tags do not depend on case (RDF 1.1 Concepts §3.3)."""
        return Term(self.kind, self.value, self.language.lower(), self.datatype)


Row = tuple[Term | None, ...]
AWKWARD = "\0\1\t\n\r \"'\\&<>,;|\x7f\x85\u2028\ufeff\uffff😀é"
texts = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(AWKWARD)))
literals = st.one_of(
    st.builds(Term, st.just("literal"), texts, datatype=st.sampled_from(KEPT_AS_WRITTEN)),
    st.builds(Term, st.just("literal"), texts, language=st.sampled_from(["en", "fr-CA", "ZH-hant-TW", "x-klingon"])),
    st.sampled_from([Term("literal", value, datatype=XSD + name) for value, name in CANONICAL]),
)
names = st.text(st.sampled_from("aZ09é中😀.-_~!$&'()*+,;=:@/?"), max_size=8)
spaces = st.sampled_from(["http://ex.example/", "urn:x:", "http://www.w3.org/2004/02/skos/core#"])
# rdflib cannot read skos:a\. at the end, which is Turtle 1.1 (§6.5, PN_LOCAL).
iris = st.builds(lambda space, name: Term("uri", space + name), spaces, names.filter(lambda name: name[-1:] != "."))
terms = st.one_of(iris, literals)


def of_pyoxigraph(term: object) -> Term | None:
    if isinstance(term, pyoxigraph.NamedNode):
        return Term("uri", term.value)
    if isinstance(term, pyoxigraph.Literal):
        return Term("literal", term.value, term.language or "", "" if term.language else term.datatype.value)
    return None


def of_rdflib(term: object) -> Term | None:
    if isinstance(term, rdflib.URIRef):
        return Term("uri", str(term))
    if isinstance(term, rdflib.Literal):
        language = term.language or ""
        return Term("literal", str(term), language, "" if language else str(term.datatype or STRING))
    return None


def read_json(body: bytes) -> list[Row]:
    answer = json.loads(body)
    names = answer["head"]["vars"]
    return [tuple(_of_json(row.get(name)) for name in names) for row in answer["results"]["bindings"]]


def _of_json(term: dict[str, str] | None) -> Term | None:
    if term is None:
        return None
    language = term.get("xml:lang", "")
    datatype = "" if language or term["type"] == "uri" else term.get("datatype", STRING)
    return Term(term["type"], term["value"], language, datatype)


def read_xml(body: bytes) -> list[Row]:
    root = ElementTree.fromstring(body)
    names = [variable.attrib["name"] for variable in root.iter(RESULTS_SPACE + "variable")]
    rows = []
    for result in root.iter(RESULTS_SPACE + "result"):
        found = {binding.attrib["name"]: _of_xml(binding[0]) for binding in result}
        rows.append(tuple(found.get(name) for name in names))
    return rows


def _of_xml(element: ElementTree.Element) -> Term:
    kind = element.tag.removeprefix(RESULTS_SPACE)
    language = element.attrib.get(XML_SPACE + "lang", "")
    datatype = "" if language or kind == "uri" else element.attrib.get("datatype", STRING)
    return Term(kind, element.text or "", language, datatype)


def read_tsv(body: bytes) -> list[Row]:
    """SPARQL 1.1 Query Results CSV and TSV §4: terms as in Turtle, read as Turtle by rdflib."""
    _, *lines = body.decode().removesuffix("\n").split("\n")
    return [tuple(_of_turtle(cell) for cell in line.split("\t")) for line in lines]


def _of_turtle(cell: str) -> Term | None:
    if not cell:
        return None
    (term,) = rdflib.Graph().parse(data=f"<a:> <a:> {cell} .", format="turtle").objects()
    return of_rdflib(term)


def read_by_pyoxigraph(body: bytes, chosen: Format) -> list[Row]:
    syntax = QueryResultsFormat.from_media_type(chosen.media_type)
    assert syntax is not None
    solutions = parse_query_results(body, format=syntax)
    assert isinstance(solutions, QuerySolutions)
    return [tuple(of_pyoxigraph(term) for term in solution) for solution in solutions]


def read_by_rdflib(body: bytes, chosen: Format) -> list[Row]:
    result = Result.parse(source=BytesIO(body), content_type=chosen.media_type)
    return [tuple(of_rdflib(row.get(name)) for name in result.vars or []) for row in result.bindings]


READERS = {"json": read_json, "xml": read_xml, "tsv": read_tsv}


def graph_of(body: bytes, chosen: Format) -> Iterator[set[tuple[Term | None, ...]]]:
    """What pyoxigraph reads in a graph, then what rdflib reads."""
    syntax = RdfFormat.from_media_type(chosen.media_type)
    yield {
        (of_pyoxigraph(q.subject), of_pyoxigraph(q.predicate), of_pyoxigraph(q.object))
        for q in pyoxigraph.parse(body, format=syntax)
    }
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=body, format=RDFLIB[chosen.name])
    yield {(of_rdflib(s), of_rdflib(p), of_rdflib(o)) for s, p, o in dataset.triples((None, None, None))}
