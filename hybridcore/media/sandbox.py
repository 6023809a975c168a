"""Takes away from the process of the decoders what decoding does not need (Linux).

Whatever the kernel refuses is left out: the limits on memory and time always hold.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct

# <linux/prctl.h>
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
# <linux/sched.h>
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
# <linux/landlock.h>: numbers that all architectures share.
_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION = 1
# Of version 1: running programs (bit 0), writing (1), removing (4, 5), making anything (6 to 12);
# reading files and folders (2, 3) stays allowed. Later versions: linking, truncating, devices.
_FILES = {1: 0b1_1111_1111_0011, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_TCP = 0b11  # of version 4: offering and making connections
_SCOPES = 0b11  # of version 6: other processes' abstract sockets, and signals to them

_libc = ctypes.CDLL(None, use_errno=True)


def shut_off() -> None:
    """No network, no writing, no other programs: for this process and all that it forks."""
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Root of a container may lack the right; in a user namespace it would lose that to read files.
    if _libc.unshare(_CLONE_NEWNET) != 0 and os.geteuid() != 0:
        _libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    version = _libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)
    files = sum(bits for since, bits in _FILES.items() if since <= version)
    rules = struct.pack(
        "=QQQ", files, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _libc.syscall(_CREATE_RULESET, rules, size, 0) if version >= 1 else -1
    if ruleset >= 0:
        _libc.syscall(_RESTRICT_SELF, ruleset, 0)
        os.close(ruleset)


def bind_to_parent(parent: int) -> None:
    """End with the process ``parent``, which forked this one, however it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # it has ended already


def limit(max_memory: int, max_seconds: int) -> None:
    """Bound this process for good.

    max_memory: bytes beyond those that it has. max_seconds: of the processor.
    """
    with open("/proc/self/statm") as file:
        has = int(file.read().split()[0]) * resource.getpagesize()
    _lower(resource.RLIMIT_AS, has + max_memory)
    _lower(resource.RLIMIT_CPU, max_seconds)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _lower(kind: int, bound: int) -> None:
    _, most = resource.getrlimit(kind)
    bound = bound if most == resource.RLIM_INFINITY else min(bound, most)
    resource.setrlimit(kind, (bound, bound))
