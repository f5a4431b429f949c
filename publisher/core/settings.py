"""The one table of settings: name, default, help.

Order of precedence: command line, environment (``PUBLISHER_<NAME>``), the project's
``publisher.toml``, default.
"""

import os
import re
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from publisher.core.errors import SettingsError

PREFIX = "PUBLISHER_"
BASE_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`?#/]+(/[^\s<>\"{}|\\^`?#]*)?/")
"""An IRI (RFC 3987 §2.2) with authority and path, to which paths can be added."""

ENDPOINT = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[^\s<>\"{}|\\^`#]*)?", re.ASCII)
"""The address of an endpoint: a host by name or IPv4 address, without user and fragment."""


class Settings(BaseSettings):
    """Everything that can be set, checked and frozen."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    project: Path = Field(Path(), description="Folder with ontology/, data/, shapes/ and publisher.toml.")
    releases: Path = Field(Path("releases"), description="Folder of the releases, relative to the project.")
    canonical_base: str = Field("", description="The base IRI that the project's files carry. Empty: none.")
    title: str = Field("", description="Title of a dataset that has no data/dataset.ttl. Empty: its ontology's.")
    base_iri: str = Field("", description="Public base IRI. Empty: the address that serve listens on.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    processes: int = Field(1, ge=1, description="Processes of the server; they share the limits below.")
    proxy_field: str = Field(
        "",
        description="Header field in which a proxy tells a caller's address; empty: there is no proxy in front.",
    )
    languages: tuple[str, ...] = Field(("en", "fr", "es"), description="Languages of pages, the fallback first.")
    evidence_key: str = Field("quote", description="Key of the context under which facts carry their exact words.")
    evidence_class: str = Field("Quote", description="Type of the context that anchored quotes get.")
    source_class: str = Field("SourceDocument", description="Type of the context that source documents get.")
    name_keys: tuple[str, ...] = Field(
        (), description="Keys of the context under which facts carry other names, acronyms for example, to search by."
    )
    reasoner: Literal["auto", "always", "never"] = Field(
        "auto",
        description="Whether a build asks HermiT for consistency: 'auto' where there is a Java, 'always', 'never'.",
    )
    store: str = Field("embedded", description="'embedded', or the URL of a SPARQL 1.1 service to read from.")
    services: tuple[str, ...] = Field((), description="SPARQL endpoints that a query may ask with SERVICE, by address.")
    query_timeout: float = Field(10.0, gt=0, description="Deadline of a public query, in seconds.")
    quick_time: float = Field(
        0.25, gt=0, description="Seconds of a processor after which a public query counts as long."
    )
    quick_workers: int = Field(2, ge=1, description="Processes that answer quick public queries.")
    query_workers: int = Field(2, ge=1, description="Processes that answer long public queries.")
    query_queue: int = Field(16, ge=0, description="Public queries of each kind that may wait for a process.")
    query_memory: int = Field(1024, ge=64, description="Memory that a query may take, in MiB.")
    query_length: int = Field(100_000, ge=1, description="Longest public query, in bytes.")
    query_depth: int = Field(100, ge=1, description="Deepest nesting of groups and brackets in a public query.")
    body_timeout: float = Field(10.0, gt=0, description="Seconds within which a request must have been sent.")
    cache_bytes: int = Field(64_000_000, ge=0, description="Memory for answers given before, in bytes.")
    access_log: str = Field("", description="File for the access log; '-': standard error; empty: no log.")
    log_queries: bool = Field(False, description="Whether the access log has the text of queries, not only a hash.")
    result_bytes: int = Field(50_000_000, ge=1, description="Largest answer to a public query, in bytes.")
    result_rows: int = Field(1_000_000, ge=1, description="Longest answer to a public query, in rows or triples.")

    @field_validator("canonical_base", "base_iri")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        if value and not BASE_IRI.fullmatch(value):
            raise ValueError("must be an http:// or https:// address that ends with /, without query and fragment")
        return value

    @field_validator("services")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            if not ENDPOINT.fullmatch(address):
                raise ValueError(f"'{address}' is not an http:// or https:// address without user and fragment")
        return value

    def share(self) -> "Settings":
        """The settings of one of the server's processes: its part of what they share."""
        shared = ("quick_workers", "query_workers", "query_queue", "cache_bytes")
        return self.model_copy(update={name: -(-getattr(self, name) // self.processes) for name in shared})

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


def load_settings(project: Path, **overrides: Any) -> Settings:
    """Reads the settings of a project.

    Args:
        project: the project's folder; its ``publisher.toml`` may be absent.
        overrides: values from the command line; ``None`` means not given.

    Raises:
        SettingsError: a name is unknown or a value cannot be used.
    """
    toml = project / "publisher.toml"

    class ProjectSettings(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml)

    if not project.is_dir():
        raise SettingsError(f"'{project}' is not a folder.", hint="Give the project's folder with --project.")
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {PREFIX + "SERVE"}
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(
                f"{name} sets nothing.", hint="'publisher settings' lists every setting.", where="environment"
            )
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return cast(Settings, ProjectSettings(project=project.resolve(), **given))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"{name}: {first['msg']}.",
            hint="'publisher settings' lists every setting with its default.",
            where=_origin(name, given, toml),
        ) from None
    except ValueError as error:
        raise SettingsError(str(error), hint="Mend the TOML syntax.", where=str(toml)) from None


def _origin(name: str, given: dict[str, Any], toml: Path) -> str:
    """Where a setting's value came from: command line, environment or the project's file."""
    if name in given:
        return "--" + name.replace("_", "-")
    variable = PREFIX + name.upper()
    return variable if variable in os.environ else str(toml)
