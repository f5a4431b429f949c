"""The ontology as one page: classes and properties with their definitions, an anchor each."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from publisher.core.terms import (
    DESCRIPTION_PROPERTIES,
    LABEL_PROPERTIES,
    OWL,
    RDF_TYPE,
    RDFS,
    SKOLEM_PATH,
)
from publisher.web.language import gettext
from publisher.web.links import curie
from publisher.web.site import site
from publisher.web.values import Value, link, readable
from publisher.web.vocabulary import CLASS_KINDS, Facts, best, vocabulary


def headings() -> dict[str, frozenset[str]]:
    """A section's heading → the kinds of terms that stand below it."""
    return {
        gettext("Classes"): CLASS_KINDS,
        gettext("Properties that link things"): frozenset({OWL + "ObjectProperty"}),
        gettext("Properties with a value"): frozenset({OWL + "DatatypeProperty"}),
        gettext("Properties that only annotate"): frozenset({OWL + "AnnotationProperty"}),
    }


@dataclass(frozen=True)
class TermView:
    """One term: its anchor, names, definition, facts, and how many things are of it."""

    anchor: str
    iri: str
    short: str
    label: Literal | None
    definition: Literal | None
    facts: Sequence[tuple[Value, Sequence[Value]]]
    count: int


@dataclass(frozen=True)
class Section:
    """A kind of terms, split into the ontology's own and those reused from elsewhere."""

    anchor: str
    heading: str
    own: Sequence[TermView]
    reused: Sequence[TermView]


@dataclass(frozen=True)
class OntologyView:
    """Everything ``templates/ontology.html`` shows."""

    iri: str
    title: Literal | None
    description: Literal | None
    facts: Sequence[tuple[Value, Sequence[Value]]]
    sections: Sequence[Section]


def ontology_view() -> OntologyView:
    """Arranges the ontology for the reader of the running request."""
    known = vocabulary()
    iri = site().release.base_iri + "ontology"
    header = known.terms.get(iri, {})
    sections = []
    for number, (heading, kinds) in enumerate(headings().items(), start=1):
        terms = sorted(
            (_term(term) for term in known.of_kind(kinds)), key=lambda t: (t.label or Literal(t.short)).value.casefold()
        )
        own = [term for term in terms if term.iri.startswith(iri + "#")]
        reused = [term for term in terms if not term.iri.startswith(iri + "#")]
        if own or reused:
            sections.append(Section(f"section-{number}", heading, own, reused))
    return OntologyView(
        iri, best(header, LABEL_PROPERTIES), best(header, DESCRIPTION_PROPERTIES), _facts(header), sections
    )


def _term(iri: str) -> TermView:
    facts = vocabulary().terms[iri]
    base = site().release.base_iri + "ontology#"
    return TermView(
        anchor=iri.removeprefix(base) if iri.startswith(base) else curie(iri),
        iri=iri,
        short=curie(iri),
        label=vocabulary().label(iri),
        definition=vocabulary().definition(iri),
        facts=_facts(facts),
        count=vocabulary().class_counts.get(iri, 0),
    )


def _facts(facts: Facts) -> list[tuple[Value, Sequence[Value]]]:
    """What is left to say after the heading; anonymous classes are only in the RDF."""
    skolem = site().release.base_iri + SKOLEM_PATH
    rows = []
    for prop, terms in facts.items():
        if prop in (*LABEL_PROPERTIES, *DESCRIPTION_PROPERTIES, RDF_TYPE, RDFS + "isDefinedBy"):
            continue
        named = [term for term in terms if not (isinstance(term, NamedNode) and term.value.startswith(skolem))]
        if named:
            rows.append((link(prop, {}), [readable(term, prop, {}) for term in named]))
    return sorted(rows, key=lambda row: row[0].text.casefold())
