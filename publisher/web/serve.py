"""Running the site under uvicorn."""

import gc
import os
import resource
import signal
import socket
import sys
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from publisher.core.errors import SettingsError
from publisher.core.settings import HANDED_ON, Settings

if TYPE_CHECKING:
    # Loaded by the processes that serve only.
    from publisher.web.gateway import Gateway

_MOST_FILES = 1 << 16
_IDLE = 65
"""Seconds that a connection may be kept open without a request: longer than proxies keep theirs."""
_GRACE = 10


def run(settings: Settings, listener: socket.socket) -> None:
    """Serves until it is stopped; requests that run then are answered first.

    Args:
        settings: project and limits.
        listener: see ``listen``.

    Raises:
        SettingsError: somebody else has listened on it in the meantime.
    """
    try:
        listener.listen()  # Two may have taken the same port, and only one can do this; uvloop would say nothing.
    except OSError as error:
        raise _not_free(settings, error) from None
    os.environ[HANDED_ON] = settings.to_json()
    config = Config(
        "publisher.web.serve:create",
        factory=True,
        interface="asgi3",
        http="publisher.web.connection:Connection",
        loop="uvloop",
        ws="none",
        lifespan="on",
        workers=settings.processes,
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=round(settings.query_timeout) + _GRACE,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit())  # What uvicorn does after a signal once it has stopped.
    if settings.processes == 1:
        gc.disable()  # Until all modules are loaded, see ``create``: looking for garbage there finds none.
        Server(config).run([listener])
        return
    with TemporaryDirectory() as numbers:
        # Where prometheus_client adds up the numbers of several processes.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = numbers
        Multiprocess(config, [listener]).run()


def listen(settings: Settings) -> socket.socket:
    """Takes the address and the port of the settings; nobody is let in yet.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise _not_free(settings, error) from None
    return listener


def _not_free(settings: Settings, error: OSError) -> SettingsError:
    return SettingsError(
        f"{settings.host} port {settings.port}: {error.strerror}.",
        hint="Stop what listens there, or choose another port with --port.",
        where="port",
    )


def create() -> "Gateway":
    """The site for the settings that ``run`` left in the environment."""
    from publisher.web.gateway import Gateway

    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # Nothing to read again: a new release is found without.
    gc.freeze()
    gc.enable()
    return Gateway(Settings.from_json(os.environ[HANDED_ON]).share(), _open_files() // 2)


def _open_files() -> int:
    """How many files and connections a process may have open: as many as the system lets it raise the limit to."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(hard, _MOST_FILES) if hard != resource.RLIM_INFINITY else _MOST_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most
