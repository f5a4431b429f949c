"""The quality of a release as RDF: the SHACL report, and what was measured (W3C Data Quality Vocabulary)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files

from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import SH, XSD, Namespace
from rdflib.term import Node

from publisher.build.queries import Count
from publisher.build.reasoner import Verdict
from publisher.core.position import Position
from publisher.core.release import INPUT_PATH

DQV = Namespace("http://www.w3.org/ns/dqv#")


class Quality:
    """Collects what is known of the quality of a release.

    Args:
        base: the base IRI.
        dataset: IRI of the data set.
    """

    def __init__(self, base: str, dataset: URIRef) -> None:
        self._base, self._dataset = base, dataset
        metrics = files("publisher.build").joinpath("metrics.ttl").read_text(encoding="utf-8")
        self.graph = Graph().parse(data=metrics, format="turtle", publicID=base + "id/")

    def _measure(self, metric: str, value: Literal, *about: URIRef) -> None:
        names = (str(iri).rpartition("/")[2] for iri in about)
        node = URIRef(f"{self._base}id/measurement/{'.'.join((metric, *names))}")
        self.graph.add((node, RDF.type, DQV.QualityMeasurement))
        self.graph.add((node, DQV.isMeasurementOf, URIRef(f"{self._base}id/metric/{metric}")))
        for iri in about:
            self.graph.add((node, DQV.computedOn, iri))
        self.graph.add((node, DQV.value, value))

    def add_coverage(self, coverage: Mapping[URIRef, float]) -> None:
        """Adds the share of each source's characters, 0 to 1, that stand in a quote."""
        for source, share in coverage.items():
            self._measure(
                "quote-coverage", Literal(f"{share:.4f}".rstrip("0").rstrip("."), datatype=XSD.decimal), source
            )

    def add_verdict(self, verdict: Verdict) -> None:
        """Adds what the reasoner found; nothing where it did not run."""
        if verdict.ran:
            self._measure("consistency", Literal(verdict.is_good), self._dataset)

    def add_claims(self, counts: Iterable[Count]) -> None:
        """Adds how many the data names of what a figure claims as a total, and of how many more it does not say."""
        for figure, counted, undecided in counts:
            self._measure("counted", Literal(counted, datatype=XSD.integer), figure)
            if undecided is not None:
                self._measure("undecided", Literal(undecided, datatype=XSD.integer), figure)

    def add_report(self, report: Graph, locate: Callable[[str, str], Position]) -> None:
        """Adds the validation report (SHACL §3.6), each result with the line of the file at fault.

        Args:
            report: the report; its own node is given an IRI.
            locate: gives the place that describes a node or the value of one of its properties.
        """
        node = report.value(None, RDF.type, SH.ValidationReport)
        name = URIRef(f"{self._base}id/validation/report")
        for subject, predicate, value in report:
            self.graph.add((name if subject == node else subject, predicate, value))
        for result in report.objects(node, SH.result):
            place = locate(str(report.value(result, SH.focusNode)), str(report.value(result, SH.resultPath) or ""))
            if place.line:
                self.graph.add((result, RDFS.seeAlso, URIRef(f"{self._base}{INPUT_PATH}{place.file}#L{place.line}")))

    def add_counts(self, shapes: Graph, data: Graph, report: Graph) -> None:
        """Adds, for each rule of each shape, how many focus nodes it was tried on and how many it failed.

        Args:
            shapes: all shapes.
            data: what was validated.
            report: the outcome.
        """
        failed: dict[Node | None, set[Node | None]] = defaultdict(set)
        for result in report.subjects(RDF.type, SH.ValidationResult):
            rule = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
            failed[rule].add(report.value(result, SH.focusNode))
        for shape in set(shapes.subjects(RDF.type, SH.NodeShape)):
            nodes = set(focus_nodes(shape, shapes, data))
            for rule in {shape, *shapes.objects(shape, SH.property), *shapes.objects(shape, SH.sparql)}:
                if isinstance(shape, URIRef) and isinstance(rule, URIRef) and nodes:
                    about = dict.fromkeys((shape, rule))
                    self._measure("nodes-checked", Literal(len(nodes), datatype=XSD.integer), *about)
                    self._measure("nodes-failed", Literal(len(failed[rule] & nodes), datatype=XSD.integer), *about)


def focus_nodes(shape: Node, shapes: Graph, data: Graph) -> Iterator[Node]:
    """The focus nodes that a shape's targets select (SHACL §2.1.3)."""
    yield from shapes.objects(shape, SH.targetNode)
    for target in shapes.objects(shape, SH.targetClass):
        for kind in data.transitive_subjects(RDFS.subClassOf, target):
            yield from data.subjects(RDF.type, kind)
    for target in shapes.objects(shape, SH.targetSubjectsOf):
        yield from data.subjects(target)
    for target in shapes.objects(shape, SH.targetObjectsOf):
        yield from data.objects(None, target)
