"""Fixtures: the files of the suites, and a server that has their data."""

from collections.abc import Iterator

import pytest
import rdflib
from serving import free_port, serving

from publisher.core.settings import load_settings
from w3c.endpoint import Endpoint, publish_data
from w3c.suite import Files, download, read_archive


@pytest.fixture(scope="session")
def files(pytestconfig: pytest.Config) -> Files:
    """The suites, from the network where they are not in pytest's cache."""
    return read_archive(download(pytestconfig.cache.mkdir("w3c")))


@pytest.fixture(scope="session")
def endpoint(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    settings = load_settings(tmp_path_factory.mktemp("w3c"), port=free_port())
    publish_data(files, settings)
    with serving(settings) as server:
        yield Endpoint(server)


@pytest.fixture(autouse=True)
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps rdflib from rewriting what it reads."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
