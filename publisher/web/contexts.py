"""What every template can use: addresses, the dataset's name, languages, the release."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from flask import Flask
from pyoxigraph import Literal, NamedNode

from publisher.core.terms import DCTERMS, DESCRIPTION_PROPERTIES, LABEL_PROPERTIES
from publisher.web.language import chosen_by_address, current_language, current_locale, gettext, language_names
from publisher.web.links import address, asked_path, curie, document, local_path
from publisher.web.pictures.data import has_pictures
from publisher.web.running import remembered, running_request
from publisher.web.site import site
from publisher.web.template_cache import template_cache
from publisher.web.vocabulary import best, vocabulary

STATIC = Path(__file__).parent / "static"


@cache
def static_version(name: str) -> str:
    """A hash of a static file, so that its address changes when it does."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def static(name: str) -> str:
    """The address of a static file."""
    return f"{running_request().script_root}/static/{name}?v={static_version(name)}"


def in_language(code: str | None) -> str:
    """The address of this page in another language; None: without a choice of language."""
    parameters = [(name, value) for name, value in running_request().args.items(multi=True) if name != "lang"]
    if code:
        parameters.append(("lang", code))
    return asked_path() + ("?" + urlencode(parameters) if parameters else "")


def number(value: int | float) -> str:
    """A number as the reader's language writes it."""
    return _number(value, current_locale())


@lru_cache(maxsize=1_000)
def _number(value: int | float, locale: str) -> str:
    return format_decimal(value, locale=locale)


def duration(value: float) -> str:
    """A time in seconds to the millisecond."""
    return format_decimal(value, format="0.000", locale=current_locale())


def percent(share: float) -> str:
    """A share of 1 as a percentage with at most one decimal."""
    return format_percent(round(share, 3), locale=current_locale(), decimal_quantization=False)


def size(count: int) -> str:
    """A number of bytes in the unit that suits it."""
    for power, unit in ((3, "gigabyte"), (2, "megabyte"), (1, "kilobyte")):
        if count >= 1000**power:
            return format_unit(round(count / 1000**power, 1), f"digital-{unit}", "short", locale=current_locale())
    return format_unit(count, "digital-byte", "long", locale=current_locale())


def linked(text: str) -> list[tuple[str, str | None]]:
    """A text cut into pieces, with an address for those that are IRIs of this dataset."""
    pieces = re.split(r"(https?://[^\s<>,?]+)", text)
    return [(piece, document(piece) if local_path(piece) else None) for piece in pieces if piece]


def serial() -> int:
    """Another number at each call within a request, for ids that must differ on a page."""
    known = remembered()
    known.serial = known.get("serial", 0) + 1
    return int(known.serial)


def about_dataset() -> Mapping[str, Any]:
    """Title, description, rights and licence that the dataset states of itself."""
    facts = vocabulary().dataset
    licence = next((term.value for term in facts.get(DCTERMS + "license", ()) if isinstance(term, NamedNode)), None)
    return {
        "title": best(facts, LABEL_PROPERTIES) or Literal(gettext("Linked open data")),
        "description": best(facts, DESCRIPTION_PROPERTIES),
        "rights": best(facts, (DCTERMS + "rights",)),
        "licence": licence,
    }


def _context() -> dict[str, Any]:
    language = current_language()
    return {
        "language": language,
        "languages": language_names(),
        "in_language": in_language,
        "chosen_language": chosen_by_address(),
        "dataset": about_dataset(),
        "release": site().release,
        "has_pictures": has_pictures(site().release),
    }


def install(app: Flask) -> None:
    """Registers the context and the functions that templates call."""
    app.context_processor(_context)
    app.jinja_env.globals.update(
        address=address,
        curie=curie,
        document=document,
        linked=linked,
        duration=duration,
        number=number,
        percent=percent,
        serial=serial,
        size=size,
        static_file=static,
    )
    app.jinja_env.bytecode_cache = template_cache()
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
