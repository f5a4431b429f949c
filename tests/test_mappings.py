"""Links to other data sets: published with their evidence, refused where they are wrong."""

from pathlib import Path

import pytest
from conftest import RunCommand
from rdflib import OWL, RDF, RDFS, Dataset, Graph, Literal, URIRef
from rdflib.namespace import SKOS, XSD

from publisher.build.mappings import ADMS, SSSOM, WGS
from publisher.core.release import Release

MAPPINGS = "data/mappings/gardens.sssom.tsv"
CODES = "data/mappings/plots.codes.tsv"
NORTH = URIRef("http://localhost:8000/id/garden/north")

MISTAKES = [
    # file, words, replacement, title of the error, line, what else the message must tell
    (MAPPINGS, "id:garden/north", "id:garden/nroth", "Unknown IRI", 8, "'garden/north'"),
    (MAPPINGS, "schema:sameAs", "owl:sameAs", "is not right", 8, "curie_map"),
    (MAPPINGS, "schema:sameAs", "http://www.w3.org/2002/07/owl#sameAs", "is not right", 8, "schema:sameAs"),
    (MAPPINGS, "other:north", "north", "is not right", 8, "'north' is no IRI"),
    (MAPPINGS, "The other list says so.", "", "is not right", 8, "comment"),
    (MAPPINGS, "#curie_map:", "#prefixes:", "cannot be read", 1, "curie_map"),
    (MAPPINGS, "mapping_justification", "justification", "Unknown key", 7, "'mapping_justification'"),
    (CODES, "garden/north", "garden/south", "Unknown IRI", 2, "'garden/north'"),
    (CODES, "N-7", "", "is not right", 2, "notation"),
]


@pytest.fixture
def graph(small_project_built: Path) -> Graph:
    dataset = Dataset()
    dataset.parse(small_project_built / "releases" / "current" / "dumps" / "dataset.nq", format="nquads")
    return dataset.graph(URIRef("http://localhost:8000/id/graph/mappings"))


def test_a_mapping_and_its_evidence_are_published(graph: Graph) -> None:
    same = URIRef("http://schema.org/sameAs")
    assert graph.value(NORTH, same) == URIRef("https://other.example/north")
    (node,) = graph.subjects(RDF.type, OWL.Axiom)
    assert graph.value(node, OWL.annotatedSource) == NORTH
    assert graph.value(node, OWL.annotatedProperty) == same
    assert graph.value(node, OWL.annotatedTarget) == URIRef("https://other.example/north")
    assert str(graph.value(node, SSSOM.mapping_justification)).endswith("/BackgroundKnowledgeBasedMatching")
    assert graph.value(node, SSSOM.confidence) == Literal("1.0", datatype=XSD.double)
    assert graph.value(node, RDFS.comment) == Literal("The other list says so.")


def test_a_code_without_iri_is_an_identifier(graph: Graph) -> None:
    node = graph.value(NORTH, ADMS.identifier)
    assert graph.value(node, SKOS.notation) == Literal("N-7")
    assert graph.value(node, RDFS.label) == Literal("Plot number N-7")
    assert graph.value(node, ADMS.schemaAgency) == Literal("The garden club")
    assert graph.value(node, RDFS.comment) == Literal("Painted on the gate.")


@pytest.mark.parametrize(("file", "old", "new", "title", "line", "told"), MISTAKES)
def test_a_wrong_mapping_stops_the_build(
    publisher: RunCommand, project: Path, file: str, old: str, new: str, title: str, line: int, told: str
) -> None:
    path = project / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    outcome = publisher("check", "--project", project)
    assert outcome.returncode == 1
    assert f"{file}:{line}: " in outcome.stderr
    assert title in outcome.stderr
    assert told in outcome.stderr


POINTS = "data/mappings/gardens.points.tsv"
POINT = (
    "subject_id\tsubject_label\tlatitude\tlongitude\tcomment\ngarden/north\tNorth\t51.5\t-0.25\tOn the town’s map.\n"
)


def test_a_point_and_its_evidence_are_published(publisher: RunCommand, project: Path) -> None:
    (project / POINTS).write_text(POINT, encoding="utf-8")
    assert publisher("build", "--project", project).returncode == 0
    dataset = Dataset()
    dataset.parse(project / "releases" / "current" / "dumps" / "dataset.nq", format="nquads")
    points = dataset.graph(URIRef("http://localhost:8000/id/graph/mappings"))
    for prop, degrees in ((WGS.lat, "51.5"), (WGS.long, "-0.25")):
        value = Literal(degrees, datatype=XSD.decimal)
        assert points.value(NORTH, prop) == value
        (node,) = points.subjects(OWL.annotatedTarget, value)
        assert points.value(node, OWL.annotatedSource) == NORTH
        assert points.value(node, RDFS.comment) == Literal("On the town’s map.")


@pytest.mark.parametrize(
    ("old", "new", "told"), [("51.5", "91", "latitude"), ("-0.25", "0,25", "longitude"), ("51.5", "north", "latitude")]
)
def test_a_wrong_point_stops_the_build(publisher: RunCommand, project: Path, old: str, new: str, told: str) -> None:
    (project / POINTS).write_text(POINT.replace(old, new), encoding="utf-8")
    outcome = publisher("check", "--project", project)
    assert outcome.returncode == 1
    assert f"{POINTS}:2: " in outcome.stderr
    assert told in outcome.stderr


def test_every_country_has_its_codes_and_no_person_is_linked(release: Release) -> None:
    dataset = Dataset(default_union=True)
    dataset.parse(release.folder / "dumps" / "dataset.nq", format="nquads")
    base = release.base_iri
    mappings = dataset.graph(URIRef(f"{base}id/graph/mappings"))
    countries = set(dataset.subjects(RDF.type, URIRef(f"{base}ontology#Country")))
    assert len(countries) > 25
    for country in countries:
        labels = [str(mappings.value(node, RDFS.label)) for node in mappings.objects(country, ADMS.identifier)]
        codes = {label.rpartition(" ")[0] for label in labels}
        assert {"ISO 3166-1 alpha-2", "ISO 3166-1 alpha-3", "UN M49"} <= codes, country
    assert not [subject for subject in mappings.subjects() if str(subject).startswith(f"{base}id/person/")]
    assert (None, OWL.sameAs, None) not in dataset
