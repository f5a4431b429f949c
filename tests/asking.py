"""What the tests of the endpoint share: asking it, and reading graphs with another library."""

import json
from urllib.parse import urlencode

from flask.testing import FlaskClient
from rdflib import Dataset
from werkzeug.test import TestResponse

from publisher.core.formats import Format

GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
CROSS = ". ".join(f"?a{i} ?b{i} ?c{i}" for i in range(6))
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"
"""A query that no machine comes to the end of."""
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/csv, */*;q=0.1"}
"""Header fields of a query sent as a form, whose answer is to be CSV if it is a table."""
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "jsonld": "json-ld",
    "rdfxml": "xml",
    "trig": "trig",
    "nquads": "nquads",
}


def get(client: FlaskClient, query: str, accept: str = "*/*", **parameters: str | list[str]) -> TestResponse:
    text = urlencode({"query": query, **parameters}, doseq=True)
    return client.get(f"/sparql?{text}", headers={"Accept": accept})


def select(client: FlaskClient, query: str, **parameters: str | list[str]) -> list[dict[str, str]]:
    response = get(client, query, "application/sparql-results+json", **parameters)
    assert response.status_code == 200, response.text
    return [{k: v["value"] for k, v in row.items()} for row in json.loads(response.data)["results"]["bindings"]]


def triples(body: bytes, chosen: Format) -> set[tuple[str, ...]]:
    parsed = Dataset(default_union=True)
    parsed.parse(data=body, format=RDFLIB[chosen.name])
    return {tuple(term.n3() for term in triple) for triple in parsed.triples((None, None, None))}
