"""Address lists and interface lists: names that rules use for many addresses or interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.packets.fields import ALL_V4, ALL_V6
from rules.packets.sets import Names, Numbers, Part, numbers
from scanner.platforms.mikrotik_routeros.export import Command, Export
from scanner.platforms.netconfig.addresses import between, prefix
from scanner.platforms.netconfig.doubt import Extent, Interfaces

NO_NAMES, ALL_NAMES = Names(), Names(all_but=True)


class AddressLists:
    """The lists of one version of IP. A list is one set that all rules share."""

    def __init__(self, export: Export, version: str) -> None:
        self._whole = ALL_V6 if version == "ipv6" else ALL_V4
        self._members: dict[str, list[Command]] = {}
        for command in export.of(f"{version} firewall address-list"):
            members = self._members.setdefault(command.get("list"), [])
            if command.verb == "add" and not command.is_disabled:
                members.append(command)
        self._filled = _filled_at_run_time(export)
        self._known: dict[str, Extent] = {}

    def extent(self, name: str) -> Extent:
        """The addresses of a list; those with a DNS name or a timeout are not known."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._made(name)
        return known

    def _made(self, name: str) -> Extent:
        parts, why = [], ""
        for command in self._members.get(name, ()):
            written = command.get("address")
            found = literal(written)
            lasting = not command.get("timeout") and not command.is_conditional
            if found is None or not lasting:
                why = f"address list {name}: {written}"
            else:
                parts.append(Part(found.intervals, command.line, command.text))
        if not why and (name in self._filled or "*" in self._filled):
            why = f"address list {name} is filled at run time"
        if not why and name not in self._members:
            why = f"address list {name}, which the file lacks"
        values = numbers((i for part in parts for i in part.intervals), parts)
        return Extent(self._whole, values, why) if why else Extent(values, values)


def literal(written: str) -> Numbers | None:
    """`10.0.0.0/8`, `10.0.0.1-10.0.0.9`, one address."""
    first, mark, last = written.partition("-")
    if mark:
        return between(first, last)
    return prefix(written)


_SCRIPTED = re.compile(r"address-list")


def _filled_at_run_time(export: Export) -> frozenset[str]:
    """Lists that rules, DHCP, PPP or DNS add to; `*` when a script could add to any."""
    found = set()
    for command in export.commands:
        if command.menu.endswith("firewall address-list"):
            if command.verb != "add":
                found.add("*")
            continue
        for key in ("address-list", "address-lists"):
            found |= {name for name in command.get(key).split(",") if name}
        scripted = command.menu in {"system script", "system scheduler"}
        if scripted and any(_SCRIPTED.search(value) for value in command.values.values()):
            found.add("*")
    return frozenset(found)


class InterfaceLists:
    """Names of interfaces and of lists of them, as sets of names."""

    def __init__(self, export: Export) -> None:
        self._lists = {c.get("name"): c for c in export.added("interface list")}
        self._members: dict[str, set[str]] = {}
        self._open = {"dynamic": "the list dynamic", "static": "the list static"}
        for command in export.added("interface list member"):
            self._members.setdefault(command.get("list"), set()).add(command.get("interface"))
        for command in export.commands:
            self._note(command)
        self.bridged = _bridged(export)

    def _note(self, command: Command) -> None:
        if command.menu in {"interface list", "interface list member"}:
            if command.verb not in {"add"} or command.is_conditional:
                name = command.get("list") or command.get("name")
                self._open[name or "*"] = command.text
        elif command.menu == "interface detect-internet":
            for value in command.values.values():
                self._open.setdefault(value, "a list that detect-internet fills")
        elif command.menu.startswith("ppp") and command.get("interface-list"):
            self._open.setdefault(command.get("interface-list"), "a list that PPP fills")

    def interface(self, written: str) -> Interfaces:
        """One interface; `all`-kinds stand for kinds of interfaces that are not told apart here."""
        if written in {"all-ethernet", "all-ppp", "all-vlan", "all-wireless"} or "$" in written:
            return Interfaces(None, NO_NAMES, f"interface {written}")
        if written == "all":
            return Interfaces()
        through = Names(self._with_ports({written}))
        return Interfaces(through, through)

    def list(self, name: str) -> Interfaces:
        """The interfaces of a list, with `include` and `exclude` of the lists it is made of."""
        names, why = self._resolved(name, ())
        spelled = Names(self._with_ports(names.exact), all_but=names.all_but)
        return Interfaces(None, spelled, why) if why else Interfaces(spelled, spelled)

    def _resolved(self, name: str, above: tuple[str, ...]) -> tuple[Names, str]:
        if name in {"all", "none"}:
            return (ALL_NAMES if name == "all" else NO_NAMES), ""
        if name in above:
            return NO_NAMES, f"interface list {name} includes itself"
        why = self._open.get(name) or self._open.get("*") or ""
        made = self._lists.get(name)
        if made is None and not why and name not in self._members:
            why = f"interface list {name}, which the file lacks"
        found = Names(frozenset(self._members.get(name, ())))
        for word in _words(made, "include"):
            inner, more = self._resolved(word, (*above, name))
            found, why = _either(found, inner), why or more
        for word in _words(made, "exclude"):
            inner, more = self._resolved(word, (*above, name))
            found, why = _not_in(found, inner), why or more
        return found, why

    def _with_ports(self, names: Iterable[str]) -> frozenset[str]:
        """A bridge is asked about where a packet came in through one of its ports."""
        found = set(names)
        for name in tuple(found):
            found |= self.bridged.get(name, frozenset())
        return frozenset(found)


def inverted(interfaces: Interfaces) -> Interfaces:
    """All other interfaces."""
    may = _complement(interfaces.must)
    if not interfaces.why:
        return Interfaces(may, may)
    return Interfaces(may, _complement(interfaces.may), interfaces.why)


def both(one: Interfaces, other: Interfaces) -> Interfaces:
    """The interfaces in both."""
    may, must = _common(one.may, other.may), _common(one.must, other.must)
    return Interfaces(may, must, one.why or other.why)


def _complement(names: Names | None) -> Names:
    return NO_NAMES if names is None else Names(names.exact, all_but=not names.all_but)


def _common(one: Names | None, other: Names | None) -> Names | None:
    if one is None or other is None:
        return other if one is None else one
    return _complement(_either(_complement(one), _complement(other)))


def _either(one: Names, other: Names) -> Names:
    if one.all_but and other.all_but:
        return Names(one.exact & other.exact, all_but=True)
    if one.all_but or other.all_but:
        wide, narrow = (one, other) if one.all_but else (other, one)
        return Names(wide.exact - narrow.exact, all_but=True)
    return Names(one.exact | other.exact)


def _not_in(one: Names, other: Names) -> Names:
    return _complement(_either(_complement(one), other))


def _words(command: Command | None, key: str) -> list[str]:
    return [word for word in command.get(key).split(",") if word] if command is not None else []


def _bridged(export: Export) -> dict[str, frozenset[str]]:
    """Bridge -> its ports, for bridges that do not tell VLANs apart."""
    found: dict[str, frozenset[str]] = {}
    filtering = {
        c.get("name") for c in export.of("interface bridge") if c.get("vlan-filtering") == "yes"
    }
    for port in export.added("interface bridge port"):
        bridge, interface = port.get("bridge"), port.get("interface")
        if bridge and interface and bridge not in filtering:
            found[bridge] = found.get(bridge, frozenset()) | {interface}
    return found
