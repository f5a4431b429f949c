"""Links to what others publish about the same things, each with its evidence: ``data/mappings/``.

``*.sssom.tsv`` are mapping sets in SSSOM/TSV (https://mapping-commons.github.io/sssom/); in RDF a mapping is an
``owl:Axiom`` about its triple, as SSSOM has it. ``*.codes.tsv`` give codes that have no IRI; each becomes an
``adms:Identifier`` (Asset Description Metadata Schema). ``*.points.tsv`` give places a point for maps in degrees of
WGS 84 (W3C Basic Geo), with the evidence in an ``owl:Axiom`` again.
"""

import csv
import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from curies import Converter
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.namespace import SKOS, Namespace
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from publisher.build.project import Project
from publisher.build.well_formed import fault_of_iri
from publisher.build.yamlld import suggest
from publisher.core.errors import DataError, SyntaxFault, UnknownIri, UnknownKey
from publisher.core.position import Position
from publisher.core.terms import WGS as WGS_IRI

SSSOM = Namespace("https://w3id.org/sssom/")
ADMS = Namespace("http://www.w3.org/ns/adms#")
MAPPING_COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification", "confidence", "comment",
)  # fmt: skip
_IRIS = ("subject_id", "predicate_id", "object_id", "mapping_justification")
CODE_COLUMNS = ("subject_id", "subject_label", "scheme", "notation", "agency", "comment")
POINT_COLUMNS = ("subject_id", "subject_label", "latitude", "longitude", "comment")
WGS = Namespace(WGS_IRI)
DEGREES = re.compile(r"-?\d{1,3}(\.\d+)?")
_DEGREES = {"latitude": (WGS.lat, 90), "longitude": (WGS.long, 180)}
"""Column → property, and its largest value."""
SCHEMES = ("https://", "http://")


def read_mappings(project: Project, described: set[str]) -> Graph:
    """Reads every mapping set and list of codes.

    Args:
        project: where to read.
        described: IRIs that some file describes; only these can be mapped.

    Raises:
        DataError: a file is not as described above; names file and line.
    """
    graph = Graph()
    for path in project.files("data/mappings/*.sssom.tsv"):
        converter = _prefixes(project, path)
        for row, where in _rows(project, path, MAPPING_COLUMNS):
            iris = {key: _expand(row[key], converter, where) for key in _IRIS}
            _check_subject(str(iris["subject_id"]), described, project, where)
            _add_mapping(graph, iris, row, where, project)
    for path in project.files("data/mappings/*.codes.tsv"):
        for row, where in _rows(project, path, CODE_COLUMNS):
            subject = f"{project.base}id/{row['subject_id']}"
            _check_subject(subject, described, project, where)
            _add_code(graph, URIRef(subject), row, project)
    for path in project.files("data/mappings/*.points.tsv"):
        for row, where in _rows(project, path, POINT_COLUMNS):
            subject = f"{project.base}id/{row['subject_id']}"
            _check_subject(subject, described, project, where)
            _add_point(graph, URIRef(subject), row, where, project)
    return graph


def _prefixes(project: Project, path: Path) -> Converter:
    """The ``curie_map`` of a mapping set: YAML in the commented lines at its head."""
    head = "\n".join(line[1:] for line in project.read(path).splitlines() if line.startswith("#"))
    try:
        metadata = YAML(typ="safe").load(head)
        return Converter.from_prefix_map(metadata["curie_map"])
    except (YAMLError, KeyError, TypeError, ValueError):
        raise SyntaxFault(
            "Its head has no 'curie_map'.", hint="Lines that start with # hold the set's metadata.",
            where=Position(project.name(path), 1),
        ) from None  # fmt: skip


def _rows(project: Project, path: Path, columns: tuple[str, ...]) -> Iterator[tuple[dict[str, str], Position]]:
    lines = [(n, line) for n, line in enumerate(project.read(path).splitlines(), 1) if not line.startswith("#")]
    table = csv.DictReader((line for _, line in lines), delimiter="\t", quoting=csv.QUOTE_NONE)
    name = project.name(path)
    for column in table.fieldnames or ():
        if column not in columns:
            hint = suggest(column, list(columns))
            raise UnknownKey(f"Column '{column}'.", hint=hint, where=Position(name, lines[0][0]))
    for row, (line, _) in zip(table, lines[1:], strict=True):
        where = Position(name, line)
        if missing := [column for column in columns if not (row.get(column) or "").strip()]:
            raise DataError(f"Nothing stands under {', '.join(missing)}.", where=where)
        yield {column: row[column].strip() for column in columns}, where


def _expand(value: str, converter: Converter, where: Position) -> URIRef:
    iri = (converter.expand(value) if ":" in value else None) or value
    if not iri.startswith(SCHEMES) or fault_of_iri(iri):
        raise DataError(f"'{value}' is no IRI.", hint="Declare its prefix in the 'curie_map'.", where=where)
    return URIRef(iri)


def _check_subject(subject: str, described: set[str], project: Project, where: Position) -> None:
    if subject not in described:
        name = subject.removeprefix(project.base + "id/")
        known = [iri.removeprefix(project.base + "id/") for iri in described]
        raise UnknownIri(f"'{name}' is not described in any file.", hint=suggest(name, known), where=where)


def _add_mapping(graph: Graph, iris: dict[str, URIRef], row: dict[str, str], where: Position, project: Project) -> None:
    subject, predicate, value, justification = (iris[key] for key in _IRIS)
    if predicate == OWL.sameAs:
        hint = "Say schema:sameAs, or a SKOS mapping property for concepts."
        raise DataError("owl:sameAs would make two things one.", hint=hint, where=where)
    label = f"{row['subject_label']} → {row['object_id']}"
    node = _add_evident(graph, (subject, predicate, value), label, row["comment"], project)
    graph.add((node, SSSOM.mapping_justification, justification))
    graph.add((node, SSSOM.confidence, Literal(row["confidence"], datatype=XSD.double)))


def _add_evident(
    graph: Graph, triple: tuple[URIRef, URIRef, URIRef | Literal], label: str, evidence: str, project: Project
) -> URIRef:
    """Adds a triple, and the axiom that says where it comes from (OWL 2 Mapping to RDF §2.2)."""
    subject, predicate, value = triple
    node = URIRef(f"{project.base}id/mapping/{_digest(subject, predicate, value)}")
    graph.add(triple)
    graph.add((node, RDF.type, OWL.Axiom))
    graph.add((node, RDFS.label, Literal(label)))
    graph.add((node, OWL.annotatedSource, subject))
    graph.add((node, OWL.annotatedProperty, predicate))
    graph.add((node, OWL.annotatedTarget, value))
    graph.add((node, RDFS.comment, Literal(evidence)))
    return node


def _add_point(graph: Graph, subject: URIRef, row: dict[str, str], where: Position, project: Project) -> None:
    for column, (predicate, most) in _DEGREES.items():
        degrees = row[column]
        if not DEGREES.fullmatch(degrees) or abs(Decimal(degrees)) > most:
            hint = f"Degrees from -{most} to {most}, such as -12.5."
            raise DataError(f"'{degrees}' is no {column}.", hint=hint, where=where)
        label = f"{row['subject_label']}, {column} {degrees}"
        value = Literal(degrees, datatype=XSD.decimal)
        _add_evident(graph, (subject, predicate, value), label, row["comment"], project)


def _add_code(graph: Graph, subject: URIRef, row: dict[str, str], project: Project) -> None:
    node = URIRef(f"{project.base}id/identifier/{_digest(row['scheme'], row['notation'])}")
    graph.add((subject, ADMS.identifier, node))
    graph.add((node, RDF.type, ADMS.Identifier))
    graph.add((node, RDFS.label, Literal(f"{row['scheme']} {row['notation']}")))
    graph.add((node, SKOS.notation, Literal(row["notation"])))
    graph.add((node, ADMS.schemaAgency, Literal(row["agency"])))
    graph.add((node, RDFS.comment, Literal(row["comment"])))


def _digest(*parts: str) -> str:
    """A short stable name; the base does not enter it, so that it is the same everywhere."""
    return hashlib.sha256("\t".join(parts).encode()).hexdigest()[:16]
