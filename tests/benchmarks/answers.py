"""Whether two engines gave the same answer, whatever the order and the spelling of their results."""

from collections import Counter

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from .client import Query

Rows = Counter[tuple[str, ...]]


def rows(query: Query, body: bytes) -> Rows:
    """The rows or triples of an answer and how often each is there; a boolean is one row.

    Raises:
        SyntaxError, ValueError: it is not in the format that was asked for.
    """
    if query.gives_graph:
        return Counter(
            (str(quad.subject), str(quad.predicate), str(quad.object))
            for quad in parse(body, format=RdfFormat.N_TRIPLES)
        )
    results = parse_query_results(body, format=QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        return Counter([(str(bool(results)).lower(),)])
    return Counter(tuple(str(term) for term in solution) for solution in results)


def difference(expected: Rows, found: Rows) -> str | None:
    """How an answer differs from the expected one, in words; ``None`` if it does not."""
    lacking, surplus = expected - found, found - expected
    if not lacking and not surplus:
        return None
    example = next(iter(lacking or surplus))
    kind = "without" if lacking else "with"
    return (
        f"{found.total()} rows for {expected.total()}: {lacking.total()} missing, {surplus.total()} more; "
        f"{kind} {' '.join(example)[:200]}"
    )
