"""Citations over HTTP, read by other programs' parsers; and a page as a query."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import bibtexparser
import pytest
import rispy
from asking import select
from bibtexparser.middlewares import LatexDecodingMiddleware
from flask.testing import FlaskClient
from test_entities import BROWSER, Text

from publisher.core.formats import CITATION_FORMATS, Format
from publisher.core.release import Release
from publisher.core.terms import DCTERMS, SKOS, VOID

HTML = {"Accept": BROWSER}


@pytest.fixture
def things(client: FlaskClient, release: Release) -> list[dict[str, str]]:
    """Some things with their names in French, those with the hardest signs first."""
    rows = select(
        client,
        f"""SELECT ?iri ?name {{
            ?iri <{SKOS}prefLabel> ?name
            FILTER (LANG(?name) = "fr" && STRSTARTS(STR(?iri), "{release.base_iri}id/"))
        }} ORDER BY ?iri""",
    )
    return sorted(rows, key=lambda row: -len(re.sub(r"[\w\s]", "", row["name"])))[:12]


def cited(client: FlaskClient, iri: str, name: str) -> str:
    response = client.get(f"/cite?iri={quote(iri, safe='')}&format={name}&lang=fr")
    assert response.status_code == 200
    return response.text


def told(client: FlaskClient, prop: str) -> str:
    """What the dataset says of itself in French, or in no language."""
    rows = select(
        client, f"""SELECT ?v {{ ?d a <{VOID}Dataset> ; <{prop}> ?v FILTER (LANG(?v) IN ("fr", "") || isIRI(?v)) }}"""
    )
    return rows[0]["v"]


def test_bibtex(client: FlaskClient, release: Release, things: list[dict[str, str]]) -> None:
    for row in things:
        library = bibtexparser.parse_string(
            cited(client, row["iri"], "bibtex"), append_middleware=[LatexDecodingMiddleware()]
        )
        assert not library.failed_blocks
        (entry,) = library.entries
        fields = {name: str(field.value) for name, field in entry.fields_dict.items()}
        assert _plain(fields["title"]) == _plain(row["name"])
        assert _plain(fields["howpublished"]) == _plain(told(client, DCTERMS + "title"))
        assert fields["url"] == row["iri"]
        assert release.id in fields["note"]
        assert told(client, DCTERMS + "license") in fields["note"]
        assert entry.key.isascii()


def _plain(text: str) -> str:
    """TeX writes a no-break space and a space after a command alike, and quotation marks by their commands."""
    return re.sub(r"\W", "", text)


def test_ris(client: FlaskClient, release: Release, things: list[dict[str, str]]) -> None:
    for row in things:
        (record,) = rispy.loads(cited(client, row["iri"], "ris"))
        assert record["type_of_reference"] == "DATA"
        assert record["title"] == " ".join(row["name"].split())
        assert record["secondary_title"] == told(client, DCTERMS + "title")
        assert record["urls"] == [row["iri"]]
        assert release.id in record["edition"]
        assert record["notes"] == [told(client, DCTERMS + "license")]


def test_csl_json(client: FlaskClient, release: Release, things: list[dict[str, str]]) -> None:
    for row in things:
        (item,) = json.loads(cited(client, row["iri"], "csl"))
        assert item["type"] == "dataset"
        assert item["title"] == row["name"]
        assert item["container-title"] == told(client, DCTERMS + "title")
        assert item["URL"] == row["iri"]
        assert release.id in item["version"]
        assert item["license"] == told(client, DCTERMS + "license")


def test_text_is_what_the_page_shows(client: FlaskClient, release: Release, things: list[dict[str, str]]) -> None:
    for row in things[:4]:
        text = cited(client, row["iri"], "text").strip()
        assert row["name"].rstrip(".") in text
        assert text.endswith(row["iri"])
        assert release.id in text
        page = client.get(row["iri"].replace(release.base_iri + "id/", "/doc/") + "?lang=fr", headers=HTML).text
        shown = re.search(r'<p id="citation">(.*?)</p>', page)
        assert shown
        assert unescape(shown[1]) == text


@pytest.mark.parametrize("chosen", CITATION_FORMATS, ids=lambda chosen: chosen.name)
def test_every_format_is_linked_negotiated_and_a_file(
    client: FlaskClient, release: Release, things: list[dict[str, str]], chosen: Format
) -> None:
    iri = things[0]["iri"]
    page = client.get(iri.replace(release.base_iri + "id/", "/doc/"), headers=HTML).text
    (link,) = [
        href
        for href in Text.values(page, "href")
        if href.startswith("/cite?") and href.endswith(f"format={chosen.name}")
    ]
    followed = client.get(link)
    negotiated = client.get(f"/cite?iri={quote(iri, safe='')}", headers={"Accept": chosen.media_type})
    assert followed.content_type == negotiated.content_type == chosen.content_type
    assert followed.data == negotiated.data
    assert "Accept" in negotiated.headers["Vary"]
    disposition = followed.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert disposition.strip('"').endswith(f".{chosen.suffix}")


def test_the_dataset_itself_is_cited(client: FlaskClient) -> None:
    (row,) = select(client, f"SELECT ?d {{ ?d a <{VOID}Dataset> }}")
    (item,) = json.loads(cited(client, row["d"], "csl"))
    assert item["title"] == told(client, DCTERMS + "title")
    assert "container-title" not in item


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("?iri=", 400), ("?iri=nothing", 404), ("?iri=https://example.org/nothing", 404)],
)
def test_what_cannot_be_cited(client: FlaskClient, query: str, status: int) -> None:
    assert client.get("/cite" + query).status_code == status


def test_a_format_that_there_is_not_is_406(client: FlaskClient, things: list[dict[str, str]]) -> None:
    assert client.get(f"/cite?iri={quote(things[0]['iri'], safe='')}&format=endnote").status_code == 406


def test_a_page_is_a_query(client: FlaskClient, release: Release, things: list[dict[str, str]]) -> None:
    for row in things[:3]:
        page = client.get(row["iri"].replace(release.base_iri + "id/", "/doc/"), headers=HTML).text
        (link,) = [href for href in Text.values(page, "href") if href.startswith("/sparql?query=")]
        rows = select(client, parse_qs(urlsplit(link).query)["query"][0])
        names = {one["value"] for one in rows if one["property"] == SKOS + "prefLabel"}
        assert row["name"] in names
        assert {one["direction"] for one in rows} <= {"of it", "points to it"}


def test_a_person_page_tells_what_follows_at_once(client: FlaskClient, release: Release) -> None:
    """What the ontology makes of a chain of properties stands first among the facts, marked as inferred."""
    graph = release.base_iri + "id/graph/inferred"
    rows = select(
        client,
        f"""PREFIX org: <http://www.w3.org/ns/org#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        SELECT ?person ?post {{ ?person a foaf:Person . GRAPH <{graph}> {{ ?person org:holds ?post }} }}
        ORDER BY ?person LIMIT 4""",
    )
    assert rows
    for row in rows:
        page = client.get(row["person"].replace(release.base_iri + "id/", "/doc/") + "?lang=en", headers=HTML).text
        facts = page.partition('<dl class="facts">')[2].partition("</dl>")[0]
        first = facts.partition("foaf/0.1/givenName")[0]
        assert row["post"].replace(release.base_iri + "id/", "/doc/") in {
            href.partition("?")[0] for href in Text.values(first, "href")
        }
        assert '<span class="tag">inferred</span>' in first


def test_every_definition_belongs_to_one_name(
    client: FlaskClient, release: Release, things: list[dict[str, str]]
) -> None:
    page = client.get(things[0]["iri"].replace(release.base_iri + "id/", "/doc/"), headers=HTML).text
    described = Text.values(page, "aria-describedby")
    ids = Text.values(page, "id")
    assert len(ids) == len(set(ids))
    assert len(described) == len(set(described)) > 3
    assert set(described) <= set(ids)
