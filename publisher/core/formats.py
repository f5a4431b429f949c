"""The one table of representations: media types, suffixes and what each can hold.

Routes, ``Link`` headers, the download page, the service description and the tests
all read this table.
"""

from dataclasses import dataclass
from enum import Enum


class Holds(Enum):
    """What a representation can carry."""

    GRAPH = "graph"
    DATASET = "dataset"
    RESULTS = "results"
    PAGE = "page"


@dataclass(frozen=True)
class Format:
    """One representation.

    Args:
        name: short name, accepted as ``format=`` and as a command-line value.
        label: the name people know it by.
        media_type: the registered media type, without parameters.
        suffix: file suffix without the dot, also the suffix of document URLs.
        holds: what it can carry; a dataset format also carries a single graph.
        aliases: other media types under which clients ask for it.
        synonyms: other values of ``format=`` under which clients ask for it, such as those of SPARQLWrapper.
        standard: the IRI by which W3C names the format (https://www.w3.org/ns/formats/).
    """

    name: str
    label: str
    media_type: str
    suffix: str
    holds: Holds
    aliases: tuple[str, ...] = ()
    standard: str = ""
    synonyms: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that ``format=`` may say to ask for it."""
        return (self.name, self.suffix, self.media_type, *self.aliases, *self.synonyms)

    @property
    def content_type(self) -> str:
        """The value of ``Content-Type``: charset is stated for every ``text/*`` type."""
        if self.media_type.startswith("text/"):
            return f"{self.media_type}; charset=utf-8"
        return self.media_type

    @property
    def is_xml(self) -> bool:
        """Whether only XML 1.0 characters can be written in it."""
        return self.media_type.endswith("+xml")


_W3C = "http://www.w3.org/ns/formats/"

FORMATS: tuple[Format, ...] = (
    Format("html", "HTML", "text/html", "html", Holds.PAGE, ("application/xhtml+xml",)),
    Format(
        "turtle",
        "Turtle",
        "text/turtle",
        "ttl",
        Holds.GRAPH,
        ("application/x-turtle", "application/turtle"),
        _W3C + "Turtle",
        ("n3",),
    ),
    Format("ntriples", "N-Triples", "application/n-triples", "nt", Holds.GRAPH, (), _W3C + "N-Triples"),
    Format(
        "jsonld",
        "JSON-LD",
        "application/ld+json",
        "jsonld",
        Holds.DATASET,
        ("application/json",),
        _W3C + "JSON-LD",
        ("json", "json-ld"),
    ),
    Format(
        "rdfxml",
        "RDF/XML",
        "application/rdf+xml",
        "rdf",
        Holds.GRAPH,
        ("application/xml", "text/xml"),
        _W3C + "RDF_XML",
        ("xml", "rdf+xml"),
    ),
    Format("trig", "TriG", "application/trig", "trig", Holds.DATASET, (), _W3C + "TriG"),
    Format("nquads", "N-Quads", "application/n-quads", "nq", Holds.DATASET, (), _W3C + "N-Quads"),
    Format(
        "json",
        "SPARQL results in JSON",
        "application/sparql-results+json",
        "srj",
        Holds.RESULTS,
        ("application/json",),
        _W3C + "SPARQL_Results_JSON",
    ),
    Format(
        "xml",
        "SPARQL results in XML",
        "application/sparql-results+xml",
        "srx",
        Holds.RESULTS,
        ("application/xml", "text/xml"),
        _W3C + "SPARQL_Results_XML",
    ),
    Format("csv", "CSV", "text/csv", "csv", Holds.RESULTS, (), _W3C + "SPARQL_Results_CSV"),
    Format("tsv", "TSV", "text/tab-separated-values", "tsv", Holds.RESULTS, (), _W3C + "SPARQL_Results_TSV"),
)

PAGE = FORMATS[0]
TEXT = Format("text", "Plain text", "text/plain", "txt", Holds.PAGE)
"""For input files as they are; nothing else is offered in it."""
JSON = Format("json", "JSON", "application/json", "json", Holds.PAGE)
"""For the manifest of a release."""
RDF_FORMATS = tuple(f for f in FORMATS if f.holds in (Holds.GRAPH, Holds.DATASET))
RESULT_FORMATS = tuple(f for f in FORMATS if f.holds is Holds.RESULTS)
BY_NAME = {f.name: f for f in FORMATS}
BY_SUFFIX = {f.suffix: f for f in FORMATS}
