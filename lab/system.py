"""The few system calls that Python 3.11 does not offer, and errors with a reason."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWNET = 0x40000000

MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """The process has namespaces of its own, as asked for by the flags. Raises OSError."""
    _check(_libc.unshare(ctypes.c_int(flags)), f"unshare {flags:#x}")


def enter(namespace: Path | int, kind: int) -> None:
    """The process is in that namespace: a path under /proc or /run/netns. Raises OSError."""
    descriptor = os.open(namespace, os.O_RDONLY) if isinstance(namespace, Path) else namespace
    try:
        _check(_libc.setns(ctypes.c_int(descriptor), ctypes.c_int(kind)), f"setns {namespace}")
    finally:
        if isinstance(namespace, Path):
            os.close(descriptor)


def bind(source: Path, target: Path) -> None:
    """`target` shows what `source` holds, in this mount namespace only. Raises OSError."""
    _mount(str(source), str(target), None, MS_BIND | MS_REC, None)


def scratch(target: Path, options: str = "mode=0755,size=64m") -> None:
    """`target` is an empty file system in memory, in this mount namespace only. Raises OSError."""
    _mount("tmpfs", str(target), "tmpfs", 0, options)


def _mount(source: str, target: str, kind: str | None, flags: int, options: str | None) -> None:
    def text(value: str | None) -> bytes | None:
        return None if value is None else os.fsencode(value)

    result = _libc.mount(
        text(source), text(target), text(kind), ctypes.c_ulong(flags), text(options)
    )
    _check(result, f"mount {source} on {target}")


def name_host(name: str) -> None:
    """`hostname` prints that name in this namespace."""
    encoded = name.encode()
    _check(_libc.sethostname(encoded, ctypes.c_size_t(len(encoded))), f"sethostname {name}")
