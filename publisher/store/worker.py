"""The process that answers public queries: started by ``workers``, ended at the deadline.

It speaks with its parent over the socket that is its standard input: first a
``WorkerSettings``, then one ``QueryTask`` after the other; each gets the whole answer, or
the error that the parent is to raise, and with it the seconds of a processor that the
process has taken since its start; so does, without an answer, the moment when it is ready.
When the parent is gone, reading ends and so does the process; a query that runs then is
ended by its own alarm.
"""

import os
import re
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from msgspec import Struct
from pyoxigraph import NamedNode, Store

from publisher.core.errors import PublisherError
from publisher.core.formats import BY_NAME
from publisher.core.request_errors import QueryLost, QueryUnsupported, ResultTooLarge
from publisher.store import serialise
from publisher.store.census import with_known_count
from publisher.store.confine import forbid_network, limit_memory
from publisher.store.protocol import Answer, QueryTask

_UNSUPPORTED = re.compile(r"The custom function (<.*>) is not supported", re.DOTALL)


class WorkerSettings(Struct, frozen=True):
    """What a worker needs to know.

    Args:
        store: the folder of the store.
        base_iri: resolves relative IRIs in queries.
        prefixes: prefix → namespace IRI, for answers.
        triples: the number of triples in the default graph, if it is known.
        timeout: seconds a query may take.
        memory: MiB it may take.
        result_bytes: the largest answer, in bytes.
        result_rows: the longest answer, in rows or triples.
    """

    store: Path
    base_iri: str
    prefixes: dict[str, str]
    triples: int | None
    timeout: float
    memory: int
    result_bytes: int
    result_rows: int


def main() -> None:
    """Answers tasks until the parent closes the connection."""
    connection: Connection[Any, Any] = Connection(os.dup(0))
    settings: WorkerSettings = connection.recv()
    store = Store.read_only(str(settings.store))
    # The engine's last words at the limit of memory would fill the server's log: the parent tells of it better.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    limit_memory(settings.memory)
    forbid_network()
    try:
        connection.send((None, time.process_time()))
        while True:
            task: QueryTask = connection.recv()
            connection.send((respond(store, task, settings), time.process_time()))
    except (EOFError, OSError):
        return


def respond(store: Store, task: QueryTask, settings: WorkerSettings) -> Answer | PublisherError:
    """The whole answer, or the error to raise; SIGALRM ends the process at the deadline."""
    signal.setitimer(signal.ITIMER_REAL, settings.timeout)
    try:
        answer = evaluate(store, task, settings)
    except PublisherError as error:
        return error
    except SyntaxError as error:
        from publisher.store import syntax  # Its tables take long to make, and most workers never need them.

        return syntax.explain(task.query, str(error))
    except MemoryError:
        return ResultTooLarge("It took more memory than {limit} MiB.", limit=settings.memory)
    except (OSError, ValueError, RuntimeError) as error:
        if match := _UNSUPPORTED.fullmatch(str(error)):
            return QueryUnsupported(
                "There is no function {name} here.", hint="SPARQL 1.1 §17.4 lists those that are.", name=match[1]
            )
        return QueryLost("The engine says: {message}", message=str(error))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    size, rows, most, most_rows = len(answer.body), answer.rows, settings.result_bytes, settings.result_rows
    if size > most:
        return ResultTooLarge(
            "It has {size} bytes; the limit is {limit}.", hint="Ask for less with LIMIT.", size=size, limit=most
        )
    if rows > most_rows:
        return ResultTooLarge(
            "It has {size} rows; the limit is {limit}.", hint="Ask for less with LIMIT.", size=rows, limit=most_rows
        )
    return answer


def evaluate(store: Store, task: QueryTask, settings: WorkerSettings) -> Answer:
    """Runs a query over the dataset that the protocol, the query or the release says.

    SPARQL 1.1 Protocol §2.1.4: graphs named in the request come before ``FROM``.
    """
    query = task.query
    options: dict[str, Any] = {}
    if task.default_graphs or task.named_graphs:
        options["default_graph"] = [NamedNode(name) for name in task.default_graphs]
        options["named_graphs"] = [NamedNode(name) for name in task.named_graphs]
    else:
        query = with_known_count(query, settings.triples)
    results = store.query(query, base_iri=settings.base_iri, **options)
    return serialise.answer(results, BY_NAME[task.format], settings.prefixes)


if __name__ == "__main__":
    main()
