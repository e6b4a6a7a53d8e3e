"""Families that are recognised from the network and not read: their interface is not documented."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import FACT_TYPES, DefaultAccount, NeededPort, Unknown
from scanner.collect.errors import CollectError
from scanner.evidence import Document
from scanner.platforms.model import SEEN_FROM_OUTSIDE, Access, Platform, Reading
from scanner.platforms.signs import Sign


def recognised_only(
    *,
    name: str,
    title: str,
    vendor: str,
    kinds: frozenset[str],
    why: Text,
    signs: tuple[Sign, ...],
    version_key: Callable[[str], tuple[Any, ...] | None],
    version_form: str = "",
    needed_ports: tuple[NeededPort, ...] = (),
    management_ports: Mapping[str, int] | None = None,
    default_accounts: tuple[DefaultAccount, ...] = (),
) -> Platform:
    """A family of which every configuration fact is Unknown with the reason `why`.

    Nothing is ever sent to it but what is asked of anybody: ports, banners, certificates.
    """

    def collect(_access: Access) -> Generator[Document, None, None]:
        raise CollectError(why)
        yield

    def read(_documents: Sequence[Document]) -> Reading:
        return Reading({fact: Unknown(why) for fact in FACT_TYPES.keys() - SEEN_FROM_OUTSIDE})

    return Platform(
        name=name,
        title=title,
        vendor=vendor,
        kinds=kinds,
        allowed=(),
        collect=collect,
        read=read,
        version_key=version_key,
        needed_ports=needed_ports,
        management_ports=management_ports or {},
        signs=signs,
        version_form=version_form,
        default_accounts=default_accounts,
        not_read=why,
    )


def numbers(version: str) -> tuple[int, ...] | None:
    """`63.345.0.40`: compared number by number; None for anything but numbers and dots."""
    parts = version.strip().split(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
        return None
    return tuple(int(part) for part in parts)
