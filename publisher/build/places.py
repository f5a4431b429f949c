"""Where each node is described: the file and line that a message or a link points to."""

from collections.abc import Mapping
from pathlib import Path

from rdflib import Graph, URIRef

from publisher.build.facts import Facts
from publisher.build.project import Project
from publisher.core.position import Position


class Places:
    """Finds the place of a node in the facts, or in a Turtle file.

    Args:
        project: to read Turtle files again.
        facts: with the lines of the YAML files.
        files: Turtle file → its triples.
    """

    def __init__(self, project: Project, facts: Facts, files: Mapping[Path, Graph]) -> None:
        self._project, self._facts, self._files = project, facts, files

    def locate(self, node: str, path: str = "") -> Position:
        """The file and line that say something about a node, as closely as known.

        Args:
            node: its IRI.
            path: the IRI of a property of it.

        Returns:
            Line 0 if no file describes it.
        """
        found = self._facts.locate(node, path)
        if found.line:
            return found
        for file, graph in self._files.items():
            if (URIRef(node), None, None) in graph:
                return self._project.locator(file)("", "", node)
        return found
