"""What the SPARQL service says of itself (SPARQL 1.1 Service Description), its limits included."""

from collections.abc import Iterator

from babel.numbers import format_decimal
from pyoxigraph import Literal, NamedNode, Triple

from publisher.core.settings import TABLE
from publisher.core.terms import DESCRIPTION_PATH, RDFS, SD
from publisher.web.language import locale_of, translations
from publisher.web.site import site

LIMITS = ("body_", "query_", "result_")
"""How the names of settings begin that bound what a query may take."""


def description() -> list[Triple]:
    """The description that the build made, and in words the limits that the running server has.

    No vocabulary has terms for limits, so they are comments.
    """
    base = site().release.base_iri
    service = NamedNode(base + "sparql")
    comments = [
        Triple(
            service,
            NamedNode(RDFS + "comment"),
            Literal(f"{what}: {format_decimal(value, locale=locale_of(language))}", language=language),
        )
        for language in site().settings.languages
        for what, value in limits(language)
    ]
    federates = Triple(service, NamedNode(SD + "feature"), NamedNode(SD + "BasicFederatedQuery"))
    described = site().store.construct("service", graph=NamedNode(base + DESCRIPTION_PATH))
    return [*described, *comments, *([federates] if site().settings.services else ())]


def limits(language: str) -> Iterator[tuple[str, float]]:
    """Every limit on queries: what it bounds, in a language, and its value.

    Args:
        language: a language of the site; English where there is no translation.
    """
    for name, setting in TABLE.items():
        if name.startswith(LIMITS):
            sentence = translations(language).gettext(setting.help)
            yield sentence.rstrip("."), getattr(site().settings, name)
