"""A thing to which 100,000 others point: its description comes in pages, each as small as any other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from asking import triples
from benchmarks.hub import BASE, LINKS, write_project
from flask import Flask
from flask.testing import FlaskClient
from msgspec.structs import replace
from werkzeug.test import TestResponse

from publisher.core.formats import BY_NAME, RDF_FORMATS, Format
from publisher.core.incoming import LINKS_ON_A_PAGE
from publisher.core.release import Release
from publisher.core.settings import Settings, load_settings
from publisher.store.names import Names
from publisher.store.protocol import WHOLE, Binding, Row, Store, Window
from publisher.web.app import create_app
from publisher.web.site import EXTENSION, Site

PAGES = LINKS // LINKS_ON_A_PAGE
HUB = f"<{BASE}id/hub>"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Release]]:
    project: Path = tmp_path_factory.mktemp("many")
    release = write_project(project)
    yield load_settings(project), release


@pytest.fixture(scope="module")
def hub_app(many: tuple[Settings, Release]) -> Iterator[Flask]:
    made = create_app(*many)
    yield made
    made.extensions[EXTENSION].pool.close()


@pytest.fixture
def hub(hub_app: Flask) -> FlaskClient:
    return hub_app.test_client()


def links(response: TestResponse) -> dict[str, str]:
    """Link relation → target, of a ``Link`` header."""
    return {relation: target for target, relation in re.findall(r'<([^>]*)>; rel="([^"]+)"', response.headers["Link"])}


def pointing(response: TestResponse) -> set[tuple[str, ...]]:
    return {triple for triple in triples(response.data, BY_NAME["ntriples"]) if triple[2] == HUB}


def test_pages_are_reached_one_after_the_other_and_have_each_link_once(hub: FlaskClient) -> None:
    address, seen = "/doc/hub.nt", set[tuple[str, ...]]()
    for _ in range(4):
        response = hub.get(address)
        found = pointing(response)
        assert len(found) == LINKS_ON_A_PAGE
        assert not found & seen
        seen |= found
        address = links(response)["next"]
    last = hub.get(f"/doc/hub.nt?links={PAGES}")
    assert len(pointing(last)) == LINKS_ON_A_PAGE
    assert not pointing(last) & seen
    assert "next" not in links(last)
    assert links(last)["last"] == f"/doc/hub.nt?links={PAGES}"
    assert links(last)["prev"] == f"/doc/hub.nt?links={PAGES - 1}"
    assert links(last)["first"] == "/doc/hub.nt"
    assert links(last)["canonical"] == f"/doc/hub?links={PAGES}"


@pytest.mark.parametrize("page", [1, 2, PAGES])
@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_a_page_is_the_same_in_every_format(hub: FlaskClient, chosen: Format, page: int) -> None:
    response = hub.get(f"/doc/hub?links={page}", headers={"Accept": chosen.media_type})
    place = f"/doc/hub.{chosen.suffix}" + (f"?links={page}" if page > 1 else "")
    assert response.headers["Content-Location"] == place
    expected = triples(hub.get(f"/doc/hub.nt?links={page}").data, BY_NAME["ntriples"])
    assert triples(response.data, chosen) == expected
    assert triples(hub.get(place).data, chosen) == expected


def test_a_reader_turns_the_pages_and_is_told_how_many_there_are(hub: FlaskClient) -> None:
    first = hub.get("/doc/hub.html?lang=en").text
    assert f"Page 1 of {PAGES}" in first
    assert '<a rel="next" href="/doc/hub?links=2&amp;lang=en">' in first
    assert "33,334" in first and "66,666" in first
    # The other property's things begin on a later page.
    assert '<a href="/doc/hub?links=667&amp;lang=en">by “many:part”</a> <span class="count">33,334</span>' in first
    last = hub.get(f"/doc/hub.html?links={PAGES}&lang=en").text
    assert f'<a rel="prev" href="/doc/hub?links={PAGES - 1}&amp;lang=en">' in last
    assert 'rel="next"' not in last


@pytest.mark.parametrize("page", ["0", "-1", "x", "1001", "9999999", "", "1.5", "²"])
def test_there_are_no_other_pages(hub: FlaskClient, page: str) -> None:
    for accept in ("text/html", "text/turtle"):
        assert hub.get("/doc/hub", query_string={"links": page}, headers={"Accept": accept}).status_code == 404


class Reading:
    """A store that counts the rows that are read from it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.rows = 0

    def select(self, name: str, window: Window = WHOLE, /, **bindings: Binding) -> list[Row]:
        found = self._store.select(name, window, **bindings)
        self.rows += len(found)
        return found

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


@pytest.mark.parametrize("path", ["doc/hub", "describe?iri=http://www.w3.org/2004/02/skos/core%23Concept"])
@pytest.mark.parametrize("chosen", [*RDF_FORMATS, BY_NAME["html"]], ids=lambda f: f.name)
def test_no_more_is_read_and_sent_than_stands_on_the_page(
    many: tuple[Settings, Release], chosen: Format, path: str
) -> None:
    app = create_app(*many)
    site: Site = app.extensions[EXTENSION]
    reading = Reading(site.store)
    store = cast(Store, reading)
    app.extensions[EXTENSION] = replace(site, store=store, names=Names(store))
    try:
        client = app.test_client()
        client.get("/doc/thing/1.html")  # What is read once for all.
        reading.rows = 0
        response = client.get(f"/{path}", headers={"Accept": chosen.media_type})
        assert response.status_code == 200
        assert 100 < reading.rows < 10 * LINKS_ON_A_PAGE
        assert len(response.data) < 1000 * LINKS_ON_A_PAGE
    finally:
        site.pool.close()
