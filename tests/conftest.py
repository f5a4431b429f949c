"""Fixtures: the real project built once, its application, and a really running server."""

import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from publisher.build.pipeline import build
from publisher.core.release import Release
from publisher.core.settings import Settings, load_settings
from publisher.web.app import create_app

ROOT = Path(__file__).parent.parent
SMALL_PROJECT = Path(__file__).parent / "project"

RunCommand = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The real project's settings, with a free port and a release folder of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return load_settings(ROOT, port=port, releases=tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def release(settings: Settings) -> Release:
    """The real project's release."""
    return build(settings)


@pytest.fixture(scope="session")
def app(settings: Settings, release: Release) -> Flask:
    """The application over the release, in this process."""
    return create_app(settings, release)


class WholeAnswers(FlaskClient):
    """Reads every answer to its end, so that files are closed."""

    def open(self, *arguments: Any, buffered: bool = True, **options: Any) -> TestResponse:
        return super().open(*arguments, buffered=buffered, **options)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application in this process."""
    app.test_client_class = WholeAnswers
    return app.test_client()


@pytest.fixture(scope="session")
def server(settings: Settings, release: Release) -> Iterator[str]:
    """The base address of ``publisher serve``, running as people run it."""
    environment = {**os.environ, "PUBLISHER_RELEASES": str(settings.releases)}
    command = [sys.executable, "-m", "publisher", "serve", "--project", str(ROOT), "--port", str(settings.port)]
    process = subprocess.Popen(command, env=environment)
    try:
        for _ in range(300):
            if process.poll() is not None:
                pytest.fail(f"publisher serve ended with {process.returncode}")
            try:
                urllib.request.urlopen(release.base_iri, timeout=5).close()
                break
            except URLError:
                subprocess.run(["sleep", "0.1"], check=True)
        yield release.base_iri
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the small project, to be changed by a test."""
    return Path(shutil.copytree(SMALL_PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("releases")))


@pytest.fixture
def publisher() -> RunCommand:
    """Runs the ``publisher`` command as a process of its own."""

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "publisher", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
            env={**os.environ, **environment},
        )

    return run
