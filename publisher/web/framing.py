"""What can be wrong with a request whatever its address: the host that it names."""

import re
from collections.abc import Mapping

from publisher.core.request_errors import BadRequest, RequestError

_HOST = re.compile(r"(\[[\w:.]+\]|([\w\-.~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)(:[0-9]*)?", re.ASCII)
"""A host with or without a port, or nothing (RFC 3986 §3.2.2). Several lines are joined by a space, which it lacks."""


def fault_of(version: str, fields: Mapping[str, str]) -> RequestError | None:
    """What is wrong with a request.

    An HTTP/1.1 request has one ``Host`` line, also where its target names a host already (RFC 9112 §3.2); HTTP/1.0
    may lack it.

    Args:
        version: of HTTP, as ``1.1``.
        fields: header fields, names in lower case.
    """
    host = fields.get("host", None if version == "1.1" else "")
    if host is None or not _HOST.fullmatch(host):
        return BadRequest("The request does not name exactly one host.", hint="Send one Host field with it.")
    return None
