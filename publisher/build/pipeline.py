"""The build, start to end: sources → quotes → facts → graphs → closure → SHACL → release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import pyoxigraph
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV, RDF

from publisher.build import dates
from publisher.build.catalog import catalog
from publisher.build.context import CONTEXT_FILE, Context, has_context, read_context
from publisher.build.dataset import canonical, canonical_quads, quads_of, skolemize, write_store
from publisher.build.defaults import default_context, default_description
from publisher.build.describe import dataset_of, describe, overview
from publisher.build.diagram import draw
from publisher.build.dumps import Dump, write_dumps
from publisher.build.facts import Facts, coverage, read_facts
from publisher.build.fingerprint import fingerprint
from publisher.build.incoming import write_incoming
from publisher.build.inputs import input_files
from publisher.build.loose import Loose, read_loose, terms_of
from publisher.build.mappings import read_mappings
from publisher.build.pictures import check_pictures, pages_of, write_pictures
from publisher.build.places import Places
from publisher.build.project import Project
from publisher.build.provenance import SPDX, provenance
from publisher.build.quality import Quality
from publisher.build.queries import EXAMPLES, SECTIONS, check_queries, counted
from publisher.build.reason import infer
from publisher.build.reasoner import Verdict, consistency
from publisher.build.references import check_references
from publisher.build.release import new_release, publish
from publisher.build.retired import check_retired
from publisher.build.search_index import write_search_index
from publisher.build.sitemap import PAGES, write_sitemap
from publisher.build.sources import Source, read_sources, source_iri
from publisher.build.validate import Report, validate
from publisher.build.versions import read_versions
from publisher.build.void import is_entity
from publisher.core.errors import BuildError, Contradiction, SettingsError
from publisher.core.incoming import INCOMING
from publisher.core.release import CATALOG, CHANGELOG, INPUT_PATH, STORE, Release
from publisher.core.search import INDEX
from publisher.core.settings import Settings
from publisher.core.terms import CATALOG_PATH, DESCRIPTION_PATH, RETIRED, SKOLEM_PATH

TURTLE = {
    "ontology": "ontology/*.ttl",
    "schemes": "data/schemes/*.ttl",
    "shapes": "shapes/*.ttl",
    "description": "data/dataset.ttl",
    RETIRED: "data/retired.ttl",
}
"""Named graph → the files it is read from."""

NOTHING = "Put RDF files into the folder or its data/: Turtle (.ttl), RDF/XML (.rdf, .owl), N-Triples (.nt) or JSON-LD."


@dataclass(frozen=True)
class Checked:
    """Everything that goes into a release, read, closed under inference and validated.

    Args:
        project: where it was read from.
        context: the JSON-LD context.
        sources: the source documents by slug.
        facts: the curated facts.
        loose: RDF files as they came.
        ontology: the vocabulary and reused terms, with its blank nodes.
        versions: earlier version → its triples.
        overview: the data set as an entry of a catalogue.
        graphs: IRI → triples of every named graph.
        report: the outcome of SHACL validation.
        verdict: what the reasoner found.
        modified: when the data was last changed, as it says itself.
    """

    project: Project
    context: Context
    sources: dict[str, Source]
    facts: Facts
    loose: Loose
    ontology: Graph
    versions: dict[str, Graph]
    overview: Graph
    graphs: dict[str, Graph]
    report: Report
    verdict: Verdict
    modified: datetime | None


def check(settings: Settings) -> Checked:
    """Reads and checks all input without writing anything.

    Raises:
        DataError: an input file is not right; names file and line.
        BuildError: an input file cannot be read.
    """
    project = Project.of(settings)
    sources = read_sources(project)
    loose = read_loose(project, sources)
    files = {
        part: {path: project.read_turtle(path) for path in project.files(pattern)} | loose.joining(part)
        for part, pattern in TURTLE.items()
    }
    own_terms, schemes, shapes, curated, retired = (_union(*files[part].values()) for part in TURTLE)
    published = (own_terms, schemes, shapes, *loose.graphs.values())
    context = _context(project, sources, loose, published)
    _other_names(context, settings)
    facts = read_facts(project, sources, context, settings)
    check_queries(project)
    check_pictures(project, settings.languages)
    if not curated:
        curated = default_description(project, settings.title, published)
    declared = terms_of(loose.graphs.values())
    ontology = _union(own_terms, declared)
    asserted = _union(*facts.graphs.values(), schemes, *(graph - declared for graph in loose.graphs.values()))
    described = {str(subject) for subject in _union(asserted, ontology, shapes, curated).subjects()}
    check_retired(retired, described, project)
    for graph in facts.graphs.values():
        check_references(graph, described, project.base, facts.locate)
    for path, graph in chain.from_iterable(part.items() for part in files.values()):
        if path not in loose.files:
            check_references(graph, described, project.base, project.locator(path))
    mappings = read_mappings(project, described)
    versions = read_versions(project, ontology)
    read = {path: graph for part in (*files.values(), loose.files) for path, graph in part.items()}
    places = Places(project, facts, read)
    # Validated before the closure: a type that follows from a range would hide a wrong value (decision 9).
    data = _union(asserted, ontology, curated)
    report = validate(data, shapes, places.locate, settings.languages, context.prefixes)
    report.refuse_violations()
    inferred = infer(asserted, ontology, facts.locate)
    verdict = _ask_reasoner(settings, project, ontology, asserted)
    quality = Quality(project.base, dataset_of(curated))
    quality.add_coverage({URIRef(source_iri(s, context)): coverage(s, facts.spans[s.slug]) for s in sources.values()})
    quality.add_verdict(verdict)
    quality.add_report(report.graph, places.locate)
    quality.add_counts(shapes, data, report.graph)
    quality.add_claims(counted(project, (asserted, inferred)))
    parts = {
        **facts.graphs,
        **loose.graphs,
        "mappings": mappings,
        "schemes": schemes,
        "ontology": own_terms,
        "shapes": shapes,
        "inferred": inferred,
        RETIRED: retired,
    }
    parts["quality"] = quality.graph
    space = project.base + SKOLEM_PATH
    graphs = {f"{context.base}graph/{name}": skolemize(graph, space) for name, graph in parts.items()}
    union = _union(*graphs.values())
    about = overview(curated, union, project.base)
    graphs[project.base + DESCRIPTION_PATH] = describe(
        about, graphs, union, project.base, context.prefixes, loose.things
    )
    changed = dates.modified(dataset_of(curated), curated, ontology)
    return Checked(project, context, sources, facts, loose, ontology, versions, about, graphs, report, verdict, changed)


def _context(project: Project, sources: Mapping[str, Source], loose: Loose, published: Sequence[Graph]) -> Context:
    """The project's context, or one made for it, which is enough where no facts are written with it.

    Raises:
        BuildError: there is nothing to publish.
        SyntaxFault: the project's is none.
    """
    if sources or has_context(project):
        return read_context(project)
    if not any(published):
        raise BuildError("There is nothing to publish.", hint=NOTHING, where=str(project.folder))
    return Context(default_context(project, loose.prefixes, published))


def _ask_reasoner(settings: Settings, project: Project, ontology: Graph, asserted: Graph) -> Verdict:
    """Raises:
    Contradiction: the reasoner ran and found something wrong.
    BuildError: it must run and could not.
    """
    if settings.reasoner == "never":
        return Verdict(ran=False, reason="the setting 'reasoner' is 'never'")
    if settings.reasoner == "auto" and not project.files("ontology/*"):
        reason = "the project has no folder 'ontology'; 'reasoner = \"always\"' asks all the same"
        return Verdict(ran=False, reason=reason)
    verdict = consistency((ontology, asserted))
    if verdict.ran and not verdict.is_good:
        raise Contradiction(str(verdict), hint="Compare the newest facts and terms with the disjoint classes.")
    if settings.reasoner == "always" and not verdict.ran:
        raise BuildError(str(verdict), hint="Install a Java, such as Debian's default-jre-headless.")
    return verdict


def _union(*graphs: Graph) -> Graph:
    """The triples of several graphs; of a single one, itself, since copying is most of the work on large data."""
    some = [graph for graph in graphs if graph]
    if len(some) == 1:
        return some[0]
    union = Graph()
    for graph in some:
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
        dumps = write_dumps(quads, folder / "dumps", context.prefixes, f"{context.base}graph/")
        write_store(folder / "dumps", folder / STORE)
        write_incoming(quads, folder / INCOMING)
        write_search_index(quads, folder / INDEX, project.base, _other_names(context, settings))
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
        _describe_files(checked, dumps, inputs, folder, settings)
        return publish(folder, _about(checked, quads, settings))


def _other_names(context: Context, settings: Settings) -> list[str]:
    """The properties of the setting ``name_keys``.

    Raises:
        SettingsError: the context does not define one of the keys.
    """
    if unknown := [key for key in settings.name_keys if key not in context.keys]:
        raise SettingsError(f"'{unknown[0]}' is no key of the context.", hint=CONTEXT_FILE, where="name_keys")
    return [context.iri(key) for key in settings.name_keys]


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
    """Writes the catalogue of the downloads, and the sitemap."""
    base, about = checked.project.base, checked.overview
    dataset = dataset_of(about)
    listed = catalog(dataset, about, dumps, base)
    listed += provenance(dataset, URIRef(base + CATALOG_PATH), inputs, folder, base, fingerprint(settings))
    prefixes = {**checked.context.prefixes, "dcat": str(DCAT), "prov": str(PROV), "spdx": str(SPDX)}
    (folder / CATALOG).write_bytes(_turtle(listed, prefixes))
    things = {str(s) for graph in checked.graphs.values() for s in graph.subjects(RDF.type) if is_entity(s, base)}
    modified = str(about.value(dataset, DCTERMS.modified) or "")
    pages = (*PAGES, *pages_of(checked.project))
    write_sitemap(things, folder, base, settings.languages, modified, pages=pages)


def _turtle(graph: Graph, prefixes: Mapping[str, str]) -> bytes:
    """Turtle with blank nodes, named canonically so that the bytes are always the same."""
    named = canonical(graph)
    for prefix, namespace in prefixes.items():
        named.bind(prefix, namespace, replace=True)
    return named.serialize(format="turtle", encoding="utf-8")


def _about(checked: Checked, quads: list[pyoxigraph.Quad], settings: Settings) -> dict[str, object]:
    facts, loose, base = checked.facts, checked.loose, checked.context.base
    graphs = (*facts.graphs.values(), *loose.graphs.values())
    kinds = {kind for graph in graphs for kind in graph.objects(None, RDF.type)}
    return {
        "base_iri": checked.project.base,
        "inputs": fingerprint(settings),
        "modified": checked.modified.isoformat() if checked.modified else None,
        "counts": {
            "triples": len({quad.triple for quad in quads}),
            "inferred": len(checked.graphs[base + "graph/inferred"]),
            "entities": len(facts.positions) + len(loose.things),
            "quotes": sum(len(spans) for spans in facts.spans.values()),
            "classes": len(kinds),
            "warnings": len(checked.report.results),
        },
        "coverage": {slug: round(coverage(source, facts.spans[slug]), 4) for slug, source in checked.sources.items()},
    }
