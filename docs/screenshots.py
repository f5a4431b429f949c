"""Takes the screenshots of every kind of page from a running site: ``make screenshots`` while ``make serve`` runs."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).with_name("screenshots")
PAGES = {
    "network": "pictures/partnerships?lang=en&theme={base}id/theme/protection-des-enfants",
    "home": "?lang=en",
    "search": "search?q=OIM&lang=fr",
    "list": "browse/mgo:Partnership?lang=es",
    "person": "doc/person/julie-bolcer?lang=en",
    "organisation": "doc/organization/oim?lang=es",
    "partnership": "doc/partnership/alliance-pour-les-enfants?lang=en",
    "statement": "doc/statement/arbour-aucun-etat-ne-reussit-seul?lang=fr",
    "source": "doc/source/idm-2018-1.fr?lang=fr",
    "event": "doc/event/idm-2018-1?lang=en",
    "theme": "doc/theme/sante?lang=es",
    "map": "pictures/places?lang=fr",
    "time-line": "pictures/commitments?lang=en",
    "query": "sparql?lang=en",
    "ontology": "ontology?lang=fr",
    "downloads": "dumps/?lang=en",
    "quality": "quality?lang=es",
    "programs": "api?lang=fr",
    "accessibility": "accessibility?lang=en",
    "error": "doc/person/julie-bolzer?lang=en",
}
"""Name of the file → address below the base."""


def main(base: str) -> None:
    """Writes ``docs/screenshots/<name>.png`` for each page.

    Args:
        base: the address of the running site.
    """
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1120, "height": 1000}, color_scheme="light")
        for name, path in PAGES.items():
            page.goto(base + path.format(base=base))
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000/")
