"""The store that comes with a release, read in this process."""

from typing import cast

from pyoxigraph import QuerySolutions, QueryTriples, Triple
from pyoxigraph import Store as Engine

from publisher.core.release import STORE, Release
from publisher.store import library
from publisher.store.protocol import WHOLE, Binding, Row, Window


class EmbeddedStore:
    """Answers the site's own queries from the release's store.

    Args:
        release: the opened release.
    """

    def __init__(self, release: Release) -> None:
        self._engine = Engine.read_only(str(release.folder / STORE))

    def select(self, name: str, window: Window = WHOLE, /, **bindings: Binding) -> list[Row]:
        """See ``protocol.Store.select``."""
        return rows(cast(QuerySolutions, self._query(name, bindings, window)))

    def construct(self, name: str, **bindings: Binding) -> list[Triple]:
        """See ``protocol.Store.construct``."""
        return sorted(set(cast(QueryTriples, self._query(name, bindings))), key=str)

    def _query(self, name: str, bindings: dict[str, Binding], window: Window = WHOLE) -> object:
        # Not the engine's own substitutions: it plans the query before it knows of them.
        return self._engine.query(library.bound(name, bindings, window))


def rows(solutions: QuerySolutions) -> list[Row]:
    """The solutions as mappings from variable name to term."""
    names = [variable.value for variable in solutions.variables]
    found = [
        {name: term for name, term in zip(names, solution, strict=True) if term is not None} for solution in solutions
    ]
    return cast(list[Row], found)
