"""One query from the command line, under the same guard and limits as the public's."""

from msgspec.structs import replace

from publisher.core.formats import BY_NAME
from publisher.core.release import Release
from publisher.core.request_errors import NotAcceptable
from publisher.core.settings import Settings
from publisher.store import open_pool
from publisher.store.guard import inspect
from publisher.store.protocol import QueryTask
from publisher.store.terminals import BYTE_ORDER_MARK, unescape_names


def answer(settings: Settings, release: Release, query: str, format_name: str | None) -> bytes:
    """Answers a query from a release, or from the SPARQL service that the settings name.

    Args:
        settings: the limits and the store.
        release: what is asked; its base stands in for the canonical one.
        query: SPARQL 1.1.
        format_name: a name of the format table; without it CSV for tables, Turtle for graphs, and a bare
            ``true`` or ``false`` for ASK.

    Raises:
        RequestError: the query is refused, wrong, or beyond a limit.
    """
    text = unescape_names(
        query.removeprefix(BYTE_ORDER_MARK).replace(settings.canonical_base or release.base_iri, release.base_iri)
    )
    form = inspect(text, settings)
    chosen = BY_NAME[format_name or ("turtle" if form.gives_graph else "csv")]
    if format_name and chosen not in form.formats:
        names = ", ".join(f.name for f in form.formats)
        raise NotAcceptable(
            "{form} has no answer in {format}.",
            hint="Formats for it: {names}.",
            form=form.value,
            format=chosen.label,
            names=names,
        )
    pool = open_pool(replace(settings, quick_workers=1, query_workers=1), release)
    try:
        return pool.run(QueryTask(text, chosen.name)).body
    finally:
        pool.close()
