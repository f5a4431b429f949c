"""Lexical forms of typed values (XML Schema Part 2), checked before rdflib reads them, which would log a traceback."""

from typing import Any

from elementpath.datatypes import builtin_atomic_types

EXAMPLES = {
    "boolean": "true or false",
    "date": 'a day of the calendar, like "2018-03-26"',
    "decimal": 'a number in figures, like "0.5" or "1200"',
    "gYear": 'a year, like "2025"',
    "gYearMonth": 'a year and month, like "2025-06"',
    "integer": "a whole number in figures, like 3",
}
"""What to write for a datatype of XML Schema."""


def is_of(datatype: str, value: str | int | float | bool) -> bool:
    """Whether a value of a facts file is one of a datatype.

    Args:
        datatype: the datatype's IRI; every value is of one that XML Schema does not define.
        value: as YAML has it; a number with a fraction only counts as a double, which is what JSON-LD makes of it
            (JSON-LD 1.1 API, Object to RDF Conversion).
    """
    namespace, name = _split(datatype)
    if isinstance(value, float):
        return name in ("double", "float")
    kind: Any = builtin_atomic_types.get(f"{{{namespace}}}{name}")
    if kind is None:
        return True
    lexical = lexical_form(value)
    try:
        kind.validate(lexical)
        getattr(kind, "fromstring", kind)(lexical)
    except (ValueError, TypeError, ArithmeticError):
        return False
    return True


def lexical_form(value: str | int | float | bool) -> str:
    """A value of a facts file as it stands in a typed literal."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def what_to_write(datatype: str) -> str:
    """A hint that says how values of a datatype look."""
    name = _split(datatype)[1]
    return f"Write {EXAMPLES.get(name, f'a value of the datatype {name}')}."


def _split(datatype: str) -> tuple[str, str]:
    namespace, _, name = datatype.rpartition("#")
    return namespace, name
