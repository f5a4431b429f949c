"""RDF files that lie in the project's folder or in its ``data/`` as they came, made for no publisher in particular.

Each is published as a named graph of its own, named after the file; ``ontology.*`` and ``shapes.*`` join
what the folders of these names hold.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import pyoxigraph
from rdflib import OWL, RDF, BNode, Graph, URIRef
from rdflib.term import Node

from publisher.build.dataset import graph_of
from publisher.build.inputs import loose_files
from publisher.build.project import Project
from publisher.build.well_formed import check_terms
from publisher.core.errors import DataError, SyntaxFault
from publisher.core.formats import BY_SUFFIX
from publisher.core.position import Position
from publisher.core.terms import CLASS_KINDS, PROPERTY_KINDS

JOINED = ("ontology", "shapes")
TAKEN = ("description", "inferred", "mappings", "quality", "retired", "schemes")
"""Names of graphs that the build makes."""

TERM_KINDS = {URIRef(kind) for kind in CLASS_KINDS | PROPERTY_KINDS} | {OWL.Ontology}
AXIOM_KINDS = {OWL.AllDisjointClasses, OWL.AllDisjointProperties, OWL.AllDifferent, OWL.Axiom}
"""Classes of nodes without a name that state an axiom (OWL 2 Mapping to RDF §2.1)."""

NEWER = re.compile(r"""<<|\{\||"Triple"|--(ltr|rtl)|@direction|\bdir=""")
"""How RDF 1.2 writes what RDF 1.1 does not have, in any of its formats."""


@dataclass(frozen=True)
class Loose:
    """What the files hold.

    Args:
        files: file → its triples.
        prefixes: prefix → namespace IRI, as the files declare them.
    """

    files: dict[Path, Graph] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)

    def joining(self, part: str) -> dict[Path, Graph]:
        """The files that join a folder, such as ``ontology.ttl``."""
        return {path: graph for path, graph in self.files.items() if path.stem == part}

    @property
    def data(self) -> dict[Path, Graph]:
        """The files that are published as named graphs of their own."""
        return {path: graph for path, graph in self.files.items() if path.stem not in JOINED}

    @cached_property
    def graphs(self) -> dict[str, Graph]:
        """Name of a named graph → its triples; files of one name in several formats are one graph."""
        graphs: dict[str, Graph] = {}
        for path, graph in self.data.items():
            name = quote(path.stem, safe="")
            graphs[name] = graphs[name] + graph if name in graphs else graph
        return graphs

    @cached_property
    def things(self) -> frozenset[str]:
        """The IRIs that the files describe."""
        subjects = (subject for graph in self.graphs.values() for subject in graph.subjects())
        return frozenset(str(subject) for subject in subjects if isinstance(subject, URIRef))


def read_loose(project: Project, names: Iterable[str]) -> Loose:
    """Reads the files.

    Args:
        project: where to read.
        names: names of named graphs that are given to documents.

    Raises:
        SyntaxFault: a file is not in the format that its suffix tells, or in RDF 1.2.
        DataError: a file has the name of a graph that something else has; an IRI or language tag is not well formed.
    """
    found, taken = Loose(), {*names, *TAKEN}
    for path in loose_files(project.folder):
        if path.stem in taken:
            raise DataError(
                f"There is another named graph '{path.stem}'.", hint="Rename the file.", where=project.name(path)
            )
        found.files[path], declared = _read(project, path)
        for prefix, namespace in declared.items():
            found.prefixes.setdefault(prefix, namespace)
    return found


def _read(project: Project, path: Path) -> tuple[Graph, dict[str, str]]:
    """The triples of a file, those of all its graphs together, and the prefixes it declares."""
    text, suffix = project.read(path), path.suffix.removeprefix(".")
    if suffix == "owl":
        suffix = "rdf" if "<rdf:RDF" in text else "ttl"
        if suffix == "ttl" and text.lstrip("\ufeff \t\r\n").startswith("<?xml"):
            hint = "Save it as RDF/XML or as Turtle."
            raise SyntaxFault("It is OWL/XML, which is not RDF.", hint=hint, where=Position(project.name(path), 1))
    chosen = BY_SUFFIX[suffix]
    try:
        # Lenient, since a strict parser of JSON-LD passes over what is not well formed without a word.
        parser = pyoxigraph.parse(
            text, pyoxigraph.RdfFormat.from_media_type(chosen.media_type), base_iri=project.base, lenient=True
        )
        triples = {quad.triple for quad in parser}
    except SyntaxError as error:
        hint = f"Its suffix says that it is {chosen.label}."
        raise SyntaxFault(f"{error.msg}.", hint=hint, where=Position(project.name(path), error.lineno or 1)) from None
    if any(_is_newer(triple.object) for triple in triples):
        named = (line for line, words in enumerate(text.splitlines(), 1) if NEWER.search(words))
        hint = "Say it in RDF 1.1, for example with rdf:Statement or a node between."
        where = Position(project.name(path), next(named, 1))
        raise SyntaxFault("It has a triple within a triple, or a text's direction: RDF 1.2.", hint=hint, where=where)
    graph = graph_of(triples)
    check_terms(graph, project.locator(path))
    return graph, dict(parser.prefixes)


def _is_newer(term: object) -> bool:
    """Whether a term is of RDF 1.2, which rdflib does not have."""
    return isinstance(term, pyoxigraph.Triple) or (isinstance(term, pyoxigraph.Literal) and term.direction is not None)


def terms_of(graphs: Iterable[Graph]) -> Graph:
    """What graphs say of ontologies, classes and properties that they declare, with the blank nodes it leads to."""
    found = Graph()
    for graph in graphs:
        waiting: list[Node] = [node for kind in TERM_KINDS | AXIOM_KINDS for node in graph.subjects(RDF.type, kind)]
        seen: set[Node] = set()
        while waiting:
            subject = waiting.pop()
            if subject not in seen:
                seen.add(subject)
                for triple in graph.triples((subject, None, None)):
                    found.add(triple)
                    if isinstance(triple[2], BNode):
                        waiting.append(triple[2])
    return found
