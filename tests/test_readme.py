"""What the README shows is what happens."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT, RunCommand

from publisher import __version__
from publisher.core.release import Release
from publisher.core.settings import Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def test_the_query_gives_the_output_that_is_shown(publisher: RunCommand, settings: Settings, release: Release) -> None:
    command = next(text for kind, text in BLOCKS if kind == "sh" and text.startswith(".venv/bin/publisher query"))
    shown = next(text for kind, text in BLOCKS if kind == "csv")
    arguments = shlex.split(command)[1:]
    outcome = publisher(*arguments, PUBLISHER_RELEASES=str(settings.releases))
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.replace("\r", "").replace(release.base_iri, "http://localhost:8000/") == shown
    assert shown.count("\n") > 2


def test_every_link_to_a_file_leads_somewhere() -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert "docs/screenshots/network.png" in targets
    for target in targets:
        assert (ROOT / target).exists(), target


def test_it_is_short() -> None:
    assert len(README.splitlines()) < 150


@pytest.mark.parametrize("command", ["make serve", "make test"])
def test_ci_and_makefile_have_the_two_commands(command: str) -> None:
    assert command in [text.strip() for kind, text in BLOCKS if kind == "sh"]
    assert f"\n{command.split()[1]}:" in (ROOT / "Makefile").read_text()


def test_ci_calls_the_test_command() -> None:
    assert "\nmake test\n" in (ROOT / ".ci" / "run").read_text()


def test_the_version_is_the_same_everywhere() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dynamic"] == ["version"]
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"\n## {__version__} " in (ROOT / "CHANGELOG.md").read_text()
    assert Path(ROOT / "LICENSE").read_text().lstrip().startswith("Apache License")
