"""Running the site under granian."""

import os
import resource
import socket
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from publisher.core.errors import SettingsError
from publisher.core.settings import Settings

if TYPE_CHECKING:
    # Loaded by the server's own process only: starting is quicker.
    from publisher.web.gateway import Gateway

_HEAD_BYTES = 1 << 17
"""Longest head of a request, with the address and all fields."""
_MOST_FILES = 1 << 16

ENVIRONMENT = "PUBLISHER_SERVE"
"""Carries the settings, as JSON, from the command to the server's worker process."""


def run(settings: Settings) -> None:
    """Serves until it is stopped; requests that run then are answered first.

    Args:
        settings: address, port, project and limits.
    """
    os.environ[ENVIRONMENT] = settings.model_dump_json()
    with TemporaryDirectory() as numbers:
        # Where prometheus_client adds up the numbers of several processes.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = numbers
        Granian(
            "publisher.web.serve:create",
            factory=True,
            interface=Interfaces.RSGI,
            address=settings.host,
            port=settings.port,
            workers=settings.processes,
            # Else a connection on which nothing is sent stays open for good: no time is measured before it is known
            # which version of HTTP it speaks.
            http=HTTPModes.http1,
            websockets=False,
            backpressure=_open_files() // 2,
            respawn_failed_workers=True,
            log_level=LogLevels.error,
            http1_settings=HTTP1Settings(
                header_read_timeout=round(settings.body_timeout * 1000), max_buffer_size=_HEAD_BYTES
            ),
            workers_kill_timeout=round(settings.query_timeout) + 10,
        ).serve()


def _open_files() -> int:
    """How many files and connections a process may have open: as many as the system lets it raise the limit to."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(hard, _MOST_FILES) if hard != resource.RLIM_INFINITY else _MOST_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most


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


def create() -> "Gateway":
    """The site for the settings that ``run`` left in the environment."""
    from publisher.web.gateway import Gateway

    return Gateway(Settings.model_validate_json(os.environ[ENVIRONMENT]).share())
