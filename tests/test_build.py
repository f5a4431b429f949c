"""``publisher build`` and ``check``: good input gives a release, bad input a message and no harm."""

import hashlib
import json
from pathlib import Path

import pyoxigraph
import pytest
from conftest import RunCommand
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from publisher.core.formats import RDF_FORMATS, Holds
from publisher.core.release import Release

FACTS = "data/facts/note.en/people.yaml"

MISTAKES = [
    # file, words, replacement, title of the error, place, what else the message must tell
    (FACTS, "tends: garden/north", "tneds: garden/north", "Unknown key", f"{FACTS}:6", "'tends'"),
    (FACTS, "type: Garden\n", "type: Gardne\n", "Unknown key", f"{FACTS}:21", "'Garden'"),
    (FACTS, "      suffix:", "      sufix:", "Unknown key", f"{FACTS}:16", "'suffix'"),
    (FACTS, "tends: garden/north", "tends: garden/nroth", "Unknown IRI", f"{FACTS}:6", "'garden/north'"),
    (FACTS, "roses in the North", "tulips in the North", "The quote is not in the source", f"{FACTS}:10", "tulips"),
    (FACTS, '      suffix: " too."\n', "", "The quote stands at several places", f"{FACTS}:16", "2 places"),
    (FACTS, "id: gardener/ben", "id: gardener/ada", "The same id twice", f"{FACTS}:13", f"{FACTS}:3"),
    (FACTS, "id: garden/north", "id: garden/Nörth", "The id cannot be used in an address", f"{FACTS}:20", "ASCII"),
    (FACTS, "  - id: garden/north\n    type", "  - type", "Node without an id", f"{FACTS}:20", "cited"),
    (FACTS, "label: {en: Ben}", "label: Ben", "The data is not right", f"{FACTS}:15", "by language"),
    (FACTS, "sheds: 1", "sheds: 2018-03-26", "The data is not right", f"{FACTS}:8", "quotation marks"),
    (FACTS, "sheds: 1", "sheds: [1", "The file cannot be read", f"{FACTS}:", "YAML"),
    (FACTS, "sheds: 1", "sheds: 4", "does not conform", f"{FACTS}:8", "At most three sheds."),
    (FACTS, "tends: garden/north", "type: [Gardener, Garden]", "The file cannot be read", f"{FACTS}:", "duplicate"),
    (
        "ontology/garden.ttl",
        "owl:inverseOf :tendedBy",
        "owl:inverseOf :tendBy",
        "Unknown IRI",
        "ontology/garden.ttl:12",
        "",
    ),
    ("ontology/garden.ttl", ":Words a owl:Class ;", ":Words a owl:Class", "cannot be read", "ontology/garden.ttl:", ""),
    (
        "shapes/gardener.ttl",
        "targetClass g:Gardener",
        "targetClass g:Gardner",
        "Unknown IRI",
        "shapes/gardener.ttl:7",
        "",
    ),
    ("data/sources/note.en/text.txt", "Ada grows", "Ida grows", "cannot be read", "note.en/text.txt", "sha256"),
    ("data/sources/note.en/source.toml", 'language = "en"', "language = en", "cannot be read", "source.toml", ""),
    ("ontology/context.jsonld", '"id": "@id",', '"id": "@id"', "cannot be read", "ontology/context.jsonld:", ""),
]


def built(folder: Path) -> dict[str, str]:
    """Path → sha256 of every file of the current release but the store."""
    current = folder / "releases" / "current"
    return {
        path.relative_to(current).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(current.rglob("*"))
        if path.is_file() and "store" not in path.parts
    }


@pytest.mark.parametrize(("file", "old", "new", "title", "place", "told"), MISTAKES)
def test_a_mistake_stops_the_build_and_leaves_the_release(
    publisher: RunCommand, project: Path, file: str, old: str, new: str, title: str, place: str, told: str
) -> None:
    assert publisher("build", "--project", project).returncode == 0
    before = built(project)
    path = project / file
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))
    outcome = publisher("build", "--project", project)
    assert outcome.returncode == 1, outcome.stderr
    assert title in outcome.stderr
    assert place in outcome.stderr
    assert told in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert built(project) == before
    assert publisher("check", "--project", project).returncode == 1


def test_a_violation_names_focus_node_rule_and_line(publisher: RunCommand, project: Path) -> None:
    path = project / FACTS
    path.write_text(path.read_text().replace("sheds: 1", "sheds: 9"))
    outcome = publisher("build", "--project", project)
    assert outcome.returncode == 1
    assert f"{FACTS}:8: Violation: At most three sheds." in outcome.stderr
    assert "focus node http://localhost:8000/id/gardener/ada" in outcome.stderr
    assert "rule http://localhost:8000/id/shape/gardener-sheds" in outcome.stderr
    assert not (project / "releases" / "current").exists()


def test_contradicting_the_ontology_stops_the_build(publisher: RunCommand, project: Path) -> None:
    path = project / FACTS
    path.write_text(path.read_text().replace("type: Garden\n", "type: [Garden, Gardener]\n"))
    outcome = publisher("build", "--project", project)
    assert outcome.returncode == 1
    assert f"{FACTS}:20: The data contradicts the ontology: " in outcome.stderr
    assert "id/garden/north" in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        (["--project", "/nowhere"], {}, "not a folder"),
        (["--base-iri", "gopher://x/"], {}, "http://"),
        ([], {"PUBLISHER_QUERY_TIMEOUT": "soon"}, "query_timeout"),
    ],
)
def test_what_cannot_run_exits_with_2(
    publisher: RunCommand, arguments: list[str], environment: dict[str, str], told: str
) -> None:
    outcome = publisher("build", *arguments, **environment)
    assert outcome.returncode == 2
    assert told in outcome.stderr


def test_unknown_setting_in_toml_is_refused(publisher: RunCommand, project: Path) -> None:
    with (project / "publisher.toml").open("a") as file:
        file.write("prot = 8000\n")
    outcome = publisher("build", "--project", project)
    assert outcome.returncode == 2
    assert "prot" in outcome.stderr


def test_building_twice_gives_the_same_bytes(publisher: RunCommand, project: Path) -> None:
    assert publisher("build", "--project", project, PYTHONHASHSEED="1").returncode == 0
    first = built(project)
    for path in sorted(project.joinpath("releases").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    assert publisher("build", "--project", project, PYTHONHASHSEED="2").returncode == 0
    assert built(project) == first


def test_the_base_is_set_in_one_place(publisher: RunCommand, project: Path) -> None:
    assert publisher("build", "--project", project, "--base-iri", "https://data.test/x/").returncode == 0
    for path in (project / "releases" / "current").rglob("*"):
        if path.is_file() and "store" not in path.parts:
            assert "garden.example" not in path.read_text(), path
    dump = (project / "releases" / "current" / "dumps" / "dataset.nt").read_text()
    assert "<https://data.test/x/id/gardener/ada> <https://data.test/x/ontology#tends>" in dump


def test_asserted_and_inferred_stay_apart(publisher: RunCommand, project: Path) -> None:
    assert publisher("build", "--project", project).returncode == 0
    base = "http://localhost:8000/"
    quads = (project / "releases" / "current" / "dumps" / "dataset.nq").read_text().splitlines()
    asserted = f"<{base}id/gardener/ada> <{base}ontology#sharesWith> <{base}id/gardener/ben> <{base}id/graph/note.en> ."
    inferred = (
        f"<{base}id/gardener/ben> <{base}ontology#sharesWith> <{base}id/gardener/ada> <{base}id/graph/inferred> ."
    )
    assert asserted in quads
    assert inferred in quads
    assert not [quad for quad in quads if quad.startswith("_:") or " _:" in quad]


def test_the_manifest_vouches_for_every_file(release: Release) -> None:
    listed = {file.path: file for file in release.files}
    present = {p.relative_to(release.folder).as_posix(): p for p in release.folder.rglob("*") if p.is_file()}
    assert set(listed) == {name for name in present if not name.startswith("store/")} - {"manifest.json"}
    for name, file in listed.items():
        content = present[name].read_bytes()
        assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert json.loads(present["manifest.json"].read_text())["base_iri"] == release.base_iri


def union_of(path: Path) -> Graph:
    """The triples of a dump in whatever graph, read by rdflib."""
    dataset = Dataset()
    dataset.parse(path)
    graph = Graph()
    for subject, predicate, value, _ in dataset.quads():
        graph.add((subject, predicate, value))
    return graph


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_every_dump_holds_the_dataset(release: Release, chosen: object) -> None:
    """Each dump, read back by another library, is isomorphic to the store's content."""
    store = pyoxigraph.Store.read_only(str(release.folder / "store"))
    expected = Graph()
    expected.parse(
        data=pyoxigraph.serialize({quad.triple for quad in store}, format=pyoxigraph.RdfFormat.N_TRIPLES), format="nt"
    )
    chosen = next(f for f in RDF_FORMATS if f is chosen)
    path = release.folder / "dumps" / f"dataset.{chosen.suffix}"
    found = union_of(path) if chosen.holds is Holds.DATASET else Graph().parse(path)
    assert len(found) == release.counts["triples"]
    assert isomorphic(found, expected)
