"""Writing a release: complete in a folder of its own, then switched in atomically."""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from publisher import __version__
from publisher.core.errors import BuildError
from publisher.core.release import CURRENT, DERIVED, MANIFEST, Release, open_release

UNFINISHED = ".unfinished-"
KEPT = 3
"""Releases kept on disk, the current one included."""


@contextmanager
def new_release(releases: Path) -> Iterator[Path]:
    """A folder to write a release into; removed unless it is published.

    Only one build writes at a time; what a crashed build left behind is removed.

    Raises:
        BuildError: the folder cannot be written, or another build is running.
    """
    try:
        releases.mkdir(parents=True, exist_ok=True)
        lock = (releases / ".lock").open("w")
    except OSError as error:
        raise BuildError(
            str(error), hint="Choose a folder that can be written: setting 'releases'.", where=str(releases)
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError("Another build is running.", hint="Wait for it.", where=str(releases)) from None
        for leftover in releases.glob(UNFINISHED + "*"):
            shutil.rmtree(leftover)
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=releases))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, about: dict[str, Any]) -> Release:
    """Writes the manifest, names the release after its content and makes it the current one.

    Args:
        folder: the finished folder from ``new_release``.
        about: what the manifest says besides files and release id.
    """
    files = [
        _entry(path, folder)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in DERIVED
    ]
    manifest = {**about, "software": f"publisher {__version__}", "files": files}
    digest = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:16]
    manifest["release"] = digest
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    _sync(folder)
    releases = folder.parent
    if not (releases / digest / MANIFEST).exists():
        folder.rename(releases / digest)
    link = releases / f".{CURRENT}-{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(digest)
    link.replace(releases / CURRENT)
    _remove_old(releases, digest)
    return open_release(releases)


def _entry(path: Path, folder: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {
        "path": path.relative_to(folder).as_posix(),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _sync(folder: Path) -> None:
    """Puts the files on disk before the link points to them: a power cut loses nothing."""
    for path in (*folder.rglob("*"), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove_old(releases: Path, current: str) -> None:
    finished = [path for path in releases.iterdir() if (path / MANIFEST).exists() and not path.is_symlink()]
    newest_first = sorted(finished, key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [path for path in newest_first if path.name != current][KEPT - 1 :]:
        shutil.rmtree(path)
