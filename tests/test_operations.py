"""For those who run the site: health, metrics, access log, a new release, the end."""

import json
import os
import re
import shutil
import signal
import socket
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import psutil
import pytest
from asking import ENDLESS, FORM
from conftest import RunCommand
from prometheus_client.parser import text_string_to_metric_families
from serving import Server, free_port, serving, serving_again, wait_until, workers_below

from publisher.core.release import Release
from publisher.core.settings import Settings, load_settings
from publisher.web.app import create_app


def entries(log: Path, path: str) -> list[dict[str, object]]:
    """The lines of the access log about one path, each read as JSON."""
    lines = [json.loads(line) for line in log.read_text(encoding="ascii").splitlines()]
    return [line for line in lines if line["path"] == path]


@pytest.mark.parametrize("path", ["health/live", "health/ready"])
def test_a_running_server_is_alive_and_ready(running_server: Server, path: str) -> None:
    status, body = running_server.get(path)
    assert (status, body) == (200, path.rpartition("/")[2].encode() + b"\n")


def test_a_server_whose_processes_are_gone_is_not_ready(settings: Settings, release: Release) -> None:
    app = create_app(settings, release)
    app.extensions["publisher"].pool.close()
    assert app.test_client().get("/health/ready").status_code == 503
    assert app.test_client().get("/health/live").status_code == 200


def numbers(server: Server, name: str) -> Mapping[str, float]:
    """What a number is, by the value of its label."""
    families = text_string_to_metric_families(server.get("metrics")[1].decode())
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return {next(iter(sample.labels.values()), ""): sample.value for sample in samples}


def test_metrics_tell_of_the_processes_and_of_the_release(settings: Settings, release: Release) -> None:
    limits = {"QUERY_TIMEOUT": "3", "QUICK_WORKERS": "1", "QUERY_WORKERS": "1"}
    limited = {f"PUBLISHER_{name}": value for name, value in limits.items()}
    with serving_again(settings, release, **limited) as server, ThreadPoolExecutor(3) as threads:
        assert numbers(server, "publisher_release_info") == {release.id: 1}
        assert numbers(server, "publisher_workers_started_total") == {"quick": 1}
        assert numbers(server, "publisher_workers_busy") == {"quick": 0, "long": 0}
        asked = [threads.submit(server.ask, f"{ENDLESS} # {number}") for number in range(3)]
        wait_until(lambda: numbers(server, "publisher_queries_waiting").get("long", 0) >= 1)
        assert numbers(server, "publisher_workers_busy")["long"] == 1
        assert {one.result()[0] for one in asked} <= {503, 504}
        ended = numbers(server, "publisher_workers_ended_total")
        assert ended["deadline"] >= 1
        started = sum(numbers(server, "publisher_workers_started_total").values())
        assert started - sum(ended.values()) == len(workers_below(server.process.pid))
        assert numbers(server, "publisher_queries_waiting") == {"quick": 0, "long": 0}
        wait_until(lambda: numbers(server, "publisher_workers_resident_bytes")[""] > 10_000_000)


def requests_counted(server: Server) -> Mapping[tuple[str, str, str], int]:
    """Endpoint, status and whether the answer had been kept → requests by every method."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for family in text_string_to_metric_families(server.get("metrics")[1].decode()):
        for sample in family.samples:
            if sample.name == "publisher_requests_total":
                labels = sample.labels
                counted[labels["endpoint"], labels["status"], labels["cached"]] += int(sample.value)
    return counted


def test_metrics_count_requests(running_server: Server) -> None:
    before = requests_counted(running_server)
    for _ in range(3):
        assert running_server.ask("SELECT ?metrics { }")[0] == 200
    assert running_server.ask("SELECT ?metrics {")[0] == 400

    def more() -> list[int]:
        after = requests_counted(running_server)
        keys = [("sparql.endpoint", *more) for more in (("200", "false"), ("200", "true"), ("400", "false"))]
        return [after.get(key, 0) - before.get(key, 0) for key in keys]

    wait_until(lambda: more() == [1, 2, 1])


def test_the_access_log_tells_of_a_query_without_its_text(logged_server: Server, access_log: Path) -> None:
    query = "SELECT ?a { VALUES ?a { 'who is looked for' 2 3 } }"
    before = len(entries(access_log, "/sparql"))
    for _ in range(2):
        assert logged_server.ask(query)[0] == 200
    assert logged_server.ask(query + "}")[0] == 400
    wait_until(lambda: len(entries(access_log, "/sparql")) == before + 3)
    first, again, wrong = entries(access_log, "/sparql")[-3:]
    assert first["query"] == again["query"] != wrong.get("query")
    assert (first["rows"], first["cached"], again["rows"], again["cached"]) == (3, False, 3, True)
    assert first["bytes"] == len(logged_server.ask(query)[1])
    assert (first["status"], wrong["status"], wrong["problem"]) == (200, 400, "bad-query")
    assert "looked for" not in access_log.read_text(encoding="ascii")


def test_the_access_log_tells_of_the_path_also_where_the_target_names_a_host(
    logged_server: Server, access_log: Path
) -> None:
    """RFC 9112 §3.2.2; the second answer is a kept one."""
    before = len(entries(access_log, "/sparql"))
    for _ in range(2):
        sent = b"GET http://x/sparql?query=ASK%7B%7D%23absolute HTTP/1.1\r\nHost: x\r\n\r\n"
        with socket.create_connection(("localhost", logged_server.port), timeout=60) as connection:
            connection.sendall(sent)
            assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
    wait_until(lambda: len(entries(access_log, "/sparql")) == before + 2)
    assert [entry["cached"] for entry in entries(access_log, "/sparql")[before:]] == [False, True]


def test_nobody_can_forge_a_line_of_the_access_log(logged_server: Server, access_log: Path) -> None:
    logged_server.get("doc/x%0A%7B%22path%22:%22forged%22%7D%0D%1B")
    wait_until(lambda: bool(entries(access_log, '/doc/x\n{"path":"forged"}\r\x1b')))
    assert entries(access_log, "forged") == []


def test_a_caller_that_goes_ends_its_query(logged_server: Server, access_log: Path) -> None:
    before = len(entries(access_log, "/sparql"))
    body = urlencode({"query": ENDLESS + " # nobody waits"}).encode()
    with socket.create_connection(("localhost", logged_server.port)) as connection:
        head = f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM['Content-Type']}\r\n"
        connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        assert logged_server.ask("ASK {} # while it runs")[0] == 200
    wait_until(lambda: len(entries(access_log, "/sparql")) >= before + 2)
    assert entries(access_log, "/sparql")[-1]["problem"] == "caller-gone"
    counted = requests_counted(logged_server)
    assert counted["sparql.endpoint", "gone", "false"] == 1
    assert not any(status.startswith(("4", "5")) for _, status, _ in counted)


def test_a_caller_that_goes_ends_its_query_also_if_another_request_waits(
    logged_server: Server, access_log: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = len(entries(access_log, "/sparql"))
    query = urlencode({"query": ENDLESS + " # nor for the next"})
    with socket.create_connection(("localhost", logged_server.port)) as connection:
        connection.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode() + GET + b"\r\n")
        assert logged_server.ask("ASK {} # while they wait")[0] == 200
    wait_until(lambda: len(entries(access_log, "/sparql")) >= before + 2)
    assert entries(access_log, "/sparql")[-1]["problem"] == "caller-gone"
    assert "Traceback" not in capfd.readouterr().err


def test_who_closes_its_side_while_it_takes_an_answer_is_let_go(logged_server: Server, access_log: Path) -> None:
    """Also if another request waits: an answer that was never over would keep its release open for good."""
    path = "/dumps/dataset.nq"
    before = len(entries(access_log, path))
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(60)
        connection.connect(("localhost", logged_server.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() + GET + b"\r\n")
        assert connection.recv(1, socket.MSG_PEEK)
        Event().wait(0.5)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 16):
            pass
    wait_until(lambda: len(entries(access_log, path)) > before)


def test_a_long_path_is_cut_in_the_access_log(logged_server: Server, access_log: Path) -> None:
    for length in (999, 2_000):
        logged_server.get("x" * length)
    wait_until(lambda: bool(entries(access_log, "/" + "x" * 999) and entries(access_log, f"/{'x' * 999}…")))


# --- senders who take their time --------------------------------------------------------------


@pytest.fixture(scope="module")
def impatient(settings: Settings, release: Release) -> Iterator[Server]:
    """A server that waits two seconds for a request."""
    assert release.base_iri == settings.public_base
    with serving_again(settings, release, PUBLISHER_BODY_TIMEOUT="2") as server:
        yield server


POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n"
BEGUN = {
    "body": POST % 99 + b"ASK",
    "head": b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: x\r\nX-Slow:",
    "letter": b"P",
    "preface": b"PRI * HTTP/2.0\r\n",
    "line ends": b"\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("part", BEGUN)
def test_slow_senders_hold_nobody_up_and_are_let_go(impatient: Server, part: str) -> None:
    connections = [socket.create_connection(("localhost", impatient.port)) for _ in range(100)]
    for connection in connections:
        connection.sendall(BEGUN[part])
    assert impatient.get()[0] == 200
    assert impatient.ask("ASK {}")[0] == 200
    for connection in connections:
        connection.settimeout(60)
        answer = b""
        while piece := connection.recv(1 << 16):
            answer += piece
        connection.close()
        assert answer.startswith(b"HTTP/1.1 408 ") or part != "body"


def test_a_body_that_breaks_off_is_no_query(impatient: Server) -> None:
    """RFC 9112 §8: such a request is incomplete, however well what came of it reads."""
    begun = b"SELECT ?s { ?s ?p ?o } LIMIT 1"
    with socket.create_connection(("localhost", impatient.port), timeout=60) as connection:
        connection.sendall(POST % (len(begun) + 3) + begun)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 400 ")


CHUNKED = POST.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked")
CHUNKS = b"17\r\nSELECT ?s { ?s ?p ?o } \r\n8\r\nLIMIT 10\r\n0\r\n\r\n"


def test_a_body_may_come_in_chunks(impatient: Server) -> None:
    """RFC 9112 §7.1: every recipient of HTTP/1.1 can read them."""
    with socket.create_connection(("localhost", impatient.port), timeout=60) as connection:
        connection.sendall(CHUNKED + CHUNKS)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("missing", [1, 2, 5, 7, 8, len(CHUNKS) - 30])
def test_a_body_in_chunks_that_breaks_off_is_no_query(impatient: Server, missing: int) -> None:
    """Also where what came reads like a query, as with 7 bytes missing."""
    with socket.create_connection(("localhost", impatient.port), timeout=60) as connection:
        connection.sendall(CHUNKED + CHUNKS[:-missing])
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("chunks", [b"x\r\n", b"5\r\nASK{}0", b"f" * 17 + b"\r\n"])
def test_chunks_that_cannot_be_read_are_no_query(impatient: Server, chunks: bytes) -> None:
    head, _, body = impatient.exchange(CHUNKED + chunks).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["status"] == 400


def test_fields_after_a_body_are_of_no_use_and_cost_nothing(impatient: Server) -> None:
    """RFC 9110 §6.5.1: they are not those of the header, and there may not be more of them than there."""
    begun = CHUNKED + CHUNKS[:-2]
    query = begun + b"Content-Type: text/plain\r\nHost: y\r\n\r\n" + GET + b"Connection: close\r\n\r\n"
    assert [part[:3] for part in impatient.exchange(query).split(b"HTTP/1.1 ")[1:]] == [b"200", b"200"]
    with socket.create_connection(("localhost", impatient.port), timeout=60) as connection:
        connection.sendall(begun.replace(b"LIMIT 10", b"LIMIT 11") + b"X: x\r\n" * 100_000)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 400 ")


def test_a_length_without_end_is_malformed(impatient: Server) -> None:
    with socket.create_connection(("localhost", impatient.port), timeout=60) as connection:
        head = (POST % 5).replace(b": 5\r\n", b": " + b"0" * 5_000 + b"5\r\n")
        connection.sendall(head + b"ASK{}")
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 400 ")


def test_who_sends_too_much_is_told_so(impatient: Server) -> None:
    for _ in range(3):
        reply = impatient.request("POST", "/sparql", b"#" * 5_000_000, {"Content-Type": "application/sparql-query"})
        assert reply.status == 413


def test_a_body_that_is_too_large_is_not_read_to_its_end(impatient: Server) -> None:
    with socket.create_connection(("localhost", impatient.port), timeout=60) as connection:
        connection.sendall(POST % 500_000_000 + b"#" * 1_000_000)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 413 ")


GET = b"GET /health/live HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (GET + b"X: x\r\n" * 98 + b"Connection: close\r\n\r\n", 200),
        (GET + b"X: x\r\n" * 100 + b"\r\n", 431),
        (GET + b"X: " + b"x" * 140_000 + b"\r\n\r\n", 431),
        (GET + b"X: " + b"x" * 900_000, 431),
        (b"GET /" + b"x" * 900_000, 431),
        (b"GET /" + b"x" * 65_500 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 414),
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400),
        (GET + b"X\r\n\r\n", 400),
        (GET + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}", 400),
        (GET + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ],
)
def test_what_cannot_be_read_as_a_request_is_refused(impatient: Server, sent: bytes, status: int) -> None:
    head, _, body = impatient.exchange(sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert head.count(b"HTTP/1.1 ") == 1
    if status != 200:
        assert b"content-type: application/problem+json" in head
        assert json.loads(body)["status"] == status


def test_requests_sent_at_once_are_answered_in_order(impatient: Server) -> None:
    """RFC 9112 §9.3.2: also where one is answered from memory, the next is not, and the last cannot be read."""
    kept = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"
    for _ in range(2):
        sent = kept + GET + b"\r\n" + kept + POST % 5 + b"ASK{}" + kept + GET.replace(b"live", b"none") + b"\r\n" + kept
        answers = impatient.exchange(sent + GET + b"X\r\n\r\n")
        statuses = [int(part.split()[0]) for part in answers.split(b"HTTP/1.1 ")[1:]]
        assert statuses[:7] == [200, 200, 200, 200, 200, 404, 200]
        assert statuses[7:] in ([], [400])


def test_the_same_request_gets_the_same_answer_however_it_comes(impatient: Server) -> None:
    """Made for it, from memory, known byte for byte, in pieces, twice at once, or with another behind it."""
    sent = b"GET /sparql?query=ASK%7B%7D%23same HTTP/1.1\r\nHost: x\r\nAccept: text/csv, application/xml\r\n\r\n"

    def answers(connection: socket.socket, number: int = 1) -> list[bytes]:
        found = b""
        while found.count(b"</sparql>") < number:
            found += connection.recv(1 << 16)
        return re.sub(rb"date: [^\r]*\r\n", b"", found).split(b"</sparql>")[:-1]

    with socket.create_connection(("localhost", impatient.port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(sent)
        [first] = answers(connection)
        assert first.startswith(b"HTTP/1.1 200 ")
        for _ in range(3):
            connection.sendall(sent)
            assert answers(connection) == [first]
        for cut in (1, 10, 30, 48, len(sent) - 3, len(sent) - 1):
            connection.sendall(sent[:cut])
            Event().wait(0.02)
            connection.sendall(sent[cut:])
            assert answers(connection) == [first]
        connection.sendall(sent + sent)
        assert answers(connection, 2) == [first, first]
        connection.sendall(sent + GET + b"\r\n" + sent)
        assert answers(connection, 2)[0] == first
        connection.sendall(sent)
        assert answers(connection) == [first]


def test_another_protocol_may_be_offered(impatient: Server) -> None:
    """RFC 9110 §7.8: it is not taken up, as Java's client offers HTTP/2 with its first request."""
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    for first in (GET + upgrade + b"\r\n", POST.replace(b"\r\n\r\n", b"\r\n" + upgrade + b"\r\n") % 5 + b"ASK{}"):
        with socket.create_connection(("localhost", impatient.port), timeout=60) as connection:
            for sent in (first, GET + b"\r\n"):
                connection.sendall(sent)
                response = HTTPResponse(connection)
                response.begin()
                assert response.status == 200
                response.read()


def test_a_body_is_never_read_as_a_request(impatient: Server) -> None:
    """Also where another protocol is offered, and the header comes in pieces or after other requests."""
    hidden = GET.replace(b"live", b"hidden") + b"\r\n"
    offer = POST.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n") % len(hidden)
    for pieces in ((offer[:20], offer[20:], hidden), (GET + b"\r\n" + offer, hidden), (b"\r\n" * 3 + offer, hidden)):
        with socket.create_connection(("localhost", impatient.port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answers = b""
            for piece in pieces:
                connection.sendall(piece)
                Event().wait(0.2)
            while part := connection.recv(1 << 16):
                answers += part
        assert b"HTTP/1.1 400 " in answers
        assert b"HTTP/1.1 404 " not in answers


def test_requests_sent_at_once_are_read_to_their_ends(impatient: Server) -> None:
    """However many bytes they have together; of very many, some must be sent again (RFC 9112 §9.3.2)."""
    field = b"X: " + b"x" * 60_000 + b"\r\n"
    answers = impatient.exchange((GET + field + b"\r\n") * 20 + GET + b"Connection: close\r\n\r\n")
    assert answers.count(b"HTTP/1.1 200 ") == 21
    answers = impatient.exchange((GET + b"\r\n") * 2_000)
    assert 100 <= answers.count(b"HTTP/1.1 200 ") < 2_000
    assert answers.count(b"\r\nconnection: close\r\n") == 1


def test_requests_sent_at_once_do_not_hold_very_many_bytes(impatient: Server) -> None:
    """A hundred of the longest headers would be twelve megabytes for each connection."""
    query = urlencode({"query": "SELECT (COUNT(*) AS ?n) { SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 3000000 }"})
    slow = f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    field = b"X: " + b"x" * 120_000 + b"\r\n"
    answers = impatient.exchange(slow + (GET + field + b"\r\n") * 90)
    assert 15 <= answers.count(b"HTTP/1.1 200 ") < 90
    assert answers.count(b"\r\nconnection: close\r\n") == 1


def test_a_body_that_nobody_asked_for_ends_the_connection(impatient: Server) -> None:
    """RFC 9110 §10.1.1: who expects 100 (Continue) and gets another answer may not send the body."""
    expecting = b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    nameless = POST.partition(b"Content-Length")[0].replace(b"Host: x", b"Host: a b")
    for head, status in ((nameless, b"400"), (GET, b"200")):
        answer = impatient.exchange(head + expecting)
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert b"\r\nconnection: close\r\n" in answer


@pytest.mark.parametrize("field", [b"Range: bytes=0-9", b"If-None-Match: *", b"X: x"])
def test_every_answer_has_one_date(impatient: Server, field: bytes) -> None:
    for _ in range(2):
        sent = b"GET /dumps/dataset.nq HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + field + b"\r\n\r\n"
        head = impatient.exchange(sent).partition(b"\r\n\r\n")[0]
        assert head.lower().count(b"\r\ndate: ") == 1


def test_a_kept_answer_does_not_make_up_for_a_missing_host(impatient: Server) -> None:
    without = b"GET /sparql?query=ASK%7B%7D%23host HTTP/1.0\r\n\r\n"
    assert impatient.exchange(without).startswith(b"HTTP/1.1 200 ")
    with socket.create_connection(("localhost", impatient.port), timeout=60) as connection:
        connection.sendall(without.replace(b"1.0", b"1.1"))
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 400 ")


def test_who_does_not_take_an_answer_is_let_go(impatient: Server) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(60)
        connection.connect(("localhost", impatient.port))
        connection.sendall(b"GET /dumps/dataset.nq HTTP/1.1\r\nHost: x\r\n\r\n")
        server = psutil.Process(impatient.process.pid)
        ours = connection.getsockname()[1]

        def is_open() -> bool:
            return any(one.raddr and one.raddr.port == ours for one in server.net_connections("tcp"))

        wait_until(is_open)
        wait_until(lambda: not is_open())


def test_who_takes_an_answer_slowly_gets_all_of_it(impatient: Server) -> None:
    """Longer than ``body_timeout`` in all: an answer made for the request, and the same from memory."""
    query = urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 4000"})
    head = f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nConnection: close\r\n\r\n"
    for keeping in ("", "Connection: close\r\n"):
        with socket.socket() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(60)
            connection.connect(("localhost", impatient.port))
            connection.sendall(head.replace("Connection: close\r\n", keeping).encode())
            answer = connection.recv(4096)
            length = int(re.findall(rb"content-length: (\d+)", answer)[0])
            assert length > 400_000
            body = answer.partition(b"\r\n\r\n")[2]
            while len(body) < length:
                Event().wait(0.02)
                body += connection.recv(length // 200)
            assert len(body) == length
            assert body.endswith(b"\r\n")


def test_who_does_not_take_the_end_of_an_answer_is_let_go(impatient: Server) -> None:
    """Also if what is left is little: the system does not take it, but the server could."""
    page = b"GET / HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n"
    length = len(impatient.exchange(page + b"Connection: close\r\n\r\n"))
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("localhost", impatient.port))
        ports = [f":{port:04X}" for port in (impatient.port, connection.getsockname()[1])]

        def unread() -> int | None:
            """Bytes that the system holds for us; nothing if the server has closed the connection."""
            lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
            held = (one[4] for one in lines if one[1][8:] == ports[0] and one[2][8:] == ports[1] and one[3] == "01")
            return next((int(queues.partition(":")[0], 16) for queues in held), None)

        before, now = 0, length
        while now - before > length * 3 // 4 or now < 10 * length:
            connection.sendall(page + b"\r\n")
            Event().wait(0.1)
            before, now = now, unread() or 0
        wait_until(lambda: unread() is None)


# --- another release, and the end ---------------------------------------------------------------


def test_a_new_release_is_served_without_a_failed_request(project: Path, publisher: RunCommand) -> None:
    settings = load_settings(project, port=free_port())
    port = {"PUBLISHER_PORT": str(settings.port)}
    people = project / "data/facts/note.en/people.yaml"
    with serving(settings) as server, ThreadPoolExecutor(4) as threads:
        done: list[bool] = []

        def walk(path: str) -> list[int]:
            found = []
            while not done:
                found.append(server.get(path, "text/turtle")[0])
            return found

        sparql = "sparql?" + urlencode({"query": "CONSTRUCT WHERE { ?s a ?o }"})
        walks = [threads.submit(walk, path) for path in ("doc/gardener/ada", sparql, "dumps/dataset.ttl", "about")]
        assert b"Ada Green" not in server.get("doc/gardener/ada", "text/turtle")[1]
        known = {"If-Modified-Since": server.request("GET", "/doc/gardener/ada.ttl").modified or ""}
        assert server.request("GET", "/doc/gardener/ada.ttl", headers=known).status == 304
        people.write_text(people.read_text().replace("{en: Ada}", "{en: Ada Green}"))
        assert publisher("build", "--project", project, **port).returncode == 0
        wait_until(lambda: b"Ada Green" in server.get("doc/gardener/ada", "text/turtle")[1])
        assert server.request("GET", "/doc/gardener/ada.ttl", headers=known).status == 200
        done.append(True)
        statuses = [status for walked in walks for status in walked.result()]
        assert len(statuses) > 20
        assert set(statuses) == {200}
        wait_until(lambda: len(workers_below(server.process.pid)) == settings.quick_workers)
        wait_until(lambda: sorted(numbers(server, "publisher_release_info").values()) == [0, 1])


def test_the_end_of_the_server_waits_for_running_queries_and_leaves_no_process(project: Path) -> None:
    settings = load_settings(project, port=free_port())
    with serving(settings, PUBLISHER_QUERY_TIMEOUT="60") as server, ThreadPoolExecutor(1) as threads:
        count = int(server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[1].split()[1])
        numbers = " ".join(map(str, range(5_000_000 // count**2 + 1)))
        query = f"SELECT (COUNT(*) AS ?n) {{ VALUES ?i {{ {numbers} }} ?a ?b ?c . ?d ?e ?f }}"
        running = threads.submit(server.ask, query)
        workers = workers_below(server.process.pid)
        assert workers
        Event().wait(0.3)
        server.process.send_signal(signal.SIGTERM)
        status, body = running.result()
        assert status == 200
        assert int(body.split()[1]) == count**2 * len(numbers.split())
        assert server.process.wait(60) == 0
    wait_until(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


# --- several processes, and a proxy in front -------------------------------------------------------


def test_templates_need_not_be_kept(project: Path, tmp_path: Path) -> None:
    """Where the folder for translated templates cannot be made, or is gone, pages are shown all the same."""
    kept = tmp_path / f"_jinja2-cache-{os.getuid()}"
    settings = load_settings(project, port=free_port())
    with serving(settings, TMPDIR=str(tmp_path)) as server:
        assert list(kept.iterdir())
        shutil.rmtree(kept)
        assert server.get("about", "text/html")[0] == 200
    kept.write_text("no folder")
    with serving(settings, TMPDIR=str(tmp_path)) as server:
        assert server.get("", "text/html")[0] == 200


def test_the_death_of_a_process_of_the_server_is_made_good(project: Path) -> None:
    settings = load_settings(project, port=free_port())
    with serving(settings, PUBLISHER_PROCESSES="2") as server:

        def serving_ones() -> set[psutil.Process]:
            """Those of the server's processes that have started workers."""
            return {one for one in psutil.Process(server.process.pid).children() if workers_below(one.pid)}

        wait_until(lambda: len(serving_ones()) == 2)
        first, second = serving_ones()
        first.kill()
        wait_until(lambda: len(serving_ones() - {first}) == 2)
        assert second.is_running()
        assert server.get()[0] == 200


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_hangup_costs_no_request(project: Path, processes: str) -> None:
    """Several processes are replaced, for new software; a single one has nothing to read again."""
    settings = load_settings(project, port=free_port())
    with serving(settings, PUBLISHER_PROCESSES=processes) as server:
        before = workers_below(server.process.pid)
        server.process.send_signal(signal.SIGHUP)
        for _ in range(20 if processes == "1" else 0):
            assert server.get()[0] == 200
        if processes == "2":
            wait_until(lambda: server.get()[0] == 200 and not before & workers_below(server.process.pid))
        assert server.process.poll() is None


def test_nothing_outlives_a_server_that_is_killed(project: Path) -> None:
    settings = load_settings(project, port=free_port())
    with serving(settings) as server:
        below = psutil.Process(server.process.pid).children(recursive=True)
        assert below
        server.process.kill()
        psutil.wait_procs(below, timeout=60)
        assert not any(process.is_running() for process in below)


def test_several_processes_share_the_limits_and_add_up_their_numbers(project: Path) -> None:
    settings = load_settings(project, port=free_port())
    with serving(settings, PUBLISHER_PROCESSES="2", PUBLISHER_QUICK_WORKERS="4") as server:
        wait_until(lambda: len(workers_below(server.process.pid)) == 4)
        asked = 20
        for number in range(asked):
            assert server.ask(f"SELECT ({number} AS ?n) {{}}")[0] == 200
        endpoint = ("sparql.endpoint", "200", "false")
        wait_until(lambda: requests_counted(server).get(endpoint) == asked)


def test_a_proxy_tells_who_asks_and_nobody_else_can(project: Path, tmp_path: Path) -> None:
    settings = load_settings(project, port=free_port())
    log = tmp_path / "access.log"
    forwarded = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    for field, client in (("", "127.0.0.1"), ("X-Forwarded-For", "198.51.100.7")):
        with serving(settings, PUBLISHER_PROXY_FIELD=field, PUBLISHER_ACCESS_LOG=str(log)) as server:
            assert server.request("GET", "/health/live", headers=forwarded).status == 200
            wait_until(lambda: bool(entries(log, "/health/live")))
        assert entries(log, "/health/live")[-1]["client"] == client
