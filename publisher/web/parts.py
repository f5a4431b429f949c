"""The hash children of a thing: each by itself where it has a name, as lines of a table where many are alike."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import cast

from msgspec import Struct
from pyoxigraph import Literal, NamedNode, Quad

from publisher.core.terms import LABEL_PROPERTIES
from publisher.web.description import Description, is_part, names_by_node
from publisher.web.folding import fold
from publisher.web.rows import Row, rows_of
from publisher.web.unnamed import Nodes
from publisher.web.values import Value, link, name_of
from publisher.web.vocabulary import Facts, best

FEW = 2
"""Parts without a name that one property leads to, up to which each is shown by itself."""


class Part(Struct, frozen=True):
    """A hash child of the thing: its fragment, its name or that of what leads to it, and what is said of it."""

    fragment: str
    label: Value
    rows: Sequence[Row]

    @property
    def cells(self) -> Mapping[str, Sequence[Value]]:
        """What is said of it: property → values."""
        return {str(row.label.iri): row.values for row in self.rows}


class Table(Struct, frozen=True):
    """Parts without names that one property leads to: the property, the properties they have, and they themselves."""

    label: Value
    columns: Sequence[Value]
    parts: Sequence[Part]


def parts_of(
    description: Description, names: Mapping[str, Facts], unnamed: Nodes
) -> tuple[Sequence[Part], Sequence[Table]]:
    """The parts that are shown one by one, and those that are lines of a table.

    Args:
        description: what is said of the thing and of its parts.
        names: names of the IRIs around.
        unnamed: what is said of nodes without a name.
    """
    said: dict[str, list[Quad]] = defaultdict(list)
    leading: dict[str, str] = {}
    for quad in description.own:
        if is_part(quad.subject, description.iri):
            said[cast(NamedNode, quad.subject).value].append(quad)
        if is_part(quad.object, description.iri):
            leading[cast(NamedNode, quad.object).value] = quad.predicate.value
    single, alike = [], defaultdict(list)
    for iri, quads in sorted(said.items()):
        name = best(names.get(iri, {}) or names_by_node(quads)[iri], LABEL_PROPERTIES)
        fragment = iri.partition("#")[2]
        found = name or (name_of(leading[iri], names) if iri in leading else Literal(f"#{fragment}"))
        part = Part(fragment, Value(found.value, language=found.language), rows_of(quads, names, unnamed))
        if name is None and iri in leading:
            alike[leading[iri]].append(part)
        else:
            single.append(part)
    tables = []
    for leads, parts in sorted(alike.items()):
        if len(parts) > FEW:
            tables.append(_table(link(leads, names), parts))
        else:
            single += parts
    return single, tables


def _table(label: Value, parts: Sequence[Part]) -> Table:
    """The columns that most parts have come first; the lines are in the order of the first column."""
    labels = {str(row.label.iri): row.label for part in parts for row in part.rows}
    common = Counter(iri for part in parts for iri in part.cells)
    columns = sorted(labels, key=lambda iri: -common[iri])

    def order(part: Part) -> list[str]:
        return [fold(value.text) for value in part.cells.get(columns[0], ())]

    return Table(label, [labels[iri] for iri in columns], sorted(parts, key=order))
