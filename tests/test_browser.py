"""Pages in a real browser: without JavaScript, at any width, and free of accessibility violations."""

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, sync_playwright

from publisher.core.release import Release
from publisher.core.terms import OA, SKOS, VOID

LANGUAGES = ("en", "fr", "es")
QUERY = f"SELECT ?concept ?name {{ ?concept a <{SKOS}Concept> ; <{SKOS}prefLabel> ?name }} ORDER BY ?concept LIMIT 5"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert executable, "Chromium is needed for these tests."
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def kinds_of_page(release: Release) -> dict[str, str]:
    """One address of each kind of page."""
    quads = (release.folder / "dumps" / "dataset.nq").read_text(encoding="utf-8").splitlines()

    def first(predicate: str, position: int) -> str:
        iri = next(line.split(" ")[position] for line in quads if line.split(" ")[1] == f"<{predicate}>")
        return iri.strip("<>").replace(release.base_iri + "id/", "doc/")

    return {
        "home": "",
        "browse": "browse/",
        "list": "browse/skos:Concept",
        "query": "sparql",
        "syntax error": "sparql?query=SELECT%20*%20%7B%0A%20%20?s%20?p%20===%20?o%0A%7D",
        "ontology": "ontology",
        "downloads": "dumps/",
        "about": "about",
        "quality": "quality",
        "problems": "problems",
        "nothing": "doc/nothing-here",
        "concept": first(SKOS + "inScheme", 0),
        "scheme": first(SKOS + "inScheme", 2),
        "quote": first(OA + "hasSource", 0),
        "source": first(OA + "hasSource", 2),
        "dataset": first(VOID + "sparqlEndpoint", 0),
        "foreign": "describe?iri=" + SKOS.replace("#", "%23") + "Concept",
    }


KINDS = (
    "home", "browse", "list", "query", "syntax error", "ontology", "downloads", "about", "quality", "problems",
    "nothing", "concept", "scheme", "quote", "source", "dataset", "foreign",
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
    link = rows.first.get_by_role("link").first
    name = link.inner_text()
    link.click()
    assert page.url.startswith(server + "doc/")
    assert name in page.locator(".iri").inner_text()
    page.get_by_role("link", name="español").click()
    assert page.locator("html").get_attribute("lang") == "es"
    page.get_by_role("link", name="Inicio").first.click()
    assert page.locator("html").get_attribute("lang") == "es"
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(
    browser: Browser, server: str, kinds_of_page: dict[str, str], kind: str, language: str
) -> None:
    """Every rule in light colours; in dark ones, which change nothing else, the rules about colours."""
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    failures: list[str] = []
    page.on("console", lambda message: failures.append(message.text) if "Content Security" in message.text else None)
    path = kinds_of_page[kind]
    page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang={language}")
    light = Axe().run(page)
    page.emulate_media(color_scheme="dark")
    dark = Axe().run(page, options={"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    context.close()
    assert light.violations_count == 0, light.generate_report()
    assert dark.violations_count == 0, dark.generate_report()
    assert not failures


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
