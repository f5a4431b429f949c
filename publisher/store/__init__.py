"""Access to the published dataset: the site's own queries and the public's."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.core.release import Release
    from publisher.core.settings import Settings
    from publisher.store.protocol import Pool, Store

EMBEDDED = "embedded"


def open_store(settings: "Settings", release: "Release") -> "Store":
    """What answers the site's own queries: the release's store, or the service that is set."""
    if settings.store == EMBEDDED:
        from publisher.store.embedded import EmbeddedStore

        return EmbeddedStore(release)
    from publisher.store.remote import RemoteStore

    return RemoteStore(settings)


def open_pool(settings: "Settings", release: "Release") -> "Pool":
    """What answers the public's queries: processes of our own, or the service that is set."""
    if settings.store == EMBEDDED:
        from publisher.store.workers import QueryPool

        return QueryPool(settings, release)
    from publisher.store.remote import RemotePool

    return RemotePool(settings, release)
