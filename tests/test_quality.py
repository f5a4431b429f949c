"""The quality page and its data: what was checked, the numbers, and the line behind each result."""

from collections import defaultdict
from urllib.parse import urlsplit

import pytest
from conftest import ROOT
from flask.testing import FlaskClient
from pyoxigraph import QuerySolutions, Store
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import RDF, RDFS, SH, Namespace
from ruamel.yaml import YAML
from test_entities import BROWSER, PARSERS, Text

from publisher.core.formats import RDF_FORMATS, Format
from publisher.core.release import Release

DQV = Namespace("http://www.w3.org/ns/dqv#")
HTML = {"Accept": BROWSER, "Accept-Language": "en"}


def quality(client: FlaskClient) -> Graph:
    return Graph().parse(data=client.get("/quality.nt").data, format="nt")


def shown(client: FlaskClient) -> str:
    page = Text()
    page.feed(client.get("/quality", headers=HTML).text)
    return " ".join(" ".join(page.parts).split())


def number(graph: Graph, metric: str, *about: URIRef) -> str:
    for measurement in graph.subjects(DQV.isMeasurementOf, None):
        named = str(graph.value(measurement, DQV.isMeasurementOf)).endswith(f"/{metric}")
        if named and set(graph.objects(measurement, DQV.computedOn)) == set(about):
            return str(graph.value(measurement, DQV.value))
    return ""


@pytest.mark.parametrize("chosen", RDF_FORMATS, ids=lambda f: f.name)
def test_the_report_is_data_in_every_format(client: FlaskClient, chosen: Format) -> None:
    """One report (SHACL §3.6.1), conforming, with as many results as the page says."""
    response = client.get("/quality", headers={"Accept": chosen.media_type})
    assert response.status_code == 200
    graph = Dataset(default_union=True)
    graph.parse(data=response.data, format=PARSERS[str(response.mimetype)])
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert str(graph.value(report, SH.conforms)) == "true"
    results = set(graph.objects(report, SH.result))
    assert results == set(graph.subjects(RDF.type, SH.ValidationResult))
    assert f"{len(results)} results to look at" in shown(client)


def test_each_result_has_the_message_of_its_rule_in_every_language(client: FlaskClient) -> None:
    graph, shapes = quality(client), Graph()
    for path in (ROOT / "shapes").glob("*.ttl"):
        shapes.parse(path)
    declared = defaultdict(set)
    for rule, message in shapes.subject_objects(SH.message):
        declared[str(rule).rpartition("/")[2]].add(message)
    results = list(graph.subjects(RDF.type, SH.ValidationResult))
    assert results
    for result in results:
        broken = graph.value(result, SH.sourceConstraint) or graph.value(result, SH.sourceShape)
        messages = set(graph.objects(result, SH.resultMessage))
        assert messages == declared[str(broken).rpartition("/")[2]]
        assert {getattr(message, "language", "") for message in messages} == {"en", "fr", "es"}


def test_each_result_leads_to_the_line_that_is_at_fault(client: FlaskClient) -> None:
    """The page links to the published copy of the fact file; that line names the focus node or the property."""
    graph = quality(client)
    results = list(graph.subjects(RDF.type, SH.ValidationResult))
    assert results
    page = client.get("/quality", headers=HTML).text
    for result in results:
        place = urlsplit(str(graph.value(result, RDFS.seeAlso)))
        line = int(place.fragment.removeprefix("L"))
        path = place.path.removeprefix("/files/")
        assert f'href="{place.path}#L{line}"' in page
        assert f"{path}:{line}" in page
        said = (ROOT / path).read_text(encoding="utf-8").splitlines()[line - 1]
        iris = [str(graph.value(result, part)) for part in (SH.focusNode, SH.resultPath)]
        words = {iri.rsplit("/ontology#")[-1].rsplit("/id/")[-1] for iri in iris}
        assert any(word in said for word in words)
        assert f'id="L{line}"' in client.get(place.path, headers=HTML).text


def test_each_shape_says_how_many_nodes_it_checked(client: FlaskClient, release: Release) -> None:
    """The numbers are those of the dataset, counted here by a query of its own."""
    graph = quality(client)
    store = Store.read_only(str(release.folder / "store"))
    shape = URIRef(f"{release.base_iri}id/shape/partnership")
    solutions = store.query(
        f"SELECT DISTINCT ?x {{ ?x a <{release.base_iri}ontology#Partnership> }}", use_default_graph_as_union=True
    )
    assert isinstance(solutions, QuerySolutions)
    count = len(list(solutions))
    assert number(graph, "nodes-checked", shape) == str(count)
    rule = URIRef(f"{release.base_iri}id/shape/partnership-partners")
    failed = {graph.value(r, SH.focusNode) for r in graph.subjects(SH.sourceShape, rule)}
    assert number(graph, "nodes-failed", shape, rule) == str(len(failed)) != "0"
    assert f"two partners At least two values. remark {count} {count - len(failed)} {len(failed)}" in shown(client)


def test_coverage_and_reasoner_are_told(client: FlaskClient, release: Release) -> None:
    graph = quality(client)
    ((source, share),) = release.manifest["coverage"].items()
    assert float(number(graph, "quote-coverage", URIRef(f"{release.base_iri}id/source/{source}"))) == share
    assert f"{share:.1%}".replace(".0%", "%") in shown(client)
    assert str(graph.value(_measured(graph, "consistency"), DQV.value)) == "true"
    assert "OWL 2 DL reasoner (HermiT) consistent" in shown(client)


def test_what_the_document_claims_stands_beside_what_it_names(client: FlaskClient) -> None:
    """Counted here from the facts as they were written, not by the project's query."""
    nodes = YAML(typ="safe").load(ROOT / "data" / "facts" / "idm-2018-1.fr" / "participations.yaml")["@graph"]
    roles = {"participation-role/speaker", "participation-role/moderator"}
    named = {
        node["participant"]
        for node in nodes
        if node["participant"].startswith("person/") and node["participationRole"] in roles
    }
    assert len(named) > 40
    said = shown(client)
    assert f"The round tables brought together 47 speakers and moderators. {len(named)} –" in said
    assert "What a document claims, and what the data shows" in said


def test_of_whom_the_text_does_not_say_it_is_told(client: FlaskClient) -> None:
    """Nobody counts as a woman or as none without a word that shows it."""
    folder = ROOT / "data" / "facts" / "idm-2018-1.fr"
    people, parts = (YAML(typ="safe").load(folder / f"{name}.yaml")["@graph"] for name in ("people", "participations"))
    gender = {node["id"]: node.get("gender") for node in people}
    speakers = {
        node["participant"]
        for node in parts
        if node["participant"].startswith("person/") and node["participationRole"] == "participation-role/speaker"
    }
    women = sum(gender[one] == "female" for one in speakers)
    unknown = sum(gender[one] is None for one in speakers)
    assert women and unknown
    assert f"The speakers included sixteen women. {women} {unknown}" in shown(client)


def test_what_no_fact_quotes_is_listed(client: FlaskClient, release: Release) -> None:
    ((_, share),) = release.manifest["coverage"].items()
    assert share >= 0.95
    assert "pour une bonne gouvernance mondiale des migrations Résumé des conclusions" in shown(client)


def _measured(graph: Graph, metric: str) -> URIRef:
    (node,) = (m for m, of in graph.subject_objects(DQV.isMeasurementOf) if str(of).endswith(f"/{metric}"))
    assert isinstance(node, URIRef)
    return node


def test_every_rule_is_on_the_page_in_words(client: FlaskClient, release: Release) -> None:
    page = client.get("/quality", headers=HTML).text.replace("/doc/shape/", "/id/shape/")
    measured = {str(node) for node in quality(client).objects(None, DQV.computedOn) if "/id/shape/" in str(node)}
    assert len(measured) > 100
    for iri in measured:
        path, name = iri.removeprefix(release.base_iri), iri.rpartition("/")[2]
        assert f'href="/{path}"' in page or f'id="{name}"' in page


@pytest.mark.parametrize("path", ["/files/data/nothing.yaml", "/files/../pyproject.toml", "/files/pyproject.toml"])
def test_only_input_files_are_shown(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=HTML).status_code == 404
