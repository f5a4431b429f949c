"""The page of one thing: its description arranged for reading."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import DCTERMS, DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, RDF_TYPE
from publisher.store.protocol import Store, Term
from publisher.web.description import Description, names_by_node
from publisher.web.evidence import Passage, Surroundings, Words, passages, quote_names, surroundings, words_of
from publisher.web.language import preference
from publisher.web.links import local_path
from publisher.web.values import Value, link, name_of, readable
from publisher.web.vocabulary import Facts, best, vocabulary


@dataclass(frozen=True)
class Row:
    """One property with its values, or with the things that point here by it.

    Args:
        label: the property as a link.
        values: what is shown.
        total: how many there are, which may be more than are shown.
        translations: values in other languages than the reader's.
        inverse: the inverse property, for things that point here.
    """

    label: Value
    values: Sequence[Value]
    total: int
    translations: Sequence[Value] = ()
    inverse: Value | None = None


@dataclass(frozen=True)
class Part:
    """A hash child of the thing: its fragment, its name and what is said of it."""

    fragment: str
    label: Value
    rows: Sequence[Row]


@dataclass(frozen=True)
class EntityView:
    """Everything ``templates/entity.html`` shows; see there for the order."""

    iri: str
    name: Value
    kinds: Sequence[Value]
    summary: Literal | None
    other_names: Sequence[Value]
    asserted: Sequence[Row]
    inferred: Sequence[Row]
    incoming: Sequence[Row]
    incoming_inferred: Sequence[Row]
    uses: Sequence[Quad]
    parts: Sequence[Part]
    words: Sequence[Words]
    surroundings: Surroundings | None
    passages: Sequence[Passage]
    text_language: str | None
    graphs: Sequence[tuple[Value, int]]
    bounded: bool
    is_foreign: bool


def view(store: Store, description: Description) -> EntityView:
    """Arranges a description for the reader of the running request.

    Args:
        store: where quotes and source texts are looked up.
        description: what is said; not empty.
    """
    iri = description.iri
    words = words_of(store, iri)
    names: dict[str, Facts] = {**names_by_node(description.names), **quote_names(store, iri)}
    outgoing = [quad for quad in description.own if quad.subject == iri]
    facts = names_by_node(outgoing)
    own = facts.get(iri.value, {})
    within = surroundings(store, iri)
    text = passages(store, iri, [quad.object for quad in outgoing if isinstance(quad.object, Literal)])
    hidden: set[Term] = {NamedNode(name) for name in (word.iri for word in words)}
    if text is not None:
        hidden.add(text[0])
    name = _name(iri.value, own, names, within)
    summary = best(own, DESCRIPTION_PROPERTIES)
    shown = [quad for quad in outgoing if _is_row(quad, hidden, summary)]
    asserted, inferred = _split(shown)
    incoming = [quad for quad in description.incoming if quad.object == iri and not _is_part(quad.subject, iri)]
    pointing, pointing_inferred = _split(incoming)
    return EntityView(
        iri=iri.value,
        name=name,
        kinds=_kinds(outgoing, names),
        summary=summary,
        other_names=_other_names(own, name),
        asserted=_rows(asserted, names),
        inferred=_rows(inferred, names),
        incoming=_incoming(pointing, names, description.counts),
        incoming_inferred=_incoming(pointing_inferred, names, {}),
        uses=[quad for quad in description.incoming if quad.object != iri],
        parts=_parts(description, names),
        words=words,
        surroundings=within,
        passages=text[1] if text else (),
        text_language=_text_language(own),
        graphs=_graphs(outgoing or description.incoming, names),
        bounded=description.bounded,
        is_foreign=local_path(iri.value) is None,
    )


def _name(iri: str, own: Facts, names: Mapping[str, Facts], within: Surroundings | None) -> Value:
    found = best(own, LABEL_PROPERTIES)
    if found is None and within is not None:
        return Value(f"« {within.exact} »")
    found = found or name_of(iri, names)
    return Value(found.value, language=found.language)


def _text_language(own: Facts) -> str | None:
    """The language that a document says it is in (DCMI Metadata Terms, ``language``)."""
    return next((value.value for value in own.get(DCTERMS + "language", ()) if isinstance(value, Literal)), None)


def _other_names(own: Facts, name: Value) -> list[Value]:
    literals = {value for prop in LABEL_PROPERTIES for value in own.get(prop, ()) if isinstance(value, Literal)}
    others = sorted(literals, key=lambda literal: (literal.language or "", literal.value))
    return [Value(one.value, language=one.language) for one in others if one.value != name.text]


def _kinds(outgoing: Sequence[Quad], names: Mapping[str, Facts]) -> list[Value]:
    """The classes that someone states, most specific first; inferred ones only if there is no other."""
    types = [quad for quad in outgoing if quad.predicate.value == RDF_TYPE and isinstance(quad.object, NamedNode)]
    stated, inferred = _split(types)
    classes = dict.fromkeys(cast(NamedNode, quad.object).value for quad in stated or inferred)
    return [link(name, names) for name in vocabulary().most_specific(list(classes))]


def _is_row(quad: Quad, hidden: set[Term], summary: Literal | None) -> bool:
    """Whether a statement stands among the facts, not in the heading, the quotes or the source text."""
    predicate = quad.predicate.value
    is_heading = predicate in LABEL_PROPERTIES or (
        predicate in DESCRIPTION_PROPERTIES and summary is not None and _is_translation(quad.object, summary)
    )
    is_stated_type = predicate == RDF_TYPE and quad.graph_name != vocabulary().inferred_graph
    return not (
        is_heading or is_stated_type or quad.object in hidden or _is_part(quad.object, cast(NamedNode, quad.subject))
    )


def _is_translation(value: object, summary: Literal) -> bool:
    """Whether a description is the one shown, or its wording in another language of this site."""
    is_other = isinstance(value, Literal) and value.language != summary.language and value.language in preference()
    return value == summary or is_other


def _is_part(node: object, iri: NamedNode) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(iri.value + "#")


def _split(quads: Sequence[Quad]) -> tuple[list[Quad], list[Quad]]:
    """Statements that someone makes, and statements that only follow from others."""
    inferred_graph = vocabulary().inferred_graph
    asserted = [quad for quad in quads if quad.graph_name != inferred_graph]
    stated = {quad.triple for quad in asserted}
    return asserted, [quad for quad in quads if quad.graph_name == inferred_graph and quad.triple not in stated]


def _rows(quads: Sequence[Quad], names: Mapping[str, Facts]) -> list[Row]:
    grouped: dict[str, dict[Term, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        grouped[quad.predicate.value][cast(Term, quad.object)].append(_graph(quad))
    rows = []
    for prop, terms in grouped.items():
        values = [readable(term, prop, names, graphs) for term, graphs in terms.items()]
        values.sort(key=lambda value: (value.language or "", value.text.casefold()))
        shown, translations = _by_language(values)
        rows.append(Row(link(prop, names), shown, len(values), translations))
    return sorted(rows, key=lambda row: row.label.text.casefold())


def _by_language(values: Sequence[Value]) -> tuple[list[Value], list[Value]]:
    """Texts in the best language that there is, and the others; links and untagged values are all shown."""
    texts = [value for value in values if value.language and not value.href]
    spoken = {value.language for value in texts}
    chosen = next((language for language in preference() if language in spoken), None)
    others = [value for value in texts if chosen and value.language != chosen]
    return [value for value in values if value not in others], others


def _incoming(quads: Sequence[Quad], names: Mapping[str, Facts], counts: Mapping[str, int]) -> list[Row]:
    grouped: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            grouped[quad.predicate.value][quad.subject.value].append(_graph(quad))
    rows = []
    for prop, subjects in grouped.items():
        values = sorted((link(iri, names, graphs) for iri, graphs in subjects.items()), key=lambda v: v.text.casefold())
        inverse = vocabulary().inverses.get(prop)
        rows.append(
            Row(
                link(prop, names),
                values,
                max(counts.get(prop, 0), len(values)),
                inverse=link(inverse, names) if inverse else None,
            )
        )
    return sorted(rows, key=lambda row: row.label.text.casefold())


def _parts(description: Description, names: Mapping[str, Facts]) -> list[Part]:
    grouped: dict[str, list[Quad]] = defaultdict(list)
    for quad in description.own:
        if _is_part(quad.subject, description.iri):
            grouped[cast(NamedNode, quad.subject).value].append(quad)
    return [
        Part(iri.partition("#")[2], _part_name(iri, names), _rows(quads, names))
        for iri, quads in sorted(grouped.items())
    ]


def _part_name(iri: str, names: Mapping[str, Facts]) -> Value:
    found = best(names.get(iri, {}), LABEL_PROPERTIES)
    return Value(found.value, language=found.language) if found else Value("#" + iri.partition("#")[2])


def _graphs(quads: Sequence[Quad], names: Mapping[str, Facts]) -> list[tuple[Value, int]]:
    counts: dict[str, int] = defaultdict(int)
    for quad in quads:
        counts[_graph(quad)] += 1
    return [(link(name, names), count) for name, count in sorted(counts.items())]


def _graph(quad: Quad) -> str:
    return cast(NamedNode, quad.graph_name).value
