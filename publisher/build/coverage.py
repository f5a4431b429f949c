"""What the data set covers: the days, places and languages that its data name, and the standards it conforms to."""

from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, SH, SKOS

from publisher.core.terms import LANGUAGES

SCHEMA = ("http://schema.org/", "https://schema.org/")
PLACES = 100
"""Places that are listed; a longer list says nothing, and a project then names a region itself."""

_SAME = (RDFS.subPropertyOf, OWL.equivalentProperty, SKOS.exactMatch, SKOS.closeMatch)


def coverage(dataset: URIRef, curated: Graph, union: Graph, base: str) -> Graph:
    """Describes the coverage (DCAT 3 §6.6); what the project's own description says already is left to it.

    Args:
        dataset: IRI of the data set.
        curated: what the project says of it.
        union: its triples, the ontology's included.
        base: the base IRI.
    """
    found = Graph()
    if (dataset, DCTERMS.temporal, None) not in curated:
        found += _period(dataset, union)
    if (dataset, DCTERMS.spatial, None) not in curated:
        places = {place for place in union.subjects(RDF.type, DCTERMS.Location) if isinstance(place, URIRef)}
        for place in places if len(places) <= PLACES else ():
            found.add((dataset, DCTERMS.spatial, place))
    if (dataset, DCTERMS.language, None) not in curated:
        literals = (value for value in union.objects() if isinstance(value, Literal))
        tags = {value.language.partition("-")[0] for value in literals if value.language}
        for tag in (tag for tag in tags if len(tag) == 2):
            found.add((dataset, DCTERMS.language, URIRef(LANGUAGES + tag)))
    for ontology in union.subjects(RDF.type, OWL.Ontology):
        # What only declares prefixes for SPARQL (SHACL §5.2.1) is an owl:Ontology too.
        if str(ontology).startswith(base) and (ontology, SH.declare, None) not in union:
            found.add((dataset, DCTERMS.conformsTo, ontology))
    if (None, RDF.type, SH.NodeShape) in union:
        found.add((dataset, DCTERMS.conformsTo, URIRef(f"{base}id/graph/shapes")))
    return found


def _period(dataset: URIRef, union: Graph) -> Graph:
    """From the first day on which anything begins to the last day on which anything begins or ends."""
    starts, ends = list(_days(union, "startDate")), list(_days(union, "endDate"))
    found = Graph()
    if starts:
        period = URIRef(f"{dataset}#temporal")
        found.add((dataset, DCTERMS.temporal, period))
        found.add((period, RDF.type, DCTERMS.PeriodOfTime))
        found.add((period, DCAT.startDate, min(starts, key=str)))
        found.add((period, DCAT.endDate, max((*starts, *ends), key=str)))
    return found


def _days(union: Graph, name: str) -> Iterator[Literal]:
    """The values of ``dcat:`` or ``schema:startDate`` or ``endDate``, and of what the ontology says is like it."""
    known = {DCAT[name], *(URIRef(space + name) for space in SCHEMA)}
    alike = {term for same in _SAME for standard in known for term in union.subjects(same, standard)}
    for term in known | alike:
        yield from (value for value in union.objects(None, term) if isinstance(value, Literal))
