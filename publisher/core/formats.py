"""The one table of representations: media types, suffixes and what each can hold.

Routes, ``Link`` headers, the download page, the service description and the tests
all read this table.
"""

from enum import Enum

from msgspec import Struct


class Holds(Enum):
    """What a representation can carry."""

    GRAPH = "graph"
    DATASET = "dataset"
    RESULTS = "results"
    PAGE = "page"
    CITATION = "citation"
    LINKS = "links"


class Format(Struct, frozen=True):
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


class Compression(Struct, frozen=True):
    """A way in which a download is packed, as a file of its own.

    Args:
        name: the name people know it by.
        media_type: the registered media type of the packed file.
        suffix: what the packed file's name has after that of the plain one, without the dot.
    """

    name: str
    media_type: str
    suffix: str


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
    Format("linkset", "Link set", "application/linkset", "linkset", Holds.LINKS),
    Format("linkset-json", "Link set in JSON", "application/linkset+json", "linkset-json", Holds.LINKS),
)

PAGE = FORMATS[0]
TEXT = Format("text", "Plain text", "text/plain", "txt", Holds.PAGE)
"""For input files as they are, and for lists of checksums."""
JSON = Format("json", "JSON", "application/json", "json", Holds.PAGE)
"""For the manifest of a release, the description of the interface, and what was found by searching."""
XML = Format("xml", "XML", "application/xml", "xml", Holds.PAGE)
"""For sitemaps."""
SVG = Format("svg", "SVG", "image/svg+xml", "svg", Holds.PAGE)
"""For pictures (SVG 2 §1.3)."""
COMPRESSIONS = (
    Compression("gzip", "application/gzip", "gz"),  # RFC 6713
    Compression("Zstandard", "application/zstd", "zst"),  # RFC 8878
)
CITATION_FORMATS = (
    Format("text", "Plain text", "text/plain", "txt", Holds.CITATION),
    Format("bibtex", "BibTeX", "application/x-bibtex", "bib", Holds.CITATION),
    Format("ris", "RIS", "application/x-research-info-systems", "ris", Holds.CITATION),
    Format("csl", "CSL-JSON", "application/vnd.citationstyles.csl+json", "json", Holds.CITATION, ("application/json",)),
)
"""What a citation is offered in; the media types are those of DOI content negotiation (https://citation.doi.org/)."""
OPENSEARCH = Format("opensearch", "OpenSearch", "application/opensearchdescription+xml", "xml", Holds.PAGE)
"""For the description of the search, by which browsers offer it (OpenSearch 1.1 Draft 6)."""
RDF_FORMATS = tuple(f for f in FORMATS if f.holds in (Holds.GRAPH, Holds.DATASET))
RESULT_FORMATS = tuple(f for f in FORMATS if f.holds is Holds.RESULTS)
BOOLEAN_FORMATS = tuple(f for f in RESULT_FORMATS if f.name in ("json", "xml"))
"""For answers to ASK: CSV and TSV are for tables only (SPARQL 1.1 Query Results CSV and TSV Formats §1)."""
LINK_FORMATS = tuple(f for f in FORMATS if f.holds is Holds.LINKS)
BY_NAME = {f.name: f for f in FORMATS}
PICTURE_FORMATS = (PAGE, SVG, BY_NAME["csv"], BY_NAME["json"])
"""What a picture of the data, and the rows behind it, are offered in."""
BY_SUFFIX = {f.suffix: f for f in FORMATS}
