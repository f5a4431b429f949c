"""The cases of the suites that are known not to come out right."""

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


_failures = tomllib.loads((HERE / "known_failures.toml").read_text(encoding="utf-8"))

FAILURES = [Failure(**entry) for entry in _failures["known"]]
BY_CASE = {case: failure for failure in FAILURES for case in failure.cases}
