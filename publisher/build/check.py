"""Reading and checking all input: sources → quotes → facts → graphs → closure → SHACL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from rdflib import Graph, URIRef

from publisher.build.context import CONTEXT_FILE, Context, has_context, read_context
from publisher.build.dataset import skolemize
from publisher.build.defaults import default_context, default_description
from publisher.build.describe import dataset_of, describe, overview
from publisher.build.facts import Facts, coverage, read_facts
from publisher.build.loose import Loose, read_loose, terms_of
from publisher.build.mappings import read_mappings
from publisher.build.pictures import check_pictures
from publisher.build.places import Places
from publisher.build.project import Project
from publisher.build.quality import Quality
from publisher.build.queries import check_queries, counted
from publisher.build.reason import infer
from publisher.build.reasoner import Verdict, consistency
from publisher.build.references import check_references
from publisher.build.retired import check_retired
from publisher.build.sources import Source, read_sources, source_iri
from publisher.build.validate import Report, validate
from publisher.build.versions import read_versions
from publisher.core.errors import BuildError, Contradiction, SettingsError
from publisher.core.settings import Settings
from publisher.core.terms import DESCRIPTION_PATH, RETIRED, SKOLEM_PATH

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
        name_properties: further properties whose values things are found by.
        sources: the source documents by slug.
        facts: the curated facts.
        loose: RDF files as they came.
        ontology: the vocabulary and reused terms, with its blank nodes.
        versions: earlier version → its triples.
        overview: the data set as an entry of a catalogue.
        graphs: IRI → triples of every named graph.
        report: the outcome of SHACL validation.
        verdict: what the reasoner found.
    """

    project: Project
    context: Context
    name_properties: Sequence[str]
    sources: dict[str, Source]
    facts: Facts
    loose: Loose
    ontology: Graph
    versions: dict[str, Graph]
    overview: Graph
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
    sources = read_sources(project)
    loose = read_loose(project, sources)
    files = {
        part: {path: project.read_turtle(path) for path in project.files(pattern)} | loose.joining(part)
        for part, pattern in TURTLE.items()
    }
    own_terms, schemes, shapes, curated, retired = (_union(*files[part].values()) for part in TURTLE)
    published = (own_terms, schemes, shapes, *loose.graphs.values())
    context = _context(project, sources, loose, published)
    name_properties = _name_properties(context, settings)
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
    return Checked(
        project,
        context,
        name_properties,
        sources,
        facts,
        loose,
        ontology,
        versions,
        about,
        graphs,
        report,
        verdict,
    )


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


def _name_properties(context: Context, settings: Settings) -> list[str]:
    """The properties of the setting ``name_keys``.

    Raises:
        SettingsError: the context does not define one of the keys.
    """
    if unknown := [key for key in settings.name_keys if key not in context.keys]:
        raise SettingsError(f"'{unknown[0]}' is no key of the context.", hint=CONTEXT_FILE, where="name_keys")
    return [context.iri(key) for key in settings.name_keys]
