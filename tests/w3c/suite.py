"""W3C's test suites: where they come from, and the cases that their manifests list.

The manifests' terms: https://www.w3.org/2009/sparql/docs/tests/README.html
"""

import hashlib
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
TESTS_10 = "http://www.w3.org/2001/sw/DataAccess/tests/"
TESTS_11 = "http://www.w3.org/2009/sparql/docs/tests/"
FOLDERS = {
    "test/data/suites/w3c/dawg-data-r2/": TESTS_10 + "data-r2/",
    "test/data/suites/w3c/sparql11/": TESTS_11 + "data-sparql11/",
}
"""Folder in the archive → the address that the suite is published at."""

ROOTS = (
    TESTS_10 + "data-r2/manifest-evaluation.ttl",
    TESTS_10 + "data-r2/manifest-syntax.ttl",
    TESTS_11 + "data-sparql11/manifest-all.ttl",
)
"""The manifests that list all others."""

_RUN_10 = (
    "algebra ask basic bnode-coreference boolean-effective-value bound cast construct dataset distinct expr-builtin "
    "expr-equals expr-ops graph i18n open-world optional optional-filter reduced regex solution-seq sort "
    "syntax-sparql1 syntax-sparql2 syntax-sparql3 syntax-sparql4 syntax-sparql5 triple-match type-promotion"
)
_RUN_11 = (
    "aggregates bind bindings construct csv-tsv-res exists functions grouping json-res negation project-expression "
    "property-path service subquery syntax-fed syntax-query"
)
_UPDATES = (
    "add basic-update clear copy delete delete-data delete-insert delete-where drop move syntax-update-1 "
    "syntax-update-2 update-silent"
)


def _manifests(suite: str, folders: str) -> list[str]:
    return [f"{suite}{folder}/manifest.ttl" for folder in folders.split()]


MANIFESTS = [*_manifests(TESTS_10 + "data-r2/", _RUN_10), *_manifests(TESTS_11 + "data-sparql11/", _RUN_11)]
"""The manifests whose cases are run."""

LEFT_OUT = {
    **dict.fromkeys(_manifests(TESTS_11 + "data-sparql11/", _UPDATES), "updates, which are refused"),
    **dict.fromkeys(_manifests(TESTS_11 + "data-sparql11/", "entailment"), "entailment, which is not offered"),
    **dict.fromkeys(_manifests(TESTS_11 + "data-sparql11/", "protocol service-description"), "cases without a query"),
}
"""The manifests whose cases are not run, and why."""

REQUIREMENTS = Path(__file__).parent / "requirements.txt"

Files = Mapping[str, bytes]
"""Address → content."""


def download(folder: Path) -> Path:
    """The archive with the suites, which pip fetches unless the folder has it already.

    Raises:
        CalledProcessError: it cannot be fetched, or is not the one that is pinned.
    """
    ((name, version, digest),) = re.findall(r"^(\w+)==(\S+) --hash=sha256:(\w+)$", REQUIREMENTS.read_text(), re.M)
    archive = folder / f"{name}-{version}.tar.gz"
    if not archive.exists() or hashlib.sha256(archive.read_bytes()).hexdigest() != digest:
        archive.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name]
        subprocess.run([*command, "--dest", folder, "--requirement", REQUIREMENTS], check=True)
    return archive


def read_archive(archive: Path) -> Files:
    """The files of the suites."""
    found = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            path = member.name.partition("/")[2]
            for folder, address in FOLDERS.items():
                if path.startswith(folder) and (content := opened.extractfile(member)):
                    found[address + path.removeprefix(folder)] = content.read()
    return found


def short(address: str) -> str:
    """An address of the suites without what all have in common."""
    return address.removeprefix(TESTS_10).removeprefix(TESTS_11)


@dataclass(frozen=True)
class Case:
    """A test of a manifest.

    Args:
        name: its IRI, shortened.
        kind: the local name of its class, such as ``QueryEvaluationTest``.
        query: address of the query.
        data: addresses of the graphs that make up the default graph.
        named: addresses of the named graphs.
        result: address of the expected result; empty for syntax tests.
        lax: whether solutions may come less often than the expected result has them (``REDUCED``).
    """

    name: str
    kind: str
    query: str
    data: tuple[str, ...]
    named: tuple[str, ...]
    result: str
    lax: bool


def cases(files: Files, manifest: str) -> Iterator[Case]:
    """The cases of a manifest, in its order."""
    graph = _manifest(files, manifest)
    for entries in graph.objects(None, MF.entries):
        for test in Collection(graph, entries):
            yield _case(graph, test)


def included(files: Files) -> set[str]:
    """The manifests that the suites consist of."""
    found = set()
    for root in ROOTS:
        graph = _manifest(files, root)
        found |= {str(item) for items in graph.objects(URIRef(root), MF.include) for item in Collection(graph, items)}
    return found


def _manifest(files: Files, address: str) -> Graph:
    return Graph().parse(data=files[address], format="turtle", publicID=address)


def _case(graph: Graph, test: Node) -> Case:
    action = graph.value(test, MF.action)
    return Case(
        name=short(str(test)),
        kind=str(graph.value(test, RDF.type)).rpartition("#")[2],
        query=str(graph.value(action, QT.query) or action),
        data=tuple(map(str, graph.objects(action, QT.data))),
        named=tuple(map(str, graph.objects(action, QT.graphData))),
        result=str(graph.value(test, MF.result) or ""),
        lax=(test, MF.resultCardinality, MF.LaxCardinality) in graph,
    )
