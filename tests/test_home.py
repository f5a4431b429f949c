"""The home page's answers, and the pages about the site: accessibility, changes, patterns."""

import csv
import re
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from asking import get
from conftest import ROOT
from flask.testing import FlaskClient
from test_entities import BROWSER, Text

from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.web.changelog import changelog
from publisher.web.examples import for_home

HTML = {"Accept": BROWSER}
LANGUAGES = ("en", "fr", "es")


def excerpts(client: FlaskClient, language: str) -> list[str]:
    page = client.get(f"/?lang={language}", headers=HTML).text
    return [part.partition("</article>")[0] for part in page.split('<article class="excerpt"')[1:]]


def heads(excerpt: str) -> list[str]:
    return [Text.of(cell).strip() for cell in re.findall(r"<th.*?>(.*?)</th>", excerpt)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_answers_three_questions_with_the_rows_of_their_queries(
    client: FlaskClient, release: Release, language: str
) -> None:
    questions = for_home(release)
    shown = excerpts(client, language)
    assert len(shown) == len(questions) == 3
    for question, excerpt in zip(questions, shown, strict=True):
        assert any(title.value in unescape(excerpt) for title in question.titles if title.language == language)
        answer = list(csv.DictReader(StringIO(get(client, question.query, "text/csv").text, newline="")))
        named = {
            label.value: name
            for name, labels in question.columns.items()
            for label in labels
            if label.language == language
        }
        columns = [named[head] for head in heads(excerpt)]
        rows = [re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL) for row in excerpt.split("<tr")[2:]]
        assert len(rows) == min(3, len(answer))
        for cells, solution in zip(rows, answer, strict=False):
            for name, cell in zip(columns, cells, strict=True):
                value = solution[name]
                if value.startswith(release.base_iri):
                    (href,) = Text.values(cell, "href")
                    assert href == value.replace(release.base_iri + "id/", "/doc/") + f"?lang={language}"
                    assert Text.of(cell).strip() not in ("", value)
                else:
                    assert value in unescape(cell)
        (everything,) = [href for href in Text.values(excerpt, "href") if href.startswith("/sparql?")]
        assert client.get(everything.partition("#")[0], headers=HTML).text.count("<tr>") >= len(answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_said_once_in_the_readers_language(client: FlaskClient, language: str) -> None:
    """Columns that repeat the names of the things beside them are left out."""
    columns = [name for excerpt in excerpts(client, language) for name in heads(excerpt)]
    assert len(columns) > 3
    assert not [name for name in columns if name.rpartition("_")[2] in LANGUAGES]


@pytest.mark.parametrize("path", ["/accessibility", "/changes", "/about"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_leads_to_the_pages_about_the_site(client: FlaskClient, path: str, language: str) -> None:
    footer = client.get(f"/browse/?lang={language}", headers=HTML).text.partition("<footer")[2]
    assert f"{path}?lang={language}" in Text.values(footer, "href")


def test_the_changes_are_those_of_the_file(client: FlaskClient) -> None:
    source = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    page = client.get("/changes?lang=fr", headers=HTML).text
    headings = re.findall(r"^## (.+)$", source, re.MULTILINE)
    assert [unescape(text) for text in re.findall(r"<h2>(.*?)</h2>", page)][: len(headings)] == headings
    assert '<div lang="en">' in page
    assert "n’est tenue qu’en anglais" in unescape(page)
    assert "The list of changes is kept" not in client.get("/changes?lang=en", headers=HTML).text


def test_home_counts_the_classes_that_can_be_browsed(client: FlaskClient) -> None:
    (number,) = re.findall(r"kinds of things</dt><dd>(\d+)", client.get("/?lang=en", headers=HTML).text)
    assert client.get("/browse/?lang=en", headers=HTML).text.count('<th scope="row">') == int(number)


def test_html_in_the_changes_is_text_and_relative_links_are_words(tmp_path: Path) -> None:
    file = tmp_path / "CHANGELOG.md"
    file.write_text("# Changes\n\n### Deep\n\n<b>x</b> [in](docs/a.md) [out](https://a.example/) <!-- -->\n\n# Up\n")
    html = changelog(file)
    assert html is not None
    assert re.findall(r"<h\d>.*?</h\d>", html) == ["<h2>Deep</h2>", "<h2>Up</h2>"]
    assert "&lt;b&gt;x&lt;/b&gt; in " in html
    assert re.findall(r"<a .*?>", html) == ['<a href="https://a.example/">']


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_patterns_show_every_part_of_the_stylesheet_that_pages_share(client: FlaskClient, language: str) -> None:
    page = client.get(f"/patterns?lang={language}", headers=HTML).text
    shown = set(" ".join(re.findall(r'class="([^"]+)"', page)).split())
    assert shown >= {
        "lead", "note", "count", "tag", "facts", "quote", "passage", "overview", "incoming", "numbers", "cards",
        "card", "questions", "excerpt", "search", "filter", "field", "choice", "controls", "pager", "breadcrumb",
        "drawing", "fault", "definition", "scroll",
    }  # fmt: skip


def test_a_release_without_changes_shows_the_versions_of_its_ontology(
    client: FlaskClient, release: Release, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("publisher.web.pages.CHANGELOG", "no such file")
    page = client.get("/changes?lang=en", headers=HTML).text
    kept = sorted(file.stem for file in (ROOT / "ontology" / "versions").glob("*.ttl"))
    for version in kept:
        assert f"/ontology/{version}?lang=en" in Text.values(page, "href")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/turtle", 303),
        ("application/ld+json, */*;q=0.1", 303),
        ("*/*", 200),
        ("text/html", 200),
        ("image/png", 200),
    ],
)
def test_who_asks_the_home_page_for_data_gets_the_datasets(client: FlaskClient, accept: str, status: int) -> None:
    response = client.get("/", headers={"Accept": accept})
    assert response.status_code == status
    if status == 303:
        data = client.get(response.headers["Location"], headers={"Accept": accept})
        assert data.mimetype == accept.partition(",")[0]
        assert b"Partnerships for governing migration" in data.data
    else:
        assert "Accept" in response.vary
