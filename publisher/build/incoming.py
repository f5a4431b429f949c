"""Writing down what points to the things to which much points, so that serving need neither count nor pass over it."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from publisher.core.incoming import LINKS_ON_A_PAGE, SCHEMA


def write_incoming(quads: Iterable[Quad], file: Path) -> None:
    """Writes the pages of what points to each IRI with more than a page of it.

    Args:
        quads: the dataset; a triple that several graphs have counts once.
        file: the file to write; there is none yet.
    """
    pointing: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for quad in quads:
        if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
            pointing[quad.object.value].add((quad.predicate.value, quad.subject.value))
    ids: dict[str, int] = {}

    def id_of(iri: str) -> int:
        return ids.setdefault(iri, len(ids))

    with closing(sqlite3.connect(file)) as written:
        written.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA}")
        for hub, (iri, found) in enumerate(sorted(pointing.items())):
            if len(found) <= LINKS_ON_A_PAGE:
                continue
            links = [(hub, at, id_of(subject), id_of(prop)) for at, (prop, subject) in enumerate(sorted(found))]
            totals = Counter(prop for *_, prop in links)
            written.execute("INSERT INTO hub VALUES (?, ?)", (hub, iri))
            written.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", links)
            written.executemany("INSERT INTO total VALUES (?, ?, ?)", [(hub, *total) for total in totals.items()])
        written.executemany("INSERT INTO node VALUES (?, ?)", [(number, iri) for iri, number in ids.items()])
        written.commit()
