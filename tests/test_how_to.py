"""What the how-tos show is what happens: their examples are run as they are printed."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, RunCommand
from serving import free_port, serving

from publisher.build.pipeline import build
from publisher.core import errors
from publisher.core.settings import TABLE, load_settings
from publisher.web.app import create_app

HOW_TO = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "how-to").glob("*.md")}
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


def blocks(name: str, kind: str) -> list[str]:
    """The code blocks of a how-to in a language, without the indent of a list they stand in."""
    found = [(indent, text) for indent, of, text in BLOCK.findall(HOW_TO[name]) if of == kind]
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the real project, to be added to."""
    folder = tmp_path_factory.mktemp("how-to")
    for name in ("data", "ontology", "shapes"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "publisher.toml", folder)
    return folder


def test_the_examples_make_a_document_that_passes_the_check(publisher: RunCommand, project: Path) -> None:
    text = project / "summary.txt"
    text.write_text(blocks("add-a-document", "text")[0], encoding="utf-8")
    shown = blocks("add-a-document", "sh")[0].replace("Downloads/summary.txt", str(text))
    command = shlex.split(shown.replace("\\\n", " "))
    assert command[0] == ".venv/bin/publisher"
    made = publisher(*command[1:], "--project", project)
    assert made.returncode == 0, made.stderr
    files = re.findall(r"^\| `(data/\S+)` \|", HOW_TO["add-a-document"], re.MULTILINE)
    assert sorted(made.stdout.split()) == sorted(str(project / file) for file in files)

    facts = next(project / file for file in files if file.endswith(".yaml"))
    shown_facts = blocks("add-a-document", "yaml") + blocks("add-facts", "yaml")
    examples = [block for block in shown_facts if block.startswith("  - id:")]  # Others are single lines.
    assert len(examples) == 4
    facts.write_text(facts.read_text(encoding="utf-8").replace("[]", "") + "".join(examples), encoding="utf-8")
    checked = publisher("check", "--project", project, PUBLISHER_REASONER="never")
    assert checked.returncode == 0, checked.stderr
    assert "idm-2018-2.en: quotes cover " in checked.stdout
    assert re.search(r"^    \d+-\d+ in no quote: .*The report was written", checked.stdout, re.MULTILINE)
    assert re.search(r"\d remarks\. 'publisher check --remarks' lists the remarks\.\n$", checked.stdout)
    assert "Info: " not in checked.stdout


def test_data_of_ones_own_is_published_as_it_is_told(tmp_path: Path) -> None:
    garden = tmp_path / "garden"
    garden.mkdir()
    (garden / "plants.ttl").write_text(blocks("publish-your-own-data", "turtle")[0], encoding="utf-8")
    serve, ask = blocks("publish-your-own-data", "sh")
    assert shlex.split(serve) == [".venv/bin/publisher", "serve", "--project", garden.name]
    _, _, accept, address = shlex.split(ask)
    settings = load_settings(garden, port=free_port())
    with serving(settings) as server:
        status, body = server.get(address.removeprefix("http://localhost:8000/"), accept.removeprefix("Accept: "))
        home = server.get("", "text/html")[1].decode()
    assert status == 200
    assert "pommier" in body.decode() and "metres 4" in body.decode()
    assert "Plants of a garden" in home and "apple tree" in home

    (garden / "publisher.toml").write_text(blocks("publish-your-own-data", "toml")[0], encoding="utf-8")
    there = load_settings(garden)
    client = create_app(there, build(there)).test_client()
    opened = client.get("/terms", headers={"Accept": "text/html"}, follow_redirects=True)
    assert opened.status_code == 200 and "Plants of a garden" in opened.text


def test_the_messages_explained_are_those_of_errors() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ", HOW_TO["add-a-document"].partition("| Message |")[2], re.MULTILINE)
    explained = [message for row in rows for message in row.split(", ")]
    titles = {error.title for error in vars(errors).values() if isinstance(error, type) and hasattr(error, "title")}
    assert len(explained) >= 6
    for message in explained:
        assert any(title.startswith(message) for title in titles if isinstance(title, str)), message


@pytest.mark.parametrize("name", sorted(HOW_TO))
def test_make_has_the_targets_that_are_told(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake (check|serve|build|test)\b", HOW_TO[name]):
        assert re.search(rf"^(\w+ )*{target}( \w+)*:", makefile, re.MULTILINE)


def test_the_settings_named_exist() -> None:
    named = re.findall(r"^\|[^|]+\| ([^|]+) \|[^|]+\|$", HOW_TO["run-it"], re.MULTILINE)
    settings = {name for cell in named for name in re.findall(r"`(\w+)`", cell)}
    assert len(settings) >= 7
    assert settings <= set(TABLE)


@pytest.mark.parametrize("name", sorted(HOW_TO))
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", HOW_TO[name]):
        assert "://" in target or (ROOT / "docs" / "how-to" / target).exists(), target
