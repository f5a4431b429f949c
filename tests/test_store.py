"""The two stores: the same site, the same answers."""

import re
from pathlib import Path

import pytest
from asking import ENDLESS
from msgspec.structs import replace
from pyoxigraph import Literal, NamedNode

from publisher import store as package
from publisher.core.formats import RDF_FORMATS, RESULT_FORMATS, Format
from publisher.core.release import Release
from publisher.core.request_errors import BadQuery, QueryLost, QueryTimeout, ResultTooLarge
from publisher.core.settings import Settings
from publisher.store import open_pool, open_store
from publisher.store.protocol import QueryTask, Term

QUERIES = sorted((Path(package.__file__).parent / "queries").glob("*.rq"))


@pytest.fixture
def remote(settings: Settings, server: str) -> Settings:
    """Settings for which our own endpoint is the SPARQL 1.1 service."""
    return replace(settings, store=server + "sparql")


def bindings(text: str, release: Release, thing: Term) -> dict[str, Term]:
    """Values for what a query wants bound, as its first line says: ``?thing``, ``?base`` …"""
    known: dict[str, Term] = {
        "thing": thing,
        "class": NamedNode("http://www.w3.org/2002/07/owl#Class"),
        "base": NamedNode(release.base_iri + "id/"),
        "graph": NamedNode(release.base_iri + "id/graph/description"),
        "inferred": NamedNode(release.base_iri + "id/graph/inferred"),
    }
    wanted = re.findall(r"\?(\w+)", text.partition("\n")[0])
    return {name: known[name] for name in wanted if name in known}


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_both_stores_answer_alike(settings: Settings, remote: Settings, release: Release, path: Path) -> None:
    here, there = open_store(settings, release), open_store(remote, release)
    text = path.read_text(encoding="utf-8")
    assert text.count("WHERE {") == 1, "Values are bound behind it."
    things = {row["g"] for row in here.select("graphs") if "g" in row} | {NamedNode(release.base_iri + "ontology")}
    for thing in things:
        bound = bindings(text, release, thing)
        if re.search(r"^CONSTRUCT", text, re.MULTILINE):
            assert here.construct(path.stem, **bound) == there.construct(path.stem, **bound)
        else:
            left, right = here.select(path.stem, **bound), there.select(path.stem, **bound)
            shown = [{name: term for name, term in row.items() if name not in bound} for row in left]
            assert sorted(map(_key, shown)) == sorted(
                _key({name: term for name, term in row.items() if name not in bound}) for row in right
            )


def _key(row: dict[str, Term]) -> str:
    return str(sorted((name, str(term)) for name, term in row.items()))


HOSTILE = (
    NamedNode("http://ex.example/no-such-thing"),
    Literal("\"} DROP ALL # \\ ' \n\r\t \u0001 é"),
    Literal("x", language="en"),
    Literal("987654321", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
)


@pytest.mark.parametrize("value", HOSTILE, ids=str)
def test_values_are_bound_and_not_pasted(settings: Settings, remote: Settings, release: Release, value: Term) -> None:
    assert open_store(settings, release).select("incoming", thing=value) == []
    assert open_store(remote, release).select("incoming", thing=value) == []


@pytest.mark.parametrize("chosen", (*RESULT_FORMATS, *RDF_FORMATS), ids=lambda f: f.name)
def test_both_pools_answer_alike(settings: Settings, remote: Settings, release: Release, chosen: Format) -> None:
    query = "SELECT * { ?s a ?o } ORDER BY ?s ?o" if chosen in RESULT_FORMATS else "CONSTRUCT WHERE { ?s a ?o }"
    here, there = open_pool(settings, release), open_pool(remote, release)
    try:
        task = QueryTask(query, chosen.name)
        assert here.run(task) == there.run(task)
    finally:
        here.close()
        there.close()


def test_the_service_answers_for_the_graphs_asked(remote: Settings, release: Release) -> None:
    task = QueryTask("ASK { ?s ?p ?o }", "csv", default_graphs=("http://ex.example/none",))
    assert open_pool(remote, release).run(task).body == b"false"


@pytest.mark.parametrize(
    ("limits", "query", "error"),
    [
        ({}, "SELECT * { ?s ?p }", BadQuery),
        ({"query_timeout": 0.5}, ENDLESS, QueryTimeout),
        ({"result_bytes": 100}, "SELECT * { ?s ?p ?o } LIMIT 100", ResultTooLarge),
        ({"store": "http://127.0.0.1:9/sparql"}, "ASK {}", QueryLost),
    ],
)
def test_what_a_service_cannot_answer(
    remote: Settings, release: Release, limits: dict[str, object], query: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        open_pool(replace(remote, **limits), release).run(QueryTask(query, "json"))
