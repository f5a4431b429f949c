"""The one table of settings: name, default, help.

Order of precedence: command line, environment (``PUBLISHER_<NAME>``), the project's
``publisher.toml``, default.
"""

import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from publisher.core.errors import SettingsError

PREFIX = "PUBLISHER_"
HANDED_ON = PREFIX + "SERVE"
"""Carries all settings, as JSON, from the command to the processes of the server."""

BASE_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`?#/]+(/[^\s<>\"{}|\\^`?#]*)?/")
"""An IRI (RFC 3987 §2.2) with authority and path, to which paths can be added."""

ENDPOINT = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[^\s<>\"{}|\\^`#]*)?", re.ASCII)
"""The address of an endpoint: a host by name or IPv4 address, without user and fragment."""


_HINT = "'publisher settings' lists every setting with its default."
_Strings = tuple[str, ...]
_LONGEST = 86_400
"""Seconds that no limit of time may go beyond: those of a day."""


class Settings(msgspec.Struct, frozen=True):
    """Everything that can be set, checked and frozen."""

    project: Annotated[Path, Meta(description="Folder with ontology/, data/, shapes/ and publisher.toml.")] = Path()
    releases: Annotated[Path, Meta(description="Folder of the releases, relative to the project.")] = Path("releases")
    canonical_base: Annotated[str, Meta(description="The base IRI that the project's files carry. Empty: none.")] = ""
    title: Annotated[
        str, Meta(description="Title of a dataset that has no data/dataset.ttl. Empty: its ontology's.")
    ] = ""
    base_iri: Annotated[str, Meta(description="Public base IRI. Empty: the address that serve listens on.")] = ""
    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535, description="Port to listen on.")] = 8000
    processes: Annotated[int, Meta(ge=1, description="Processes of the server; they share the limits below.")] = 1
    proxy_field: Annotated[
        str,
        Meta(description="Header field in which a proxy tells a caller's address; empty: there is no proxy in front."),
    ] = ""
    languages: Annotated[_Strings, Meta(min_length=1, description="Languages of pages, the fallback first.")] = (
        "en",
        "fr",
        "es",
    )
    evidence_key: Annotated[str, Meta(description="Key of the context under which facts carry their exact words.")] = (
        "quote"
    )
    evidence_class: Annotated[str, Meta(description="Type of the context that anchored quotes get.")] = "Quote"
    source_class: Annotated[str, Meta(description="Type of the context that source documents get.")] = "SourceDocument"
    name_keys: Annotated[
        _Strings,
        Meta(
            description="Keys of the context under which facts carry other names, acronyms for example, to search by."
        ),
    ] = ()
    reasoner: Annotated[
        Literal["auto", "always", "never"],
        Meta(
            description="Whether a build asks HermiT for consistency: 'auto' where there is a Java, 'always', 'never'."
        ),
    ] = "auto"
    store: Annotated[str, Meta(description="'embedded', or the URL of a SPARQL 1.1 service to read from.")] = "embedded"
    services: Annotated[
        _Strings, Meta(description="SPARQL endpoints that a query may ask with SERVICE, by address.")
    ] = ()
    query_timeout: Annotated[float, Meta(gt=0, le=_LONGEST, description="Deadline of a public query, in seconds.")] = (
        10.0
    )
    quick_time: Annotated[
        float, Meta(gt=0, le=_LONGEST, description="Seconds of a processor after which a public query counts as long.")
    ] = 0.25
    quick_workers: Annotated[int, Meta(ge=1, description="Processes that answer quick public queries.")] = 2
    query_workers: Annotated[int, Meta(ge=1, description="Processes that answer long public queries.")] = 2
    query_queue: Annotated[int, Meta(ge=0, description="Public queries of each kind that may wait for a process.")] = 16
    query_memory: Annotated[int, Meta(ge=64, description="Memory that a query may take, in MiB.")] = 1024
    query_length: Annotated[int, Meta(ge=1, description="Longest public query, in bytes.")] = 100_000
    query_depth: Annotated[int, Meta(ge=1, description="Deepest nesting of groups and brackets in a public query.")] = (
        100
    )
    body_timeout: Annotated[
        float, Meta(gt=0, le=_LONGEST, description="Seconds to send a request, and to take each 64 KiB of the answer.")
    ] = 10.0
    cache_bytes: Annotated[int, Meta(ge=0, description="Memory for answers given before, in bytes.")] = 64_000_000
    access_log: Annotated[str, Meta(description="File for the access log; '-': standard error; empty: no log.")] = ""
    log_queries: Annotated[
        bool, Meta(description="'true': the access log has the text of queries; 'false': it has only a hash.")
    ] = False
    result_bytes: Annotated[int, Meta(ge=1, description="Largest answer to a public query, in bytes.")] = 50_000_000
    result_rows: Annotated[int, Meta(ge=1, description="Longest answer to a public query, in rows or triples.")] = (
        1_000_000
    )

    def share(self) -> "Settings":
        """The settings of one of the server's processes: its part of what they share."""
        shared = ("quick_workers", "query_workers", "query_queue", "cache_bytes")
        return msgspec.structs.replace(self, **{name: -(-getattr(self, name) // self.processes) for name in shared})

    def to_json(self) -> str:
        """All values, for ``from_json`` in another process."""
        return msgspec.json.encode(self, enc_hook=str).decode()

    @classmethod
    def from_json(cls, text: str) -> "Settings":
        """The settings that ``to_json`` wrote."""
        return msgspec.json.decode(text, type=cls, dec_hook=_made)

    @property
    def body_bytes(self) -> int:
        """The largest body of a request: a query with every character escaped, and other parameters."""
        return 3 * self.query_length + 10_000

    @property
    def public_base(self) -> str:
        """The base IRI of everything published: the setting, or the listening address."""
        if self.base_iri:
            return self.base_iri
        host = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::1", "::") else self.host
        return f"http://{host}:{self.port}/"

    @property
    def releases_folder(self) -> Path:
        """The folder of releases as an absolute path."""
        return (self.project / self.releases).resolve()


class Setting(NamedTuple):
    """A line of the table: the default, what it is for, and the type with the bounds of its values."""

    default: Any
    help: str
    kind: Any


TABLE = {
    field.name: Setting(field.default, field.type.__metadata__[0].description, field.type)
    for field in msgspec.structs.fields(Settings)
}
"""Every setting by name."""


def load_settings(project: Path, **overrides: Any) -> Settings:
    """Reads the settings of a project.

    Args:
        project: the project's folder; its ``publisher.toml`` may be absent.
        overrides: values from the command line; ``None`` means not given.

    Raises:
        SettingsError: a name is unknown or a value cannot be used.
    """
    if not project.is_dir():
        raise SettingsError(f"'{project}' is not a folder.", hint="Give the project's folder with --project.")
    toml = project / "publisher.toml"
    given = {name: (value, str(toml)) for name, value in _written(toml).items()}
    given |= {name: (value, PREFIX + name.upper()) for name, value in _environment().items()}
    given |= {name: (value, option(name)) for name, value in overrides.items() if value is not None}
    given["project"] = project.resolve(), option("project")
    return Settings(**{name: _usable(name, value, where) for name, (value, where) in given.items()})


def option(name: str) -> str:
    """The option of the command line that gives a setting."""
    return "--" + name.replace("_", "-")


def _written(toml: Path) -> dict[str, Any]:
    """What the project's file sets."""
    try:
        return tomllib.loads(toml.read_text(encoding="utf-8")) if toml.is_file() else {}
    except ValueError as error:
        raise SettingsError(f"{error}.", hint="Mend the TOML syntax.", where=str(toml)) from None


def _environment() -> dict[str, Any]:
    """What the environment sets; lists are JSON there."""
    found: dict[str, Any] = {}
    names = {PREFIX + name.upper(): name for name in TABLE}
    for variable, text in os.environ.items():
        if not variable.startswith(PREFIX) or variable == HANDED_ON:
            continue
        if variable not in names:
            raise SettingsError(f"{variable} sets nothing.", hint=_HINT, where="environment")
        name = names[variable]
        try:
            found[name] = msgspec.json.decode(text) if isinstance(TABLE[name].default, tuple) else text
        except msgspec.DecodeError:
            hint = """It is a list, in JSON: '["one", "another"]'."""
            raise SettingsError(f"{name} = {text!r}.", hint=hint, where=variable) from None
    return found


def _usable(name: str, value: object, where: str) -> Any:
    """The value of a setting in its type."""
    if name not in TABLE:
        raise SettingsError(f"{name} sets nothing.", hint=_HINT, where=where)
    try:
        usable = msgspec.convert(value, TABLE[name].kind, strict=False, dec_hook=_made)
        if name in _CHECKS:
            _CHECKS[name](usable)
    except ValueError as error:
        hint = f"{TABLE[name].help} {_HINT}"
        raise SettingsError(f"{name} = {value!r}: {error}.", hint=hint, where=where) from None
    return usable


def _made(kind: Callable[[object], object], value: object) -> object:
    """A value of a type that msgspec does not know, such as a path."""
    return kind(value)


def _base_iri(value: str) -> None:
    if value and not BASE_IRI.fullmatch(value):
        raise ValueError("must be an http:// or https:// address that ends with /, without query and fragment")


def _endpoints(value: tuple[str, ...]) -> None:
    for address in value:
        if not ENDPOINT.fullmatch(address):
            raise ValueError(f"'{address}' is not an http:// or https:// address without user and fragment")


_CHECKS: dict[str, Callable[[Any], None]] = {"canonical_base": _base_iri, "base_iri": _base_iri, "services": _endpoints}
"""What the values of some settings must be besides their type; else they raise ``ValueError``."""
