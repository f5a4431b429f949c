"""How a page is cited: made from what the dataset says of itself, and written in every format by kept libraries."""

import json
import re
from collections.abc import Callable, Mapping

import rispy
from msgspec import Struct
from pyoxigraph import Literal, NamedNode

from publisher.core.formats import CITATION_FORMATS, Format
from publisher.core.terms import DCTERMS, LABEL_PROPERTIES, OWL
from publisher.web.language import current_language, gettext
from publisher.web.site import site
from publisher.web.values import link
from publisher.web.vocabulary import Facts, best, vocabulary

VERSIONS = ("http://www.w3.org/ns/dcat#version", OWL + "versionInfo", DCTERMS + "hasVersion")
DATES = (DCTERMS + "modified", DCTERMS + "issued", DCTERMS + "date", DCTERMS + "created")
PUBLISHERS = (DCTERMS + "publisher", DCTERMS + "creator")


class Citation(Struct, frozen=True):
    """What a citation consists of; what the dataset does not say is empty.

    Args:
        title: what is cited.
        container: the dataset it is part of; empty if it is the dataset.
        publisher: who publishes that.
        date: the day, month or year of the data, as ISO 8601 writes it.
        version: of the data, and the release that is served.
        licence: the IRI of the licence.
        address: the IRI of what is cited.
        language: the language of the title.
    """

    title: str
    container: str
    publisher: str
    date: str
    version: str
    licence: str
    address: str
    language: str

    @property
    def key(self) -> str:
        """A short ASCII name that tells this citation from others in a bibliography."""
        return re.sub(r"[^A-Za-z0-9-]+", "-", self.address.rpartition("/id/")[2] or self.address).strip("-")

    @property
    def year(self) -> str:
        """The year of the date."""
        return self.date[:4]


def cite(iri: str, name: str) -> Citation:
    """The citation of a thing in the reader's language.

    Args:
        iri: the thing.
        name: its name.
    """
    facts, release = vocabulary().dataset, site().release
    dataset = best(facts, LABEL_PROPERTIES)
    versions = [text for text in (_first(facts, VERSIONS), gettext("release {id}").format(id=release.id)) if text]
    return Citation(
        title=name,
        container=dataset.value if dataset and iri != vocabulary().dataset_iri else "",
        publisher=_first(facts, PUBLISHERS),
        date=_first(facts, DATES)[:10],
        version=", ".join(versions),
        licence=_first(facts, (DCTERMS + "license",), as_link=True),
        address=iri,
        language=current_language(),
    )


def _first(facts: Facts, properties: tuple[str, ...], *, as_link: bool = False) -> str:
    """The first value of the first property that has one; an IRI by its name, or as it is."""
    for name in properties:
        for value in facts.get(name, ()):
            if isinstance(value, NamedNode):
                names = {} if as_link else vocabulary().pointed_names("description", name)
                return value.value if as_link else link(value.value, names).text
            if isinstance(value, Literal):
                found = best(facts, (name,))
                return found.value if found else value.value
    return ""


def as_text(citation: Citation) -> str:
    """One line for a footnote."""
    title = citation.title.rstrip(".")
    dated = ", ".join(part for part in (citation.publisher, citation.date) if part)
    parts = (
        title,
        citation.container,
        dated,
        citation.version,
        citation.licence and gettext("Licence {iri}").format(iri=citation.licence),
    )
    return ". ".join(part for part in parts if part) + f". {citation.address}"


def _as_bibtex(citation: Citation) -> str:
    # Loaded when it is wanted: the server starts quicker.
    from bibtexparser import Library, write_string
    from bibtexparser.middlewares import LatexEncodingMiddleware
    from bibtexparser.model import Entry, Field

    note = ", ".join(part for part in (citation.version, citation.licence) if part)
    fields = {
        "title": citation.title,
        "howpublished": citation.container,
        "publisher": citation.publisher,
        "year": citation.year,
        "note": note,
    }
    library = Library([Entry("misc", citation.key, [Field(name, value) for name, value in fields.items() if value])])
    encoded = LatexEncodingMiddleware().transform(library)
    # An address is no LaTeX text: bibliography styles typeset the field ``url`` as it is.
    encoded.entries[0].set_field(Field("url", citation.address))
    return write_string(encoded)


def _as_ris(citation: Citation) -> str:
    record = {
        "type_of_reference": "DATA",
        "title": citation.title,
        "secondary_title": citation.container,
        "publisher": citation.publisher,
        "year": citation.year,
        "edition": citation.version,
        "notes": [citation.licence] if citation.licence else [],
        "language": citation.language,
        "urls": [citation.address],
    }
    # RIS has a field on each line.
    lines = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in record.items()}
    written: str = rispy.dumps([{name: value for name, value in lines.items() if value}])
    return written


def _as_csl(citation: Citation) -> str:
    """The data model of the Citation Style Language 1.0.2 (csl-data.json)."""
    item = {
        "id": citation.key,
        "type": "dataset",
        "title": citation.title,
        "container-title": citation.container,
        "publisher": citation.publisher,
        "issued": {"date-parts": [[int(part) for part in citation.date.split("-")]]} if citation.date else None,
        "version": citation.version,
        "license": citation.licence,
        "language": citation.language,
        "URL": citation.address,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1) + "\n"


_WRITERS: Mapping[str, Callable[[Citation], str]] = {
    "text": lambda citation: as_text(citation) + "\n",
    "bibtex": _as_bibtex,
    "ris": _as_ris,
    "csl": _as_csl,
}


def written(citation: Citation, chosen: Format) -> str:
    """The citation in one of ``CITATION_FORMATS``."""
    assert chosen in CITATION_FORMATS
    return _WRITERS[chosen.name](citation)
