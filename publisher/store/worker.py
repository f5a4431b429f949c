"""The process that answers public queries: started by ``workers``, ended at the deadline.

It speaks with its parent over the socket that is its standard input: first a
``WorkerSettings``, then one ``QueryTask`` after the other; each gets the whole answer, or
the error that the parent is to raise. When the parent is gone, reading ends and so does
the process; a query that runs then is ended by its own alarm.
"""

import os
import re
import resource
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Store

from publisher.core.errors import BadQuery, PublisherError, QueryLost, ResultTooLarge
from publisher.core.formats import BY_NAME
from publisher.store import serialise
from publisher.store.guard import bad_query_at, names_dataset
from publisher.store.protocol import QueryTask

_MEBIBYTE = 1 << 20
_SIZES = Path("/proc/self/statm")
_POSITION = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)


@dataclass(frozen=True)
class WorkerSettings:
    """What a worker needs to know.

    Args:
        store: the folder of the store.
        base_iri: resolves relative IRIs in queries.
        prefixes: prefix → namespace IRI, for answers.
        timeout: seconds a query may take.
        memory: MiB it may take.
        result_bytes: the largest answer.
    """

    store: Path
    base_iri: str
    prefixes: dict[str, str]
    timeout: float
    memory: int
    result_bytes: int


def main() -> None:
    """Answers tasks until the parent closes the connection."""
    connection: Connection[Any, Any] = Connection(os.dup(0))
    settings: WorkerSettings = connection.recv()
    store = Store.read_only(str(settings.store))
    limit_memory(settings.memory)
    limit_descriptors()
    try:
        while True:
            task: QueryTask = connection.recv()
            connection.send(respond(store, task, settings))
    except (EOFError, OSError):
        return


def respond(store: Store, task: QueryTask, settings: WorkerSettings) -> bytes | PublisherError:
    """The whole answer, or the error to raise; SIGALRM ends the process at the deadline."""
    signal.setitimer(signal.ITIMER_REAL, settings.timeout)
    try:
        body = evaluate(store, task, settings)
    except PublisherError as error:
        return error
    except SyntaxError as error:
        return _syntax_error(task.query, str(error))
    except MemoryError:
        return ResultTooLarge(f"It took more memory than {settings.memory} MiB.")
    except (OSError, ValueError, RuntimeError) as error:
        return QueryLost(str(error))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if len(body) > settings.result_bytes:
        return ResultTooLarge(
            f"It has {len(body)} bytes; the limit is {settings.result_bytes}.", hint="Ask for less with LIMIT."
        )
    return body


def evaluate(store: Store, task: QueryTask, settings: WorkerSettings) -> bytes:
    """Runs a query over the dataset that the protocol, the query or the release says.

    SPARQL 1.1 Protocol §2.1.4: graphs named in the request come before ``FROM``.
    """
    options: dict[str, Any] = {}
    if task.default_graphs or task.named_graphs:
        options["default_graph"] = [NamedNode(name) for name in task.default_graphs]
        options["named_graphs"] = [NamedNode(name) for name in task.named_graphs]
    elif not names_dataset(task.query):
        options["use_default_graph_as_union"] = True
    results = store.query(task.query, base_iri=settings.base_iri, **options)
    return serialise.answer(results, BY_NAME[task.format], settings.prefixes)


def _syntax_error(query: str, message: str) -> BadQuery:
    """The engine's message, with its place and the words it expected."""
    match = _POSITION.match(message)
    if match is None:
        return BadQuery(message)
    line, column = int(match[1]), int(match[2])
    lines = query.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    expected = re.findall(r"\b[A-Z]{2,}\b", re.sub(r"\[[^\]]*\]", "", match[3]))
    hint = f"The engine would have taken: {', '.join(expected)}." if expected else "Look at what stands just before."
    return bad_query_at(line, column, shown, hint)


def limit_memory(mebibytes: int) -> None:
    """Lets the process grow by so much from now on, and leave no core dump."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if size := _address_space():
        resource.setrlimit(resource.RLIMIT_AS, (size + mebibytes * _MEBIBYTE,) * 2)


def limit_descriptors() -> None:
    """Leaves no file descriptor free: no socket and no file can be opened any more.

    The second defence against ``SERVICE``, should a query slip past the guard.
    """
    highest = max(int(entry.name) for entry in Path("/dev/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1,) * 2)
    try:
        while True:
            os.dup(0)
    except OSError:
        pass


def _address_space() -> int:
    """The size of the process as ``RLIMIT_AS`` counts it, in bytes; 0 where the system does not tell."""
    if not _SIZES.exists():
        return 0
    return int(_SIZES.read_text(encoding="ascii").split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    main()
