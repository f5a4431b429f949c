"""Programs that run for the time of a measurement."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click

_PATHS = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
_STARTING = 600.0
"""Seconds that a server may take to read its data and to answer."""


def program(name: str) -> str | None:
    """The path of a program that is installed beside this Python or on the search path."""
    return shutil.which(name, path=_PATHS)


def run(*command: str | Path, folder: Path) -> str:
    """Runs a program to its end and gives what it printed.

    Raises:
        CalledProcessError: it failed.
    """
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def processor_time(process: int) -> float:
    """Seconds of processor time that a process and those it has started have taken so far (proc(5), Linux)."""
    fields: dict[int, list[str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields[int(folder.name)] = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
    whole: set[int] = set()
    new = {process}
    while new:
        whole |= new
        new = {child for child, found in fields.items() if int(found[1]) in whole} - whole
    ticks = sum(int(fields[one][11]) + int(fields[one][12]) for one in whole if one in fields)
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    *command: str | Path, address: str, log: Path, folder: Path | None = None, patience: float = 0.1
) -> Iterator[int]:
    """Keeps a server running, from its first answer to the end of the block.

    Args:
        command: the program and its arguments.
        address: answers with any HTTP status once the server is ready.
        log: the file for what it prints.
        folder: where it runs, if not here.
        patience: seconds between two attempts to reach it.

    Returns:
        The number of the process.

    Raises:
        RuntimeError: it ended, or did not answer in time.
    """
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen([str(part) for part in command], cwd=folder, stdout=output, stderr=output)
    try:
        _await(process, address, log, patience)
        yield process.pid
        if process.poll() is not None:
            click.echo(f"{command[0]} ended before its time with {process.returncode}:\n{_tail(log)}", err=True)
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], address: str, log: Path, patience: float) -> None:
    latest = time.monotonic() + _STARTING
    while time.monotonic() < latest:
        if process.poll() is not None:
            break
        try:
            urlopen(address, timeout=60).close()
            return
        except URLError as error:
            if hasattr(error, "code"):
                return
        except OSError:
            pass
        time.sleep(patience)
    raise RuntimeError(f"{process.args!r} does not answer:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]
