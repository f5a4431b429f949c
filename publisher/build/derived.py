"""Writing the SQLite files that come with a release."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def written(file: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """A new file, complete when the block ends: a build that breaks off throws its folder away, so nothing is synced.

    Args:
        file: its path; there is none yet.
        schema: the statements that make its tables.
    """
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {schema}")
        yield connection
        connection.commit()
