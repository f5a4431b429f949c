"""The dumps: the whole dataset and each named graph, in every format, plain and packed, as the endpoint gives them."""

import gzip
import hashlib
import subprocess
from pathlib import Path

import pytest
from asking import RDFLIB, get
from backports import zstd
from conftest import RunCommand
from flask.testing import FlaskClient
from rdflib import BNode, Dataset, Graph
from rdflib.term import Node

from publisher.build.pipeline import build
from publisher.core.formats import BY_NAME, COMPRESSIONS, RDF_FORMATS, Compression, Format, Holds
from publisher.core.release import Release, open_release
from publisher.core.settings import load_settings
from publisher.core.terms import RDF
from publisher.web.app import create_app

UNPACK = {"gz": gzip.decompress, "zst": zstd.decompress}
PACKED = pytest.mark.parametrize("packing", COMPRESSIONS, ids=lambda c: c.suffix)


@pytest.fixture(scope="module")
def names(release: Release) -> set[str]:
    """The names of the dumps."""
    return {file.path.removeprefix("dumps/") for file in release.files if file.path.startswith("dumps/")}


def read(path: Path, chosen: Format) -> Dataset:
    dataset = Dataset(default_union=True)
    dataset.parse(path, format=RDFLIB[chosen.name])
    return dataset


def triples_of(graph: Graph) -> set[tuple[Node, ...]]:
    """No blank node is published: graphs are isomorphic where these sets are equal."""
    found = {tuple(triple) for triple in graph.triples((None, None, None))}
    assert not any(isinstance(term, BNode) for triple in found for term in triple)
    return found


@pytest.fixture(scope="module")
def named(release: Release) -> dict[str, str]:
    """Stem of the files → IRI of the named graph, as the dump of the whole says."""
    dataset = read(release.folder / "dumps" / "dataset.nq", BY_NAME["nquads"])
    start = release.base_iri + "id/graph/"
    iris = [str(graph.identifier) for graph in dataset.graphs() if str(graph.identifier).startswith(start)]
    return {"graph-" + iri.removeprefix(start): iri for iri in iris}


@pytest.fixture(scope="module")
def content(release: Release, named: dict[str, str]) -> dict[str, set[tuple[Node, ...]]]:
    """Stem of the files → triples, as N-Triples has them."""
    dumps = release.folder / "dumps"
    return {stem: triples_of(read(dumps / f"{stem}.nt", BY_NAME["ntriples"])) for stem in named}


def test_the_dataset_and_each_graph_are_there_in_every_format(named: dict[str, str], names: set[str]) -> None:
    stems = ["dataset", *named]
    plain = {f"{stem}.{chosen.suffix}" for stem in stems for chosen in RDF_FORMATS}
    packed = {f"{name}.{packing.suffix}" for name in plain for packing in COMPRESSIONS}
    assert names == plain | packed | {"SHA256SUMS"}


def test_each_graph_is_what_the_endpoint_gives(client: FlaskClient, named: dict[str, str]) -> None:
    for stem, iri in named.items():
        bodies = (
            client.get(f"/dumps/{stem}.nt"),
            get(client, f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}", "application/n-triples"),
            client.get("/graphs", query_string={"graph": iri}, headers={"Accept": "application/n-triples"}),
        )
        dump, asked, stored = (triples_of(Graph().parse(data=body.data, format="nt")) for body in bodies)
        assert len(dump) > 0
        assert dump == asked == stored, iri


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_each_graph_is_the_same_in_every_format(
    release: Release, named: dict[str, str], content: dict[str, set[tuple[Node, ...]]], chosen: Format
) -> None:
    for stem, iri in named.items():
        found = read(release.folder / "dumps" / f"{stem}.{chosen.suffix}", chosen)
        assert triples_of(found) == content[stem], iri
        if chosen.holds is Holds.DATASET:
            assert {str(graph.identifier) for graph in found.graphs() if len(graph)} >= {iri}


@PACKED
def test_packed_files_hold_the_plain_ones(
    client: FlaskClient, release: Release, names: set[str], packing: Compression
) -> None:
    for name in sorted(name for name in names if name.endswith(f".{packing.suffix}")):
        content = (release.folder / "dumps" / name).read_bytes()
        plain = (release.folder / "dumps" / name.removesuffix(f".{packing.suffix}")).read_bytes()
        assert UNPACK[packing.suffix](content) == plain
    response = client.get(f"/dumps/dataset.nt.{packing.suffix}", headers={"Accept-Encoding": "gzip, zstd, br"})
    assert response.content_type == packing.media_type
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("name", ["dataset.nq", "dataset.nq.gz", "dataset.nq.zst"])
def test_a_download_can_be_resumed(client: FlaskClient, release: Release, name: str) -> None:
    whole = (release.folder / "dumps" / name).read_bytes()
    tag = client.head(f"/dumps/{name}").headers["ETag"]
    rest = client.get(f"/dumps/{name}", headers={"Range": "bytes=1000-", "If-Range": tag})
    assert (rest.status_code, rest.data) == (206, whole[1000:])
    assert rest.headers["Content-Range"] == f"bytes 1000-{len(whole) - 1}/{len(whole)}"
    changed = client.get(f"/dumps/{name}", headers={"Range": "bytes=1000-", "If-Range": '"another"'})
    assert (changed.status_code, changed.data) == (200, whole)
    beyond = client.get(f"/dumps/{name}", headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416


def test_the_checksums_are_those_that_sha256sum_finds(client: FlaskClient, release: Release, tmp_path: Path) -> None:
    """Both where the files lie, and where somebody has put one of them together with the list."""
    sums = release.folder / "dumps" / "SHA256SUMS"
    assert client.get("/dumps/SHA256SUMS").mimetype == "text/plain"
    command = ["sha256sum", "--strict", "--check", "--quiet"]
    subprocess.run([*command, sums.name], cwd=sums.parent, check=True)
    for name in ("SHA256SUMS", "graph-mappings.ttl.gz"):
        (tmp_path / name).write_bytes(client.get(f"/dumps/{name}").data)
    subprocess.run([*command, "--ignore-missing", "SHA256SUMS"], cwd=tmp_path, check=True)
    (tmp_path / "graph-mappings.ttl.gz").write_bytes(b"other")
    assert subprocess.run([*command, "--ignore-missing", "SHA256SUMS"], cwd=tmp_path, capture_output=True).returncode


def test_another_build_in_another_folder_gives_the_same_bytes(project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "garden"
    project.rename(tmp_path / "first")
    subprocess.run(["cp", "-r", tmp_path / "first", tmp_path / "second"], check=True)
    elsewhere.parent.mkdir()
    (tmp_path / "second").rename(elsewhere)
    first, second = (build(load_settings(folder)) for folder in (tmp_path / "first", elsewhere))
    assert first.id == second.id
    assert first.folder != second.folder
    for file in first.files:
        content = (second.folder / file.path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256, file.path


UNFIT_FOR_XML = {
    "a property without a name": '<http://x.example/a> <http://x.example/123> "1" .',
    "a character that XML lacks": '<http://x.example/a> <http://x.example/p> "\\u0001" .',
    "an element of a list": f"<http://x.example/a> <{RDF}li> <http://x.example/b> .",
}


@pytest.mark.parametrize("statement", UNFIT_FOR_XML.values(), ids=UNFIT_FOR_XML)
def test_what_xml_cannot_write_is_left_out(publisher: RunCommand, tmp_path: Path, statement: str) -> None:
    (tmp_path / "odd.nt").write_text(statement, encoding="utf-8")
    (tmp_path / "plain.nt").write_text('<http://x.example/c> <http://x.example/p> "a\\rb" .', encoding="utf-8")
    outcome = publisher("build", "--project", tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    told = [line for line in outcome.stdout.splitlines() if "dataset.rdf" in line]
    assert len(told) == 1 and "graph-odd.rdf" in told[0] and statement.removesuffix(" .") in told[0]
    folder = tmp_path / "releases" / "current"
    names = {path.name for path in (folder / "dumps").iterdir()}
    assert {"dataset.ttl", "graph-odd.ttl", "graph-plain.rdf", "graph-plain.rdf.gz"} < names
    assert not [name for name in names if name.startswith(("dataset.rdf", "graph-odd.rdf"))]
    plain = Graph().parse(folder / "dumps" / "graph-plain.rdf")
    assert {str(value) for value in plain.objects()} == {"a\rb"}
    for file in (folder / "dumps" / "SHA256SUMS", folder / "catalog.ttl", folder / "dumps" / "dataset.nt"):
        assert "dataset.ttl" in file.read_text(encoding="utf-8")
        assert "dataset.rdf" not in file.read_text(encoding="utf-8")
    settings = load_settings(tmp_path)
    client = create_app(settings, open_release(settings.releases_folder)).test_client()
    assert "dataset.ttl" in (page := client.get("/dumps/").text) and "dataset.rdf" not in page
    for name in ("dataset.rdf", "graph-odd.rdf.gz"):
        answer = client.get(f"/dumps/{name}", headers={"Accept": "text/html", "Accept-Language": "fr"})
        assert answer.status_code == 404 and "ne peuvent s’écrire en XML" in answer.text
