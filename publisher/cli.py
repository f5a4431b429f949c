"""The ``publisher`` command. Exit codes: 0 good, 1 the data does not conform, 2 could not run."""

import sys
import textwrap
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from publisher import __version__
from publisher.core.errors import PublisherError, QueryFileMissing, ReleaseMissing
from publisher.core.formats import RDF_FORMATS, RESULT_FORMATS
from publisher.core.release import Release, open_release
from publisher.core.settings import TABLE, Settings, load_settings, option


def _reported(command: Callable[..., None]) -> Callable[..., None]:
    """Prints our errors in full and exits with their code instead of a traceback."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except PublisherError as error:
            click.echo(str(error), err=True)
            sys.exit(error.exit_code)

    return wrapper


def _option(name: str, kind: Any = str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command-line option for a setting, with the help of the settings table."""
    setting = TABLE[name]
    shown = f"{setting.help} [default: {setting.default}]" if setting.default else setting.help
    return click.option(option(name), name, type=kind, help=shown)


project_option = click.option(
    "--project",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    envvar="PUBLISHER_PROJECT",
    help=TABLE["project"].help,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="publisher")
def main() -> None:
    """Publishes curated facts as linked open data: build a release, then serve it."""


@main.command()
@project_option
@_option("base_iri")
@_option("port", int)
@_reported
def build(project: Path, base_iri: str | None, port: int | None) -> None:
    """Build a release: sources, facts, closure, validation, dumps."""
    _tell_release(_build(load_settings(project, base_iri=base_iri, port=port)))


def _build(settings: Settings) -> Release:
    from publisher.build.pipeline import build as build_release

    return build_release(settings)


def _tell_release(release: Release) -> None:
    counts = release.counts
    click.echo(
        f"Release {release.id} for {release.base_iri}: {counts['triples']} triples ({counts['inferred']} inferred), "
        f"{counts['entities']} entities, {counts['quotes']} quotes."
    )
    for remark in release.remarks:
        click.echo(remark)


@main.command()
@project_option
@_option("base_iri")
@click.option("--reasoner", is_flag=True, help="Insist on HermiT: exit with 2 where it cannot run.")
@click.option("--remarks", is_flag=True, help="List the remarks too, instead of only counting them.")
@_reported
def check(project: Path, base_iri: str | None, reasoner: bool, remarks: bool) -> None:
    """Check all input; writes nothing.

    Prints each violation and warning, how many remarks there are, and which passages of the sources no fact quotes.
    """
    from publisher.build.check import check as check_input
    from publisher.build.facts import coverage, uncovered

    checked = check_input(load_settings(project, base_iri=base_iri, reasoner="always" if reasoner else None))
    for result in checked.report.results:
        if remarks or not result.is_remark:
            click.echo(result)
    click.echo(checked.verdict)
    for slug, source in checked.sources.items():
        spans = checked.facts.spans[slug]
        click.echo(f"{slug}: quotes cover {coverage(source, spans):.1%} of {len(source.text)} characters.")
        for start, end in uncovered(source, spans):
            if words := source.text[start:end].strip(" .,;:"):
                click.echo(f"    {start}-{end} in no quote: {textwrap.shorten(words, 160, placeholder=' …')}")
    listed = remarks or not any(result.is_remark for result in checked.report.results)
    more = "" if listed else " 'publisher check --remarks' lists the remarks."
    click.echo(f"The data conforms: {checked.report.counted}.{more}")


@main.group()
def new() -> None:
    """Make the files of something new."""


@new.command("document")
@project_option
@click.argument("slug")
@click.argument("text", type=click.Path(path_type=Path))
@click.option("--title", required=True, help="The document's title, in its own language.")
@click.option("--language", required=True, help="The language it is in, such as 'fr'.")
@click.option("--publisher", required=True, help="Id of who published it, such as 'organization/oim'.")
@_reported
def new_document(project: Path, slug: str, text: Path, title: str, language: str, publisher: str) -> None:
    """Make the folders of a document: SLUG is its name in addresses, TEXT the file with its words."""
    from publisher.build.scaffold import new_document as make

    for path in make(load_settings(project), slug, text, title, language, publisher):
        click.echo(path)


@main.command()
@project_option
@_option("base_iri")
@_option("host")
@_option("port", int)
@_reported
def serve(project: Path, base_iri: str | None, host: str | None, port: int | None) -> None:
    """Serve the release, building it first if the input has changed.

    If the input has an error, it is printed and the last good release is served, provided that its
    addresses are of this base IRI.
    """
    from publisher.web.access_log import log_handler
    from publisher.web.serve import listen, run

    settings = load_settings(project, base_iri=base_iri, host=host, port=port)
    with listen(settings) as listener:
        if settings.access_log:
            log_handler(settings.access_log).close()
        _tell_release(_newest(settings))
        click.echo(f"Serving on {settings.public_base} - stop with Ctrl-C.")
        run(settings, listener)


def _newest(settings: Settings) -> Release:
    """The release of the input as it is, or the last good one."""
    from publisher.build.fingerprint import is_current

    if is_current(settings):
        return open_release(settings.releases_folder)
    try:
        return _build(settings)
    except PublisherError as error:
        try:
            release = open_release(settings.releases_folder)
        except ReleaseMissing:
            raise error from None
        if release.base_iri != settings.public_base:
            raise
        click.echo(str(error), err=True)
        click.echo("The last good release is served instead.", err=True)
        return release


@main.command()
@project_option
@_option("store")
@click.option(
    "--format",
    "format_name",
    type=click.Choice([f.name for f in (*RESULT_FORMATS, *RDF_FORMATS)]),
    help="Format of the answer [default: csv for tables, turtle for graphs, a bare true or false for ASK]",
)
@click.argument("query")
@_reported
def query(project: Path, store: str | None, format_name: str | None, query: str) -> None:
    """Answer a SPARQL query: text, @file, or - for standard input.

    The canonical base in the query stands for the base of the release, so the project's own
    query files run as they are.
    """
    from publisher.store.command import answer

    settings = load_settings(project, store=store)
    body = answer(settings, open_release(settings.releases_folder), _query_text(query), format_name)
    click.echo(body, nl=not body.endswith(b"\n"))


def _query_text(argument: str) -> str:
    if argument == "-":
        return sys.stdin.read()
    if not argument.startswith("@"):
        return argument
    try:
        return Path(argument[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryFileMissing(
            str(error), hint="Give the path of a UTF-8 file after '@'.", where=argument[1:]
        ) from None


@main.command()
@project_option
@_reported
def settings(project: Path) -> None:
    """List every setting: name, value, default, what it is for."""
    current = load_settings(project)
    for name, setting in TABLE.items():
        click.echo(f"{name} = {getattr(current, name)!s}\n    {setting.help} [default: {setting.default!s}]")
    click.echo(
        "\nSet them in publisher.toml (name = value) or in the environment (PUBLISHER_NAME=value; lists are JSON)."
    )
