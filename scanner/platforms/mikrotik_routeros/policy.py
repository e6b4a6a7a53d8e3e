"""What a RouterOS router lets through: raw rules first, then the filter's forward or input chain.

The end of a chain accepts. `fasttrack-connection` marks a connection, whose further packets then
pass by the filter; the packet itself goes on to the next rule (RouterOS, "FastTrack"). Packets that
stay inside one bridge do not meet these rules unless `use-ip-firewall` is set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from ipaddress import ip_interface
from typing import Final, Literal

from rules.packets.fields import ALL_V4, ALL_V6, TCP, UDP, place
from rules.packets.policy import Chain, Policy, Region, Rewrite, Rule, Stage, Unread
from rules.packets.sets import NOTHING, Names, Numbers, common, numbers, without
from scanner.platforms.mikrotik_routeros import nat_state
from scanner.platforms.mikrotik_routeros.conditions import Conditions
from scanner.platforms.mikrotik_routeros.export import Command, Export
from scanner.platforms.mikrotik_routeros.lists import AddressLists, InterfaceLists
from scanner.platforms.mikrotik_routeros.nat import Nat

_DECISIONS: Final[dict[str, Literal["permit", "deny", "jump", "return", "continue"]]] = {
    "accept": "permit",
    "drop": "deny",
    "jump": "jump",
    "log": "continue",
    "add-dst-to-address-list": "continue",
    "add-src-to-address-list": "continue",
    "notrack": "continue",
    "passthrough": "continue",
    "reject": "deny",
    "return": "return",
    "tarpit": "deny",
}
_FASTTRACKED: Final = numbers([(TCP, TCP), (UDP, UDP)])
_KNOWN: Final = frozenset({"established", "related"})


def policy_of(export: Export) -> Policy:
    """The rules of both versions of IP."""
    interfaces = InterfaceLists(export)
    stages: list[Stage] = []
    chains: dict[str, Chain] = {}
    for version in ("ip", "ipv6"):
        reader = _Reader(export, version, interfaces)
        stages += reader.stages()
        chains |= reader.chains()
    return Policy(tuple(stages), chains, tuple(_unread(export)))


class _Reader:
    """The tables of one version of IP."""

    def __init__(self, export: Export, version: str, interfaces: InterfaceLists) -> None:
        self._export = export
        self._version = version
        self._interfaces = interfaces
        self._whole = ALL_V6 if version == "ipv6" else ALL_V4
        lists = AddressLists(export, version)
        self._conditions = Conditions(lists, interfaces, version)
        self._nat = Nat(export, version, self._conditions)
        self._conditions.nat_state = self._nat.destination
        self._raw = export.added(f"{version} firewall raw")
        for rule in self._raw:
            if rule.get("action") == "notrack":
                self._conditions.untracked = f"line {rule.line}: action=notrack"
        self._conditions.has_ipsec = not export.is_whole or _shows_ipsec(export)
        self._own = _own_addresses(export, self._whole)
        self._nat.read()
        self._parted = self._by_translation()

    def stages(self) -> Iterator[Stage]:
        """Raw, then input for the router's own addresses and forward for all others."""
        if self._raw:
            raw = Region(self._whole, self._whole)
            yield Stage(self._name("raw", "prerouting"), raw, self._raw[0].line, "raw")
        there, out = self._nat.arriving(), self._nat.leaving()
        if self._parted is not None:
            yield self._parted[0]
            if out:
                yield self._only_translating(there)
        else:
            first, *others = self._filters()
            yield replace(first, rewrites=there)
            yield from others
        if out:
            yield self._only_translating(out)

    def _filters(
        self,
    ) -> list[Stage]:
        """The filter for packets that go through, and for those that go to the router."""
        line, text = _place(self._export, f"{self._version} firewall filter")
        through = Region(self._whole, without(self._whole, self._own))
        to_it = Region(self._whole, self._own)
        forward = Stage(self._name("filter", "forward"), through, line, text)
        if not self._own:
            return [forward]
        return [forward, Stage(self._name("filter", "input"), to_it, line, text)]

    def _only_translating(self, lines: tuple[Rewrite, ...]) -> Stage:
        nobody = Region(source=NOTHING)
        return Stage(self._name("nat", "srcnat"), nobody, lines[0].rule.line, "nat", rewrites=lines)

    def chains(self) -> dict[str, Chain]:
        """Every chain by its full name."""
        made = self._made(self._nat.doubts()) if self._parted is None else self._parted[1]
        if self._nat.leaving():
            name = self._name("nat", "srcnat")
            made[name] = Chain(name, (), "permit")
        return made

    def _by_translation(self) -> tuple[Stage, dict[str, Chain]] | None:
        """The filter where it asks whether a connection is translated and that is known."""
        entries = self._nat.entries
        asks = any(
            command.get("connection-nat-state")
            for command in self._export.added(f"{self._version} firewall filter")
        )
        if not entries or not asks:
            return None
        plain, sent_on = (self._asked(translated) for translated in (False, True))
        self._conditions.nat_state = self._nat.destination
        concerns = Region(self._whole, self._whole)
        return nat_state.parted(
            f"{self._version}/filter, by translation", concerns, plain, sent_on, entries
        )

    def _asked(self, translated: bool) -> nat_state.Asked:
        """The filter for first packets that are translated, or for packets that are not."""
        self._conditions.nat_state = partial(nat_state.asked_of, translated=translated)
        chains = self._made([] if translated else self._nat.later())
        return nat_state.Asked(self._filters(), chains)

    def _made(self, doubts: list[Rule]) -> dict[str, Chain]:
        """The chains of both tables, with what is in doubt before the first rule."""
        found: dict[str, list[Rule]] = {}
        for table, commands in (
            ("raw", self._export.of(f"{self._version} firewall raw")),
            ("filter", self._export.of(f"{self._version} firewall filter")),
        ):
            found |= {self._name(table, base): [] for base in _BASES[table]}
            for command in commands:
                if command.verb == "add" and command.get("chain"):
                    rules = found.setdefault(self._name(table, command.get("chain")), [])
                    if not command.is_disabled:
                        rules += self._rules(command, table)
        for base in ("forward", "input"):
            name = self._name("filter", base)
            found[name] = [*self._before(base), *doubts, *found[name]]
        return {name: self._chain(name, rules) for name, rules in found.items()}

    def _chain(self, name: str, rules: list[Rule]) -> Chain:
        if name.rpartition("/")[2] not in _BUILT_IN:
            return Chain(name, tuple(rules), "return")
        if self._version == "ipv6" and self._is_ipv6_in_doubt():
            why = "whether release 6 of RouterOS has its IPv6 package"
            return Chain(name, tuple(rules), "unknown", None, why)
        return Chain(name, tuple(rules), "permit")

    def _is_ipv6_in_doubt(self) -> bool:
        """Release 6 forwards IPv6 only with a package of which nothing is exported when absent."""
        shows_it = any(command.menu.startswith("ipv6") for command in self._export.commands)
        return not shows_it and self._export.release != 7

    def _name(self, table: str, chain: str) -> str:
        return f"{self._version}/{table}/{chain}"

    # --- rules -------------------------------------------------------------------------------

    def _before(self, base: str) -> Iterator[Rule]:
        """What decides before the first rule of the filter is asked."""
        if base == "forward":
            yield from self._not_forwarded()
            yield from self._bridged()

    def _not_forwarded(self) -> Iterator[Rule]:
        """Forwarding switched off."""
        menu, key, value = (
            ("ipv6 settings", "disable-ipv6", "yes")
            if self._version == "ipv6"
            else ("ip settings", "ip-forward", "no")
        )
        for command in self._export.of(menu):
            for name, off in ((key, value), ("forward", "no")):
                if command.get(name) == off:
                    region = Region(self._whole, self._whole)
                    yield Rule("deny", command.line, command.text, (region,))

    def _bridged(self) -> Iterator[Rule]:
        """Packets between two ports of one bridge are switched, and no IP rule is asked."""
        for command in self._export.of("interface bridge settings"):
            if command.get("use-ip-firewall") == "yes":
                return
        filtered = bool(self._export.added("interface bridge filter"))
        ports: dict[str, list[Command]] = {}
        for port in self._export.added("interface bridge port"):
            ports.setdefault(port.get("bridge"), []).append(port)
        for members in ports.values():
            inside = Names(frozenset(port.get("interface") for port in members))
            region = Region(self._whole, self._whole, entering=inside, leaving=inside)
            why = "bridge filter" if filtered else ""
            first = members[0]
            must = () if filtered else None
            yield Rule("permit", first.line, first.text, (region,), must, why=why)

    def _rules(self, command: Command, table: str) -> list[Rule]:
        may, must, why = self._conditions.understanding(command, command.inactive)
        if not may:
            return []
        action = command.get("action") or "accept"
        made = _DECISIONS.get(action)
        rule = Rule("permit", command.line, command.text, may, must, why=why)
        if made == "jump":
            target = self._name(table, command.get("jump-target"))
            return [replace(rule, action="jump", target=target)]
        if made is not None:
            return [replace(rule, action=made)]
        if action == "fasttrack-connection":
            return _fasttracked(rule)
        doubtful = replace(rule, must=(), why=f"action={action}")
        return [doubtful, replace(doubtful, action="deny")]


_BASES: Final = {"raw": ("prerouting", "output"), "filter": ("forward", "input", "output")}
_BUILT_IN: Final = frozenset({"prerouting", "output", "forward", "input"})


def _fasttracked(rule: Rule) -> list[Rule]:
    """Packets of a marked connection may pass by the filter, or go on to the next rule."""
    regions = tuple(
        replace(region, protocol=_both(region.protocol), state=Names(states))
        for region in rule.may
        if (states := frozenset(s for s in _KNOWN if region.state is None or s in region.state))
    )
    kept = tuple(region for region in regions if region.protocol)
    why = "fasttrack: most packets of the connection pass by the filter, some do not"
    return [replace(rule, may=kept, must=(), why=why)] if kept else []


def _both(protocol: Numbers | None) -> Numbers:
    return _FASTTRACKED if protocol is None else common(protocol, _FASTTRACKED)


def _own_addresses(export: Export, whole: Numbers) -> Numbers:
    found = []
    for command in export.added("ip address", "ipv6 address"):
        try:
            at = place(ip_interface(command.get("address")).ip)
        except ValueError:
            continue
        found.append((at, at))
    return common(numbers(found), whole)


def _shows_ipsec(export: Export) -> bool:
    """Peers, policies or a server that makes them."""
    if any(c.get("use-ipsec") not in {"", "no"} for c in export.commands):
        return True
    return any(c.menu.startswith("ip ipsec") and c.verb == "add" for c in export.commands)


def _place(export: Export, menu: str) -> tuple[int | None, str]:
    commands = export.of(menu)
    return (commands[0].line, f"/{menu}") if commands else (None, "")


# --- what is not understood and could change what passes ---------------------------------------

_FIREWALL: Final = frozenset(
    f"{version} firewall {table}"
    for version in ("ip", "ipv6")
    for table in ("address-list", "filter", "nat", "raw")
)
_BESIDE: Final = {
    "interface bridge filter": "bridge rules also decide what passes",
    "interface bridge nat": "bridge rules also decide what passes",
    "interface ethernet switch rule": "rules of the switch chip also decide what passes",
    "interface ethernet switch acl": "rules of the switch chip also decide what passes",
    "ip hotspot": "a hotspot adds rules by itself",
    "routing rule": "rules of routing may drop packets",
    "ip route rule": "rules of routing may drop packets",
}


def _unread(export: Export) -> Iterator[Unread]:
    for command in export.commands:
        why = ""
        if command.menu in _FIREWALL and command.verb != "print":
            why = _strange_rule(command)
        elif command.menu in _BESIDE and command.verb == "add" and not command.is_disabled:
            why = _BESIDE[command.menu]
        elif command.get("l3-hw-offloading") == "yes":
            why = "connections that the switch chip forwards pass by the filter"
        if why:
            yield Unread(command.line, command.text, why)
    if export.cut_off is not None and "firewall" in export.cut_off.menu:
        line = export.cut_off
        yield Unread(line.line, line.text, "no line end follows: the file may be cut off")
    for line_number, menu in export.failed:
        if menu in _FIREWALL:
            yield Unread(line_number, f"#error exporting /{menu}", "the export of it failed")


def _strange_rule(command: Command) -> str:
    if command.verb != "add":
        return f"`{command.verb}` changes rules that the router held before"
    if command.menu.endswith(("filter", "raw")) and not command.get("chain"):
        return "a rule without a chain"
    if command.get("place-before"):
        return "a place among rules that the router held before"
    return ""
