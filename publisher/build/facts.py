"""Curated facts: from YAML-LD nodes to triples, every quote anchored in its source."""

import json
from dataclasses import dataclass, field
from typing import Any

from rdflib import Graph

from publisher.build.context import Context
from publisher.build.project import Project
from publisher.build.quotes import Quote, anchor, describe_quote, quote_iri
from publisher.build.sources import Source, describe_source
from publisher.build.yamlld import Node, read_nodes, suggest
from publisher.core.errors import DataError, DuplicateSlug, Position, UnknownKey
from publisher.core.settings import Settings

QUOTE_KEYS = ("exact", "prefix", "suffix")


@dataclass
class Facts:
    """All facts of all documents.

    Args:
        graphs: document slug → its triples.
        positions: node IRI → where it is described.
        lines: (node IRI, property IRI) → the line that says it.
        spans: document slug → the (start, end) of every anchored quote.
    """

    graphs: dict[str, Graph] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    lines: dict[tuple[str, str], Position] = field(default_factory=dict)
    spans: dict[str, set[tuple[int, int]]] = field(default_factory=dict)

    def locate(self, node: str, path: str = "", value: str = "") -> Position:
        """The file and line that say something about a node, as closely as known.

        A hash IRI is looked up as the node it belongs to; ``data/facts:0`` means nowhere.
        """
        whole = node.partition("#")[0]
        return self.lines.get((node, path)) or self.positions.get(whole) or Position("data/facts", 0)


def read_facts(project: Project, sources: dict[str, Source], context: Context, settings: Settings) -> Facts:
    """Reads ``data/facts/<document>/*.yaml`` of every document.

    Raises:
        DataError: with file and line; see ``publisher.build.yamlld`` and ``.quotes`` for its kinds.
    """
    facts = Facts()
    for slug, source in sources.items():
        graph = facts.graphs[slug] = describe_source(source, context, settings)
        facts.spans[slug] = set()
        for path in project.files(f"data/facts/{slug}/*.yaml"):
            for node in read_nodes(path, project, context):
                _add(node, source, graph, facts, context, settings)
    for path in project.files("data/facts/**/*.yaml"):
        if path.parent.name not in sources:
            raise DataError(
                f"There is no source '{path.parent.name}'.",
                hint=suggest(path.parent.name, list(sources)),
                where=project.name(path),
            )
    return facts


def _add(node: Node, source: Source, graph: Graph, facts: Facts, context: Context, settings: Settings) -> None:
    iri = context.base + node.id
    if "type" in node.body:
        if iri in facts.positions:
            raise DuplicateSlug(
                f"'{node.id}' is already described at {facts.positions[iri]}.",
                hint="Give one of them another slug, or make them one node; a node that only adds leaves out 'type'.",
                where=node.position,
            )
        facts.positions[iri] = node.position
    body: dict[str, Any] = dict(node.body)
    for key in node.body.keys() - {"id", "type"}:
        facts.lines.setdefault((iri, context.iri(key)), node.lines[key])
    if quotes := body.get(settings.evidence_key):
        key = settings.evidence_key
        body[key] = [
            _anchored(quote, node.lines.get(f"{key}[{n}]", node.lines[key]), source, graph, facts, context, settings)
            for n, quote in enumerate(quotes if isinstance(quotes, list) else [quotes])
        ]
    graph.parse(data=json.dumps({**context.document, **body}), format="json-ld", publicID=context.base)


def _anchored(
    value: str | dict[str, str],
    where: Position,
    source: Source,
    graph: Graph,
    facts: Facts,
    context: Context,
    settings: Settings,
) -> str:
    """Anchors one quote, describes it, and gives back its IRI."""
    parts = {"exact": value} if isinstance(value, str) else value
    for key in parts:
        if key not in QUOTE_KEYS:
            raise UnknownKey(f"'{key}' in a quote.", hint=suggest(key, list(QUOTE_KEYS)), where=where)
    if not isinstance(parts.get("exact"), str):
        raise DataError("A quote needs 'exact'.", where=where)
    start, end = anchor(Quote(**parts), source, where)
    iri = quote_iri(source, start, end, context)
    if (start, end) not in facts.spans[source.slug]:
        facts.spans[source.slug].add((start, end))
        graph += describe_quote(iri, start, end, source, context, settings)
    return iri


def coverage(source: Source, spans: set[tuple[int, int]]) -> float:
    """The share of a source's characters, 0 to 1, that stand in at least one quote."""
    covered = bytearray(len(source.text))
    for start, end in spans:
        covered[start:end] = b"\1" * (end - start)
    return sum(covered) / len(covered) if covered else 0.0
