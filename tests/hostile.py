"""Callers who mean harm: ``python tests/hostile.py PORT SECONDS`` runs eight of them at once.

Each has an address of its own (127.0.1.x) and repeats one kind of attack; the last goes
through all of them. Prints how often each kind ended in which status, as JSON.
"""

import json
import os
import random
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from asking import CROSS, ENDLESS, FORM

QUERIES = {
    "cross product": ENDLESS,
    "huge order": f"SELECT * {{ {CROSS} }} ORDER BY ?c1",
    "regular expression": "SELECT * { ?s ?p ?o . ?x ?y ?z FILTER(REGEX(CONCAT(STR(?o), ?z), '^(a+)+(b+)+$')) }",
    "recursive path": "SELECT * { ?s (<a:>|!<b:>)* ?o . ?o (<c:>|!<d:>)+ ?z }",
    "nesting": "SELECT * " + "{" * 20_000 + "}" * 20_000,
    "unions": "SELECT * {" + " UNION ".join(["{?s ?p ?o}"] * 100_000) + "}",
    "large body": "#" + "x" * 5_000_000 + "\nASK {}",
}
HEAD = (
    "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n"
)


def ask(port: int, address: str, query: str) -> str:
    """Asks a query that nobody has asked before."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60, source_address=(address, 0))
    try:
        connection.request("POST", "/sparql", urlencode({"query": f"{query} # {random.random()}"}), FORM)
        response = connection.getresponse()
        response.read()
        return str(response.status)
    finally:
        connection.close()


def send_slowly(port: int, address: str) -> str:
    """Sends a byte now and then and never comes to the end."""
    with socket.create_connection(("127.0.0.1", port), source_address=(address, 0)) as connection:
        connection.sendall(HEAD.format(50_000).encode())
        for _ in range(100):
            time.sleep(0.1)
            connection.sendall(b"#")
    return "sent"


def close_halfway(port: int, address: str) -> str:
    """Asks a long query, closes its half of the connection, and then all of it."""
    body = urlencode({"query": f"{QUERIES['cross product']} # {random.random()}"}).encode()
    with socket.create_connection(("127.0.0.1", port), source_address=(address, 0)) as connection:
        connection.sendall(HEAD.format(len(body)).encode() + body)
        connection.shutdown(socket.SHUT_WR)
        time.sleep(0.3)
    return "closed"


def attacks(port: int) -> dict[str, Callable[[str], str]]:
    """Name → attack, which is given the address to come from and tells how it ended."""
    asking = {name: lambda address, query=query: ask(port, address, query) for name, query in QUERIES.items()}
    return {
        **asking,
        "slow upload": lambda address: send_slowly(port, address),
        "half-closed": lambda address: close_halfway(port, address),
    }


def main(port: int, seconds: float) -> None:
    """Runs eight attackers."""
    kinds = list(attacks(port).items())
    outcomes: dict[str, Counter[str]] = {name: Counter() for name, _ in kinds}

    def attack(number: int) -> None:
        turn = number
        while True:
            name, run = kinds[turn % len(kinds)]
            try:
                outcomes[name][run(f"127.0.1.{number + 1}")] += 1
            except (OSError, HTTPException) as error:
                outcomes[name][type(error).__name__] += 1
            turn += number == 7
            time.sleep(0.01)

    for number in range(8):
        threading.Thread(target=attack, args=(number,), daemon=True).start()
    time.sleep(seconds)
    print(json.dumps(outcomes), flush=True)  # noqa: T201
    os._exit(0)  # Connections are left as they are.


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
