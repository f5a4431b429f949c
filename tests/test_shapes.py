"""The project's shapes: a good example conforms, and each mistake is caught by the intended rule."""

import pyshacl
import pytest
from conftest import ROOT
from rdflib import Graph
from rdflib.namespace import SH

BASE = "https://mgo.example/id/"
PREFIXES = """
@base <https://mgo.example/id/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix mgo: <https://mgo.example/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
GOOD = """
<source/a> a mgo:SourceDocument ; dcterms:title "A"@fr ; dcterms:language "fr" ;
    mgo:normalizedText "Ada parle." ;
    mgo:sha256 "0000000000000000000000000000000000000000000000000000000000000000" .
<quote/a/0-3> a mgo:Quote ; oa:hasSource <source/a> ; oa:hasSelector <quote/a/0-3#text> , <quote/a/0-3#position> .
<quote/a/0-3#text> a oa:TextQuoteSelector ; oa:exact "Ada" .
<quote/a/0-3#position> a oa:TextPositionSelector ;
    oa:start "0"^^xsd:nonNegativeInteger ; oa:end "3"^^xsd:nonNegativeInteger .
<person/ada> a foaf:Person ; skos:prefLabel "Ada"@fr , "Ada"@en , "Ada"@es ; mgo:labelSource <label-source/text> ;
    mgo:printedName "Ada"@fr ; foaf:gender "female" ; mgo:evidencedBy <quote/a/0-3> .
<organization/guild> a org:FormalOrganization , org:Organization ;
    skos:prefLabel "guilde"@fr , "guild"@en , "gremio"@es ;
    mgo:labelSource <label-source/editors> ; org:classification <actor-kind/ngo-or-network> ;
    mgo:printedName "guilde"@fr ; mgo:evidencedBy <quote/a/0-3> .
<event/talk> a mgo:Event ; skos:prefLabel "causerie"@fr , "talk"@en , "charla"@es ;
    mgo:labelSource <label-source/editors> ; mgo:eventKind <event-kind/session> ;
    mgo:startDate "2018-03-26"^^xsd:date ; mgo:endDate "2018-03-27"^^xsd:date ; mgo:evidencedBy <quote/a/0-3> .
<partnership/both> a mgo:Partnership ; skos:prefLabel "entente"@fr , "accord"@en , "acuerdo"@es ;
    mgo:labelSource <label-source/editors> ; mgo:partner <person/ada> , <organization/guild> ;
    mgo:partnershipStatus <partnership-status/existing> ; mgo:partnershipKind <partnership-kind/joint-project> ;
    mgo:evidencedBy <quote/a/0-3> .
<figure/half> a mgo:ReportedFigure ; skos:prefLabel "moitié"@fr , "half"@en , "mitad"@es ;
    mgo:labelSource <label-source/editors> ; mgo:figureValue 0.5 ; mgo:printedValue "la moitié"@fr ;
    mgo:figureUnit <figure-unit/share> ; mgo:figureQualifier <figure-qualifier/exact> ;
    mgo:attributedTo <person/ada> ; mgo:evidencedBy <quote/a/0-3> .
<statement/one> a mgo:Statement ; skos:prefLabel "Ada parle."@fr , "Ada speaks."@en , "Ada habla."@es ;
    mgo:labelSource <label-source/editors> ; mgo:attributedTo <person/ada> ;
    mgo:statementKind <statement-kind/claim> ; mgo:attributionMode <attribution-mode/explicit> ;
    mgo:theme <theme/sante> ; mgo:evidencedBy <quote/a/0-3> .
"""
MISTAKES = [
    # words, replacement, the rule that is broken, its severity
    ('"Ada"@fr , "Ada"@en', '"Ada"@en', "label-french", "Violation"),
    ('"Ada"@fr , "Ada"@en', '"Ada"@fr', "label-english", "Warning"),
    ('"guild"@en , "gremio"@es', '"guild"@en', "label-spanish", "Warning"),
    ('"Ada"@fr , "Ada"@en', '"Ada"@fr , "Adèle"@fr , "Ada"@en', "label-unique", "Violation"),
    (" ; mgo:labelSource <label-source/text>", "", "label-source", "Violation"),
    ("<label-source/text>", "<theme/sante>", "label-source", "Violation"),
    (" ; mgo:evidencedBy <quote/a/0-3> .\n<organization", " .\n<organization", "evidence-quote", "Violation"),
    (
        'foaf:gender "female" ; mgo:evidencedBy <quote/a/0-3>',
        "mgo:evidencedBy <source/a>",
        "evidence-quote",
        "Violation",
    ),
    ('"female"', '"femme"', "person-gender", "Violation"),
    ("<actor-kind/ngo-or-network>", "<theme/sante>", "organization-kind", "Violation"),
    ('"2018-03-27"', '"2018-03-25"', "event-start", "Violation"),
    ('"2018-03-26"^^xsd:date', '"2018"^^xsd:gYear', "event-start", "Violation"),
    ("mgo:partner <person/ada> , <organization/guild>", "mgo:partner <person/ada>", "partnership-partners", "Info"),
    ("<partnership-status/existing>", "<partnership-kind/joint-project>", "partnership-status", "Violation"),
    ("mgo:figureValue 0.5", 'mgo:figureValue "half"', "reported-figure-value", "Violation"),
    (" ; mgo:figureQualifier <figure-qualifier/exact>", "", "reported-figure-qualifier", "Violation"),
    (
        "mgo:attributedTo <person/ada> ;\n    mgo:statementKind",
        "mgo:statementKind",
        "statement-attributed-to",
        "Violation",
    ),
    ("<theme/sante>", "<statement-kind/claim>", "statement-theme", "Violation"),
    ('oa:exact "Ada"', 'oa:exact "Ida"', "evidence-anchor", "Violation"),
    ('oa:end "3"', 'oa:end "4"', "evidence-anchor", "Violation"),
    ("oa:hasSource <source/a> ; ", "", "evidence-source", "Violation"),
    ('00000000000"', '0000000000x"', "source-document-sha256", "Violation"),
]


def folder(name: str) -> Graph:
    graph = Graph()
    for path in sorted((ROOT / name).glob("*.ttl")):
        graph.parse(path)
    return graph


SHAPES, SCHEMES, ONTOLOGY = folder("shapes"), folder("data/schemes"), folder("ontology")


def results(turtle: str) -> set[tuple[str, str]]:
    """The broken rules, each with its severity."""
    data = Graph().parse(data=PREFIXES + turtle, format="turtle")
    data += SCHEMES
    data += ONTOLOGY
    _, report, _ = pyshacl.validate(data, shacl_graph=SHAPES, advanced=True, allow_warnings=True)
    assert isinstance(report, Graph)
    found = set()
    for result in report.objects(None, SH.result):
        rule = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
        severity = report.value(result, SH.resultSeverity)
        found.add((str(rule).removeprefix(BASE + "shape/"), str(severity).rpartition("#")[2]))
    return found


def test_a_good_example_conforms() -> None:
    assert results(GOOD) == set()


@pytest.mark.parametrize(("words", "replacement", "rule", "severity"), MISTAKES)
def test_a_mistake_is_caught_by_its_rule(words: str, replacement: str, rule: str, severity: str) -> None:
    assert GOOD.count(words) == 1
    assert results(GOOD.replace(words, replacement)) == {(rule, severity)}
