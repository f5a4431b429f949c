"""Pictures that a project declares: a SPARQL query with a head of comments that says what to draw from its rows.

::

    # picture: network
    # title@en: Who works with whom?
    # description@en: …
    # source@en: Organisation
    # filter: theme

``picture`` names one of ``KINDS``, whose variables the query must have. Every variable has a name for people in each
language; ``filter`` names a variable by whose values the rows can be narrowed.
"""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from publisher.core.errors import SyntaxFault, UnknownKey
from publisher.core.position import Position

FOLDER = "pictures"
"""In the release: ``<name>.rq``, its answer ``<name>.srj``, and names of all things mentioned, ``names.nt``."""
NAMES = "names.nt"
_LINE = re.compile(r"^#\s*(?P<key>[A-Za-z_]\w*)(?:@(?P<language>[A-Za-z-]+))?\s*:\s*(?P<text>\S.*?)\s*$")
_TEXTS = ("title", "description")


class Kind(Struct, frozen=True):
    """What a kind of picture is drawn from.

    Args:
        needed: variables that the query must have.
        unit: the variable whose different values are what numbers beside the picture count.
        optional: further variables that are drawn if the query has them.
        counted: the variable whose values are counted for each combination of the others; empty if nothing is.
        is_ordered: whether rows keep the order of the query; else they go by count and name.
    """

    needed: tuple[str, ...]
    unit: str
    optional: tuple[str, ...] = ()
    counted: str = ""
    is_ordered: bool = False

    @property
    def drawn(self) -> tuple[str, ...]:
        """The variables that make one line of the table."""
        return (*(name for name in self.needed if name != self.counted), *self.optional)


KINDS = {
    "network": Kind(("source", "target"), "target", ("group", "weight")),
    "timeline": Kind(("thing", "date"), "thing", is_ordered=True),
    "heat": Kind(("row", "column", "counted"), "counted", counted="counted"),
    "bars": Kind(("bar", "counted"), "counted", counted="counted"),
    "map": Kind(("place", "latitude", "longitude"), "place"),
}
"""The kinds of pictures: what the build checks and what the serving half draws."""


class Declaration(Struct, frozen=True):
    """What the head of a query says.

    Args:
        name: the file's stem.
        kind: one of ``KINDS``.
        texts: ``title``, ``description`` or a variable → language → text.
        filters: variables by whose values the rows can be narrowed.
        hidden: those of them that the table leaves out.
        query: the text without the head.
    """

    name: str
    kind: str
    texts: Mapping[str, Mapping[str, str]]
    filters: Sequence[str]
    hidden: Sequence[str]
    query: str


def read_declaration(name: str, text: str, where: str, languages: Sequence[str]) -> Declaration:
    """Reads the head of a query.

    Args:
        name: of the picture.
        text: of the file.
        where: the file as messages name it.
        languages: those that every text must be in.

    Raises:
        SyntaxFault: the head lacks something; names the line.
        UnknownKey: there is no such kind of picture.
    """
    lines = text.splitlines()
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    kind = ""
    listed: dict[str, list[str]] = {"filter": [], "hidden": []}
    texts: dict[str, dict[str, str]] = {}
    for number, line in enumerate(lines[:head], 1):
        match = _LINE.match(line)
        if match is None:
            raise SyntaxFault("The head has lines such as '# title@en: …'.", where=Position(where, number))
        if match["language"]:
            texts.setdefault(match["key"], {})[match["language"].lower()] = match["text"]
        elif match["key"] == "picture":
            kind = match["text"]
            if kind not in KINDS:
                hint = f"Kinds of pictures: {', '.join(KINDS)}."
                raise UnknownKey(f"There is no picture '{kind}'.", hint=hint, where=Position(where, number))
        elif match["key"] in listed:
            listed[match["key"]].append(match["text"])
        else:
            hint = "A head has 'picture', 'filter', 'hidden', and texts with their language, such as '# title@en: …'."
            raise UnknownKey(f"'{match['key']}' says nothing here.", hint=hint, where=Position(where, number))
    if not kind:
        hint = f"Write one of: {', '.join(KINDS)}."
        raise SyntaxFault("The head does not say '# picture: <kind>'.", hint=hint, where=Position(where, 1))
    for key in (*_TEXTS, *texts):
        if missing := [language for language in languages if language not in texts.get(key, {})]:
            needed = ", ".join(f"{key}@{language}" for language in missing)
            raise SyntaxFault(f"The head has no {needed}.", where=Position(where, head))
    return Declaration(
        name, kind, texts, tuple(listed["filter"]), tuple(listed["hidden"]), "\n".join(lines[head:]).strip() + "\n"
    )


def check_variables(declaration: Declaration, variables: Sequence[str], where: Position) -> None:
    """Compares a head with the variables of its query.

    Raises:
        SyntaxFault: the query lacks a variable, or a variable has no name for people.
    """
    kind = KINDS[declaration.kind]
    if missing := [f"?{name}" for name in kind.needed if name not in variables]:
        hint = f"'{declaration.kind}' needs {', '.join(f'?{name}' for name in kind.needed)}."
        raise SyntaxFault(f"The query does not give {', '.join(missing)}.", hint=hint, where=where)
    if unknown := [name for name in declaration.filters if name not in variables]:
        raise SyntaxFault(f"The query does not give ?{unknown[0]}, which is a filter.", where=where)
    if useless := [name for name in declaration.hidden if name not in declaration.filters]:
        raise SyntaxFault(f"?{useless[0]} is hidden and no filter: nobody would ever see it.", where=where)
    if unnamed := [name for name in variables if name not in declaration.texts]:
        raise SyntaxFault(f"The head does not name ?{unnamed[0]}.", hint=f"Add '# {unnamed[0]}@en: …'.", where=where)
