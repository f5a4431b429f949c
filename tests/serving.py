"""What the tests of a really running server share."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from asking import FORM
from msgspec.structs import replace

from publisher.core.release import Release
from publisher.core.settings import Settings


@dataclass(frozen=True)
class Reply:
    """What came back: status, media type, body, and when it was last modified."""

    status: int
    media_type: str
    body: bytes
    modified: str | None = None


@dataclass(frozen=True)
class Server:
    """``publisher serve``, running: its process, the port it listens on and its base IRI."""

    process: subprocess.Popen[bytes]
    port: int
    base: str

    def request(
        self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One HTTP request, sent as it is given."""
        connection = HTTPConnection("localhost", self.port, timeout=60)
        try:
            connection.request(method, target, body, dict(headers or {}))
            response = connection.getresponse()
            return Reply(
                response.status,
                response.headers.get_content_type(),
                response.read(),
                response.headers["Last-Modified"],
            )
        finally:
            connection.close()

    def exchange(self, sent: bytes) -> bytes:
        """All that comes back for some bytes before the server closes the connection."""
        with socket.create_connection(("localhost", self.port), timeout=60) as connection:
            connection.sendall(sent)
            answer = b""
            while piece := connection.recv(1 << 16):
                answer += piece
        return answer

    def get(self, path: str = "", accept: str = "*/*") -> tuple[int, bytes]:
        reply = self.request("GET", "/" + path, headers={"Accept": accept})
        return reply.status, reply.body

    def ask(self, query: str) -> tuple[int, bytes]:
        reply = self.request("POST", "/sparql", urlencode({"query": query}).encode(), FORM)
        return reply.status, reply.body


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(settings: Settings, **environment: str) -> Iterator[Server]:
    """Runs ``publisher serve`` as people run it, until the block ends."""
    command = [sys.executable, "-m", "publisher", "serve", "--project", str(settings.project)]
    variables = {**os.environ, "PUBLISHER_RELEASES": str(settings.releases), **environment}
    process = subprocess.Popen([*command, "--port", str(settings.port)], env=variables)
    try:
        wait_for(process, f"http://localhost:{settings.port}/")
        yield Server(process, settings.port, settings.public_base)
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextmanager
def serving_again(settings: Settings, release: Release, **environment: str) -> Iterator[Server]:
    """Another server over the same release, on a port of its own."""
    elsewhere = replace(settings, port=free_port(), base_iri=release.base_iri)
    with serving(elsewhere, PUBLISHER_BASE_IRI=release.base_iri, **environment) as server:
        yield server


def wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:  # Nobody listens yet, or the machine is busy.
            time.sleep(0.05)
    pytest.fail(f"publisher serve ended with {process.returncode}")


def workers_below(process: int) -> set[int]:
    """The worker processes that a process, or one that it started, has started and that still run."""
    parents: dict[int, tuple[int, bytes]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            parents[int(folder.name)] = parent, (folder / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
    below: set[int] = set()
    while found := {child for child, (parent, _) in parents.items() if parent in below | {process}} - below:
        below |= found
    return {child for child in below if b"publisher.store.worker" in parents[child][1]}


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "It has not come about in a minute."
        time.sleep(0.05)
