"""The suites' cases: each comes out right, or as the table of known failures says."""

from http import HTTPStatus
from urllib.parse import urlencode

import pytest

from w3c.endpoint import Endpoint, outcome
from w3c.known import BY_CASE
from w3c.results import Likeness
from w3c.suite import LEFT_OUT, MANIFESTS, Files, cases, included, short


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda address: address.split("/")[-2])
def test_cases(subtests: pytest.Subtests, files: Files, endpoint: Endpoint, manifest: str) -> None:
    for case in cases(files, manifest):
        with subtests.test(case.name):
            known = BY_CASE.get(case.name)
            given, particulars = outcome(endpoint, files, case)
            assert given == (known.gives if known else Likeness.SAME), particulars


def test_every_manifest_is_run_or_left_out_for_a_reason(files: Files) -> None:
    assert {*MANIFESTS, *LEFT_OUT} == included(files)


def test_every_known_failure_is_a_case(files: Files) -> None:
    assert set(BY_CASE) <= {case.name for manifest in MANIFESTS for case in cases(files, manifest)}


def test_every_update_is_refused(subtests: pytest.Subtests, files: Files, endpoint: Endpoint) -> None:
    """As a query, as the update operation by form and as the update operation (SPARQL 1.1 Protocol §2.2)."""
    updates = {address: text for address, text in files.items() if address.endswith(".ru")}
    assert len(updates) > 100
    form, direct = "application/x-www-form-urlencoded", "application/sparql-update"
    for address, text in updates.items():
        with subtests.test(short(address)):
            assert endpoint.query(text).status in (HTTPStatus.FORBIDDEN, HTTPStatus.BAD_REQUEST)
            body = urlencode({"update": text}).encode()
            for media_type, content in ((form, body), (direct, text)):
                reply = endpoint.server.request("POST", "/sparql", content, {"Content-Type": media_type})
                assert reply.status == HTTPStatus.FORBIDDEN
