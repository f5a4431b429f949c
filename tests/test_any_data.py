"""Data that nobody here made: the Brick ontology of buildings, as the package brickschema brings it along."""

import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from asking import triples
from conftest import RunCommand
from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.namespace import SKOS, VOID
from serving import Server, free_port, serving

from publisher.core.formats import FORMATS, RDF_FORMATS, Format
from publisher.core.settings import load_settings

FILE = "brickschema/ontologies/1.2/Brick.ttl"
BRICK = "https://brickschema.org/schema/Brick#"
SAMPLE = 100
PREFIXED = re.compile(r'<a[^>]* href="/describe/([\w-]+):([\w-]+)"[^>]*>([^<]*)</a>')


@pytest.fixture(scope="module")
def file() -> Path:
    return Path(str(distribution("brickschema").locate_file(FILE)))


@pytest.fixture(scope="module")
def brick(file: Path) -> Graph:
    """What rdflib reads from the file."""
    return Graph().parse(file)


@pytest.fixture(scope="module")
def site(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``publisher serve`` on a folder with nothing in it but the file."""
    folder = tmp_path_factory.mktemp("brick")
    (folder / file.name).write_bytes(file.read_bytes())
    with serving(load_settings(folder, port=free_port())) as server:
        yield server


@pytest.fixture(scope="module")
def sample(brick: Graph) -> list[URIRef]:
    """Subjects of every class in turn, each class's in the order of their IRIs."""
    by_class: dict[str, list[URIRef]] = defaultdict(list)
    for subject in sorted({s for s in brick.subjects() if isinstance(s, URIRef)}):
        by_class[min(map(str, brick.objects(subject, RDF.type)), default="")].append(subject)
    queues = [by_class[kind] for kind in sorted(by_class)]
    turns = [queue[turn] for turn in range(max(map(len, queues))) for queue in queues if turn < len(queue)]
    return turns[:SAMPLE]


def labels(graph: Graph, subject: URIRef) -> set[str]:
    return {str(label) for prop in (SKOS.prefLabel, RDFS.label) for label in graph.objects(subject, prop)}


def text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def page(site: Server, path: str) -> str:
    status, body = site.get(path, "text/html")
    assert status == 200, path
    return body.decode()


def count(site: Server, pattern: str) -> int:
    status, body = site.ask(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    assert status == 200
    return int(body.split()[1])


def test_the_data_is_what_the_test_is_for(brick: Graph) -> None:
    assert len(brick) > 10_000
    assert sum(isinstance(node, BNode) for node in set(brick.subjects())) > 1_000
    namespaces = {s.rpartition("#")[0] or s.rpartition("/")[0] for s in brick.subjects() if isinstance(s, URIRef)}
    assert len(namespaces) >= 4


def test_every_triple_is_there(site: Server, brick: Graph) -> None:
    assert count(site, f"GRAPH <{site.base}id/graph/Brick> {{ ?s ?p ?o }}") == len(brick)
    named = {str(subject) for subject in brick.subjects() if isinstance(subject, URIRef)}
    status, body = site.ask(f"SELECT DISTINCT ?s {{ GRAPH <{site.base}id/graph/Brick> {{ ?s ?p ?o }} }}")
    published = {line for line in body.decode().split() if "/.well-known/genid/" not in line} - {"s"}
    assert status == 200 and published == named


def test_every_subject_has_a_page_and_the_same_data_in_every_format(
    site: Server, brick: Graph, sample: list[URIRef]
) -> None:
    for subject in sample:
        described: dict[str, set[tuple[str, ...]]] = {}
        for chosen in FORMATS[:7]:
            path = "describe?" + urlencode({"iri": subject, "format": chosen.name})
            status, body = site.get(path)
            assert status == 200, path
            if chosen.name == "html":
                _check_page(body.decode(), brick, subject)
            else:
                described[chosen.name] = triples(body, chosen)
        assert len({frozenset(found) for found in described.values()}) == 1, subject
        stated = {(subject.n3(), p.n3()) for p in brick.predicates(subject)}
        assert stated <= {triple[:2] for triple in described["ntriples"]}


def _check_page(html: str, brick: Graph, subject: URIRef) -> None:
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert heading and text(heading[1]), subject
    if names := labels(brick, subject):
        assert text(heading[1]) in names
    for prefix, name, shown in PREFIXED.findall(html):
        if prefix == "brick" and (known := labels(brick, URIRef(BRICK + name))):
            assert unescape(shown).casefold() in {label.casefold() for label in known}
    assert "genid" not in text(re.sub(r"<(head|p class=\"iri\").*?</(head|p)>", "", html, flags=re.DOTALL))


def test_the_friendly_address_says_the_same(site: Server) -> None:
    iri = quote(BRICK + "Absorption_Chiller", safe="")
    for accept in ("text/turtle", "application/n-triples"):
        assert site.get("describe/brick:Absorption_Chiller", accept) == site.get(f"describe?iri={iri}", accept)
    status, body = site.get("describe/brick:Absorption_Chiller.ttl")
    assert status == 200 and b"Absorption" in body
    assert site.get("describe/nothing:Chiller")[0] == site.get("describe/brick:No_Such_Thing")[0] == 404


def test_a_node_without_a_name_is_shown_where_it_stands(site: Server) -> None:
    html = page(site, "describe/brick:Absorption_Chiller")
    inside = html[html.index('class="unnamed"') : html.index('id="said-by"')]
    assert "brick:hasTag" in inside and "Absorption" in inside


def test_the_pages_around_the_data_work(site: Server) -> None:
    home = page(site, "")
    assert text(re.search(r"<h1[^>]*>(.*?)</h1>", home, re.DOTALL)[1]) == "Brick"  # type: ignore[index]
    assert "exact quotes" not in home
    assert "/browse/brick%3AQuantity" in home or "/browse/brick:Quantity" in home
    kinds = set(re.findall(r'href="(/browse/[^"?]+)', page(site, "browse/")))
    assert {"/browse/owl:Class", "/browse/brick:Quantity"} <= kinds
    assert len(kinds) > 20
    for kind in sorted(kinds):
        listed = page(site, kind.removeprefix("/"))
        assert re.search(r'<table class="list[^"]*">.*?<th scope="row">.*?<a ', listed, re.DOTALL), kind
    ontology = page(site, "ontology")
    assert "Absorption Chiller" in ontology and "genid" not in text(ontology)
    assert "People read the source documents" not in page(site, "about")
    assert "There are no rules" in page(site, "quality")
    status, body = site.get("describe?iri=http%3A%2F%2Fnowhere.example%2F", "text/html")
    assert status == 404 and b"<h1>" in body


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_the_dumps_hold_the_data(site: Server, chosen: Format) -> None:
    status, body = site.get(f"dumps/dataset.{chosen.suffix}")
    assert status == 200 and b"Absorption_Chiller" in body
    if chosen.name == "ntriples":
        assert len(body.splitlines()) == count(site, "?s ?p ?o")


DATA = {
    "a.ttl": "<http://x.example/a> <http://x.example/p> <http://x.example/b> .",
    "a.nt": "<http://x.example/a> <http://x.example/p> <http://x.example/b> .",
    "a.jsonld": '{"@id": "http://x.example/a", "http://x.example/p": {"@id": "http://x.example/b"}}',
    "a.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://x.example/">'
    '<rdf:Description rdf:about="http://x.example/a"><p rdf:resource="http://x.example/b"/></rdf:Description></rdf:RDF>',
    "data/a.trig": "<http://x.example/g> { <http://x.example/a> <http://x.example/p> <http://x.example/b> . }",
    "data/a.nq": "<http://x.example/a> <http://x.example/p> <http://x.example/b> <http://x.example/g> .",
}
DATA["a.owl"] = DATA["a.rdf"]
DATA["data/b.owl"] = DATA["a.ttl"]


@pytest.mark.parametrize("name", DATA)
def test_one_file_is_enough(publisher: RunCommand, tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / name).write_text(DATA[name], encoding="utf-8")
    built = publisher("build", "--project", tmp_path)
    assert built.returncode == 0, built.stderr
    graph = f"http://localhost:8000/id/graph/{Path(name).stem}"
    asked = publisher("query", "--project", tmp_path, f"SELECT ?s ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    assert asked.stdout.splitlines()[1:] == ["http://x.example/a,http://x.example/b"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, ["nothing to publish", "Turtle (.ttl)"]),
        ({"a.ttl": "<http://x.example/a>\n a ."}, ["a.ttl:2: The file cannot be read", "it is Turtle"]),
        ({"a.owl": '<?xml version="1.0"?>\n<Ontology/>'}, ["a.owl:1", "OWL/XML", "Save it as RDF/XML"]),
        ({"a.rdf": "no XML"}, ["a.rdf:", "it is RDF/XML"]),
        ({"quality.ttl": DATA["a.ttl"]}, ["quality.ttl", "another named graph 'quality'", "Rename the file"]),
        (
            {"a.ttl": "<http://x.example/s>\n  <http://x.example/p> <http://x.example/?q=[1]> ."},
            ["a.ttl:2: The data is not right", "'http://x.example/?q=[1]' is no IRI", "%5B for '['"],
        ),
        ({"a.nt": "<http://x.example/s> <p> <http://x.example/o> ."}, ["a.nt:1", "'p' is no IRI", "in full"]),
        (
            {"a.jsonld": '{"@id": "http://x.example/s",\n "http://x.example/p": {"@id": "http://x.example/a b"}}'},
            ["a.jsonld:2", "'http://x.example/a b' is no IRI", "%20 for a space"],
        ),
        (
            {"ontology.ttl": '<http://x.example/s>\n <http://x.example/p> "x"^^<http://x.example/{}> .'},
            ["ontology.ttl:2", "'http://x.example/{}' is no IRI"],
        ),
        (
            {"a.ttl": '<http://x.example/s> <http://x.example/p> "a"@en ,\n "b"@norwegian .'},
            ["a.ttl:2", "'norwegian' is no language tag", "BCP 47"],
        ),
        (
            {"a.ttl": "@prefix : <http://x.example/> .\n:s :p :o .\n<< :s :p :o >> :c 0.5 ."},
            ["a.ttl:3: The file cannot be read", "a triple within a triple", "RDF 1.1"],
        ),
        ({"a.nt": '<http://x.example/s> <http://x.example/p> "x"@ar--rtl .'}, ["a.nt:1", "a text's direction"]),
        ({"a.ttl": DATA["a.ttl"], "data/dataset.ttl": DATA["a.ttl"]}, ["data/dataset.ttl", "exactly one is needed"]),
    ],
)
def test_what_is_wrong_is_told(publisher: RunCommand, tmp_path: Path, files: dict[str, str], said: list[str]) -> None:
    (tmp_path / "data").mkdir()
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    for command in ("build", "serve"):
        run = publisher(command, "--project", tmp_path, "--port", str(free_port()))
        assert run.returncode in (1, 2)
        for words in said:
            assert words in run.stderr


@pytest.mark.parametrize(
    ("subjects", "space", "has_pattern"),
    [
        (["https://x.example/people#ada", "https://x.example/people#ben"], "https://x.example/", False),
        (["https://x.example/id/thing/a", "https://x.example/id/thing/b"], "https://x.example/id/", True),
        (["http://y.example/a", "https://x.example/id/b"], None, False),
        (["urn:isbn:1"], None, False),
    ],
)
def test_the_things_are_counted_wherever_their_iris_lie(
    publisher: RunCommand, tmp_path: Path, subjects: list[str], space: str | None, has_pattern: bool
) -> None:
    def described() -> tuple[Graph, URIRef]:
        assert publisher("build", "--project", tmp_path, "--base-iri", "https://x.example/").returncode == 0
        void = Graph().parse(tmp_path / "releases" / "current" / "dumps" / "graph-description.ttl")
        (dataset,) = void.subjects(RDF.type, VOID.Dataset)
        assert isinstance(dataset, URIRef)
        return void, dataset

    data = tmp_path / "a.ttl"
    data.write_text("[] a <http://y.example/Thing> .", encoding="utf-8")
    void, dataset = described()
    before = int(str(void.value(dataset, VOID.entities)))
    data.write_text("\n".join(f"<{iri}> a <http://y.example/Thing> ." for iri in subjects), encoding="utf-8")
    void, dataset = described()
    assert int(str(void.value(dataset, VOID.entities))) == before + len(subjects)
    assert void.value(dataset, VOID.uriSpace) == (Literal(space) if space else None)
    assert ((dataset, VOID.uriRegexPattern, None) in void) == has_pattern


WRITTEN_ANEW = {
    '"0012"^^xsd:integer': "12",
    '"1.50"^^xsd:decimal': "1.5",
    '"1"^^xsd:boolean': "true",
    '"2020-01-01T00:00:00.000+00:00"^^xsd:dateTime': "2020-01-01T00:00:00Z",
    "1.0e6": "1000000",
}


def test_literals_in_another_form_are_counted(publisher: RunCommand, tmp_path: Path) -> None:
    data, prefix = tmp_path / "a.ttl", "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> ."
    data.write_text(f'{prefix} <http://x.example/a> <http://x.example/p> 12, 1.5, true, "0012" .', encoding="utf-8")
    outcome = publisher("build", "--project", tmp_path)
    assert outcome.returncode == 0 and "lexical form" not in outcome.stdout
    values = " , ".join([*WRITTEN_ANEW, "12", '"x"'])
    data.write_text(f"{prefix} <http://x.example/a> <http://x.example/p> {values} .", encoding="utf-8")
    outcome = publisher("build", "--project", tmp_path)
    (told,) = [line for line in outcome.stdout.splitlines() if "lexical form" in line]
    assert told.startswith("5 literals are published in another lexical form of the same value: ")
    assert '"0012"^^<http://www.w3.org/2001/XMLSchema#integer> as "12"^^' in told
    dump = tmp_path / "releases" / "current" / "dumps" / "graph-a.nt"
    found = {line.split('"')[1] for line in dump.read_text(encoding="utf-8").splitlines()}
    assert found == {*WRITTEN_ANEW.values(), "x"}


def test_a_library_that_breaks_down_is_told(
    publisher: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no check has foreseen: here what one forbids is let through to the reasoner."""
    data = tmp_path / "a.ttl"
    data.write_text(DATA["a.ttl"], encoding="utf-8")
    assert publisher("build", "--project", tmp_path).returncode == 0
    release = (tmp_path / "releases" / "current").readlink()
    monkeypatch.setattr("publisher.build.loose.check_terms", lambda *_: None)
    data.write_text("<http://x.example/[s]> a <http://x.example/b> .", encoding="utf-8")
    run = publisher("build", "--project", tmp_path)
    assert run.returncode == 2
    assert "while the reasoner computed what follows from the data" in run.stderr and "InvalidIri" in run.stderr
    assert (tmp_path / "releases" / "current").readlink() == release


def test_names_of_unnamed_nodes_stay_when_others_come(publisher: RunCommand, tmp_path: Path) -> None:
    def unnamed() -> set[str]:
        assert publisher("build", "--project", tmp_path).returncode == 0
        asked = publisher("query", "--project", tmp_path, "SELECT ?o { ?s <http://x.example/p> ?o }")
        return {line for line in asked.stdout.splitlines() if "/.well-known/genid/" in line}

    data = tmp_path / "a.ttl"
    data.write_text("@prefix : <http://x.example/> . :a :p [ :q 1 ] , [ :q 1 ] , [ :q 2 ] .")
    first = unnamed()
    data.write_text("@prefix : <http://x.example/> . :b :p [ :q 3 ] . :a :p [ :q 2 ] , [ :q 1 ] , [ :q 1 ] .")
    assert len(first) == 3
    assert len(unnamed() - first) == 1 and first < unnamed()
