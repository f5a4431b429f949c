"""The exact words under what refers to a thing, over HTTP; what they must be is computed from the dump."""

import re
from collections import defaultdict
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from unicodedata import normalize
from urllib.parse import urldefrag

import pytest
from conftest import RunCommand
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, RdfFormat
from pyoxigraph import parse as parse_rdf
from test_new_document import make
from test_reading import read

from publisher.core.release import Release, open_release
from publisher.core.settings import load_settings
from publisher.core.terms import DCTERMS, OA
from publisher.web.app import create_app

PAGES = ["person/louise-arbour", "person/william-lacy-swing", "organization/oim", "event/idm-2018-1", "place/new-york"]
MORE = re.compile(r'<a href="([^"]*)">and (one|\d+) more</a>')


@dataclass(frozen=True)
class Quote:
    """A quote of the dump, in the order of its source."""

    source: str
    start: int
    exact: str
    language: str


def quotes_by_thing(release: Release) -> dict[str, list[Quote]]:
    """IRI → the quotes that it leads to."""
    said: dict[NamedNode, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse_rdf(path=str(release.folder / "dumps" / "dataset.nq"), format=RdfFormat.N_QUADS):
        if isinstance(quad.subject, NamedNode) and quad.object not in (
            known := said[quad.subject][quad.predicate.value]
        ):
            known.append(quad.object)

    def literal(node: NamedNode, name: str) -> str:
        found = [value.value for value in said[node][name] if isinstance(value, Literal)]
        return found[0] if found else ""

    def quote(node: NamedNode) -> Quote:
        parts = [part for part in said[node][OA + "hasSelector"] if isinstance(part, NamedNode)]
        [exact] = {text for part in parts if (text := literal(part, OA + "exact"))}
        [start] = {text for part in parts if (text := literal(part, OA + "start"))}
        [source] = {part.value for part in said[node][OA + "hasSource"] if isinstance(part, NamedNode)}
        return Quote(source, int(start), exact, literal(node, DCTERMS + "language"))

    quotes = {node: quote(node) for node in list(said) if said[node].get(OA + "hasSelector")}
    found = {
        node.value: {quotes[value] for values in facts.values() for value in values if value in quotes}  # type: ignore[index]
        for node, facts in said.items()
    }
    return {node: sorted(each, key=lambda one: (one.source, one.start)) for node, each in found.items() if each}


@pytest.fixture(scope="module")
def expected(release: Release) -> dict[str, list[Quote]]:
    return quotes_by_thing(release)


def items(page: str) -> list[tuple[str, str, str]]:
    """What refers to the thing of a page: where it is described, its name, and the HTML after it."""
    related = page.partition('id="related"')[2].partition("</section>")[0].partition('class="pager"')[0]
    found = []
    for item in re.findall(r"<li>\s*(<a.*?)</li>", related.partition("<h3")[2], re.S):
        href, name, rest = re.fullmatch(r'<a href="([^"?]*)[^>]*>(.*?)</a>(.*)', item, re.S).groups()  # type: ignore[union-attr]
        found.append((href, unescape(name), rest.strip()))
    return found


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, normalize("NFKD", text.casefold())))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_what_refers_to_a_thing_shows_the_words_that_say_so(
    client: FlaskClient, release: Release, expected: dict[str, list[Quote]], path: str, language: str
) -> None:
    shown = items(client.get(f"/doc/{path}.html?lang={language}").text)
    assert shown
    with_words = 0
    for href, name, rest in shown:
        quotes = expected.get(release.base_iri + "id/" + href.removeprefix("/doc/"))
        if not quotes:
            assert not rest, (href, rest)
            continue
        first = quotes[0]
        assert f"mark={first.start}-{first.start + len(first.exact)}" in rest
        words = re.search(r'<q lang="([^"]*)">(.*?)</q>', rest, re.S)
        if words is None:
            assert language == first.language
            assert letters(name) == letters(first.exact)
            continue
        with_words += 1
        assert words[1] == first.language
        assert first.exact.startswith(unescape(words[2]).removesuffix(" …"))
        if language == "en":
            more = MORE.search(rest)
            assert (len(quotes) - 1) == (0 if more is None else 1 if more[2] == "one" else int(more[2]))
    assert with_words or path.startswith("place")


def test_long_words_are_cut_between_words(
    client: FlaskClient, release: Release, expected: dict[str, list[Quote]]
) -> None:
    base = release.base_iri + "id/statement/"
    iri = next(iri for iri, quotes in sorted(expected.items()) if iri.startswith(base) and len(quotes[0].exact) > 400)
    own = f"/doc/statement/{iri.removeprefix(base)}"
    about = re.findall(r'href="(/doc/[^"?]*)', client.get(own + ".html").text.partition('id="facts"')[2])
    pages = (items(client.get(f"{href}.html?lang=en").text) for href in dict.fromkeys(about))
    rest = next(rest for page in pages for href, _, rest in page if href == own)
    [words] = re.findall(r"<q[^>]*>(.*?) …</q>", rest)
    assert 250 < len(unescape(words)) <= 300
    assert expected[iri][0].exact.startswith(unescape(words) + " ")


def test_the_link_lands_where_the_words_stand(client: FlaskClient) -> None:
    shown = [rest for _, _, rest in items(client.get("/doc/person/louise-arbour.html?lang=en").text)]
    assert len(shown) > 20
    for rest in shown[::10]:
        [words] = re.findall(r"<q[^>]*>(.*?)</q>", rest)
        address, anchor = urldefrag(unescape(re.findall(r'href="([^"]*mark=[^"]*)"', rest)[0]))
        there = read(client.get(address, headers={"Accept": "text/html"}).text)
        assert there.text[there.anchors[anchor] :].startswith(unescape(words))
        assert "".join(there.text[start:end] for start, end in there.marked) == unescape(words)


def test_more_words_are_a_link_away(client: FlaskClient, expected: dict[str, list[Quote]], release: Release) -> None:
    page = client.get("/doc/person/louise-arbour.html?lang=en").text
    href, _ = MORE.search(page.partition('id="related"')[2]).groups()  # type: ignore[union-attr]
    address, anchor = urldefrag(unescape(href))
    there = client.get(address, headers={"Accept": "text/html"}).text
    assert f'id="{anchor}"' in there
    quotes = expected[release.base_iri + "id/" + address.partition("?")[0].removeprefix("/doc/")]
    assert there.count('<figure class="quote">') == len(quotes) > 1


def test_long_lists_are_folded_and_short_ones_are_not(client: FlaskClient) -> None:
    page = client.get("/doc/person/louise-arbour.html?lang=en").text.partition('id="related"')[2]
    lists = re.findall(r'<ul class="things">(.*?)</ul>', page.partition("</section>")[0], re.S)
    assert {len(re.findall("<li>", one)) > 10 for one in lists} == {True, False}
    for one in lists:
        assert ("<details" in one) == (len(re.findall("<li>", one)) > 10)


def test_facts_say_in_how_many_places_their_words_stand(
    client: FlaskClient, expected: dict[str, list[Quote]], release: Release
) -> None:
    for path in PAGES:
        facts = client.get(f"/doc/{path}.html?lang=en").text.partition('id="facts"')[2].partition("</section>")[0]
        places = len(expected[f"{release.base_iri}id/{path}"])
        said = "in one place" if places == 1 else f"in {places} places"
        assert f'<a href="#words">The exact words for these facts stand {said}.</a>' in facts
        assert "<q" not in facts


def test_a_shortcut_leads_to_what_it_follows_from(client: FlaskClient, release: Release) -> None:
    """To a thing that states itself that it has to do with both ends."""
    page = client.get("/doc/person/louise-arbour.html?lang=en").text
    pattern = r'<a href="/doc/([^"?]*)[^>]*>[^<]*</a>\s*<p class="says">Follows from: <a href="/doc/([^"?]*)'
    found = re.findall(pattern, page.partition('id="facts"')[2].partition("</section>")[0])
    assert len(found) > 3
    base, inferred = release.base_iri + "id/", NamedNode(release.base_iri + "id/graph/inferred")
    dump = parse_rdf(path=str(release.folder / "dumps" / "dataset.nq"), format=RdfFormat.N_QUADS)
    stated = {(quad.subject, quad.object) for quad in dump if quad.graph_name != inferred}
    for value, between in found:
        for end in (value, "person/louise-arbour"):
            assert (NamedNode(base + between), NamedNode(base + end)) in stated


def test_a_quote_does_not_repeat_itself(client: FlaskClient) -> None:
    page = client.get("/doc/person/louise-arbour.html?lang=en").text
    quote = re.findall(r'href="(/doc/quote/[^"]*)"', page)[0]
    shown = client.get(quote, headers={"Accept": "text/html"}).text
    assert items(shown)
    assert 'class="says"' not in shown


LONG = "A word or two. " * 6_000 + "\n\nBen and Ada stayed in the North Garden.\n"
FACTS = """\
"@context": ../../../ontology/context.jsonld
"@graph":
  - id: gardener/ben
    tends: garden/north
    quote: Ben and Ada stayed in the North Garden.
"""


def test_another_ontology_shows_its_words_too_and_the_right_page_of_a_long_text(
    publisher: RunCommand, project: Path
) -> None:
    assert make(publisher, project, text=LONG)[0] == 0
    (project / "data" / "facts" / "letter.en" / "facts.yaml").write_text(FACTS, encoding="utf-8")
    assert publisher("build", "--project", project).returncode == 0
    settings = load_settings(project)
    client = create_app(settings, open_release(settings.releases_folder)).test_client()
    tended = {name: rest for _, name, rest in items(client.get("/doc/garden/north.html?lang=en").text)}
    assert '<q lang="en">Ada grows roses in the North Garden.</q>' in tended["Ada"]
    assert ">and one more<" in tended["Ada"]
    assert '<q lang="en">Ben and Ada stayed in the North Garden.</q>' in tended["Ben"]
    about_ada = {name: rest for _, name, rest in items(client.get("/doc/gardener/ada.html?lang=en").text)}
    assert about_ada["A note on gardens"] == ""

    address, anchor = urldefrag(unescape(re.findall(r'href="([^"]*mark=[^"]*)"', tended["Ben"])[0]))
    there = client.get(address, headers={"Accept": "text/html"}).text
    assert f'id="{anchor}"' in there
    [marked] = re.findall("<mark>(.*?)</mark>", there)
    assert re.sub("<[^>]+>", "", marked) == "Ben and Ada stayed in the North Garden."
