"""Where the access log goes."""

import logging
import sys

from publisher.core.errors import SettingsError

STANDARD_ERROR = "-"


def log_handler(access_log: str) -> logging.Handler:
    """What writes the access log.

    Args:
        access_log: the setting: a file, or ``-`` for standard error.

    Raises:
        SettingsError: the file cannot be written.
    """
    if access_log == STANDARD_ERROR:
        return logging.StreamHandler(sys.stderr)
    try:
        return logging.FileHandler(access_log)
    except OSError as error:
        raise SettingsError(
            f"{access_log}: {error.strerror}.",
            hint="Name a file that can be written, in a folder that is there.",
            where="access_log",
        ) from None
