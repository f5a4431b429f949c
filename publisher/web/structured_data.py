"""What a page tells search engines about its thing: schema.org as JSON-LD, from the profile of that name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import LANGUAGES, MEDIA_TYPES, RDF_TYPE, SCHEMA
from publisher.store.protocol import Term
from publisher.web.language import choose, current_language

CONTEXT = "https://schema.org/"

_SHORTER = {"@type": SCHEMA, "encodingFormat": MEDIA_TYPES, "inLanguage": LANGUAGES}
"""Property → how IRIs begin of which it has only the rest: names, media types (RFC 6838), language tags (BCP 47)."""


def structured_data(iri: NamedNode, quads: Iterable[Quad], page: str) -> Mapping[str, Any] | None:
    """A JSON-LD document about a thing with what it points to nested in it, texts in the reader's language.

    Args:
        iri: the thing.
        quads: its description in schema.org.
        page: the absolute address of the page.

    Returns:
        None where schema.org has no class for the thing.
    """
    about: dict[str, list[Quad]] = defaultdict(list)
    for quad in sorted(quads, key=str):
        if isinstance(quad.subject, NamedNode):
            about[quad.subject.value].append(quad)
    node = _node(iri.value, about, ())
    if "@type" not in node:
        return None
    return {"@context": CONTEXT, "url": page, "identifier": iri.value, **node}


def _node(iri: str, about: Mapping[str, Sequence[Quad]], above: tuple[str, ...]) -> dict[str, Any]:
    values: dict[str, list[Term]] = defaultdict(list)
    for quad in about.get(iri, ()):
        values[quad.predicate.value].append(cast(Term, quad.object))
    node: dict[str, Any] = {"@id": iri}
    for predicate, found in values.items():
        name = "@type" if predicate == RDF_TYPE else predicate.removeprefix(SCHEMA)
        written = [_value(value, about, (*above, iri), name) for value in _readable(found)]
        node[name] = written[0] if len(written) == 1 else written
    return node


def _readable(values: Iterable[Term]) -> list[Term]:
    """Each value once; of texts in several languages the one that the reader reads best."""
    kept = list(dict.fromkeys(values))
    best = choose(value for value in kept if isinstance(value, Literal) and value.language)
    return [
        value
        for value in kept
        if not isinstance(value, Literal) or not value.language or (best and value.language == best.language)
    ]


def _value(value: Term, about: Mapping[str, Sequence[Quad]], above: tuple[str, ...], name: str) -> Any:
    if isinstance(value, Literal):
        if value.language and value.language != current_language():
            return {"@value": value.value, "@language": value.language}
        return value.value
    iri = value.value
    if name in _SHORTER:
        return iri.removeprefix(_SHORTER[name])
    if iri not in about:
        return iri  # schema.org's data model takes a URL for a thing of which no more is said.
    if iri in above:
        return {"@id": iri}
    node = _node(iri, about, above)
    if name == "temporalCoverage" and {"startDate", "endDate"} & node.keys():
        return f"{node.get('startDate', '..')}/{node.get('endDate', '..')}"
    # Who publishes is an organization or a person to schema.org, and of a person one would say so.
    return {"@type": "Organization", **node} if name == "publisher" else node
