"""SHACL validation: the gate between the facts and a release."""

from dataclasses import dataclass

import pyshacl
from rdflib import Graph, Literal
from rdflib.namespace import SH
from rdflib.term import Node

from publisher.build.facts import Facts
from publisher.core.errors import DataDoesNotConform, Position

SHOWN = 20
"""Results listed in a message; the rest is counted."""


@dataclass(frozen=True, order=True)
class Result:
    """One validation result (SHACL §3.6.2).

    Args:
        severity: ``Violation``, ``Warning`` or ``Info``.
        position: the file and line at fault, where known.
        focus: the focus node's IRI.
        path: the property, empty for results about the node as a whole.
        value: the value at fault, empty where there is none.
        shape: the source shape's IRI: the rule.
        message: in the first of the given languages that has one.
    """

    severity: str
    position: Position
    focus: str
    path: str
    value: str
    shape: str
    message: str

    def __str__(self) -> str:
        about = " ".join(part for part in (self.focus, self.path, self.value[:100]) if part)
        return f"{self.position}: {self.severity}: {self.message}\n    focus node {about}\n    rule {self.shape}"


@dataclass(frozen=True)
class Report:
    """The outcome of validation.

    Args:
        graph: the SHACL validation report.
        results: its results, worst first.
    """

    graph: Graph
    results: list[Result]

    @property
    def violations(self) -> list[Result]:
        """The results that stop a build."""
        return [result for result in self.results if result.severity == "Violation"]

    def refuse_violations(self) -> None:
        """Raises:
        DataDoesNotConform: there are violations; the message lists them.
        """
        if not self.violations:
            return
        shown = "\n".join(str(result) for result in self.violations[:SHOWN])
        more = f"\n…and {len(self.violations) - SHOWN} more." if len(self.violations) > SHOWN else ""
        raise DataDoesNotConform(
            f"{len(self.violations)} violations.\n{shown}{more}", hint="The previous release stays in place."
        )


def validate(data: Graph, shapes: Graph, facts: Facts, languages: tuple[str, ...]) -> Report:
    """Validates data against shapes.

    Args:
        data: everything to be published, inferred triples included.
        shapes: all shapes.
        facts: tells where each node is described.
        languages: preferred languages of messages, best first.
    """
    _, graph, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, allow_warnings=True, inplace=True)
    assert isinstance(graph, Graph)
    results = [_result(node, graph, facts, languages) for node in graph.objects(None, SH.result)]
    order = ("Violation", "Warning", "Info")
    return Report(graph, sorted(results, key=lambda result: (order.index(result.severity), result)))


def _result(node: Node, graph: Graph, facts: Facts, languages: tuple[str, ...]) -> Result:
    def text(predicate: Node) -> str:
        return str(graph.value(node, predicate) or "")

    focus, path = text(SH.focusNode), text(SH.resultPath)
    messages = {m.language or "": str(m) for m in graph.objects(node, SH.resultMessage) if isinstance(m, Literal)}
    return Result(
        severity=text(SH.resultSeverity).rpartition("#")[2],
        position=facts.locate(focus, path),
        focus=focus,
        path=path,
        value=text(SH.value),
        shape=text(SH.sourceShape),
        message=next((messages[tag] for tag in (*languages, "") if tag in messages), next(iter(messages.values()), "")),
    )
