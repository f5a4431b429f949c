"""What axe finds on a page (WCAG 2.2, and good practice)."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from conftest import THOROUGH
from playwright.sync_api import Page

LANGUAGES = ("en", "fr", "es")
_CONTRAST = "color-contrast"
_ALL: dict[str, Any] = {"resultTypes": ["violations"]}
_STRUCTURE = {**_ALL, "rules": {_CONTRAST: {"enabled": False}}}
_COLOURS = {**_ALL, "runOnly": {"type": "rule", "values": [_CONTRAST]}}
_EVERYTHING = {"include": [["html"]]}
_FIRST_ONES = {"exclude": [[":is(li, tr, dd, dt, .term, .paragraph, svg g, svg text, svg a):nth-child(n+9)"]]}
"""What stands far down in a list looks as its first lines do."""


def violations(page: Page, language: str) -> list[tuple[str, list[object]]]:
    """The rules that the page breaks, with the places: inside an editor they are paths through shadow trees.

    Names and structure are looked at in every language, which the colours do not change, and contrast in light and dark
    colours, which the language does not change and which takes most of axe's time. ``make thorough`` looks at
    everything in every language and in both.
    """
    page.emulate_media(color_scheme="light")
    responses = [Axe().run(page, options=_ALL if THOROUGH else _STRUCTURE).response]
    further: tuple[Literal["light", "dark"], ...] = ("light", "dark") if language == LANGUAGES[0] else ()
    places, options = (_EVERYTHING, _ALL) if THOROUGH else (_FIRST_ONES, _COLOURS)
    for scheme in ("dark",) if THOROUGH else further:
        page.emulate_media(color_scheme=scheme)
        responses.append(page.evaluate("([places, options]) => axe.run(places, options)", [places, options]))
    broken = (rule for response in responses for rule in response["violations"])
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in broken]
