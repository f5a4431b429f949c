"""Translated templates, kept between starts: to translate them takes as long as all else of a first page."""

from contextlib import suppress

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from publisher import __version__


class _Cache(FileSystemBytecodeCache):
    """In a folder of the user's own below the system's for temporary files; one that is full or gone does no harm."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps a template if that can be done."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def template_cache() -> BytecodeCache | None:
    """The cache; None where there is no safe folder for it."""
    try:
        return _Cache(pattern=f"publisher-{__version__}-%s.cache")
    except (OSError, RuntimeError):
        return None
