"""The tables: Markdown for people, JSON for programs."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean
from typing import Any

from .engines import REFERENCE
from .measure import KINDS, Cells


@dataclass(frozen=True)
class Results:
    """What was measured with one size of the data.

    Args:
        triples: the size.
        queries: the names of the queries in order.
        cells: what was found.
        absent: the engines that were not run, and why.
    """

    triples: int
    queries: Sequence[str]
    cells: Cells
    absent: Mapping[str, str]

    @property
    def engines(self) -> list[str]:
        """The engines that were run."""
        return list(dict.fromkeys(engine for engine, _ in self.cells))

    def times(self, engine: str, kind: str) -> dict[str, float]:
        """Query → median in milliseconds, for all queries that the engine answered as the reference did."""
        medians = {query: self.cells[engine, query].median(kind) for query in self.queries}
        return {query: seconds * 1000 for query, seconds in medians.items() if seconds is not None}


def machine() -> dict[str, Any]:
    """What it ran on; ``load``: how many processes wanted a core, on average over the last 15 minutes."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory (GiB)": round(memory / 2**30, 1),
        "system": platform.platform(terse=True),
        "Python": platform.python_version(),
        "load": round(os.getloadavg()[2], 1),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def as_json(about: Mapping[str, Any], results: Sequence[Results]) -> dict[str, Any]:
    """Everything that was found, with medians in milliseconds."""
    return {**about, "sizes": [_size_as_json(result) for result in results]}


def _size_as_json(result: Results) -> dict[str, Any]:
    times = {(engine, kind): result.times(engine, kind) for engine in result.engines for kind in KINDS}
    queries = {
        query: {
            engine: {
                "rows": result.cells[engine, query].rows,
                "trouble": result.cells[engine, query].trouble,
                "median_ms": {kind: times[engine, kind].get(query) for kind in KINDS},
            }
            for engine in result.engines
        }
        for query in result.queries
    }
    return {"triples": result.triples, "queries": queries, "absent": dict(result.absent)}


def as_markdown(about: Mapping[str, Any], results: Sequence[Results]) -> str:
    """For each size and each kind of answer a table; what could not be timed is listed with the reason."""
    facts = {**about["machine"], **{name: value or "not installed" for name, value in about["versions"].items()}}
    lines = ["# Benchmarks", "", *(f"- {name}: {value}" for name, value in facts.items())]
    lines.append(f"- rounds: {about['rounds']}, seed of the data: {about['seed']}")
    for result in results:
        lines += ["", f"## {result.triples:,} triples"]
        for kind, title in KINDS.items():
            lines += ["", f"{title}, median in milliseconds:", "", *_table(result, kind)]
        notes = [
            f"- {engine}, {query}: {cell.trouble}" for (engine, query), cell in result.cells.items() if cell.trouble
        ]
        lines += ["", "Not timed:", "", *notes] if notes else []
    return "\n".join([*lines, ""])


def _table(result: Results, kind: str) -> list[str]:
    times = {engine: result.times(engine, kind) for engine in result.engines}
    absent = [*result.absent.values()]
    table = [["query", "rows", *times, *result.absent]]
    table.append(["---", *["--:"] * (len(table[0]) - 1)])
    for query in result.queries:
        counts = (result.cells[engine, query].rows for engine in times)
        shown = [f"{own[query]:,.2f}" if query in own else "not timed" for own in times.values()]
        table.append([query, f"{next(filter(None, counts), 0):,}", *shown, *absent])
    table.append(["**geometric mean**", "", *(_mean(own, result) for own in times.values()), *absent])
    reference = times.get(REFERENCE, {})
    ratios = [{query: own[query] / reference[query] for query in own if query in reference} for own in times.values()]
    table.append([f"**ratio to {REFERENCE}**", "", *(_mean(ratio, result) for ratio in ratios), *absent])
    return [f"| {' | '.join(row)} |" for row in table]


def _mean(values: Mapping[str, float], result: Results) -> str:
    """The geometric mean, and over how many queries where it is not over all."""
    if not values:
        return "–"
    partly = f" (of {len(values)})" if len(values) < len(result.queries) else ""
    return f"**{geometric_mean(values.values()):.2f}**{partly}"
