"""Libraries in native code: what they do when they meet something that they were not made for."""

from collections.abc import Iterator
from contextlib import contextmanager

from publisher.core.errors import BuildError

_PANIC = "PanicException"
"""Name of the class, of which PyO3 gives each library one of its own; it is a ``BaseException``."""


@contextmanager
def told(doing: str) -> Iterator[None]:
    """Tells what was being done when a library panicked.

    Args:
        doing: what is done in the block, as a clause.

    Raises:
        BuildError: a library panicked.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        hint = "This is a defect, in a library or here: report it, with the data that was added last."
        raise BuildError(f"A library broke down while {doing}: {error}.", hint=hint) from None
