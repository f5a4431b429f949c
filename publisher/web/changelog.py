"""The project's list of changes, from Markdown to HTML."""

from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TOP = 2
"""The level of the first headings: the page has the first level for its own."""


@cache
def changelog(file: Path) -> Markup | None:
    """The file as HTML, without its title; None if the project has none.

    CommonMark, with HTML in it shown as text. Headings leave out no level. A link that is relative leads to a
    file of the project, which is not published here: only its words are kept.

    Args:
        file: the Markdown file.
    """
    if not file.is_file():
        return None
    parser = MarkdownIt("commonmark", {"html": False})
    tokens = parser.parse(file.read_text(encoding="utf-8"))
    if [token.type for token in tokens[:1]] == ["heading_open"] and tokens[0].tag == "h1":
        tokens = tokens[3:]
    _set_levels(tokens)
    for token in tokens:
        token.children = _without_relative_links(token.children) if token.children else token.children
    return Markup(parser.renderer.render(tokens, parser.options, {}))


def _set_levels(tokens: list[Token]) -> None:
    """No heading is more than one level below the one before (WCAG 2.2 SC 1.3.1)."""
    above: list[tuple[int, int]] = []
    for token in tokens:
        if token.type == "heading_open":
            stated = int(token.tag[1])
            above = [pair for pair in above if pair[0] < stated]
            above.append((stated, min(above[-1][1] + 1 if above else TOP, 6)))
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{above[-1][1]}"


def _without_relative_links(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    open_links: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            open_links.append(str(token.attrs.get("href", "")).startswith(("https://", "http://")))
        is_kept = token.type not in ("link_open", "link_close") or open_links[-1]
        if token.type == "link_close":
            open_links.pop()
        if is_kept and token.type != "image":
            kept.append(token)
    return kept
