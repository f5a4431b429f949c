"""Pages in a real browser: without JavaScript, at any width, and free of accessibility violations."""

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, sync_playwright

from publisher.core.release import Release
from publisher.core.terms import OA, SKOS

LANGUAGES = ("en", "fr", "es")
SCHEMES = ("light", "dark")
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
        iri = next(line.split(" ")[position] for line in quads if f"<{predicate}>" in line)
        return iri.strip("<>").replace(release.base_iri + "id/", "doc/")

    return {
        "home": "",
        "browse": "browse/",
        "list": "browse/skos:Concept",
        "query": "sparql",
        "ontology": "ontology",
        "downloads": "dumps/",
        "about": "about",
        "report": "report",
        "problems": "problems",
        "nothing": "doc/nothing-here",
        "concept": first(SKOS + "inScheme", 0),
        "scheme": first(SKOS + "inScheme", 2),
        "quote": first(OA + "hasSource", 0),
        "source": first(OA + "hasSource", 2),
        "foreign": "describe?iri=" + SKOS.replace("#", "%23") + "Concept",
    }


KINDS = (
    "home", "browse", "list", "query", "ontology", "downloads", "about", "report", "problems", "nothing",
    "concept", "scheme", "quote", "source", "foreign",
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


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(
    browser: Browser, server: str, kinds_of_page: dict[str, str], kind: str, language: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    failures: list[str] = []
    page.on("console", lambda message: failures.append(message.text) if "Content Security" in message.text else None)
    path = kinds_of_page[kind]
    page.goto(f"{server}{path}{'&' if '?' in path else '?'}lang={language}")
    found = Axe().run(page)
    context.close()
    assert found.violations_count == 0, found.generate_report()
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


def test_the_first_tab_stop_skips_to_the_content(browser: Browser, server: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(server)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    context.close()
