"""Writing down what points to hubs and what is part of documents, so that serving need neither count nor search."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from itertools import groupby
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from publisher.build.derived import written
from publisher.core.formats import FORMATS
from publisher.core.incoming import LINKS_ON_A_PAGE, SCHEMA

_ENDINGS = tuple(f".{chosen.suffix}" for chosen in FORMATS)


def write_incoming(quads: Iterable[Quad], file: Path, inferred: NamedNode) -> None:
    """Writes the pages of what points to each IRI with more than a page of it, and the parts of documents.

    Args:
        quads: the dataset; a triple that several graphs have counts once.
        file: the file to write; there is none yet.
        inferred: the named graph whose statements only follow from others.
    """
    pointing: dict[str, set[tuple[str, str]]] = defaultdict(set)
    stated: dict[str, set[str]] = defaultdict(set)
    fragments: set[str] = set()
    file_like: set[str] = set()
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and "#" in quad.subject.value:
            fragments.add(quad.subject.value)
        elif isinstance(quad.subject, NamedNode) and quad.subject.value.endswith(_ENDINGS):
            file_like.add(quad.subject.value)
        if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
            pointing[quad.object.value].add((quad.predicate.value, quad.subject.value))
            if quad.graph_name != inferred:
                stated[quad.object.value].add(quad.predicate.value)
    ids: dict[str, int] = {}

    def id_of(iri: str) -> int:
        return ids.setdefault(iri, len(ids))

    with written(file, SCHEMA) as made:
        for hub, (iri, found) in enumerate(sorted(pointing.items())):
            if len(found) <= LINKS_ON_A_PAGE:
                continue
            told = stated[iri]
            ordered = sorted(found, key=lambda link: (link[0] not in told, link))
            links = [(hub, at, id_of(subject), id_of(prop)) for at, (prop, subject) in enumerate(ordered)]
            counts = Counter(prop for prop, _ in ordered).items()
            totals = [(hub, at, id_of(prop), links, prop in told) for at, (prop, links) in enumerate(counts)]
            made.execute("INSERT INTO hub VALUES (?, ?)", (hub, iri))
            made.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", links)
            made.executemany("INSERT INTO total VALUES (?, ?, ?, ?, ?)", totals)
        made.executemany("INSERT INTO file_like VALUES (?)", [(iri,) for iri in sorted(file_like)])
        parts = {iri for iri in fragments if not _is_led_to(iri, pointing)}
        for number, (document, within) in enumerate(groupby(sorted(parts), _document_of)):
            made.execute("INSERT INTO document VALUES (?, ?)", (number, document))
            listed = [(number, at, id_of(iri)) for at, iri in enumerate(within)]
            made.executemany("INSERT INTO part VALUES (?, ?, ?)", listed)
        made.executemany("INSERT INTO node VALUES (?, ?)", [(number, iri) for iri, number in ids.items()])


def _document_of(iri: str) -> str:
    """The IRI without its fragment."""
    return iri.partition("#")[0]


def _is_led_to(part: str, pointing: Mapping[str, Set[tuple[str, str]]]) -> bool:
    """Whether a document says something of itself that leads to a part of it."""
    document = _document_of(part)
    return any(subject == document for _, subject in pointing.get(part, ()))
