"""The build, start to end: sources → quotes → facts → graphs → closure → SHACL → release."""

from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pyoxigraph
from rdflib import Graph, URIRef
from rdflib.compare import to_canonical_graph
from rdflib.namespace import RDF

from publisher.build.context import CONTEXT_FILE, Context, read_context
from publisher.build.dataset import canonical_quads, quads_of, skolemize, write_store
from publisher.build.describe import dataset_of, describe
from publisher.build.diagram import draw
from publisher.build.dumps import write_dumps
from publisher.build.facts import Facts, coverage, read_facts
from publisher.build.fingerprint import INPUT_FOLDERS, fingerprint
from publisher.build.mappings import read_mappings
from publisher.build.places import Places
from publisher.build.project import Project
from publisher.build.quality import Quality
from publisher.build.queries import check_queries, counted
from publisher.build.reason import infer
from publisher.build.reasoner import Verdict, consistency
from publisher.build.references import check_references
from publisher.build.release import new_release, publish
from publisher.build.sources import Source, read_sources, source_iri
from publisher.build.validate import Report, validate
from publisher.build.versions import read_versions
from publisher.core.errors import BuildError, Contradiction
from publisher.core.release import INPUT_PATH, STORE, Release
from publisher.core.settings import Settings
from publisher.core.terms import DESCRIPTION_PATH

TURTLE = {
    "ontology": "ontology/*.ttl",
    "schemes": "data/schemes/*.ttl",
    "shapes": "shapes/*.ttl",
    "description": "data/dataset.ttl",
}
"""Named graph → the files it is read from."""


@dataclass(frozen=True)
class Checked:
    """Everything that goes into a release, read, closed under inference and validated.

    Args:
        project: where it was read from.
        context: the JSON-LD context.
        sources: the source documents by slug.
        facts: the curated facts.
        ontology: the vocabulary and reused terms, with its blank nodes.
        versions: earlier version → its triples.
        graphs: IRI → triples of every named graph.
        report: the outcome of SHACL validation.
        verdict: what the reasoner found.
    """

    project: Project
    context: Context
    sources: dict[str, Source]
    facts: Facts
    ontology: Graph
    versions: dict[str, Graph]
    graphs: dict[str, Graph]
    report: Report
    verdict: Verdict


def check(settings: Settings) -> Checked:
    """Reads and checks all input without writing anything.

    Raises:
        DataError: an input file is not right; names file and line.
        BuildError: an input file cannot be read.
    """
    project = Project.of(settings)
    context = read_context(project)
    sources = read_sources(project)
    facts = read_facts(project, sources, context, settings)
    check_queries(project)
    files = {
        part: {path: project.read_turtle(path) for path in project.files(pattern)} for part, pattern in TURTLE.items()
    }
    ontology, schemes, shapes, curated = (_union(*files[part].values()) for part in TURTLE)
    asserted = _union(*facts.graphs.values(), schemes)
    described = {str(subject) for subject in _union(asserted, ontology, shapes, curated).subjects()}
    for graph in facts.graphs.values():
        check_references(graph, described, project.base, facts.locate)
    for path, graph in chain.from_iterable(part.items() for part in files.values()):
        check_references(graph, described, project.base, project.locator(path))
    mappings = read_mappings(project, described)
    versions = read_versions(project, ontology)
    places = Places(project, facts, {path: graph for part in files.values() for path, graph in part.items()})
    # Validated before the closure: a type that follows from a range would hide a wrong value (decision 9).
    data = _union(asserted, ontology, curated)
    report = validate(data, shapes, places.locate, settings.languages, context.prefixes)
    report.refuse_violations()
    inferred = infer(asserted, ontology, facts.locate)
    verdict = _ask_reasoner(settings, ontology, asserted)
    quality = Quality(project.base, dataset_of(curated))
    quality.add_coverage({URIRef(source_iri(s, context)): coverage(s, facts.spans[s.slug]) for s in sources.values()})
    quality.add_verdict(verdict)
    quality.add_report(report.graph, places.locate)
    quality.add_counts(shapes, data, report.graph)
    quality.add_claims(counted(project, (asserted, inferred)))
    parts = {
        **facts.graphs,
        "mappings": mappings,
        "schemes": schemes,
        "ontology": ontology,
        "shapes": shapes,
        "inferred": inferred,
    }
    parts["quality"] = quality.graph
    graphs = {f"{context.base}graph/{name}": skolemize(graph, project.base) for name, graph in parts.items()}
    graphs[project.base + DESCRIPTION_PATH] = describe(curated, graphs, project.base, context.prefixes)
    return Checked(project, context, sources, facts, ontology, versions, graphs, report, verdict)


def _ask_reasoner(settings: Settings, ontology: Graph, asserted: Graph) -> Verdict:
    """Raises:
    Contradiction: the reasoner ran and found something wrong.
    BuildError: it must run and could not.
    """
    if settings.reasoner == "never":
        return Verdict(ran=False, reason="the setting 'reasoner' is 'never'")
    verdict = consistency((ontology, asserted))
    if verdict.ran and not verdict.is_good:
        raise Contradiction(str(verdict), hint="Compare the newest facts and terms with the disjoint classes.")
    if settings.reasoner == "always" and not verdict.ran:
        raise BuildError(str(verdict), hint="Install a Java, such as Debian's default-jre-headless.")
    return verdict


def _union(*graphs: Graph) -> Graph:
    union = Graph()
    for graph in graphs:
        union += graph
    return union


def build(settings: Settings) -> Release:
    """Builds a release and makes it the current one.

    Raises:
        DataError: the data is not right; the previous release stays in place.
        BuildError: the build could not run.
    """
    checked = check(settings)
    project, context = checked.project, checked.context
    with new_release(settings.releases_folder) as folder:
        quads = canonical_quads(chain.from_iterable(quads_of(graph, name) for name, graph in checked.graphs.items()))
        (folder / "dumps").mkdir()
        (folder / "queries").mkdir()
        write_dumps(quads, folder / "dumps", context.prefixes)
        write_store(folder / "dumps", folder / STORE)
        for path in project.files("data/queries/*.rq"):
            (folder / "queries" / path.name).write_text(project.read(path), encoding="utf-8")
        (folder / "context.jsonld").write_text(project.read(project.folder / CONTEXT_FILE), encoding="utf-8")
        (folder / "ontology.ttl").write_bytes(_turtle(checked.ontology, context))
        (folder / "report.ttl").write_bytes(_turtle(checked.report.graph, context))
        (folder / "versions").mkdir()
        for version, graph in checked.versions.items():
            (folder / "versions" / f"{version}.ttl").write_bytes(_turtle(graph, context))
        for language in settings.languages:
            drawing = draw(checked.ontology, f"{project.base}ontology#", language)
            (folder / f"ontology.{language}.svg").write_bytes(drawing)
        _copy_input(project, folder / INPUT_PATH)
        return publish(folder, _about(checked, quads, settings))


def _copy_input(project: Project, target: Path) -> None:
    """Publishes the input files as they were read, for links to the line that says something."""
    for path in chain.from_iterable(project.files(f"{folder}/**/*") for folder in INPUT_FOLDERS):
        copy = target / project.name(path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(project.read(path), encoding="utf-8")


def _turtle(graph: Graph, context: Context) -> bytes:
    """Turtle with blank nodes, named canonically so that the bytes are always the same."""
    canonical = _union(to_canonical_graph(graph))
    for prefix, namespace in context.prefixes.items():
        canonical.bind(prefix, namespace, replace=True)
    return canonical.serialize(format="turtle", encoding="utf-8")


def _about(checked: Checked, quads: list[pyoxigraph.Quad], settings: Settings) -> dict[str, object]:
    facts, base = checked.facts, checked.context.base
    return {
        "base_iri": checked.project.base,
        "inputs": fingerprint(settings),
        "counts": {
            "triples": len({quad.triple for quad in quads}),
            "inferred": len(checked.graphs[base + "graph/inferred"]),
            "entities": len(facts.positions),
            "quotes": sum(len(spans) for spans in facts.spans.values()),
            "classes": len(set(_union(*facts.graphs.values()).objects(None, RDF.type))),
            "warnings": len(checked.report.results),
        },
        "coverage": {slug: round(coverage(source, facts.spans[slug]), 4) for slug, source in checked.sources.items()},
    }
