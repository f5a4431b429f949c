"""Sections that a project's queries add to pages: the programme of an event, compared with the facts."""

import re
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, RunCommand
from flask.testing import FlaskClient
from ruamel.yaml import YAML
from test_entities import BROWSER, Text

from publisher.core.release import Release

FACTS = ROOT / "data" / "facts" / "idm-2018-1.fr"
HTML = {"Accept": BROWSER}
EVENT = "event/idm-2018-1"


def facts(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = YAML(typ="safe").load((FACTS / f"{name}.yaml").read_text(encoding="utf-8"))["@graph"]
    return found


def parts_of(event: str) -> list[str]:
    """The parts of an event in the order of the summary; those it gives no rank come last."""
    parts = [fact for fact in facts("events") if fact.get("partOfEvent") == event]
    return [str(part["id"]) for part in sorted(parts, key=lambda part: part.get("eventOrder", 10**6))]


def programme(client: FlaskClient, event: str, language: str = "fr") -> str:
    page = client.get(f"/doc/{event}?lang={language}", headers=HTML).text
    table = page.partition('<table class="section stacks"')[2].partition("</table>")[0]
    assert table
    return table


def documents(html: str) -> list[str]:
    return [href.partition("?")[0].removeprefix("/doc/") for href in Text.values(html, "href")]


def test_the_parts_are_in_the_order_of_the_summary(client: FlaskClient) -> None:
    headings = programme(client, EVENT).split('class="heading"')[1:]
    shown = [documents(heading.partition("</tr>")[0]) for heading in headings]
    expected = parts_of(EVENT)
    assert len(expected) == 12
    assert shown == [[part] for part in expected] + [[]]  # last, who took part in no part that is told


def test_each_participation_stands_once_below_its_part(client: FlaskClient) -> None:
    groups = programme(client, EVENT).split('class="heading"')[1:]
    for group, part in zip(groups, [*parts_of(EVENT), EVENT], strict=True):
        shown = [path for path in documents(group) if path.startswith("participation/")]
        expected = {str(one["id"]) for one in facts("participations") if one["inEvent"] == part}
        assert len(shown) == len(set(shown))
        assert set(shown) == expected, part
    everyone = {one["id"] for one in facts("participations") if one["inEvent"] in {EVENT, *parts_of(EVENT)}}
    assert len(everyone) > 50


def test_a_line_says_who_for_whom_in_which_role_and_how(client: FlaskClient) -> None:
    rows = programme(client, EVENT).split("<tr")
    for one in facts("participations"):
        (row,) = [row for row in rows if one["id"] in documents(row)]
        said = set(documents(row))
        values = [one["participant"], one["participationRole"], one.get("onBehalfOf"), one.get("participationMode")]
        for value in values:
            assert value is None or value in said


def test_the_order_within_a_part_is_that_of_the_text(client: FlaskClient) -> None:
    opening = programme(client, EVENT).split('class="heading"')[1]
    people = [path for path in documents(opening) if path.startswith("person/")]
    text = (ROOT / "data" / "sources" / "idm-2018-1.fr" / "text.txt").read_text(encoding="utf-8")
    quotes = {
        str(one["participant"]): one["quote"] for one in facts("participations") if one["inEvent"].endswith("ouverture")
    }
    joined = " ".join(text.split())
    places = [min(joined.index(quote) for quote in _exact(quotes[person])) for person in people]
    assert len(places) == 4
    assert places == sorted(places)


def _exact(quote: Any) -> list[str]:
    every = quote if isinstance(quote, list) else [quote]
    return [one["exact"] if isinstance(one, dict) else one for one in every]


def test_of_a_part_without_participants_it_is_said_that_the_text_names_none(client: FlaskClient) -> None:
    groups = programme(client, EVENT).split('class="heading"')[1:]
    silent = ["Le texte ne dit pas qui y a pris part." in group for group in groups]
    assert silent == [not any("participation/" in path for path in documents(group)) for group in groups]
    assert 0 < sum(silent) < len(groups)


def test_the_whole_comes_before_its_parts_on_the_page_of_what_it_is_part_of(client: FlaskClient) -> None:
    headings = programme(client, "event/idm-2018").split('class="heading"')[1:]
    shown = [path for heading in headings for path in documents(heading.partition("</tr>")[0])]
    first, second = parts_of("event/idm-2018")
    assert shown == [first, *parts_of(first), second]


@pytest.mark.parametrize(("language", "name"), [("en", "role"), ("fr", "rôle"), ("es", "función")])
def test_columns_are_named_in_the_readers_language(client: FlaskClient, language: str, name: str) -> None:
    head = programme(client, EVENT, language).partition("</thead>")[0]
    assert name in [Text.of(cell).strip() for cell in re.findall(r"<th.*?>(.*?)</th>", head)]


def test_the_table_leads_to_a_query_that_gives_the_same(client: FlaskClient, release: Release) -> None:
    page = client.get(f"/doc/{EVENT}?lang=en", headers=HTML).text
    (link,) = [href for href in Text.values(page.partition("</table>")[2], "href") if "%3Fline" in href]
    answer = client.get(link.partition("#")[0] + "&format=csv").text
    for one in facts("participations"):
        assert release.base_iri + "id/" + one["id"] in answer


def test_pages_of_other_classes_have_no_section(client: FlaskClient) -> None:
    assert '<table class="section stacks"' not in client.get("/doc/person/louise-arbour?lang=en", headers=HTML).text


@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", "SELECT ?s WHERE { ?s ?p ?o }", "SELECT ?line { ?line ?p ?o }"])
def test_a_query_that_makes_no_lines_is_refused_with_its_file(publisher: RunCommand, project: Path, query: str) -> None:
    folder = project / "data" / "sections" / "Garden"
    folder.mkdir(parents=True)
    (folder / "beds.rq").write_text(query, encoding="utf-8")
    result = publisher("check", "--project", project)
    assert result.returncode != 0
    assert "data/sections/Garden/beds.rq" in result.stderr
