"""``publisher build`` and ``check``: good input gives a release, bad input a message and no harm."""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest
from backports import zstd
from conftest import ROOT, RunCommand
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node
from test_dumps import triples_of

from publisher.core.formats import RDF_FORMATS, Format, Holds
from publisher.core.release import DERIVED, Release
from publisher.core.settings import load_settings
from publisher.core.terms import RDF_TYPE

UNPACK = {".gz": gzip.decompress, ".zst": zstd.decompress}
CLAIMS = "data/claims/gardeners.rq"
FACTS = "data/facts/note.en/people.yaml"
SOURCE = "data/sources/note.en/source.toml"

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
    (
        "shapes/gardener.ttl",
        "sh:maxInclusive 3",
        'sh:maxInclusive "two"^^xsd:integer',
        "not right",
        "gardener.ttl:10",
        "two",
    ),
    (
        "ontology/garden.ttl",
        "owl:inverseOf :tendedBy",
        "owl:inverseOf :tendedBy ; rdfs:seeAlso <http://x.example/[1]>",
        "not right",
        "ontology/garden.ttl:12",
        "is no IRI",
    ),
    (FACTS, "label: {en: Ben}", "label: {norwegian: Ben}", "is not right", f"{FACTS}:15", "is no language tag"),
    ("data/sources/note.en/text.txt", "Ada grows", "Ida grows", "cannot be read", "note.en/text.txt", "sha256"),
    (SOURCE, 'language = "en"', "language = en", "cannot be read", f"{SOURCE}:1", "TOML"),
    (SOURCE, 'language = "en"', 'language = "english"', "is not right", f"{SOURCE}:1", "'english' is no language tag"),
    (SOURCE, "gardener/ada", "gardener/adda", "Unknown IRI", f"{SOURCE}:2", "'gardener/ada'"),
    (SOURCE, 'publisher = "gardener/ada"', "publisher = 1", "The data is not right", f"{SOURCE}:2", "'publisher'"),
    (SOURCE, '[title]\nen = "A note on gardens"', 'title = "A note"', "is not right", f"{SOURCE}:5", "by language"),
    (SOURCE, "[rights]", "[right]", "The data is not right", f"{SOURCE}:", "'right"),
    (CLAIMS, "AS ?counted", "AS ?sum", "cannot be read", CLAIMS, "SELECT ?figure and ?counted"),
    (CLAIMS, "GROUP BY", "GROUP", "cannot be read", CLAIMS, "Mend the query"),
    ("data/queries/tends.rq", "WHERE", "WHERE WHERE", "cannot be read", "data/queries/tends.rq", "Mend the query"),
    (FACTS, '"@context": ../', '"@context": http://localhost/', "cannot be read", f"{FACTS}:1", "context.jsonld"),
    (FACTS, "      suffix:", "      prefix: x\n      suffix:", "not in the source", f"{FACTS}:16", "[…] too"),
    ("ontology/context.jsonld", '"id": "@id",', '"id": "@id"', "cannot be read", "ontology/context.jsonld:", ""),
]


def built(releases: Path) -> dict[str, str]:
    """Path → sha256 of every file of the current release but what is derived from the dumps."""
    current = releases / "current"
    return {
        path.relative_to(current).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(current.rglob("*"))
        if path.is_file() and path.relative_to(current).parts[0] not in DERIVED
    }


@pytest.mark.parametrize(("file", "old", "new", "title", "place", "told"), MISTAKES)
def test_a_mistake_stops_the_build_and_leaves_the_release(
    publisher: RunCommand, built_project: Path, file: str, old: str, new: str, title: str, place: str, told: str
) -> None:
    project = built_project
    before = built(project / "releases")
    assert before
    path = project / file
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, new))
    outcome = publisher("build", "--project", project)
    assert outcome.returncode == 1, outcome.stderr
    assert title in outcome.stderr
    assert place in outcome.stderr
    assert told in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "Warning:" not in outcome.stderr
    assert built(project / "releases") == before
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


@pytest.mark.parametrize(
    ("datatype", "value", "hint"),
    [
        ("decimal", "cent", 'Write a number in figures, like "0.5" or "1200".'),
        ("decimal", "0.5", 'Write a number in figures, like "0.5" or "1200".'),
        ("boolean", "maybe", "Write true or false."),
        ("integer", "1.5", "Write a whole number in figures, like 3."),
        ("date", "'2018-02-30'", 'Write a day of the calendar, like "2018-03-26".'),
        ("gYearMonth", "2018-13", 'Write a year and month, like "2025-06".'),
        ("gYear", "soon", 'Write a year, like "2025".'),
        ("dateTime", "noon", "Write a value of the datatype dateTime."),
        ("integer", "[3, four]", "Write a whole number in figures, like 3."),
    ],
)
def test_a_value_that_is_none_of_its_datatype_is_all_that_is_told(
    publisher: RunCommand, project: Path, datatype: str, value: str, hint: str
) -> None:
    """No traceback and no warning of a library stands beside the message."""
    context, facts = project / "ontology" / "context.jsonld", project / FACTS
    context.write_text(context.read_text().replace('"xsd:integer"', f'"xsd:{datatype}"'))
    facts.write_text(facts.read_text().replace("sheds: 1", f"sheds: {value}"))
    outcome = publisher("check", "--project", project)
    shown = value.strip("[]'").removeprefix("3, ")
    assert outcome.stderr == f"{FACTS}:8: The data is not right: 'sheds' cannot be '{shown}'.\n  {hint}\n"
    assert (outcome.returncode, outcome.stdout) == (1, "")


@pytest.mark.parametrize(
    ("datatype", "value", "published"),
    [
        ("decimal", "'0.5'", "0.5"),
        ("decimal", "1200", "1200"),
        ("boolean", "true", "true"),
        ("date", "'2018-02-28'", "2018-02-28"),
        ("gYear", "2025", "2025"),
    ],
)
def test_a_value_of_its_datatype_is_published(
    publisher: RunCommand, project: Path, datatype: str, value: str, published: str
) -> None:
    for file, old, new in (
        ("ontology/context.jsonld", '"xsd:integer"', f'"xsd:{datatype}"'),
        ("shapes/gardener.ttl", "sh:maxInclusive 3 ; sh:datatype xsd:integer", f"sh:datatype xsd:{datatype}"),
        (FACTS, "sheds: 1", f"sheds: {value}"),
    ):
        path = project / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
    outcome = publisher("build", "--project", project)
    assert (outcome.returncode, outcome.stderr) == (0, "")
    dump = (project / "releases" / "current" / "dumps" / "dataset.nt").read_text()
    assert f'sheds> "{published}"^^<http://www.w3.org/2001/XMLSchema#{datatype}> .' in dump


CONSTRAINTS = """
<https://garden.example/id/shape/gardener> sh:severity sh:{severity} ;
    sh:message "Not for gardeners."@en , "Pas pour des jardiniers."@fr , "No es para jardineros."@es ;
    sh:property <https://garden.example/id/shape/gardener-tends> ;
    sh:sparql <https://garden.example/id/shape/gardener-sharing> .
<https://garden.example/id/shape/gardener-sharing> a sh:SPARQLConstraint ;
    sh:message "Somebody shares."@en , "Quelqu’un partage."@fr , "Alguien comparte."@es ;
    sh:select "SELECT $this ?value WHERE {{ $this <https://garden.example/ontology#sharesWith> ?value }}" .
<https://garden.example/id/shape/gardener-tends> a sh:PropertyShape ; sh:severity sh:Info ; sh:minCount 1 ;
    sh:path [ sh:alternativePath ( g:tends [ sh:inversePath g:tendedBy ] ) ] ; sh:message "Tends nothing."@en .
"""
SHARES = """\
{place}: {severity}: Somebody shares.
    focus node http://localhost:8000/id/gardener/ada
    value http://localhost:8000/id/gardener/ben
    rule http://localhost:8000/id/shape/gardener-sharing
"""
TENDS = """\
{place}: Info: Tends nothing.
    focus node http://localhost:8000/id/gardener/ben
    property g:tends or (inverse of g:tendedBy)
    rule http://localhost:8000/id/shape/gardener-tends
"""


@pytest.fixture
def constrained(project: Path) -> Callable[[str], Path]:
    """Gives the project a rule of a severity, in SPARQL, that Ada breaks, and one that Ben gives a remark for."""

    def constrain(severity: str) -> Path:
        with (project / "shapes" / "gardener.ttl").open("a", encoding="utf-8") as file:
            file.write(CONSTRAINTS.format(severity=severity))
        return project

    return constrain


@pytest.mark.parametrize(
    ("severity", "option", "told"),
    [
        ("Warning", "", "no violation, 1 warning, 1 remark. 'publisher check --remarks' lists the remarks.\n"),
        ("Warning", "--remarks", "no violation, 1 warning, 1 remark.\n"),
        ("Info", "", "no violation, no warning, 2 remarks. 'publisher check --remarks' lists the remarks.\n"),
        ("Info", "--remarks", "no violation, no warning, 2 remarks.\n"),
    ],
)
def test_warnings_are_always_listed_and_remarks_when_asked_for(
    publisher: RunCommand, constrained: Callable[[str], Path], severity: str, option: str, told: str
) -> None:
    outcome = publisher("check", "--project", constrained(severity), *filter(None, [option]))
    assert outcome.returncode == 0, outcome.stderr
    results = SHARES.format(place=f"{FACTS}:3", severity=severity), TENDS.format(place=f"{FACTS}:13")
    listed = [bool(option) or severity == "Warning", bool(option)]
    assert [result in outcome.stdout for result in results] == listed
    assert outcome.stdout.count("rule ") == sum(listed)
    assert outcome.stdout.endswith(f"The data conforms: {told}")


def test_a_violation_says_what_its_own_constraint_says(
    publisher: RunCommand, constrained: Callable[[str], Path]
) -> None:
    outcome = publisher("check", "--project", constrained("Violation"))
    assert outcome.returncode == 1
    assert SHARES.format(place=f"{FACTS}:3", severity="Violation") in outcome.stderr


def test_the_report_has_the_messages_of_the_constraint_in_all_languages(
    publisher: RunCommand, constrained: Callable[[str], Path]
) -> None:
    project = constrained("Warning")
    assert publisher("build", "--project", project).returncode == 0
    current = project / "releases" / "current"
    for file in ("report.ttl", "dumps/dataset.ttl"):
        graph = Graph().parse(current / file)
        (result,) = graph.subjects(SH.sourceConstraint)
        messages = {value.n3() for value in graph.objects(result, SH.resultMessage)}
        assert messages == {'"Somebody shares."@en', '"Quelqu’un partage."@fr', '"Alguien comparte."@es'}


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
        (["--base-iri", "gopher://x/"], {}, "--base-iri: A setting cannot be used: base_iri"),
        (["--base-iri", "http://x y/"], {}, "--base-iri: A setting cannot be used: base_iri"),
        ([], {"PUBLISHER_PRT": "8000"}, "environment: A setting cannot be used: PUBLISHER_PRT"),
        ([], {"PUBLISHER_QUERY_TIMEOUT": "soon"}, "PUBLISHER_QUERY_TIMEOUT: A setting cannot be used: query_timeout"),
        (
            [],
            {"PUBLISHER_PORT": "70000"},
            "PUBLISHER_PORT: A setting cannot be used: port = '70000': Expected `int` <= ",
        ),
        ([], {"PUBLISHER_BODY_TIMEOUT": "inf"}, "body_timeout = 'inf': Expected `float` <= "),
        ([], {"PUBLISHER_LOG_QUERIES": "yes"}, "'true': the access log has the text of queries"),
        ([], {"PUBLISHER_LANGUAGES": "[]"}, "languages = []: Expected `array` of length >= 1."),
        ([], {"PUBLISHER_REASONER": "often"}, "'auto' where there is a Java, 'always', 'never'."),
        ([], {"PUBLISHER_LANGUAGES": "en"}, "PUBLISHER_LANGUAGES: A setting cannot be used: languages = 'en'."),
        ([], {"PUBLISHER_SERVICES": '["gopher://x/"]'}, "'gopher://x/' is not an http:// or https:// address"),
    ],
)
def test_what_cannot_run_exits_with_2(
    publisher: RunCommand, arguments: list[str], environment: dict[str, str], told: str
) -> None:
    outcome = publisher("build", *arguments, **environment)
    assert outcome.returncode == 2
    assert told in outcome.stderr


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("prot = 8000", "prot sets nothing."),
        ("port = [8000]", "port = [8000]: Expected `int`, got `array`."),
        ("port = ", "Invalid value (at line "),
    ],
)
def test_what_the_file_of_settings_says_wrongly_is_refused(
    publisher: RunCommand, project: Path, line: str, told: str
) -> None:
    with (project / "publisher.toml").open("a") as file:
        file.write(f"{line}\n")
    outcome = publisher("build", "--project", project)
    assert outcome.returncode == 2
    assert f"publisher.toml: A setting cannot be used: {told}" in outcome.stderr


def test_the_command_line_comes_before_the_environment_and_that_before_the_file(
    publisher: RunCommand, project: Path
) -> None:
    with (project / "publisher.toml").open("a") as file:
        file.write('port = 8001\nhost = "::1"\nlanguages = ["de"]\n')
    shown = publisher("settings", "--project", project, PUBLISHER_PORT="8002", PUBLISHER_LANGUAGES='["fr", "en"]')
    for line in ("port = 8002", "host = ::1", "languages = ('fr', 'en')", f"project = {project.resolve()}"):
        assert f"\n{line}\n" in "\n" + shown.stdout
    assert load_settings(project, port=8003, host=None).port == 8003


def test_building_twice_gives_the_same_bytes(project: Path) -> None:
    """In processes of their own, since each orders its sets in its own way."""
    found = []
    for seed in ("1", "2"):
        settings = {"PUBLISHER_REASONER": "never", "PUBLISHER_RELEASES": str(project / seed), "PYTHONHASHSEED": seed}
        command = [sys.executable, "-m", "publisher", "build", "--project", str(project)]
        subprocess.run(command, env={**os.environ, **settings}, check=True)
        found.append(built(project / seed))
    assert found[0] == found[1] != {}


def test_what_a_document_claims_is_counted_in_the_data(publisher: RunCommand, project: Path) -> None:
    assert publisher("build", "--project", project).returncode == 0
    dump = (project / "releases" / "current" / "dumps" / "dataset.nt").read_text(encoding="utf-8").splitlines()
    measurement = "<http://localhost:8000/id/measurement/counted.north>"
    said = {line.partition("> ")[2] for line in dump if line.startswith(measurement)}
    assert '<http://www.w3.org/ns/dqv#value> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .' in said
    assert "<http://www.w3.org/ns/dqv#computedOn> <http://localhost:8000/id/garden/north> ." in said


def test_the_base_is_set_in_one_place(publisher: RunCommand, project: Path) -> None:
    assert publisher("build", "--project", project, "--base-iri", "https://data.test/x/").returncode == 0
    current = project / "releases" / "current"
    for path in current.rglob("*"):
        if path.is_file() and path.relative_to(current).parts[0] not in DERIVED:
            content = UNPACK.get(path.suffix, bytes)(path.read_bytes())
            assert "garden.example" not in content.decode(), path
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
    vouched = {name for name in present if name.partition("/")[0] not in DERIVED}
    assert set(listed) == vouched - {"manifest.json"}
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


@pytest.fixture(scope="module")
def published(release: Release) -> pyoxigraph.Store:
    return pyoxigraph.Store.read_only(str(release.folder / "store"))


@pytest.fixture(scope="module")
def content(published: pyoxigraph.Store) -> set[tuple[Node, ...]]:
    """The triples of the store, read by rdflib."""
    lines = pyoxigraph.serialize({quad.triple for quad in published}, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return triples_of(Graph().parse(data=lines, format="nt"))


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_every_dump_holds_the_dataset(release: Release, content: set[tuple[Node, ...]], chosen: Format) -> None:
    """Each dump, read back by another library, has the store's content."""
    path = release.folder / "dumps" / f"dataset.{chosen.suffix}"
    found = union_of(path) if chosen.holds is Holds.DATASET else Graph().parse(path)
    assert len(found) == release.counts["triples"]
    assert set(found) == content


DATATYPES = sorted(
    {
        (str(kind), str(rule_path), str(datatype))
        for path in sorted((ROOT / "shapes").glob("*.ttl"))
        for shapes in [Graph().parse(path)]
        for rule, datatype in shapes.subject_objects(SH.datatype)
        for shape in shapes.subjects(SH.property, rule)
        for kind in shapes.objects(shape, SH.targetClass)
        for rule_path in shapes.objects(rule, SH.path)
        if isinstance(rule_path, URIRef)
    }
)


@pytest.mark.parametrize(("kind", "path", "datatype"), DATATYPES)
def test_what_is_published_has_the_datatypes_of_the_shapes(
    release: Release, published: pyoxigraph.Store, kind: str, path: str, datatype: str
) -> None:
    """The store writes some literals anew: they must still be what the shapes ask for."""
    canonical = load_settings(ROOT).canonical_base
    target, predicate = (pyoxigraph.NamedNode(iri.replace(canonical, release.base_iri)) for iri in (kind, path))
    typed = published.quads_for_pattern(None, pyoxigraph.NamedNode(RDF_TYPE), target)
    found = {quad.object for each in typed for quad in published.quads_for_pattern(each.subject, predicate, None)}
    literals = [value for value in found if isinstance(value, pyoxigraph.Literal)]
    assert {value.datatype.value for value in literals} <= {datatype}
