"""What a worker can no longer do once its store is open."""

import ctypes
import errno
import os
import resource
from pathlib import Path

_MEBIBYTE = 1 << 20
_SIZES = Path("/proc/self/statm")
_ALLOW = 0x7FFF0000
_FAIL = 0x00050000 | errno.EACCES
"""Actions of seccomp(2): ``SCMP_ACT_ALLOW`` and ``SCMP_ACT_ERRNO``."""


def limit_memory(mebibytes: int) -> None:
    """Lets the process grow by so much from now on, and leave no core dump."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if size := _address_space():
        resource.setrlimit(resource.RLIMIT_AS, (size + mebibytes * _MEBIBYTE,) * 2)


def forbid_network() -> None:
    """No socket can be made any more: the second defence against ``SERVICE``, should a query slip past the guard.

    Linux refuses the system call where libseccomp is there. Elsewhere no file descriptor is
    left free; then a store of more than 16 files cannot be read, because the engine opens
    the others when it needs them.
    """
    if not _refuse_sockets():
        _use_up_descriptors()


def _refuse_sockets() -> bool:
    """Whether sockets are refused from now on."""
    try:
        seccomp = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    seccomp.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(seccomp.seccomp_init(_ALLOW))
    call = seccomp.seccomp_syscall_resolve_name(b"socket")
    is_added = seccomp.seccomp_rule_add(rules, ctypes.c_uint32(_FAIL), call, 0) == 0
    return is_added and bool(seccomp.seccomp_load(rules) == 0)


def _use_up_descriptors() -> None:
    highest = max(int(entry.name) for entry in Path("/dev/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1,) * 2)
    try:
        while True:
            os.dup(0)
    except OSError:
        pass


def _address_space() -> int:
    """The size of the process as ``RLIMIT_AS`` counts it, in bytes; 0 where the system does not tell."""
    if not _SIZES.exists():
        return 0
    return int(_SIZES.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
