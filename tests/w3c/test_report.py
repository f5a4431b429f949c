"""The page about conformance says what the tests found."""

from pathlib import Path

from w3c import report
from w3c.suite import Files

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "sparql-conformance.md").read_text(encoding="utf-8")


def test_the_numbers_of_cases(files: Files) -> None:
    assert report.suites(files) in PAGE


def test_the_known_failures() -> None:
    assert report.failures() in PAGE


def test_the_wrong_answers() -> None:
    assert report.wrong_answers() in PAGE


def test_the_allowed_answers() -> None:
    assert report.allowed_answers() in PAGE
