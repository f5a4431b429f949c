"""The ``publisher`` command."""

import pytest
from conftest import RunCommand

from publisher.core.settings import Settings


@pytest.mark.parametrize("command", [[], ["build"], ["check"], ["serve"], ["query"], ["settings"]])
def test_help(publisher: RunCommand, command: list[str]) -> None:
    outcome = publisher(*command, "--help")
    assert outcome.returncode == 0
    assert outcome.stdout.startswith("Usage: ")


def test_settings_lists_the_table_with_values_from_the_environment(publisher: RunCommand) -> None:
    outcome = publisher("settings", PUBLISHER_QUERY_TIMEOUT="3.5")
    assert outcome.returncode == 0
    for name, field in Settings.model_fields.items():
        assert f"\n{name} = " in "\n" + outcome.stdout
        assert str(field.description) in outcome.stdout
    assert "query_timeout = 3.5\n" in outcome.stdout
