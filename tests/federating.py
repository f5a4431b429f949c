"""Serves the small project at a public address that only this process and its children have.

Run within a network of its own (``unshare --net``), as there is no other way to have an endpoint at a
public address. Reads queries from standard input, a JSON list, and writes what came back into a file, as JSON.
"""

import json
import subprocess
import sys
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

from asking import FORM
from serving import serving

from publisher.core.settings import load_settings

ADDRESS = "11.22.33.44"
PORT, ODD_PORT = 8000, 8001
ENDPOINT = f"http://{ADDRESS}:{PORT}/sparql"
ODD = f"http://{ADDRESS}:{ODD_PORT}"
LOOPBACK = f"http://127.0.0.1:{PORT}/sparql"
BY_NAME = f"http://localhost:{PORT}/sparql"
SILENT_PORT = f"http://{ADDRESS}:9/sparql"
ODDITIES = {name: f"{ODD}/{name}" for name in ("redirects", "drips", "floods", "chats", "asks")}
ALLOWED = (ENDPOINT, LOOPBACK, BY_NAME, SILENT_PORT, "http://nobody.invalid/sparql", *ODDITIES.values())
REPLIES = "replies.json"
TIMEOUT, MOST = 3, 100_000
"""Seconds and bytes that the server gives to a query and its answer."""


class Odd(BaseHTTPRequestHandler):
    """An endpoint that does what endpoints should not do."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        getattr(self, self.path.strip("/"))()

    def redirects(self) -> None:
        self.send_response(302)
        self.send_header("Location", LOOPBACK)
        self.end_headers()

    def drips(self) -> None:
        self._start()
        while True:
            self.wfile.write(b" ")
            time.sleep(0.2)

    def floods(self) -> None:
        self._start()
        while True:
            self.wfile.write(b" " * MOST)

    def chats(self) -> None:
        self._start()
        self.wfile.write(b"<p>Hello</p>")

    def asks(self) -> None:
        self._start()
        self.wfile.write(b'{"head": {}, "boolean": true}')

    def _start(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...

    def handle(self) -> None:
        with suppress(OSError):  # The caller had enough.
            super().handle()


def main(project: Path, folder: Path) -> None:
    for command in ("ip link set lo up", f"ip address add {ADDRESS}/32 dev lo"):
        subprocess.run(command.split(), check=True)
    odd = ThreadingHTTPServer((ADDRESS, ODD_PORT), Odd)
    odd.daemon_threads = True
    Thread(target=odd.serve_forever, daemon=True).start()
    settings = load_settings(project, port=PORT, releases=folder)
    limits = {"PUBLISHER_QUERY_TIMEOUT": str(TIMEOUT), "PUBLISHER_RESULT_BYTES": str(MOST)}
    allowed = {"PUBLISHER_SERVICES": json.dumps(ALLOWED), "PUBLISHER_HOST": "0.0.0.0"}
    with serving(settings, **limits, **allowed) as server:
        replies = [
            server.request("POST", "/sparql", urlencode({"query": query}).encode(), FORM) if query
            else server.request("GET", "/sparql", headers={"Accept": "text/turtle"})
            for query in json.load(sys.stdin)
        ]  # fmt: skip
    told = [(reply.status, reply.media_type, reply.body.decode()) for reply in replies]
    (folder / REPLIES).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
