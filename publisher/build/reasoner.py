"""Consistency under OWL 2 DL: HermiT, which owlready2 brings along, run on the ontology and the facts."""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import owlready2
from rdflib import XSD, Graph, Literal

from publisher.core.errors import BuildError

OUTSIDE_OWL = {XSD.date, XSD.gYear, XSD.gYearMonth, XSD.gMonthDay, XSD.gDay, XSD.gMonth, XSD.time, XSD.duration}
"""Datatypes that the OWL 2 datatype map lacks (OWL 2 Syntax §4): HermiT stops at the first such literal."""


@dataclass(frozen=True)
class Verdict:
    """What the reasoner found.

    Args:
        ran: whether it could run at all.
        consistent: whether the facts and the ontology can hold together.
        unsatisfiable: IRIs of classes that nothing can belong to, sorted.
        reason: why it did not run.
    """

    ran: bool
    consistent: bool = False
    unsatisfiable: tuple[str, ...] = ()
    reason: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it ran and found nothing wrong."""
        return self.ran and self.consistent and not self.unsatisfiable

    def __str__(self) -> str:
        if not self.ran:
            return f"HermiT did not run: {self.reason}."
        if not self.consistent:
            return "HermiT finds the ontology and the facts inconsistent."
        if self.unsatisfiable:
            return f"HermiT finds classes that nothing can belong to: {', '.join(self.unsatisfiable)}."
        return "HermiT finds the ontology and the facts consistent, and every class satisfiable."


def has_java() -> bool:
    """Whether a Java is on the path."""
    return shutil.which(str(owlready2.JAVA_EXE)) is not None


def consistency(graphs: Iterable[Graph]) -> Verdict:
    """Asks HermiT whether graphs are consistent together.

    Literals of datatypes outside OWL 2 are left out: no axiom can depend on them.

    Args:
        graphs: the ontology and the facts; in OWL 2 DL, each term declared with one kind.

    Raises:
        BuildError: HermiT failed for another reason than an inconsistency.
    """
    if not has_java():
        return Verdict(ran=False, reason="there is no Java on this machine")
    readable = Graph()
    for graph in graphs:
        for triple in graph:
            if not (isinstance(triple[2], Literal) and triple[2].datatype in OUTSIDE_OWL):
                readable.add(triple)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.nt"
        readable.serialize(path, format="nt", encoding="utf-8")
        world = owlready2.World()
        try:
            with world.get_ontology(path.as_uri()).load():
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
            return Verdict(True, True, tuple(sorted(entity.iri for entity in world.inconsistent_classes())))
        except owlready2.OwlReadyInconsistentOntologyError:
            return Verdict(ran=True)
        except owlready2.OwlReadyJavaError as error:
            raise BuildError(
                str(error), hint="Is the ontology in OWL 2 DL? HermiT reads nothing else.", where="ontology"
            ) from None
        finally:
            world.close()
