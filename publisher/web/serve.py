"""Running the site under granian."""

import os
import socket

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from publisher.core.errors import SettingsError
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
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


def claim_port(settings: Settings) -> None:
    """Granian shares its port with whoever else listens on it; a second server must not start unnoticed.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    try:
        with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
    except OSError as error:
        raise SettingsError(
            f"{settings.host} port {settings.port}: {error.strerror}.",
            hint="Stop what listens there, or choose another port with --port.",
            where="port",
        ) from None


def create() -> Flask:
    """The application for the settings that ``run`` left in the environment."""
    from publisher.web.app import create_app

    settings = Settings.model_validate_json(os.environ[ENVIRONMENT])
    return create_app(settings, open_release(settings.releases_folder))
