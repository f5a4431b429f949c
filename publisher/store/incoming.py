"""Reading what points to hubs, and what is part of documents, whichever store answers queries."""

from functools import cached_property
from typing import NamedTuple

from pyoxigraph import NamedNode

from publisher.core.incoming import INCOMING, LINKS_ON_A_PAGE
from publisher.core.release import Release
from publisher.store.derived import opened
from publisher.store.protocol import Row

_REMEMBERED = 50_000
"""Documents, or things called like files, up to which all are remembered: most are none, and need not be looked up."""

_TOTALS = """
SELECT node.iri, links, stated FROM hub JOIN total ON total.hub = hub.id JOIN node ON node.id = total.property
WHERE hub.iri = ? ORDER BY place
"""

_PAGE = """
SELECT node.iri, property.iri FROM hub JOIN link ON link.hub = hub.id
JOIN node ON node.id = link.subject JOIN node AS property ON property.id = link.property
WHERE hub.iri = ? AND position BETWEEN ? AND ? ORDER BY position
"""


_PARTS = """
SELECT node.iri FROM document JOIN part ON part.document = document.id JOIN node ON node.id = part.subject
WHERE document.iri = ? AND position BETWEEN ? AND ? ORDER BY position
"""

_PARTS_TOTAL = """
SELECT COALESCE(MAX(position) + 1, 0) FROM document JOIN part ON part.document = document.id WHERE document.iri = ?
"""


class Total(NamedTuple):
    """How many things point to a hub by a property, and whether something states it of any of them."""

    links: int
    is_stated: bool


class Incoming:
    """What points to the hubs of a release, and the parts of its documents; may be used by several threads.

    Args:
        release: the opened release.
    """

    def __init__(self, release: Release) -> None:
        self._file = release.folder / INCOMING

    @cached_property
    def _hubs(self) -> frozenset[str]:
        with opened(self._file) as file:
            return frozenset(iri for (iri,) in file.execute("SELECT iri FROM hub"))

    @cached_property
    def _documents(self) -> frozenset[str] | None:
        """The documents with parts; None if there are too many to remember."""
        return self._remembered("SELECT iri FROM document LIMIT ?")

    @cached_property
    def _file_like(self) -> frozenset[str] | None:
        """The things that end like a file; None if there are too many to remember."""
        return self._remembered("SELECT iri FROM file_like LIMIT ?")

    def is_file_like(self, iri: str) -> bool:
        """Whether there is a thing of this IRI, which ends like the address of a representation.

        Raises:
            ReleaseMissing: as for ``totals``.
        """
        if self._file_like is not None:
            return iri in self._file_like
        with opened(self._file) as file:
            return file.execute("SELECT 1 FROM file_like WHERE iri = ?", (iri,)).fetchone() is not None

    def _remembered(self, question: str) -> frozenset[str] | None:
        with opened(self._file) as file:
            found = file.execute(question, (_REMEMBERED + 1,)).fetchall()
        return frozenset(iri for (iri,) in found) if len(found) <= _REMEMBERED else None

    def parts(self, iri: str, number: int = 1) -> tuple[list[NamedNode], int]:
        """The parts of a document on a page, and how many it has; none of what is no such document.

        Args:
            iri: the document.
            number: the page's, from 1.

        Raises:
            ReleaseMissing: as for ``totals``.
        """
        if "#" in iri or (self._documents is not None and iri not in self._documents):
            return [], 0
        first = (number - 1) * LINKS_ON_A_PAGE
        with opened(self._file) as file:
            found = file.execute(_PARTS, (iri, first, first + LINKS_ON_A_PAGE - 1)).fetchall()
            (total,) = file.execute(_PARTS_TOTAL, (iri,)).fetchone()
        return [NamedNode(part) for (part,) in found], total

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
