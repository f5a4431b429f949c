"""The rules that data must meet (SHACL shapes), as people read them."""

from collections.abc import Sequence

from msgspec import Struct
from pyoxigraph import Literal, NamedNode

from publisher.core.terms import DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, SH
from publisher.web.folding import fold
from publisher.web.vocabulary import Facts, best, vocabulary

TARGETS = tuple(SH + name for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode"))
PARTS = (SH + "property", SH + "sparql")
MESSAGES = (*DESCRIPTION_PROPERTIES, SH + "message")


class Rule(Struct, frozen=True):
    """One shape or constraint.

    Args:
        iri: its IRI.
        facts: what the shapes graph says of it.
    """

    iri: str
    facts: Facts

    @property
    def name(self) -> Literal:
        """Its name in the reader's language."""
        return best(self.facts, LABEL_PROPERTIES) or Literal(self.iri.rpartition("/")[2])

    @property
    def wording(self) -> Literal | None:
        """The rule in words: its description, else its message."""
        return best(self.facts, MESSAGES)

    @property
    def severity(self) -> str:
        """``Violation`` (the default, SHACL §2.1.4), ``Warning`` or ``Info``."""
        found = one(self.facts, SH + "severity")
        return found.rpartition("#")[2] if found else "Violation"

    @property
    def path(self) -> str | None:
        """The property it is about, if it is a plain one."""
        return one(self.facts, SH + "path")


class Shape(Struct, frozen=True):
    """A node shape with its rules.

    Args:
        rule: the shape itself.
        targets: IRIs of the classes, properties or nodes it is for.
        parts: its property shapes and constraints.
    """

    rule: Rule
    targets: Sequence[str]
    parts: Sequence[Rule]


def one(facts: Facts, prop: str) -> str | None:
    """The first IRI among the values of a property."""
    return next((value.value for value in facts.get(prop, ()) if isinstance(value, NamedNode)), None)


def iris(facts: Facts, *properties: str) -> list[str]:
    """The IRIs among the values of properties."""
    return [value.value for prop in properties for value in facts.get(prop, ()) if isinstance(value, NamedNode)]


def order(facts: Facts) -> float:
    """``sh:order`` (SHACL §2.3.2), by which shapes and rules are listed; what has none comes last."""
    found = next((value.value for value in facts.get(SH + "order", ()) if isinstance(value, Literal)), "inf")
    return float(found)


def shapes() -> list[Shape]:
    """The node shapes with targets, in their order."""
    graph = vocabulary().graph("shapes")
    found = []
    for iri, facts in graph.items():
        targets = iris(facts, *TARGETS)
        if targets:
            parts = [Rule(part, graph.get(part, {})) for part in iris(facts, *PARTS)]
            parts.sort(key=lambda rule: (order(rule.facts), fold(rule.name.value)))
            found.append(Shape(Rule(iri, facts), targets, parts))
    return sorted(found, key=lambda shape: (order(shape.rule.facts), fold(shape.rule.name.value)))
