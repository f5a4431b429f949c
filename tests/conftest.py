"""Fixtures: the real project built once, its application, and a really running server."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as BrowserPage
from serving import Server, free_port, serving_again, wait_until
from werkzeug.test import TestResponse

from publisher.build.pipeline import build
from publisher.cli import main
from publisher.core.release import CURRENT, Release, open_release
from publisher.core.settings import Settings, load_settings
from publisher.web.app import create_app

ROOT = Path(__file__).parent.parent
SMALL_PROJECT = Path(__file__).parent / "project"
BASE = "http://localhost:8000/"
"""The base IRI of the release; the server of each test worker listens on a port of its own."""

hypothesis_settings.register_profile(
    "the same every time",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=150,
    # A client keeps nothing from one request to the next.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("the same every time")

THOROUGH = os.environ.get("THOROUGH") == "1"
"""Whether tests that look at some of very many cases look at all of them: ``make thorough``."""
RunCommand = Callable[..., subprocess.CompletedProcess[str]]


def pytest_xdist_auto_num_workers() -> int:
    """Three workers for two processors: much of a test's time goes into waiting for a server, a browser or a limit."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The real project's settings, with a free port; all test workers share the base and the folder of releases."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    return load_settings(ROOT, base_iri=BASE, port=free_port(), releases=folder)


@pytest.fixture(scope="session")
def release(settings: Settings) -> Release:
    """The real project's release, built by the first worker that needs it while the others wait."""
    settings.releases.mkdir(exist_ok=True)
    with (settings.releases / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        has_release = (settings.releases / CURRENT).exists()
        return open_release(settings.releases) if has_release else build(settings)


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


@dataclass(frozen=True)
class Page:
    """What a browser gets at an address: ``location`` where it is sent on, ``text`` where it is HTML."""

    status: int
    location: str | None
    text: str


Browse = Callable[[str], Page]


@pytest.fixture(scope="session")
def browse(app: Flask) -> Browse:
    """Opens an address as a browser does, each only once in a session, for tests that walk the whole site."""
    app.test_client_class = WholeAnswers
    client = app.test_client()

    @cache
    def opened(address: str) -> Page:
        response = client.get(address, headers={"Accept": "text/html"})
        location = urlsplit(response.location or "")._replace(scheme="", netloc="").geturl() or None
        return Page(response.status_code, location, response.text if response.mimetype == "text/html" else "")

    def browse(address: str) -> Page:
        page = opened(address)
        while page.location:
            page = opened(page.location)
        return page

    return browse


@pytest.fixture(scope="session")
def running_server(settings: Settings, release: Release) -> Iterator[Server]:
    """``publisher serve`` over the real project's release."""
    with serving_again(settings, release) as server:
        yield server


@pytest.fixture
def access_log(tmp_path: Path) -> Path:
    """Where ``logged_server`` writes its access log."""
    return tmp_path / "access.log"


@pytest.fixture
def logged_server(settings: Settings, release: Release, access_log: Path) -> Iterator[Server]:
    """A server that nobody else asks, so that its log has what a test asked and nothing else."""
    with serving_again(settings, release, PUBLISHER_ACCESS_LOG=str(access_log)) as server:
        wait_until(lambda: access_log.exists() and access_log.stat().st_size > 0)
        yield server


@pytest.fixture(scope="session")
def server(running_server: Server) -> str:
    """The base address of ``publisher serve``, running as people run it."""
    return f"http://localhost:{running_server.port}/"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    named = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    executable = next(filter(None, map(shutil.which, named)), None)
    assert executable, "Chromium is needed for these tests."
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield launched
        launched.close()


@contextmanager
def clean_page(browser: Browser, allowed: str | None = None) -> Iterator[BrowserPage]:
    """A page that must not have anything wrong in its console, but for messages with the text that is allowed."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda message: failures.append(message.text) if message.type in ("error", "warning") else None)
    yield page
    context.close()
    assert [text for text in failures if allowed is None or allowed not in text] == []


def small_project(folder: Path) -> Path:
    """A copy of the small project, without releases, in a folder."""
    return Path(shutil.copytree(SMALL_PROJECT, folder / "project", ignore=shutil.ignore_patterns("releases")))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the small project, to be changed by a test."""
    return small_project(tmp_path)


@pytest.fixture(scope="session")
def small_project_built(publisher: RunCommand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with a release; not to be changed."""
    folder = small_project(tmp_path_factory.mktemp("small"))
    assert publisher("build", "--project", folder).returncode == 0
    return folder


@pytest.fixture
def built_project(small_project_built: Path, tmp_path: Path) -> Path:
    """A copy of the small project with its release, to be changed by a test."""
    return Path(shutil.copytree(small_project_built, tmp_path / "project", symlinks=True))


@pytest.fixture(scope="session")
def publisher() -> RunCommand:
    """Runs the ``publisher`` command, here, since most of a process's time would go into its start.

    The reasoner is asked only where a test says so.
    """

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        words = list(map(str, arguments))
        outcome = CliRunner().invoke(main, words, env={"PUBLISHER_REASONER": "never", **environment})
        assert outcome.exception is None or isinstance(outcome.exception, SystemExit), outcome.exception
        return subprocess.CompletedProcess(words, outcome.exit_code, outcome.stdout, outcome.stderr)

    return run
