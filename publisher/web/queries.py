"""What a page shows, as a query to go on from: SPARQL templates that only RDF terms can be put into."""

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from msgspec import Struct
from pyoxigraph import Literal, NamedNode, Variable

from publisher.core.terms import LABEL_PROPERTIES, OA
from publisher.web.folding import fold, replacements
from publisher.web.language import preference
from publisher.web.links import curie
from publisher.web.lists import Listing
from publisher.web.site import site
from publisher.web.spreadsheets import SEPARATOR

_SHORT = re.compile(r"(?P<prefix>[A-Za-z][\w-]*):[A-Za-z_][\w-]*", re.ASCII)
"""Names with a prefix that SPARQL takes as they are (SPARQL 1.1 §4.1.1); there are others."""


class _Declaration(Struct, frozen=True):
    """A prefix and its namespace."""

    prefix: str
    namespace: NamedNode

    def __str__(self) -> str:
        return f"{self.prefix}: {self.namespace}"


def _written(value: object) -> str:
    """A term as SPARQL writes it; anything else is a fault of the template."""
    if isinstance(value, NamedNode):
        short = curie(value.value)
        return short if _SHORT.fullmatch(short) else str(value)
    if isinstance(value, Literal | Variable | _Declaration):
        return str(value)
    raise TypeError(f"{value!r} is no RDF term")


_templates = Environment(
    loader=PackageLoader("publisher.web", "templates/queries"),
    finalize=_written,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def of_list(listing: Listing) -> str:
    """A query for the things of a list with the columns it shows.

    Args:
        listing: the list; its order and pages do not count.
    """
    words = fold(listing.wish.text).split()
    letters = set("".join(words))
    folding = [(Literal(old), Literal(new)) for old, new in replacements() if letters.issuperset(new)]
    naming = [name for name in listing.table.naming if name != OA + "exact"]
    columns = [NamedNode(cells.column.path) for cells in listing.table.columns]
    return _render(
        "list.rq",
        kind=NamedNode(listing.iri),
        chosen=[(NamedNode(name), value) for name, value in listing.wish.chosen.items()],
        words=[Literal(word) for word in words],
        folding=folding,
        naming=[NamedNode(name) for name in naming],
        names=[NamedNode(name) for name in LABEL_PROPERTIES if name in naming],
        exact=NamedNode(OA + "exact") if OA + "exact" in listing.table.naming else None,
        selector=NamedNode(OA + "hasSelector"),
        languages=[(Variable(f"in_{code.replace('-', '_')}"), Literal(code)) for code in preference()],
        columns=[(path, Variable(f"value{n}"), Variable(f"column{n}")) for n, path in enumerate(columns, start=1)],
        separator=Literal(SEPARATOR),
    )


def of_thing(iri: str) -> str:
    """A query for what is said of a thing, what points to it, and the named graphs that say so."""
    return _render("thing.rq", thing=NamedNode(iri))


def _render(name: str, **values: object) -> str:
    """The query with the prefixes that it uses."""
    body = _templates.get_template(name).render(**values)
    used = {match["prefix"] for match in _SHORT.finditer(body)}
    known = site().release.prefixes
    declared = [_Declaration(prefix, NamedNode(known[prefix])) for prefix in sorted(used.intersection(known))]
    return _templates.get_template("prefixes.rq").render(declared=declared) + body
