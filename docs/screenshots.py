"""Takes the screenshots of every kind of page from a running site: ``make screenshots`` while ``make serve`` runs."""

import shutil
import sys
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).with_name("screenshots")
QUERY = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?source ?target
WHERE { ?source skos:broader ?target }
ORDER BY ?target ?source
LIMIT 25
"""
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
    "commitment": "doc/commitment/unicef-rapport-special-sur-les-jeunes?lang=es",
    "figure": "doc/figure/enfants-migrants?lang=en",
    "instrument": "doc/instrument/pacte-mondial-sur-les-migrations?lang=fr",
    "place": "doc/place/indonesie?lang=en",
    "event": "doc/event/idm-2018-1?lang=en",
    "theme": "doc/theme/sante?lang=es",
    "map": "pictures/places?lang=fr",
    "time-line": "pictures/commitments?lang=en",
    "themes-and-actors": "pictures/themes-and-actors?lang=es",
    "supporters": "pictures/supporters?lang=fr",
    "pictures": "pictures/?lang=en",
    "query": "sparql?lang=en",
    "answer": f"sparql?{urlencode({'query': QUERY, 'view': 'network', 'lang': 'en'})}#result",
    "syntax-error": "sparql?query=SELECT%20*%20%7B%0A%20%20?s%20?p%20===%20?o%0A%7D&lang=fr",
    "ontology": "ontology?lang=fr",
    "dataset": "doc/dataset/migration-partnerships?lang=en",
    "downloads": "dumps/?lang=en",
    "quality": "quality?lang=es",
    "programs": "api?lang=fr",
    "about": "about?lang=es",
    "changes": "changes?lang=en",
    "patterns": "patterns?lang=en",
    "problems": "problems?lang=fr",
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
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1120, "height": 1000}, color_scheme="light", reduced_motion="reduce")
        for name, path in PAGES.items():
            page.goto(base + path.format(base=base))
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000/")
