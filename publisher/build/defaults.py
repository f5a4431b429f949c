"""What a project that only has data is given: a JSON-LD context and a description of the data set."""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DC, DCTERMS, SKOS, VOID

from publisher.build.project import Project
from publisher.core.release import prefixes_of

PREFIX = re.compile(r"[A-Za-z][\w-]*")
HEADS = (OWL.Ontology, SKOS.ConceptScheme)
"""What speaks for all the data if there is only one of it."""

TOLD = {
    DCTERMS.title: (DCTERMS.title, DC.title, RDFS.label, SKOS.prefLabel),
    DCTERMS.description: (DCTERMS.description, DC.description, RDFS.comment),
    DCTERMS.license: (DCTERMS.license,),
    DCTERMS.rights: (DCTERMS.rights, DC.rights),
}
"""What a data set says of itself → the properties with which an ontology or a scheme says it, best first."""


def default_context(project: Project, declared: Mapping[str, str], graphs: Iterable[Graph]) -> dict[str, object]:
    """A context of prefixes: those that the files declare, rdflib's for well-known namespaces, and else one made up.

    Every namespace in which a class or property that is used lies has one, so that each has a short name.

    Args:
        project: whose base relative references are resolved against.
        declared: prefix → namespace IRI.
        graphs: what is published.
    """
    prefixes = {name: space for name, space in declared.items() if PREFIX.fullmatch(name)}
    known = {str(space): name for name, space in Graph().namespaces()}
    for space in sorted({space for graph in graphs for space in _namespaces(graph)} - set(prefixes.values())):
        wanted = known.get(space) or _made_up(space)
        free = (name for name in (wanted, *(f"{wanted}{n}" for n in range(1, 1000))) if name not in prefixes)
        prefixes[next(free)] = space
    prefixes = dict(sorted(prefixes_of(prefixes).items()))
    return {"@context": {"@base": project.base + "id/", **prefixes, "id": "@id", "type": "@type"}}


def _namespaces(graph: Graph) -> set[str]:
    terms = {*graph.predicates(), *graph.objects(None, RDF.type), *graph.subjects(RDF.type, OWL.Class)}
    cut = (str(term)[: max(term.rfind("#"), term.rfind("/")) + 1] for term in terms if isinstance(term, URIRef))
    return {space for space in cut if not space.endswith("//") and space}


def _made_up(space: str) -> str:
    """A prefix out of the last name in a namespace: ``https://brickschema.org/schema/Brick#`` → ``brick``."""
    parts = urlsplit(space)
    words = re.findall(r"[A-Za-z][A-Za-z-]+", parts.path) or re.findall(r"[A-Za-z]+", parts.netloc)
    return words[-1].lower() if words else "ns"


def _heads(graph: Graph, kind: URIRef) -> list[URIRef]:
    return [head for head in graph.subjects(RDF.type, kind) if isinstance(head, URIRef)]


def default_description(project: Project, title: str, graphs: Sequence[Graph]) -> Graph:
    """A ``void:Dataset`` that takes its title, description and licence from the only ontology or concept scheme.

    Args:
        project: the folder's name is the title where nothing gives one.
        title: the setting of this name.
        graphs: what is published.
    """
    folder = project.folder.name or "data"
    slug = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-") or "data"
    dataset, description = URIRef(f"{project.base}id/dataset/{slug}"), Graph()
    description.add((dataset, RDF.type, VOID.Dataset))
    by_kind = ([(head, graph) for graph in graphs for head in _heads(graph, kind)] for kind in HEADS)
    if only := next((found[0] for found in by_kind if len(found) == 1), None):
        head, graph = only
        for prop, ways in TOLD.items():
            values = next(filter(None, (list(graph.objects(head, way)) for way in ways)), [])
            for value in values:
                if isinstance(value, URIRef if prop == DCTERMS.license else Literal):
                    description.add((dataset, prop, value))
    if title:
        description.set((dataset, DCTERMS.title, Literal(title)))
    elif (dataset, DCTERMS.title, None) not in description:
        description.add((dataset, DCTERMS.title, Literal(folder)))
    return description
