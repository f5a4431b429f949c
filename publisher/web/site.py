"""What every route needs: settings, the opened release and the two ways to ask it."""

from typing import cast

from msgspec import Struct

from publisher.core.release import Release
from publisher.core.settings import Settings
from publisher.store.federation import Federation
from publisher.store.incoming import Incoming
from publisher.store.names import Names
from publisher.store.protocol import Pool, Store
from publisher.store.search import SearchIndex
from publisher.web.running import running_app

EXTENSION = "publisher"


class Site(Struct, frozen=True):
    """The parts one application serves from.

    Args:
        settings: the settings it runs with.
        release: the release it serves; never written.
        store: answers the site's own bounded queries, in this process.
        pool: answers the public's queries, in processes that can be killed.
        names: what things are called.
        search: finds things by words.
        incoming: what points to the things to which much points.
        federation: asks other endpoints, those that the settings allow.
    """

    settings: Settings
    release: Release
    store: Store
    pool: Pool
    names: Names
    search: SearchIndex
    incoming: Incoming
    federation: Federation


def site() -> Site:
    """The site of the running request."""
    return cast(Site, running_app().extensions[EXTENSION])
