"""Descriptions in compacted JSON-LD (JSON-LD 1.1 API §5.2), in the terms of the release's context."""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, serialize
from rdflib import Graph

from publisher.core.release import Release


def compacted(quads: Iterable[Quad], release: Release) -> bytes:
    """Writes statements without blank nodes as one graph; the same statements give the same bytes.

    The context stands in the document, so that it can be read without asking for another one.

    Args:
        quads: the statements; which named graph makes them is left out.
        release: whose ``context.jsonld`` is used.
    """
    triples = serialize({quad.triple for quad in quads}, format=RdfFormat.N_TRIPLES) or b""
    context = _context(release.folder)
    written = Graph().parse(data=triples, format="nt").serialize(format="json-ld", context=context)
    lists = {name for name, term in context.items() if isinstance(term, dict) and term.get("@container") == "@list"}
    document = _in_order(json.loads(written), lists | {"@context", "@list"})
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()


@lru_cache(maxsize=2)
def _context(folder: Path) -> dict[str, Any]:
    context: dict[str, Any] = json.loads((folder / "context.jsonld").read_bytes())["@context"]
    return context


def _in_order(value: Any, kept: set[str]) -> Any:
    """The same with arrays sorted: they are sets, but for those under the names in ``kept``."""
    if isinstance(value, dict):
        return {name: part if name in kept else _in_order(part, kept) for name, part in value.items()}
    if isinstance(value, list):
        return sorted((_in_order(part, kept) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
    return value
