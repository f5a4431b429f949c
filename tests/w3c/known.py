"""What is known not to be as it should, or as one expects: the tables of cases and of answers."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Failure:
    """Cases that do not come out as the suites say, all for one reason.

    Args:
        fault: ``engine``, ``endpoint`` (our own decision) or ``suite``.
        gives: the outcome, as ``endpoint.outcome`` says it.
        why: the reason, as Markdown.
        cases: their short names.
    """

    fault: str
    gives: str
    why: str
    cases: list[str]


@dataclass(frozen=True)
class Wrong:
    """A query that the engine answers wrongly; ``answers.toml`` says what the fields hold."""

    query: str
    gives: str
    right: str
    clause: str
    known: str


@dataclass(frozen=True)
class Allowed:
    """A query with an answer that surprises and is allowed."""

    query: str
    gives: str
    why: str


_answers = tomllib.loads((HERE / "answers.toml").read_text(encoding="utf-8"))
_failures = tomllib.loads((HERE / "known_failures.toml").read_text(encoding="utf-8"))

FAILURES = [Failure(**entry) for entry in _failures["known"]]
BY_CASE = {case: failure for failure in FAILURES for case in failure.cases}
WRONG = [Wrong(**entry) for entry in _answers["wrong"]]
ALLOWED = [Allowed(**entry) for entry in _answers["allowed"]]
