"""Earlier versions of the ontology: kept as they were, and served beside the current one."""

from pathlib import Path

from rdflib import OWL, Graph, URIRef

from publisher.build.project import Project
from publisher.core.errors import DataError

PATTERN = "ontology/versions/*.ttl"


def read_versions(project: Project, ontology: Graph) -> dict[str, Graph]:
    """Reads ``ontology/versions/<version>.ttl``.

    Args:
        project: where to read.
        ontology: the current version.

    Returns:
        Version → its triples.

    Raises:
        DataError: a file's version IRI is not ``{base}ontology/<its name>``, is that of the
            current version, or an ``owl:priorVersion`` has no file.
    """
    iri = f"{project.base}ontology"
    graphs = {path.stem: project.read_turtle(path) for path in project.files(PATTERN)}
    current = ontology.value(URIRef(iri), OWL.versionIRI)
    for version, graph in graphs.items():
        stated = graph.value(URIRef(iri), OWL.versionIRI)
        where = f"ontology/versions/{version}.ttl"
        if stated != URIRef(f"{iri}/{version}"):
            raise DataError(f"Its owl:versionIRI is {stated}.", hint=f"Expected {iri}/{version}.", where=where)
        if stated == current:
            raise DataError("It is the current version too.", hint="Give the ontology a new version.", where=where)
    for prior in ontology.objects(URIRef(iri), OWL.priorVersion):
        if str(prior).rpartition("/")[2] not in graphs:
            hint = f"Keep it as {Path(PATTERN).parent.as_posix()}/{str(prior).rpartition('/')[2]}.ttl."
            raise DataError(f"The prior version {prior} has no file.", hint=hint, where="ontology")
    return graphs
