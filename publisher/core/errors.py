"""The one tree of errors.

Every error says what is wrong (``title``), where (``where``), the particulars
(``detail``) and what to do about it (``hint``). The web half turns them into a page or
into RFC 9457 problem details; the command line prints them and exits with ``exit_code``.
"""

from publisher.core.position import Position


class PublisherError(Exception):
    """Something went wrong that has no name of its own here.

    Base of all errors that this package raises on purpose.

    Args:
        detail: what exactly is wrong, in one English sentence. Errors that answer requests are
            translated: theirs is a message id, with ``{name}`` where a value goes.
        hint: what the reader can do about it; like ``detail``.
        where: the file and line, address or setting at fault.
        values: what goes into ``detail`` and ``hint``.
    """

    title = "The publisher could not do this"
    status = 500
    exit_code = 2

    def __init__(self, detail: str = "", *, hint: str = "", where: str | Position = "", **values: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint
        self.where = str(where)
        self.values = values

    def fill(self, message: str) -> str:
        """The detail or the hint, or a translation of one, with the values in it."""
        return message.format_map(self.values) if self.values else message

    def __str__(self) -> str:
        head = f"{self.where}: {self.title}" if self.where else self.title
        return "\n  ".join(part for part in (f"{head}: {self.fill(self.detail)}", self.fill(self.hint)) if part)


# --- could not run ---------------------------------------------------------------------


class SettingsError(PublisherError):
    """A setting is unknown or has a value that cannot be used."""

    title = "A setting cannot be used"


class QueryFileMissing(PublisherError):
    """The file that should hold the query cannot be read."""

    title = "The query's file cannot be read"


class ReleaseMissing(PublisherError):
    """There is no release to serve yet, or it is damaged."""

    title = "There is no usable release"
    status = 503


class BuildError(PublisherError):
    """The build could not run; the previous release stays as it is."""

    title = "The build could not run"


# --- the data is not good (exit code 1) ------------------------------------------------


class DataError(BuildError):
    """An input file is not right; the message names the file and the line."""

    title = "The data is not right"
    exit_code = 1


class SyntaxFault(DataError):
    """An input file cannot be parsed."""

    title = "The file cannot be read"


class UnknownKey(DataError):
    """A key or type that ``ontology/context.jsonld`` does not define."""

    title = "Unknown key"


class UnknownIri(DataError):
    """A reference to something that no input file describes."""

    title = "Unknown IRI"


class MissingId(DataError):
    """A node without an ``id``: published data has no blank nodes."""

    title = "Node without an id"


class DuplicateSlug(DataError):
    """Two nodes claim the same IRI."""

    title = "The same id twice"


class BadSlug(DataError):
    """An ``id`` that cannot be part of a stable address."""

    title = "The id cannot be used in an address"


class QuoteNotFound(DataError):
    """A quote whose words are not in the source."""

    title = "The quote is not in the source"


class QuoteAmbiguous(DataError):
    """A quote whose words stand at more than one place in the source."""

    title = "The quote stands at several places"


class Contradiction(DataError):
    """The facts cannot all hold under the ontology (OWL 2 RL)."""

    title = "The data contradicts the ontology"


class DataDoesNotConform(DataError):
    """SHACL validation found violations."""

    title = "The data does not conform to the shapes"
