"""The project's input files: reading and rebasing them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph
from rdflib import Graph
from rdflib.plugins.parsers.notation3 import BadSyntax

from publisher.build.literals import is_of, what_to_write
from publisher.build.well_formed import check_terms
from publisher.core.errors import BuildError, DataError, SyntaxFault
from publisher.core.position import Position
from publisher.core.settings import Settings


@dataclass(frozen=True)
class Project:
    """The input files of one project, read with the public base in place of the canonical one.

    Args:
        folder: the project's folder.
        canonical_base: the base IRI the files carry.
        base: the base IRI everything is published under.
    """

    folder: Path
    canonical_base: str
    base: str

    @classmethod
    def of(cls, settings: Settings) -> "Project":
        """The project that the settings name."""
        return cls(settings.project, settings.canonical_base, settings.public_base)

    def files(self, pattern: str) -> list[Path]:
        """Input files matching a glob pattern below the project, sorted."""
        return sorted(path for path in self.folder.glob(pattern) if path.is_file())

    def name(self, path: Path) -> str:
        """The file's path as messages show it: relative to the project, with ``/``."""
        return path.relative_to(self.folder).as_posix()

    def read(self, path: Path) -> str:
        """The file's text, rebased. The only place where the canonical base is replaced.

        Raises:
            SyntaxFault: the file is not UTF-8.
            BuildError: the file cannot be read.
        """
        try:
            text = path.read_bytes().decode("utf-8")
            return text.replace(self.canonical_base, self.base) if self.canonical_base else text
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise SyntaxFault("A byte is not UTF-8.", where=Position(self.name(path), line)) from None
        except OSError as error:
            raise BuildError(str(error), hint="The project needs this file.", where=self.name(path)) from None

    def read_json(self, path: Path) -> Any:
        """The file's JSON, rebased.

        Raises:
            SyntaxFault: it is not JSON.
        """
        try:
            return json.loads(self.read(path))
        except json.JSONDecodeError as error:
            raise SyntaxFault(error.msg, where=Position(self.name(path), error.lineno)) from None

    def read_turtle(self, path: Path) -> Graph:
        """The file's triples, rebased.

        Raises:
            SyntaxFault: it is not Turtle.
            DataError: a literal is none of its datatype, or an IRI or a language tag is not well formed.
        """
        text = self.read(path)
        self._check_literals(path, text)
        try:
            graph = Graph().parse(data=text, format="turtle", publicID=self.base)
        except BadSyntax as error:
            reason = str(error).split("Bad syntax (")[-1].split(")")[0]
            raise SyntaxFault(
                reason, hint="Mend the Turtle.", where=Position(self.name(path), error.lines + 1)
            ) from None
        except ValueError as error:
            raise SyntaxFault(str(error), where=self.name(path)) from None
        check_terms(graph, self.locator(path))
        return graph

    def _check_literals(self, path: Path, text: str) -> None:
        try:
            found = {quad.object for quad in pyoxigraph.parse(text, pyoxigraph.RdfFormat.TURTLE, base_iri=self.base)}
        except SyntaxError:
            return  # rdflib reads the file next, and says where
        for literal in found:
            if isinstance(literal, pyoxigraph.Literal) and not is_of(literal.datatype.value, literal.value):
                named = (n for n, line in enumerate(text.splitlines(), 1) if literal.value in line)
                where = Position(self.name(path), next(named, 1))
                hint = what_to_write(literal.datatype.value)
                raise DataError(f"'{literal.value}' is none of its datatype.", hint=hint, where=where)

    def locator(self, path: Path) -> Callable[[str, str, str], Position]:
        """A function that gives the line of a Turtle file that describes an IRI, else the first that names it."""
        lines = list(enumerate(self.read(path).splitlines(), 1))

        def locate(subject: str, predicate: str, iri: str) -> Position:
            # The file may write the IRI in full, relative to a base, or with a prefix: the longest ending found counts.
            for start in (0, *(cut.end() for cut in re.finditer("[/#]", iri))):
                ending = re.compile(rf"{re.escape(iri[start:])}(?![\w-])")
                if named := [(n, line) for n, line in lines if iri[start:] and ending.search(line)]:
                    described = [n for n, line in named if not line[:1].isspace() and not line.startswith(("#", "@"))]
                    return Position(self.name(path), (described or [n for n, _ in named])[0])
            return Position(self.name(path), 1)

        return locate
