"""The project's input files: reading and rebasing them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdflib import Graph
from rdflib.plugins.parsers.notation3 import BadSyntax

from publisher.core.errors import BuildError, Position, SyntaxFault
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
            return path.read_bytes().decode("utf-8").replace(self.canonical_base, self.base)
        except UnicodeDecodeError as error:
            raise SyntaxFault(f"Byte {error.start} is not UTF-8.", where=self.name(path)) from None
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
        """
        try:
            return Graph().parse(data=self.read(path), format="turtle", publicID=self.base)
        except BadSyntax as error:
            reason = str(error).split("Bad syntax (")[-1].split(")")[0]
            raise SyntaxFault(
                reason, hint="Mend the Turtle.", where=Position(self.name(path), error.lines + 1)
            ) from None
        except ValueError as error:
            raise SyntaxFault(str(error), where=self.name(path)) from None

    def locator(self, path: Path) -> Callable[[str, str, str], Position]:
        """A function that gives the first line of a Turtle file that names an IRI, in full or shortened."""

        def locate(subject: str, predicate: str, iri: str) -> Position:
            tail = re.compile(rf"{re.escape(re.split('[/#]', iri)[-1])}(?![\w-])")
            lines = self.read(path).splitlines()
            return Position(self.name(path), next((n for n, line in enumerate(lines, 1) if tail.search(line)), 1))

        return locate
