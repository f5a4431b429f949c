"""When the published data was last changed, as it says itself: the clock of a build would make each build another."""

from datetime import UTC, date, datetime, time

from rdflib import OWL, RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

_DATES = (DCTERMS.modified, DCTERMS.issued, DCTERMS.created)


def modified(dataset: URIRef, curated: Graph, ontology: Graph) -> datetime | None:
    """The newest date that the dataset or the ontology gives for itself, in UTC; a day counts from its beginning.

    Args:
        dataset: the dataset's IRI.
        curated: ``data/dataset.ttl``.
        ontology: the vocabulary.

    Returns:
        None if they give none.
    """
    dated = [(dataset, curated), *((subject, ontology) for subject in ontology.subjects(RDF.type, OWL.Ontology))]
    values = (value for subject, graph in dated for term in _DATES for value in graph.objects(subject, term))
    return max(filter(None, map(_moment, values)), default=None)


def _moment(value: object) -> datetime | None:
    found = value.value if isinstance(value, Literal) else None
    if isinstance(found, datetime):
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return datetime.combine(found, time(), UTC) if isinstance(found, date) else None
