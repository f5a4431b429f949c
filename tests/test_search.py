"""Searching by words and looking up names over HTTP: what people and programs find, and in which order."""

import csv
import re
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from conftest import RunCommand
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from test_entities import BROWSER, Text

from publisher.core.release import Release, open_release
from publisher.core.search import fold, words
from publisher.core.settings import Settings, load_settings
from publisher.store.search import SearchIndex
from publisher.web.app import create_app

HTML = {"Accept": BROWSER}
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def ask(client: FlaskClient, text: str, **parameters: str | int) -> dict[str, Any]:
    response = client.get("/search", query_string={"q": text, **parameters}, headers={"Accept": "application/json"})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.get_json()
    return found


def iris(client: FlaskClient, release: Release, text: str, **parameters: str | int) -> list[str]:
    """The things on a page of results, without the base."""
    results = ask(client, text, **parameters)["results"]
    return [str(result["iri"]).removeprefix(release.base_iri + "id/") for result in results]


# --- what is found ------------------------------------------------------------------------


FIRST = {
    "OIM": "organization/oim",
    "IOM": "organization/oim",
    "iom": "organization/oim",
    "O.I.M.": "organization/oim",
    "l’O.I.M.": "organization/oim",
    "UNICEF": "organization/unicef",
    "International Organization for Migration": "organization/oim",
    "Organización Internacional para las Migraciones": "organization/oim",
    "santé": "theme/sante",
    "SANTE": "theme/sante",
    "salud": "theme/sante",
    "Alliance 8.7": "partnership/alliance-8-7",
    "Arbour": "person/louise-arbour",
    "bolcer": "person/julie-bolcer",
    "louise arbour": "person/louise-arbour",
    "aucun Etat ne peut réussir seul": "statement/arbour-aucun-etat-ne-reussit-seul",
}


@pytest.mark.parametrize("text", FIRST)
def test_the_first_hit_is_what_was_meant(client: FlaskClient, release: Release, text: str) -> None:
    assert iris(client, release, text)[0] == FIRST[text]


@pytest.mark.parametrize(
    "alike",
    [("santé", "sante", "SANTÉ", "sante\u0301"), ("OIM", "oim", "l’OIM", "l'OIM", "O.I.M."), ("œuvre", "oeuvre")],
)
def test_accents_capitals_and_articles_make_no_difference(client: FlaskClient, alike: tuple[str, ...]) -> None:
    answers = [ask(client, text) for text in alike]
    assert answers[0]["total"] > 0
    for answer in answers[1:]:
        assert answer["results"] == answers[0]["results"]
        assert answer["facets"] == answers[0]["facets"]


def test_the_last_word_may_be_unfinished_and_no_other(client: FlaskClient, release: Release) -> None:
    assert iris(client, release, "louise arb")[0] == "person/louise-arbour"
    assert ask(client, "loui arbour")["all_words"] is False


def test_a_phrase_of_a_quote_finds_the_quote_and_the_fact_that_it_supports(
    client: FlaskClient, release: Release
) -> None:
    found = iris(client, release, "première collaboration en matière de données sur la lutte contre la traite")
    assert "partnership/polaris-oim-donnees-traite" in found
    assert [iri for iri in found if iri.startswith("quote/")]


def test_words_may_stand_in_different_texts_of_a_thing(client: FlaskClient, release: Release) -> None:
    """A Spanish name and a French quote of the same organisation."""
    assert iris(client, release, "Migraciones donateurs") == ["organization/oim"]


def test_exact_names_come_first_then_beginnings_of_labels_then_other_names_then_texts(client: FlaskClient) -> None:
    labels: dict[str, list[str]] = {}
    scores: dict[str, float] = {}
    for language in ("en", "fr", "es"):
        number, pages = 1, 1
        while number <= pages:
            answer = ask(client, "migrants", page=number, lang=language)
            number, pages = number + 1, answer["pages"]
            for result in answer["results"]:
                labels.setdefault(result["iri"], []).append(fold(result["label"]))
                scores[result["iri"]] = result["score"]
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert {int(score) for score in scores.values()} >= {0, 1, 2, 4}
    for iri, score in scores.items():
        if "/id/quote/" in iri:
            continue  # It has no label but its words.
        assert ("migrants" in labels[iri]) == (score >= 4)
        assert any(name.startswith("migrants") for name in labels[iri]) == (score >= 2 and int(score) != 3)
        if score < 1:
            assert not [name for name in labels[iri] if "migrants" in name.split()]


def test_what_only_describes_the_dataset_and_its_rules_is_not_found(client: FlaskClient, release: Release) -> None:
    for text in ("UNICEF", "person", "Citation"):
        number, pages = 1, 1
        while number <= pages:
            answer = ask(client, text, page=number)
            number, pages = number + 1, answer["pages"]
            for result in answer["results"]:
                assert not result["iri"].startswith((release.base_iri + "id/shape/", release.base_iri + "id/mapping/"))


# --- how it is told ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_page_has_the_same_hits_as_the_data_in_the_readers_language(client: FlaskClient, language: str) -> None:
    for text in ("OIM", "salud", "Arbour"):
        answer = ask(client, text, lang=language)
        page = client.get("/search", query_string={"q": text, "lang": language}, headers=HTML)
        assert page.headers["Content-Language"] == language
        hits = page.text.partition('<ol class="hits"')[2].partition("</ol>")[0]
        links = re.findall(r'<a class="hit" href="([^"]+)"[^>]*>(.*?)</a>', hits)
        assert len(links) == len(answer["results"])
        for (href, name), result in zip(links, answer["results"], strict=True):
            assert unescape(re.sub("</?mark>", "", name)) == result["label"]
            assert client.get(unescape(href), headers=HTML).status_code == 200
        assert hits.count("<mark>") >= len(links)
        table = client.get("/search", query_string={"q": text, "lang": language, "format": "csv"})
        rows = list(csv.DictReader(StringIO(table.text)))
        assert [row["iri"] for row in rows] == [result["iri"] for result in answer["results"]]
        assert [row["snippet"] for row in rows] == [result["snippet"] for result in answer["results"]]


def test_labels_are_in_the_readers_language_and_texts_tell_theirs(client: FlaskClient) -> None:
    names = {lang: ask(client, "iom", lang=lang)["results"][0] for lang in ("en", "fr", "es")}
    assert names["en"]["label"] == "International Organization for Migration"
    assert names["es"]["label"] == "Organización Internacional para las Migraciones"
    assert {one["language"] for one in names.values()} == {"en"}
    page = client.get("/search?q=iom&lang=fr", headers=HTML).text
    assert '<p class="snippet" lang="en"><mark>IOM</mark></p>' in page
    quote = client.get("/search?q=car+aucun+Etat&lang=en", headers=HTML).text
    assert 'lang="fr">«\u00a0<mark>car</mark>' in quote


def test_marks_are_on_the_words(client: FlaskClient) -> None:
    for text in ("sante migrants", "8.7", "OIM", "données"):
        for result in ask(client, text)["results"]:
            marked = [result["snippet"][start:end] for start, end in result["highlights"]]
            assert marked
            for piece in marked:
                assert any(fold(piece).startswith(word) for word in words(text)), piece


def test_facets_add_up_and_each_narrows_to_its_number(client: FlaskClient) -> None:
    answer = ask(client, "migration")
    assert len(answer["facets"]) > 5
    assert sum(facet["count"] for facet in answer["facets"]) == answer["total"]
    page = client.get("/search?q=migration", headers=HTML).text
    nav = page.partition('<nav class="narrow"')[2].partition("</nav>")[0]
    hrefs = [unescape(href) for href in Text.values(nav, "href")]
    assert len(hrefs) == len(answer["facets"]) + 1
    for href, facet in zip(hrefs[1:], answer["facets"], strict=True):
        narrowed = client.get(href, headers={"Accept": "application/json"}).get_json()
        assert narrowed["total"] == facet["count"]
        assert {result["class"] for result in narrowed["results"]} == {facet["class"]} == {narrowed["class"]}
        assert narrowed["facets"] == answer["facets"]
        assert 'aria-current="true"' in client.get(href, headers=HTML).text


@pytest.mark.parametrize("kind", ["nothing", "x:y", "skos:Nothing", "<", "http://a.example/"])
def test_a_class_that_nothing_found_is_of_narrows_to_nothing(client: FlaskClient, kind: str) -> None:
    answer = ask(client, "migration", **{"class": kind})
    assert (answer["total"], answer["results"]) == (0, [])
    assert "skos%3AConcept" in client.get("/search", query_string={"q": "migration", "class": kind}, headers=HTML).text


def test_pages_have_every_hit_once(client: FlaskClient) -> None:
    first = ask(client, "OIM")
    found: list[str] = []
    address: str | None = "/search?q=OIM"
    while address:
        answer = client.get(address, headers={"Accept": "application/json"}).get_json()
        found += [result["iri"] for result in answer["results"]]
        parts = urlsplit(answer["next"] or "")
        address = f"{parts.path}?{parts.query}" if answer["next"] else None
    assert len(found) == len(set(found)) == first["total"] > 100
    pages = first["pages"]
    last = client.get(f"/search?q=OIM&page={pages}", headers=HTML).text
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "999", "99999999999", "1.5"])
def test_there_are_no_other_pages(client: FlaskClient, number: str) -> None:
    assert client.get("/search", query_string={"q": "OIM", "page": number}).status_code == 404


def test_an_address_with_an_empty_page_is_the_first(client: FlaskClient) -> None:
    """OpenSearch clients leave out what they do not know."""
    assert ask(client, "OIM", page="") == ask(client, "OIM")


# --- nothing found -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"), [("arbor", "Louise Arbour"), ("unicfe", "UNICEF"), ("indonsia", "Indonesia")]
)
def test_misspelt_names_are_recognised(client: FlaskClient, text: str, meant: str) -> None:
    answer = ask(client, text, lang="en")
    assert answer["total"] == 0
    assert answer["suggestions"][0] == meant
    page = client.get("/search", query_string={"q": text, "lang": "en"}, headers=HTML).text
    suggested = page.partition('<ul class="alike">')[2].partition("</ul>")[0]
    hrefs = [unescape(href) for href in Text.values(suggested, "href")]
    assert len(hrefs) == len(answer["suggestions"])
    for href in hrefs:
        assert client.get(href, headers={"Accept": "application/json"}).get_json()["total"] > 0


def test_where_nothing_has_all_words_what_has_some_is_shown(client: FlaskClient) -> None:
    """A question put as people put it, with words that no text has."""
    text = "qui travaille avec l’OIM au xylophone ?"
    answer = ask(client, text, lang="fr")
    assert answer["all_words"] is False
    assert any(result["iri"].endswith("/id/organization/oim") for result in answer["results"][:3])
    page = client.get("/search", query_string={"q": text, "lang": "fr"}, headers=HTML).text
    assert "Ce qui a une partie des mots" in page
    assert "/doc/organization/oim" in page
    assert ask(client, "OIM")["all_words"] is True
    further = client.get(f"/search?{urlencode({'q': text, 'page': 2})}", headers={"Accept": "application/json"})
    assert further.get_json()["results"][0] not in answer["results"]


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?label=", "?q=***", "?q=%00"])
def test_a_search_for_nothing_helps(client: FlaskClient, query: str) -> None:
    page = client.get("/search" + query, headers=HTML)
    assert page.status_code == 200
    assert 'href="/browse/"' in page.text
    answer = client.get("/search" + query, headers={"Accept": "application/json"}).get_json()
    assert (answer["total"], answer["results"], answer["facets"]) == (0, [], [])


# --- names as they are ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "expected", "language"),
    [
        ("Organización Internacional para las Migraciones", {"organization/oim"}, "es"),
        ("IOM", {"organization/oim"}, "en"),
        ("iom", set(), None),
        ("International Organization", set(), None),
        ("santé", {"theme/sante"}, "fr"),
        ("sante", set(), None),
    ],
)
def test_names_are_looked_up_as_they_are(
    client: FlaskClient, release: Release, label: str, expected: set[str], language: str | None
) -> None:
    answer = client.get("/search", query_string={"label": label}).get_json()
    assert {result["iri"].removeprefix(release.base_iri + "id/") for result in answer["results"]} == expected
    assert answer["exact"] is True
    for result in answer["results"]:
        assert (result["snippet"], result["language"]) == (label, language)


# --- HTTP -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "parameters", "media_type"),
    [
        ("*/*", "", "application/json"),
        (BROWSER, "", "text/html"),
        ("text/csv", "", "text/csv"),
        ("application/json", "&format=html", "text/html"),
        (BROWSER, "&format=json", "application/json"),
        (BROWSER, "&format=csv", "text/csv"),
    ],
)
def test_the_form_of_the_answer_is_chosen(client: FlaskClient, accept: str, parameters: str, media_type: str) -> None:
    address = "/search?q=OIM" + parameters
    response = client.get(address, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, media_type)
    assert ("Accept" in [field.strip() for field in response.headers["Vary"].split(",")]) == (not parameters)
    assert "Accept-Language" in response.headers["Vary"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    tag = response.headers["ETag"]
    assert client.get(address, headers={"Accept": accept, "If-None-Match": tag}).status_code == 304
    head = client.head(address, headers={"Accept": accept})
    assert (head.status_code, head.headers["ETag"], head.data) == (200, tag, b"")


def test_another_format_is_not_acceptable(client: FlaskClient) -> None:
    assert client.get("/search?q=OIM&format=exe").status_code == 406
    assert client.get("/search?q=OIM", headers={"Accept": "image/png"}).status_code == 406


def test_a_text_that_is_too_long_is_refused_in_the_readers_language(client: FlaskClient) -> None:
    for text in ("x" * 301, "word " * 10_000):
        problem = client.get("/search", query_string={"q": text}, headers={"Accept": "application/json"})
        assert (problem.status_code, problem.mimetype) == (400, "application/problem+json")
        assert "300" in problem.get_json()["detail"]
    page = client.get("/search", query_string={"q": "x" * 301, "lang": "es"}, headers=HTML)
    assert "caracteres" in page.text
    assert client.get("/search", query_string={"q": "x " * 150}).status_code == 200


HOSTILE = (
    '"', "'", "*", "NEAR", "NEAR(a b, 2)", "a AND", "NOT", "OR OR", "label : x", "{label} : x", "^a", "a + b", "(",
    "-a", "\x00", "a\x00b", "\ufdd0a\ufdd1", "\U0010ffff", "𞤀", "%", "_",
    ";DROP TABLE thing", "<script>alert(1)</script>",
    "{searchTerms}", "8.", ".", "..", "a" * 300, "a " * 150, "é" * 300, " ".join(map(chr, range(97, 123))), "\u0301",
    "１２", "ﬁn", "İ", "ß", "你好", "ا",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize("parameter", ["q", "label"])
def test_signs_with_a_meaning_to_the_engine_have_none_here(client: FlaskClient, text: str, parameter: str) -> None:
    for accept in ("application/json", BROWSER):
        response = client.get("/search", query_string={parameter: text}, headers={"Accept": accept})
        assert response.status_code == 200
        assert "<script" not in response.text or accept != BROWSER


@given(text=st.text(max_size=300), kind=st.text(max_size=10), page=st.sampled_from(["", "1", "2"]))
def test_every_text_gets_an_answer(client: FlaskClient, text: str, kind: str, page: str) -> None:
    response = client.get("/search", query_string={"q": text, "class": kind, "page": page})
    assert response.status_code == (404 if page == "2" and response.status_code == 404 else 200)


@given(raw=st.binary(max_size=100))
def test_every_address_gets_an_answer(client: FlaskClient, raw: bytes) -> None:
    encoded = "".join(f"%{byte:02x}" for byte in raw)
    for parameter in ("q", "label"):
        assert client.get(f"/search?{parameter}={encoded}").status_code == 200


# --- the field, and browsers --------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/browse/", "/about", "/nothing", "/search?q=OIM", "/doc/organization/oim"])
def test_every_page_has_one_field_to_search_with(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={**HTML, "Accept-Language": "fr"}).text
    assert page.count('role="search"') == 1
    assert page.count('type="search"') == 1
    assert '<label for="search"' in page
    assert 'action="/search"' in page
    assert '<link rel="search" type="application/opensearchdescription+xml" href="/opensearch.xml"' in page


def test_the_chosen_language_is_kept_by_the_form(client: FlaskClient) -> None:
    assert '<input type="hidden" name="lang" value="es">' in client.get("/?lang=es", headers=HTML).text
    assert 'name="lang"' not in client.get("/", headers=HTML).text


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_browsers_learn_how_to_search(client: FlaskClient, release: Release, language: str) -> None:
    """OpenSearch 1.1 Draft 6 §4: the elements, their lengths, and templates that are absolute and work."""
    response = client.get("/opensearch.xml", headers={"Accept-Language": language})
    assert response.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(response.data)
    assert root.tag == OPENSEARCH + "OpenSearchDescription"
    assert 0 < len(root.findtext(OPENSEARCH + "ShortName", "")) <= 16
    assert 0 < len(root.findtext(OPENSEARCH + "LongName", "")) <= 48
    assert 0 < len(root.findtext(OPENSEARCH + "Description", "")) <= 1024
    templates = {url.attrib["type"]: url.attrib["template"] for url in root.findall(OPENSEARCH + "Url")}
    assert {"text/html", "application/json", response.mimetype} <= set(templates)
    for media_type, template in templates.items():
        assert template.startswith(release.base_iri)
        address = template.removeprefix(release.base_iri).replace("{searchTerms}", "IOM").replace("{startPage?}", "")
        opened = client.get("/" + address, headers={"Accept": media_type})
        assert (opened.status_code, opened.mimetype) == (200, media_type)


def test_robots_are_asked_to_leave_results_alone(client: FlaskClient) -> None:
    assert "Disallow: /search?" in client.get("/robots.txt").text


# --- the index ----------------------------------------------------------------------------------


def test_it_works_beside_another_store(settings: Settings, release: Release) -> None:
    """The index is the release's: only names of terms and of the dataset are asked of the service."""
    app = create_app(replace(settings, store="http://127.0.0.1:9/sparql"), release)
    found = app.extensions["publisher"].search.by_words("OIM", None, ("fr",))
    assert found.hits[0].iri == release.base_iri + "id/organization/oim"


def test_another_project_is_searched_without_a_setting(publisher: RunCommand, project: Path) -> None:
    assert publisher("build", "--project", project).returncode == 0
    settings = load_settings(project)
    index = SearchIndex(open_release(settings.releases_folder))
    found = index.by_words("ada", None, ("en",))
    assert found.hits[0].iri.endswith("id/gardener/ada")
    assert found.total == sum(found.counts.values())


def test_a_key_of_names_that_is_none_is_an_error_of_the_settings(publisher: RunCommand, project: Path) -> None:
    outcome = publisher("build", "--project", project, PUBLISHER_NAME_KEYS='["nickname"]')
    assert outcome.returncode == 2
    assert "nickname" in outcome.stderr


def test_a_release_without_an_index_says_what_to_do(settings: Settings, release: Release, tmp_path: Path) -> None:
    app = create_app(settings, release)
    app.extensions["publisher"].search._file = tmp_path / "none.sqlite"
    response = app.test_client().get("/search?q=OIM")
    assert response.status_code == 503
    assert "publisher build" in response.get_json()["detail"]
