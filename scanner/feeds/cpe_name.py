"""Vendor and product out of a CPE 2.3 name (NIST IR 7695)."""

from __future__ import annotations

import re

LONGEST_CPE = 1000

_SEPARATOR = re.compile(r"(?<!\\):")
_ANY = frozenset({"*", "-", ""})
_ESCAPED = re.compile(r"\\(.)")


def vendor_and_product(cpe: str) -> tuple[str, str]:
    """Both in small letters and unescaped; empty when it is no CPE 2.3 name."""
    if len(cpe) > LONGEST_CPE or not cpe.startswith("cpe:2.3:"):
        return "", ""
    # most names have nothing escaped, and a million of them are looked at
    fields = cpe.split(":") if "\\" not in cpe else _SEPARATOR.split(cpe)
    if len(fields) != 13:
        return "", ""
    return _plain(fields[3]), _plain(fields[4])


def release(cpe: str) -> str:
    """The version with its update; empty when none is named."""
    if not vendor_and_product(cpe)[0]:
        return ""
    version, update = (_plain(field) for field in _SEPARATOR.split(cpe)[5:7])
    if version in _ANY:
        return ""
    return version if update in _ANY else f"{version}{update.replace('_', '')}"


def _plain(field: str) -> str:
    return (_ESCAPED.sub(r"\1", field) if "\\" in field else field).lower()
