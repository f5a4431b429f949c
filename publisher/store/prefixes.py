"""The prefixes that an answer needs."""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad, Triple

from publisher.core.terms import RDF_TYPE, XSD

UNWRITTEN = frozenset({RDF_TYPE} | {XSD + name for name in ("string", "boolean", "integer", "decimal", "double")})
"""IRIs that Turtle has a shorter way to write (RDF 1.1 Turtle §2.4, §2.5)."""


def used(statements: Iterable[Triple | Quad], prefixes: Mapping[str, str]) -> dict[str, str]:
    """The prefixes whose namespace an IRI of the statements is in.

    Args:
        statements: what will be written.
        prefixes: prefix → namespace IRI that ends with ``#`` or ``/``.
    """
    found = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in _iris(statements) if iri not in UNWRITTEN}
    return {prefix: namespace for prefix, namespace in prefixes.items() if namespace in found}


def _iris(statements: Iterable[Triple | Quad]) -> Iterator[str]:
    for statement in statements:
        for term in statement:
            if isinstance(term, NamedNode):
                yield term.value
            elif isinstance(term, Literal) and term.language is None:
                yield term.datatype.value
