"""The command: ``python -m tests.benchmarks``."""

import json
import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from .client import Query
from .data import SEED, write_data
from .engines import ENGINES, Endpoint, Engine
from .measure import measure
from .report import Results, as_json, as_markdown, machine

_QUERIES = Path(__file__).parent / "queries"
_SIZES = ("5k", "500k", "5M")
_UNITS = {"": 1, "k": 1_000, "M": 1_000_000}


def _triples(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> list[int]:
    """Numbers of triples, read from texts such as 500k."""
    matches = [re.fullmatch(r"(\d+)([kM]?)", value) for value in values]
    if not all(matches):
        raise click.BadParameter("give numbers such as 5k or 5M", context, option)
    return [int(match[1]) * _UNITS[match[2]] for match in matches if match]


@click.command()
@click.option("--size", "sizes", callback=_triples, multiple=True, default=_SIZES, show_default=True, help="Triples.")
@click.option("--engine", "names", type=click.Choice([e.name for e in ENGINES]), multiple=True, help="[default: all]")
@click.option("--rounds", default=15, show_default=True, help="How often each query is timed on each engine.")
@click.option("--patience", default=60, show_default=True, help="Seconds for one engine and one query, all rounds.")
@click.option("--seed", default=SEED, show_default=True, help="Other data of the same shape.")
@click.option("--work", type=click.Path(path_type=Path), help="Folder for data and stores [default: a temporary one]")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("build/benchmarks"),
    show_default=True,
    help="Folder for results.md and results.json.",
)
def main(
    sizes: list[int],
    names: tuple[str, ...],
    rounds: int,
    patience: int,
    seed: int,
    work: Path | None,
    output: Path,
) -> None:
    """Times this endpoint and others on the same data and queries; see tests/benchmarks/README.md."""
    engines = [engine for engine in ENGINES if not names or engine.name in names]
    files = sorted(_QUERIES.glob("*.rq"))
    queries = [Query(path.stem[3:].replace("-", " "), path.read_text(encoding="utf-8")) for path in files]
    versions = {engine.name: engine.version() for engine in engines}
    results = [_run(size, engines, queries, rounds, patience, seed, work) for size in sizes]
    about = {"machine": machine(), "versions": versions, "rounds": rounds, "seed": seed}
    output.mkdir(parents=True, exist_ok=True)
    tables = as_markdown(about, results)
    (output / "results.md").write_text(tables, encoding="utf-8")
    (output / "results.json").write_text(json.dumps(as_json(about, results), indent=2) + "\n", encoding="utf-8")
    click.echo(tables)


def _run(
    size: int,
    engines: Sequence[Engine],
    queries: Sequence[Query],
    rounds: int,
    patience: int,
    seed: int,
    work: Path | None,
) -> Results:
    absent: dict[str, str] = {}
    endpoints: dict[str, Endpoint] = {}
    with TemporaryDirectory(dir=work, prefix="benchmark-") as folder, ExitStack() as servers:
        data = Path(folder) / "data"
        data.mkdir()
        triples = write_data(size, data, seed)
        for engine in engines:
            if engine.version() is None:
                absent[engine.name] = "not installed"
            elif triples > engine.largest:
                absent[engine.name] = f"not run over {engine.largest:,} triples"
            else:
                click.echo(f"{triples:,} triples: loading {engine.name}", err=True)
                own = Path(folder) / engine.name.replace(" ", "-").lower()
                own.mkdir()
                endpoints[engine.name] = servers.enter_context(engine.serve(data, own))
        cells = measure(endpoints, queries, rounds, patience)
    return Results(triples, [query.name for query in queries], cells, absent)


if __name__ == "__main__":
    main()
