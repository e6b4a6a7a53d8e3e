"""Releases of FortiOS, and what is the default of which one."""

from __future__ import annotations

import re
from typing import Any

from scanner.platforms.fortios.tree import Configuration

_VERSION = re.compile(r"v?(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:[ ,-]?(?:build)?[ ]?\d{1,6})?")


def version_key(version: str) -> tuple[Any, ...] | None:
    """`7.2.5`, `v7.2.5,build1517`: three numbers."""
    match = _VERSION.fullmatch(version.strip())
    return tuple(int(number) for number in match.groups()) if match is not None else None


def release(found: Configuration) -> tuple[int, ...] | None:
    """The release that the file names."""
    return version_key(found.version[0]) if found.version is not None else None


def redirects_by_default(version: tuple[int, ...] | None) -> bool | None:
    """The default of `allow-traffic-redirect`; None when the release is not known.

    Off since 7.4.10, 7.6.5 and 8.0.0; upgrading switches it off too. (Fortinet Community,
    "Traffic handled by FortiGate for packets with ingress & egress as same interface".)
    """
    if version is None:
        return None
    if version >= (7, 6):
        return version < (7, 6, 5)
    return version < (7, 4, 10)


def lone_member_is_a_zone(version: tuple[int, ...] | None) -> bool | None:
    """Whether `intrazone allow` works in a zone with one interface: since 7.4.4.

    (Fortinet Community, "Block or allow intra-zone traffic".)
    """
    return None if version is None else version >= (7, 4, 4)
