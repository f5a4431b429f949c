"""The engine's odd answers are those that the table says: one that is mended has to leave it."""

import csv
import io
from http import HTTPStatus

import pytest

from publisher.web.odd_answers import Allowed, Wrong, allowed, wrong
from w3c.endpoint import Endpoint
from w3c.suite import TESTS_10

PREFIXES = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX : <http://example/>\n"
ONE = f"<{TESTS_10}data-r2/dataset/data-g1.ttl>"


@pytest.mark.parametrize("entry", [*wrong(), *allowed()], ids=lambda entry: entry.query)
def test_the_answer(endpoint: Endpoint, entry: Wrong | Allowed) -> None:
    reply = endpoint.query((PREFIXES + entry.query.replace("<one>", ONE)).encode(), "text/csv")
    if entry.gives == "refused":
        assert reply.status == HTTPStatus.BAD_REQUEST
        return
    assert reply.status == HTTPStatus.OK
    rows = list(csv.reader(io.StringIO(reply.body.decode())))[1:]
    given = [",".join(cell or "unbound" for cell in row) or "unbound" for row in rows]
    assert "\n".join(given or ["no solution"]) == entry.gives
