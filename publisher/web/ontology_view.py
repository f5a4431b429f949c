"""The ontology as one page: a picture, and every class and property with its definition, rules and examples."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from markupsafe import Markup
from msgspec import Struct
from pyoxigraph import Literal, NamedNode

from publisher.core.release import Release
from publisher.core.terms import (
    CLASS_KINDS,
    DESCRIPTION_PROPERTIES,
    LABEL_PROPERTIES,
    OWL,
    PROPERTY_KINDS,
    RDF,
    RDF_TYPE,
    RDFS,
    SKOLEM_PATH,
)
from publisher.web.folding import fold
from publisher.web.language import current_language, gettext
from publisher.web.links import curie, document
from publisher.web.rules import Shape, one, shapes
from publisher.web.site import site
from publisher.web.values import Value, link, readable
from publisher.web.vocabulary import Facts, best, vocabulary

HIDDEN = (*LABEL_PROPERTIES, *DESCRIPTION_PROPERTIES, RDFS + "isDefinedBy")
CHAIN = OWL + "propertyChainAxiom"
MANY = 400
"""Terms that one page can hold; where there are more, each is described on a page of its own."""
PLAIN_KINDS = CLASS_KINDS | PROPERTY_KINDS | {OWL + "Ontology"}


def headings() -> dict[str, frozenset[str]]:
    """A section's heading → the kinds of terms that stand below it."""
    return {
        gettext("Classes"): CLASS_KINDS,
        gettext("Properties that link things"): frozenset({OWL + "ObjectProperty"}),
        gettext("Properties with a value"): frozenset({OWL + "DatatypeProperty"}),
        gettext("Properties that only annotate"): frozenset({OWL + "AnnotationProperty"}),
        gettext("Other properties"): frozenset({RDF + "Property"}),
    }


class TermView(Struct, frozen=True):
    """One term.

    Args:
        anchor: its fragment on the page.
        href: where it is described: on the page, or on one of its own.
        iri: its IRI.
        short: the same with a prefix.
        label: its name.
        definition: what it means.
        facts: what the ontology says of it besides: property and values.
        rules: what data must meet: the shape, and the rule in words.
        is_class: whether it is a class rather than a property.
        count: things of the class, or statements with the property.
        examples: things that show it.
    """

    anchor: str
    href: str
    iri: str
    short: str
    label: Literal | None
    definition: Literal | None
    facts: Sequence[tuple[Value, Sequence[Value]]]
    rules: Sequence[tuple[Value, Literal]]
    is_class: bool
    count: int
    examples: Sequence[Value]


class Section(Struct, frozen=True):
    """A kind of terms, split into the ontology's own and those reused from elsewhere."""

    anchor: str
    heading: str
    own: Sequence[TermView]
    reused: Sequence[TermView]


class OntologyView(Struct, frozen=True):
    """Everything ``templates/ontology.html`` shows."""

    iri: str
    title: Literal | None
    description: Literal | None
    facts: Sequence[tuple[Value, Sequence[Value]]]
    drawing: Markup
    sections: Sequence[Section]
    is_long: bool

    @property
    def has_own(self) -> bool:
        """Whether some terms are the ontology's own."""
        return any(section.own for section in self.sections)


def ontology_view() -> OntologyView:
    """Arranges the ontology for the reader of the running request."""
    known = vocabulary()
    release = site().release
    iri = _ontology_iri(release)
    header = known.terms.get(iri, {})
    rules = _rules_by_term(shapes())
    is_long = len(known.of_kind(CLASS_KINDS | PROPERTY_KINDS)) > MANY
    sections = []
    for number, (heading, kinds) in enumerate(headings().items(), start=1):
        terms = sorted(
            (_name(term) if is_long else _term(term, rules) for term in known.of_kind(kinds)),
            key=lambda t: fold((t.label or Literal(t.short)).value),
        )
        own = [term for term in terms if term.iri.startswith(iri + "#")]
        reused = [term for term in terms if not term.iri.startswith(iri + "#")]
        if own or reused:
            sections.append(Section(f"section-{number}", heading, own, reused))
    title, description = best(header, LABEL_PROPERTIES), best(header, DESCRIPTION_PROPERTIES)
    return OntologyView(iri, title, description, _facts(header), _drawing(release), sections, is_long)


def _ontology_iri(release: Release) -> str:
    """The ontology below the base, else the first that a file declares."""
    own = release.base_iri + "ontology"
    declared = vocabulary().of_kind(frozenset({OWL + "Ontology"}))
    return own if own in declared else min(declared, default=own)


def _drawing(release: Release) -> Markup:
    """The picture that the build drew: our own file, safe to stand in the page as it is."""
    return Markup((release.folder / f"ontology.{current_language()}.svg").read_text(encoding="utf-8"))


def _name(iri: str) -> TermView:
    """A term of which the page only tells the name and where it is described."""
    label = vocabulary().label(iri)
    return TermView("", document(iri), iri, curie(iri), label, None, (), (), is_class=False, count=0, examples=())


def _term(iri: str, rules: Mapping[str, Sequence[tuple[Value, Literal]]]) -> TermView:
    facts = vocabulary().terms[iri]
    base = site().release.base_iri + "ontology#"
    count, examples = vocabulary().usage.get(iri, (0, ()))
    anchor = iri.removeprefix(base) if iri.startswith(base) else curie(iri)
    return TermView(
        anchor=anchor,
        href="#" + anchor,
        iri=iri,
        short=curie(iri),
        label=vocabulary().label(iri),
        definition=vocabulary().definition(iri),
        facts=_facts(facts),
        rules=rules.get(iri, ()),
        is_class=bool(CLASS_KINDS & {kind.value for kind in facts.get(RDF_TYPE, ()) if isinstance(kind, NamedNode)}),
        count=count,
        examples=[link(example, vocabulary().example_names) for example in examples],
    )


def _rules_by_term(every: Sequence[Shape]) -> dict[str, list[tuple[Value, Literal]]]:
    """Term → rules in words: all of the shapes for a class, or those about a property."""
    found: dict[str, dict[str, tuple[Value, Literal]]] = defaultdict(dict)
    for shape in every:
        for rule in shape.parts:
            if wording := rule.wording:
                for term in {*shape.targets, *filter(None, [rule.path])}:
                    name = shape.rule.name if term == rule.path else rule.name
                    found[term].setdefault(rule.iri, (Value(name.value, language=name.language), wording))
    return {term: list(rules.values()) for term, rules in found.items()}


def _facts(facts: Facts) -> list[tuple[Value, Sequence[Value]]]:
    """What is left to say after the heading; anonymous classes are only in the RDF."""
    skolem = site().release.base_iri + SKOLEM_PATH
    rows = []
    for prop, terms in facts.items():
        if prop in HIDDEN:
            continue
        if prop == CHAIN:
            values = [_chain(term.value) for term in terms if isinstance(term, NamedNode)]
        else:
            texts = [term for term in terms if isinstance(term, Literal) and term.language]
            shown = best({prop: texts}, (prop,))
            values = [
                readable(term, prop, {})
                for term in terms
                if (term not in texts or term == shown)
                and not (isinstance(term, NamedNode) and term.value.startswith(skolem))
                and not (prop == RDF_TYPE and isinstance(term, NamedNode) and term.value in PLAIN_KINDS)
            ]
        if values:
            rows.append((link(prop, {}), values))
    return sorted(rows, key=lambda row: fold(row[0].text))


def _chain(start: str) -> Value:
    """A property chain in words: its properties one after the other."""
    graph, names, node = vocabulary().terms, [], start
    while node in graph and node != RDF + "nil":
        step = one(graph[node], RDF + "first") or ""
        label = vocabulary().label(step)
        names.append(label.value if label else curie(step))
        node = one(graph[node], RDF + "rest") or ""
    return Value(" → ".join(names), language=current_language())
