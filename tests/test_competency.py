"""The competency questions: each answer was written by hand from the text, and the endpoint gives the same.

The questions are ``tests/competency/*.rq`` and the examples of the site, ``data/queries/*.rq``; the expected rows of
both are ``tests/competency/*.csv``, with IRIs relative to the base.
"""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from asking import get
from conftest import ROOT
from flask.testing import FlaskClient
from rdflib import OWL, RDF, Graph, URIRef

from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.web.examples import ABOUT

FOLDER = Path(__file__).parent / "competency"
EXAMPLES = ROOT / "data" / "queries"
QUESTIONS = sorted([*FOLDER.glob("*.rq"), *EXAMPLES.glob("*.rq")], key=lambda path: path.stem)

LANGUAGES = {"en", "fr", "es"}
NOT_ASKED: dict[str, str] = {
    "sinceVersion": "an annotation of the ontology itself, which says nothing of migration",
}
"""The own terms that no question needs to name, and why."""


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_the_answer_is_what_the_text_says(
    client: FlaskClient, settings: Settings, release: Release, question: Path
) -> None:
    query = read(question).replace(settings.canonical_base, release.base_iri)
    response = get(client, query, "text/csv")
    assert response.status_code == 200, response.text
    answer = list(csv.reader(StringIO(response.text.replace(release.base_iri, ""), newline="")))
    expected = list(csv.reader(StringIO(read(FOLDER / f"{question.stem}.csv"), newline="")))
    assert answer == expected


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_the_question_is_asked_once_in_each_language(question: Path) -> None:
    titles = [text for what, *text in ABOUT.findall(read(question)) if what == "title"]
    assert len(titles) == len(LANGUAGES)
    assert {language for language, _ in titles} == LANGUAGES
    assert all(text.endswith("?") for _, text in titles)


@pytest.mark.parametrize("question", sorted(EXAMPLES.glob("*.rq")), ids=lambda path: path.stem)
def test_an_example_is_explained_once_in_each_language(question: Path) -> None:
    explained = [text for what, *text in ABOUT.findall(read(question)) if what == "description"]
    assert len(explained) == len(LANGUAGES)
    assert {language for language, _ in explained} == LANGUAGES
    assert all(text.endswith(".") for _, text in explained)


def test_there_are_enough_questions_each_with_one_answer() -> None:
    stems = [path.stem for path in QUESTIONS]
    assert len(stems) >= 40
    assert len(stems) == len(set(stems))
    assert sorted(path.stem for path in FOLDER.glob("*.csv")) == sorted(stems)


def test_the_site_shows_twelve_short_questions() -> None:
    examples = sorted(EXAMPLES.glob("*.rq"))
    assert len(examples) == 12
    assert [path.name for path in examples if len(read(path).splitlines()) > 25] == []


def test_every_class_and_property_is_asked_about() -> None:
    ontology = Graph().parse(ROOT / "ontology" / "vocabulary.ttl")
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    iris = {str(term) for kind in kinds for term in ontology.subjects(RDF.type, kind) if isinstance(term, URIRef)}
    own = {iri.rpartition("#")[2] for iri in iris if iri.startswith("https://mgo.example/ontology#")}
    asked = {term for path in QUESTIONS for term in re.findall(r"\bmgo:(\w+)", read(path))}
    assert own - asked == set(NOT_ASKED)
