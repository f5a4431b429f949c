"""A further document needs no Python: files are made, filled with facts, and published beside the first."""

import shutil
from itertools import chain
from pathlib import Path

import pytest
from conftest import RunCommand
from flask.testing import FlaskClient

from publisher.core.release import open_release
from publisher.core.settings import load_settings
from publisher.web.app import create_app

LETTER = "Ada moved to the South Garden.\nBen stayed in the North Garden.\n"
FACTS = """\
"@context": ../../../ontology/context.jsonld
"@graph":
  - id: garden/south
    type: Garden
    label: {en: South Garden}
    quote: the South Garden

  - id: gardener/ada
    tends: garden/south
    quote: Ada moved to the South Garden.

  - id: gardener/ben
    tends: garden/north
    quote: Ben stayed in the North Garden.
"""
OPTIONS = {"--title": "A letter: “gardens”", "--language": "en", "--publisher": "gardener/ben"}


def make(
    run: RunCommand, project: Path, slug: str = "letter.en", text: str = LETTER, **options: str
) -> tuple[int, str]:
    file = project.parent / "letter.txt"
    file.write_text(text, encoding="utf-8")
    given = {**OPTIONS, **{f"--{name}": value for name, value in options.items()}}
    outcome = run("new", "document", "--project", project, slug, file, *chain.from_iterable(given.items()))
    return outcome.returncode, outcome.stdout + outcome.stderr


@pytest.fixture
def client(publisher: RunCommand, project: Path) -> FlaskClient:
    """Of the site with the second document."""
    assert make(publisher, project)[0] == 0
    (project / "data" / "facts" / "letter.en" / "facts.yaml").write_text(FACTS, encoding="utf-8")
    assert publisher("build", "--project", project).returncode == 0
    settings = load_settings(project)
    return create_app(settings, open_release(settings.releases_folder)).test_client()


def test_the_files_are_made_and_can_be_checked_at_once(publisher: RunCommand, project: Path) -> None:
    code, told = make(publisher, project)
    assert code == 0
    for path in ("sources/letter.en/text.txt", "sources/letter.en/source.toml", "facts/letter.en/facts.yaml"):
        assert str(project / "data" / path) in told
        assert (project / "data" / path).is_file()
    outcome = publisher("check", "--project", project)
    assert outcome.returncode == 0, outcome.stderr
    assert "letter.en: quotes cover 0.0% of 62 characters." in outcome.stdout


def test_both_documents_say_something_of_the_same_person(client: FlaskClient) -> None:
    page = client.get("/doc/gardener/ada", headers={"Accept": "text/html"}).text
    assert "Ada grows roses in the North Garden." in page
    assert "Ada moved to the South Garden." in page
    assert "A note on gardens" in page
    assert "A letter: “gardens”" in page
    quads = client.get("/doc/gardener/ada.nq").text
    base = "http://localhost:8000/"
    tends = f"<{base}id/gardener/ada> <{base}ontology#tends>"
    assert f"{tends} <{base}id/garden/north> <{base}id/graph/note.en> ." in quads
    assert f"{tends} <{base}id/garden/south> <{base}id/graph/letter.en> ." in quads


def test_what_the_second_document_adds_is_answered_with_the_first(client: FlaskClient) -> None:
    query = """
    PREFIX g: <http://localhost:8000/ontology#>
    SELECT ?graph (COUNT(*) AS ?facts)
    WHERE { GRAPH ?graph { ?gardener g:tends ?garden } }
    GROUP BY ?graph ORDER BY ?graph
    """
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"}).text.split()
    assert answer[1:] == ["http://localhost:8000/id/graph/letter.en,2", "http://localhost:8000/id/graph/note.en,1"]


@pytest.mark.parametrize(
    ("slug", "text", "told"),
    [
        ("note.en", LETTER, "data/sources/note.en: "),
        ("Letter", LETTER, "slug: "),
        ("../letter", LETTER, "slug: "),
    ],
)
def test_a_document_is_never_overwritten_or_put_elsewhere(
    publisher: RunCommand, project: Path, slug: str, text: str, told: str
) -> None:
    before = sorted(project.rglob("*"))
    code, message = make(publisher, project, slug, text)
    assert code == 2
    assert told in message
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize(
    ("option", "value", "told", "hint"),
    [
        ("publisher", "gardener/benn", "No fact describes 'gardener/benn'", "Did you mean 'gardener/ben'"),
        ("publisher", "organization/nobody", "No fact describes 'organization/nobody'", "describe it first"),
        ("language", "klingon", "'klingon' is no language tag", "Did you mean 'tlh'?"),
        ("language", "French", "'French' is no language tag", "Did you mean 'fr'?"),
        ("language", "fr_FR", "'fr_FR' is no language tag", "such as 'fr' or 'pt-BR'"),
        ("language", "fr-QQ", "'fr-QQ' is no language tag", "such as 'fr' or 'pt-BR'"),
    ],
)
def test_an_option_that_would_not_pass_the_check_is_refused(
    publisher: RunCommand, project: Path, option: str, value: str, told: str, hint: str
) -> None:
    before = sorted(project.rglob("*"))
    code, message = make(publisher, project, **{option: value})
    assert code == 2
    assert message.startswith(f"--{option}: A setting cannot be used: {told}")
    assert hint in message
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize("language", ["fr", "pt-BR", "zh-Hant", "grc"])
def test_a_language_with_a_tag_is_taken(publisher: RunCommand, project: Path, language: str) -> None:
    assert make(publisher, project, language=language)[0] == 0
    assert publisher("check", "--project", project).returncode == 0


def test_the_first_document_of_a_project_may_describe_its_own_publisher(publisher: RunCommand, project: Path) -> None:
    for part in ("facts", "sources"):
        shutil.rmtree(project / "data" / part)
    assert make(publisher, project, publisher="gardener/carl")[0] == 0
