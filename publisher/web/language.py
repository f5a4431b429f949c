"""The languages of pages: which one a reader gets, and the translations of every sentence.

Message ids are English. ``locale/<language>.po`` is read as it is at start-up: there is
no compile step that could be forgotten.
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import cast

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, has_request_context
from markupsafe import Markup
from pyoxigraph import Literal
from webob.acceptparse import create_accept_language_header

from publisher.web.negotiation import wishes
from publisher.web.running import remembered, running_request
from publisher.web.site import site

LOCALE = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; the message ids themselves where there is none."""
    file = LOCALE / f"{language}.po"
    if not file.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as handle:
        write_mo(compiled, read_po(handle, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def chosen_by_address() -> str | None:
    """The language that ``?lang=`` asks for, if the site has it."""
    known = remembered()
    try:
        return cast("str | None", known.chosen_language)
    except AttributeError:
        asked = running_request().args.get("lang")
        known.chosen_language = asked if asked in site().settings.languages else None
        return cast("str | None", known.chosen_language)


def current_language() -> str:
    """The language of the running request: ``?lang=``, else ``Accept-Language``, else the first of the settings.

    The header is read by the "lookup" scheme of RFC 4647 §3.4.
    """
    try:
        return cast(str, remembered().language)
    except RuntimeError:
        return SOURCE_LANGUAGE
    except AttributeError:
        if not has_request_context():
            return SOURCE_LANGUAGE
        offered = site().settings.languages
        header = wishes("Accept-Language") or None
        ranges = create_accept_language_header(header)
        wanted = ranges.lookup(list(offered), default=offered[0]) if header else offered[0]
        remembered().language = chosen_by_address() or wanted
        return cast(str, remembered().language)


def current_locale() -> str:
    """How dates and numbers are written for the reader: English as in Britain, which is how the pages spell."""
    return locale_of(current_language())


def locale_of(language: str) -> str:
    """How dates and numbers are written in a language."""
    return {"en": "en_GB"}.get(language, language)


def preference() -> tuple[str, ...]:
    """Languages in the order in which labels are chosen: the reader's, then the settings'."""
    known = remembered()
    try:
        return cast("tuple[str, ...]", known.preference)
    except AttributeError:
        known.preference = tuple(dict.fromkeys((current_language(), *site().settings.languages)))
        return cast("tuple[str, ...]", known.preference)


def choose(literals: Iterable[Literal]) -> Literal | None:
    """The literal that suits the reader best: by language, then untagged, then as printed.

    Args:
        literals: candidates of equal standing; among equals the first in code-point order wins.
    """
    languages = preference()

    def rank(literal: Literal) -> tuple[int, str]:
        if literal.language is None:
            return len(languages), literal.value
        language = literal.language.lower().partition("-")[0]
        return languages.index(language) if language in languages else len(languages) + 1, literal.value

    return min(literals, key=rank, default=None)


def gettext(message: str) -> str:
    """The message in the language of the running request."""
    return translations(current_language()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message for a number of things, in the language of the running request."""
    return translations(current_language()).ngettext(singular, plural, number)


@lru_cache(maxsize=256)
def language_name(code: str, within: str | None = None) -> str:
    """The name of a language: its own, or the one it has in the language ``within``; the code if unknown."""
    try:
        return Locale.parse(code, sep="-").get_display_name(within or code) or code
    except (UnknownLocaleError, ValueError):
        return code


def language_names() -> Mapping[str, str]:
    """The languages of the settings by code, each under its own name, for the language switch."""
    return {code: language_name(code) for code in site().settings.languages}


@lru_cache(maxsize=5_000)
def _in_template(message: str, language: str) -> Markup:
    """A message without variables as templates have it: translations are trusted, and ``%%`` in them is a percent."""
    return Markup(translations(language).gettext(message)) % {}


def install(app: Flask) -> None:
    """Gives the templates ``gettext`` and ``{% trans %}`` in the reader's language."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    # Jinja would write each of them anew for every page, of which they are a twentieth.
    app.jinja_env.globals["_"] = lambda message: _in_template(message, current_language())
