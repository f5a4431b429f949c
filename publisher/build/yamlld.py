"""Reading YAML-LD with the place of every node and key, and checking it against the context."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from publisher.build.context import CONTEXT_FILE, Context
from publisher.build.literals import is_of, lexical_form, what_to_write
from publisher.build.project import Project
from publisher.core.errors import BadSlug, DataError, MissingId, SyntaxFault, UnknownKey
from publisher.core.position import Position

SLUG = re.compile(r"[a-z0-9-]+/[a-z0-9][a-z0-9.-]*")
SCALARS = (str, int, float, bool)


@dataclass(frozen=True)
class Node:
    """One node object of a facts file.

    Args:
        id: its ``id`` as written, relative to the context's base.
        body: its keys and values as plain Python data, ``id`` included.
        position: the line the node starts on.
        lines: the line of each key, and of each entry of a list as ``key[0]``, ``key[1]`` …
    """

    id: str
    body: dict[str, Any]
    position: Position
    lines: dict[str, Position]


def suggest(word: str, known: list[str]) -> str:
    """A hint that names the nearest known words, or says that there is none near."""
    near = difflib.get_close_matches(word, known, n=3)
    return f"Did you mean {' or '.join(repr(n) for n in near)}?" if near else "Nothing known is spelt like it."


def read_nodes(path: Path, project: Project, context: Context) -> list[Node]:
    """Reads a facts file (YAML-LD 1.0, the JSON-LD subset: YAML 1.2 without anchors or tags).

    Raises:
        SyntaxFault: it is not YAML, or not a list of nodes under ``@graph``.
        UnknownKey: a key or type that the context does not define.
        MissingId: a node without an id.
        BadSlug: an id that is not ``<class>/<slug>`` in lower-case ASCII.
        DataError: a value of the wrong kind for its key.
    """
    name = project.name(path)
    try:
        document = YAML().load(project.read(path))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SyntaxFault(f"{error.problem}.", hint="Mend the YAML.", where=Position(name, line)) from None
    if not isinstance(document, CommentedMap) or not isinstance(document.get("@graph"), list):
        raise SyntaxFault("A mapping with a list under '@graph' is needed.", where=Position(name, 1))
    for key in document:
        if key not in ("@context", "@graph"):
            raise UnknownKey(
                f"'{key}' at the top.", hint="Only '@context' and '@graph'.", where=_line(document, key, name)
            )
    _check_context(document.get("@context"), path, project, name)
    return [_node(entry, index, document["@graph"], name, context) for index, entry in enumerate(document["@graph"])]


def _check_context(stated: Any, path: Path, project: Project, name: str) -> None:
    """Other JSON-LD tools read the file by the context it names, so that must be the one it is read by here."""
    if isinstance(stated, str) and (path.parent / stated).resolve() == (project.folder / CONTEXT_FILE).resolve():
        return
    ours = "../" * len(path.parent.relative_to(project.folder).parts) + CONTEXT_FILE
    line = next((n for n, text in enumerate(project.read(path).splitlines(), 1) if "@context" in text), 1)
    raise SyntaxFault(f"'@context' is {stated!r}.", hint=f'Write "@context": {ours}', where=Position(name, line))


def _line(mapping: CommentedMap, key: str, name: str) -> Position:
    return Position(name, mapping.lc.key(key)[0] + 1)


def _node(entry: Any, index: int, graph: Any, name: str, context: Context) -> Node:
    position = Position(name, graph.lc.item(index)[0] + 1)
    if not isinstance(entry, CommentedMap):
        raise SyntaxFault("A node must be a mapping of keys to values.", where=position)
    lines = {key: _line(entry, key, name) for key in entry}
    for key, value in entry.items():
        if isinstance(value, CommentedSeq):
            lines |= {f"{key}[{n}]": Position(name, value.lc.item(n)[0] + 1) for n in range(len(value))}
    for key in entry:
        if key not in context.keys:
            raise UnknownKey(f"'{key}'.", hint=suggest(key, context.keys), where=lines[key])
    if not isinstance(entry.get("id"), str):
        raise MissingId(
            "Every node needs 'id: <class>/<slug>'.", hint="Name it, so that it can be cited.", where=position
        )
    if not SLUG.fullmatch(entry["id"]):
        raise BadSlug(
            f"'{entry['id']}'.", hint="Write <class>/<slug>: lower-case ASCII, digits, '-' and '.'.", where=lines["id"]
        )
    for kind in _as_list(entry.get("type", [])):
        if kind not in context.keys:
            raise UnknownKey(f"Type '{kind}'.", hint=suggest(str(kind), context.keys), where=lines["type"])
    for key, value in entry.items():
        _check_value(key, value, lines[key], context)
        _check_datatype(key, value, lines, context)
    # As text, because rdflib takes a YAML number for an xsd:integer whatever its key's datatype is.
    body = {key: _as_text(value) if context.datatype(key) else value for key, value in _plain(entry).items()}
    return Node(entry["id"], body, position, lines)


def _check_value(key: str, value: Any, where: Position, context: Context) -> None:
    """JSON-LD would silently drop or misread what is refused here."""
    if context.is_language_map(key):
        texts = value.values() if isinstance(value, dict) else [None]
        if not all(isinstance(text, str) for entry in texts for text in _as_list(entry)):
            raise DataError(f"'{key}' needs texts by language, such as {{fr: …, en: …}}.", where=where)
    elif context.is_reference(key):
        if not all(isinstance(item, (str, dict)) for item in _as_list(value)):
            raise DataError(f"'{key}' needs an id or a list of ids.", where=where)
    elif not all(isinstance(item, SCALARS) for item in _as_list(value)):
        raise DataError(f"'{key}' needs a plain value; write dates in quotation marks.", where=where)


def _check_datatype(key: str, value: Any, lines: dict[str, Position], context: Context) -> None:
    """Refuses a value that is none of the datatype that the context states for its key."""
    if (datatype := context.datatype(key)) is None:
        return
    for index, item in enumerate(_as_list(value)):
        if not is_of(datatype, item):
            where = lines.get(f"{key}[{index}]", lines[key])
            raise DataError(f"'{key}' cannot be '{item}'.", hint=what_to_write(datatype), where=where)


def _as_text(value: Any) -> str | list[str]:
    return [lexical_form(item) for item in value] if isinstance(value, list) else lexical_form(value)


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, str) else value
