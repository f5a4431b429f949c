"""Which release is served: the current one, also when it changes while the server runs."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from prometheus_client import Gauge

from publisher.core.formats import PAGE
from publisher.core.release import CURRENT, Release, open_release
from publisher.core.settings import Settings
from publisher.store.numbers import measure
from publisher.web.answers import AnswerCache
from publisher.web.app import create_app
from publisher.web.site import EXTENSION, Site

_INTERVAL = 1.0
"""Seconds between looks at which release is the current one."""
_SERVED = Gauge(
    "publisher_release_info", "1 for the release that is served.", ("release",), multiprocess_mode="livemax"
)
_log = logging.getLogger(__name__)


class Serving:
    """A release, the application that serves it, and the answers given from it.

    Args:
        settings: how to serve.
        release: what to serve.
    """

    def __init__(self, settings: Settings, release: Release) -> None:
        self.release = release
        self.app = create_app(settings, release)
        self.cache = AnswerCache(settings.cache_bytes)
        self.requests = 0
        self._languages = settings.languages

    def warm(self) -> None:
        """Opens the first page in every language, so that no reader waits for what is read once for all."""
        client = self.app.test_client()
        for language in self._languages:
            client.get("/", query_string={"lang": language}, headers={"Accept": PAGE.media_type}).close()

    def close(self) -> None:
        """Ends what the application has started."""
        cast(Site, self.app.extensions[EXTENSION]).pool.close()


class Switch:
    """Holds what is served and replaces it, request by request: none fails for it.

    Args:
        settings: how to serve, and where the releases are.

    Raises:
        ReleaseMissing: there is none.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.now = Serving(settings, open_release(settings.releases_folder))
        """What is served; whoever does more with it than take a kept answer says so with ``use``."""
        _SERVED.labels(self.now.release.id).set(1)
        self._leaving: set[Serving] = set()

    @contextmanager
    def use(self) -> Iterator[Serving]:
        """What is served now; it stays open until the request is answered."""
        serving = self.now
        serving.requests += 1
        try:
            yield serving
        finally:
            serving.requests -= 1
            if serving in self._leaving and not serving.requests:
                self._leaving.discard(serving)
                serving.close()

    async def watch(self) -> None:
        """Looks for a new release now and then, until it is cancelled."""
        link = self._settings.releases_folder / CURRENT
        seen = self.now.release.folder
        while True:
            await asyncio.sleep(_INTERVAL)
            try:
                await asyncio.to_thread(measure)
                folder = link.resolve()
                if folder != seen and folder.exists():
                    seen = folder
                    await self._replace()
            except Exception:
                # Whatever it is: the next release is looked for all the same.
                _log.exception("The new release cannot be opened.")

    async def _replace(self) -> None:
        release = open_release(self._settings.releases_folder)
        if release.base_iri != self.now.release.base_iri:
            _log.error("A release for %s is not served here.", release.base_iri)
            return
        new = await asyncio.to_thread(Serving, self._settings, release)
        await asyncio.to_thread(new.warm)
        old, self.now = self.now, new
        _SERVED.labels(old.release.id).set(0)
        _SERVED.labels(new.release.id).set(1)
        if old.requests:
            self._leaving.add(old)
        else:
            old.close()

    def close(self) -> None:
        """Ends what was started for any release."""
        for serving in (self.now, *self._leaving):
            serving.close()
