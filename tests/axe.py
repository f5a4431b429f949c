"""What axe finds on a page (WCAG 2.2, and good practice)."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

CASES = (("en", "light"), ("en", "dark"), ("fr", "light"), ("es", "light"))
"""Languages and colours in which a page is looked at: names and structure in every language, which the colours do not
change, and contrast in all colours, which the language does not change. It takes most of axe's time."""

_CONTRAST = "color-contrast"


def violations(page: Page, language: str, scheme: str) -> list[tuple[str, list[object]]]:
    """The rules that the page breaks, with the places: inside an editor they are paths through shadow trees."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if scheme == "dark":
        options["runOnly"] = {"type": "rule", "values": [_CONTRAST]}
    elif language != CASES[0][0]:
        options["rules"] = {_CONTRAST: {"enabled": False}}
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]
