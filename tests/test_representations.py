"""Descriptions in every profile, format and JSON-LD form (W3C Content Negotiation by Profile; JSON-LD 1.1)."""

import json
import re
from collections.abc import Iterator
from typing import cast
from urllib.parse import urljoin

import pyoxigraph
import pytest
from asking import triples
from flask.testing import FlaskClient
from pyld import jsonld
from pyld.documentloader.frozen import FrozenDocumentLoader
from rdflib import RDF, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, SKOS
from werkzeug.http import parse_options_header

from publisher.core.formats import BY_NAME, RDF_FORMATS, Format
from publisher.core.release import Release
from publisher.core.terms import LABEL_PROPERTIES
from publisher.web.json_ld import FORMS, NAMESPACE
from publisher.web.profiles import ALTERNATES, MODEL, PROFILES, Profile

SDO = Namespace("http://schema.org/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
ALTR = Namespace("http://www.w3.org/ns/dx/connegp/altr#")
NT = BY_NAME["ntriples"]
MAPPED = [profile for profile in PROFILES if profile is not MODEL]
BY_TOKEN = {profile.token: profile for profile in PROFILES}
DATASET = "dataset/migration-partnerships"
PERSON = "person/julie-bolcer"
OFFLINE = {
    "documentLoader": FrozenDocumentLoader(documents={"https://schema.org/": {"@context": {"@vocab": str(SDO)}}})
}
"""What schema.org's own context comes to for the names that pages use, and no network."""

formats = pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
profiles = pytest.mark.parametrize("profile", MAPPED, ids=lambda p: p.token)


@pytest.fixture(scope="module")
def things(release: Release) -> list[str]:
    """One thing of each class."""
    found = Dataset(default_union=True)
    found.parse(release.folder / "dumps" / "dataset.nq", format="nquads")
    base = release.base_iri + "id/"
    first: dict[str, str] = {}
    for subject, kind in sorted(found.subject_objects(RDF.type)):
        if str(subject).startswith(base) and "#" not in str(subject):
            first.setdefault(str(kind), str(subject).removeprefix(base))
    return sorted({*first.values(), DATASET, PERSON})


def graph(client: FlaskClient, path: str, profile: str = "") -> Graph:
    response = client.get(f"/doc/{path}.ttl", query_string={"_profile": profile} if profile else {})
    assert response.status_code == 200, response.text
    return Graph().parse(data=response.data, format="turtle")


def as_triples(document: object) -> set[tuple[str, ...]]:
    return triples(jsonld.to_rdf(document, {**OFFLINE, "format": "application/n-quads"}).encode(), BY_NAME["nquads"])


def iri(release: Release, profile: Profile) -> str:
    return profile.identifier if ":" in profile.identifier else release.base_iri + profile.identifier


# --- formats, each read by two libraries --------------------------------------------------


@formats
def test_two_readers_read_the_same(client: FlaskClient, things: list[str], chosen: Format) -> None:
    syntax = pyoxigraph.RdfFormat.from_media_type(chosen.media_type)
    for path in things:
        body = client.get(f"/doc/{path}.{chosen.suffix}").data
        read = {tuple(map(str, quad.triple)) for quad in pyoxigraph.parse(body, format=syntax)}
        plain = b"".join(f"{' '.join(triple)} .\n".encode() for triple in read)
        assert triples(plain, NT) == triples(body, chosen), path


# --- JSON-LD ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_json_ld_that_says_the_same(client: FlaskClient, things: list[str], form: str) -> None:
    """A third reader: PyLD, without network."""
    for path in things:
        response = client.get(f"/doc/{path}.jsonld?form={form}")
        media_type, options = parse_options_header(response.content_type)
        assert media_type == "application/ld+json"
        assert options == ({} if form == "compacted" else {"profile": NAMESPACE + form})
        assert as_triples(json.loads(response.data)) == triples(client.get(f"/doc/{path}.nt").data, NT), path


@pytest.mark.parametrize("iri", ["http://xmlns.com/foaf/0.1/Person", "ontology#Statement", "ontology"])
def test_the_framed_form_of_a_class_has_its_things_too(client: FlaskClient, release: Release, iri: str) -> None:
    """They point to it by ``@type`` alone, which no frame follows."""
    about = {"iri": urljoin(release.base_iri, iri)}
    framed = client.get("/describe", query_string={**about, "format": "jsonld", "form": "framed"})
    plain = client.get("/describe", query_string={**about, "format": "nt"})
    assert as_triples(json.loads(framed.data)) == triples(plain.data, NT) != set()


@pytest.mark.parametrize("form", FORMS)
def test_accept_asks_for_a_form(client: FlaskClient, form: str) -> None:
    header = f'text/turtle;q=0.1, application/ld+json;profile="{NAMESPACE}{form} http://other.example/x";q=0.9'
    response = client.get(f"/doc/{PERSON}", headers={"Accept": header})
    named = client.get(response.headers["Content-Location"])
    assert (response.status_code, named.data) == (200, response.data)
    assert named.content_type == response.content_type
    assert json.loads(response.data) == json.loads(client.get(f"/doc/{PERSON}.jsonld?form={form}").data)
    assert client.get(f"/doc/{PERSON}.jsonld?form=upside-down").status_code == 406


def test_the_framed_form_is_one_nested_object(client: FlaskClient, release: Release) -> None:
    framed = json.loads(client.get(f"/doc/{PERSON}.jsonld?form=framed").data)
    assert framed["id"] == PERSON
    said = framed["@reverse"]["attributedTo"]
    assert "Cities cannot manage all migration-related issues alone." in [one["label"]["en"] for one in said]
    assert framed["memberOf"]["label"]["en"] == "New York City Hall"
    assert said[0]["attributedTo"] == PERSON
    classes = {node["id"]: node["rdfs:label"] for node in framed["@included"]}
    assert {"@language": "en", "@value": "person"} in classes["foaf:Person"]
    flat = json.loads(client.get(f"/doc/{PERSON}.jsonld?form=flattened").data)
    assert len(flat["@graph"]) > 10


# --- profiles -----------------------------------------------------------------------------


@formats
@profiles
def test_every_format_of_a_profile_says_the_same(
    client: FlaskClient, things: list[str], profile: Profile, chosen: Format
) -> None:
    shown = 0
    for path in things:
        response = client.get(f"/doc/{path}.{chosen.suffix}?_profile={profile.token}")
        plain = client.get(f"/doc/{path}.nt?_profile={profile.token}")
        assert response.status_code == plain.status_code, path
        if response.status_code == 406:
            continue
        shown += 1
        assert response.content_type == chosen.content_type
        assert triples(response.data, chosen) == triples(plain.data, NT), path
    assert shown


@profiles
def test_a_profile_says_only_what_the_description_says(
    client: FlaskClient, things: list[str], profile: Profile
) -> None:
    """In other words only: the same subjects with the same values, all terms from the profile's vocabularies.

    Of the downloads of the dataset it says what the catalogue says.
    """
    catalogue = Graph().parse(data=client.get("/catalog.ttl").data, format="turtle")
    allowed = (*profile.prefixes.values(), *profile.terms)
    for path in things:
        if client.get(f"/doc/{path}.nt?_profile={profile.token}").status_code == 406:
            continue
        described, said = graph(client, path), graph(client, path, profile.token)
        if path == DATASET and profile.token in ("schema", "dcat"):
            described += catalogue
        for subject, predicate, value in said:
            if predicate == RDF.type:
                assert str(value).startswith(allowed), (path, value)
                assert (subject, RDF.type, None) in described
            else:
                assert str(predicate).startswith(allowed), (path, predicate)
                assert (subject, None, value) in described, (path, subject, predicate, value)


@pytest.mark.parametrize(
    ("path", "predicate", "value"),
    [
        (PERSON, RDF.type, SDO.Person),
        (PERSON, SDO.name, Literal("Julie Bolcer", lang="en")),
        (PERSON, SDO.familyName, Literal("Bolcer")),
        (PERSON, SDO.memberOf, "organization/mairie-de-new-york"),
        (PERSON, SDO.affiliation, "organization/ville-de-new-york"),
        ("event/idm-2018-1", RDF.type, SDO.Event),
        ("event/idm-2018-1", SDO.superEvent, "event/idm-2018"),
        ("event/idm-2018-1", SDO.startDate, Literal("2018-03-26", datatype="http://www.w3.org/2001/XMLSchema#date")),
        ("organization/oim", RDF.type, SDO.Organization),
        ("place/indonesie", RDF.type, SDO.Country),
        ("place/indonesie", SDO.sameAs, URIRef("http://www.wikidata.org/entity/Q252")),
        (DATASET, RDF.type, SDO.Dataset),
        (DATASET, SDO.license, URIRef("https://creativecommons.org/licenses/by/4.0/")),
    ],
)
def test_schema_org(
    client: FlaskClient, release: Release, path: str, predicate: URIRef, value: URIRef | Literal | str
) -> None:
    node = value if isinstance(value, URIRef | Literal) else URIRef(f"{release.base_iri}id/{value}")
    assert (URIRef(f"{release.base_iri}id/{path}"), predicate, node) in graph(client, path, "schema")


def test_the_most_specific_class_counts(client: FlaskClient, release: Release) -> None:
    """A country is a place too; a reader of schema.org knows."""
    there = URIRef(release.base_iri + "id/place/indonesie")
    assert set(graph(client, "place/indonesie", "schema").objects(there, RDF.type)) == {SDO.Country}


def test_dcat_is_for_datasets(client: FlaskClient, release: Release) -> None:
    dataset = URIRef(f"{release.base_iri}id/{DATASET}")
    said = graph(client, DATASET, "dcat")
    assert (dataset, RDF.type, DCAT.Dataset) in said
    assert Literal("Partnerships for governing migration", lang="en") in set(said.objects(dataset, DCTERMS.title))
    downloads = {str(said.value(node, DCAT.downloadURL)): node for node in said.objects(dataset, DCAT.distribution)}
    assert downloads.keys() == {f"{release.base_iri}dumps/dataset.{chosen.suffix}" for chosen in RDF_FORMATS}
    turtle = downloads[f"{release.base_iri}dumps/dataset.ttl"]
    file = next(file for file in release.files if file.path == "dumps/dataset.ttl")
    assert said.value(turtle, DCAT.accessURL) == URIRef(release.base_iri + "dumps/")
    assert str(said.value(turtle, DCAT.mediaType)).endswith("/media-types/text/turtle")
    assert str(said.value(turtle, DCAT.byteSize)) == str(file.bytes)
    checksum = said.value(said.value(turtle, SPDX.checksum), SPDX.checksumValue)
    assert str(checksum).lower() == file.sha256
    refused = client.get(f"/doc/{PERSON}.ttl?_profile=dcat")
    assert refused.status_code == 406
    assert "schema" in refused.get_json()["detail"]


def test_skos_and_names(client: FlaskClient, release: Release) -> None:
    concept = URIRef(release.base_iri + "id/theme/sante")
    said = graph(client, "theme/sante", "skos")
    assert (concept, RDF.type, SKOS.Concept) in said
    assert {Literal("santé", lang="fr"), Literal("health", lang="en")} <= set(said.objects(concept, SKOS.prefLabel))
    named = graph(client, PERSON, "labels")
    person = URIRef(f"{release.base_iri}id/{PERSON}")
    assert set(named.subjects()) == {person}
    assert {str(name) for name in named.predicates()} <= set(LABEL_PROPERTIES)


# --- asking for a profile -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("<http://schema.org/>", "schema"),
        ("<http://www.w3.org/ns/dcat>, <http://schema.org/>;q=0.2", "schema"),
        ("<http://www.w3.org/2004/02/skos/core>;q=0.3,<http://schema.org/>; q=0.9", "schema"),
        ("<http://schema.org/>;q=0, <http://www.w3.org/2004/02/skos/core>;q=0.1", "skos"),
        ("skos", "skos"),
        ("<https://schema.org/>", "schema"),
        ("<http://www.w3.org/2004/02/skos/core#>", "skos"),
        ("*", "model"),
        ("<http://unheard.example/>", "model"),
        ("<http://unheard.example/a,b;q=1>, schema", "schema"),
        ("rubbish <<>> ;;, q=", "model"),
        ("", "model"),
    ],
)
def test_accept_profile(client: FlaskClient, release: Release, header: str, token: str) -> None:
    response = client.get(f"/doc/{PERSON}", headers={"Accept-Profile": header, "Accept": "text/turtle"})
    assert response.status_code == 200
    assert response.headers["Content-Profile"] == f"<{iri(release, BY_TOKEN[token])}>"
    assert "Accept-Profile" in response.vary
    assert client.get(response.headers["Content-Location"]).data == response.data


def test_the_address_beats_the_header(client: FlaskClient, release: Release) -> None:
    by_header = {"Accept-Profile": "<http://schema.org/>"}
    for query in ("?_profile=skos", "?_profile=http://www.w3.org/2004/02/skos/core", "?_profile=no&_profile=skos"):
        response = client.get(f"/doc/{PERSON}{query}", headers=by_header)
        assert response.headers["Content-Profile"] == "<http://www.w3.org/2004/02/skos/core>"
    plain = client.get(f"/doc/{PERSON}.ttl", headers=by_header)
    assert plain.headers["Content-Profile"] == f"<{iri(release, MODEL)}>"
    assert client.get(f"/doc/{PERSON}?_profile=no").status_code == 406
    assert client.get(f"/id/{PERSON}?_profile=skos").headers["Location"] == f"/doc/{PERSON}?_profile=skos"


def test_a_media_type_can_stand_in_the_address(client: FlaskClient) -> None:
    query = {"_mediatype": "application/n-triples", "_profile": "schema"}
    response = client.get(f"/doc/{PERSON}", query_string=query, headers={"Accept": "text/html"})
    assert response.mimetype == "application/n-triples"
    assert client.get(f"/doc/{PERSON}?_mediatype=application/LD+json").mimetype == "application/ld+json"
    assert response.data == client.get(f"/doc/{PERSON}.nt?_profile=schema").data


@pytest.mark.parametrize("where", [f"/doc/{PERSON}", "/describe?iri=http://www.wikidata.org/entity/Q252"])
def test_what_there_is_is_listed_and_can_be_had(client: FlaskClient, release: Release, where: str) -> None:
    """In ``Link``, in the alternates view as data, and as a page; each address gives what it promises."""
    mark = "&" if "?" in where else "?"
    response = client.get(where, headers={"Accept": "text/turtle"})
    tokens = dict(re.findall(r'rel="type"; token="(\w+)"; anchor="([^"]+)"', response.headers["Link"]))
    links = re.findall(r'<([^>]+)>; rel="alternate"; type="([^"]+)"; profile="([^"]+)"', response.headers["Link"])
    assert {profile for _, _, profile in links} == set(tokens.values())
    assert tokens["alt"] == ALTERNATES.iri
    view = client.get(f"{where}{mark}_profile=alt", headers={"Accept": "text/turtle"})
    assert view.headers["Content-Profile"] == f"<{ALTERNATES.iri}>"
    listed = Graph().parse(data=view.data, format="turtle")
    default = list(listed.objects(None, ALTR.hasDefaultRepresentation))
    assert len(default) == 1
    places = {str(place) for place in listed.subjects(RDF.type, ALTR.Representation)}
    assert {release.base_iri.rstrip("/") + href for href, _, _ in links} <= places
    page = client.get(f"{where}{mark}_profile=alt", headers={"Accept": "text/html"}).text
    for place in places:
        path = place.removeprefix(release.base_iri.rstrip("/"))
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.mimetype == str(listed.value(URIRef(place), DCTERMS["format"]))
        assert answer.headers["Content-Profile"] == f"<{listed.value(URIRef(place), DCTERMS.conformsTo)}>"
        assert path.replace("&", "&amp;") in page


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_page_of_profiles_has_an_anchor_for_each(client: FlaskClient, release: Release, language: str) -> None:
    page = client.get(f"/profiles?lang={language}").text
    for profile in (*PROFILES, ALTERNATES):
        assert f'<tr id="{profile.token}">' in page
        assert iri(release, profile) in page


def test_a_page_lists_formats_and_profiles(client: FlaskClient) -> None:
    sentence = client.get(f"/doc/{PERSON}.html?lang=en").text.partition('<p class="formats">')[2].partition("</p>")[0]
    for word in ("Turtle", "N-Quads", "TriG", "RDF/XML", "JSON-LD", "schema.org", "SKOS", "names only"):
        assert f">{word}</a>" in sentence
    assert ">DCAT</a>" not in sentence


# --- schema.org in pages ------------------------------------------------------------------


def embedded(page: str) -> Iterator[dict[str, object]]:
    for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL):
        yield json.loads(text)


def test_pages_tell_search_engines_what_the_profile_says(
    client: FlaskClient, release: Release, things: list[str]
) -> None:
    """Texts stand without their language, and some IRIs and a period are short; all else is there word for word."""
    kinds = set()
    for path in things:
        found = list(embedded(client.get(f"/doc/{path}.html?lang=en").text))
        thing = URIRef(f"{release.base_iri}id/{path}")
        profile = client.get(f"/doc/{path}.ttl?_profile=schema")
        said = Graph().parse(data=profile.data, format="turtle") if profile.status_code == 200 else Graph()
        assert len(found) == ((thing, RDF.type, None) in said), path
        for document in found:
            kinds.add(str(document["@type"]))
            assert document["@id"] == str(thing)
            assert str(document["url"]).startswith(release.base_iri)
            n_quads = jsonld.to_rdf(document, {**OFFLINE, "format": "application/n-quads"})
            for subject, predicate, value in Graph().parse(data=n_quads, format="nt"):
                stated = {str(one) for one in said.objects(subject, predicate)}
                if predicate in (SDO.encodingFormat, SDO.inLanguage):
                    assert any(f"/{one}".endswith(f"/{value}") for one in stated), (path, value)
                elif predicate == RDF.type and (thing, SDO.publisher, subject) in said:
                    assert value == SDO.Organization
                elif predicate not in (SDO.url, SDO.identifier, SDO.temporalCoverage):
                    assert str(value) in stated, (path, predicate)
    assert {"Person", "Organization", "Event", "Country", "Dataset"} <= kinds


@pytest.mark.parametrize(("language", "name"), [("en", "New York City Hall"), ("fr", "Mairie de New York")])
def test_they_are_in_the_language_of_the_page(client: FlaskClient, language: str, name: str) -> None:
    document = next(embedded(client.get(f"/doc/{PERSON}.html?lang={language}").text))
    there = document["memberOf"]
    assert isinstance(there, dict)
    assert there["name"] == name


def test_google_dataset_search_finds_what_it_requires(client: FlaskClient, release: Release) -> None:
    """https://developers.google.com/search/docs/appearance/structured-data/dataset: name and 50 to 5000 characters."""
    document = next(embedded(client.get(f"/doc/{DATASET}.html?lang=en").text))
    assert document["@type"] == "Dataset"
    assert document["name"] == "Partnerships for governing migration"
    assert 50 <= len(str(document["description"])) <= 5000
    assert document["identifier"] == f"{release.base_iri}id/{DATASET}"
    assert document["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert document["temporalCoverage"] == "2018-03-26/2018-03-27"
    assert {"en", "es", "fr"} <= set(cast(list[str], document["inLanguage"]))
    publisher = cast(dict[str, str], document["publisher"])
    assert (publisher["@type"], publisher["name"]) == ("Organization", "the project")
    downloads = cast(list[dict[str, str]], document["distribution"])
    assert {download["@type"] for download in downloads} == {"DataDownload"}
    assert {download["contentUrl"]: download["encodingFormat"] for download in downloads} == {
        f"{release.base_iri}dumps/dataset.{chosen.suffix}": chosen.media_type for chosen in RDF_FORMATS
    }


def test_another_project_gets_it_for_nothing(client: FlaskClient) -> None:
    """A class of another vocabulary, described by nobody here, still has names in SKOS and for schema.org."""
    response = client.get("/describe?iri=http://www.w3.org/ns/org%23Post&format=turtle&_profile=skos")
    said = Graph().parse(data=response.data, format="turtle")
    assert Literal("post", lang="en") in set(said.objects(URIRef("http://www.w3.org/ns/org#Post"), SKOS.prefLabel))
