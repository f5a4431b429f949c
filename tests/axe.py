"""What axe finds on a page (WCAG 2.2, and good practice)."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

LANGUAGES = ("en", "fr", "es")
_CONTRAST = "color-contrast"
_ALL = {"resultTypes": ["violations"]}
_ALL_BUT_CONTRAST = {**_ALL, "rules": {_CONTRAST: {"enabled": False}}}
_ONLY_CONTRAST = {**_ALL, "runOnly": {"type": "rule", "values": [_CONTRAST]}}


def violations(page: Page, language: str) -> list[tuple[str, str, list[object]]]:
    """Colour scheme and rule that the page breaks, with the places: inside an editor they are paths in shadow trees.

    Names and structure are looked at in every language, which the colours do not change, and contrast in all colours,
    which the language does not change. It takes most of axe's time.
    """
    page.emulate_media(color_scheme="light")
    found = _told("light", Axe().run(page, options=_ALL if language == "en" else _ALL_BUT_CONTRAST).response)
    if language == "en":
        page.emulate_media(color_scheme="dark")
        found += _told("dark", page.evaluate("options => axe.run(options)", _ONLY_CONTRAST))
    return found


def _told(scheme: str, response: dict[str, Any]) -> list[tuple[str, str, list[object]]]:
    return [(scheme, one["id"], [node["target"] for node in one["nodes"]]) for one in response["violations"]]
