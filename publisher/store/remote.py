"""The same protocol over any SPARQL 1.1 service, for data that outgrows one machine.

The service is trusted to be read-only and to answer from the union of its graphs. Queries
are sent by POST, answers are asked for in one format each and written by our own
serialiser, so the site answers alike whichever product stands behind it.
"""

import math
import time
from http.client import HTTPException, HTTPResponse
from typing import cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)
from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from publisher.core.formats import BY_NAME
from publisher.core.release import Release
from publisher.core.request_errors import BadQuery, QueryLost, QueryTimeout, ResultTooLarge
from publisher.core.settings import Settings
from publisher.store import library, serialise
from publisher.store.body import read_whole
from publisher.store.embedded import rows
from publisher.store.guard import QueryForm, inspect
from publisher.store.protocol import ANYONE, WHOLE, Answer, Binding, Caller, QueryTask, Row, Window


class _Service:
    """The service behind the site."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def ask(self, query: str, form: QueryForm, **parameters: tuple[str, ...]) -> bytes:
        """The whole answer: JSON results, or N-Triples.

        Raises:
            BadQuery, QueryTimeout, ResultTooLarge, QueryLost: see ``protocol.Pool.run``.
        """
        deadline = time.monotonic() + self._settings.query_timeout
        wrapper = SPARQLWrapper(self._settings.store)
        wrapper.setOnlyConneg(True)
        wrapper.setMethod(POST)
        wrapper.setTimeout(math.ceil(self._settings.query_timeout))  # It cuts fractions off, and 0 is none.
        wrapper.addCustomHttpHeader("Accept", _accepted(form))
        wrapper.setQuery(query)
        wrapper.queryType = form.value  # Its own guess is by regular expression and may take a query for an update.
        for name, values in parameters.items():
            for value in values:
                wrapper.addParameter(name.replace("_", "-"), value)
        try:
            return self._read(wrapper.query().response, deadline)
        except TimeoutError:
            raise self._timeout() from None
        except QueryBadFormed as error:
            raise BadQuery(
                "The service behind this site did not understand the query.", hint="It says: {message}", message=error
            ) from None
        except (SPARQLWrapperException, HTTPException, OSError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError) or getattr(error, "code", None) in (504, 408):
                raise self._timeout() from None
            raise QueryLost("The service behind this site gave no answer.", where=self._settings.store) from error

    def _timeout(self) -> QueryTimeout:
        return QueryTimeout(
            "It ran longer than {limit:g} seconds.", hint="Narrow it down.", limit=self._settings.query_timeout
        )

    def _read(self, response: HTTPResponse, deadline: float) -> bytes:
        most = self._settings.result_bytes
        too_large = ResultTooLarge("It is over {limit} bytes.", hint="Ask for less.", limit=most)
        with response:
            return read_whole(response, most, deadline, too_large)


def _accepted(form: QueryForm) -> str:
    return BY_NAME["ntriples" if form.gives_graph else "json"].media_type


def _results(answer: bytes) -> QuerySolutions | QueryBoolean:
    return parse_query_results(answer, format=QueryResultsFormat.JSON)


def _triples(answer: bytes) -> list[Triple]:
    return [quad.triple for quad in parse(answer, format=RdfFormat.N_TRIPLES)]


class RemoteStore:
    """Answers the site's own queries from a service.

    Args:
        settings: ``store`` has the service's address.
    """

    def __init__(self, settings: Settings) -> None:
        self._service = _Service(settings)

    def select(self, name: str, window: Window = WHOLE, /, **bindings: Binding) -> list[Row]:
        """See ``protocol.Store.select``."""
        return rows(cast(QuerySolutions, _results(self._ask(name, QueryForm.SELECT, bindings, window))))

    def construct(self, name: str, **bindings: Binding) -> list[Triple]:
        """See ``protocol.Store.construct``."""
        return sorted(set(_triples(self._ask(name, QueryForm.CONSTRUCT, bindings))), key=str)

    def _ask(self, name: str, form: QueryForm, bindings: dict[str, Binding], window: Window = WHOLE) -> bytes:
        return self._service.ask(library.bound(name, bindings, window), form)


class RemotePool:
    """Answers the public's queries by handing them on, within the same limits.

    Args:
        settings: the limits; ``store`` has the service's address.
        release: gives the prefixes of answers.
    """

    def __init__(self, settings: Settings, release: Release) -> None:
        self._settings = settings
        self._service = _Service(settings)
        self._prefixes = release.prefixes

    def run(self, task: QueryTask, caller: Caller = ANYONE) -> Answer:
        """See ``protocol.Pool.run``."""
        form, chosen = inspect(task.query, self._settings), BY_NAME[task.format]
        answer = self._service.ask(
            task.query, form, default_graph_uri=task.default_graphs, named_graph_uri=task.named_graphs
        )
        results = _triples(answer) if form.gives_graph else _results(answer)
        return serialise.answer(results, chosen, self._prefixes)

    @property
    def is_ready(self) -> bool:
        """The service is looked after elsewhere."""
        return True

    def close(self) -> None:
        """Nothing was started."""
