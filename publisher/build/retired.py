"""Addresses that were given up: ``data/retired.ttl`` names each, with what stands in its place if anything does.

They answer 410 (RFC 9110 §15.5.11), and no other thing ever gets one of them.
"""

from rdflib import OWL, Graph, Literal
from rdflib.namespace import DCTERMS

from publisher.build.project import Project
from publisher.core.errors import DataError

FILE = "data/retired.ttl"


def check_retired(retired: Graph, described: set[str], project: Project) -> None:
    """Makes sure that each statement retires an address of this project, which nothing uses any more.

    Args:
        retired: the triples of the file.
        described: IRIs that are the subject of a triple in any other file.
        project: where it was read from.

    Raises:
        DataError: with the line.
    """
    for subject, predicate, value in sorted(retired):
        if reason := _fault(str(subject), described, project.base + "id/"):
            hint = "An address that was given up is never used again: choose another."
        elif (predicate, value) != (OWL.deprecated, Literal(True)) and predicate != DCTERMS.isReplacedBy:
            reason = "It says more than that an address was given up."
            hint = "Write 'dcterms:isReplacedBy' and what stands in its place, or 'owl:deprecated true'."
        else:
            continue
        locate = project.locator(project.folder / FILE)
        raise DataError(reason, hint=hint, where=locate(str(subject), str(predicate), str(subject)))


def _fault(subject: str, described: set[str], things: str) -> str:
    name = subject.removeprefix(things)
    if subject in described:
        return f"'{name}' was given up, and is described again."
    return "" if subject.startswith(things) and "#" not in subject else f"'{name}' is no address of a thing."
