"""How a release came about (PROV-O): from which files, by which software. Without times, which no input holds."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV, Namespace

from publisher import __version__
from publisher.core.release import INPUT_PATH
from publisher.core.terms import DCAT
from publisher.core.terms import SPDX as SPDX_IRI

SPDX = Namespace(SPDX_IRI)


def add_checksum(graph: Graph, node: URIRef, checksum: URIRef, sha256: str) -> None:
    """Says what a file's SHA-256 is (DCAT 3 §6.8.19, ``spdx:checksum``).

    Args:
        graph: where to say it.
        node: the file.
        checksum: an IRI for the checksum.
        sha256: in hexadecimal.
    """
    graph.add((node, SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    # As it is written in lower case, which rdflib's own form of xsd:hexBinary is not.
    graph.add((checksum, SPDX.checksumValue, Literal(sha256, datatype=XSD.hexBinary, normalize=False)))


def provenance(dataset: URIRef, catalog: URIRef, inputs: Sequence[Path], folder: Path, base: str, name: str) -> Graph:
    """Describes the build as an activity that used the input files and made the release.

    Args:
        dataset: IRI of the data set.
        catalog: IRI of the document that this is written in.
        inputs: the input files as they are published below ``folder``.
        folder: the release.
        base: the base IRI.
        name: hash over all inputs, which names the release as input.
    """
    build, software, release = (URIRef(f"{catalog}#{part}") for part in ("build", "software", "release"))
    found = Graph()
    found.add((build, RDF.type, PROV.Activity))
    found.add((build, PROV.wasAssociatedWith, software))
    found.add((software, RDF.type, PROV.SoftwareAgent))
    found.add((software, FOAF.name, Literal("publisher")))
    found.add((software, URIRef(DCAT + "version"), Literal(__version__)))
    found.add((release, RDF.type, PROV.Entity))
    found.add((release, DCTERMS.identifier, Literal(name)))
    found.add((release, PROV.specializationOf, dataset))
    found.add((dataset, RDF.type, PROV.Entity))
    for made in (release, dataset):
        found.add((made, PROV.wasGeneratedBy, build))
    for path in inputs:
        relative = path.relative_to(folder / INPUT_PATH).as_posix()
        file = URIRef(f"{base}{INPUT_PATH}{quote(relative)}")
        found.add((file, RDF.type, PROV.Entity))
        found.add((build, PROV.used, file))
        found.add((release, PROV.wasDerivedFrom, file))
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        add_checksum(found, file, URIRef(f"{catalog}#{INPUT_PATH}{quote(relative)}.sha256"), sha256)
    return found
