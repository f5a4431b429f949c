"""Reading what points to the things to which much points, whichever store answers queries."""

from functools import cached_property
from typing import NamedTuple

from pyoxigraph import NamedNode

from publisher.core.incoming import INCOMING, LINKS_ON_A_PAGE
from publisher.core.release import Release
from publisher.store.derived import opened
from publisher.store.protocol import Row

_TOTALS = """
SELECT node.iri, links, stated FROM hub JOIN total ON total.hub = hub.id JOIN node ON node.id = total.property
WHERE hub.iri = ? ORDER BY place
"""

_PAGE = """
SELECT node.iri, property.iri FROM hub JOIN link ON link.hub = hub.id
JOIN node ON node.id = link.subject JOIN node AS property ON property.id = link.property
WHERE hub.iri = ? AND position BETWEEN ? AND ? ORDER BY position
"""


class Total(NamedTuple):
    """How many things point to a hub by a property, and whether something states it of any of them."""

    links: int
    is_stated: bool


class Incoming:
    """What points to the hubs of a release; may be used by several threads.

    Args:
        release: the opened release.
    """

    def __init__(self, release: Release) -> None:
        self._file = release.folder / INCOMING

    @cached_property
    def _hubs(self) -> frozenset[str]:
        with opened(self._file) as file:
            return frozenset(iri for (iri,) in file.execute("SELECT iri FROM hub"))

    def totals(self, iri: str) -> dict[str, Total]:
        """Property IRI → how much points to an IRI by it; nothing if all that does stands on one page.

        They come in the order of their pages.

        Raises:
            ReleaseMissing: the release has no such file, or a damaged one.
        """
        if iri not in self._hubs:
            return {}
        with opened(self._file) as file:
            return {name: Total(links, bool(stated)) for name, links, stated in file.execute(_TOTALS, (iri,))}

    def page(self, iri: str, number: int) -> list[Row]:
        """``subject`` and ``predicate`` of the statements on a page, which is empty where there is no such page.

        Args:
            iri: the hub that they point to.
            number: the page's, from 1.

        Raises:
            ReleaseMissing: as for ``totals``.
        """
        first = (number - 1) * LINKS_ON_A_PAGE
        with opened(self._file) as file:
            found = file.execute(_PAGE, (iri, first, first + LINKS_ON_A_PAGE - 1)).fetchall()
        return [{"subject": NamedNode(subject), "predicate": NamedNode(prop)} for subject, prop in found]
