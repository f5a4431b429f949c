"""What the catalogue says of the downloads of the dataset, for its description in the terms of other vocabularies.

The dataset itself only names them: the catalogue has their hashes, and they hold the dataset (decision 26).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from publisher.core.release import CATALOG
from publisher.core.terms import CATALOG_PATH, DCAT, SPDX
from publisher.web.site import site

_LEADING_ON = (NamedNode(DCAT + "distribution"), NamedNode(SPDX + "checksum"))


def distributions(own: Sequence[Quad]) -> list[Quad]:
    """Statements about the downloads that a description names, and about their checksums.

    Args:
        own: what is said of the thing itself.
    """
    release = site().release
    found: list[Quad] = []
    led_to = {quad.object for quad in own if quad.predicate == _LEADING_ON[0]}
    seen: set[object] = set()
    while new := led_to - seen:
        about = _catalog(release.folder / CATALOG, release.base_iri + CATALOG_PATH)
        said = [quad for node in sorted(new, key=str) for quad in about.get(node, ())]
        led_to = {quad.object for quad in said if quad.predicate in _LEADING_ON}
        seen |= new
        found += said
    return found


@lru_cache(maxsize=1)
def _catalog(file: Path, graph: str) -> Mapping[object, Sequence[Quad]]:
    """The statements of the catalogue by what they are about."""
    about: dict[object, list[Quad]] = defaultdict(list)
    for quad in parse(path=file, format=RdfFormat.TURTLE):
        about[quad.subject].append(Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)))
    return about
