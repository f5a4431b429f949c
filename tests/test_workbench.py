"""The query page: as a form, as an editor in a real browser, and what can be taken away from it."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from asking import get
from axe import violations
from conftest import BASE, ROOT, clean_page
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from publisher.core.release import Release
from publisher.core.terms import SKOS
from publisher.web.examples import examples
from publisher.web.results import ROWS_SHOWN
from publisher.web.snippets import TOOLS
from publisher.web.workbench import LONGEST_ADDRESS

STATIC = ROOT / "publisher" / "web" / "static"
SOURCES = ROOT / "workbench"
BUNDLES = ("workbench", "pictures")
LANGUAGES = {"en": "SPARQL query", "fr": "Requête SPARQL", "es": "Consulta SPARQL"}
SCHEMES = (
    f"PREFIX skos: <{SKOS}>\n"
    "SELECT ?scheme (COUNT(*) AS ?n) { ?c skos:inScheme ?scheme } GROUP BY ?scheme ORDER BY ?scheme"
)
WRONG = "SELECT * {\n  ?s ?p ?o .\n  ?s === ?o\n}"
NASTY = """SELECT ?x ('its "x" \\\\ $HOME `y` é 𝒳' AS ?y) { VALUES ?x { 1 2 } }"""
GRAPH = f"CONSTRUCT {{ ?c <{SKOS}inScheme> ?s }} {{ ?c <{SKOS}inScheme> ?s }} ORDER BY ?c LIMIT 3"


def shown(client: FlaskClient, query: str, **parameters: str) -> str:
    response = get(client, query, "text/html", **parameters)
    assert response.status_code == 200, response.text
    return response.text


def code_of(page: str) -> dict[str, str]:
    return {
        name: unescape(code) for name, code in re.findall(r'<code id="code-(\w+)"[^>]*>(.*?)</code>', page, re.DOTALL)
    }


# --- the bundle -----------------------------------------------------------------------------------


def test_the_bundle_is_built_from_these_sources() -> None:
    files = [SOURCES / "build.mjs", SOURCES / "package-lock.json", *sorted((SOURCES / "src").iterdir())]
    expected = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    for name in BUNDLES:
        banner = (STATIC / f"{name}.js").read_text(encoding="utf-8").partition("\n")[0]
        assert f"sources {expected};" in banner, "Run 'make editor'."


@pytest.mark.skipif(not shutil.which("npm"), reason="There is no npm.")
def test_the_sources_build_to_the_bundle(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SOURCES, tmp_path / "workbench", ignore=shutil.ignore_patterns("node_modules")))
    for command in (["npm", "ci"], ["npm", "run", "check"], ["node", "build.mjs", str(tmp_path)]):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    for name in (f"{bundle}.{suffix}" for bundle in BUNDLES for suffix in ("js", "licences.txt")):
        assert (tmp_path / name).read_bytes() == (STATIC / name).read_bytes(), "Run 'make editor'."


def test_what_is_bundled_is_free_and_its_licences_are_there() -> None:
    texts = [(STATIC / f"{name}.licences.txt").read_text(encoding="utf-8") for name in BUNDLES]
    text = "\n".join(texts)
    parts = re.findall(r"^(\S+) \d+\.\d+\.\d+ \(([^)]+)\)$", text, re.MULTILINE)
    wanted = json.loads((SOURCES / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert wanted.keys() <= dict(parts).keys()
    assert {licence for _, licence in parts} == {"MIT", "ISC"}
    assert len(re.findall("Permission is hereby granted|^Permission to use, copy", text, re.MULTILINE)) == len(parts)


@pytest.mark.parametrize("path", ["/", "/about", "/browse/", "/ontology", "/nothing"])
def test_other_pages_do_not_load_it(client: FlaskClient, path: str) -> None:
    assert "workbench" not in client.get(path, headers={"Accept": "text/html"}).text


def test_it_may_be_kept_for_a_year(client: FlaskClient) -> None:
    page = client.get("/sparql", headers={"Accept": "text/html"}).text
    script = re.search(r'<script type="module" src="([^"]+)"></script>', page)
    assert script
    response = client.get(script[1])
    assert response.status_code == 200
    assert "max-age=31536000" in response.headers["Cache-Control"]
    assert parse_qs(urlsplit(script[1]).query)["v"] == [hashlib.sha256(response.data).hexdigest()[:12]]


# --- what the editor proposes ---------------------------------------------------------------------


@pytest.mark.parametrize(("language", "label"), [("en", "label"), ("fr", "libellé"), ("es", "etiqueta")])
def test_terms_are_in_the_readers_language(client: FlaskClient, release: Release, language: str, label: str) -> None:
    response = client.get(f"/sparql/terms.json?lang={language}")
    told = json.loads(response.data)
    assert response.mimetype == "application/json"
    assert told["prefixes"] == release.prefixes
    by_iri = {term["iri"]: term for term in told["terms"]}
    assert by_iri[SKOS + "prefLabel"]["label"] == label
    assert by_iri[SKOS + "prefLabel"]["count"] > by_iri[SKOS + "Concept"]["count"] > 0
    assert by_iri[SKOS + "prefLabel"]["kind"] != by_iri[SKOS + "Concept"]["kind"]
    again = client.get(f"/sparql/terms.json?lang={language}", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


# --- the answer -----------------------------------------------------------------------------------


def test_things_are_shown_by_name_and_open_here(client: FlaskClient, release: Release) -> None:
    name = "SELECT ?scheme ?name { ?scheme a skos:ConceptScheme ; skos:prefLabel ?name FILTER(LANG(?name) = 'es') }"
    response = get(client, f"PREFIX skos: <{SKOS}> {name} ORDER BY ?scheme LIMIT 3", "application/sparql-results+json")
    rows = json.loads(response.data)["results"]["bindings"]
    page = shown(
        client, f"PREFIX skos: <{SKOS}> SELECT ?s {{ ?s a skos:ConceptScheme }} ORDER BY ?s LIMIT 3", lang="es"
    )
    assert len(rows) == 3
    for row in rows:
        path = row["scheme"]["value"].replace(release.base_iri + "id/", "/doc/")
        assert f'<a href="{path}?lang=es">{row["name"]["value"]}</a>' in page
        assert f">{path.removeprefix('/doc/')}</code>" in page


@pytest.mark.parametrize(
    ("value", "language", "cell"),
    [
        ("1234567", "en", '<td class="numeric"><span>1,234,567</span>'),
        ("1234567", "es", '<td class="numeric"><span>1.234.567</span>'),
        ("'2018-03-26'^^xsd:date", "fr", '<time datetime="2018-03-26">26 mars 2018</time>'),
        ("'mot'@fr", "en", '<span lang="fr">mot</span> <span class="tag">fr</span>'),
        ("'x'^^xsd:token", "en", '<span>x</span> <span class="tag">xsd:token</span>'),
        ("true", "es", "<span>sí</span>"),
        ("'<b>&'", "en", "<span>&lt;b&gt;&amp;</span>"),
    ],
)
def test_literals_are_shown_by_type(client: FlaskClient, value: str, language: str, cell: str) -> None:
    query = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ({value} AS ?x) {{}}"
    page = re.sub(r"\s+", " ", shown(client, query, lang=language)).replace("<td> ", "<td>").replace('c"> ', 'c">')
    assert cell in page


def values(*rows: str) -> str:
    return f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ?a ?b {{ VALUES (?a ?b) {{ {' '.join(rows)} }} }}"


def bars(page: str) -> list[tuple[float, float, str]]:
    found = re.findall(r'<rect x="([-\d.]+)" y="[\d.]+" width="([-\d.]+)" height="20"><title>(.*?)</title>', page)
    return [(float(x), float(width), title) for x, width, title in found]


def test_numbers_by_label_are_drawn_as_bars(client: FlaskClient) -> None:
    drawn = bars(shown(client, values("('one' 10)", "('two' 20)", "('minus' -5)"), view="chart"))
    assert [title for *_, title in drawn] == ["one: 10", "two: 20", "minus: -5"]
    (first, ten, _), (second, twenty, _), (left, five, _) = drawn
    assert first == second == pytest.approx(left + five, abs=0.2)
    assert twenty == pytest.approx(2 * ten, abs=0.2)
    assert ten == pytest.approx(2 * five, abs=0.2)


def test_numbers_by_year_are_drawn_as_a_line_in_order(client: FlaskClient) -> None:
    rows = ("('2020'^^xsd:gYear 3)", "('2000'^^xsd:gYear 1)", "('2010'^^xsd:gYear 2)")
    page = shown(client, values(*rows), view="chart")
    line = re.search(r'<polyline points="(.*?)"', page)
    assert line
    points = [tuple(map(float, point.split(","))) for point in line[1].split()]
    (x0, y0), (x1, y1), (x2, y2) = points
    assert x1 - x0 == pytest.approx(x2 - x1, rel=0.01)
    assert y0 - y1 == pytest.approx(y1 - y2, abs=0.2)
    assert y0 > y1


@pytest.mark.parametrize(
    "query",
    [
        values("('only' 1)"),
        values("('a' 1)", "('b' 'x')"),
        values("(1 2)", "(3 4)"),
        values("('a' 'INF'^^xsd:double)", "('b' 1)"),
        "SELECT ?a ?b ?c { VALUES (?a ?b ?c) { ('a' 1 'x') ('b' 2 'y') } }",
        "ASK {}",
        GRAPH,
    ],
)
def test_what_cannot_be_drawn_is_not(client: FlaskClient, query: str) -> None:
    assert "<svg" not in shown(client, query, view="chart")


def test_how_much_there_is_is_said(client: FlaskClient) -> None:
    page = shown(client, "SELECT ?s { ?s ?p ?o } LIMIT 1500")
    assert re.search(r'<p class="tally">1,500 rows, found in [\d.]+ s</p>', page)
    assert f"The page shows the first {ROWS_SHOWN:,}; the downloads have all." in page
    assert "The query asks for 1,500 at most: there may be more." in page
    assert page.count("<tr>") - page.partition('<h3 id="limits">')[2].count("<tr>") == ROWS_SHOWN + 1
    few = shown(client, "SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 2 } } LIMIT 5")
    assert "there may be more" not in few


# --- taking it away -------------------------------------------------------------------------------


def test_a_query_that_is_too_long_for_a_link_says_so(client: FlaskClient) -> None:
    query = "ASK {} #" + "x" * LONGEST_ADDRESS
    page = client.post("/sparql", data={"query": query}, headers={"Accept": "text/html"}).text
    assert "too long for a link" in page
    assert 'id="share"' not in page
    assert '<button name="format" value="json">' in page


def run(name: str, code: str, server: str) -> str:
    """What the code prints when it asks this test worker's server instead of the one that it names."""
    code = code.replace(f"{BASE}sparql", f"{server}sparql")
    command = ["sh", "-c", code + " --silent"] if name == "curl" else [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


RUN = [tool.name for tool in TOOLS if tool.name not in ("r", "spreadsheet")]


@pytest.mark.parametrize("name", RUN)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (NASTY, ["its", '"x" \\ $HOME `y` é 𝒳']),
        ("ASK { ?s ?p ?o }", ["rue"]),
        (GRAPH, ["inScheme"]),
    ],
    ids=["table", "boolean", "graph"],
)
def test_the_code_runs(client: FlaskClient, server: str, name: str, query: str, expected: list[str]) -> None:
    page = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"}).text
    code = code_of(page)
    if name not in code:
        assert name == "pandas"
        assert query != NASTY
        return
    found = run(name, code[name], server).replace('""x""', '"x"').replace("\\\\", "\\")
    for words in expected:
        assert words in found


@pytest.mark.parametrize("name", RUN)
def test_the_code_asks_the_same_dataset(client: FlaskClient, server: str, release: Release, name: str) -> None:
    graph = release.base_iri + "id/graph/schemes"
    page = shown(client, "SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }}", **{"default-graph-uri": graph})
    number = re.search(r'<td class="numeric">\s*<span>([\d,]+)</span>', page)
    assert number
    assert number[1].replace(",", "") in run(name, code_of(page)[name], server)


def test_the_formula_asks_for_the_table(client: FlaskClient, release: Release) -> None:
    formula = re.fullmatch(r'=IMPORTDATA\("(.*)"\)', code_of(shown(client, SCHEMES))["spreadsheet"].strip())
    assert formula
    rows = client.get(formula[1].replace(release.base_iri, "/")).text.splitlines()
    assert rows[0] == "scheme,n"
    assert len(rows) > 10


# --- in a browser ---------------------------------------------------------------------------------


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # Chromium itself reports the status of a page that says what is wrong with a query.
    with clean_page(browser, allowed="status of 400") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield page


Write = Callable[[str], None]


@pytest.fixture
def write(page: Page) -> Write:
    """Types into the editor, in place of what is there."""

    def write(text: str) -> None:
        page.locator(".cm-content").click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.press("Delete")
        page.keyboard.type(text)

    return write


def query_in(page: Page) -> str:
    return page.locator("textarea[name=query]").input_value()


def test_a_query_is_run_by_keyboard_and_kept(page: Page, server: str, write: Write) -> None:
    page.goto(server + "sparql")
    expect(page.locator("#history")).to_be_hidden()
    write("SELECT ?x { VALUES ?x { 1 2 3 ")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("table.answers tbody tr")).to_have_count(3)
    assert page.url.endswith("#result")
    kept = page.locator("#history li")
    expect(kept).to_have_count(1)
    expect(kept).to_contain_text("3 rows, found in")
    page.goto(server + "sparql?query=ASK%20%7B%7D")
    expect(kept).to_have_count(2)
    kept.nth(1).get_by_role("link").click()
    expect(page.locator("table.answers tbody tr")).to_have_count(3)
    expect(kept).to_have_count(2)
    page.get_by_role("button", name="Forget them").click()
    expect(page.locator("#history")).to_be_hidden()
    page.goto(server + "sparql")
    expect(page.locator("#history")).to_be_hidden()


@pytest.mark.parametrize(("language", "typed"), [("en", "label"), ("fr", "libelle"), ("es", "etiqueta")])
def test_a_term_is_found_by_its_label_and_its_prefix_declared(
    page: Page, server: str, write: Write, language: str, typed: str
) -> None:
    page.goto(f"{server}sparql?lang={language}")
    write(f"SELECT * {{ ?s {typed}")
    option = page.locator(".cm-tooltip-autocomplete li").filter(has_text="skos:prefLabel")
    option.click()
    assert query_in(page).startswith(f"PREFIX skos: <{SKOS}>\nSELECT * {{ ?s skos:prefLabel")


def test_a_prefix_that_is_typed_is_declared_once(page: Page, server: str, write: Write) -> None:
    page.goto(server + "sparql")
    with page.expect_response("**/sparql/terms.json*") as told:
        page.locator(".cm-content").focus()
    told.value.finished()
    write("SELECT * { ?s skos:prefLabel ?o ; skos:inScheme ?x . # rdfs:label")
    assert query_in(page).count(f"PREFIX skos: <{SKOS}>\n") == 1
    assert query_in(page).count("PREFIX") == 1
    page.keyboard.press("ControlOrMeta+Home")
    page.keyboard.type("PREFIX foa")
    page.locator(".cm-tooltip-autocomplete li").filter(has_text="foaf:").click()
    assert query_in(page).startswith("PREFIX foaf: <http://xmlns.com/foaf/0.1/>")


def test_a_thing_is_found_by_its_name(page: Page, server: str, release: Release, write: Write) -> None:
    """By the site's search, asked as the reader types; a comment says what the IRI stands for."""
    page.goto(server + "sparql")
    write("SELECT * {\n?s ?p bolcer")
    page.locator(".cm-tooltip-autocomplete li").filter(has_text="id/person/julie-bolcer").click()
    assert "\n# Julie Bolcer\n" in query_in(page)
    assert f"\n?s ?p <{release.base_iri}id/person/julie-bolcer>" in query_in(page)


def test_an_error_is_marked_at_its_place(page: Page, server: str, write: Write) -> None:
    page.goto(server + "sparql")
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(WRONG)
    page.get_by_role("button", name="Run").click()
    expect(page.locator("h1")).to_have_text("The query has a syntax error")
    expect(page.locator(".cm-lintRange-error")).to_have_text("===")
    page.locator(".cm-content").focus()
    page.keyboard.press("F8")
    expect(page.locator(".cm-diagnostic")).to_have_text("SPARQL cannot go on with this here.")
    page.keyboard.type("!=")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    assert "?s != ?o" in query_in(page)


def test_from_an_example_to_a_chart_a_link_and_a_table(page: Page, server: str, release: Release) -> None:
    page.goto(server + "sparql")
    first = examples(release)[0]
    title = next(text.value for text in first.titles if text.language == "en")
    page.get_by_role("link", name=title).click()
    expect(page.locator(".example")).to_contain_text(title)
    expect(page.locator(".example p")).to_have_count(3)
    expect(page.locator(".chart")).to_have_count(0)
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(SCHEMES)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".chart svg")).to_be_visible()
    rows = page.locator("table.answers tbody tr").count()
    assert page.locator(".chart rect").count() == rows > 10
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied.").first).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    csv = page.get_by_role("link", name="CSV").first.get_attribute("href")
    page.goto(link)
    assert query_in(page) == SCHEMES
    assert page.locator("table.answers tbody tr").count() == rows
    answer = page.request.get(f"{server}{(csv or '').lstrip('/')}")
    assert answer.headers["content-type"].startswith("text/csv")
    assert len(answer.text().splitlines()) == rows + 1
    page.get_by_text("curl", exact=True).click()
    page.get_by_role("button", name="Copy the code").first.click()
    expect(page.locator("details[open] [role=status]")).to_have_text("Copied.")
    assert "--data-urlencode" in page.evaluate("navigator.clipboard.readText()")


def test_a_long_query_is_sent_by_post(page: Page, server: str) -> None:
    page.goto(server + "sparql")
    page.locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("ASK {} #" + "x" * LONGEST_ADDRESS)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".boolean")).to_have_text("yes")
    assert "query=" not in page.url
    expect(page.locator("#share")).to_have_count(0)


def test_tab_goes_into_the_editor_and_out_of_it(page: Page, server: str) -> None:
    page.goto(server + "sparql")
    focused = (
        "() => (document.activeElement.shadowRoot ?? document).activeElement.className || document.activeElement.type"
    )
    page.get_by_role("link", name="Home").focus()
    page.keyboard.press("Tab")
    assert "cm-content" in page.evaluate(focused)
    before = query_in(page)
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "submit"
    page.keyboard.press("Shift+Tab")
    assert "cm-content" in page.evaluate(focused)
    assert query_in(page) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(page: Page, server: str, write: Write, language: str) -> None:
    """With a chart, a list of proposals, and then with an error."""
    page.goto(f"{server}sparql?lang={language}")
    expect(page.locator(".cm-content")).to_have_attribute("aria-label", LANGUAGES[language])
    write(SCHEMES)
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".chart")).to_be_visible()
    for summary in page.locator("details.code summary").all():
        summary.click()
    assert violations(page, language) == []
    write('SELECT * { ?s ?p "text"@en , 3 , <http://a.example/> } # note\nSELE')
    expect(page.locator(".cm-tooltip-autocomplete")).to_be_visible()
    assert violations(page, language) == []
    page.keyboard.press("Escape")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".cm-lintRange-error")).to_be_visible()
    assert violations(page, language) == []


def test_everything_is_there_without_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(server + "sparql")
    page.get_by_label("SPARQL query").fill(SCHEMES)
    page.get_by_role("button", name="Run").click()
    assert page.url.endswith("#result")
    expect(page.locator(".chart svg")).to_be_visible()
    expect(page.locator("main").get_by_role("button")).to_have_count(1)
    page.get_by_text("Python: pandas").click()
    expect(page.locator("#code-pandas")).to_be_visible()
    share = page.get_by_role("link", name="Link to this query and its answer").get_attribute("href")
    page.goto(server.rstrip("/") + (share or ""))
    expect(page.get_by_label("SPARQL query")).to_have_value(SCHEMES)
    page.get_by_label("SPARQL query").fill(WRONG)
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".fault mark")).to_have_text("===")
    expect(page.get_by_label("SPARQL query")).to_have_value(WRONG)
    context.close()
