"""The checks of OOPS!, ROBOT report and FIBO that run offline: one query a pitfall, each seen to find a bad example."""

import json
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT
from pyoxigraph import QuerySolutions, RdfFormat, Store

from publisher.build.context import Context

FOLDER = Path(__file__).parent / "pitfalls"
PITFALLS = sorted(FOLDER.glob("*.rq"))
EXCEPTIONS = tomllib.loads((FOLDER / "exceptions.toml").read_text(encoding="utf-8"))
CONTEXT = Context(json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8")))
MGO = CONTEXT.prefixes["mgo"]
PREFIXES = {**CONTEXT.prefixes, "": MGO, "vs": "http://www.w3.org/2003/06/sw-vocab-status/ns#"}


@pytest.fixture(scope="module")
def ontology() -> Store:
    store = Store()
    for name in ("vocabulary", "reused"):
        store.load(path=ROOT / "ontology" / f"{name}.ttl", format=RdfFormat.TURTLE)
    return store


def found(pitfall: Path, store: Store) -> set[str]:
    solutions = store.query(pitfall.read_text(encoding="utf-8"), prefixes=PREFIXES)
    assert isinstance(solutions, QuerySolutions)
    return {solution["term"].value.removeprefix(MGO) for solution in solutions}


@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda path: path.stem)
def test_the_ontology_steers_clear_of(pitfall: Path, ontology: Store) -> None:
    assert found(pitfall, ontology) == set(EXCEPTIONS.get(pitfall.stem, {}))


@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda path: path.stem)
def test_a_bad_example_is_found(pitfall: Path) -> None:
    lines = pitfall.read_text(encoding="utf-8").splitlines()
    bad = "\n".join(line.removeprefix("# bad: ") for line in lines if line.startswith("# bad: "))
    store = Store()
    store.load("".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + bad, RdfFormat.TURTLE)
    assert found(pitfall, store)


def test_every_exception_belongs_to_a_pitfall() -> None:
    assert set(EXCEPTIONS) <= {path.stem for path in PITFALLS}
