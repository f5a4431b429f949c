"""Answers seen as network, map, chart or table; and what JavaScript adds to pictures, in a real browser."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from asking import get
from axe import LANGUAGES, violations
from conftest import ROOT, clean_page
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Locator, Page, expect
from test_entities import Text
from test_pictures import KIND_OF

from publisher.core.release import Release
from publisher.core.terms import SKOS, XSD
from publisher.web.pictures.network import DASHES
from publisher.web.views import MOST
from publisher.web.workbench import LONGEST_ADDRESS

(PICTURE_OF_HEADS,) = (name for name, kind in KIND_OF.items() if kind == "heat")
SVG = "{http://www.w3.org/2000/svg}"
BROADER = (
    f"PREFIX skos: <{SKOS}> "
    "SELECT ?concept ?scheme { ?concept skos:inScheme ?scheme ; skos:broader ?wider } ORDER BY ?concept ?scheme"
)
WORDS = {
    "en": ("Network", "A network needs two columns of things"),
    "fr": ("Réseau", "Un réseau demande deux colonnes de choses"),
    "es": ("Red", "Una red necesita dos columnas de cosas"),
}


def values(names: str, *rows: str) -> str:
    return f"SELECT {names} {{ VALUES ({names}) {{ {' '.join(f'({row})' for row in rows)} }} }}"


def thing(name: object) -> str:
    return f"<http://a.example/{name}>"


CITIES = values("?city ?lat ?long", f"{thing('Accra')} 5.6 -0.2", f"{thing('Lima')} -12.05 -77.04")


TEXTS = f"CONSTRUCT WHERE {{ ?a <{SKOS}prefLabel> ?n }}"
"""A graph whose statements lead to no thing."""


def seen(client: FlaskClient, query: str, view: str, **parameters: str) -> str:
    response = get(client, query, "text/html", view=view, **parameters)
    assert response.status_code == 200, response.text
    return response.text


def drawing(page: str) -> ElementTree.Element:
    (text,) = re.findall(r'<svg xmlns="http://www.w3.org/2000/svg" class="picture".*?</svg>', page, re.DOTALL)
    return ElementTree.fromstring(text)


def offered(page: str) -> list[str]:
    """The views that the page leads to."""
    links = re.search(r'<nav class="views".*?</nav>', page, re.DOTALL)
    assert links
    return [parse_qs(urlsplit(href).query)["view"][0] for href in Text.values(links[0], "href")]


def links_of(node: ElementTree.Element | str) -> set[str]:
    if isinstance(node, str):
        return {unescape(href) for href in re.findall(r'<a href="([^"]+)"', node)}
    return {link.get("href", "") for link in node.iter(f"{SVG}a")}


def table(page: str) -> str:
    return page.partition('<table class="answers">')[2].partition("</table>")[0]


def notes(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.partition('<section class="result"')[2]))


# --- over HTTP ------------------------------------------------------------------------------------


def test_two_columns_of_things_are_a_network(client: FlaskClient) -> None:
    page = seen(client, BROADER, "network")
    root = drawing(page)
    assert links_of(root) == links_of(table(page))
    assert len(links_of(root)) > 10
    curves = [path for path in root.iter(f"{SVG}path") if path.get("data-from")]
    assert len(curves) == table(page).count("<tr>") - 1
    assert offered(page) == ["table", "network"]


def test_a_graph_is_a_network_of_the_things_that_its_statements_join(client: FlaskClient) -> None:
    pattern = f"?a <{SKOS}broader> ?b ; <{SKOS}prefLabel> ?n"
    query = f"CONSTRUCT {{ {pattern} }} WHERE {{ {pattern} FILTER (LANG(?n) = 'fr') }}"
    page = seen(client, query, "network")
    (named,) = (int(one) for one in re.findall(r"(\d+) are only in the table", notes(page)))
    root = drawing(page)
    curves = [path for path in root.iter(f"{SVG}path") if path.get("data-from")]
    assert len(curves) > 10
    assert f"{len(curves) + named} statements" in notes(page)
    assert offered(page) == ["table", "network"]
    assert "On the left the subjects of the statements" in page
    turtle = seen(client, query, "table")
    assert "skos:broader" in turtle and 'class="picture"' not in turtle


def test_a_graph_of_texts_has_no_network(client: FlaskClient) -> None:
    page = seen(client, TEXTS, "network")
    assert "This answer has no view “Network”" in page
    assert 'class="views"' not in page


def test_a_third_column_tells_lines_apart(client: FlaskClient) -> None:
    rows = [f"{thing(1)} {thing(2)} 'plan' 10", f"{thing(1)} {thing(3)} 'pact' 20", f"{thing(4)} {thing(3)} 'pact' 5"]
    root = drawing(seen(client, values("?a ?b ?kind ?n", *rows), "network"))
    curves = [path for path in root.iter(f"{SVG}path") if path.get("data-from")]
    widths = [float(path.get("stroke-width", "0")) for path in curves]
    assert widths[1] == 2 * widths[0] > widths[2] > 0
    assert [path.get("stroke-dasharray", "") for path in curves] == [DASHES[1], DASHES[0], DASHES[0]]
    assert {"plan", "pact"} <= set(root.itertext())


def test_source_and_target_are_taken_by_name(client: FlaskClient) -> None:
    query = values("?extra ?target ?source", f"{thing('x')} {thing('right')} {thing('left')}")
    page = seen(client, query, "network")
    names = ["".join(node.itertext()) for node in drawing(page).iter(f"{SVG}g") if node.get("class") == "node"]
    assert names == ["left", "right"]
    assert "On the left ?source, on the right ?target." in page


def test_a_thing_on_both_sides_is_known_as_one(client: FlaskClient) -> None:
    root = drawing(seen(client, values("?a ?b", f"{thing(1)} {thing(2)}", f"{thing(2)} {thing(1)}"), "network"))
    numbers = [node.get("data-node") for node in root.iter(f"{SVG}g") if node.get("class") == "node"]
    assert len(numbers) == 4
    assert len(set(numbers)) == 2


@pytest.mark.parametrize("names", ["?city ?lat ?long", "?city ?latitude ?longitude", "?lat ?lon ?place"])
def test_things_with_coordinates_are_a_map(client: FlaskClient, names: str) -> None:
    order = names.split()
    accra, lima = {order[0]: thing("Accra")}, {order[0]: thing("Lima")}
    for row, latitude, longitude, name in ((accra, "5.6", "-0.2", "Accra"), (lima, "-12.05", "-77.04", "Lima")):
        row |= {variable: latitude for variable in order if variable.startswith("?lat")}
        row |= {variable: longitude for variable in order if variable.startswith("?lon")}
        row |= {variable: thing(name) for variable in ("?place",) if variable in order}
    page = seen(client, values(names, *(" ".join(row[one] for one in order) for row in (accra, lima))), "map")
    circles = [(float(one.get("cx", "0")), float(one.get("cy", "0"))) for one in drawing(page).iter(f"{SVG}circle")]
    assert [name for name in drawing(page).itertext() if name in ("Accra", "Lima")] == ["Accra", "Lima"]
    assert circles[0][0] > circles[1][0]
    assert circles[0][1] < circles[1][1]
    assert links_of(drawing(page)) == links_of(table(page))


def test_what_is_off_the_map_is_said_and_in_the_table(client: FlaskClient) -> None:
    rows = [f"{thing('Accra')} 5.6 -0.2", f"{thing('pole')} -90 0", f"{thing('far')} 10 999", f"{thing('lost')} 'x' 1"]
    rows += [f"{thing('odd')} 'NaN'^^<http://www.w3.org/2001/XMLSchema#double> 1", f"{thing('none')} UNDEF 4"]
    page = seen(client, values("?city ?lat ?long", *rows), "map")
    assert len(list(drawing(page).iter(f"{SVG}circle"))) == 1
    assert "5 are only in the table: they lack something that the picture needs." in notes(page)
    assert table(page).count("<tr>") == 7


def test_a_long_name_and_a_crowd_are_drawn(client: FlaskClient) -> None:
    rows = [f"{thing('long-' * 40 + str(n))} {84 - n % 3} {150 + n / 10}" for n in range(MOST + 1)]
    asked = {"query": values("?city ?lat ?long", *rows), "view": "map"}
    root = drawing(client.post("/sparql", data=asked, headers={"Accept": "text/html"}).text)
    assert len(list(root.iter(f"{SVG}circle"))) == MOST


def test_what_is_cut_is_said(client: FlaskClient) -> None:
    page = seen(client, values("?a ?b", *(f"{thing('a')} {thing(n)}" for n in range(MOST + 50))), "network")
    assert f"The picture shows the first {MOST} of {MOST + 50}." in notes(page)
    assert table(page).count("<tr>") == MOST + 51
    assert len([path for path in drawing(page).iter(f"{SVG}path") if path.get("data-from")]) == MOST
    assert "The picture shows" not in notes(seen(client, BROADER, "network"))


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("query", ["SELECT ?x { VALUES ?x { 1 2 } }", "ASK {}", TEXTS])
def test_what_does_not_fit_gets_a_sentence(client: FlaskClient, query: str, language: str) -> None:
    page = seen(client, query, "network", lang=language)
    name, needs = WORDS[language]
    (told,) = re.findall(r'<p class="note" role="status">(.*?)</p>', page, re.DOTALL)
    assert name in told
    assert needs in told
    assert "<svg" not in page


def test_an_empty_answer_has_no_views(client: FlaskClient) -> None:
    page = seen(client, "SELECT ?a ?b {} LIMIT 0", "network")
    assert "0 rows" in page
    assert 'class="views"' not in page


def test_a_view_keeps_query_dataset_and_language(client: FlaskClient, release: Release) -> None:
    graph = release.base_iri + "id/graph/schemes"
    page = seen(client, BROADER, "table", lang="fr", **{"default-graph-uri": graph})
    assert "<svg" not in page
    (link,) = [href for href in Text.values(page, "href") if "view=network" in href and "lang=fr" in href]
    asked = parse_qs(urlsplit(link).query)
    assert asked == {"query": [BROADER], "view": ["network"], "lang": ["fr"], "default-graph-uri": [graph]}
    page = client.get(link, headers={"Accept": "text/html"}).text
    assert links_of(drawing(page)) == links_of(table(page))
    (share,) = re.findall(r'<a id="share" href="([^"]+)"', page)
    assert parse_qs(urlsplit(unescape(share)).query)["view"] == ["network"]
    assert '<input type="hidden" name="view" value="network">' in page


def test_a_chart_of_groups_stands_first_and_can_be_put_away(client: FlaskClient) -> None:
    query = "SELECT ?a (COUNT(*) AS ?n) { VALUES ?a { 'one' 'two' 'two' } } GROUP BY ?a"
    page = get(client, query, "text/html").text
    assert 'class="drawing chart"' in page
    assert offered(page) == ["table", "chart"]
    assert 'class="drawing chart"' in seen(client, query, "nonsense")
    assert "<svg" not in seen(client, query, "table")


def test_numbers_that_a_query_only_finds_are_drawn_when_asked_for(client: FlaskClient) -> None:
    query = "PREFIX group: <http://a.example/> " + values("?order ?words", "1 'GROUP BY one'", "2 'two'")
    page = get(client, query, "text/html").text
    assert "<svg" not in page
    assert offered(page) == ["table", "chart"]
    assert 'class="drawing chart"' in seen(client, query, "chart")


def test_each_view_has_its_own_entity_tag(client: FlaskClient) -> None:
    tags = {view: get(client, CITIES, "text/html", view=view).headers["ETag"] for view in ("table", "map")}
    assert len(set(tags.values())) == 2
    for view, tag in tags.items():
        again = client.get(
            "/sparql",
            query_string={"query": CITIES, "view": view},
            headers={"Accept": "text/html", "If-None-Match": tag},
        )
        assert again.status_code == 304


def test_views_of_a_long_query_are_sent_by_post(client: FlaskClient) -> None:
    query = CITIES + " #" + "x" * LONGEST_ADDRESS
    page = client.post("/sparql", data={"query": query, "view": "map"}, headers={"Accept": "text/html"}).text
    assert len(list(drawing(page).iter(f"{SVG}circle"))) == 2
    assert '<button class="small" name="view" value="map" aria-current="true">Map</button>' in page


def test_the_script_is_small_and_only_where_a_picture_is(client: FlaskClient) -> None:
    assert (ROOT / "publisher" / "web" / "static" / "pictures.js").stat().st_size < 40_000
    for page in (seen(client, CITIES, "map"), client.get("/pictures/places", headers={"Accept": "text/html"}).text):
        assert "/static/pictures.js?v=" in page
    for page in (seen(client, CITIES, "table"), client.get("/", headers={"Accept": "text/html"}).text):
        assert "pictures.js" not in page


# --- in a browser ---------------------------------------------------------------------------------


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with clean_page(browser) as page:
        yield page


def network_at(server: str, **parameters: str) -> str:
    return f"{server}sparql?{urlencode({'query': BROADER, 'view': 'network', **parameters})}"


def box(locator: Locator) -> dict[str, Any]:
    found = locator.bounding_box()
    assert found
    return dict(found)


def test_buttons_zoom_by_keyboard_and_reset(page: Page, server: str) -> None:
    page.goto(network_at(server))
    picture, region = page.locator("svg.picture"), page.get_by_role("region", name="Picture")
    first = box(picture)
    page.get_by_role("button", name="Larger").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert box(picture)["width"] == pytest.approx(first["width"] * 1.96, rel=0.01)
    expect(page.locator(".zooming [role=status]")).to_have_text("196%")
    region.focus()
    before = region.evaluate("node => node.scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("([node, before]) => node.scrollLeft > before", arg=[region.element_handle(), before])
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Free layout")).to_be_focused()
    page.get_by_role("button", name="Original size").press("Space")
    assert box(picture)["width"] == first["width"]
    assert region.evaluate("node => [node.scrollLeft, node.scrollTop]") == [0, 0]
    page.get_by_role("button", name="Smaller").press("Enter")
    assert box(picture)["width"] < first["width"]


BARS = values("?name ?number", *(f"'{letter}' {number}" for number, letter in enumerate("abcd", 1)))
LINE = values("?day ?number", *(f"'2018-03-{day}'^^<{XSD}date> {day}" for day in (26, 27)))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("ontology?lang=en", "Picture of the main classes"),
        (f"sparql?{urlencode({'query': BARS, 'view': 'chart', 'lang': 'en'})}", "Chart"),
        (f"sparql?{urlencode({'query': LINE, 'view': 'chart', 'lang': 'en'})}", "Chart"),
    ],
)
def test_drawings_that_are_no_networks_are_zoomed_too(page: Page, server: str, path: str, name: str) -> None:
    page.goto(server + path)
    picture = page.get_by_role("region", name=name).locator("svg")
    first = box(picture)
    page.get_by_role("button", name="Larger").click()
    page.get_by_role("button", name="Larger").click()
    assert box(picture)["width"] == pytest.approx(first["width"] * 1.96, rel=0.01)
    assert box(picture)["height"] == pytest.approx(first["height"] * 1.96, rel=0.01)
    expect(page.get_by_role("button", name="Free layout")).to_have_count(0)
    page.get_by_role("button", name="Original size").click()
    again = box(picture)
    assert (again["width"], again["height"]) == (first["width"], first["height"])


def test_heads_stay_in_view_and_hide_nothing_that_has_the_focus(page: Page, server: str) -> None:
    page.goto(f"{server}pictures/{PICTURE_OF_HEADS}?lang=en")
    region = page.get_by_role("region", name="Picture")
    corner, below = page.locator("[data-stays='x y']"), page.locator("[data-stays=x] a")
    first, name = box(corner), box(below.first)
    region.evaluate("node => node.scrollTo(0, 300)")
    expect(page.locator("[data-stays=y]")).to_have_attribute("transform", "translate(0 300)")
    assert box(corner)["y"] == pytest.approx(first["y"], abs=1)
    assert box(below.first)["y"] == pytest.approx(name["y"] - 300, abs=1)
    below.last.focus()
    for _ in range(below.count() - 1):
        page.keyboard.press("Shift+Tab")
    expect(below.first).to_be_focused()
    both = [corner.element_handle(), below.first.element_handle()]
    is_free = "([head, name]) => name.getBoundingClientRect().top >= head.getBoundingClientRect().bottom - 1"
    page.wait_for_function(is_free, arg=both)
    page.get_by_role("button", name="Larger").click()
    page.get_by_role("button", name="Original size").click()
    expect(corner).not_to_have_attribute("transform", re.compile("."))


def test_two_fingers_zoom(browser: Browser, server: str) -> None:
    context = browser.new_context(has_touch=True, locale="en-GB")
    page = context.new_page()
    page.goto(network_at(server))
    region, picture = page.get_by_role("region", name="Picture"), page.locator("svg.picture")
    region.scroll_into_view_if_needed()
    first, there = box(picture), box(region)
    x, y = there["x"] + there["width"] / 2, there["y"] + 150
    fingers = context.new_cdp_session(page)

    def touch(kind: str, *gaps: int) -> None:
        points = [{"x": x + side * gap / 2, "y": y, "id": side + 1} for gap in gaps for side in (-1, 1)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 40)
    for gap in (80, 120, 160):  # The first tells only where the fingers are.
        touch("touchMove", gap)
    touch("touchEnd")
    expect(page.locator(".zooming [role=status]")).to_have_text("200%")
    assert box(picture)["width"] == pytest.approx(2 * first["width"], rel=0.01)
    context.close()


def test_the_wheel_zooms_with_ctrl_where_the_pointer_is(page: Page, server: str) -> None:
    page.goto(server + "pictures/places")
    dot = page.locator("svg.picture circle").first
    dot.hover()
    before = box(dot)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -50)
    page.keyboard.up("Control")
    page.wait_for_function("() => document.querySelector('svg.picture').style.width")
    after = box(dot)
    assert after["width"] > before["width"]
    middle = [one["x"] + one["width"] / 2 for one in (before, after)]
    assert middle[0] == pytest.approx(middle[1], abs=3)


def test_dragging_moves_and_is_no_click(page: Page, server: str) -> None:
    page.goto(server + "pictures/places")
    for _ in range(3):
        page.get_by_role("button", name="Larger").click()
    address, region = page.url, page.get_by_role("region", name="Picture", exact=True)
    left = region.evaluate(
        "node => { node.scrollIntoView({block: 'center', behavior: 'instant'}); return node.scrollLeft; }"
    )
    number = page.locator("svg.picture a").evaluate_all(
        """(links, region) => links.findIndex(link => {
            const box = link.getBoundingClientRect(), frame = region.getBoundingClientRect();
            return box.left > frame.left + 100 && box.right < frame.right
                && box.top > frame.top && box.bottom < frame.bottom;
        })""",
        region.element_handle(),
    )
    place = box(page.locator("svg.picture a").nth(number))
    page.mouse.move(place["x"] + 5, place["y"] + 5)
    page.mouse.down()
    page.mouse.move(place["x"] - 60, place["y"] + 5, steps=4)
    page.mouse.up()
    assert region.evaluate("node => node.scrollLeft") == pytest.approx(left + 65, abs=2)
    assert page.url == address
    page.locator("svg.picture a").nth(number).click()
    page.wait_for_url("**/doc/**")


def test_what_is_joined_stands_out(page: Page, server: str) -> None:
    page.goto(network_at(server))
    node = page.locator("svg.picture .node").first
    number = node.get_attribute("data-node")
    joined = {
        end
        for curve in page.locator("svg.picture [data-from]").all()
        if number in (ends := [curve.get_attribute("data-from"), curve.get_attribute("data-to")])
        for end in ends
    }
    opacity = "nodes => nodes.map(node => [node.dataset.node, getComputedStyle(node).opacity])"
    for act in (node.get_by_role("link").focus, node.get_by_role("link").hover):
        act()
        found = page.locator("svg.picture .node").evaluate_all(opacity)
        assert {name for name, value in found if value == "1"} == joined
        assert len(joined) < len({name for name, _ in found})
        page.get_by_role("button", name="Larger").focus()
        page.get_by_role("heading", level=1).hover()
        assert {value for _, value in page.locator("svg.picture .node").evaluate_all(opacity)} == {"1"}


def test_the_free_layout_moves_everything_and_back(page: Page, server: str) -> None:
    page.goto(server + "pictures/partnerships?lang=en")
    circles = page.locator("svg.picture circle")
    where = """dots => dots.map(dot => {
        const {x, y} = dot.getBoundingClientRect();
        return [Math.round(x + scrollX), Math.round(y + scrollY)];
    })"""
    before, columns = circles.evaluate_all(where), page.locator("svg.picture").get_attribute("viewBox")
    button = page.get_by_role("button", name="Free layout")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    after = circles.evaluate_all(where)
    assert len({x for x, _ in before}) == 2
    assert len({x for x, _ in after}) > 20
    page.get_by_role("button", name="Original size").click()
    covering = """() => {
        const boxes = [...document.querySelectorAll("svg.picture .node text")].filter(one => one.checkVisibility())
            .map(one => one.getBoundingClientRect());
        return boxes.filter((a, n) => boxes.slice(n + 1).some(b =>
            a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length;
    }"""
    assert page.evaluate(covering) == 0
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert circles.evaluate_all(where) == before
    assert page.locator("svg.picture").get_attribute("viewBox") == columns


LARGER = {"en": "Larger", "fr": "Agrandir", "es": "Ampliar"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(page: Page, server: str, language: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    for address in (network_at(server, lang=language), f"{server}pictures/partnerships?lang={language}"):
        page.goto(address)
        page.get_by_role("button", name=LARGER[language]).click()
        page.locator(".zooming [aria-pressed]").click()
        assert violations(page, language) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_views_need_no_javascript(browser: Browser, server: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{server}sparql?{urlencode({'query': CITIES})}")
    expect(page.locator("svg.picture")).to_have_count(0)
    page.get_by_role("navigation", name="Views of the answer").get_by_role("link", name="Map").click()
    expect(page.locator("svg.picture").get_by_role("link")).to_have_text(["Accra", "Lima"])
    expect(page.locator("table.answers tbody tr")).to_have_count(2)
    expect(page.locator(".zooming")).to_have_count(0)
    context.close()
