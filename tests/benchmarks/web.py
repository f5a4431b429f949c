"""Pages and Turtle beside nginx serving the same bytes: ``python -m tests.benchmarks.web``."""

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from getpass import getuser
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote, unquote
from urllib.request import urlopen

import click

from .processes import free_port, processor_time, program, run, running
from .report import machine

ROOT = Path(__file__).parents[2]
CONNECTIONS = 16
KINDS = {"page": "html", "Turtle": "ttl"}
NGINX = """\
user {user};
worker_processes {processes};
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=10000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ text/html html; text/turtle ttl; }}
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


@dataclass
class Found:
    """What was measured.

    Args:
        starts: seconds from the start of the process until it is ready.
        pages: seconds from the start of the process to its first page.
        first: kind of representation → seconds of the first answer for each thing.
        rates: (what was asked for, who answered) → requests a second, for each round.
        costs: the same → processor time that the server took for a request, in seconds; other programs hardly matter.
    """

    starts: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    first: dict[str, list[float]] = field(default_factory=dict)
    rates: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    costs: dict[tuple[str, str], list[float]] = field(default_factory=dict)


@click.command()
@click.option("--rounds", default=5, show_default=True, help="Rounds; in each both servers are asked in turn.")
@click.option("--seconds", default=3, show_default=True, help="Length of one measurement.")
@click.option("--things", default=200, show_default=True, help="Things whose first answers are timed.")
@click.option("--processes", default=1, show_default=True, help="Processes of each server.")
@click.option("--starts", default=5, show_default=True, help="How often the server is started.")
@click.option("--releases", type=click.Path(path_type=Path), help="Folder of releases [default: a new one]")
@click.option("--port", type=int, help="Port of the site, of which the release depends [default: any]")
@click.option("--output", type=click.Path(path_type=Path), default=Path("build/benchmarks"), show_default=True)
def main(
    rounds: int,
    seconds: int,
    things: int,
    processes: int,
    starts: int,
    releases: Path | None,
    port: int | None,
    output: Path,
) -> None:
    """Times pages and Turtle beside nginx; see tests/benchmarks/README.md."""
    missing = [name for name in ("nginx", "wrk") if program(name) is None and not Path("/usr/sbin", name).exists()]
    if missing:
        raise click.ClickException(f"not installed: {', '.join(missing)} (Debian: nginx-light, wrk)")
    found = Found()
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        port = port or free_port()
        kept = (releases or folder / "releases").resolve()
        os.environ |= {
            "PUBLISHER_RELEASES": str(kept),
            "PUBLISHER_REASONER": "never",
            "PUBLISHER_PROCESSES": str(processes),
        }
        with _site(port, folder):
            pass  # Builds the release, unless it is there.
        for _ in range(starts):
            began = time.perf_counter()
            with _site(port, folder):
                found.starts.append(time.perf_counter() - began)
                urlopen(f"http://localhost:{port}/about", timeout=60).close()
                found.pages.append(time.perf_counter() - began)
        with _site(port, folder) as own, _nginx(folder, processes) as (other, its):
            paths = _fetch(port, kept, folder / "files", things, found)
            for turn in range(rounds):
                _round(turn, {"publisher": (port, own), "nginx": (other, its)}, paths, seconds, found)
    output.mkdir(parents=True, exist_ok=True)
    table = _table(found, processes)
    (output / "web.md").write_text(table, encoding="utf-8")
    click.echo(table)


def _publisher() -> str:
    found = program("publisher")
    assert found
    return found


@contextmanager
def _site(port: int, folder: Path) -> Iterator[int]:
    command = (_publisher(), "serve", "--project", ROOT, "--port", str(port))
    address = f"http://localhost:{port}/health/ready"
    with running(*command, address=address, log=folder / "publisher.log", patience=0.01) as process:
        yield process


@contextmanager
def _nginx(folder: Path, processes: int) -> Iterator[tuple[int, int]]:
    port = free_port()
    (folder / "files").mkdir()
    folder.chmod(0o755)
    text = NGINX.format(folder=folder, port=port, processes=processes, user=getuser())
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    binary = program("nginx") or "/usr/sbin/nginx"
    command = (binary, "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf")
    with running(*command, address=f"http://localhost:{port}/", log=folder / "nginx.log") as process:
        yield port, process


def _fetch(port: int, releases: Path, folder: Path, things: int, found: Found) -> dict[str, str]:
    """Asks for each thing for the first time, puts the answers into files, and gives a path of middling size a kind."""
    connection = HTTPConnection("localhost", port, timeout=60)

    def get(path: str) -> bytes:
        connection.request("GET", path)
        return connection.getresponse().read()

    dump = (releases / "current" / "dumps" / "dataset.nt").read_text(encoding="utf-8")
    iris = sorted(set(re.findall(rf"^<http://localhost:{port}/id/([^#>]+)> ", dump, re.MULTILINE)))
    every = [f"/doc/{quote(unquote(iri))}" for iri in iris]
    chosen = every[:: max(1, len(every) // things)][:things]
    get(f"{chosen[0]}.html")  # What is read once for all is not what is timed.
    middling: dict[str, str] = {}
    for kind, suffix in KINDS.items():
        sizes: list[tuple[int, str]] = []
        for path in chosen[1:]:
            began = time.perf_counter()
            body = get(f"{path}.{suffix}")
            found.first.setdefault(kind, []).append(time.perf_counter() - began)
            file = folder / unquote(f"{path}.{suffix}").lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
            sizes.append((len(body), f"{path}.{suffix}"))
        middling[kind] = sorted(sizes)[len(sizes) // 2][1]
    return middling


def _round(
    turn: int, servers: Mapping[str, tuple[int, int]], paths: Mapping[str, str], seconds: int, found: Found
) -> None:
    """Asks each server for each thing in turn; ``servers`` are ports and numbers of processes."""
    for kind, path in paths.items():
        for condition in (False, True):
            what = f"{kind}, {'304' if condition else 'repeated'}"
            for server in sorted(servers, reverse=bool(turn % 2)):
                port, process = servers[server]
                headers = ("-H", f"If-None-Match: {_etag(port, path)}") if condition else ()
                load = (program("wrk") or "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", *headers)
                before = processor_time(process)
                said = run(*load, f"http://127.0.0.1:{port}{path}", folder=ROOT)
                taken = processor_time(process) - before
                if "Non-2xx" in said or "Socket errors" in said:
                    raise click.ClickException(f"{server}, {what}:\n{said}")
                rate, number = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
                assert rate and number
                found.rates.setdefault((what, server), []).append(float(rate[1]))
                found.costs.setdefault((what, server), []).append(taken / int(number[1]))


def _etag(port: int, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.headers["ETag"]


def _table(found: Found, processes: int) -> str:
    facts = {**machine(), "processes of each server": processes, "connections": CONNECTIONS}
    lines = ["# Pages and Turtle beside nginx", "", *(f"- {name}: {value}" for name, value in facts.items())]
    head = ("publisher, requests/s", "nginx, requests/s", "ratio", "publisher, processor µs", "nginx, µs", "ratio")
    lines += ["", f"| | {' | '.join(head)} |", "| --- | --: | --: | --: | --: | --: | --: |"]
    for what in dict.fromkeys(what for what, _ in found.rates):
        own, other = found.rates[what, "publisher"], found.rates[what, "nginx"]
        cost, its = found.costs[what, "publisher"], found.costs[what, "nginx"]
        shown = (
            f"{median(own):,.0f}",
            f"{median(other):,.0f}",
            f"{median(a / b for a, b in zip(own, other, strict=True)):.2f}",
            f"{median(cost) * 1e6:.1f}",
            f"{median(its) * 1e6:.1f}",
            f"{median(b / a for a, b in zip(cost, its, strict=True)):.2f}",
        )
        lines.append(f"| {what} | {' | '.join(shown)} |")
    lines += ["", "| | median, ms | quickest, ms |", "| --- | --: | --: |"]
    for kind, times in found.first.items():
        lines.append(f"| {kind}, first time | {median(times) * 1000:.1f} | {min(times) * 1000:.1f} |")
    for what, times in (("start until ready", found.starts), ("start to first page", found.pages)):
        lines.append(f"| {what} | {median(times) * 1000:.0f} | {min(times) * 1000:.0f} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
