"""The page of one thing: its description arranged for reading."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import cast

from msgspec import Struct
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import (
    DCTERMS,
    DESCRIPTION_PROPERTIES,
    LABEL_PROPERTIES,
    OA,
    OTHER_NAME_PROPERTIES,
    RDF_TYPE,
)
from publisher.store.protocol import Store, Term
from publisher.web.description import Description, is_part, names_by_node
from publisher.web.evidence import (
    Surroundings,
    Words,
    iri_of,
    name_of_quote,
    quote_names,
    surroundings,
    words_of,
)
from publisher.web.first_words import FirstWords, first_words
from publisher.web.language import preference
from publisher.web.parts import Part, Table, parts_of
from publisher.web.reading import Reading, reading
from publisher.web.rows import Row, graph_of, incoming_rows, pointing_to, rows_of, split
from publisher.web.shortcuts import drawn_together, reasons
from publisher.web.site import site
from publisher.web.spans import text_of
from publisher.web.unnamed import nodes
from publisher.web.values import Value, link, name_of
from publisher.web.vocabulary import Facts, best, vocabulary


class EntityView(Struct, frozen=True):
    """Everything ``templates/entity.html`` shows; see there for the order.

    Args:
        reasons: property and value of a shortcut → what it follows from.
        first_words: IRI of what refers to the thing → the words that say so.
    """

    iri: str
    name: Value
    kinds: Sequence[Value]
    summary: Literal | None
    other_names: Sequence[Value]
    shortcuts: Sequence[Row]
    reasons: Mapping[tuple[str, str], Sequence[Value]]
    asserted: Sequence[Row]
    inferred: Sequence[Row]
    incoming: Sequence[Row]
    incoming_inferred: Sequence[Row]
    first_words: Mapping[str, FirstWords]
    uses: int
    parts: Sequence[Part]
    tables: Sequence[Table]
    words: Sequence[Words]
    surroundings: Surroundings | None
    reading: Reading | None
    text_language: str | None
    graphs: Sequence[tuple[Value, int]]
    is_foreign: bool


def view(store: Store, description: Description) -> EntityView:
    """Arranges a description for the reader of the running request.

    Args:
        store: where quotes and source texts are looked up.
        description: what is said; not empty.
    """
    iri = description.iri
    words = words_of(store, iri)
    quoted = store.select("passages", thing=iri) if _may_be_quoted(description) else []
    known: dict[str, Facts] = {neighbour: {} for neighbour in description.neighbours}
    names: dict[str, Facts] = {**known, **names_by_node(description.names), **quote_names(quoted, words)}
    outgoing = [quad for quad in description.own if quad.subject == iri]
    facts = names_by_node(outgoing)
    own = facts.get(iri.value, {})
    within = surroundings(store, iri, own)
    text = text_of(quoted, [quad.object for quad in outgoing if isinstance(quad.object, Literal)])
    hidden: set[Term] = {NamedNode(name) for name in (word.iri for word in words)}
    if text is not None:
        hidden.add(text)
    name = _name(iri.value, own, names, within)
    summary = best(own, DESCRIPTION_PROPERTIES)
    shown = [quad for quad in outgoing if _is_row(quad, hidden, summary)]
    asserted, inferred = split(shown)
    unnamed = nodes(description.own)
    sources = {word.source for word in words}
    short = drawn_together(store, iri, [quad for quad in inferred if _iri(quad.object) not in sources])
    parts, tables = parts_of(description, names, unnamed)
    pointing, pointing_inferred = split(_not_said_already(pointing_to(description), outgoing))
    classes = _classes(store, _subjects((*pointing, *pointing_inferred)))
    return EntityView(
        iri=iri.value,
        name=name,
        kinds=_kinds(outgoing, names),
        summary=summary,
        other_names=_other_names(own, name),
        asserted=rows_of(asserted, names, unnamed),
        shortcuts=rows_of(short, names, unnamed),
        reasons={
            key: [link(node, names) for node in nodes]
            for key, nodes in reasons(store, short, outgoing, pointing).items()
        },
        inferred=rows_of([quad for quad in inferred if quad not in short], names, unnamed),
        incoming=incoming_rows(pointing, names, description.totals, classes, are_stated=True),
        incoming_inferred=incoming_rows(pointing_inferred, names, description.totals, classes, are_stated=False),
        first_words={} if OA + "hasSelector" in own else first_words(store, _subjects(pointing)),
        uses=_uses(description),
        parts=parts,
        tables=tables,
        words=words,
        surroundings=within,
        reading=reading(store, iri, text.value, quoted) if text else None,
        text_language=_text_language(own),
        graphs=_graphs(outgoing or description.incoming, names),
        is_foreign=not iri.value.startswith(site().release.base_iri),
    )


def _may_be_quoted(description: Description) -> bool:
    """Whether quotes may name the thing as their source: where not all that points to it is known, they may."""
    return description.pages > 1 or any(quad.predicate.value == OA + "hasSource" for quad in description.incoming)


def _not_said_already(pointing: Sequence[Quad], outgoing: Sequence[Quad]) -> list[Quad]:
    """What points to the thing, but for what is stated of the thing itself by the inverse property."""
    inverses = vocabulary().inverses
    said = {(quad.predicate.value, quad.object) for quad in split(outgoing)[0]}
    return [quad for quad in pointing if (inverses.get(quad.predicate.value), quad.subject) not in said]


def _classes(store: Store, things: Sequence[NamedNode]) -> Mapping[str, Value]:
    """IRI → the most specific class, as a link, of each thing that has one."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in store.select("kinds", thing=sorted(set(things), key=str)) if things else ():
        found[iri_of(row["thing"])].append(iri_of(row["kind"]))
    specific = {iri: vocabulary().most_specific(sorted(classes))[0] for iri, classes in found.items()}
    links = {name: link(name, {}) for name in set(specific.values())}
    return {iri: links[name] for iri, name in specific.items()}


def _subjects(quads: Sequence[Quad]) -> list[NamedNode]:
    return [quad.subject for quad in quads if isinstance(quad.subject, NamedNode)]


def name_in(store: Store, description: Description) -> Value:
    """The name of what is described, as its page has it."""
    iri = description.iri
    names = names_by_node(description.names)
    own = names_by_node([quad for quad in description.own if quad.subject == iri]).get(iri.value, {})
    return _name(iri.value, own, names, surroundings(store, iri, own))


def _uses(description: Description) -> int:
    """How many statements use the thing as their property, datatype or graph: all, or as many as are told here."""
    told = sum(quad.object != description.iri for quad in description.incoming)
    return max(told, vocabulary().usage.get(description.iri.value, (0, ()))[0]) if told else 0


def _name(iri: str, own: Facts, names: Mapping[str, Facts], within: Surroundings | None) -> Value:
    found = best(own, LABEL_PROPERTIES)
    if found is None and within is not None:
        return Value(name_of_quote(within.exact).value)
    found = found or name_of(iri, names)
    return Value(found.value, language=found.language)


def _text_language(own: Facts) -> str | None:
    """The language that a document says it is in (DCMI Metadata Terms, ``language``)."""
    return next((value.value for value in own.get(DCTERMS + "language", ()) if isinstance(value, Literal)), None)


def _other_names(own: Facts, name: Value) -> list[Value]:
    """Names in other languages, acronyms and the like, but for those that read the same; shorter ones first."""
    properties = (*LABEL_PROPERTIES, *OTHER_NAME_PROPERTIES, *site().release.name_properties)
    literals = {value for prop in properties for value in own.get(prop, ()) if isinstance(value, Literal)}
    languages: dict[str, list[str]] = defaultdict(list)
    for literal in sorted(literals, key=lambda literal: (len(literal.value), literal.value, literal.language or "")):
        languages[literal.value] += [literal.language] if literal.language else []
    return [
        Value(text, language=found[0] if found else None, hint=", ".join(found) or None)
        for text, found in languages.items()
        if text != name.text
    ]


def _kinds(outgoing: Sequence[Quad], names: Mapping[str, Facts]) -> list[Value]:
    """The classes of the thing, most specific first."""
    classes = dict.fromkeys(cast(NamedNode, quad.object).value for quad in stated_types(outgoing))
    return [link(name, names) for name in vocabulary().most_specific(list(classes))]


def stated_types(outgoing: Sequence[Quad]) -> list[Quad]:
    """The types that someone states; inferred ones only if there is no other."""
    types = [quad for quad in outgoing if quad.predicate.value == RDF_TYPE and isinstance(quad.object, NamedNode)]
    stated, inferred = split(types)
    return stated or inferred


def _is_row(quad: Quad, hidden: set[Term], summary: Literal | None) -> bool:
    """Whether a statement stands among the facts, not in the heading, the quotes or the source text."""
    predicate = quad.predicate.value
    is_heading = predicate in LABEL_PROPERTIES or (
        predicate in DESCRIPTION_PROPERTIES and summary is not None and _is_translation(quad.object, summary)
    )
    is_stated_type = predicate == RDF_TYPE and quad.graph_name != vocabulary().inferred_graph
    return not (
        is_heading or is_stated_type or quad.object in hidden or is_part(quad.object, cast(NamedNode, quad.subject))
    )


def _iri(term: object) -> str | None:
    return term.value if isinstance(term, NamedNode) else None


def _is_translation(value: object, summary: Literal) -> bool:
    """Whether a description is the one shown, or its wording in another language of this site."""
    is_other = isinstance(value, Literal) and value.language != summary.language and value.language in preference()
    return value == summary or is_other


def _graphs(quads: Sequence[Quad], names: Mapping[str, Facts]) -> list[tuple[Value, int]]:
    counts: dict[str, int] = defaultdict(int)
    for quad in quads:
        counts[graph_of(quad)] += 1
    return [(link(name, names), count) for name, count in sorted(counts.items())]
