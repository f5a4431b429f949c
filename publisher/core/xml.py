"""RDF/XML and other XML that every reader takes as it was meant; what cannot be written so is refused."""

import re
from collections.abc import Collection, Mapping
from xml.parsers import expat

import pyoxigraph
from pyoxigraph import Literal, RdfFormat, Triple

_CARRIAGE_RETURN = b"\r"
_REFERENCE = b"&#13;"
_PREFIX = re.compile(r"(?!xml)[^\W\d][\w.-]*", re.IGNORECASE)
"""Names that a prefix can have in XML (Namespaces in XML §3), those of XML itself left out."""


class Unwritable(ValueError):
    """XML, or RDF/XML, has no way to write this."""


def checked(body: bytes) -> bytes:
    """Mends carriage returns, which XML 1.0 §2.11 would turn into line feeds, and checks the rest.

    Raises:
        Unwritable: it has characters or names that XML 1.0 does not have (§2.2, §2.3).
    """
    body = body.replace(_CARRIAGE_RETURN, _REFERENCE)
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(body, True)
    except expat.ExpatError as error:
        raise Unwritable(str(error)) from None
    return body


def rdf_xml(triples: Collection[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Triples in RDF/XML, in the order given.

    Args:
        triples: each of them once.
        prefixes: prefix → namespace IRI; those that XML cannot have are left out.

    Raises:
        Unwritable: what is read back would not be what was meant.
    """
    # A reader of RDF 1.1 would take ``its:dir`` for a property and not notice.
    if any(isinstance(triple.object, Literal) and triple.object.direction for triple in triples):
        raise Unwritable("The direction of a text is not of RDF 1.1.")
    known = {prefix: iri for prefix, iri in prefixes.items() if _PREFIX.fullmatch(prefix)}
    # RDF/XML cannot write every predicate as an element's name, and gives some a meaning of
    # their own (rdf:li): what is read back must be what was meant.
    try:
        body = checked(pyoxigraph.serialize(triples, format=RdfFormat.RDF_XML, prefixes=known) or b"")
        read_back = {quad.triple for quad in pyoxigraph.parse(body, format=RdfFormat.RDF_XML)}
    except (OSError, ValueError, SyntaxError) as error:
        raise Unwritable(str(error)) from None
    if read_back != set(triples):
        raise Unwritable("It would be read as something else.")
    return body


def first_unwritable(triples: Collection[Triple]) -> Triple | None:
    """The first triple that RDF/XML cannot write; None: it can write all."""
    return None if can_write(triples) else next((triple for triple in triples if not can_write([triple])), None)


def can_write(triples: Collection[Triple]) -> bool:
    """Whether RDF/XML can write all triples."""
    try:
        rdf_xml(triples, {})
    except Unwritable:
        return False
    return True
