"""Descriptions in the document forms of JSON-LD 1.1 (Syntax §5, Framing), in the terms of a context."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import request
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from publisher.core.formats import BY_NAME
from publisher.core.release import Release
from publisher.core.request_errors import NotAcceptable
from publisher.core.terms import RDF_TYPE
from publisher.web.negotiation import accepted_parameter

Context = Mapping[str, Any]
NAMESPACE = "http://www.w3.org/ns/json-ld#"
"""Where the values of the media type's parameter ``profile`` are (JSON-LD 1.1 §6.2)."""
COMPACTED = "compacted"
FRAMED = "framed"


def write(quads: Iterable[Quad], form: str, iri: NamedNode, context: Context) -> bytes:
    """Writes statements without blank nodes as one graph; the same statements give the same bytes.

    The context stands in the document, so that it can be read without asking for another one.

    Args:
        quads: the statements; which named graph makes them is left out.
        form: one of ``FORMS``.
        iri: what a framed document is about.
        context: the terms.
    """
    document = FORMS[form](list(quads), iri, context)
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()


def wanted_form(*, by_header: bool) -> str:
    """The form that the running request asks for: ``form``, or ``profile`` of its media type; else the compacted one.

    Args:
        by_header: whether ``Accept`` counts.

    Raises:
        NotAcceptable: ``form`` asks for one that there is not.
    """
    if asked := request.args.get("form", ""):
        if asked not in FORMS:
            offer = ", ".join(FORMS)
            raise NotAcceptable("'{name}' is not offered here.", hint="Offered: {offer}.", name=asked, offer=offer)
        return asked
    told = accepted_parameter(BY_NAME["jsonld"].media_type, "profile") if by_header else ""
    return next((name for iri in told.split() if (name := iri.removeprefix(NAMESPACE)) in FORMS), COMPACTED)


def context_of(release: Release) -> Context:
    """The context of a release."""
    return _context(release.folder)


@lru_cache(maxsize=2)
def _context(folder: Path) -> Context:
    context: Context = json.loads((folder / "context.jsonld").read_bytes())["@context"]
    return context


def _processor() -> Any:
    """The JSON-LD processor, which takes long to load: a server starts without it."""
    from pyld import jsonld

    return jsonld


@cache
def _offline() -> Mapping[str, Any]:
    """Options with which no context is ever fetched."""
    from pyld.documentloader.frozen import FrozenDocumentLoader

    return {"documentLoader": FrozenDocumentLoader(documents={})}


def _expanded(quads: list[Quad], _iri: NamedNode, _context: Context) -> Any:
    triples = sorted({quad.triple for quad in quads}, key=str)
    nodes = json.loads(serialize(triples, format=RdfFormat.JSON_LD) or b"[]")
    for node in nodes:
        if types := node.pop(RDF_TYPE, None):  # JSON-LD 1.1 §3.5: the engine writes no keyword.
            node["@type"] = [kind["@id"] for kind in types]
    return nodes


def _compacted(quads: list[Quad], iri: NamedNode, context: Context) -> Any:
    return _in_order(_processor().compact(_expanded(quads, iri, context), dict(context), _offline()), _ordered(context))


def _flattened(quads: list[Quad], iri: NamedNode, context: Context) -> Any:
    return _in_order(_processor().flatten(_expanded(quads, iri, context), dict(context), _offline()), _ordered(context))


def _framed(quads: list[Quad], iri: NamedNode, context: Context) -> Any:
    """One nested object: in it what the thing says of others, and under ``@reverse`` what they say of it.

    What hangs together with it by no property, such as the names of classes, is under ``@included`` (JSON-LD 1.1 §4.7).
    """
    links = [quad for quad in quads if quad.predicate.value != RDF_TYPE]
    pointing = sorted({quad.predicate.value for quad in links if quad.object == iri})
    frame = {
        "@context": dict(context),
        "@id": iri.value,
        "@embed": "@always",
        "@reverse": {name: {} for name in pointing},
    }
    nodes = _expanded(quads, iri, context)
    document = _processor().frame(nodes, frame, _offline())
    reached = _reached(links, iri)
    if others := [node for node in nodes if node["@id"] not in reached]:
        compacted = [_processor().compact(node, dict(context), _offline()) for node in others]
        document["@included"] = [{k: v for k, v in node.items() if k != "@context"} for node in compacted]
    return _in_order(document, _ordered(context))


def _reached(links: Iterable[Quad], iri: NamedNode) -> set[str]:
    """The things of a framed document: the one that it is about, those that point to it, and all that these lead to."""
    leading: dict[str, set[str]] = defaultdict(set)
    for quad in links:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            leading[quad.subject.value].add(quad.object.value)
    waiting = [iri.value, *(subject for subject, objects in leading.items() if iri.value in objects)]
    reached: set[str] = set()
    while waiting:
        if (name := waiting.pop()) not in reached:
            reached.add(name)
            waiting += leading[name]
    return reached


FORMS: Mapping[str, Callable[[list[Quad], NamedNode, Context], Any]] = {
    COMPACTED: _compacted,
    "expanded": _expanded,
    "flattened": _flattened,
    FRAMED: _framed,
}
"""Name of a document form, the last part of its IRI → what makes it."""


def _ordered(context: Context) -> set[str]:
    lists = {name for name, term in context.items() if isinstance(term, dict) and term.get("@container") == "@list"}
    return lists | {"@context", "@list"}


def _in_order(value: Any, kept: set[str]) -> Any:
    """The same with arrays sorted: they are sets, but for those under the names in ``kept``."""
    if isinstance(value, dict):
        return {name: part if name in kept else _in_order(part, kept) for name, part in value.items()}
    if isinstance(value, list):
        return sorted((_in_order(part, kept) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
    return value
