"""The project's pictures: their queries are checked, asked once, and answered into the release."""

from collections.abc import Sequence
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from publisher.build.project import Project
from publisher.core.errors import SyntaxFault
from publisher.core.picture import FOLDER, NAMES, Declaration, check_variables, read_declaration
from publisher.core.position import Position
from publisher.core.terms import LABEL_PROPERTIES

FILES = f"data/{FOLDER}/*.rq"


def check_pictures(project: Project, languages: Sequence[str]) -> None:
    """Reads every declaration with its query.

    Raises:
        SyntaxFault: a head is not complete, or a query is no SELECT of what its picture needs.
    """
    for path in project.files(FILES):
        where = Position(project.name(path), 1)
        declaration = _declaration(project, path, languages)
        answer = _ask(pyoxigraph.Store(), project.read(path), where)
        check_variables(declaration, [variable.value for variable in answer.variables], where)


def pages_of(project: Project) -> list[str]:
    """The addresses of the project's pictures, below the base."""
    names = [path.stem for path in project.files(FILES)]
    return [f"{FOLDER}/{name}" for name in ("", *names)] if names else []


def write_pictures(project: Project, store: Path, release: Path) -> None:
    """Writes the queries with their answers, and the names of what these mention.

    A release never changes, so neither do the answers: serving them asks nothing of the store.

    Args:
        project: whose pictures.
        store: the release's store.
        release: the folder to write into.
    """
    files = project.files(FILES)
    if not files:
        return
    folder = release / FOLDER
    folder.mkdir()
    engine = pyoxigraph.Store.read_only(str(store))
    mentioned: set[NamedNode] = set()
    for path in files:
        text = project.read(path)
        (folder / path.name).write_text(text, encoding="utf-8")
        where = Position(project.name(path), 1)
        body = _ask(engine, text, where).serialize(format=QueryResultsFormat.JSON) or b""
        (folder / path.with_suffix(".srj").name).write_bytes(body)
        mentioned |= {term for row in _ask(engine, text, where) for term in row if isinstance(term, NamedNode)}
    names = {
        Triple(quad.subject, quad.predicate, quad.object)
        for term in mentioned
        for prop in LABEL_PROPERTIES
        for quad in engine.quads_for_pattern(term, NamedNode(prop), None, None)
    }
    lines = pyoxigraph.serialize(sorted(names, key=str), format=RdfFormat.N_TRIPLES)
    (folder / NAMES).write_bytes(lines or b"")


def _declaration(project: Project, path: Path, languages: Sequence[str]) -> Declaration:
    return read_declaration(path.stem, project.read(path), project.name(path), languages)


def _ask(store: pyoxigraph.Store, query: str, where: Position) -> QuerySolutions:
    try:
        answer = store.query(query)
    except SyntaxError as error:
        raise SyntaxFault(str(error), hint="Mend the query.", where=where) from None
    if not isinstance(answer, QuerySolutions):
        raise SyntaxFault("A picture is drawn from the rows of a SELECT.", hint="Mend the query.", where=where)
    return answer
