"""Asks an endpoint over a connection that is kept open.

With libcurl: to read the headers in Python takes as long as the quickest answers.
"""

import time
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlencode

import pycurl

from .engines import Endpoint

_ACCEPT = {True: "application/n-triples", False: "application/sparql-results+json"}


@dataclass(frozen=True)
class Query:
    """One of the measured queries.

    Args:
        name: what the tables call it.
        text: SPARQL 1.1.
    """

    name: str
    text: str

    @property
    def describes(self) -> bool:
        """Whether each engine decides what belongs to the answer (SPARQL 1.1 §16.4)."""
        return self.text.lstrip().startswith("DESCRIBE")

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is a graph."""
        return self.describes or "CONSTRUCT" in self.text


class Failure(Exception):
    """A request that brought no answer: an error of the engine, or none in time."""


class Client:
    """One connection to an endpoint.

    Args:
        endpoint: whom to ask.
        patience: seconds to wait for an answer.
    """

    def __init__(self, endpoint: Endpoint, patience: int) -> None:
        self._endpoint = endpoint
        self._curl = pycurl.Curl()
        self._curl.setopt(pycurl.TIMEOUT, patience)

    def ask(self, query: Query, mark: str = "") -> tuple[bytes, float]:
        """The answer and the seconds to its last byte.

        Args:
            query: what is asked.
            mark: put into a comment at the end, so that no cache has seen the request.

        Raises:
            Failure: there is no answer with status 200.
        """
        text = (self._endpoint.describing if query.describes else "") + query.text + (f"# {mark}\n" if mark else "")
        body = BytesIO()
        self._curl.setopt(
            pycurl.URL, f"{self._endpoint.address}?{urlencode({**self._endpoint.parameters, 'query': text})}"
        )
        accepted = _ACCEPT[query.gives_graph]
        self._curl.setopt(pycurl.HTTPHEADER, [f"Accept: {accepted}"])
        self._curl.setopt(pycurl.WRITEDATA, body)
        start = time.perf_counter()
        try:
            self._curl.perform()
        except pycurl.error as error:
            raise Failure(self._curl.errstr()) from error
        seconds = time.perf_counter() - start
        status, kind = self._curl.getinfo(pycurl.RESPONSE_CODE), self._curl.getinfo(pycurl.CONTENT_TYPE)
        if status != 200:
            raise Failure(f"status {status}: {body.getvalue()[:200].decode(errors='replace')}")
        if not str(kind).startswith(accepted):
            raise Failure(f"it is labelled {kind}, though {accepted} was asked for")
        return body.getvalue(), seconds

    def close(self) -> None:
        """Ends the connection."""
        self._curl.close()
