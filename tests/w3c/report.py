"""The tables of docs/reference/sparql-conformance.md."""

from collections.abc import Iterable, Iterator

from publisher.web.odd_answers import allowed, wrong
from w3c.known import BY_CASE, FAILURES
from w3c.suite import MANIFESTS, Files, cases, short

PARTS = {
    "SPARQL 1.0, syntax": ("data-r2/syntax",),
    "SPARQL 1.0, evaluation": ("data-r2/",),
    "SPARQL 1.1, syntax": ("data-sparql11/syntax-query",),
    "SPARQL 1.1, federation": ("data-sparql11/syntax-fed", "data-sparql11/service"),
    "SPARQL 1.1, results as CSV, TSV and JSON": ("data-sparql11/csv-tsv-res", "data-sparql11/json-res"),
    "SPARQL 1.1, evaluation": ("data-sparql11/",),
}
"""Part of the suites → beginnings of the names of its manifests; the first that fits counts."""


def suites(files: Files) -> str:
    """How many cases of each part come out right."""
    found: dict[str, list[str]] = {part: [] for part in PARTS}
    for manifest in MANIFESTS:
        part = next(part for part, beginnings in PARTS.items() if short(manifest).startswith(beginnings))
        found[part] += [case.name for case in cases(files, manifest)]
    found["All"] = [name for names in found.values() for name in names]
    rows = ((part, len(names), len(names) - len(BY_CASE.keys() & set(names))) for part, names in found.items())
    return _table(("Suite", "Cases", "Right"), rows)


def failures() -> str:
    """Why the others do not."""
    rows = ((f.fault, len(f.cases), f.gives, f.why) for f in FAILURES)
    return _table(("Whose doing", "Cases", "Outcome", "Why"), rows)


def wrong_answers() -> str:
    """The wrong answers, with what would be right."""
    rows = ((_code(w.query), _code(w.gives), _code(w.right), w.clause, w.known or "worth reporting") for w in wrong())
    return _table(("Query", "Answer", "Right answer", "Clause", "Oxigraph"), rows)


def allowed_answers() -> str:
    """The answers that surprise, with what allows them."""
    return _table(("Query", "Answer", "Why"), ((_code(a.query), _code(a.gives), a.why) for a in allowed()))


def _code(text: str) -> str:
    return f"`{text}`"


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    return "\n".join(_lines(head, rows))


def _lines(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    for row in (head, ("---",) * len(head), *rows):
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"
