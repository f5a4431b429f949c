"""A source as a reading view, and quotes within their paragraphs, over HTTP."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urldefrag

import pytest
from asking import select
from flask.testing import FlaskClient
from test_entities import BROWSER, Text

from publisher.core.release import Release
from publisher.core.terms import OA
from publisher.web.compression import CODINGS

HTML = {"Accept": BROWSER}
BLOCK = re.compile(
    r'<(?P<tag>p|h3) id="p(?P<number>\d+)"[^>]*?(?: lang="(?P<language>[^"]*)")?>(?P<body>.*?)</(?P=tag)>', re.S
)
QUOTES = f"""SELECT ?quote ?source ?exact ?start ?end {{
    ?quote <{OA}hasSource> ?source ; <{OA}hasSelector> ?words, ?position .
    ?words <{OA}exact> ?exact . ?position <{OA}start> ?start ; <{OA}end> ?end
}} ORDER BY ?source ?start"""


class Marked(HTMLParser):
    """The words on which each link and mark stands, and where each anchor is, in characters of the text."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.links: list[tuple[int, int, str]] = []
        self.anchors: dict[str, int] = {}
        self.marked: list[tuple[int, int]] = []
        self._open: list[tuple[str, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if told.get("id"):
            self.anchors[told["id"] or ""] = len(self.text)
        self._open.append((tag, len(self.text), told.get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        opened, start, href = self._open.pop()
        assert opened == tag
        if tag == "a":
            self.links.append((start, len(self.text), href))
        if tag == "mark":
            self.marked.append((start, len(self.text)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Marked:
    """The text of the reading view; its paragraphs are a space apart."""
    parsed = Marked()
    for number, block in enumerate(BLOCK.finditer(page)):
        parsed.feed((" " if number else "") + block["body"])
    parsed.close()
    return parsed


@pytest.fixture
def quotes(client: FlaskClient) -> list[dict[str, str]]:
    """The quotes of one source by their start."""
    rows = select(client, QUOTES)
    return [row for row in rows if row["source"] == rows[0]["source"]]


@pytest.fixture
def source(release: Release, quotes: list[dict[str, str]]) -> str:
    """The address of that source."""
    return "/doc/" + quotes[0]["source"].removeprefix(release.base_iri + "id/")


@pytest.fixture
def text(client: FlaskClient, quotes: list[dict[str, str]]) -> str:
    """The text of that source, as its data has it."""
    rows = select(client, f"SELECT ?text {{ <{quotes[0]['source']}> ?property ?text }}")
    return max((row["text"] for row in rows), key=len)


def whole(client: FlaskClient, source: str, **asked: str) -> str:
    """The page of a source with the text of all its pages."""
    pages: list[tuple[str, ...]] = []
    while not pages or 'rel="next"' in pages[-1][2].partition("</section>")[0]:
        parameters = {**asked, "page": str(len(pages) + 1)}
        page = client.get(source, query_string=parameters, headers=HTML).text
        head, opening, rest = page.partition('<div class="source-text">')
        body, closing, tail = rest.partition("\n</div>\n<nav" if "\n</div>\n<nav" in rest else "\n</div>\n</section>")
        pages.append((head + opening, body, closing + tail))
    assert len(pages) > 1
    return pages[0][0] + "".join(body for _, body, _ in pages) + pages[0][2]


def supported(client: FlaskClient, quote: str) -> list[str]:
    """What rests on a quote, by what the same document says."""
    rows = select(
        client,
        f"SELECT DISTINCT ?fact {{ GRAPH ?g {{ <{quote}> <{OA}hasSource> ?s . ?fact ?p <{quote}> ; a ?kind }} }}",
    )
    return [row["fact"] for row in rows if "#" not in row["fact"]]


def test_the_whole_text_stands_in_paragraphs_in_its_language(client: FlaskClient, source: str, text: str) -> None:
    page = whole(client, source, lang="en")
    blocks = list(BLOCK.finditer(page))
    assert [int(block["number"]) for block in blocks] == list(range(1, len(blocks) + 1))
    assert len(blocks) > 20
    assert {block["language"] for block in blocks} == {"fr"}
    assert read(page).text == text
    headings = [unescape(re.sub("<[^>]+>", "", block["body"])) for block in blocks if block["tag"] == "h3"]
    assert headings == ["Conclusion"]


def test_every_quote_is_linked_to_what_it_supports(
    client: FlaskClient, release: Release, source: str, quotes: list[dict[str, str]]
) -> None:
    page = whole(client, source)
    parsed = read(page)
    spans = [(int(row["start"]), int(row["end"]), row["quote"]) for row in quotes]
    for start, end, quote in spans:
        assert parsed.anchors[f"c{start}"] == start
        within = [href for first, last, href in parsed.links if start <= first and last <= end]
        assert within, quote
    covering: dict[tuple[int, int], list[str]] = {
        (first, last): [q for _, q in sorted((e - s, q) for s, e, q in spans if s <= first and last <= e)]
        for first, last, _ in parsed.links
    }
    for first, last, href in parsed.links[:60]:
        shortest = covering[first, last][0]
        facts = supported(client, shortest)
        target = facts[0] if len(facts) == 1 else shortest
        assert href == target.replace(release.base_iri + "id/", "/doc/")
    listed = set(Text.values(page.partition('class="source-text"')[2], "href"))
    for _, _, quote in spans[:60]:
        assert {fact.replace(release.base_iri + "id/", "/doc/") for fact in supported(client, quote)} <= listed


def layers(page: str) -> dict[str, tuple[int, bool]]:
    """Layer → how many facts it has, and whether it is shown."""
    form = page.partition('<form class="layers"')[2].partition("</form>")[0]
    found = re.findall(r'name="layer" value="([^"]+)"( checked)?>.*?class="count">([^<]+)<', form, re.S)
    return {name: (int(re.sub(r"\D", "", count)), bool(checked)) for name, checked, count in found}


def test_layers_show_only_the_quotes_of_their_kind(client: FlaskClient, release: Release, source: str) -> None:
    page = whole(client, source)
    offered = layers(page)
    assert len(offered) > 3
    assert all(checked for _, checked in offered.values())
    entire = read(page).text
    for name, (count, _) in list(offered.items())[:5]:
        narrowed = whole(client, source, layer=name)
        assert {layer for layer, (_, checked) in layers(narrowed).items() if checked} == {name}
        assert read(narrowed).text == entire
        things = narrowed.partition('class="source-text"')[2].partition("<h2")[0]
        listed = {
            href
            for part in things.split("<details>")[1:]
            for href in Text.values(part.partition("</details>")[0], "href")
        }
        prefix, _, local = name.partition(":")
        kind = release.prefixes[prefix] + local
        assert len(listed) == count
        stated = {row["x"] for row in select(client, f"SELECT DISTINCT ?x {{ ?x a <{kind}> }}")}
        assert {release.base_iri + "id/" + href.removeprefix("/doc/") for href in listed} <= stated
    two = list(offered)[:2]
    both = client.get(f"{source}?layer={two[0]}&layer={two[1]}", headers=HTML).text
    assert {layer for layer, (_, checked) in layers(both).items() if checked} == set(two)


@pytest.mark.parametrize(
    "asked", ["?layer=x:y", "?mark=a-b", "?mark=9-1", "?page=999", "?page=0", "?page=x", "?layer="]
)
def test_what_there_is_not_is_left_alone(client: FlaskClient, source: str, text: str, asked: str) -> None:
    response = client.get(source + asked, headers=HTML)
    assert response.status_code == 200
    shown = read(response.text).text
    assert len(shown) > len(text) / 3
    assert shown in text


def test_a_fact_shows_its_words_in_their_paragraph_and_leads_to_the_place(
    client: FlaskClient, release: Release, quotes: list[dict[str, str]], text: str
) -> None:
    single = 0
    for row in quotes[::80]:
        for fact in supported(client, row["quote"])[:2]:
            page = client.get(fact.replace(release.base_iri + "id/", "/doc/") + "?lang=es", headers=HTML).text
            marked = [unescape(words) for words in re.findall(r"<mark>(.*?)</mark>", page)]
            assert row["exact"] in marked
            paragraph = next(
                p for p in re.findall(r"<p[^>]*>(.*?)</p>", page, re.S) if f"<mark>{row['exact']}" in unescape(p)
            )
            assert unescape(re.sub("<[^>]+>", "", paragraph)).strip("… ") in text
            assert len(paragraph) > len(row["exact"])
            places = [href for href in Text.values(page, "href") if f"mark={row['start']}-{row['end']}" in href]
            assert places
            single += 1
            if single > 4:
                continue  # The page of the whole text is the slowest.
            address, anchor = urldefrag(places[0])
            there = read(client.get(address, headers=HTML).text)
            assert there.anchors[anchor] + text.index(there.text) == int(row["start"])
            assert "".join(there.text[start:end] for start, end in there.marked) == row["exact"]
    assert single > 4


def test_a_quote_is_marked_in_its_paragraph(
    client: FlaskClient, release: Release, quotes: list[dict[str, str]]
) -> None:
    row = quotes[len(quotes) // 2]
    page = client.get(row["quote"].replace(release.base_iri + "id/", "/doc/"), headers=HTML).text
    assert [unescape(words) for words in re.findall(r"<mark>(.*?)</mark>", page)] == [row["exact"]]
    assert any(f"mark={row['start']}-{row['end']}" in href for href in Text.values(page, "href"))


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_page_is_bounded(client: FlaskClient, source: str, language: str, coding: str) -> None:
    """A long text comes in pages, each less than 60 kB on its way."""
    pages = [
        client.get(f"{source}?lang={language}&page={n}", headers={**HTML, "Accept-Encoding": coding}) for n in (1, 2)
    ]
    assert all(page.headers["Content-Encoding"] == coding and 10_000 < len(page.data) < 60_000 for page in pages)
