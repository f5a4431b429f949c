"""The shapes: good examples conform, each mistake is found by the intended rule, with file and line.

``tests/mistakes/`` holds the examples. They become one project, with the real ontology, shapes and schemes, which
``publisher check`` then reads as it would read any other.
"""

import hashlib
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, RunCommand
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import SH
from ruamel.yaml import YAML

from publisher.core.settings import Settings

MISTAKES = Path(__file__).parent / "mistakes"
GOOD: list[dict[str, Any]] = YAML(typ="safe").load(MISTAKES / "good.yaml")
BAD: list[dict[str, Any]] = YAML(typ="safe").load(MISTAKES / "mistakes.yaml")
TURTLE = (MISTAKES / "mistakes.ttl").read_text(encoding="utf-8")
SHAPE = "http://localhost:8000/id/shape/"
REPORTED = re.compile(
    r"^(\S+:\d+): (\w+): (.+)\n {4}focus node http://localhost:8000/id/(\S+)"
    r"(?:\n {4}(?:property|value) .*)*\n {4}rule (\S+)",
    re.M,
)
SOURCE_TOML = """
language = "fr"
publisher = "organization/guilde"
sha256 = "{}"
title = {{fr = "Fautes"}}
rights = {{fr = "Libre."}}
"""

LANGUAGE = Settings().languages[0]

Found = tuple[str, str, str, str]
"""A result: rule, severity, the place that the message names, and its words."""


def shapes() -> Graph:
    graph = Graph()
    for path in (ROOT / "shapes").glob("*.ttl"):
        graph.parse(path)
    return graph


SHAPES = shapes()
MESSAGES = {
    str(rule).rpartition("/")[2]: str(message)
    for rule, message in SHAPES.subject_objects(SH.message)
    if isinstance(message, Literal) and message.language == LANGUAGE
}
"""Rule → what it says when it is broken, in the language that the command line prints."""
TARGETS = (SH.targetClass, SH.targetSubjectsOf)


def rules() -> Iterator[str]:
    """Every rule that a node can break by itself: closed shapes, property shapes and SPARQL constraints."""
    for shape in {shape for target in TARGETS for shape in SHAPES.subjects(target)}:
        if (shape, SH.closed, None) in SHAPES:
            yield str(shape)
        for part in (*SHAPES.objects(shape, SH.property), *SHAPES.objects(shape, SH.sparql)):
            yield str(part)


RULES = sorted({rule.rpartition("/")[2] for rule in rules()})


class Project:
    """Writes nodes into facts, one key a line, and keeps what each mistake must be reported as."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.lines = folder, ['"@context": ../../../ontology/context.jsonld', '"@graph":']
        self.expected: dict[str, set[Found]] = defaultdict(set)
        for name in ("ontology", "shapes", "data/schemes"):
            shutil.copytree(ROOT / name, folder / name)
        self.facts, source = folder / "data/facts/mistakes", folder / "data/sources/mistakes"
        self.facts.mkdir(parents=True)
        source.mkdir(parents=True)
        text = (MISTAKES / "text.txt").read_bytes()
        (source / "text.txt").write_bytes(text)
        (source / "source.toml").write_text(SOURCE_TOML.format(hashlib.sha256(text).hexdigest()))
        description = (ROOT / "data/dataset.ttl").read_text(encoding="utf-8")
        description = re.sub(r"<source/[^>]+>", "<source/mistakes>", description)
        (folder / "data/dataset.ttl").write_text(
            re.sub(r"exampleResource [^.]+", "exampleResource <person/ada> ", description)
        )
        (folder / "publisher.toml").write_text('canonical_base = "https://mgo.example/"\n')
        self.words = " ".join(text.decode().split())
        for node in GOOD:
            self.write(node)

    def write(self, node: dict[str, Any], without: tuple[str, ...] = ()) -> dict[str, int]:
        """Writes a node, whole, and gives the line of each key."""
        name = node["id"].rpartition("/")[2]
        common = {
            "label": {"fr": name, "en": name, "es": name},
            "labelSource": "label-source/editors",
            "quote": self.words,
        }
        at = {}
        for key, value in {**node, **{key: value for key, value in common.items() if key not in node}}.items():
            if key not in without:
                self.lines.append(f"{'  - ' if key == 'id' else '    '}{key}: {json.dumps(value, ensure_ascii=False)}")
                at[key] = len(self.lines)
        return at

    def spoil(self, mistake: dict[str, Any], number: int) -> None:
        """Writes a good node with a mistake in it."""
        good = next(node for node in GOOD if node["id"] == mistake["of"])
        for copy in ("a", "b") if mistake.get("twice") else ("a",):
            name = f"{good['id'].partition('/')[0]}/{mistake['rule']}-{number}-{copy}"
            changes = {key: put(name, value) for key, value in mistake.get("set", {}).items()}
            at = self.write({**good, **changes, "id": name}, tuple(mistake.get("without", ())))
            key = mistake.get("at") or (next(iter(changes)) if changes else "id")
            place = f"data/facts/mistakes/facts.yaml:{at[key]}"
            rule, severity = mistake["rule"], mistake.get("severity", "Violation")
            self.expected[name].add((SHAPE + rule, severity, place, MESSAGES[rule]))

    def spoil_turtle(self) -> None:
        """Adds the mistakes that only Turtle can express."""
        lines = TURTLE.splitlines()
        for number, line in enumerate(lines):
            if line.startswith("# rule: "):
                name = lines[number + 1].partition(">")[0].removeprefix("<")
                place = f"data/schemes/mistakes.ttl:{number + 2}"
                rule = line.removeprefix("# rule: ")
                self.expected[name].add((SHAPE + rule, "Violation", place, MESSAGES[rule]))
        (self.folder / "data/schemes/mistakes.ttl").write_text(TURTLE, encoding="utf-8")

    def check(self, publisher: RunCommand) -> tuple[int, dict[str, set[Found]]]:
        """The exit code of ``publisher check`` and what it reports about each node."""
        (self.facts / "facts.yaml").write_text("\n".join(self.lines) + "\n", encoding="utf-8")
        outcome = publisher("check", "--remarks", "--project", self.folder)
        found: dict[str, set[Found]] = defaultdict(set)
        for place, severity, message, focus, rule in REPORTED.findall(outcome.stdout + outcome.stderr):
            found[focus].add((rule, severity, place, message))
        assert found, outcome.stdout + outcome.stderr
        return outcome.returncode, found


def put(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [put(name, item) for item in value]
    return name if value == "SELF" else value


Outcome = tuple[int, dict[str, set[Found]], dict[str, set[Found]]]


@pytest.fixture(scope="module")
def remarks(tmp_path_factory: pytest.TempPathFactory, publisher: RunCommand) -> Outcome:
    """The good examples with those mistakes that stop nothing."""
    project = Project(tmp_path_factory.mktemp("remarks"))
    for number, mistake in enumerate(BAD):
        if mistake.get("severity", "Violation") != "Violation":
            project.spoil(mistake, number)
    return *project.check(publisher), project.expected


@pytest.fixture(scope="module")
def violations(tmp_path_factory: pytest.TempPathFactory, publisher: RunCommand) -> Outcome:
    """The good examples with every mistake that stops a build."""
    project = Project(tmp_path_factory.mktemp("violations"))
    for number, mistake in enumerate(BAD):
        if mistake.get("severity", "Violation") == "Violation":
            project.spoil(mistake, number)
    project.spoil_turtle()
    return *project.check(publisher), project.expected


def test_remarks_do_not_stop_a_build(remarks: Outcome) -> None:
    code, found, expected = remarks
    assert code == 0
    assert found == expected


def test_violations_stop_a_build_and_nothing_good_is_blamed(violations: Outcome) -> None:
    code, found, expected = violations
    assert code == 1
    assert set(found) <= set(expected)


CASES = [mistake["rule"] for mistake in BAD] + re.findall(r"^# rule: (\S+)", TURTLE, re.M)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_its_mistakes_and_nothing_else(rule: str, remarks: Outcome, violations: Outcome) -> None:
    """Each node spoilt for this rule has exactly one result: this rule, its severity, place and message."""
    spoilt = 0
    for _, found, expected in (remarks, violations):
        for focus, results in expected.items():
            if {name for name, *_ in results} == {SHAPE + rule}:
                assert found[focus] == results
                spoilt += 1
    assert spoilt, "no mistake for this rule in tests/mistakes"


def test_there_are_many_mistakes_and_each_is_for_a_rule() -> None:
    assert len(CASES) >= 60
    assert set(CASES) == set(RULES)


NAMED = sorted(
    {str(s) for kind in (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint) for s in SHAPES.subjects(RDF.type, kind)}
)


@pytest.mark.parametrize("shape", NAMED, ids=lambda iri: iri.rpartition("/")[2])
@pytest.mark.parametrize("text", [SH.name, SH.description, SH.message], ids=lambda iri: iri.rpartition("#")[2])
def test_a_shape_has_name_description_and_message_in_three_languages(shape: str, text: URIRef) -> None:
    languages = [str(value.language) for value in SHAPES.objects(URIRef(shape), text)]  # type: ignore[attr-defined]
    assert sorted(languages) == ["en", "es", "fr"]


@pytest.mark.parametrize("path", sorted((ROOT / "shapes").glob("*.ttl")), ids=lambda path: path.stem)
def test_one_file_a_class(path: Path) -> None:
    graph = Graph().parse(path)
    targeted = {shape for target in TARGETS for shape in graph.subjects(target)}
    assert len(targeted) == (0 if path.stem in ("shared", "in-scheme") else 1)
    assert {str(shape).rpartition("/")[2] for shape in targeted} <= {path.stem}
