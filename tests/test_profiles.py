"""The ontology is in OWL 2 DL and in OWL 2 RL, says the checker of the OWL API that owlready2 brings along."""

import subprocess
from importlib.resources import files
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import Graph

CLASS_PATH = str(files("owlready2") / "pellet" / "*")
PROGRAM = Path(__file__).parent / "Profiles.java"
PREFIXES = """
@prefix : <https://example.org/#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/> a owl:Ontology .
:A a owl:Class . :p a owl:ObjectProperty . :q a owl:ObjectProperty .
"""

OUTSIDE = [
    # what an ontology may not say, and the profile that says so
    (":p a owl:DatatypeProperty .", "OWL 2 DL"),
    (":A rdfs:subClassOf :undeclared .", "OWL 2 DL"),
    (":p a owl:TransitiveProperty , owl:AsymmetricProperty .", "OWL 2 DL"),
    (":p owl:propertyChainAxiom ( :q :p :q ) .", "OWL 2 DL"),
    (":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :A ] .", "OWL 2 RL"),
    (":A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :A owl:Thing ) ] .", "OWL 2 RL"),
]


def violations(path: Path) -> list[str]:
    """What the checker says of an RDF/XML file, a line for each violation."""
    command = ["java", "-cp", CLASS_PATH, str(PROGRAM), str(path)]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    count, *lines = outcome.stdout.splitlines()
    assert int(count.removesuffix(" axioms")) > 0, outcome.stderr
    return lines


def test_the_published_ontology_is_in_both_profiles(client: FlaskClient, tmp_path: Path) -> None:
    """As RDF/XML from the site, alignments included: what Protégé, which stands on the OWL API, would open."""
    path = tmp_path / "published.rdf"
    path.write_bytes(client.get("/ontology", headers={"Accept": "application/rdf+xml"}).data)
    assert violations(path) == []


@pytest.mark.parametrize(("turtle", "profile"), OUTSIDE)
def test_what_is_outside_a_profile_is_found(turtle: str, profile: str, tmp_path: Path) -> None:
    path = tmp_path / "ontology.rdf"
    Graph().parse(data=PREFIXES + turtle, format="turtle").serialize(path, format="xml")
    assert any(line.startswith(f"{profile}:") for line in violations(path))
