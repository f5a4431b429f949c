"""Which classes say most of a thing."""

from collections.abc import Callable, Iterable

Direct = Callable[[str], Iterable[str]]
"""Class IRI → IRIs of the classes that it is stated to be a subclass of."""


def above(name: str, direct: Direct) -> set[str]:
    """All superclasses of a class, itself left out also where the statements go in a circle."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for parent in direct(waiting.pop()):
            if parent not in found and parent != name:
                found.add(parent)
                waiting.append(parent)
    return found


def most_specific(classes: Iterable[str], direct: Direct) -> list[str]:
    """The classes without those that another one of them implies."""
    named = list(classes)
    implied = {parent for name in named for parent in above(name, direct)}
    return [name for name in named if name not in implied]
