"""What the site says of itself, in every form that programs look for, compared with what it is."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from asking import RDFLIB, select, triples
from conftest import ROOT, RunCommand
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV, SKOS, VOID

from publisher.build.sitemap import PAGES, write_sitemap
from publisher.core.formats import BY_NAME, COMPRESSIONS, LINK_FORMATS, RDF_FORMATS, Format
from publisher.core.release import Release, open_release
from publisher.core.settings import Settings, load_settings
from publisher.core.terms import CATALOG_PATH
from publisher.web import offers
from publisher.web.app import create_app

SPDX = Namespace("http://spdx.org/rdf/terms#")
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
TURTLE = {"Accept": "text/turtle"}


def path_of(iri: object, release: Release) -> str:
    assert str(iri).startswith(release.base_iri)
    return "/" + str(iri).removeprefix(release.base_iri).partition("#")[0]


# --- VoID -------------------------------------------------------------------------------


@pytest.fixture
def void(client: FlaskClient) -> Graph:
    response = client.get("/.well-known/void", headers=TURTLE, follow_redirects=True)
    return Graph().parse(data=response.data, format="turtle")


@pytest.fixture
def dataset(void: Graph) -> URIRef:
    (found,) = void.subjects(RDF.type, VOID.Dataset)
    assert isinstance(found, URIRef)
    return found


COUNTED = {
    VOID.triples: "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    VOID.distinctSubjects: "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    VOID.distinctObjects: "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    VOID.classes: "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    VOID.properties: "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
}


@pytest.mark.parametrize("term", COUNTED)
def test_the_counts_are_those_that_queries_give(
    client: FlaskClient, void: Graph, dataset: URIRef, term: URIRef
) -> None:
    assert str(void.value(dataset, term)) == select(client, COUNTED[term])[0]["n"]


def test_the_entities_are_those_of_the_pattern(client: FlaskClient, void: Graph, dataset: URIRef) -> None:
    pattern = str(void.value(dataset, VOID.uriRegexPattern))
    query = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER (REGEX(STR(?s), {Literal(pattern).n3()})) }}"
    assert str(void.value(dataset, VOID.entities)) == select(client, query)[0]["n"] != "0"
    space = str(void.value(dataset, VOID.uriSpace))
    assert space.endswith("/id/") and pattern == f"^{space.replace('.', '[.]')}[^#]+$"
    assert void.value(dataset, VOID.rootResource) == dataset


@pytest.mark.parametrize(
    ("partition", "name", "unit", "query"),
    [
        (VOID.classPartition, VOID["class"], VOID.entities, "SELECT ?x (COUNT(*) AS ?n) { ?s a ?x } GROUP BY ?x"),
        (VOID.propertyPartition, VOID.property, VOID.triples, "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x"),
    ],
)
def test_each_class_and_property_is_counted(
    client: FlaskClient, void: Graph, dataset: URIRef, partition: URIRef, name: URIRef, unit: URIRef, query: str
) -> None:
    parts = void.objects(dataset, partition)
    described = {str(void.value(part, name)): str(void.value(part, unit)) for part in parts}
    assert described == {row["x"]: row["n"] for row in select(client, query)}


def test_the_links_to_others_are_counted(client: FlaskClient, void: Graph, dataset: URIRef, release: Release) -> None:
    links = [*(SKOS[f"{kind}Match"] for kind in ("exact", "close", "broad", "narrow", "related")), OWL.sameAs]
    links += [RDFS.seeAlso, URIRef("http://schema.org/sameAs"), URIRef("https://schema.org/sameAs")]
    query = f"""SELECT ?p ?space (COUNT(*) AS ?n) {{
        VALUES ?p {{ {" ".join(link.n3() for link in links)} }}
        ?s ?p ?o FILTER (STRSTARTS(STR(?s), "{release.base_iri}") && !STRSTARTS(STR(?o), "{release.base_iri}"))
        BIND (IF (REGEX(STR(?o), "^[a-z]+://[^/]+/?$"), REPLACE(STR(?o), "^(.*[^/])/?$", "$1/"),
                  REPLACE(STR(?o), "^(.*[/#])[^/#]+/?$", "$1")) AS ?space) }} GROUP BY ?p ?space"""
    expected = {(row["p"], row["space"]): row["n"] for row in select(client, query)}
    found = {}
    for part in void.objects(dataset, VOID.subset):
        assert (part, RDF.type, VOID.Linkset) in void
        assert void.value(part, VOID.subjectsTarget) == dataset
        key = str(void.value(part, VOID.linkPredicate)), str(void.value(part, VOID.objectsTarget))
        found[key] = str(void.value(part, VOID.triples))
    assert found == expected
    spaces = {space for _, space in found}
    assert spaces >= {"http://www.wikidata.org/entity/", "https://sws.geonames.org/", "http://purl.org/dc/terms/"}


def test_every_address_that_void_gives_opens(
    client: FlaskClient, void: Graph, dataset: URIRef, release: Release
) -> None:
    for term in (VOID.dataDump, VOID.sparqlEndpoint, VOID.rootResource, VOID.exampleResource, DCTERMS.conformsTo):
        found = list(void.objects(dataset, term))
        assert found, term
        for iri in found:
            assert client.get(path_of(iri, release), follow_redirects=True).status_code == 200, iri


def test_the_service_leads_to_the_description_of_the_dataset(client: FlaskClient, dataset: URIRef) -> None:
    service = Graph().parse(data=client.get("/sparql", headers=TURTLE).data, format="turtle")
    assert (dataset, VOID.triples, None) in service
    assert (dataset, DCTERMS.license, None) in service


# --- DCAT and PROV-O --------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalog(release: Release) -> Graph:
    return Graph().parse(release.folder / "catalog.ttl")


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_the_catalogue_in_every_format(client: FlaskClient, catalog: Graph, chosen: Format) -> None:
    asked = client.get(f"/{CATALOG_PATH}", headers={"Accept": chosen.media_type})
    named = client.get(f"/{CATALOG_PATH}.{chosen.suffix}")
    assert (asked.status_code, asked.content_type) == (200, chosen.content_type)
    assert asked.data == named.data
    assert RDFLIB[chosen.name]
    expected = triples(client.get(f"/{CATALOG_PATH}.nt").data, BY_NAME["ntriples"])
    assert triples(asked.data, chosen) == expected
    assert len(expected) == len(catalog)


def test_people_who_ask_for_the_catalogue_get_the_page_of_downloads(client: FlaskClient) -> None:
    response = client.get(f"/{CATALOG_PATH}", headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["Location"]) == (303, "/dumps/")
    moved = client.get("/downloads")
    assert (moved.status_code, moved.headers["Location"]) == (308, "/dumps/")


def test_the_catalogue_conforms_to_dcat(catalog: Graph) -> None:
    conforms, _, report = validate(catalog, shacl_graph=Graph().parse(ROOT / "tests" / "dcat.ttl"))
    assert conforms, report


def test_the_catalogue_lists_the_files_as_they_are(client: FlaskClient, catalog: Graph, release: Release) -> None:
    files = {f.path.removeprefix("dumps/"): f for f in release.files if f.path.startswith("dumps/")}
    found = list(catalog.subjects(RDF.type, DCAT.Distribution))
    assert {str(node).partition("#")[2] for node in found} == files.keys() - {"SHA256SUMS"}
    packed = {c.suffix: f"https://www.iana.org/assignments/media-types/{c.media_type}" for c in COMPRESSIONS}
    for node in found:
        address = path_of(catalog.value(node, DCAT.downloadURL), release)
        file = files[Path(address).name]
        assert catalog.value(node, DCAT.byteSize) == Literal(file.bytes, datatype=XSD.nonNegativeInteger)
        checksum = catalog.value(node, SPDX.checksum)
        assert str(catalog.value(checksum, SPDX.checksumValue)).lower() == file.sha256
        compression = catalog.value(node, DCAT.compressFormat)
        assert (str(compression) if compression else None) == packed.get(address.rpartition(".")[2])
        head = client.head(address)
        assert head.headers["Content-Length"] == str(file.bytes)
        media_type = str(compression or catalog.value(node, DCAT.mediaType))
        assert media_type.endswith(f"media-types/{head.mimetype}")


def test_what_the_dataset_covers_is_what_its_data_say(catalog: Graph, client: FlaskClient, dataset: URIRef) -> None:
    period = catalog.value(dataset, DCTERMS.temporal)
    days = str(catalog.value(period, DCAT.startDate)), str(catalog.value(period, DCAT.endDate))
    assert days == ("2018-03-26", "2018-03-27")
    places = select(client, "SELECT DISTINCT ?x { ?x a <http://purl.org/dc/terms/Location> }")
    assert {str(place) for place in catalog.objects(dataset, DCTERMS.spatial)} == {row["x"] for row in places} != set()
    languages = {str(language).rpartition("/")[2] for language in catalog.objects(dataset, DCTERMS.language)}
    assert {"en", "es", "fr"} <= languages


def test_the_version_and_its_day_are_those_of_the_citation(catalog: Graph, dataset: URIRef) -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {catalog.value(dataset, URIRef(str(DCAT) + 'version'))}\n" in citation
    assert f"\ndate-released: {catalog.value(dataset, DCTERMS.modified)}\n" in citation
    assert (
        f'name: "{catalog.value(catalog.value(dataset, DCTERMS.publisher), URIRef("http://xmlns.com/foaf/0.1/name"))}"'
        in citation
    )


def test_every_input_is_told_with_its_hash(client: FlaskClient, catalog: Graph, release: Release) -> None:
    (build,) = catalog.subjects(RDF.type, PROV.Activity)
    used = set(catalog.objects(build, PROV.used))
    inputs = {f.path: f.sha256 for f in release.files if f.path.startswith("files/")}
    assert {str(iri).removeprefix(release.base_iri) for iri in used} == {quote(path) for path in inputs}
    for iri in used:
        checksum = catalog.value(catalog.value(iri, SPDX.checksum), SPDX.checksumValue)
        assert str(checksum).lower() in inputs.values()
    assert client.get(path_of(min(map(str, used)), release)).status_code == 200
    made = set(catalog.subjects(PROV.wasGeneratedBy, build))
    (result,) = (thing for thing in made if catalog.value(thing, PROV.specializationOf))
    assert str(catalog.value(result, DCTERMS.identifier)) == release.inputs
    assert set(catalog.objects(result, PROV.wasDerivedFrom)) == used


# --- interfaces -------------------------------------------------------------------------


def test_the_api_catalogue_leads_to_every_interface(client: FlaskClient, release: Release) -> None:
    path = "/.well-known/api-catalog"
    response = client.get(path)
    assert response.content_type == 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    assert 'rel="api-catalog"' in client.head(path).headers["Link"]
    first, *services = json.loads(response.data)["linkset"]
    assert first["anchor"] == release.base_iri + path[1:]
    assert [item["href"] for item in first["item"]] == [service["anchor"] for service in services]
    for service in services:
        for relation in ("service-desc", "service-doc", "service-meta"):
            for link in service[relation]:
                answer = client.get(
                    path_of(link["href"], release), headers={"Accept": link["type"]}, follow_redirects=True
                )
                assert (answer.status_code, answer.mimetype) == (200, link["type"]), link


@pytest.fixture(scope="module")
def interface(app: Flask) -> dict[str, Any]:
    response = app.test_client().get("/openapi.json")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    document: dict[str, Any] = json.loads(response.data)
    OpenAPIV31SpecValidator(document).validate()
    return document


def test_the_interface_has_every_route(interface: dict[str, Any], app: Flask) -> None:
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule): rule for rule in app.url_map.iter_rules()}
    assert rules.keys() - interface["paths"].keys() == {"/static/{filename}", "/favicon.ico", "/favicon.svg"}
    assert interface["paths"].keys() <= rules.keys()
    assert interface["paths"]["/sparql"].keys() == {"get", "post"}


VALUES = {
    "/doc/{path}": "/doc/person/julie-bolcer",
    "/id/{path}": "/id/person/julie-bolcer",
    "/browse/{short}": "/browse/skos:Concept",
    "/cite": "/cite?iri={base}id/person/julie-bolcer",
    "/search": "/search?q=migration",
    "/describe": "/describe?iri=http://xmlns.com/foaf/0.1/Person",
    "/describe/{path}": "/describe/skos:Concept",
    "/dumps/{name}": "/dumps/dataset.ttl.gz",
    "/files/{name}": "/files/data/dataset.ttl",
    "/graphs": "/graphs?default",
    "/ontology/{name}": "/ontology/0.1.0",
    "/sparql": "/sparql?query=SELECT*%7B%7D",
    "/catalog.{suffix}": "/catalog.nt",
    "/ontology.{suffix}": "/ontology.nt",
    "/pictures/{name}": "/pictures/places",
    "/pictures/{name}.{suffix}": "/pictures/places.svg",
    "/quality.{suffix}": "/quality.nt",
}
UNUSUAL = {"/.well-known/genid/{path}", "/sitemap-{number}.xml"}
"""Routes without an example that every release has."""


def test_every_route_answers_as_the_interface_says(
    client: FlaskClient, release: Release, interface: dict[str, Any]
) -> None:
    links = {chosen.media_type: chosen.suffix for chosen in LINK_FORMATS}
    for path, operations in interface["paths"].items():
        if path in UNUSUAL:
            continue
        responses, address = operations["get"]["responses"], VALUES.get(path, path).replace("{base}", release.base_iri)
        answer = client.get(address)
        assert str(answer.status_code) in responses, path
        if answer.status_code != 200:
            continue
        offered = responses["200"]["content"]
        assert answer.mimetype in offered, path
        for media_type in () if path == "/dumps/{name}" or "{suffix}" in path else offered:
            accept = {"Accept": media_type}
            further = address
            if path == "/sparql":  # Without a query it answers with graphs, with this one with a table.
                further = path
            elif suffix := links.get(media_type):  # By Accept nobody means them.
                further = f"{address}&format={suffix}" if path == "/describe" else f"{address}.{suffix}"
            answers = [client.get(each, headers=accept) for each in (address, further)]
            assert any(each.status_code in (200, 303) for each in answers), (path, media_type)


RETIRED = "theme/regroupement-familial"
OTHERWISE: list[tuple[str, str, dict[str, str], int]] = [
    ("/id/{path}", "/id/person/julie-bolcer", {}, 303),
    ("/id/{path}", f"/id/{RETIRED}", {}, 410),
    ("/doc/{path}", f"/doc/{RETIRED}", {}, 410),
    ("/doc/{path}", "/doc/person/nobody", {}, 404),
    ("/doc/{path}", "/doc/person/julie-bolcer/", {}, 308),
    ("/doc/{path}", "/doc/person/julie-bolcer?_profile=none", {}, 406),
    ("/doc/{path}", "/doc/person/julie-bolcer", {"If-Match": '"other"'}, 412),
    ("/doc/{path}", "/doc/person/julie-bolcer", {"Accept": "image/png"}, 406),
    ("/describe", "/describe", {}, 400),
    ("/describe", "/describe?iri={base}id/person/julie-bolcer", {}, 303),
    ("/describe", f"/describe?iri={{base}}id/{RETIRED}&format=ttl", {}, 410),
    ("/describe", "/describe?iri=http://a.example/nothing", {}, 404),
    ("/describe/{path}", "/describe/none:none", {}, 404),
    ("/cite", "/cite?iri=http://a.example/nothing", {}, 404),
    ("/catalog", "/catalog", {"Accept": "text/html"}, 303),
    ("/catalog.{suffix}", "/catalog.none", {}, 404),
    ("/graphs", "/graphs?default", {"Accept": "text/html"}, 303),
    ("/graphs", "/graphs", {}, 400),
    ("/graphs", "/graphs?graph=http://a.example/nothing", {}, 404),
    ("/browse/{short}", "/browse/none:None", {}, 404),
    ("/dumps/{name}", "/dumps/none", {}, 404),
    ("/dumps/{name}", "/dumps/dataset.nt", {"Range": "bytes=0-9"}, 206),
    ("/dumps/{name}", "/dumps/dataset.nt", {"Range": "bytes=999999999-"}, 416),
    ("/sitemap-{number}.xml", "/sitemap-99.xml", {}, 404),
    ("/.well-known/genid/{path}", "/.well-known/genid/none", {}, 404),
    ("/search", "/search?q=a&page=x", {}, 404),
    ("/search", f"/search?q={'a' * 500}", {}, 400),
]
"""Route, address, header fields, and a status other than 200 that is answered."""


@pytest.mark.parametrize(("path", "address", "headers", "status"), OTHERWISE)
def test_the_interface_tells_of_other_answers(
    client: FlaskClient,
    release: Release,
    interface: dict[str, Any],
    path: str,
    address: str,
    headers: dict[str, str],
    status: int,
) -> None:
    answer = client.get(address.replace("{base}", release.base_iri), headers=headers)
    assert answer.status_code == status
    told = interface["paths"][path]["get"]["responses"][str(status)]
    assert ("Location" in told.get("headers", {})) == ("Location" in answer.headers)
    assert answer.mimetype in told.get("content", {answer.mimetype})


def test_the_interface_tells_which_answers_are_not_sent_again(client: FlaskClient, interface: dict[str, Any]) -> None:
    for path, operations in interface["paths"].items():
        if "{" in path or path in ("/cite", "/describe", "/graphs"):
            continue
        answer = client.get(path)
        if answer.status_code == 200:
            again = client.get(path, headers={"If-None-Match": answer.headers.get("ETag", "none")})
            assert (again.status_code == 304) == ("304" in operations["get"]["responses"]), path


def test_the_interface_tells_how_a_description_is_asked_for(client: FlaskClient, interface: dict[str, Any]) -> None:
    """Each parameter that is told changes the answer."""
    plain = "/doc/person/julie-bolcer"
    shown = client.get(plain)
    asked = {
        "_profile": {"query_string": {"_profile": "schema"}},
        "_mediatype": {"query_string": {"_mediatype": "application/n-triples"}},
        "form": {"query_string": {"form": "expanded"}, "headers": {"Accept": "application/ld+json"}},
        "links": {"query_string": {"links": "99"}},
        "lang": {"query_string": {"lang": "fr"}, "headers": {"Accept": "text/html"}},
        "Accept-Profile": {"headers": {"Accept-Profile": "<http://schema.org/>"}},
    }
    for path in ("/doc/{path}", "/describe", "/describe/{path}", "/.well-known/genid/{path}"):
        told = {(one["in"], one["name"]) for one in interface["paths"][path]["get"]["parameters"]}
        named = {("header" if name.startswith("Accept") else "query", name) for name in asked}
        assert told - {("path", "path"), ("query", "iri"), ("query", "format")} == named
    assert all(client.get(plain, **options).data != shown.data for options in asked.values())


def test_the_tables_of_the_interface_name_no_route_that_is_not_there(app: Flask) -> None:
    named = {*offers.OFFERS, *offers.SENDS_ON, *offers.PARAMETERS, *offers.IN_PARTS, *offers.NOT_KEPT}
    named |= {*offers.GIVEN_UP, *offers.NOT_LISTED}
    assert named <= app.view_functions.keys()


# --- robots -----------------------------------------------------------------------------


def test_the_sitemap_has_every_page_in_every_language(
    client: FlaskClient, release: Release, settings: Settings
) -> None:
    robots = client.get("/robots.txt").text
    assert "Disallow: /describe?" in robots and "Allow:" not in robots
    address = re.search(r"^Sitemap: (.+)$", robots, re.MULTILINE)
    assert address
    response = client.get(path_of(address[1], release))
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    urls = {url.findtext(MAP + "loc"): url for url in ElementTree.fromstring(response.data)}
    query = "SELECT DISTINCT ?x { ?x a ?c FILTER (ISIRI(?x) && !CONTAINS(STR(?x), '#')) }"
    things = {row["x"] for row in select(client, query) if row["x"].startswith(release.base_iri + "id/")}
    pages = {thing.replace("/id/", "/doc/", 1) for thing in things}
    assert pages < urls.keys()
    for loc in urls.keys() - pages:
        assert client.get(path_of(loc, release), headers={"Accept": "text/html"}).mimetype == "text/html"
    for loc, url in urls.items():
        assert url.findtext(MAP + "lastmod") == "2026-11-28"
        links = {link.get("hreflang"): link.get("href") for link in url.iter(XHTML + "link")}
        assert links == {**{code: f"{loc}?lang={code}" for code in settings.languages}, "x-default": loc}
    for number in (0, 1):  # It is not split.
        assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_a_long_sitemap_is_split(tmp_path: Path) -> None:
    things = [f"https://a.example/doc/x/{number}" for number in range(20)]
    write_sitemap(things, tmp_path, "https://a.example/", ["en"], "", most=10)
    index = ElementTree.parse(tmp_path / "sitemap.xml").getroot()
    assert index.tag == MAP + "sitemapindex"
    names = [str(part.findtext(MAP + "loc")).removeprefix("https://a.example/") for part in index]
    assert names == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    found = [url.findtext(MAP + "loc") for name in names for url in ElementTree.parse(tmp_path / name).getroot()]
    assert set(things) < set(found)
    assert len(found) == len(set(found))


OWN = """
<people#ada> a <http://y.example/Person> . <people#ben> <http://xmlns.com/foaf/0.1/name> "Ben" .
<place/zürich> a <http://y.example/Place> ;
    <http://y.example/in> <place/not-described> , [ a <http://y.example/Area> ] .
<id/a%2Fb> a <http://y.example/Thing> . <id/list?page=2&by=é> a <http://y.example/Thing> .
<place/bern> <http://y.example/size> 3 . <http://y.example/z> a <http://y.example/Place> .
"""


def test_the_sitemap_has_things_wherever_their_iris_lie(publisher: RunCommand, tmp_path: Path) -> None:
    base = "https://a.example/"
    (tmp_path / "own.ttl").write_text(f"@base <{base}> ." + OWN, encoding="utf-8")
    assert publisher("build", "--project", tmp_path, "--base-iri", base).returncode == 0
    settings = load_settings(tmp_path, base_iri=base)
    client = create_app(settings, open_release(settings.releases_folder)).test_client()
    urls = {url.findtext(MAP + "loc"): url for url in ElementTree.fromstring(client.get("/sitemap.xml").data)}
    assert all(str(url).isascii() for url in urls)
    made = tuple(f"doc/{kind}/" for kind in ("dataset", "graph", "metric", "validation"))
    things = {str(url).removeprefix(base) for url in urls} - set(PAGES)
    own = {path for path in things if not path.startswith(made)}
    assert own == {"people", "place/z%C3%BCrich", "doc/a%2Fb", "doc/list?page=2&by=%C3%A9"}
    links = [link.get("href") for link in urls[f"{base}doc/list?page=2&by=%C3%A9"].iter(XHTML + "link")]
    assert f"{base}doc/list?page=2&by=%C3%A9&lang=fr" in links
    assert "\nAllow: /describe?iri=https%3A%2F%2Fa.example%2F\n" in client.get("/robots.txt").text
