"""A server whose data are those of the suites, and how a case is put to it.

The release has a named graph for each file, under the file's address. A case says with the
protocol's ``default-graph-uri`` and ``named-graph-uri`` which of them make up its dataset.
"""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat
from rdflib import Graph
from serving import Reply, Server

from publisher.build.dataset import write_store
from publisher.build.dumps import STEM
from publisher.build.fingerprint import fingerprint
from publisher.build.release import new_release, publish
from publisher.core.formats import BY_SUFFIX
from publisher.core.release import STORE
from publisher.core.settings import Settings
from publisher.web.operation import QUERY_TYPE
from w3c.results import TABLES, Likeness, compare, read, shown
from w3c.suite import Case, Files

DATA = (".ttl", ".rdf", ".n3")
NOTHING = "urn:no-such-graph"
"""An unknown graph is an empty one."""


def publish_data(files: Files, settings: Settings) -> None:
    """Makes the data of the suites the current release of a project that has no files of its own.

    Blank nodes get new names in each file, so that no two graphs share one.
    """
    quads = []
    for address, content in files.items():
        if address.endswith(DATA) and "manifest" not in address:
            syntax = RdfFormat.from_extension(address.rpartition(".")[2])
            parsed = pyoxigraph.parse(content, format=syntax, base_iri=address, rename_blank_nodes=True)
            quads += [Quad(quad.subject, quad.predicate, quad.object, NamedNode(address)) for quad in parsed]
    with new_release(settings.releases_folder) as folder:
        pyoxigraph.serialize(quads, folder / f"{STEM}.nq", format=RdfFormat.N_QUADS)
        triples = {quad.triple for quad in quads}
        pyoxigraph.serialize(triples, folder / f"{STEM}.nt", format=RdfFormat.N_TRIPLES)
        write_store(folder, folder / STORE)
        (folder / "context.jsonld").write_text('{"@context": {}}', encoding="utf-8")
        counts = {"triples": len(triples), "inferred": 0, "entities": 0, "quotes": 0}
        publish(folder, {"base_iri": settings.public_base, "inputs": fingerprint(settings), "counts": counts})


@dataclass(frozen=True)
class Endpoint:
    """The SPARQL endpoint of a running server."""

    server: Server

    def query(self, text: bytes, accept: str = "*/*", data: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> Reply:
        """A query by POST, over the dataset of the graphs that are given."""
        parameters = urlencode({"default-graph-uri": data, "named-graph-uri": named}, doseq=True)
        return self.server.request(
            "POST", f"/sparql?{parameters}", text, {"Content-Type": QUERY_TYPE, "Accept": accept}
        )


def outcome(endpoint: Endpoint, files: Files, case: Case) -> tuple[str, str]:
    """Runs a case.

    Returns:
        ``right``; for a query that should have been answered and was not, or the other way
        round, the HTTP status; else how far the answer is from the right one. Then the particulars.
    """
    if case.kind.startswith("Negative"):
        reply = endpoint.query(files[case.query], data=(NOTHING,))
        return Likeness.SAME if reply.status == HTTPStatus.BAD_REQUEST else str(reply.status), str(reply)
    if case.kind.startswith("Positive"):
        reply = endpoint.query(files[case.query], data=(NOTHING,))
        return Likeness.SAME if reply.status == HTTPStatus.OK else str(reply.status), str(reply)
    return _evaluated(endpoint, files, case)


def _evaluated(endpoint: Endpoint, files: Files, case: Case) -> tuple[str, str]:
    suffix = case.result.rpartition(".")[2]
    asked = suffix
    if suffix not in TABLES:
        asked = "nt" if isinstance(read(files[case.result], suffix, case.result), Graph) else "srj"
    text = files[case.query]
    data = case.data if case.data or case.named or b"FROM" in text else (NOTHING,)
    wanted = BY_SUFFIX[asked].media_type
    reply = endpoint.query(f"BASE <{case.query}>\n".encode() + text, wanted, data, case.named)
    if (reply.status, reply.media_type) != (HTTPStatus.OK, wanted):
        return str(reply.status), str(reply)
    given, expected = read(reply.body, asked), read(files[case.result], suffix, case.result)
    return compare(given, expected, lax=case.lax), f"given: {shown(given)}\nexpected: {shown(expected)}"
