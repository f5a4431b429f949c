"""The measurement: all engines and queries in turn, round after round, in one run."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

import click

from .answers import Rows, difference, rows
from .client import Client, Failure, Query
from .engines import REFERENCE, Endpoint

FIRST = "first"
AGAIN = "again"
KINDS = {FIRST: "First-time answers", AGAIN: "Repeated answers"}


@dataclass
class Cell:
    """What was found of one engine and one query.

    Args:
        rows: the number of rows or triples of the answer.
        trouble: why it is not timed: an error, or how the answer differs from the reference.
        seconds: kind of answer → the times.
    """

    rows: int | None = None
    trouble: str | None = None
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def median(self, kind: str) -> float | None:
        """The median time in seconds; ``None`` where there is trouble or nothing was timed."""
        return median(self.seconds[kind]) if self.seconds[kind] and self.trouble is None else None


Cells = Mapping[tuple[str, str], Cell]
"""By engine and query."""


def measure(endpoints: Mapping[str, Endpoint], queries: Sequence[Query], rounds: int, patience: int) -> Cells:
    """Compares the answers, and then times them; the first round is to get warm and does not count.

    Args:
        endpoints: the running engines by name.
        queries: what is asked.
        rounds: how often.
        patience: seconds that an answer may take, and seconds that all answers of one
            engine to one query may take before it is asked no more.
    """
    clients = {name: Client(endpoint, patience) for name, endpoint in endpoints.items()}
    cells = {(name, query.name): Cell() for name in clients for query in queries}
    try:
        for query in queries:
            _compare(clients, query, cells)
        for turn in range(rounds + 1):
            click.echo(f"Round {turn} of {rounds}", err=True)
            _round(clients, queries, turn, cells, patience)
            if turn == 0:
                for cell in cells.values():
                    cell.seconds.clear()
    finally:
        for client in clients.values():
            client.close()
    return cells


def _compare(clients: Mapping[str, Client], query: Query, cells: Cells) -> None:
    answers: dict[str, Rows] = {}
    for name, client in clients.items():
        cell = cells[name, query.name]
        try:
            answers[name] = rows(query, client.ask(query)[0])
            cell.rows = answers[name].total()
        except (Failure, SyntaxError, ValueError) as error:
            cell.trouble = str(error)
    reference = answers.get(REFERENCE) or next(iter(answers.values()), Rows())
    for name, found in answers.items():
        cells[name, query.name].trouble = difference(reference, found)


def _round(clients: Mapping[str, Client], queries: Sequence[Query], turn: int, cells: Cells, patience: int) -> None:
    """One turn of everything; who comes first changes, so that nobody always follows the slowest."""
    names = list(clients)
    for query in queries:
        for kind in KINDS:
            names.append(names.pop(0))
            for name in names:
                cell = cells[name, query.name]
                if cell.trouble is None and sum(map(sum, cell.seconds.values())) < patience:
                    _time(clients[name], query, kind, turn, cell)


def _time(client: Client, query: Query, kind: str, turn: int, cell: Cell) -> None:
    try:
        cell.seconds[kind].append(client.ask(query, mark=f"round {turn}" if kind == FIRST else "")[1])
    except Failure as error:
        cell.trouble = str(error)
