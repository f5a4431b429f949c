"""SHACL validation: the gate between the facts and a release."""

import textwrap
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyshacl
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.query import Result as Answer
from rdflib.term import Node

from publisher.build.paths import in_words
from publisher.core.errors import DataDoesNotConform
from publisher.core.position import Position

SHOWN = 200
"""Results listed in a message; the rest is counted."""

SEVERITIES = {"Violation": "violation", "Warning": "warning", "Info": "remark"}
"""Severity of a result (SHACL §2.1.4) → what people call it; the worst first."""

NOT_VALIDATING = frozenset({SH.name, SH.description, SH.order, SH.group, SH.defaultValue})
"""Properties that are for people (SHACL §2.3.2)."""


def _number(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'s' if count > 1 else ''}"


@dataclass(frozen=True, order=True)
class Result:
    """One validation result (SHACL §3.6.2).

    Args:
        severity: ``Violation``, ``Warning`` or ``Info``.
        position: the file and line at fault, where known.
        focus: the focus node's IRI.
        path: the property or longer path in words, empty for results about the node as a whole.
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

    @property
    def is_remark(self) -> bool:
        """Whether it only points to something to look at (``sh:Info``)."""
        return self.severity == "Info"

    def __str__(self) -> str:
        value = textwrap.shorten(self.value, 100, placeholder=" …") if self.value != self.focus else ""
        about = {"focus node": self.focus, "property": self.path, "value": value, "rule": self.shape}
        lines = (f"{name} {text}" for name, text in about.items() if text)
        return "\n    ".join((f"{self.position}: {self.severity}: {self.message}", *lines))


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

    @property
    def counted(self) -> str:
        """How many results there are of each severity, such as ``no violation, 1 warning, 34 remarks``."""
        counts = Counter(result.severity for result in self.results)
        return ", ".join(_number(counts[severity], word) for severity, word in SEVERITIES.items())

    def refuse_violations(self) -> None:
        """Raises:
        DataDoesNotConform: there are violations; the message lists them.
        """
        if not self.violations:
            return
        shown = "\n".join(str(result) for result in self.violations[:SHOWN])
        more = f"\n…and {len(self.violations) - SHOWN} more." if len(self.violations) > SHOWN else ""
        count = _number(len(self.violations), SEVERITIES["Violation"])
        raise DataDoesNotConform(f"{count}.\n{shown}{more}", hint="The previous release stays in place.")


class _QuickGraph(Graph):
    """Has a compiled engine answer queries: pySHACL asks each again for every focus node (decision 35)."""

    def __init__(self, data: Graph) -> None:
        super().__init__()
        self += data
        self._engine = Graph(store="Oxigraph")
        self._engine += data

    def query(self, *arguments: Any, **options: Any) -> Answer:
        return self._engine.query(*arguments, **options)


def _needed(shapes: Graph) -> Graph:
    """The shapes without what does not validate: pySHACL reads all of a shape for every focus node."""
    needed = Graph()
    needed += (
        (subject, predicate, value)
        for subject, predicate, value in shapes
        if predicate not in NOT_VALIDATING and not (predicate == SH.message and (None, SH.property, subject) in shapes)
    )
    return needed


def validate(
    data: Graph,
    shapes: Graph,
    locate: Callable[[str, str], Position],
    languages: tuple[str, ...],
    prefixes: Mapping[str, str],
) -> Report:
    """Validates data against shapes.

    Args:
        data: everything to be published, inferred triples included.
        shapes: all shapes.
        locate: gives the place that describes a node or the value of one of its properties.
        languages: preferred languages of messages, best first.
        prefixes: prefix → namespace IRI, to name properties in messages.
    """
    if not shapes:
        return _nothing_checked()
    _, graph, _ = pyshacl.validate(
        _QuickGraph(data), shacl_graph=_needed(shapes), advanced=True, allow_warnings=True, inplace=True
    )
    assert isinstance(graph, Graph)
    for prefix, namespace in prefixes.items():
        graph.bind(prefix, namespace, replace=True)
    _set_messages(graph, shapes)
    results = [_result(node, graph, locate, languages) for node in graph.objects(None, SH.result)]
    order = list(SEVERITIES)
    return Report(graph, sorted(results, key=lambda result: (order.index(result.severity), result)))


def _nothing_checked() -> Report:
    """The report of a project without shapes: everything conforms (SHACL §3.6.1.1)."""
    graph, node = Graph(), BNode()
    graph.add((node, RDF.type, SH.ValidationReport))
    graph.add((node, SH.conforms, Literal(True)))
    return Report(graph, [])


def _set_messages(report: Graph, shapes: Graph) -> None:
    """Gives each result the messages of what was broken: the constraint, else its shape (SHACL §5.3.2).

    pySHACL adds the messages of the shape to those of its SPARQL constraint, and drops their languages. Variables in
    messages are not filled in: write the message so that it needs none.
    """
    for result in report.subjects(RDF.type, SH.ValidationResult):
        for rule in (report.value(result, SH.sourceConstraint), report.value(result, SH.sourceShape)):
            if messages := [] if rule is None else list(shapes.objects(rule, SH.message)):
                report.remove((result, SH.resultMessage, None))
                for message in messages:
                    report.add((result, SH.resultMessage, message))
                break


def _result(node: Node, graph: Graph, locate: Callable[[str, str], Position], languages: tuple[str, ...]) -> Result:
    def text(predicate: Node) -> str:
        return str(graph.value(node, predicate) or "")

    focus, path = text(SH.focusNode), graph.value(node, SH.resultPath)
    found = (message for message in graph.objects(node, SH.resultMessage) if isinstance(message, Literal))
    messages = dict(sorted((message.language or "", str(message)) for message in found))
    return Result(
        severity=text(SH.resultSeverity).rpartition("#")[2],
        position=locate(focus, str(path) if isinstance(path, URIRef) else ""),
        focus=focus,
        path=in_words(path, graph) if path is not None else "",
        value=text(SH.value),
        shape=text(SH.sourceConstraint) or text(SH.sourceShape),
        message=next((messages[tag] for tag in (*languages, "", *messages) if tag in messages), ""),
    )
