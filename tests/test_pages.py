"""The pages around the data over HTTP: languages, downloads, lists, problems, headers, links."""

import ast
import hashlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from conftest import Browse
from flask.testing import FlaskClient
from rdflib import RDF, Graph
from rdflib.namespace import SH, VOID
from test_entities import BROWSER, Text

from publisher.core import request_errors
from publisher.core.formats import BY_SUFFIX, COMPRESSIONS, FORMATS, RDF_FORMATS, TEXT
from publisher.core.release import Release
from publisher.core.settings import TABLE, Settings
from publisher.web import odd_answers
from publisher.web.problems import every_error, meaning_of, slug_of
from publisher.web.profiles import ALTERNATES, PROFILES
from publisher.web.service import LIMITS

WEB = Path(__file__).parent.parent / "publisher" / "web"
RDF_SUFFIXES = {f.suffix for f in RDF_FORMATS}
TRANSLATIONS = ("fr", "es")
PAGES = [
    "/", "/browse/", "/about", "/accessibility", "/changes", "/dumps/", "/problems", "/quality", "/ontology", "/sparql",
    "/api", "/search", "/patterns",
]  # fmt: skip
HTML = {"Accept": BROWSER}

# --- languages ----------------------------------------------------------------------------


SAYING = {kind.__name__ for kind in every_error() if issubclass(kind, request_errors.RequestError)}
PASSING_ON = {"bad_query", "_unsupported"}


def said_by_errors() -> Iterator[str]:
    """What errors that answer requests say: constants, since what has values in it cannot be translated."""
    for path in (*WEB.rglob("*.py"), *(WEB.parent / "store").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING | PASSING_ON:
                for part in (*node.args, *(word.value for word in node.keywords if word.arg == "hint")):
                    assert not isinstance(part, ast.JoinedStr | ast.BinOp | ast.IfExp | ast.Call), (path, part.lineno)
                    if isinstance(part, ast.Constant):
                        yield str(part.value)


def messages() -> set[str | tuple[str, ...]]:
    """Every message id in templates and modules, in errors and in the tables of formats, profiles and limits."""
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    options = {"**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
    found: set[str | tuple[str, ...]] = {message for _, _, message, _, _ in extract_from_dir(WEB, methods, options)}
    found |= set(said_by_errors())
    found |= {text for kind in every_error() for text in (kind.title, meaning_of(kind))}
    found |= {setting.help for name, setting in TABLE.items() if name.startswith(LIMITS)}
    found |= {entry.why for entry in odd_answers.allowed()}
    found |= {entry.known for entry in odd_answers.wrong() if entry.known and not entry.known.startswith("#")}
    found |= {text for profile in (*PROFILES, ALTERNATES) for text in (profile.label, profile.says) if " " in text}
    return found | {f.label for f in (*FORMATS, TEXT) if " " in f.label}


def catalogue(language: str) -> Catalog:
    return read_po(BytesIO((WEB / "locale" / f"{language}.po").read_bytes()), locale=language)


def texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value or ""),)


def fields(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)|\{\w+(?::\w+)?\}", text))


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_sentence_is_translated(language: str) -> None:
    found = catalogue(language)
    missing = [message for message in messages() if message not in found or not all(_strings(found, message))]
    assert not missing


def _strings(found: Catalog, message: str | tuple[str, ...]) -> tuple[str, ...]:
    entry = found.get(message if isinstance(message, str) else message[0])
    assert entry is not None
    return texts(entry.string)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_translation_is_left_over_or_loses_a_field(language: str) -> None:
    used = {message if isinstance(message, str) else message[0] for message in messages()}
    for entry in catalogue(language):
        if entry.id:
            ids, strings = texts(entry.id), texts(entry.string)
            assert ids[0] in used
            assert not entry.fuzzy
            assert fields(strings[-1]) == fields(ids[-1]), ids


BREAKING = re.compile(r"[^\u202f][;!?](?=\s|$)|[^\u00a0][:»](?=[\s.,)]|$)|«[^\u00a0]")


def test_french_signs_keep_to_their_words() -> None:
    """A narrow no-break space before ; ! ?, a no-break space before : and within « »."""
    assert all(BREAKING.search(text) for text in ("Qui ?", "Pour: tous", "« mots\u00a0»"))
    found = [text for entry in catalogue("fr") if entry.id for text in texts(entry.string) if BREAKING.search(text)]
    assert not found


@pytest.mark.parametrize("path", ["/", "/about", "/dumps/", "/quality", "/ontology", "/doc/place/indonesie"])
def test_every_colon_of_a_french_page_has_its_space(client: FlaskClient, path: str) -> None:
    """Also those between two values, which are no part of a sentence."""
    page = Text.of(client.get(f"{path}?lang=fr", headers=HTML).text)
    assert not re.findall(r"\w+:\s", page)


@pytest.mark.parametrize(
    ("query", "header", "expected"),
    [
        ("", None, 0),
        ("", "es-MX,es;q=0.9,en;q=0.1", "es"),
        ("", "fr-CH", "fr"),
        ("", "de, ja", 0),
        ("", "de, fr;q=0.1", "fr"),
        ("?lang=fr", "es", "fr"),
        ("?lang=xx", "es", "es"),
        ("?lang=%3Cscript%3E", None, 0),
    ],
)
@pytest.mark.parametrize("path", PAGES)
def test_the_language_is_the_readers(
    client: FlaskClient, settings: Settings, path: str, query: str, header: str | None, expected: str | int
) -> None:
    language = settings.languages[expected] if isinstance(expected, int) else expected
    headers = {**HTML, **({"Accept-Language": header} if header else {})}
    response = client.get(path + query, headers=headers)
    assert f'<html lang="{language}">' in response.text
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]
    for other in settings.languages:
        assert f'<link rel="alternate" hreflang="{other}" href="{path}?lang={other}">' in response.text


@pytest.mark.parametrize("path", PAGES)
def test_a_chosen_language_is_kept_in_links(client: FlaskClient, settings: Settings, path: str) -> None:
    page = client.get(f"{path}?lang=es", headers=HTML).text
    inside = [href for href in Text.values(page, "href") if href.startswith("/") and not href.startswith("/static/")]
    kept = [href for href in inside if "lang=" in href]
    assert len(kept) >= len(inside) - 1, set(inside) - set(kept)  # hreflang="x-default" has none


# --- links ------------------------------------------------------------------------------------


def shape_of(address: str) -> str:
    """What addresses have in common that lead to pages of one kind: all but the last name and the values."""
    path, _, query = address.partition("?")
    if query:
        return f"{path.split('/')[1]}?{re.sub('=[^&]*', '', query)}"
    return path.rpartition("/")[0] or path


def test_every_internal_link_opens(browse: Browse) -> None:
    """Follows links from home on, some of each kind of address; fragments must be there.

    That everything the data names opens is tested elsewhere.
    """
    anchors: dict[str, set[str]] = {}
    broken: dict[str, int] = {}
    fragments: set[tuple[str, str]] = set()
    seen: Counter[str] = Counter()
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        page = browse(path)
        if page.status not in (200, 410):
            broken[path] = page.status
        parsed = Text.parsed(page.text)
        anchors[path] = set(parsed.named("id"))
        for href in parsed.named("href") + parsed.named("src"):
            target, fragment = urldefrag(urljoin(path, href))
            if not target.startswith("/") or "lang=" in target or target.rpartition(".")[2] in RDF_SUFFIXES:
                continue  # Other formats of the same documents have tests of their own.
            if fragment and "/sparql?" not in target:
                fragments.add((target, fragment))
            if target not in anchors and target not in waiting and seen[shape_of(target)] < 8:
                seen[shape_of(target)] += 1
                waiting.append(target)
    assert broken == {}
    assert len(anchors) > 200
    # What is only data at its address has no anchors.
    missing = {(path, fragment) for path, fragment in fragments if fragment not in (anchors.get(path) or {fragment})}
    assert missing == set()


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_well_made(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=HTML)
    page = response.text
    assert response.status_code == 200
    assert page.count("<h1") == 1
    assert len(set(Text.values(page, "id"))) == len(Text.values(page, "id"))
    assert not Text.values(page, "style")
    script = r" type=\"module\" src=\"/static/(?:workbench|pictures)\.js\?v=\w+\"></script>"
    assert re.findall(f"<script(?!{script})", page) == []
    assert "<style" not in page


# --- headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [*PAGES, "/nothing", "/describe", "/context.jsonld", "/robots.txt", "/dumps/dataset.nt"]
)
@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
def test_every_answer_has_the_security_headers(client: FlaskClient, path: str, accept: str) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.mimetype != "text/html":
        assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", [*PAGES, "/context.jsonld", "/dumps/dataset.nt", "/ontology.ttl"])
def test_answers_are_revalidated_with_strong_tags(client: FlaskClient, path: str) -> None:
    first = client.get(path, headers=HTML)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = client.get(path, headers={**HTML, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(path, headers=HTML)
    assert (head.status_code, head.headers["ETag"], head.data) == (200, tag, b"")
    assert head.headers["Content-Length"] == str(len(first.data))


# --- downloads ------------------------------------------------------------------------------------


def test_every_dump_is_listed_and_served_as_it_was_built(client: FlaskClient, release: Release) -> None:
    page = client.get("/dumps/").text
    files = [file for file in release.files if file.path.startswith("dumps/")]
    packed = {c.suffix: c.media_type for c in COMPRESSIONS}
    suffixes = {file.path.rpartition(".")[2] for file in files} - {"dumps/SHA256SUMS"}
    assert suffixes == {f.suffix for f in RDF_FORMATS} | packed.keys()
    for file in files:
        assert f'href="/{file.path}"' in page
        assert file.sha256 in page
        response = client.get("/" + file.path)
        assert hashlib.sha256(response.data).hexdigest() == file.sha256
        assert len(response.data) == file.bytes
        suffix = file.path.rpartition(".")[2]
        plain = BY_SUFFIX[suffix].content_type if suffix in BY_SUFFIX else TEXT.content_type
        assert response.content_type == packed.get(suffix, plain)
        assert f"filename={Path(file.path).name}" in response.headers["Content-Disposition"]
        part = client.get("/" + file.path, headers={"Range": "bytes=10-29"})
        assert (part.status_code, part.data) == (206, response.data[10:30])
        assert client.get("/" + file.path, headers={"Range": f"bytes={file.bytes}-"}).status_code == 416


def test_downloads_begin_with_the_lists_as_csv(client: FlaskClient) -> None:
    page = client.get("/dumps/?lang=en").text
    tables = page.partition('id="tables"')[2].partition("<h2>")[0]
    offered = [href for href in Text.values(tables, "href") if "format=csv" in href]
    listed = [href for href in Text.values(client.get("/browse/?lang=en").text, "href") if "/browse/" in href]
    assert {href.partition("?")[0] for href in offered} == {href.partition("?")[0] for href in listed} - {"/browse/"}
    assert client.get(offered[0]).mimetype == "text/csv"


def test_the_report_the_ontology_and_the_manifest_stand_beside_the_dumps(client: FlaskClient, release: Release) -> None:
    page = client.get("/dumps/").text
    for name in ("catalog.ttl", "ontology.ttl", "context.jsonld", "report.ttl", "manifest.json"):
        assert f'href="/dumps/{name}"' in page
        response = client.get(f"/dumps/{name}")
        assert response.data == (release.folder / name).read_bytes()
        assert hashlib.sha256(response.data).hexdigest() in page
    report = Graph().parse(data=client.get("/dumps/report.ttl").data, format="turtle")
    (node,) = report.subjects(RDF.type, SH.ValidationReport)
    assert str(report.value(node, SH.conforms)) == "true"


@pytest.mark.parametrize("name", ["nothing.ttl", "store", "../manifest.json", "..%2Fmanifest.json", "dataset.exe"])
def test_nothing_else_can_be_downloaded(client: FlaskClient, name: str) -> None:
    assert client.get(f"/dumps/{name}").status_code == 404


@pytest.mark.parametrize(
    ("path", "fresh"), [("/dumps/dataset.nq", "max-age=0"), ("/static/site.css", "max-age=31536000")]
)
def test_a_file_has_no_date_that_its_cache_control_contradicts(client: FlaskClient, path: str, fresh: str) -> None:
    headers = client.get(path).headers
    assert fresh in headers["Cache-Control"]
    assert "Expires" not in headers


def test_the_well_known_address_leads_to_the_description_of_the_dataset(client: FlaskClient) -> None:
    """VoID §7.2: a redirect by 302, and behind it statements about a void:Dataset."""
    response = client.get("/.well-known/void", headers={"Accept": "text/turtle"})
    assert response.status_code == 302
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    there = client.get(response.headers["Location"], headers={"Accept": "text/turtle"})
    described = Graph().parse(data=there.data, format="turtle")
    (dataset,) = described.subjects(RDF.type, VOID.Dataset)
    assert described.value(dataset, VOID.sparqlEndpoint)


# --- lists ---------------------------------------------------------------------------------------


def test_lists_name_every_thing_once(client: FlaskClient) -> None:
    table = client.get("/browse/").text
    lists = sorted({href for href in Text.values(table, "href") if re.fullmatch(r"/browse/[^?]+", href)})
    assert lists
    for path in lists:
        found: list[str] = []
        number = 1
        while number < 1000 and (response := client.get(f"{path}?page={number}")).status_code == 200:
            for row in response.text.split('<th scope="row">')[1:]:
                found += Text.values(row.partition("</th>")[0], "href")
            number += 1
        assert len(found) == len(set(found)) > 0, path
        assert response.status_code == 404


@pytest.mark.parametrize(
    "path",
    ["nothing", "x:y", "skos:Nothing", "skos:Concept?page=0", "skos:Concept?page=-1", "skos:Concept?page=%C2%B2"],
)
def test_lists_that_are_not_there_are_404(client: FlaskClient, path: str) -> None:
    assert client.get(f"/browse/{path}").status_code == 404


def test_home_has_the_counts_and_the_questions_and_they_run(client: FlaskClient, release: Release) -> None:
    page = client.get("/?lang=en", headers=HTML).text
    assert f"{release.counts['triples']:,}" in page
    questions = [href for href in Text.values(page, "href") if href.startswith("/sparql?query=")]
    assert len(questions) == len(list((release.folder / "queries").glob("*.rq")))
    for question in questions:
        response = client.get(question, headers=HTML)
        assert response.status_code == 200
        assert "<td>" in response.text


# --- the query page -------------------------------------------------------------------------------


def test_results_link_to_local_pages_and_to_every_format(client: FlaskClient, release: Release) -> None:
    query = "SELECT ?s ?k { ?s a ?k } ORDER BY ?s LIMIT 30"
    page = client.get("/sparql", query_string={"query": query, "lang": "fr"}, headers=HTML).text
    cells = page.partition("<tbody>")[2].partition("</tbody>")[0]
    links = Text.values(cells, "href")
    assert len(links) == 60
    for href in set(links):
        assert client.get(href, headers=HTML).status_code == 200
    downloads = [href for href in Text.values(page, "href") if "format=" in href]
    assert [client.get(href).status_code for href in downloads] == [200] * 4


def in_form(page: str) -> str:
    return unescape(page.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0])


def test_the_form_starts_with_a_query_that_is_in_view_and_runs(client: FlaskClient, release: Release) -> None:
    page = client.get("/sparql", headers=HTML).text
    query = in_form(page)
    assert query.index("SELECT") < 80
    assert "<td>" in client.get("/sparql", query_string={"query": query}, headers=HTML).text
    assert all(f"PREFIX {name}: <{namespace}>" in unescape(page) for name, namespace in release.prefixes.items())


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p }", 'SELECT ("&<b>" AS ?x) {', "ASK { ?s x:y ?o }"])
def test_a_query_with_a_mistake_stays_in_the_form(client: FlaskClient, query: str) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers=HTML)
    assert response.status_code == 400
    assert in_form(response.text) == query
    assert "<mark>" in response.text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ASK { ?s ?p ?o }", "yes"),
        ("ASK { <urn:x:1> <urn:x:2> <urn:x:3> }", "no"),
        ("CONSTRUCT WHERE { ?s a ?o } LIMIT 3", "@prefix"),
        ('SELECT ("<script>alert(1)</script>" AS ?x) {}', "&lt;script&gt;"),
        ('SELECT ("mots"@fr AS ?x) {}', 'lang="fr"'),
        ("SELECT ?x { VALUES ?x { UNDEF <javascript:alert(1)> } }", "javascript:alert(1)"),
        ("SELECT ?s { ?s <urn:x:2> ?o }", "0 rows"),
    ],
)
def test_every_form_of_answer_is_shown(client: FlaskClient, query: str, expected: str) -> None:
    page = client.get("/sparql", query_string={"query": query, "lang": "en"}, headers=HTML).text
    assert expected in page.partition('class="result"')[2]
    assert 'href="javascript' not in page
    assert "<script>" not in page


# --- problems -------------------------------------------------------------------------------------


def test_every_error_is_explained(client: FlaskClient) -> None:
    page = client.get("/problems?lang=en").text
    for kind in every_error():
        assert f'id="{slug_of(kind)}"' in page
    assert request_errors.NotFound in every_error()


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/nothing", 404, "not-found"),
        ("GET", "/doc/nothing.ttl", 404, "not-found"),
        ("GET", "/dumps/nothing", 404, "not-found"),
        ("GET", "/describe", 400, "bad-request"),
        ("POST", "/about", 405, "method-not-allowed"),
        ("DELETE", "/ontology", 405, "method-not-allowed"),
        ("FOO", "/ontology", 501, "method-unknown"),
        ("FOO", "/nothing", 501, "method-unknown"),
        ("PROPFIND", "/sparql", 501, "method-unknown"),
        ("GET", "/sparql?query=nonsense", 400, "bad-query"),
    ],
)
def test_errors_are_pages_for_people_and_problem_details_for_programs(
    client: FlaskClient, release: Release, method: str, path: str, status: int, slug: str
) -> None:
    response = client.open(path, method=method, headers={"Accept": "application/json"})
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    problem = response.get_json()
    place = {"line", "column", "excerpt"} if slug == "bad-query" else set()
    assert set(problem) == {"type", "title", "status", "detail", "instance"} | place
    assert problem["type"] == f"{release.base_iri}problems#{slug}"
    assert problem["status"] == status
    assert problem["instance"] == path
    page = client.open(path, method=method, headers={**HTML, "Accept-Language": "fr"})
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert '<html lang="fr">' in page.text
    assert f"/problems#{slug}" in page.text
    if status == 405:
        assert "GET" in response.headers["Allow"]
        assert "GET" in page.headers["Allow"]


ERRORS_IN_WORDS = {
    "/nope": ("Rien n’est publié à cette adresse.", "No hay nada publicado en esta dirección."),
    "/doc/nope": ("Rien n’est dit de <", "No se dice nada de <"),
    "/ontology/9.9": ("n’a pas de version 9.9", "ninguna versión 9.9"),
    "/describe": ("Le paramètre «\u00a0iri\u00a0» manque.", "Falta el parámetro «iri»."),
    "/browse/nope": ("Cette liste n’existe pas", "Esa lista no existe"),
    "/search?q=OIM&page=99": ("n’ont pas de page 99", "no tienen página 99"),
    "/dumps/nope": ("n’a pas de téléchargement", "ninguna descarga"),
    "/files/nope": ("n’a pas été faite à partir", "no se hizo a partir"),
    "/doc/nope?format=exe": ("Rien n’est dit de <", "No se dice nada de <"),
    "/ontology.exe": ("Il n’y a pas de format «\u00a0.exe\u00a0»", "No hay ningún formato «.exe»"),
    "/sparql?query=LOAD <http://x/>": ("LOAD modifie des données", "LOAD modifica datos"),
    "/sparql?query=SELECT * { ?s x:y ?o }": ("Déclarez d’abord ce préfixe : PREFIX x:", "Declare primero este prefijo"),
    "/sparql?query=nonsense": ("Commencez-la par SELECT", "Empiécela con SELECT"),
    "/sparql?query=SELECT * { ?s ?p }": ("SPARQL ne permet pas cette suite", "SPARQL no permite continuar"),
    "/sparql?query=SELECT (<urn:f>(1) AS ?x) {}": ("Il n’y a pas de fonction", "no hay ninguna función"),
    "/sparql?query=ASK {}&format=exe": ("«\u00a0exe\u00a0» n’est pas proposé ici.", "«exe» no se ofrece aquí."),
    "/sparql?query=ASK {}&query=ASK {}": ("Il y a plusieurs requêtes.", "Hay varias consultas."),
    "/sparql?query=ASK {}&default-graph-uri=x": ("n’est pas un IRI absolu", "no es un IRI absoluto"),
}


@pytest.mark.parametrize("path", ERRORS_IN_WORDS)
def test_error_pages_are_wholly_in_the_readers_language(client: FlaskClient, path: str) -> None:
    english = client.get(path, headers={"Accept": "application/json"}).get_json()["detail"]
    for language, expected in zip(TRANSLATIONS, ERRORS_IN_WORDS[path], strict=True):
        response = client.get(path, headers={**HTML, "Accept-Language": language})
        assert response.status_code >= 400
        said = unescape(response.text.partition("<main")[2].partition("</main>")[0])
        assert expected in said
        assert 'lang="en"' not in said
        assert not [sentence for sentence in english.split(". ") if sentence in said]


# --- small files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/context.jsonld", "application/ld+json"),
        ("/robots.txt", "text/plain"),
        ("/favicon.ico", "image/svg+xml"),
        ("/static/site.css", "text/css"),
    ],
)
def test_small_files(client: FlaskClient, path: str, media_type: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, media_type)


def test_the_stylesheet_loads_nothing_from_elsewhere() -> None:
    style = (WEB / "static" / "site.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_no_name_of_this_projects_ontology_is_in_the_code(release: Release) -> None:
    """The serving half is generic: own terms come from the release only."""
    names = {key for key in release.prefixes if release.prefixes[key].startswith(release.base_iri)}
    own = subprocess.run(
        [
            sys.executable,
            "-c",
            "import pathlib,sys; [print(p) for p in pathlib.Path(sys.argv[1]).rglob('*.*')]",
            str(WEB),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    for path in map(Path, own):
        if path.suffix in (".py", ".html"):
            text = path.read_text(encoding="utf-8")
            assert not [name for name in names if f"{name}:" in text], path
