"""Releases of FortiOS, and what is the default of which one."""

from __future__ import annotations

import re
from typing import Any

from scanner import products
from scanner.platforms.fortios.tree import Configuration

_SHOWN = re.compile(r"v?(\d{1,3}\.\d{1,3}\.\d{1,3})(?:[ ,-]?(?:build)?[ ]?\d{1,6})?")
_release_key = products.version_key("fortios", least=3)


def version_key(version: str) -> tuple[Any, ...] | None:
    """`7.2.5`, `v7.2.5,build1517`: the release, whatever its build."""
    match = _SHOWN.fullmatch(version.strip())
    return _release_key(match[1]) if match is not None else None


def release(found: Configuration) -> tuple[int, ...] | None:
    """The three numbers of the release that the file names."""
    match = _SHOWN.fullmatch(found.version[0].strip()) if found.version is not None else None
    return tuple(map(int, match[1].split("."))) if match is not None else None


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
