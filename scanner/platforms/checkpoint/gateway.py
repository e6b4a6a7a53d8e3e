"""The gateway that the documents are about: who it is, its interfaces, its zones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from typing import Any

from rules.facts import Fact, Known
from rules.network_facts import AddressWithPrefix, Interface
from scanner.platforms.checkpoint.objects import Thing, number, text
from scanner.platforms.checkpoint.saved import Saved

VERSION_FORM = r"R\d{2}(?:\.\d{1,2}){0,2}"
_NO_MODEL = "Open server"
"""A computer of another maker."""
_RELEASE = re.compile(r"R(\d{2})(?:\.(\d{1,2}))?(?:\.(\d{1,2}))?", re.IGNORECASE)


def version_key(version: str) -> tuple[int, ...] | None:
    """`R80.40` before `R81` before `R81.10`; None for other text."""
    found = _RELEASE.fullmatch(version.strip())
    return None if found is None else tuple(int(part or 0) for part in found.groups())


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway or cluster."""

    thing: Thing

    @property
    def uid(self) -> str:
        return self.thing.uid

    def interfaces(self) -> tuple[Interface, ...] | None:
        """Interfaces with their addresses; None when one of them is not understood."""
        listed = self.thing.interfaces
        if not listed:
            return None
        found = [_interface(one) for one in listed]
        known = [one for one in found if one is not None]
        names = {one.name for one in known}
        return tuple(known) if len(names) == len(listed) else None

    def zones(self) -> dict[str, tuple[str, ...]] | None:
        """By zone its interfaces; None when the zone of one interface is not shown."""
        if self.interfaces() is None:
            return None
        found: dict[str, tuple[str, ...]] = {}
        for one in self.thing.interfaces:
            if one.get("security-zone") is False:
                continue
            settings = one.get("security-zone-settings")
            zone = text(settings.get("specific-zone")) if isinstance(settings, dict) else ""
            if not zone:
                return None
            found[zone] = (*found.get(zone, ()), _name(one))
        return found


def gateway_of(found: Saved) -> Gateway | None:
    """The one that a document is about alone, else the only one; None where there are several."""
    for uids in (found.lone, found.listed):
        if len(set(uids)) == 1:
            return Gateway(found.things[uids[0]])
        if uids:
            return None
    return None


def facts_of(gateway: Gateway) -> dict[str, Fact[Any]]:
    """What the management server knows of the gateway itself."""
    thing = gateway.thing
    cited = tuple(one.document.cite(one.line) for one in (thing.place, *thing.further)[:4])
    facts: dict[str, Fact[Any]] = {}
    for name, key in (("identity.model", "hardware"), ("software.version", "version")):
        value = text(thing.get(key))
        if value and value != _NO_MODEL and (key != "version" or version_key(value)):
            facts[name] = Known(value, cited)
    interfaces = gateway.interfaces()
    if interfaces:
        facts["interfaces"] = Known(interfaces, cited)
    return facts


def _name(one: dict[str, Any]) -> str:
    return text(one.get("name")) or text(one.get("interface-name"))


def _interface(one: Any) -> Interface | None:
    if not isinstance(one, dict) or not _name(one):
        return None
    found = list(_addresses(one))
    known = tuple(address for address in found if address is not None)
    return Interface(_name(one), known) if len(known) == len(found) else None


def _addresses(one: dict[str, Any]) -> Iterator[AddressWithPrefix | None]:
    """None for an address that is not understood."""
    for version, of_version in (("ipv4", IPv4Interface), ("ipv6", IPv6Interface)):
        shown, bits = text(one.get(f"{version}-address")), number(one.get(f"{version}-mask-length"))
        if not shown and bits is None:
            continue
        try:
            address = ip_interface(f"{shown}/{bits}")
        except ValueError:
            address = None
        yield address if isinstance(address, of_version) else None
