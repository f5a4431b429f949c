"""FAIR Signposting, levels 1 and 2, read by another's client from a really running server; and link sets (RFC 9264)."""

import json
import re

import pytest
from conftest import BASE
from flask.testing import FlaskClient
from httplink import parse_link_header
from signposting import find_signposting_http, find_signposting_linkset
from signposting.signpost import LinkRel, Signposting

from publisher.core.formats import LINK_FORMATS, PAGE, RDF_FORMATS, Format
from publisher.core.release import Release

DATASET = "dataset/migration-partnerships"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
HUB = "source/idm-2018-1.fr"
PATHS = ["person/julie-bolcer", "theme/unite-familiale", "organization/oim", DATASET]
DOCUMENTS = [f"/doc/{PATHS[0]}", f"/doc/{DATASET}", "/ontology", "/ontology/0.1.0", "/quality"]

link_formats = pytest.mark.parametrize("chosen", LINK_FORMATS, ids=lambda f: f.name)


def public(address: object) -> str:
    """An address below the base, where it was resolved against that of the test worker's server."""
    return re.sub(r"^http://localhost:\d+/", BASE, str(address))


def targets(found: Signposting, relation: str) -> set[str]:
    return {public(signpost.target) for signpost in found if signpost.rel == LinkRel(relation)}


def shape(found: Signposting) -> set[tuple[str, str, str]]:
    return {(str(s.rel), public(s.target), str(s.type or "")) for s in found}


@pytest.mark.parametrize("path", PATHS)
def test_a_landing_page_has_the_links_of_level_1(server: str, path: str) -> None:
    found = find_signposting_http(f"{server}id/{path}")
    assert str(found.citeAs.target) == f"{BASE}id/{path}"
    assert "https://schema.org/AboutPage" in targets(found, "type")
    assert len(targets(found, "type")) > 1
    assert {(public(s.target), str(s.type)) for s in found.describedBy} == {
        (f"{BASE}doc/{path}.{f.suffix}", f.media_type) for f in RDF_FORMATS
    }
    assert str(found.license.target) == LICENCE
    items = {public(s.target) for s in found.items}
    if path == DATASET:
        assert {f"{BASE}dumps/dataset.{f.suffix}" for f in RDF_FORMATS} <= items
        assert "https://schema.org/Dataset" in targets(found, "type")
        assert targets(found, "collection") == set()
    else:
        assert items == set()
        assert targets(found, "collection") == {f"{BASE}doc/{DATASET}"}


@link_formats
@pytest.mark.parametrize("path", PATHS)
def test_the_link_set_has_the_links_of_the_page_and_of_the_metadata(server: str, path: str, chosen: Format) -> None:
    page = find_signposting_http(f"{server}doc/{path}")
    (address,) = (s.target for s in page.linksets if str(s.type) == chosen.media_type)
    found = find_signposting_linkset(address)
    told = shape(found.for_context(f"{BASE}doc/{path}"))
    assert told >= shape(page)
    assert {relation for relation, _, _ in told - shape(page)} <= {"item"}  # A header has no more than twenty.
    for offered in RDF_FORMATS:
        metadata = found.for_context(f"{BASE}doc/{path}.{offered.suffix}")
        assert targets(metadata, "describes") == {f"{BASE}id/{path}", f"{BASE}doc/{path}"}
        assert len(metadata.linksets) == len(LINK_FORMATS)


@link_formats
def test_the_link_set_of_the_dataset_has_the_links_of_the_content(server: str, chosen: Format) -> None:
    found = find_signposting_linkset(f"{server}doc/{DATASET}.{chosen.suffix}")
    for offered in RDF_FORMATS:
        place = f"{BASE}dumps/dataset.{offered.suffix}"
        content = found.for_context(place)
        assert targets(content, "collection") == {f"{BASE}doc/{DATASET}"}
        assert targets(content, "cite-as") == {f"{BASE}id/{DATASET}"}
        assert targets(content, "type") == {"https://schema.org/DataDownload"}
        assert targets(content, "license") == {LICENCE}
        assert len(targets(content, "describedby")) == len(RDF_FORMATS)
        assert shape(find_signposting_http(place.replace(BASE, server))) == shape(content)


def links(client: FlaskClient, path: str, accept: str) -> list[tuple[str, str, str]]:
    """Relation, target and media type of the links of a header whose context is the answer itself."""
    header = client.get(path, headers={"Accept": accept}).headers["Link"]
    found = [(link, dict(link.attributes or ())) for link in parse_link_header(header).links]
    return [(next(iter(link.rel)), link.target, told.get("type", "")) for link, told in found if "anchor" not in told]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_link_into_the_site_leads_to_what_it_says(client: FlaskClient, release: Release, path: str) -> None:
    addresses = (path, *(f"{path}.{offered.suffix}" for offered in (PAGE, *RDF_FORMATS)))
    found = [links(client, address, "text/html") for address in addresses]
    told = {"describes", "canonical", "describedby", "type", "linkset", "license"}
    assert {relation for relation, _, _ in found[0]} >= told
    assert "alternate" in {relation for relation, _, _ in found[0]} or path == f"/doc/{DATASET}"
    for target, media_type in {(target, kind) for each in found for _, target, kind in each}:
        inside = target.removeprefix(release.base_iri.rstrip("/"))
        if inside.startswith("/"):
            response = client.get(inside, headers={"Accept": media_type or "text/html"}, follow_redirects=True)
            assert response.status_code == 200, target
            assert not media_type or response.mimetype == media_type


AROUND = {
    "/": "/",
    "/?lang=fr": "/",
    "/about": "/about",
    "/api?lang=es": "/api",
    "/browse/": "/browse/",
    "/browse/skos:Concept?page=2&lang=es&q=a&sort=-name": "/browse/skos:Concept?q=a&sort=-name&page=2",
    "/browse/foaf:Person?format=csv": "/browse/foaf:Person",
    "/dumps/": "/dumps/",
    "/search?q=migration&lang=fr&format=csv": "/search?q=migration",
}
"""Pages around the data → the one address of each (RFC 6596)."""


@pytest.mark.parametrize("path", AROUND)
def test_the_links_of_the_pages_around_the_data_lead_to_what_they_say(
    client: FlaskClient, release: Release, path: str
) -> None:
    found = links(client, path, "text/html")
    assert [target for relation, target, _ in found if relation == "canonical"] == [AROUND[path]]
    assert len([relation for relation, _, _ in found if relation == "item"]) <= 20
    for _, target, media_type in found:
        if target.startswith("/"):
            response = client.get(target, headers={"Accept": media_type or "text/html"}, follow_redirects=True)
            assert (response.status_code, response.mimetype) == (200, media_type or "text/html"), target


def test_a_list_leads_to_its_table_its_pages_and_its_things(client: FlaskClient) -> None:
    first = links(client, "/browse/skos:Concept", "text/html")
    assert ("alternate", "/browse/skos:Concept?format=csv", "text/csv") in first
    assert {relation for relation, _, _ in first} == {"canonical", "alternate", "first", "next", "last", "item"}
    things = [target for relation, target, _ in first if relation == "item"]
    shown = client.get("/browse/skos:Concept", headers={"Accept": "text/html"}).text
    assert all(f'href="{target}"' in shown for target in things)
    following = next(target for relation, target, _ in first if relation == "next")
    assert not set(things) & {target for relation, target, _ in links(client, following, "text/html")}
    table = links(client, "/browse/foaf:Person?format=csv", "*/*")
    assert [link for link in table if link[0] == "alternate"] == [("alternate", "/browse/foaf:Person", "text/html")]


def test_the_site_itself_has_signposts(server: str) -> None:
    """The client warns where it finds none, and warnings are errors here."""
    home = find_signposting_http(server)
    assert targets(home, "describedby") == {f"{BASE}.well-known/void", f"{BASE}catalog"}
    downloads = find_signposting_http(f"{server}dumps/")
    assert targets(downloads, "describedby") == {f"{BASE}catalog"}
    assert f"{BASE}dumps/dataset.ttl" in targets(downloads, "item")
    assert targets(home, "license") == targets(downloads, "license") == {LICENCE}


def test_home_leads_to_the_interfaces(client: FlaskClient) -> None:
    """RFC 9727 §3."""
    assert ("api-catalog", "/.well-known/api-catalog", "application/linkset+json") in links(client, "/", "*/*")


ATTRIBUTES = ["type", "profile", "token"]


def first(target: dict[str, list[str]], name: str) -> str:
    """The value of an attribute that RFC 9264 §4.2.4.3 puts into an array."""
    (value,) = target.get(name, [""])
    return value


@link_formats
@pytest.mark.parametrize("path", DOCUMENTS)
def test_both_link_sets_say_the_same(client: FlaskClient, path: str, chosen: Format) -> None:
    text = client.get(f"{path}.linkset").text
    written = set()
    for line in text.splitlines():
        target, _, parameters = line.removeprefix("<").rstrip(",").partition(">; ")
        told = dict(re.findall(r'([a-z]+)="([^"]*)"', parameters))
        written.add((told["anchor"], told["rel"], target, *(told.get(name, "") for name in ATTRIBUTES)))
    document = json.loads(client.get(f"{path}.linkset-json").data)
    said = {
        (
            context["anchor"],
            relation,
            target["href"],
            target.get("type", ""),
            *(first(target, a) for a in ATTRIBUTES[1:]),
        )
        for context in document["linkset"]
        for relation, targets in context.items()
        if relation != "anchor"
        for target in targets
    }
    assert len({context["anchor"] for context in document["linkset"]}) == len(document["linkset"])
    assert len(said) == text.count("rel=") > 20
    assert written == said
    response = client.get(f"{path}.{chosen.suffix}", headers={"Accept": "text/html"})
    assert response.content_type == chosen.media_type


def test_the_link_set_of_a_foreign_thing_does_not_cite_it(client: FlaskClient) -> None:
    path = "/describe?iri=http://xmlns.com/foaf/0.1/Person"
    found = {relation: target for relation, target, _ in links(client, path, "text/html")}
    assert found["describes"] == "http://xmlns.com/foaf/0.1/Person"
    assert "cite-as" not in found
    document = json.loads(client.get(found["linkset"]).data)
    assert document["linkset"][0]["describes"][0]["href"] == "http://xmlns.com/foaf/0.1/Person"


def test_what_has_rights_of_its_own_is_not_said_to_have_the_licence_of_the_dataset(client: FlaskClient) -> None:
    found = links(client, "/doc/source/idm-2018-1.fr", "text/html")
    relations = {relation for relation, _, _ in found}
    assert "license" not in relations
    assert "http://purl.org/dc/terms/publisher" in relations


@pytest.mark.parametrize("offered", RDF_FORMATS, ids=lambda f: f.name)
def test_metadata_says_what_it_describes_and_which_model_it_keeps_to(
    client: FlaskClient, release: Release, offered: Format
) -> None:
    found = links(client, f"/doc/person/julie-bolcer.{offered.suffix}", "*/*")
    assert ("describes", "/doc/person/julie-bolcer", "text/html") in found
    assert ("profile", f"{release.base_iri}ontology", "") in found
    assert not {relation for relation, _, _ in found} & {"type", "describedby", "item"}


def test_the_link_set_is_not_negotiated(client: FlaskClient) -> None:
    for chosen in LINK_FORMATS:
        response = client.get("/doc/person/julie-bolcer", headers={"Accept": chosen.media_type})
        assert response.status_code == 406


# --- series of pages --------------------------------------------------------------------

SERIES = [".nt", ".jsonld?form=framed", ".ttl?_profile=schema", "?_mediatype=application/n-triples"]


@pytest.mark.parametrize("choice", SERIES)
def test_the_next_page_is_of_the_same_series(client: FlaskClient, choice: str) -> None:
    """RFC 8288: ``next`` is the next in the series: in the same format, form and profile."""
    path = f"/doc/{HUB}{choice}"
    first = client.get(path)
    seen = {first.headers["Content-Type"], first.headers["Content-Profile"]}
    for number in range(3):
        link = next(link for link in first.headers["Link"].split(", ") if 'rel="next"' in link)
        path = link[1:].partition(">")[0]
        first = client.get(path)
        assert {first.headers["Content-Type"], first.headers["Content-Profile"]} == seen
        assert f"links={number + 2}" in path


@pytest.mark.parametrize("language", ["fr", "es"])
def test_what_content_location_leads_to_is_what_came(client: FlaskClient, language: str) -> None:
    """RFC 9110 §8.7."""
    fields = {"Accept": "text/html", "Accept-Language": language}
    for path in (
        "/doc/person/julie-bolcer",
        "/doc/person/julie-bolcer?utm_source=x",
        "/ontology",
        f"/doc/{HUB}?links=2",
    ):
        came = client.get(path, headers=fields)
        again = client.get(came.headers["Content-Location"], headers=fields)
        assert (again.headers["ETag"], again.data) == (came.headers["ETag"], came.data)
