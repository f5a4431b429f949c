"""Opening the SQLite files that come with a release."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from publisher.core.errors import ReleaseMissing


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection for one use: opening costs little, and none is left behind when a release is replaced.

    It is read-only, of a file that nobody ever changes (https://www.sqlite.org/uri.html).

    Args:
        file: its path.

    Raises:
        ReleaseMissing: there is no such file, or a damaged one.
    """
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        raise ReleaseMissing(str(error), hint="Run 'publisher build' first.", where=file.name) from error
