"""Running the site under granian."""

import os

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from publisher.core.release import open_release
from publisher.core.settings import Settings

ENVIRONMENT = "PUBLISHER_SERVE"
"""Carries the settings, as JSON, from the command to the server's worker process."""


def run(settings: Settings) -> None:
    """Serves until it is stopped.

    Args:
        settings: address, port, project and limits.
    """
    os.environ[ENVIRONMENT] = settings.model_dump_json()
    Granian(
        "publisher.web.serve:create",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        blocking_threads=settings.query_workers + settings.query_queue + 8,
        log_access=False,
    ).serve()


def create() -> Flask:
    """The application for the settings that ``run`` left in the environment."""
    from publisher.web.app import create_app

    settings = Settings.model_validate_json(os.environ[ENVIRONMENT])
    return create_app(settings, open_release(settings.releases_folder))
