"""How much longer an honest caller waits while eight others mean harm: ``python -m tests.benchmarks.attacked``."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import click

from .client import Client, Failure, Query
from .data import SEED, write_data
from .engines import Publisher

_HOSTILE = Path(__file__).parents[1] / "hostile.py"
_HONEST = Query("labels", (Path(__file__).parent / "queries" / "03-labels-one-hop-away.rq").read_text(encoding="utf-8"))
_PATIENCE = 60
_IN_A_ROW = 20
_PAUSE = 0.02


class Honest:
    """A caller with a light query that no cache has seen, time after time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._asked = 0
        self.failures = 0

    def wait(self) -> float:
        """The milliseconds until an answer; endless if it is an error."""
        self._asked += 1
        try:
            return 1000 * self._client.ask(_HONEST, str(self._asked))[1]
        except Failure as failure:
            click.echo(failure, err=True)
            self.failures += 1
            return float("inf")

    def wait_again(self) -> float:
        """The same, after a pause: a caller who never rests has a warm processor, idle and under attack."""
        time.sleep(_PAUSE)
        return self.wait()


@click.command()
@click.option("--seconds", default=30, show_default=True, help="How long the attack takes.")
@click.option("--asked", default=500, show_default=True, help="Queries asked before the attack.")
@click.option(
    "--nice",
    default=19,
    show_default=True,
    help="Niceness of the attackers: elsewhere they would take no time of ours.",
)
def main(seconds: int, asked: int, nice: int) -> None:
    """Prints the honest caller's p95 idle and under attack, their ratio, and the time until all is as before."""
    with TemporaryDirectory(prefix="benchmark-") as folder:
        data, own = Path(folder, "data"), Path(folder, "publisher")
        data.mkdir()
        own.mkdir()
        write_data(5_000, data, SEED)
        with Publisher().serve(data, own) as endpoint:
            honest = Honest(Client(endpoint, _PATIENCE))
            idle = _ninety_fifth([honest.wait_again() for _ in range(asked)])
            port = str(urlsplit(endpoint.address).port)
            command = ("nice", "-n", str(nice), sys.executable, _HOSTILE, port, str(seconds))
            with subprocess.Popen(command, stdout=subprocess.PIPE) as attack:
                attacked = []
                while attack.poll() is None:
                    attacked.append(honest.wait_again())
            over = time.monotonic()
            row = 0
            while row < _IN_A_ROW:
                row = row + 1 if honest.wait_again() <= 2 * idle else 0
            recovered = time.monotonic() - over
    under = _ninety_fifth(attacked)
    click.echo(f"p95: {idle:.1f} ms idle, {under:.1f} ms in {len(attacked)} queries under attack: {under / idle:.1f}×")
    click.echo(f"{honest.failures} failures; {_IN_A_ROW} quick answers in a row {recovered:.1f} s after the end")


def _ninety_fifth(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
