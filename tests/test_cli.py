"""The ``publisher`` command."""

from pathlib import Path

import pytest
from conftest import RunCommand
from msgspec.structs import replace
from serving import free_port

from publisher.core.errors import SettingsError
from publisher.core.settings import TABLE, Settings
from publisher.web.serve import listen, run


@pytest.mark.parametrize("command", [[], ["build"], ["check"], ["serve"], ["query"], ["settings"]])
def test_help(publisher: RunCommand, command: list[str]) -> None:
    outcome = publisher(*command, "--help")
    assert outcome.returncode == 0
    assert outcome.stdout.startswith("Usage: ")


def test_settings_lists_the_table_with_values_from_the_environment(publisher: RunCommand) -> None:
    outcome = publisher("settings", PUBLISHER_QUERY_TIMEOUT="3.5")
    assert outcome.returncode == 0
    for name, setting in TABLE.items():
        assert f"\n{name} = " in "\n" + outcome.stdout
        assert setting.help in outcome.stdout
    assert "query_timeout = 3.5\n" in outcome.stdout


GARDEN_ANSWERS = [
    # query, further arguments, exit code, what standard output or error must hold
    ("@{project}/data/queries/tends.rq", [], 0, "id/gardener/ada,http://localhost:8000/id/garden/north\n"),
    ("ASK { ?s ?p 'Ada'@en }", [], 0, "true\n"),
    ("ASK { ?s ?p 'Ida'@en }", ["--format", "json"], 0, '"boolean":false'),
    ("\ufeffASK {}", [], 0, "true\n"),
    ("ASK {}", ["--format", "csv"], 2, "Formats for it: json, xml"),
    ("CONSTRUCT WHERE { ?s <https://garden.example/ontology#sheds> ?o }", [], 0, "g:sheds 1 ."),
    ("SELECT * WHERE { ?s ?p }", [], 2, "The query has a syntax error"),
    ("SELECT * WHERE { ?s ?p ?o }", ["--format", "turtle"], 2, "Formats for it: json, xml, csv, tsv"),
    ("DELETE WHERE { ?s ?p ?o }", [], 2, "only reads"),
    ("@nowhere.rq", [], 2, "nowhere.rq: The query's file cannot be read"),
    ("ASK {}", ["--store", "http://127.0.0.1:9/"], 2, "http://127.0.0.1:9/"),
]


@pytest.mark.parametrize(("query", "arguments", "code", "told"), GARDEN_ANSWERS)
def test_query(
    publisher: RunCommand, small_project_built: Path, query: str, arguments: list[str], code: int, told: str
) -> None:
    project = str(small_project_built)
    outcome = publisher("query", "--project", project, *arguments, query.replace("{project}", project))
    assert outcome.returncode == code, outcome.stderr
    assert told in (outcome.stdout if code == 0 else outcome.stderr)
    assert "Traceback" not in outcome.stderr


def test_query_without_a_release_says_what_to_do(publisher: RunCommand, project: Path) -> None:
    outcome = publisher("query", "--project", project, "ASK {}")
    assert outcome.returncode == 2
    assert "Run 'publisher build' first." in outcome.stderr


def test_check_prints_coverage_and_writes_nothing(publisher: RunCommand, project: Path) -> None:
    outcome = publisher("check", "--project", project)
    assert outcome.returncode == 0
    # 36 + 11 + 27 of 85 characters; “North Garden” lies within the first quote.
    assert (
        "note.en: quotes cover 87.1% of 85 characters.\n    36-41 in no quote: Ben\n    52-58 in no quote: too\n"
        in outcome.stdout
    )
    assert not (project / "releases").exists()


def test_check_asks_the_reasoner(publisher: RunCommand, project: Path) -> None:
    """Also about what RDF/XML cannot write."""
    (project / "odd.nt").write_text('<http://x.example/a> <http://x.example/123> "\\u0001" .', encoding="utf-8")
    outcome = publisher("check", "--reasoner", "--project", project)
    assert outcome.returncode == 0
    assert "HermiT finds the ontology and the facts consistent, and every class satisfiable." in outcome.stdout


def test_without_java_the_reasoner_is_reported_as_not_run(publisher: RunCommand, project: Path) -> None:
    insisted = publisher("check", "--reasoner", "--project", project, PATH="")
    assert insisted.returncode == 2
    assert "HermiT did not run: there is no Java on this machine." in insisted.stderr
    assert "default-jre-headless" in insisted.stderr
    plain = publisher("check", "--project", project, PATH="", PUBLISHER_REASONER="auto")
    assert plain.returncode == 0
    assert "HermiT did not run: there is no Java on this machine." in plain.stdout
    assert publisher("build", "--project", project, PATH="", PUBLISHER_REASONER="auto").returncode == 0
    metrics = (project / "releases" / "current" / "dumps" / "dataset.nt").read_text(encoding="utf-8")
    assert "id/metric/consistency" in metrics
    assert "id/measurement/consistency" not in metrics


def test_serve_does_not_fall_back_to_a_release_of_other_addresses(publisher: RunCommand, project: Path) -> None:
    assert publisher("build", "--project", project, "--port", "9100").returncode == 0
    facts = project / "data" / "facts" / "note.en" / "people.yaml"
    facts.write_text(facts.read_text().replace("sheds: 1", "sheds: 9"))
    outcome = publisher("serve", "--project", project, "--port", "9101")
    assert outcome.returncode == 1
    assert "At most three sheds." in outcome.stderr
    assert "Serving" not in outcome.stdout


def test_serve_refuses_a_log_that_cannot_be_written(publisher: RunCommand, small_project_built: Path) -> None:
    log = small_project_built / "nowhere" / "access.log"
    port = str(free_port())
    outcome = publisher("serve", "--project", small_project_built, "--port", port, PUBLISHER_ACCESS_LOG=str(log))
    assert outcome.returncode == 2
    assert f"access_log: A setting cannot be used: {log}: No such file or directory" in outcome.stderr
    assert "Serving on" not in outcome.stdout


def test_serve_refuses_a_port_that_is_taken(publisher: RunCommand, server: str) -> None:
    outcome = publisher("serve", "--port", server.rstrip("/").rpartition(":")[2])
    assert outcome.returncode == 2
    assert "Address already in use" in outcome.stderr
    assert "Serving" not in outcome.stdout


def test_of_two_servers_that_took_a_port_at_once_one_is_told(settings: Settings) -> None:
    """As long as nobody listens on it, the system lets both take it."""
    here = replace(settings, port=free_port())
    with listen(here) as first, listen(here) as second:
        first.listen()
        with pytest.raises(SettingsError, match="Address already in use"):
            run(here, second)
