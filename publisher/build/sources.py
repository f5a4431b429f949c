"""Source documents: their text, normalised, and what is known about them."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from rdflib import XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF

from publisher.build.context import Context
from publisher.build.languages import is_known
from publisher.build.project import Project
from publisher.core.errors import DataError, SyntaxFault
from publisher.core.position import Position
from publisher.core.settings import Settings

PROPERTIES = {
    "title": DCTERMS.title,
    "description": DCTERMS.description,
    "rights": DCTERMS.rights,
    "language": DCTERMS.language,
    "publisher": DCTERMS.publisher,
}
"""Key of ``source.toml`` → the property it gives."""


Texts = Annotated[dict[str, str], msgspec.Meta(min_length=1)]


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of ``source.toml``; texts are by language."""

    title: Texts
    language: str
    publisher: str
    rights: Texts
    sha256: str
    description: dict[str, str] = {}

    def tags(self) -> Iterator[tuple[str, str]]:
        """Every language tag, after the key under which it stands."""
        yield "language", self.language
        for key, texts in (("title", self.title), ("rights", self.rights), ("description", self.description)):
            for tag in texts:
                yield key, tag


@dataclass(frozen=True)
class Source:
    """One source document.

    Args:
        slug: its folder's name, which is also the name of its named graph.
        text: the text with every run of white space turned into one space, ends trimmed;
            offsets of quotes count Unicode characters of it, from 0, end exclusive.
        sha256: of the file as it lies there, in hexadecimal.
        about: the content of ``source.toml``.
        position: of that file.
        lines: key of that file → its line.
    """

    slug: str
    text: str
    sha256: str
    about: About
    position: Position
    lines: dict[str, Position]


def read_sources(project: Project) -> dict[str, Source]:
    """Reads ``data/sources/<slug>/text.txt`` and ``source.toml`` of every document.

    Raises:
        SyntaxFault: a ``source.toml`` is not TOML, or the text is not the one whose sha256 it states.
        DataError: it lacks a key, has one too many, or a value that cannot be used.
    """
    return {path.parent.name: _read_source(project, path) for path in project.files("data/sources/*/source.toml")}


def _read_source(project: Project, path: Path) -> Source:
    name, content = project.name(path), project.read(path)
    lines = {key: Position(name, line) for key, line in _lines(content).items()}
    try:
        about = msgspec.convert(tomllib.loads(content), About)
    except tomllib.TOMLDecodeError as error:
        stated = re.search(r"at line (\d+)", str(error))
        line = int(stated[1]) if stated else len(content.splitlines())
        raise SyntaxFault(f"{error}.", hint="Mend the TOML.", where=Position(name, line)) from None
    except msgspec.ValidationError as error:
        raise _refused(str(error), _key(str(error)), lines, name) from None
    for key, tag in about.tags():
        if not is_known(tag):
            raise _refused(f"'{tag}' is no language tag", key, lines, name)
    text_file = path.with_name("text.txt")
    sha256 = hashlib.sha256(text_file.read_bytes()).hexdigest() if text_file.exists() else "no file"
    if sha256 != about.sha256:
        raise SyntaxFault(
            f"Its sha256 is {sha256}, source.toml says {about.sha256}.",
            hint="A changed text moves every quote: restore it, or add it as a new document.",
            where=project.name(text_file),
        )
    text = " ".join(text_file.read_text(encoding="utf-8").split())
    return Source(path.parent.name, text, sha256, about, Position(name, 1), lines)


def _key(message: str) -> str:
    """The key of ``source.toml`` that msgspec names in a message, as unknown or missing or in a path."""
    named = re.search(r"field `(.+)`$|`\$\.(\w+)", message)
    return (named[1] or named[2]) if named else ""


def _refused(why: str, key: str, lines: dict[str, Position], name: str) -> DataError:
    hint = f"It holds {', '.join(PROPERTIES)} and sha256, each once; texts are by language."
    return DataError(f"'{key}': {why}.", hint=hint, where=lines.get(key, Position(name, 1)))


def _lines(content: str) -> dict[str, int]:
    """Where each key or table begins, which ``tomllib`` does not tell."""
    found: dict[str, int] = {}
    for number, line in enumerate(content.splitlines(), 1):
        if start := re.match(r"\s*\[?\s*[\"']?([\w-]+)", line):
            found.setdefault(start[1], number)
    return found


def source_iri(source: Source, context: Context) -> str:
    """The IRI of a source document."""
    return f"{context.base}source/{source.slug}"


def describe_source(source: Source, context: Context, settings: Settings) -> Graph:
    """The triples about a source document itself, its normalised text included."""
    about, graph = source.about, Graph()
    node = URIRef(source_iri(source, context))
    graph.add((node, RDF.type, URIRef(context.iri(settings.source_class))))
    for key, texts in (("title", about.title), ("description", about.description), ("rights", about.rights)):
        for language, text in texts.items():
            graph.add((node, PROPERTIES[key], Literal(text, lang=language)))
    graph.add((node, PROPERTIES["language"], Literal(about.language)))
    graph.add((node, PROPERTIES["publisher"], URIRef(about.publisher, base=context.base)))
    graph.add((node, URIRef(context.iri("normalizedText")), Literal(source.text, datatype=XSD.string)))
    graph.add((node, URIRef(context.iri("sha256")), Literal(source.sha256, datatype=XSD.string)))
    return graph
