"""Asks another SPARQL endpoint, and nobody whose address is not a public one."""

import socket
import time
from ipaddress import ip_address, ip_network
from urllib.parse import urlencode, urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import HTTPError

from publisher.core.formats import BY_NAME
from publisher.core.request_errors import EndpointFailed
from publisher.store.body import read_whole

_NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "::/96",  # IPv4-compatible (RFC 4291 §2.5.5.1)
            "64:ff9b::/96",  # NAT64 (RFC 6052 §2.1)
            "64:ff9b:1::/48",  # NAT64 within a network (RFC 8215)
            "2001::/32",  # Teredo (RFC 4380)
            "2002::/16",  # 6to4 (RFC 3056)
            "fec0::/10",  # site-local (RFC 3879)
        ),
    )
)
"""What Python takes for public, or did: most of these carry an IPv4 address, to which a gateway would lead on."""
_PORTS = {"http": 80, "https": 443}


def ask(endpoint: str, query: str, most: int, deadline: float) -> bytes:
    """The answer to a ``SELECT`` query, in JSON as it came.

    The name is resolved once and the connection is made to the address that was looked at, so that a
    name cannot lead elsewhere in between; redirections are not followed.

    Args:
        endpoint: the address of the endpoint, one that the settings allow.
        query: the query.
        most: bytes that the answer may have.
        deadline: the moment of the monotonic clock at which it must be there.

    Raises:
        EndpointFailed: it cannot be reached, its address is not a public one, it answers with an
            error, late or at too great a length.
    """
    parts = urlsplit(endpoint)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    address = _public_address(host, port, endpoint)
    timeout = Timeout(total=max(0.01, deadline - time.monotonic()))
    pool: HTTPConnectionPool
    if parts.scheme == "https":
        pool = HTTPSConnectionPool(address, port, timeout=timeout, server_hostname=host, assert_hostname=host)
    else:
        pool = HTTPConnectionPool(address, port, timeout=timeout)
    headers = {
        "Host": parts.netloc,
        "Accept": BY_NAME["json"].media_type,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"query": query})
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with pool:
        try:
            as_sent = {"redirect": False, "retries": False, "preload_content": False, "decode_content": False}
            response = pool.urlopen("POST", target, body, headers, **as_sent)
            if response.status != 200:
                raise EndpointFailed(
                    "<{endpoint}> answers with the status {status}.", endpoint=endpoint, status=response.status
                )
            too_large = EndpointFailed("The answer of <{endpoint}> is over the limit.", endpoint=endpoint)
            return read_whole(response, most, deadline, too_large)
        except TimeoutError:
            raise EndpointFailed("<{endpoint}> did not answer in time.", endpoint=endpoint) from None
        except HTTPError:
            raise EndpointFailed(
                "<{endpoint}> did not answer in time, or cannot be reached.", endpoint=endpoint
            ) from None


def _public_address(host: str, port: int, endpoint: str) -> str:
    """The first address of a host, all of whose addresses are public ones (IANA's registries, RFC 6890)."""
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError:
        raise EndpointFailed("There is no host of the name of <{endpoint}>.", endpoint=endpoint) from None
    if not all(map(_is_public, found)):
        raise EndpointFailed("<{endpoint}> is not at a public address.", endpoint=endpoint)
    return found[0]


def _is_public(address: str) -> bool:
    parsed = ip_address(address)
    is_within = any(parsed in network for network in _NOT_PUBLIC)
    return parsed.is_global and not parsed.is_multicast and not is_within
