"""``publisher new document``: the folders and files that a further document needs, ready to be filled."""

import hashlib
import json
import re
from pathlib import Path

from publisher.build.context import read_context
from publisher.build.languages import is_known, suggest_tag
from publisher.build.project import Project
from publisher.build.yamlld import read_nodes, suggest
from publisher.core.errors import BuildError, SettingsError
from publisher.core.settings import Settings

DOCUMENT = re.compile(r"[a-z0-9][a-z0-9.-]*")
SOURCE = """\
# What is known about text.txt; the build refuses a text with another sha256.
language = {tag}
publisher = {publisher}
sha256 = "{sha256}"

[title]
{language} = {title}

[rights]
{language} = {rights}
"""
RIGHTS = "To be filled in: who holds the rights in the text."
FACTS = """\
# What the document says, fact by fact, each with its exact words. Begin with a copy of a fact of another document;
# docs/how-to/add-facts.md says what each key means. A thing that another document describes is named by its id.
"@context": ../../../ontology/context.jsonld
"@graph": []
"""


def new_document(settings: Settings, slug: str, text: Path, title: str, language: str, publisher: str) -> list[Path]:
    """Makes the source and facts folders of a document.

    Args:
        settings: of the project.
        slug: the document's name in addresses, such as ``idm-2019-1.fr``.
        text: a UTF-8 file with the document's text, which is copied.
        title: its title, in its own language.
        language: BCP 47 tag of the language it is in.
        publisher: id of who published it, such as ``organization/oim``.

    Returns:
        The files made.

    Raises:
        SettingsError: the slug, the language or the publisher cannot be used.
        BuildError: the text cannot be read, or there is such a document already.
        DataError: the facts, which are searched for the publisher, cannot be read.
    """
    if not DOCUMENT.fullmatch(slug):
        raise SettingsError(f"'{slug}'.", hint="Write lower-case ASCII, digits, '-' and '.'.", where="slug")
    if not is_known(language):
        raise SettingsError(f"'{language}' is no language tag.", hint=suggest_tag(language), where="--language")
    project = Project.of(settings)
    _check_publisher(publisher, project)
    source, facts = (project.folder / "data" / part / slug for part in ("sources", "facts"))
    for folder in (source, facts):
        if folder.exists():
            raise BuildError("There is such a document already.", where=project.name(folder))
    try:
        content = text.read_bytes()
        content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(str(error), hint="Give the path of a UTF-8 text file.", where=str(text)) from None
    strings = {"tag": language, "publisher": publisher, "title": title, "rights": RIGHTS}
    quoted = {key: json.dumps(value, ensure_ascii=False) for key, value in strings.items()}
    about = SOURCE.format(sha256=hashlib.sha256(content).hexdigest(), language=language, **quoted)
    made = {source / "text.txt": content, source / "source.toml": about.encode(), facts / "facts.yaml": FACTS.encode()}
    for path, data in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return list(made)


def _check_publisher(publisher: str, project: Project) -> None:
    """In a project without facts any will do: there the first document has to describe its own publisher."""
    context = read_context(project)
    files = project.files("data/facts/*/*.yaml")
    known = [node.id for path in files for node in read_nodes(path, project, context) if "type" in node.body]
    if known and publisher not in known:
        hint = f"{suggest(publisher, known)} Or describe it first, in the facts of another document."
        raise SettingsError(f"No fact describes '{publisher}'.", hint=hint, where="--publisher")
