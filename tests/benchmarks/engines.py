"""The endpoints that are compared: each loads the same triples into its own store and serves them."""

import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as package_version
from pathlib import Path

import pyoxigraph

from publisher import __version__
from publisher.build.dataset import write_store
from publisher.build.fingerprint import fingerprint
from publisher.build.inputs import INPUT_FOLDERS
from publisher.build.release import new_release, publish
from publisher.core.release import STORE
from publisher.core.settings import load_settings

from .data import BASE, PREFIXES
from .processes import free_port, program, run, running

_LOG = "server.log"


@dataclass(frozen=True)
class Endpoint:
    """A running SPARQL endpoint.

    Args:
        address: where it takes queries.
        parameters: what each request carries besides the query.
        describing: what this engine needs before a DESCRIBE to give the statements about the thing and no others.
    """

    address: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    describing: str = ""


class Engine(ABC):
    """One of the compared programs."""

    name: str
    largest = sys.maxsize
    """Triples it is asked to hold at most."""

    @abstractmethod
    def version(self) -> str | None:
        """Its version; ``None`` where it is not installed."""

    @abstractmethod
    def serve(self, data: Path, folder: Path) -> AbstractContextManager[Endpoint]:
        """Loads the data and serves it until the end of the block.

        Args:
            data: a folder with ``dataset.nt`` and ``dataset.nq``.
            folder: an empty folder for the engine's own files.
        """


class Publisher(Engine):
    """Our endpoint: ``publisher serve`` with its default settings, on a release that holds the data and no more."""

    name = "publisher"

    def version(self) -> str:
        return f"{__version__}, pyoxigraph {pyoxigraph.__version__}, uvicorn {package_version('uvicorn')}"

    @contextmanager
    def serve(self, data: Path, folder: Path) -> Iterator[Endpoint]:
        for name in INPUT_FOLDERS:
            (folder / name).mkdir()
        (folder / "publisher.toml").write_text(f'base_iri = "{BASE}"\n', encoding="utf-8")
        _write_release(data, folder)
        port = free_port()
        address = f"http://127.0.0.1:{port}/sparql"
        command = (sys.executable, "-m", "publisher", "serve", "--project", folder, "--port", str(port))
        with running(*command, address=address, log=folder / _LOG):
            yield Endpoint(address)


def _write_release(data: Path, project: Path) -> None:
    settings = load_settings(project)
    with new_release(settings.releases_folder) as folder:
        write_store(data, folder / STORE)
        (folder / "context.jsonld").write_text(json.dumps({"@context": PREFIXES}), encoding="utf-8")
        counts = dict.fromkeys(("inferred", "entities", "quotes", "classes", "warnings"), 0)
        with (data / "dataset.nt").open("rb") as lines:
            counts["triples"] = sum(1 for _ in lines)
        publish(folder, {"base_iri": settings.public_base, "inputs": fingerprint(settings), "counts": counts})


class Oxigraph(Engine):
    """The Oxigraph server, read-only, on a store like ours: named graphs, and each triple once in the default graph."""

    name = "Oxigraph server"

    def version(self) -> str | None:
        oxigraph = program("oxigraph")
        return run(oxigraph, "--version", folder=Path()).split()[-1] if oxigraph else None

    @contextmanager
    def serve(self, data: Path, folder: Path) -> Iterator[Endpoint]:
        oxigraph = program("oxigraph") or ""
        store = folder / "store"
        run(oxigraph, "load", "-l", store, "-f", data / "dataset.nq", data / "dataset.nt", folder=folder)
        run(oxigraph, "optimize", "-l", store, folder=folder)
        host = f"127.0.0.1:{free_port()}"
        command = (oxigraph, "serve-read-only", "-l", store, "-b", host)
        with running(*command, address=f"http://{host}/query", log=folder / _LOG):
            yield Endpoint(f"http://{host}/query")


class Bare(Engine):
    """What handing a query to a process that can be killed takes at least, with no endpoint around it: see ``bare``."""

    name = "bare process"

    def version(self) -> str:
        return f"pyoxigraph {pyoxigraph.__version__}, uvicorn {package_version('uvicorn')}"

    @contextmanager
    def serve(self, data: Path, folder: Path) -> Iterator[Endpoint]:
        write_store(data, folder / STORE)
        port = free_port()
        address = f"http://127.0.0.1:{port}/sparql"
        command = (sys.executable, "-m", "tests.benchmarks.bare", folder / STORE, str(port))
        with running(*command, address=f"{address}?query=ASK{{}}", log=folder / _LOG):
            yield Endpoint(address)


class RdflibEndpoint(Engine):
    """rdflib-endpoint over rdflib's own store in memory."""

    name = "rdflib-endpoint"
    largest = 1_000_000

    def version(self) -> str | None:
        try:
            return f"{package_version('rdflib-endpoint')}, rdflib {package_version('rdflib')}"
        except PackageNotFoundError:
            return None

    @contextmanager
    def serve(self, data: Path, folder: Path) -> Iterator[Endpoint]:
        port = free_port()
        address = f"http://127.0.0.1:{port}/"
        command = (program("rdflib-endpoint") or "", "serve", "--host", "127.0.0.1", "--port", str(port))
        with running(*command, data / "dataset.nt", address=address, log=folder / _LOG):
            yield Endpoint(address)


class Virtuoso(Engine):
    """Virtuoso, with as much memory for pages as its manual advises for 4 GB, on one graph that holds each triple."""

    name = "Virtuoso"
    _ini = Path(__file__).parent / "virtuoso.ini"

    def version(self) -> str | None:
        virtuoso = program("virtuoso-t")
        if virtuoso is None or program("isql-vt") is None:
            return None
        return run("sh", "-c", f"'{virtuoso}' '-?' 2>&1 || true", folder=Path()).split("Version ")[1].split()[0]

    @contextmanager
    def serve(self, data: Path, folder: Path) -> Iterator[Endpoint]:
        sql, web = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        ini = self._ini.read_text(encoding="utf-8").format(sql=sql, web=web, data=data)
        (folder / "virtuoso.ini").write_text(ini, encoding="utf-8")
        address = f"http://{web}/sparql"
        command = (program("virtuoso-t") or "", "+foreground", "+configfile", "virtuoso.ini")
        with running(*command, address=address, log=folder / _LOG, folder=folder):
            load = f"ld_dir('{data}', 'dataset.nt', '{BASE}'); rdf_loader_run(); checkpoint;"
            run(program("isql-vt") or "", sql, "dba", "dba", f"exec={load}", folder=folder)
            yield Endpoint(address, {"default-graph-uri": BASE}, 'define sql:describe-mode "CBD" ')


ENGINES: tuple[Engine, ...] = (Publisher(), Oxigraph(), Bare(), RdflibEndpoint(), Virtuoso())
REFERENCE = Oxigraph.name
"""The one whose answers and times the others' are held against."""
