"""Earlier versions of the ontology, and what came and went since."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from msgspec import Struct
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from publisher.core.release import Release
from publisher.core.terms import LABEL_PROPERTIES, OWL, RDF_TYPE
from publisher.web.links import curie
from publisher.web.ontology_view import PLAIN_KINDS
from publisher.web.values import Value, link
from publisher.web.vocabulary import best, vocabulary


class Changes(Struct, frozen=True):
    """An earlier version and what came and went since: everything ``templates/ontology_version.html`` shows."""

    version: str
    title: str
    current: str
    added: Sequence[Value]
    removed: Sequence[str]


def changes(release: Release, file: str) -> Changes:
    """What distinguishes an earlier version from the current one.

    Args:
        release: the release.
        file: the earlier version's Turtle file, relative to the release's folder.
    """
    iri = release.base_iri + "ontology"
    facts: dict[str, dict[str, list[object]]] = {}
    for quad in parse(path=release.folder / file, format=RdfFormat.TURTLE):
        if isinstance(quad.subject, NamedNode):
            facts.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object)
    header = {prop: [v for v in values if isinstance(v, Literal)] for prop, values in facts.get(iri, {}).items()}
    title = best(header, LABEL_PROPERTIES)
    old = {term for term, about in facts.items() if term.startswith(iri + "#") and RDF_TYPE in about}
    new = {term for term in vocabulary().of_kind(PLAIN_KINDS) if term.startswith(iri + "#")}
    version = next((v.value for v in header.get(OWL + "versionInfo", ())), "")
    return Changes(
        version=version,
        title=title.value if title else iri,
        current=next((v.value for v in vocabulary().terms.get(iri, {}).get(OWL + "versionInfo", ())), ""),
        added=[link(term, {}) for term in sorted(new - old)],
        removed=[curie(term) for term in sorted(old - new)],
    )


def versions(release: Release) -> list[tuple[str, bool]]:
    """The numbers of the ontology's versions, the current one first, and whether each is the current one."""
    facts = vocabulary().terms.get(release.base_iri + "ontology", {})
    current = [(value.value, True) for value in facts.get(OWL + "versionInfo", ()) if isinstance(value, Literal)]
    kept = [PurePosixPath(file.path) for file in release.files if file.path.startswith("versions/")]
    newest_first = sorted(kept, key=lambda path: [int(part) for part in re.findall(r"\d+", path.stem)], reverse=True)
    return current + [(path.stem, False) for path in newest_first]
