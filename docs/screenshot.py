"""Takes the README's screenshot from a running site: ``make screenshot`` while ``make serve`` runs."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PAGE = "doc/partnership/alliance-pour-les-enfants?lang=en"


def main(base: str) -> None:
    """Writes ``docs/screenshot.png``.

    Args:
        base: the address of the running site.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 1720}, color_scheme="light")
        page.goto(base + PAGE)
        page.screenshot(path=Path(__file__).with_name("screenshot.png"))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000/")
