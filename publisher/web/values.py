"""Terms as people read them: labelled links, dates and numbers in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from urllib.parse import unquote

from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal
from msgspec import Struct
from msgspec.structs import replace
from pyoxigraph import Literal, NamedNode

from publisher.core.terms import DCTERMS, FOAF, LABEL_PROPERTIES, SKOLEM_PATH, XSD
from publisher.store.protocol import Term
from publisher.web.language import current_language, current_locale, gettext, language_name
from publisher.web.links import curie, document, host_of, local_name, local_path
from publisher.web.standard_terms import standard_terms
from publisher.web.vocabulary import Facts, best, vocabulary

NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))
LONG = 600
"""Characters after which a literal is folded away on a page."""


class Value(Struct, frozen=True):
    """One term, ready to be shown.

    Args:
        text: what to read.
        language: its language, if it is text in one.
        href: where it leads, if it is an IRI.
        iri: the IRI itself.
        outward: whether the link leaves this server.
        machine: the machine-readable form of a date, for ``<time>``.
        hint: definition or type, shown on demand.
        hint_language: the language of the hint, if it is text in one.
        graphs: named graphs that say it.
        rows: what is said of a node without a name: property and values.
        items: the members of a list, in order.
    """

    text: str
    language: str | None = None
    href: str | None = None
    iri: str | None = None
    outward: bool = False
    machine: str | None = None
    hint: str | None = None
    hint_language: str | None = None
    graphs: Sequence[str] = ()
    rows: Sequence["tuple[Value, Sequence[Value]]"] = ()
    items: Sequence["Value"] = ()

    @property
    def is_long(self) -> bool:
        """Whether the text is too long to stand among other facts."""
        return len(self.text) > LONG


def name_of(iri: str, names: Mapping[str, Facts]) -> Literal:
    """The best name of an IRI: what the description, the ontology or the standard gives, else its last part."""
    if found := best(names.get(iri, {}), LABEL_PROPERTIES) or vocabulary().label(iri):
        return found
    for known in (vocabulary().graphs, standard_terms()):
        found = found or best(known.get(iri, {}), LABEL_PROPERTIES)
    if found or (found := _name_of_graph(iri)):
        return found
    if f"/{SKOLEM_PATH}" in iri:
        return Literal(gettext("without a name"), language=current_language())
    return Literal(local_name(iri))


def _name_of_graph(iri: str) -> Literal | None:
    """The name of a named graph that every release has, or of the file that one was read from."""
    if iri not in vocabulary().graphs:
        return None
    names = {
        "ontology": gettext("the ontology"),
        "schemes": gettext("the concept schemes"),
        "mappings": gettext("links to other datasets"),
        "shapes": gettext("the rules that data must meet"),
        "retired": gettext("addresses that were given up"),
        "inferred": gettext("inferred from the others"),
        "quality": gettext("what was checked and measured"),
        "description": gettext("the description of the dataset"),
    }
    own = iri.removeprefix(vocabulary().graph_base)
    return Literal(names[own], language=current_language()) if own in names else Literal(unquote(own))


def link(iri: str, names: Mapping[str, Facts], graphs: Sequence[str] = ()) -> Value:
    """An IRI as a link: to its page here, or out, with the site's name, if this dataset only mentions it."""
    name = name_of(iri, names)
    known = local_path(iri) is not None or iri in names or iri in vocabulary().terms
    definition = vocabulary().definition(iri)
    site_name = host_of(iri) if not known and name.value == local_name(iri) != iri else None
    return Value(
        f"{name.value} ({site_name})" if site_name else name.value,
        language=name.language,
        href=document(iri) if known else iri,
        iri=iri,
        outward=not known,
        hint=definition.value if definition else None,
        hint_language=definition.language if definition else None,
        graphs=graphs,
    )


def readable(term: Term, prop: str, names: Mapping[str, Facts], graphs: Sequence[str] = ()) -> Value:
    """Any value of a property as it is shown.

    Args:
        term: the value.
        prop: the property it is a value of.
        names: names of the IRIs around.
        graphs: named graphs that say it.
    """
    if isinstance(term, NamedNode):
        if not term.value.startswith(("http://", "https://")):
            return Value(term.value, iri=term.value, graphs=graphs)
        shown = link(term.value, names, graphs)
        if prop == DCTERMS + "language" and shown.outward:
            return replace(shown, text=language_name(local_name(term.value), current_language()))
        return shown
    if not isinstance(term, Literal):
        return Value(str(term), graphs=graphs)
    if prop == DCTERMS + "language" and term.language is None:
        return Value(language_name(term.value, current_language()), graphs=graphs, hint=term.value)
    if prop == FOAF + "gender":
        return Value(_gender(term.value), graphs=graphs)
    text, machine = _lexical(term)
    datatype = term.datatype.value
    is_text = datatype == XSD + "string" or term.language is not None
    is_clear = is_text or datatype in NUMBERS or machine is not None or text != term.value
    hint = None if is_clear else curie(datatype)
    return Value(text, language=term.language, machine=machine, hint=hint, graphs=graphs)


def _gender(value: str) -> str:
    """The two values that FOAF names for ``foaf:gender``, in words; others as they are."""
    return {"female": gettext("female"), "male": gettext("male")}.get(value, value)


def _lexical(literal: Literal) -> tuple[str, str | None]:
    """The readable form of a literal, and its ISO 8601 form if it is a date that HTML's ``<time>`` takes."""
    value, datatype, locale = literal.value, literal.datatype.value, current_locale()
    try:
        if datatype == XSD + "boolean":
            return (gettext("yes") if value in ("true", "1") else gettext("no")), None
        if datatype in NUMBERS:
            return format_decimal(value, locale=locale, decimal_quantization=False), None
        if datatype == XSD + "date":
            return format_date(date.fromisoformat(value), "long", locale=locale), value
        if datatype == XSD + "dateTime":
            moment = datetime.fromisoformat(value)
            if moment.time() == time():
                return format_date(moment, "long", locale=locale), value
            return format_datetime(moment, "medium", locale=locale), value
        if datatype == XSD + "gYearMonth":
            return format_skeleton("yMMMM", date.fromisoformat(value + "-01"), locale=locale), value
        if datatype == XSD + "gYear" and len(value) == 4:
            return value, value
    except (ValueError, ArithmeticError):
        return value, None
    return value, None


def answered(term: Term, names: Mapping[str, Facts]) -> Value:
    """A term of a query's answer: things by name and linked to what this server knows of them, literals by type.

    Args:
        term: the term.
        names: names of the IRIs in the answer.
    """
    if not isinstance(term, NamedNode) or not term.value.startswith(("http://", "https://")):
        return readable(term, "", names)
    name = name_of(term.value, names)
    short = local_name(term.value)
    return Value(
        name.value,
        language=name.language,
        href=document(term.value),
        iri=term.value,
        hint=short if short != name.value else None,
    )
