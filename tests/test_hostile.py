"""Eight callers who mean harm and one who does not: that one is answered, and nothing is left of the others."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import Server, serving_again, wait_until, workers_below

from publisher.core.release import Release
from publisher.core.settings import Settings

SECONDS = 12
MEMORY = 256
"""MiB that a query may take."""
OF_ITS_OWN = 200
"""MiB that a process takes besides."""


@pytest.fixture
def attacked(settings: Settings, release: Release) -> Iterator[Server]:
    with serving_again(settings, release, PUBLISHER_QUERY_MEMORY=str(MEMORY)) as server:
        yield server


def resident(processes: set[int]) -> int:
    """The memory of some processes in MiB."""
    total = 0
    for process in processes:
        try:
            status = Path(f"/proc/{process}/status").read_text()
            total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total // 1024


def test_an_honest_caller_is_answered_while_eight_others_mean_harm(settings: Settings, attacked: Server) -> None:
    all_workers = settings.quick_workers + settings.query_workers
    command = [sys.executable, str(Path(__file__).parent / "hostile.py"), str(attacked.port), str(SECONDS)]
    highest, asked = 0, 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hostile:
        assert hostile.stdout is not None
        while hostile.poll() is None:
            asked += 1
            query = f"SELECT ?number ?kind {{ VALUES ?number {{ {asked} }} ?kind a ?class }} LIMIT 1"
            status, body = attacked.ask(query)
            assert status == 200, body
            assert body.splitlines()[1].startswith(b"%d,http" % asked)
            highest = max(highest, resident(workers_below(attacked.process.pid)))
        outcomes = json.loads(hostile.stdout.read())
    assert asked > 10
    assert highest < all_workers * (MEMORY + OF_ITS_OWN)
    ended = {status for counted in outcomes.values() for status in counted}
    assert ended <= {
        "400",
        "408",
        "413",
        "503",
        "504",
        "507",
        "sent",
        "closed",
        "BrokenPipeError",
        "ConnectionResetError",
    }
    assert set(outcomes["nesting"]) == {"400"}
    wait_until(lambda: settings.quick_workers <= len(workers_below(attacked.process.pid)) <= all_workers)
    # All of them are free again.
    for number in range(2 * all_workers):
        assert attacked.ask(f"SELECT ({number} AS ?n) {{}}") == (200, b"n\r\n%d\r\n" % number)
