"""Queries that take too much: they are ended, the asker is told, and the endpoint goes on."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from asking import CROSS, ENDLESS
from flask.testing import FlaskClient
from msgspec.structs import replace
from pyoxigraph import NamedNode, Quad, Store
from serving import workers_below
from werkzeug.test import TestResponse

from publisher.core.errors import PublisherError
from publisher.core.formats import RESULT_FORMATS
from publisher.core.release import STORE, Release
from publisher.core.request_errors import CallerGone, Overloaded, QueryLost
from publisher.core.settings import Settings
from publisher.store.protocol import Caller, QueryTask
from publisher.store.workers import QueryPool
from publisher.web.app import create_app

HOGS = {
    "ORDER BY": f"SELECT * {{ {CROSS} }} ORDER BY ?c1",
    "DISTINCT": f"SELECT DISTINCT * {{ {CROSS} }}",
    "the answer itself": f"SELECT * {{ {CROSS} }}",
}
CRASHERS = {
    "triples": "SELECT * {" + ".".join(["?s ?p ?o"] * 9000) + "}",
    "operators": "ASK {FILTER(1" + "||1" * 30_000 + ")}",
    "negation": "SELECT (" + "!" * 90_000 + "1 AS ?x) {}",
    "path": "ASK {?s <a:>" + "/<a:>" * 15_000 + " ?o}",
}

MakeClient = Callable[..., FlaskClient]


@pytest.fixture
def limited(settings: Settings, release: Release) -> Iterator[MakeClient]:
    """Makes clients of applications with limits of their own."""
    pools = []

    def make(**limits: Any) -> FlaskClient:
        app = create_app(replace(settings, **limits), release)
        pools.append(app.extensions["publisher"].pool)
        return app.test_client()

    yield make
    for pool in pools:
        pool.close()


def ask(client: FlaskClient, query: str) -> TestResponse:
    return client.post("/sparql", data={"query": query})


def assert_ended(client: FlaskClient, query: str, status: int, problem: str) -> None:
    response = ask(client, query)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["type"].endswith("#" + problem)
    assert ask(client, "ASK { ?s ?p ?o }").get_json()["boolean"] is True


def test_a_query_is_ended_at_the_deadline(limited: MakeClient) -> None:
    assert_ended(limited(query_timeout=1.0), ENDLESS, 504, "query-timeout")


@pytest.mark.parametrize("name", HOGS)
def test_a_query_is_ended_at_the_limit_of_memory(limited: MakeClient, name: str) -> None:
    assert_ended(limited(query_timeout=120.0, query_memory=64), HOGS[name], 507, "result-too-large")


@pytest.mark.parametrize("name", CRASHERS)
def test_a_query_that_brings_its_process_down(limited: MakeClient, name: str) -> None:
    client = limited(query_workers=1)
    assert_ended(client, CRASHERS[name], 503, "query-lost")
    assert "Retry-After" not in ask(client, CRASHERS[name]).headers


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv", "text/html"])
def test_a_large_answer_is_refused_and_never_cut(limited: MakeClient, accept: str) -> None:
    client = limited(result_bytes=1000)
    response = client.post("/sparql", data={"query": "SELECT * { ?s ?p ?o }"}, headers={"Accept": accept})
    assert response.status_code == 507
    assert ask(client, "SELECT * { ?s ?p ?o } LIMIT 1").status_code == 200


@pytest.mark.parametrize("text", ["plain", "}},{", '}},{"', '"}},{"b":', "\\r\\n", "<result>"])
@pytest.mark.parametrize("name", [f.name for f in RESULT_FORMATS])
def test_a_long_answer_is_refused(limited: MakeClient, name: str, text: str) -> None:
    values = " ".join(f"""('{text}' {number})""" for number in range(3))
    query = f"SELECT * {{ VALUES (?a ?b) {{ {values} }} }}"
    for rows, status in ((3, 200), (2, 507)):
        assert limited(result_rows=rows).post("/sparql", data={"query": query, "format": name}).status_code == status


def test_waiting_queries_are_bounded(limited: MakeClient) -> None:
    client = limited(query_timeout=3.0, query_workers=1, query_queue=1)
    application = client.application
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda query: ask(application.test_client(), query), [ENDLESS] * 6))
    assert {answer.status_code for answer in answers} == {503, 504}
    refused = [answer for answer in answers if answer.status_code == 503]
    assert all(answer.get_json()["type"].endswith("#overloaded") for answer in refused)
    assert all(answer.headers["Retry-After"].isdecimal() for answer in refused)
    assert ask(client, "ASK {}").status_code == 200


def test_a_worker_that_died_while_idle_is_replaced(settings: Settings, release: Release) -> None:
    before = workers_below(os.getpid())
    with pool(settings, release, query_workers=2) as asked:
        kill_and_wait(workers_below(os.getpid()) - before)
        assert {asked.run(QueryTask("ASK {}", "csv")).body for _ in range(4)} == {b"true"}


def test_where_no_process_can_start_the_next_query_tries_again(
    settings: Settings, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workers_below(os.getpid())
    with pool(settings, release, quick_workers=1, query_workers=1) as asked:
        with monkeypatch.context() as broken:
            broken.setattr(sys, "executable", "/nowhere/python")
            kill_and_wait(workers_below(os.getpid()) - before)
            for _ in range(3):
                with pytest.raises(Overloaded):
                    asked.run(QueryTask("ASK {}", "csv"))
        assert asked.run(QueryTask("ASK {}", "csv")).body == b"true"


def test_many_at_once_get_their_own_answers(settings: Settings, release: Release) -> None:
    with pool(settings, release, query_queue=64) as asked, ThreadPoolExecutor(16) as threads:
        tasks = [QueryTask(f"SELECT ({n} AS ?n) {{}}", "csv") for n in range(64)]
        answers = [answer.body for answer in threads.map(asked.run, tasks)]
        assert answers == [b"n\r\n%d\r\n" % n for n in range(64)]


def has_passed(moment: float) -> bool:
    return time.monotonic() > moment


def test_who_leaves_early_is_not_taken_for_quick(settings: Settings, release: Release) -> None:
    """The second time, the processes for quick queries are left to those who wait for their answers."""
    before = workers_below(os.getpid())

    def quick() -> set[int]:
        return {worker for worker in workers_below(os.getpid()) - before if not os.getpriority(os.PRIO_PROCESS, worker)}

    with pool(settings, release, quick_workers=1, query_workers=1, query_timeout=60.0) as asked:
        asked.run(QueryTask("ASK {}", "csv"))
        processes = []
        for number in range(3):
            caller = Caller("192.0.2.1", partial(has_passed, time.monotonic() + 0.1))
            with pytest.raises(CallerGone):
                asked.run(QueryTask(f"{ENDLESS} # {number}", "csv"), caller)
            asked.run(QueryTask("ASK {}", "csv"))
            processes.append(quick())
        assert processes[0] == processes[1] == processes[2]


def test_who_has_left_takes_no_process(settings: Settings, release: Release) -> None:
    before = workers_below(os.getpid())
    with pool(settings, release) as asked:
        started = workers_below(os.getpid()) - before
        with pytest.raises(CallerGone):
            asked.run(QueryTask("ASK {}", "csv"), Caller("192.0.2.1", lambda: True))
        assert workers_below(os.getpid()) - before == started


def test_closing_ends_all_processes_and_what_they_run(settings: Settings, release: Release) -> None:
    before = workers_below(os.getpid())
    with pool(settings, release, query_timeout=60.0) as asked, ThreadPoolExecutor(1) as threads:
        started = workers_below(os.getpid()) - before
        assert len(started) == settings.quick_workers
        running = threads.submit(asked.run, QueryTask(ENDLESS, "csv"))
        asked.run(QueryTask("ASK {}", "csv"))
        asked.close()
        assert isinstance(running.exception(), QueryLost | Overloaded)
        assert not started & workers_below(os.getpid())


PARENT = """
import sys
from pathlib import Path
from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.store.protocol import QueryTask
from publisher.store.workers import QueryPool
import threading
release = Release(Path(sys.argv[1]), {"base_iri": "http://ex.example/"})
pool = QueryPool(Settings(query_timeout=1, quick_workers=2, query_workers=2), release)
pool.run(QueryTask("ASK {}", "csv"))
threading.Thread(target=pool.run, args=[QueryTask(sys.argv[2], "csv")], daemon=True).start()
pool.run(QueryTask("ASK {}", "csv"))
print("ready", flush=True)
threading.Event().wait()
"""


def test_no_process_outlives_a_killed_server(release: Release) -> None:
    command = [sys.executable, "-c", PARENT, str(release.folder), ENDLESS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        workers = workers_below(parent.pid)
        watched = [os.pidfd_open(worker) for worker in workers]
        parent.kill()
    assert len(workers) >= 2
    assert all(has_ended(descriptor) for descriptor in watched)


def kill_and_wait(processes: set[int]) -> None:
    watched = [os.pidfd_open(process) for process in processes]
    for process in processes:
        os.kill(process, signal.SIGKILL)
    assert all(has_ended(descriptor) for descriptor in watched)


def has_ended(descriptor: int) -> bool:
    """Waits for the end of a process that is not our child."""
    try:
        return bool(select.select([descriptor], [], [], 60)[0])
    finally:
        os.close(descriptor)


@contextmanager
def pool(settings: Settings, release: Release, **limits: Any) -> Iterator[QueryPool]:
    opened = QueryPool(replace(settings, **limits), release)
    try:
        yield opened
    finally:
        opened.close()


@pytest.mark.parametrize("silent", ["", "SILENT"])
def test_a_worker_cannot_reach_the_network_even_past_the_guard(
    settings: Settings, release: Release, silent: str
) -> None:
    assert (release.folder / STORE).is_dir()
    with socket.create_server(("127.0.0.1", 0)) as listener, pool(settings, release) as asked:
        reached = threading.Event()

        def accept() -> None:
            try:
                listener.accept()[0].close()
            except OSError:
                return
            reached.set()

        waiting = threading.Thread(target=accept)
        waiting.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        try:
            asked.run(QueryTask(f"SELECT * {{ SERVICE {silent} <{address}> {{ ?s ?p ?o }} }}", "json"))
        except PublisherError as error:
            assert not silent and isinstance(error, QueryLost)
        listener.shutdown(socket.SHUT_RDWR)
        waiting.join()
        assert not reached.is_set()


@pytest.mark.parametrize("name", ["forbid_network", "_use_up_descriptors"])
def test_either_way_to_forbid_the_network(name: str) -> None:
    code = f"import socket; from publisher.store import confine; confine.{name}(); socket.socket()"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.stderr.splitlines()[-1].startswith(("PermissionError", "OSError: [Errno 24]"))


def test_a_store_of_many_files_can_be_read_to_its_end(settings: Settings, tmp_path: Path) -> None:
    store = Store(str(tmp_path / STORE))
    for number in range(40):
        thing = NamedNode(f"https://data.example/{number}")
        store.bulk_extend([Quad(thing, thing, thing)])
    store.flush()
    (tmp_path / "context.jsonld").write_text('{"@context": {}}')
    with pool(settings, Release(tmp_path, {"base_iri": "https://data.example/"})) as asked:
        answer = asked.run(
            QueryTask("SELECT (COUNT(?s) AS ?n) { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'https:')) }", "csv")
        )
    assert answer.body == b"n\r\n40\r\n"
