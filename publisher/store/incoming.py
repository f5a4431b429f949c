"""Reading what points to the things to which much points, whichever store answers queries."""

from pyoxigraph import NamedNode

from publisher.core.incoming import INCOMING, LINKS_ON_A_PAGE
from publisher.core.release import Release
from publisher.store.derived import opened
from publisher.store.protocol import Row

_TOTALS = """
SELECT node.iri, links FROM hub JOIN total ON total.hub = hub.id JOIN node ON node.id = total.property
WHERE hub.iri = ? ORDER BY node.iri
"""

_PAGE = """
SELECT node.iri, property.iri FROM hub JOIN link ON link.hub = hub.id
JOIN node ON node.id = link.subject JOIN node AS property ON property.id = link.property
WHERE hub.iri = ? AND position BETWEEN ? AND ? ORDER BY position
"""


class Incoming:
    """What points to the hubs of a release; may be used by several threads.

    Args:
        release: the opened release.
    """

    def __init__(self, release: Release) -> None:
        self._file = release.folder / INCOMING

    def totals(self, iri: str) -> dict[str, int]:
        """Property IRI → number of things that point to an IRI by it; nothing if they all stand on one page.

        Raises:
            ReleaseMissing: the release has no such file, or a damaged one.
        """
        with opened(self._file) as file:
            return dict(file.execute(_TOTALS, (iri,)))

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
