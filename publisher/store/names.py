"""What things are called, remembered: a release never changes, and pages mention the same things again and again."""

import threading
from collections.abc import Iterable, Sequence
from typing import cast

from cachetools import LRUCache
from msgspec import Struct
from pyoxigraph import NamedNode, Quad

from publisher.store.protocol import Store

_REMEMBERED = 10_000
"""Things whose names are remembered: those mentioned last of which anything is said."""
_AT_ONCE = 1_000
"""Things that one query asks for."""


class Known(Struct, frozen=True):
    """What is known of a thing that is mentioned.

    Args:
        names: the statements that name it.
        is_described: whether anything is said of it.
    """

    names: Sequence[Quad]
    is_described: bool


class Names:
    """Looks up names, of many things at once.

    Args:
        store: where to ask for those that are not remembered.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._known: LRUCache[NamedNode, Known] = LRUCache(_REMEMBERED)

    def of(self, nodes: Iterable[NamedNode]) -> dict[NamedNode, Known]:
        """What is known of each thing, in the order of their IRIs.

        Args:
            nodes: things that a page mentions.
        """
        wanted = sorted(set(nodes), key=str)
        with self._lock:
            found = {node: self._known.get(node) for node in wanted}
        new = [node for node, known in found.items() if known is None]
        for first in range(0, len(new), _AT_ONCE):
            asked = self._ask(new[first : first + _AT_ONCE])
            found.update(asked)
            with self._lock:
                self._known.update((node, known) for node, known in asked.items() if known.is_described)
        return cast(dict[NamedNode, Known], found)

    def _ask(self, nodes: Sequence[NamedNode]) -> dict[NamedNode, Known]:
        names: dict[NamedNode, list[Quad]] = {node: [] for node in nodes}
        for row in self._store.select("named_in", node=nodes):
            node, prop, graph = (cast(NamedNode, row[name]) for name in ("node", "property", "graph"))
            names[node].append(Quad(node, prop, row["label"], graph))
        unnamed = [node for node, quads in names.items() if not quads]
        described = {row["node"] for row in self._store.select("described", node=unnamed)} if unnamed else set()
        return {node: Known(quads, bool(quads) or node in described) for node, quads in names.items()}
