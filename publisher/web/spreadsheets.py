"""CSV for people, who open it in a spreadsheet. Answers to queries are written elsewhere, exactly by SPARQL's rules."""

import csv
import re
from collections.abc import Iterable
from io import StringIO

SEPARATOR = " | "
"""What stands between several values in one field."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet runs as a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def written(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV (RFC 4180): lines end with CRLF, quotation marks are doubled.

    A text that a spreadsheet would run as a formula gets an apostrophe before it; a number stays as it is.

    Args:
        rows: the first one has the names of the columns.
    """
    text = StringIO()
    csv.writer(text).writerows([_guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


def _guarded(cell: object) -> object:
    is_formula = isinstance(cell, str) and cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
