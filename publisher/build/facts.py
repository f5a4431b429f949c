"""Curated facts: from YAML-LD nodes to triples, every quote anchored in its source."""

import json
from dataclasses import dataclass, field
from typing import Any

from rdflib import Graph

from publisher.build.context import Context
from publisher.build.project import Project
from publisher.build.quotes import Quote, anchor, describe_quote, quote_iri
from publisher.build.sources import PROPERTIES, Source, describe_source, source_iri
from publisher.build.well_formed import check_terms
from publisher.build.yamlld import Node, read_nodes, suggest
from publisher.core.errors import DataError, DuplicateSlug, UnknownKey
from publisher.core.position import Position
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
        DataError: with file and line; see ``publisher.build.yamlld``, ``.quotes`` and ``.well_formed`` for its kinds.
    """
    for path in project.files("data/facts/**/*.yaml"):
        if path.parent.name not in sources:
            hint = f"Add data/sources/{path.parent.name}/source.toml. {suggest(path.parent.name, list(sources))}"
            raise DataError(f"There is no source '{path.parent.name}'.", hint=hint, where=project.name(path))
    facts = Facts()
    for source in sources.values():
        reader = _Reader(source, context, settings, facts)
        for path in project.files(f"data/facts/{source.slug}/*.yaml"):
            for node in read_nodes(path, project, context):
                reader.add(node)
        reader.finish()
        check_terms(facts.graphs[source.slug], facts.locate)
    return facts


class _Reader:
    """Turns the nodes of one document into triples of its graph."""

    def __init__(self, source: Source, context: Context, settings: Settings, facts: Facts) -> None:
        self.source, self.context, self.settings, self.facts = source, context, settings, facts
        self.graph = facts.graphs[source.slug] = describe_source(source, context, settings)
        self.spans = facts.spans[source.slug] = set()
        self.bodies: list[dict[str, Any]] = []
        self._place_source()

    def _place_source(self) -> None:
        iri = source_iri(self.source, self.context)
        self.facts.positions[iri] = self.source.position
        for key, where in self.source.lines.items():
            if key in PROPERTIES:
                self.facts.lines[(iri, str(PROPERTIES[key]))] = where

    def add(self, node: Node) -> None:
        """Adds a node and the quotes it rests on."""
        iri = self.context.base + node.id
        if "type" in node.body:
            self._claim(iri, node)
        for key in node.body.keys() - {"id", "type"}:
            self.facts.lines.setdefault((iri, self.context.iri(key)), node.lines[key])
        body: dict[str, Any] = dict(node.body)
        key = self.settings.evidence_key
        if quotes := body.get(key):
            body[key] = [
                self._anchored(quote, node.lines.get(f"{key}[{index}]", node.lines[key]))
                for index, quote in enumerate(quotes if isinstance(quotes, list) else [quotes])
            ]
        self.bodies.append(body)

    def finish(self) -> None:
        """Turns all nodes into triples at once: reading the context is most of the work."""
        document = json.dumps({**self.context.document, "@graph": self.bodies})
        self.graph.parse(data=document, format="json-ld", publicID=self.context.base)

    def _claim(self, iri: str, node: Node) -> None:
        if iri in self.facts.positions:
            raise DuplicateSlug(
                f"'{node.id}' is already described at {self.facts.positions[iri]}.",
                hint="Give one of them another slug, or make them one node; a node that only adds leaves out 'type'.",
                where=node.position,
            )
        self.facts.positions[iri] = node.position

    def _anchored(self, value: str | dict[str, str], where: Position) -> str:
        """Anchors one quote, describes it the first time, and gives back its IRI."""
        parts = {"exact": value} if isinstance(value, str) else value
        for key in parts:
            if key not in QUOTE_KEYS:
                raise UnknownKey(f"'{key}' in a quote.", hint=suggest(key, list(QUOTE_KEYS)), where=where)
        if not all(isinstance(parts.get(key, ""), str) for key in QUOTE_KEYS) or not parts.get("exact"):
            raise DataError("A quote needs 'exact', and its parts are texts.", where=where)
        start, end = anchor(Quote(**parts), self.source, where)
        iri = quote_iri(self.source, start, end, self.context)
        if (start, end) not in self.spans:
            self.spans.add((start, end))
            self.graph += describe_quote(iri, start, end, self.source, self.context, self.settings)
        return iri


def coverage(source: Source, spans: set[tuple[int, int]]) -> float:
    """The share of a source's characters, 0 to 1, that stand in at least one quote."""
    return 1 - sum(end - start for start, end in uncovered(source, spans)) / len(source.text) if source.text else 0.0


def uncovered(source: Source, spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Start and end of every stretch of a source's text that stands in no quote, in order."""
    gaps, reached = [], 0
    for start, end in (*sorted(spans), (len(source.text), len(source.text))):
        if start > reached:
            gaps.append((reached, start))
        reached = max(reached, end)
    return gaps
