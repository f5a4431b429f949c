"""Telling whether the current release still matches its input, without loading any RDF."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from publisher import __version__
from publisher.build.inputs import input_files
from publisher.core.errors import ReleaseMissing
from publisher.core.release import CHANGELOG, open_release
from publisher.core.settings import Settings

INPUT_SETTINGS = ("canonical_base", "title", "evidence_key", "evidence_class", "source_class", "name_keys", "languages")


def fingerprint(settings: Settings) -> str:
    """Hash over everything a release depends on: input files, base IRI, settings, software."""
    digest = hashlib.sha256(f"{__version__}\n{settings.public_base}\n".encode())
    digest.update(json.dumps({name: getattr(settings, name) for name in INPUT_SETTINGS}).encode())
    for name, content in _inputs(settings.project):
        digest.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()


def _inputs(project: Path) -> Iterator[tuple[str, bytes]]:
    for path in input_files(project):
        yield path.relative_to(project).as_posix(), path.read_bytes()
    if (project / CHANGELOG).is_file():
        yield CHANGELOG, (project / CHANGELOG).read_bytes()
    software = Path(__file__).parent.parent
    for part in ("build", "core"):
        for path in sorted(p for p in (software / part).rglob("*") if p.suffix in (".py", ".ttl", ".rq")):
            yield path.relative_to(software.parent).as_posix(), path.read_bytes()


def is_current(settings: Settings) -> bool:
    """Whether the current release was made from the very input that lies there now."""
    try:
        return open_release(settings.releases_folder).inputs == fingerprint(settings)
    except ReleaseMissing:
        return False
