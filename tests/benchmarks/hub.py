"""What the description of a thing costs to which 100,000 others point: ``python -m tests.benchmarks.hub``.

Prints its times as multiples of those of ordinary things, which are asked for in turn with it. Every
request is asked for the first time: no answer comes from memory.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

import click
import pyoxigraph

from publisher.build.dataset import write_store
from publisher.build.fingerprint import fingerprint
from publisher.build.incoming import write_incoming
from publisher.build.inputs import INPUT_FOLDERS
from publisher.build.release import new_release, publish
from publisher.core.incoming import INCOMING, LINKS_ON_A_PAGE
from publisher.core.release import STORE, Release
from publisher.core.settings import load_settings

from .processes import free_port, running

BASE = "https://many.example/"
LINKS = 100_000
ORDINARY = 300
_NEIGHBOURS = 10
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_MEDIA_TYPES = ("text/html", "text/turtle")


def statements(links: int = LINKS) -> Iterator[tuple[str, str]]:
    """Triples in N-Triples, each with the name of its graph.

    Args:
        links: things that point to ``id/hub``; the first 300 also point to each other.
    """
    label, kind = f"<{_SKOS}prefLabel>", f"<{_RDF}type> <{_SKOS}Concept>"
    yield f'<{BASE}id/hub> {label} "hub"@en .', "things"
    yield f"<{BASE}id/hub> {kind} .", "things"
    for number in range(links):
        thing = f"<{BASE}id/thing/{number}>"
        yield f"{thing} <{BASE}ontology#{'near' if number % 3 else 'part'}> <{BASE}id/hub> .", "links"
        if number < ORDINARY:
            yield f"{thing} {kind} .", "things"
            for language in ("en", "fr", "es"):
                yield f'{thing} {label} "thing {number} ({language})"@{language} .', "things"
            for step in range(1, _NEIGHBOURS + 1):
                yield f"{thing} <{BASE}ontology#next> <{BASE}id/thing/{(number + step) % ORDINARY}> .", "things"


def write_project(project: Path, links: int = LINKS) -> Release:
    """Makes a project without input files whose release holds the statements.

    Args:
        project: an empty folder.
        links: things that point to the hub.
    """
    for name in INPUT_FOLDERS:
        (project / name).mkdir()
    (project / "publisher.toml").write_text(f'base_iri = "{BASE}"\n', encoding="utf-8")
    settings = load_settings(project)
    with new_release(settings.releases_folder) as folder, TemporaryDirectory(dir=project) as data:
        nt, nq = Path(data) / "dataset.nt", Path(data) / "dataset.nq"
        said = list(statements(links))
        nt.write_text("".join(f"{triple}\n" for triple, _ in said), encoding="utf-8")
        nq.write_text("".join(f"{t[:-1]}<{BASE}id/graph/{graph}> .\n" for t, graph in said), encoding="utf-8")
        write_store(Path(data), folder / STORE)
        quads = pyoxigraph.parse(path=nq, format=pyoxigraph.RdfFormat.N_QUADS)
        write_incoming(quads, folder / INCOMING, pyoxigraph.NamedNode(f"{BASE}id/graph/inferred"))
        prefixes = {"skos": _SKOS, "rdf": _RDF, "many": BASE + "ontology#"}
        (folder / "context.jsonld").write_text(json.dumps({"@context": prefixes}), encoding="utf-8")
        counts = {**dict.fromkeys(("inferred", "entities", "quotes", "classes", "warnings"), 0), "triples": len(said)}
        return publish(folder, {"base_iri": BASE, "inputs": fingerprint(settings), "counts": counts})


@click.command()
@click.option("--rounds", default=50, show_default=True, help="How often each is asked for.")
@click.option("--links", default=LINKS, show_default=True, help="Things that point to the hub.")
def main(rounds: int, links: int) -> None:
    """Times the hub's pages against those of ordinary things."""
    last = -(-links // LINKS_ON_A_PAGE)
    with TemporaryDirectory() as folder:
        project, port = Path(folder) / "project", free_port()
        project.mkdir()
        write_project(project, links)
        address = f"http://127.0.0.1:{port}/"
        command = (sys.executable, "-m", "publisher", "serve", "--project", project, "--port", str(port))
        with running(*command, address=address, log=Path(folder) / "server.log"):
            for media_type in _MEDIA_TYPES:
                _compare(address, media_type, rounds, last)


def _compare(address: str, media_type: str, rounds: int, last: int) -> None:
    names = {"ordinary": "", "page 1": "doc/hub?", "page 2": "doc/hub?links=2", f"page {last}": f"doc/hub?links={last}"}
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds + 1):
        for name, path in names.items():
            place = f"{path}&turn={turn}" if path else f"doc/thing/{turn * 7 % ORDINARY}?turn={turn}"
            begun = time.perf_counter()
            with urlopen(Request(address + place, headers={"Accept": media_type}), timeout=60) as response:
                response.read()
            if turn:
                seconds[name].append(time.perf_counter() - begun)
    usual = median(seconds["ordinary"])
    ratios = ", ".join(f"{name} {median(times) / usual:.1f}" for name, times in seconds.items())
    click.echo(f"{media_type}: ordinary {1000 * usual:.1f} ms; times that: {ratios}")


if __name__ == "__main__":
    main()
