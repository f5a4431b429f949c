"""Source documents: their text, normalised, and what is known about them."""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdflib import XSD, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF

from publisher.build.context import Context
from publisher.build.project import Project
from publisher.core.errors import SyntaxFault
from publisher.core.settings import Settings

REQUIRED = ("title", "language", "publisher", "rights", "sha256")


@dataclass(frozen=True)
class Source:
    """One source document.

    Args:
        slug: its folder's name, which is also the name of its named graph.
        text: the text with every run of white space turned into one space, ends trimmed;
            offsets of quotes count Unicode characters of it, from 0, end exclusive.
        sha256: of the file as it lies there, in hexadecimal.
        about: the content of ``source.toml``.
    """

    slug: str
    text: str
    sha256: str
    about: dict[str, Any]


def read_sources(project: Project) -> dict[str, Source]:
    """Reads ``data/sources/<slug>/text.txt`` and ``source.toml`` of every document.

    Raises:
        SyntaxFault: a ``source.toml`` is not TOML or lacks a key, or the text is not the
            one whose sha256 it states.
    """
    return {path.parent.name: _read_source(project, path) for path in project.files("data/sources/*/source.toml")}


def _read_source(project: Project, path: Path) -> Source:
    try:
        about = tomllib.loads(project.read(path))
    except tomllib.TOMLDecodeError as error:
        raise SyntaxFault(str(error), where=project.name(path)) from None
    if missing := [key for key in REQUIRED if key not in about]:
        raise SyntaxFault(f"Missing: {', '.join(missing)}.", hint="Add the keys.", where=project.name(path))
    text_file = path.with_name("text.txt")
    sha256 = hashlib.sha256(text_file.read_bytes()).hexdigest() if text_file.exists() else "no file"
    if sha256 != about["sha256"]:
        raise SyntaxFault(
            f"Its sha256 is {sha256}, source.toml says {about['sha256']}.",
            hint="A changed text moves every quote: restore it, or add it as a new document.",
            where=project.name(text_file),
        )
    return Source(path.parent.name, " ".join(text_file.read_text(encoding="utf-8").split()), sha256, about)


def describe_source(source: Source, context: Context, settings: Settings) -> Graph:
    """The triples about a source document itself, its normalised text included."""
    about, graph = source.about, Graph()
    node = URIRef(f"{context.base}source/{source.slug}")
    graph.add((node, RDF.type, URIRef(context.iri(settings.source_class))))
    for language, title in about["title"].items():
        graph.add((node, DCTERMS.title, Literal(title, lang=language)))
    for language, description in about.get("description", {}).items():
        graph.add((node, DCTERMS.description, Literal(description, lang=language)))
    for language, rights in about["rights"].items():
        graph.add((node, DCTERMS.rights, Literal(rights, lang=language)))
    graph.add((node, DCTERMS.language, Literal(about["language"])))
    graph.add((node, DCTERMS.publisher, URIRef(about["publisher"], base=context.base)))
    graph.add((node, URIRef(context.iri("normalizedText")), Literal(source.text, datatype=XSD.string)))
    graph.add((node, URIRef(context.iri("sha256")), Literal(source.sha256, datatype=XSD.string)))
    return graph
