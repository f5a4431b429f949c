"""The JSON-LD context: the one mapping from the keys of facts to IRIs."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from publisher.build.project import Project
from publisher.core.errors import SyntaxFault
from publisher.core.release import prefixes_of

CONTEXT_FILE = "ontology/context.jsonld"


@dataclass(frozen=True)
class Context:
    """A JSON-LD 1.1 context.

    Args:
        document: the parsed file, with its ``@context``.
    """

    document: dict[str, Any]

    @cached_property
    def terms(self) -> dict[str, Any]:
        """Key → definition, as the file states them."""
        return dict(self.document["@context"])

    @cached_property
    def base(self) -> str:
        """The IRI that relative references are resolved against."""
        return str(self.terms["@base"])

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Prefix → namespace IRI."""
        return prefixes_of(self.terms)

    @cached_property
    def keys(self) -> list[str]:
        """The keys that a fact may carry, without prefixes and keywords."""
        return [k for k, v in self.terms.items() if not k.startswith("@") and k not in self.prefixes]

    def text(self, project: Project) -> str:
        """The file as it stands, or as it would."""
        if has_context(project):
            return project.read(project.folder / CONTEXT_FILE)
        return json.dumps(self.document, indent=2) + "\n"

    def iri(self, key: str) -> str:
        """The IRI that a key or type stands for.

        Raises:
            KeyError: the context does not define it.
        """
        definition = self.terms[key]
        return self._expanded(definition if isinstance(definition, str) else definition["@id"])

    def _expanded(self, name: str) -> str:
        prefix, _, local = name.partition(":")
        return self.prefixes.get(prefix, prefix + ":") + local

    def is_language_map(self, key: str) -> bool:
        """Whether the key's value maps language tags to texts."""
        definition = self.terms.get(key)
        return isinstance(definition, dict) and definition.get("@container") == "@language"

    def is_reference(self, key: str) -> bool:
        """Whether the key's value is an IRI reference."""
        definition = self.terms.get(key)
        return isinstance(definition, dict) and definition.get("@type") == "@id"

    def datatype(self, key: str) -> str | None:
        """The IRI of the datatype that the key's values are of, where the context states one."""
        definition = self.terms.get(key)
        kind = definition.get("@type", "@none") if isinstance(definition, dict) else "@none"
        return None if kind.startswith("@") else self._expanded(kind)


def has_context(project: Project) -> bool:
    """Whether the project has a context of its own."""
    return (project.folder / CONTEXT_FILE).is_file()


def read_context(project: Project) -> Context:
    """Reads ``ontology/context.jsonld``.

    Raises:
        SyntaxFault: it is not JSON or lacks ``@context`` or ``@base``.
    """
    document = project.read_json(project.folder / CONTEXT_FILE)
    if not isinstance(document, dict) or "@base" not in document.get("@context", {}):
        raise SyntaxFault("An object with '@context' that has '@base' is needed.", where=CONTEXT_FILE)
    return Context(document)
