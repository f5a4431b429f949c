"""The build, start to end: everything is checked, then a release is written."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path

import pyoxigraph
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV

from publisher.build.catalog import catalog
from publisher.build.check import Checked, check
from publisher.build.dataset import canonical, canonical_quads, quads_of, write_store
from publisher.build.describe import dataset_of
from publisher.build.diagram import draw
from publisher.build.dumps import Dump, write_dumps
from publisher.build.facts import coverage
from publisher.build.fingerprint import fingerprint
from publisher.build.incoming import write_incoming
from publisher.build.inputs import input_files
from publisher.build.native import told
from publisher.build.pictures import pages_of, write_pictures
from publisher.build.project import Project
from publisher.build.provenance import SPDX, provenance
from publisher.build.queries import EXAMPLES, SECTIONS
from publisher.build.release import new_release, publish
from publisher.build.remarks import remarks
from publisher.build.search_index import write_search_index
from publisher.build.sitemap import PAGES, pages_of_things, write_sitemap
from publisher.core.incoming import INCOMING
from publisher.core.release import CATALOG, CHANGELOG, INPUT_PATH, STORE, Release
from publisher.core.search import INDEX
from publisher.core.settings import Settings
from publisher.core.terms import CATALOG_PATH


def build(settings: Settings) -> Release:
    """Builds a release and makes it the current one.

    Raises:
        DataError: the data is not right; the previous release stays in place.
        BuildError: the build could not run.
    """
    checked = check(settings)
    project, context = checked.project, checked.context
    with new_release(settings.releases_folder) as folder, told("the release was written"):
        given = list(chain.from_iterable(quads_of(graph, name) for name, graph in checked.graphs.items()))
        quads = canonical_quads(given)
        (folder / "dumps").mkdir()
        dumps, left_out = write_dumps(quads, folder / "dumps", context.prefixes, f"{context.base}graph/")
        write_store(folder / "dumps", folder / STORE)
        write_incoming(quads, folder / INCOMING, pyoxigraph.NamedNode(f"{context.base}graph/inferred"))
        write_search_index(quads, folder / INDEX, project.base, checked.name_properties)
        write_pictures(project, folder / STORE, folder)
        _copy(project, EXAMPLES, "data/queries", folder / "queries")
        _copy(project, SECTIONS, "data/sections", folder / "sections")
        _copy(project, CHANGELOG, ".", folder)
        (folder / "context.jsonld").write_text(context.text(project), encoding="utf-8")
        (folder / "ontology.ttl").write_bytes(_turtle(checked.ontology, context.prefixes))
        (folder / "report.ttl").write_bytes(_turtle(checked.report.graph, context.prefixes))
        (folder / "versions").mkdir()
        for version, graph in checked.versions.items():
            (folder / "versions" / f"{version}.ttl").write_bytes(_turtle(graph, context.prefixes))
        for language in settings.languages:
            drawing = draw(checked.ontology, f"{project.base}ontology#", language)
            (folder / f"ontology.{language}.svg").write_bytes(drawing)
        inputs = _copy_input(project, folder / INPUT_PATH)
        things = pages_of_things(checked.graphs, project.base) - {project.base + page for page in PAGES}
        _describe_files(checked, dumps, inputs, folder, settings)
        _map(checked, things, folder, settings)
        is_elsewhere = not all(page.startswith(f"{project.base}doc/") for page in things)
        about = {"left_out": left_out, "remarks": remarks(given, quads, left_out), "elsewhere": is_elsewhere}
        return publish(folder, _about(checked, quads, settings) | about)


def _copy(project: Project, pattern: str, below: str, target: Path) -> None:
    """Puts input files that pages are made from into the release, with their paths below a folder."""
    for path in project.files(pattern):
        copy = target / path.relative_to(project.folder / below)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(project.read(path), encoding="utf-8")


def _copy_input(project: Project, target: Path) -> list[Path]:
    """Publishes the input files as they were read, for links to the line that says something."""
    copies = []
    for path in input_files(project.folder):
        copy = target / project.name(path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(project.read(path), encoding="utf-8")
        copies.append(copy)
    return copies


def _describe_files(checked: Checked, dumps: list[Dump], inputs: list[Path], folder: Path, settings: Settings) -> None:
    """Writes the catalogue of the downloads."""
    base, about = checked.project.base, checked.overview
    dataset = dataset_of(about)
    listed = catalog(dataset, about, dumps, base)
    listed += provenance(dataset, URIRef(base + CATALOG_PATH), inputs, folder, base, fingerprint(settings))
    prefixes = {**checked.context.prefixes, "dcat": str(DCAT), "prov": str(PROV), "spdx": str(SPDX)}
    (folder / CATALOG).write_bytes(_turtle(listed, prefixes))


def _map(checked: Checked, things: set[str], folder: Path, settings: Settings) -> None:
    """Writes the sitemap."""
    about = checked.overview
    modified = str(about.value(dataset_of(about), DCTERMS.modified) or "")
    pages = (*PAGES, *pages_of(checked.project))
    write_sitemap(things, folder, checked.project.base, settings.languages, modified, pages=pages)


def _turtle(graph: Graph, prefixes: Mapping[str, str]) -> bytes:
    """Turtle with blank nodes, named canonically so that the bytes are always the same."""
    named = canonical(graph)
    for prefix, namespace in prefixes.items():
        named.bind(prefix, namespace, replace=True)
    return named.serialize(format="turtle", encoding="utf-8")


def _about(checked: Checked, quads: list[pyoxigraph.Quad], settings: Settings) -> dict[str, object]:
    facts, loose, base = checked.facts, checked.loose, checked.context.base
    return {
        "base_iri": checked.project.base,
        "inputs": fingerprint(settings),
        "name_properties": checked.name_properties,
        "counts": {
            "triples": len({quad.triple for quad in quads}),
            "inferred": len(checked.graphs[base + "graph/inferred"]),
            "entities": len(facts.positions) + len(loose.things),
            "quotes": sum(len(spans) for spans in facts.spans.values()),
            "warnings": len(checked.report.results),
        },
        "coverage": {slug: round(coverage(source, facts.spans[slug]), 4) for slug, source in checked.sources.items()},
    }
