"""The list of a class over HTTP: columns, sorting, filters and facets, pages, CSV, and the list as a query."""

import csv
import re
from collections.abc import Sequence
from html import unescape
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from asking import get, select
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from test_entities import BROWSER, Text

from publisher.build.pipeline import build
from publisher.core.release import Release
from publisher.core.settings import load_settings
from publisher.core.terms import SKOS
from publisher.web.app import create_app
from publisher.web.site import EXTENSION

HTML = {"Accept": BROWSER}
FACET = re.compile(r'<select id="facet-\d+" name="(?P<name>[^"]+)">(?P<options>.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="(?P<iri>[^"]+)"(?P<chosen> selected)?[^>]*>[^<]*\((?P<count>[\d,.\s]+)\)</option>')
LANGUAGES = ("en", "fr", "es")


def table(client: FlaskClient, path: str) -> list[list[str]]:
    """The rows of a list as CSV, without the head."""
    return records(client, path)[1:]


def records(client: FlaskClient, path: str) -> list[list[str]]:
    response = client.get(path + ("&" if "?" in path else "?") + "format=csv")
    assert response.status_code == 200, path
    return list(csv.reader(StringIO(response.text, newline=""), strict=True))


def facets(client: FlaskClient, path: str) -> dict[str, dict[str, int]]:
    """Facet → value → the count beside it."""
    page = client.get(path, headers=HTML).text
    return {
        unescape(facet["name"]): {
            unescape(one["iri"]): int(re.sub(r"\D", "", one["count"])) for one in OPTION.finditer(facet["options"])
        }
        for facet in FACET.finditer(page)
    }


def classes(client: FlaskClient) -> list[str]:
    """The lists that the site offers."""
    page = client.get("/browse/", headers=HTML).text
    return sorted({href for href in Text.values(page, "href") if re.fullmatch(r"/browse/[^?]+", href)})


def query_of(page: str) -> str:
    """The query that a list links to."""
    (link,) = [href for href in Text.values(page, "href") if href.startswith("/sparql?query=")]
    return parse_qs(urlsplit(link).query)["query"][0]


def columns_of(query: str) -> int:
    """How many columns a list's query has besides things and names; a CSV has these first, then all others."""
    return len(set(re.findall(r"\?column\d+", query)))


@pytest.fixture(scope="module")
def faceted(app: Flask) -> str:
    """The list with most facets."""
    client = app.test_client()
    return max(classes(client), key=lambda path: len(facets(client, path)))


def test_every_list_is_its_query_and_its_csv(client: FlaskClient) -> None:
    for path in classes(client):
        page = client.get(f"{path}?lang=en", headers=HTML).text
        query = query_of(page)
        rows = select(client, query)
        head, *lines = records(client, f"{path}?lang=en")
        assert [row["thing"] for row in rows] == list(dict.fromkeys(row["thing"] for row in rows))
        assert {line[0] for line in lines} == {row["thing"] for row in rows}, path
        names = {row["thing"]: row.get("name") for row in rows}
        assert all(names[line[0]] in (line[1], None) for line in lines), path
        assert len({len(line) for line in (head, *lines)}) == 1
        links = [n for n, name in enumerate(head) if name.endswith(" (IRI)")]
        shown = [n for n in range(2, len(head)) if n not in links]
        by_thing = {row["thing"]: row for row in rows}
        for line in lines:
            for number, place in enumerate(shown[: columns_of(query)], start=1):
                if place + 1 in links:
                    told = by_thing[line[0]].get(f"column{number}", "")
                    assert sorted(told.split(" | ")) == sorted(line[place + 1].split(" | ")), (path, line[0])


def test_a_list_is_searched_by_acronyms_and_printed_names_too(client: FlaskClient) -> None:
    """``name_keys`` says which properties these are; the list's query finds the same."""
    for words in ("oim", "OIM", "IOM"):
        path = f"/browse/org:FormalOrganization?q={words}&lang=en"
        page = client.get(path, headers=HTML).text
        found = {line[0] for line in table(client, path)}
        assert any(iri.endswith("/id/organization/oim") for iri in found)
        assert {row["thing"] for row in select(client, query_of(page))} == found


def test_the_columns_are_what_shapes_call_key_information(client: FlaskClient) -> None:
    page = client.get("/browse/foaf:Person?lang=en", headers=HTML).text
    heads = [unescape(re.sub(r"<.*?>", "", head)).strip(" ▲▼") for head in re.findall(r'<th scope="col".*?</th>', page)]
    assert heads == ["Name", "organisation", "post"]
    assert "/doc/organization/" in page


def test_a_csv_tells_every_property_and_the_words_that_say_so(client: FlaskClient, release: Release) -> None:
    head, *lines = records(client, "/browse/mgo:Statement?lang=en")
    assert head[-2:] == ["Exact words", "Place in the source"]
    assert {"addressed to", "addressed to (IRI)"} <= set(head)  # The list itself has no such column.
    source = next(release.folder.glob("files/data/sources/*/*.txt")).read_text(encoding="utf-8")
    assert len(lines) > 100
    for *_, words, places in lines:
        for words_of_one, address in zip(words.split(" | "), places.split(" | "), strict=True):
            assert " ".join(words_of_one.split()) in " ".join(source.split())
            assert address.startswith(release.base_iri)
    (oim,) = [line for line in table(client, "/browse/org:FormalOrganization") if line[0].endswith("/organization/oim")]
    page = client.get("/doc/organization/oim", headers=HTML).text
    assert oim[-1].count(" | ") + 1 == page.count('<figure class="quote">') > 10
    where = urlsplit(lines[0][-1].split(" | ")[0])
    assert "<mark" in client.get(f"{where.path}?{where.query}", headers=HTML).text


def test_csv_is_rfc_4180_in_utf_8_and_in_the_readers_language(client: FlaskClient) -> None:
    path = "/browse/skos:Concept"
    texts = {language: client.get(f"{path}?format=csv&lang={language}") for language in LANGUAGES}
    for language, response in texts.items():
        assert response.content_type == "text/csv; charset=utf-8"
        assert response.headers["Content-Language"] == language
        assert response.data.decode("utf-8").endswith("\r\n")
    assert len({response.data for response in texts.values()}) == len(LANGUAGES)
    for language in LANGUAGES:
        for iri, name, *_ in table(client, f"{path}?lang={language}")[:5]:
            labels = select(client, f'SELECT ?l {{ <{iri}> <{SKOS}prefLabel> ?l FILTER (LANG(?l) = "{language}") }}')
            assert [row["l"] for row in labels] == [name]


def test_csv_is_negotiated(client: FlaskClient) -> None:
    response = client.get("/browse/skos:Concept", headers={"Accept": "text/csv", "Accept-Language": "es"})
    assert response.mimetype == "text/csv"
    assert {"Accept", "Accept-Language"} <= set(response.headers["Vary"].replace(" ", "").split(","))
    assert client.get("/browse/skos:Concept", headers=HTML).mimetype == "text/html"
    assert client.get("/browse/skos:Concept", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/browse/skos:Concept?format=turtle").status_code == 406


def test_the_counts_of_facets_are_what_choosing_gives(client: FlaskClient, faceted: str) -> None:
    offered = facets(client, faceted)
    assert len(offered) >= 3
    for name, options in offered.items():
        assert len(options) > 1
        for iri, count in options.items():
            assert len(table(client, f"{faceted}?{quote(name)}={quote(iri)}")) == count > 0, iri


def test_filters_combine(client: FlaskClient, faceted: str) -> None:
    (first, options), (second, _), *_ = facets(client, faceted).items()
    chosen = max(options, key=lambda iri: options[iri])
    narrowed = f"{faceted}?{quote(first)}={quote(chosen)}"
    one = {line[0] for line in table(client, narrowed)}
    for iri, count in facets(client, narrowed)[second].items():
        both = {line[0] for line in table(client, f"{narrowed}&{quote(second)}={quote(iri)}")}
        alone = {line[0] for line in table(client, f"{faceted}?{quote(second)}={quote(iri)}")}
        assert both == one & alone
        assert len(both) == count
    # What is chosen is still counted as if it were not: another value can be chosen instead.
    assert facets(client, narrowed)[first] == options


def test_a_filtered_list_is_its_query_too(client: FlaskClient, faceted: str) -> None:
    name, options = next(iter(facets(client, faceted).items()))
    chosen = max(options, key=lambda iri: options[iri])
    listed = table(client, faceted)
    word = max((word for line in listed for word in line[1].split()), key=len)
    for wish in (
        f"?{quote(name)}={quote(chosen)}",
        f"?q={quote(word)}",
        f"?{quote(name)}={quote(chosen)}&q={quote(word)}",
    ):
        rows = select(client, query_of(client.get(faceted + wish, headers=HTML).text))
        assert {row["thing"] for row in rows} == {line[0] for line in table(client, faceted + wish)}


@pytest.mark.parametrize(
    ("words", "same"), [("etat", "ÉTAT"), ("education", "éducation"), ("alliance pour", "pour  Alliance")]
)
def test_words_are_found_whatever_their_accents_and_order(client: FlaskClient, words: str, same: str) -> None:
    found = [
        {line[0] for path in classes(client) for line in table(client, f"{path}?lang=fr&q={quote(text)}")}
        for text in (words, same)
    ]
    assert found[0] == found[1] != set()


def sort_key(text: str) -> str:
    letters = str.maketrans("àâäáéèêëíîïìóôöòúûüùçñ", "aaaaeeeeiiiioooouuuucn")
    return re.sub(r"[^\w\s]|_", "", text.casefold().translate(letters)).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_sort_without_case_accents_and_signs(client: FlaskClient, language: str) -> None:
    names = [line[1] for line in table(client, f"/browse/skos:Concept?lang={language}")]
    assert names == sorted(names, key=sort_key)
    assert any(not name.isascii() for name in names)
    down = [line[1] for line in table(client, f"/browse/skos:Concept?lang={language}&sort=-name")]
    assert down == names[::-1]


def heads(page: str) -> Sequence[tuple[str | None, str]]:
    """The head of each column: ``aria-sort`` and the address that sorts by it."""
    found = re.findall(r'<th scope="col"(?: aria-sort="(\w+)")?><a [^>]*?href="([^"]*)"', page)
    return [(state or None, unescape(href)) for state, href in found]


def test_every_column_sorts_both_ways_and_the_empty_comes_last(client: FlaskClient, faceted: str) -> None:
    first = heads(client.get(faceted, headers=HTML).text)
    assert [state for state, _ in first] == ["ascending", *[None] * (len(first) - 1)]
    for place, (_, href) in enumerate(first[1:], start=1):
        up = client.get(href, headers=HTML).text
        assert [state for state, _ in heads(up)].index("ascending") == place
        assert [state for state, _ in heads(up)].count(None) == len(first) - 1
        head, *lines = records(client, href)
        columns = [n for n, name in enumerate(head) if n and not name.endswith(" (IRI)")]
        values = [sort_key(line[columns[place]].split(" | ")[0]) for line in lines]
        filled = [value for value in values if value]
        assert values == [*filled, *[""] * (len(values) - len(filled))]
        assert filled == sorted(filled)
        (down,) = [other for state, other in heads(up) if state]
        assert {line[0] for line in table(client, down)} == {line[0] for line in lines}
        again = [sort_key(line[columns[place]].split(" | ")[0]) for line in table(client, down)]
        assert again == [*sorted(filled, reverse=True), *[""] * (len(values) - len(filled))]


def test_pages_keep_the_wish_and_leave_nothing_out(client: FlaskClient) -> None:
    first = "/browse/skos:Concept?sort=-name&q=a&lang=fr"
    whole = [line[0] for line in table(client, first)]
    address: str | None = first
    seen: list[str] = []
    while address:
        page = client.get(address, headers=HTML).text
        rows = page.split('<th scope="row">')[1:]
        seen += [Text.values(row.partition("</th>")[0], "href")[0] for row in rows]
        following = re.search(r'<a rel="next" href="([^"]*)"', page)
        address = unescape(following[1]) if following else None
    assert len(seen) == len(whole) > 50
    assert [href.partition("?")[0].removeprefix("/doc/") for href in seen] == [
        iri.partition("/id/")[2] for iri in whole
    ]


@pytest.mark.parametrize("path", ["?sort=nothing", "?sort=skos:prefLabel", "?page=999", "?q=a&page=0"])
def test_what_no_list_has_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(f"/browse/skos:Concept{path}").status_code == 404


@pytest.mark.parametrize("text", ['" } INSERT', "\\", "'''", "?thing", "<x>", "%", "ﬁ", "\u0000"])
def test_hostile_words_are_only_words(client: FlaskClient, text: str) -> None:
    response = client.get(f"/browse/skos:Concept?q={quote(text)}", headers=HTML)
    assert response.status_code == 200
    assert get(client, query_of(response.text), "text/csv").status_code == 200


def test_a_choice_that_nothing_has_gives_an_empty_list(client: FlaskClient, faceted: str) -> None:
    name = next(iter(facets(client, faceted)))
    response = client.get(f"{faceted}?{quote(name)}=https://example.org/nothing", headers=HTML)
    assert response.status_code == 200
    assert "<table" not in response.text
    assert table(client, f"{faceted}?{quote(name)}=https://example.org/nothing") == []


FORMULAS = ["=1+1", "+1-555 plus", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1"]
PLAIN = ["-5", "+5.25", "-1e-3", "1=1", "a-b", "'=1", "–"]


def test_no_cell_of_a_table_for_people_is_run_as_a_formula(tmp_path: Path) -> None:
    """Cells as https://owasp.org/www-community/attacks/CSV_Injection lists them; answers to queries stay exact."""
    data = Graph()
    for number, label in enumerate((*FORMULAS, *PLAIN)):
        thing = URIRef(f"http://data.example/{number}")
        data.add((thing, RDF.type, URIRef("http://data.example/Thing")))
        data.add((thing, RDFS.label, Literal(label)))
    data.serialize(tmp_path / "things.ttl")
    settings = load_settings(tmp_path, reasoner="never")
    app = create_app(settings, build(settings))
    try:
        client = app.test_client()
        (path,) = (path for path in classes(client) if path.endswith("Thing"))
        expected = sorted(["'" + text for text in FORMULAS] + PLAIN)
        assert sorted(line[1] for line in table(client, path)) == expected
        found = list(csv.DictReader(StringIO(client.get("/search?q=SUM&format=csv").text, newline="")))
        assert [line["label"] for line in found] == ["'@SUM(A1)"]
        assert client.get("/search?q=SUM").get_json()["results"][0]["label"] == "@SUM(A1)"
        labels = "SELECT ?label { ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?label . ?thing a ?kind }"
        exact = list(csv.reader(StringIO(get(client, labels, "text/csv").text, newline="")))
        assert {*FORMULAS, *PLAIN} <= {text for (text,) in exact}
    finally:
        app.extensions[EXTENSION].pool.close()
