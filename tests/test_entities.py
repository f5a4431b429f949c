"""Things over HTTP: 303, negotiation, every format, every IRI of the dataset opens."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, BNode, Dataset, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from publisher.core.formats import BY_NAME, PAGE, RDF_FORMATS, Format
from publisher.core.release import Release
from publisher.core.terms import OA, OWL, SKOLEM_PATH

RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "jsonld": "json-ld",
    "rdfxml": "xml",
    "trig": "trig",
    "nquads": "nquads",
}
PARSERS = {f.media_type: RDFLIB[f.name] for f in RDF_FORMATS}
KEEP_GRAPHS = ("trig", "nquads")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ACCEPT = {
    "*/*": "turtle",
    "": "turtle",
    BROWSER: "html",
    "text/html": "html",
    "text/*;q=0.1, application/ld+json": "jsonld",
    "application/n-triples;q=0.5, application/rdf+xml;q=0.9": "rdfxml",
    "image/png, text/turtle;q=0.01": "turtle",
    **{f.media_type: f.name for f in RDF_FORMATS},
}

formats = pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)


@pytest.fixture(scope="session")
def dataset(release: Release) -> Dataset:
    found = Dataset(default_union=True)
    found.parse(release.folder / "dumps" / "dataset.nq", format="nquads")
    return found


@pytest.fixture(scope="session")
def things(release: Release, dataset: Dataset) -> dict[str, str]:
    """One thing of each class below ``id/``: class → path."""
    base = release.base_iri + "id/"
    found: dict[str, str] = {}
    for subject, kind in sorted(dataset.subject_objects(RDF.type)):
        if str(subject).startswith(base) and "#" not in str(subject):
            found.setdefault(str(kind), str(subject).removeprefix(base))
    return found


def read(body: bytes, chosen: Format) -> Dataset:
    found = Dataset(default_union=True)
    found.parse(data=body, format=RDFLIB[chosen.name])
    return found


def triples(body: bytes, chosen: Format) -> set[tuple[str, ...]]:
    return {tuple(term.n3() for term in triple) for triple in read(body, chosen).triples((None, None, None))}


def test_there_are_things_of_several_classes(things: dict[str, str]) -> None:
    assert len(things) > 5


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_thing_answers_303_to_its_document_and_keeps_the_query(
    client: FlaskClient, things: dict[str, str], method: str
) -> None:
    for path in things.values():
        response = client.open(f"/id/{path}?lang=fr&x=%C3%A9", method=method)
        assert (response.status_code, response.headers["Location"]) == (303, f"/doc/{path}?lang=fr&x=%C3%A9")


@pytest.mark.parametrize("accept", ACCEPT)
def test_negotiation(client: FlaskClient, things: dict[str, str], accept: str) -> None:
    path = next(iter(things.values()))
    response = client.get(f"/doc/{path}", headers={"Accept": accept} if accept else {})
    assert response.status_code == 200
    assert response.mimetype == BY_NAME[ACCEPT[accept]].media_type
    assert {field.lower() for field in response.vary} == {
        "accept",
        "accept-encoding",
        "accept-language",
        "accept-profile",
    }
    suffix = BY_NAME[ACCEPT[accept]].suffix
    assert response.headers["Content-Location"] == f"/doc/{path}.{suffix}"
    named = client.get(f"/doc/{path}.{suffix}")
    assert named.mimetype == response.mimetype
    assert response.mimetype == PAGE.media_type or named.data == response.data


@pytest.mark.parametrize("path", ["/doc/{}", "/ontology", "/quality"])
def test_what_is_not_offered_is_406(client: FlaskClient, things: dict[str, str], path: str) -> None:
    response = client.get(path.format(next(iter(things.values()))), headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.mimetype == "application/problem+json"
    assert "text/turtle" in response.get_json()["detail"]


@formats
def test_every_format_carries_the_same_triples(client: FlaskClient, things: dict[str, str], chosen: Format) -> None:
    for path in things.values():
        response = client.get(f"/doc/{path}.{chosen.suffix}")
        assert response.status_code == 200, (path, response.text)
        assert response.content_type == chosen.content_type
        expected = triples(client.get(f"/doc/{path}.nt").data, BY_NAME["ntriples"])
        assert triples(response.data, chosen) == expected, path


def test_a_description_has_everything_said_of_the_thing_and_nothing_else(
    client: FlaskClient, release: Release, dataset: Dataset, things: dict[str, str]
) -> None:
    for path in things.values():
        iri = URIRef(f"{release.base_iri}id/{path}")
        described = Graph().parse(data=client.get(f"/doc/{path}.ttl").data, format="turtle")
        assert set(dataset.predicate_objects(iri)) == set(described.predicate_objects(iri))
        for child in {o for o in dataset.objects(iri) if str(o).startswith(f"{iri}#")}:
            assert set(dataset.predicate_objects(child)) == set(described.predicate_objects(child))
        assert all(triple in dataset for triple in described)
        assert not any(isinstance(term, BNode) for triple in described for term in triple)


@pytest.mark.parametrize("name", KEEP_GRAPHS)
def test_trig_and_nquads_say_which_graph_makes_each_statement(
    client: FlaskClient, dataset: Dataset, things: dict[str, str], name: str
) -> None:
    chosen = BY_NAME[name]
    all_quads = set(dataset.quads())
    for path in things.values():
        quads = set(read(client.get(f"/doc/{path}.{chosen.suffix}").data, chosen).quads())
        assert quads
        assert quads <= all_quads


def arrays(value: object) -> Iterator[list[str]]:
    """The arrays of a JSON document outside its context, each member as text."""
    if isinstance(value, list):
        yield [json.dumps(part, sort_keys=True) for part in value]
    for part in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from arrays(part)


def test_json_ld_is_compacted_in_the_terms_of_the_published_context(client: FlaskClient) -> None:
    """Readable by itself, and in one order: hashes of texts, which differ between processes, do not show."""
    document = client.get("/doc/person/julie-bolcer.jsonld").get_json(force=True)
    assert document.pop("@context") == client.get("/context.jsonld").get_json(force=True)["@context"]
    (person,) = (node for node in document["@graph"] if node["id"] == "person/julie-bolcer")
    assert person["label"] == dict.fromkeys(person["label"], "Julie Bolcer")
    assert "Person" in person["type"]
    assert person["printedName"] == {"fr": "Julie Bolcer"}
    assert all(array == sorted(array) for array in arrays(document))


@pytest.mark.parametrize("name", ["turtle", "trig"])
def test_only_the_prefixes_in_use_are_declared(client: FlaskClient, things: dict[str, str], name: str) -> None:
    declaration = re.compile(r"@prefix (\w+): <")
    for path in things.values():
        body = client.get(f"/doc/{path}.{BY_NAME[name].suffix}").text
        declared = set(declaration.findall(body))
        rest = declaration.sub("", body)
        unused = {prefix for prefix in declared if not re.search(rf"\b{prefix}:", rest)}
        assert declared and not unused, path


def test_links_lead_to_every_format_and_name_the_thing(
    client: FlaskClient, release: Release, things: dict[str, str]
) -> None:
    path = next(iter(things.values()))
    iri = f"{release.base_iri}id/{path}"
    header = client.get(f"/doc/{path}").headers["Link"]
    assert f'<{iri}>; rel="describes"' in header
    others = dict(re.findall(r'<([^>]+)>; rel="(?:alternate|describedby)"; type="([^"]+)"', header))
    assert set(others.values()) == {f.media_type for f in (PAGE, *RDF_FORMATS)}
    for href, media_type in others.items():
        assert client.get(href).mimetype == media_type


def test_headers_fit_into_what_a_proxy_takes(client: FlaskClient, things: dict[str, str]) -> None:
    """4,096 bytes in all, where nothing is set in nginx (``proxy_buffer_size``)."""
    for path in things.values():
        for accept in ("text/html", "text/turtle"):
            response = client.get(f"/doc/{path}", headers={"Accept": accept})
            assert sum(len(f"{name}: {value}\r\n") for name, value in response.headers) < 3_800, path


@pytest.mark.parametrize("accept", [BROWSER, "text/turtle", "*/*", "application/problem+json"])
def test_an_unknown_thing_is_404_and_the_nearest_id_is_suggested(
    client: FlaskClient, release: Release, things: dict[str, str], accept: str
) -> None:
    path = next(path for path in things.values() if len(path) > 8)
    response = client.get(f"/doc/{path}x", headers={"Accept": accept})
    assert response.status_code == 404
    assert f"{release.base_iri}id/{path}" in response.text
    assert response.mimetype == ("text/html" if accept == BROWSER else "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/doc/a%20b", "/doc/%3Cscript%3E", "/doc/%FF", "/doc/.ttl", "/doc/x%0Ay", "/doc/" + "x" * 3000]
)
def test_impossible_addresses_are_404(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "<script" not in response.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?iri=", 400),
        ("?iri=no%20iri", 404),
        ("?iri=http://example.org/unheard-of", 404),
        ("?iri=x%0Ay", 404),
    ],
)
def test_describe_refuses_what_it_cannot_describe(client: FlaskClient, query: str, status: int) -> None:
    assert client.get("/describe" + query).status_code == status


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_property_and_class_has_a_name(client: FlaskClient, dataset: Dataset, language: str) -> None:
    """The heading of its page is in the reader's language, not an IRI."""
    used = {*dataset.predicates(), *dataset.objects(None, RDF.type)}
    assert len(used) > 150
    for term in sorted(map(str, used)):
        response = client.get("/describe", query_string={"iri": term, "lang": language}, headers={"Accept": BROWSER})
        if response.status_code == 303:  # A term of this ontology: another test has those.
            continue
        heading = response.text.partition("<h1>")[2].partition("</h1>")[0]
        assert heading, term
        assert ":" not in heading, (term, heading)


@pytest.mark.parametrize(
    ("path", "about", "shown"),
    [("person/julie-bolcer", "dataset", "/doc/partnership/"), ("place/indonesie", "mapping", "/doc/statement/")],
)
def test_what_is_about_the_dataset_or_a_link_stays_off_the_page_of_a_thing(
    client: FlaskClient, release: Release, path: str, about: str, shown: str
) -> None:
    """The data at the same address has it."""
    data = Graph().parse(data=client.get(f"/doc/{path}.ttl").data, format="turtle")
    assert any(str(subject).startswith(f"{release.base_iri}id/{about}/") for subject in data.subjects())
    page = client.get(f"/doc/{path}.html").text
    related = page.partition('id="related"')[2].partition("</section>")[0]
    assert shown in related
    assert f"/doc/{about}/" not in related


def test_a_mapping_and_a_quote_are_named_by_what_they_say(client: FlaskClient) -> None:
    there = client.get("/describe?iri=http://www.wikidata.org/entity/Q252&lang=en", headers={"Accept": BROWSER}).text
    assert "Indonésie → wikidata:Q252" in there
    assert "quote/idm-2018-1.fr" not in Text.of(client.get("/doc/place/indonesie.html?lang=en").text)


@pytest.mark.parametrize(("language", "word"), [("en", "female"), ("fr", "femme"), ("es", "mujer")])
def test_a_gender_is_a_word_of_the_readers_language(client: FlaskClient, language: str, word: str) -> None:
    """The data has the two words of FOAF."""
    query = "SELECT ?person { ?person <http://xmlns.com/foaf/0.1/gender> 'female' } LIMIT 1"
    person = client.get("/sparql", query_string={"query": query, "format": "csv"}).text.split()[1]
    page = client.get(person.replace("/id/", "/doc/"), query_string={"lang": language}, headers={"Accept": BROWSER})
    assert f"<span>{word}</span>" in page.text


def iris(dataset: Dataset) -> set[str]:
    return {str(term) for quad in dataset.quads() for term in quad if isinstance(term, URIRef)}


def test_a_page_shows_the_exact_words_with_their_language(
    client: FlaskClient, dataset: Dataset, release: Release
) -> None:
    oa = dict(dataset.namespaces()).get("oa", URIRef(OA))
    words = URIRef(f"{oa}exact")
    selector, exact = sorted(dataset.subject_objects(words))[0]
    quote = next(dataset.subjects(URIRef(OA + "hasSelector"), selector))
    things = release.base_iri + "id/"
    fact = min(str(s) for s in dataset.subjects(None, quote) if str(s).startswith(things) and "#" not in str(s))
    page = client.get(fact.replace(release.base_iri + "id/", "/doc/") + ".html").text
    assert str(exact) in Text.of(page)
    language = next(dataset.objects(quote, URIRef("http://purl.org/dc/terms/language")))
    assert f'<blockquote lang="{language}">' in page
    at_home = client.get(str(quote).replace(release.base_iri + "id/", "/doc/") + ".html").text
    assert "<mark>" in at_home
    assert str(exact) in Text.of(at_home)


class Text(HTMLParser):
    """The text and the attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def named(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]

    @classmethod
    def of(cls, page: str) -> str:
        return "".join(cls.parsed(page).parts)

    @classmethod
    def values(cls, page: str, name: str) -> list[str]:
        return cls.parsed(page).named(name)

    @classmethod
    def parsed(cls, page: str) -> "Text":
        parser = cls()
        parser.feed(page)
        return parser


def test_links_on_pages_are_paths(client: FlaskClient, release: Release, things: dict[str, str]) -> None:
    for path in things.values():
        page = client.get(f"/doc/{path}.html?lang=es").text
        links = Text.values(page, "href")
        assert not [href for href in links if href.startswith(release.base_iri)], path
        inside = [href for href in links if href.startswith("/") and not href.startswith("/static/")]
        assert all("lang=" in href or href.endswith(path) or "hreflang" in page for href in inside)


def test_inferred_statements_are_marked(client: FlaskClient, release: Release, dataset: Dataset) -> None:
    inferred = dataset.graph(URIRef(release.base_iri + "id/graph/inferred"))
    subject = sorted(
        str(s) for s in inferred.subjects() if str(s).startswith(release.base_iri + "id/") and "#" not in str(s)
    )[0]
    page = client.get(subject.replace(release.base_iri + "id/", "/doc/") + ".html").text
    assert 'id="inferred"' in page


# --- the ontology -------------------------------------------------------------------------


def terms(release: Release, dataset: Dataset) -> Iterator[str]:
    graph = dataset.graph(URIRef(release.base_iri + "id/graph/ontology"))
    for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty"):
        for term in graph.subjects(RDF.type, URIRef(OWL + kind)):
            if str(term).startswith(release.base_iri + "ontology#"):
                yield str(term).partition("#")[2]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_term_has_an_anchor_and_a_label(
    client: FlaskClient, release: Release, dataset: Dataset, language: str
) -> None:
    page = client.get(f"/ontology?lang={language}", headers={"Accept": BROWSER}).text
    anchors = Text.values(page, "id")
    assert len(anchors) == len(set(anchors))
    assert set(terms(release, dataset)) <= set(anchors)


@formats
def test_the_ontology_is_one_document_with_its_blank_nodes(
    client: FlaskClient, release: Release, chosen: Format
) -> None:
    original = Graph().parse(release.folder / "ontology.ttl", format="turtle")
    response = client.get(f"/ontology.{chosen.suffix}")
    assert response.content_type == chosen.content_type
    served = Graph()
    for triple in read(response.data, chosen).triples((None, None, None)):
        served.add(triple)
    assert isomorphic(original, served)
    assert SKOLEM_PATH not in response.text
    assert client.get("/ontology", headers={"Accept": chosen.media_type}).data == response.data


def test_values_are_read_in_the_readers_language(client: FlaskClient, release: Release, dataset: Dataset) -> None:
    dated = sorted(
        (str(s), str(o))
        for s, o in dataset.subject_objects()
        if isinstance(o, Literal) and str(o.datatype).endswith("#date") and str(s).startswith(release.base_iri + "id/")
    )
    subject, value = dated[0]
    address = subject.replace(release.base_iri + "id/", "/doc/")
    page = client.get(address + ".html?lang=fr").text
    assert f'<time datetime="{value}">' in page
    british = date.fromisoformat(value).strftime("%d %B %Y").lstrip("0")
    assert f'<time datetime="{value}">{british}</time>' in client.get(address + ".html?lang=en").text


def test_what_leads_out_is_named_with_its_site_and_a_language_by_its_name(client: FlaskClient) -> None:
    place = client.get("/doc/place/indonesie.html?lang=en").text
    assert ">Q252 (www.wikidata.org)</a>" in place
    dataset = client.get("/doc/dataset/migration-partnerships.html?lang=es").text
    assert re.search(r'<a href="http[^"]+/en" rel="external">inglés</a>', dataset)


# --- the page of a thing to which much points ------------------------------------------------------


def page_of(client: FlaskClient, path: str) -> str:
    return client.get(path, headers={"Accept": BROWSER}).text


def part(page: str, name: str) -> str:
    """The section of a page with a heading of that id."""
    return page.partition(f'<h2 id="{name}"')[2].partition("</section>")[0]


def test_a_page_begins_with_what_is_on_it(client: FlaskClient) -> None:
    page = page_of(client, "/doc/organization/oim?lang=en")
    contents = re.search(r'<nav class="contents" aria-label="On this page">.*?</nav>', page, re.DOTALL)
    assert contents
    led_to = re.findall(r'href="#([^"]+)"', contents[0])
    assert led_to == re.findall(r'<h2 id="([^"]+)"', page)
    assert f'<a href="#words">Exact words</a> <span class="count">{page.count("<blockquote")}</span>' in contents[0]


def test_further_pages_have_only_what_refers_to_the_thing(client: FlaskClient) -> None:
    first, second = (page_of(client, f"/doc/organization/oim?lang=en{more}") for more in ("", "&links=2"))
    assert "(2/2)" in second.partition("</title>")[0]
    assert part(first, "facts") and part(first, "words")
    assert not part(second, "facts") and not part(second, "words")
    assert part(second, "related")


def test_what_is_stated_comes_before_what_only_follows(client: FlaskClient) -> None:
    """A hub's inferred links come last, and none of them stands among what somebody states."""
    first = page_of(client, "/doc/organization/oim?lang=en")
    stated, follows = part(first, "related"), part(first, "inferred")
    assert "partner in" in stated.casefold()
    assert "member of" not in stated.casefold()
    assert "member of" in follows.casefold()
    assert "member of" not in part(first, "facts").casefold()


def test_other_names_tell_acronyms_too(client: FlaskClient) -> None:
    page = page_of(client, "/doc/organization/oim?lang=en")
    names = page.partition('<p class="other-names">')[2].partition("</p>")[0]
    assert '<span lang="en">IOM</span> <span class="tag">en</span>' in names
    assert '<span lang="es">OIM</span> <span class="tag">es, fr</span>' in names


def test_things_of_several_kinds_are_grouped_by_kind(client: FlaskClient) -> None:
    items = re.findall(r"<li>.*?</li>", part(page_of(client, "/doc/theme/sante?lang=en"), "related"), re.DOTALL)
    kinds = [kind for item in items for kind in re.findall(r'<span class="tag"[^>]*>([^<]*)</span>', item)]
    assert kinds == sorted(kinds)
    assert {"commitment", "partnership", "statement"} <= set(kinds)


def test_concept_schemes_are_lists(client: FlaskClient) -> None:
    schemes = part(page_of(client, "/browse/?lang=en"), "schemes")
    link = re.search(r'<a href="([^"]+)">themes</a> <span class="count">(\d+)</span>', schemes)
    assert link
    assert f"{link[2]} found" in page_of(client, unescape(link[1]))
