"""Commands of an export that got damaged, and what they leave open.

RouterOS writes `key=value` and, behind `set`, the item that is meant: bare words anywhere else, a
key that is not there and has to be, names with marks that no name has, a line that is no command.
"""

from __future__ import annotations

import re
from typing import Final

from rules.packets.policy import Unread
from scanner.platforms.mikrotik_routeros.coverage import READ
from scanner.platforms.mikrotik_routeros.export import Command, Export
from scanner.platforms.netconfig.left_open import LeftOpen

_PORTS: Final = ("interfaces", "routes", "vlans", "vrfs", "qos.classes")
EVERYTHING: Final = (
    *("accounts", "interfaces", "ntp.servers", "qos.classes", "routes", "syslog.targets"),
    *("vlans", "vrfs", "management.allowlist", "snmp.versions", "snmp.default_community"),
)
"""Facts to which another line could add a member."""
_ABOUT: Final = {
    "interface": _PORTS,
    "ip address": ("interfaces", "routes"),
    "ip firewall address-list": ("qos.classes",),
    "ip firewall mangle": ("qos.classes",),
    "ip route": ("routes",),
    "ip service": ("management.allowlist",),
    "ip vrf": ("interfaces", "routes", "vrfs"),
    "ipv6 address": ("interfaces", "routes"),
    "ipv6 firewall mangle": ("qos.classes",),
    "ipv6 route": ("routes",),
    "queue": ("qos.classes",),
    "snmp": ("snmp.versions", "snmp.default_community"),
    "system logging": ("syslog.targets",),
    "system ntp": ("ntp.servers",),
    "user": ("accounts",),
}
"""Beginning of a menu -> facts that are told by its commands."""
_NEEDED: Final = {
    "interface bridge": ("name",),
    "interface bridge port": ("bridge", "interface"),
    "interface list": ("name",),
    "interface list member": ("interface", "list"),
    "interface vlan": ("interface", "name"),
    "ip address": ("address", "interface"),
    "ip firewall address-list": ("list",),
    "ip firewall mangle": ("chain",),
    "ip firewall nat": ("chain",),
    "ip route": ("gateway",),
    "ip vrf": ("name",),
    "ipv6 address": ("address", "interface"),
    "ipv6 firewall address-list": ("list",),
    "queue simple": ("name",),
    "queue tree": ("name", "parent"),
}
"""What an item of the menu has in every export."""
_VLAN: Final = frozenset(
    {"arp", "arp-timeout", "comment", "disabled", "interface", "l3-hw-offloading", "loop-protect"}
    | {"loop-protect-disable-time", "loop-protect-send-interval", "mac-address", "mtu", "mvrp"}
    | {"name", "use-service-tag", "vlan-id"}
)
_ROUTE: Final = frozenset(
    {"blackhole", "check-gateway", "comment", "disabled", "distance", "dst-address", "gateway"}
    | {"pref-src", "routing-mark", "routing-table", "scope", "suppress-hw-offload", "target-scope"}
    | {"type", "vrf-interface", "bgp-as-path", "bgp-communities", "route-tag"}
)
_QUEUE: Final = frozenset(
    {"bucket-size", "burst-limit", "burst-threshold", "burst-time", "comment", "disabled"}
    | {"limit-at", "max-limit", "name", "packet-mark", "parent", "priority", "queue"}
)
_KEYS: Final = {
    "interface vlan": _VLAN,
    "ip route": _ROUTE,
    "ipv6 route": _ROUTE,
    "queue tree": _QUEUE,
    "ip vrf": frozenset({"comment", "disabled", "interfaces", "name", "place-before"}),
    "interface list": frozenset({"comment", "exclude", "include", "name"}),
    "interface list member": frozenset({"comment", "disabled", "interface", "list"}),
}
"""Every key of a menu, where one that is not understood would change a fact."""
_NAMES: Final = (
    *("bridge", "chain", "in-interface", "interface", "jump-target", "list", "new-packet-mark"),
    *("out-interface", "packet-mark", "parent"),
)
_NAME: Final = re.compile(r"[\w .@+(),/!-]{0,80}")
_QUOTED: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"")
_KEY: Final = re.compile(r"(?:(?<=\s)|(?<=[^\w.-]))!?([a-z][a-z0-9-]+)=")
_MARKS: Final = {"mark-packet": ("new-packet-mark",), "mark-connection": ("new-connection-mark",)}
"""Action of a mangle rule -> the key that names the mark."""
_DECIDES: Final = ("action", "chain", "disabled", "limit-at", "max-limit", "vlan-id")
"""Keys that have a default: misspelt, they would be taken for it."""
_MENU_BEHIND: Final = re.compile(
    r"/(?:interface|ip|ipv6|queue|routing|snmp|system|tool|user)(?: [a-z0-9-]+)+$"
)


def broken(export: Export) -> tuple[tuple[Unread, ...], LeftOpen]:
    """The damaged lines, and the facts that they leave open."""
    found: list[Unread] = []
    opened = LeftOpen()
    for command in export.commands:
        why = _why(command)
        if why:
            swallowed = _MENU_BEHIND.search(command.text) or "/" in command.target
            opened.note(command.line, EVERYTHING if swallowed else _about(command.menu))
            found.append(Unread(command.line, command.text, why))
    for line, text in export.broken_lines:
        opened.note(line, EVERYTHING)
        found.append(Unread(line, text, "no command of a menu"))
    if export.ends_within_a_line is not None:
        line = export.ends_within_a_line
        opened.note(line, EVERYTHING)
        found.append(Unread(line, "", "no line end follows: the file may be cut off"))
    return tuple(found), opened


def _about(menu: str) -> tuple[str, ...]:
    return tuple(
        name
        for beginning, names in _ABOUT.items()
        if menu == beginning or menu.startswith(f"{beginning} ")
        for name in names
    ) + (("qos.classes",) if "firewall" in menu or "interface" in menu else ())


def _why(command: Command) -> str:
    """Why the command cannot be what the router wrote; empty when it can."""
    if command.menu not in READ and any(_one_letter_off(command.menu, menu) for menu in READ):
        return "a menu that is misspelt"
    if command.verb == "add":
        return _odd_item(command)
    if command.verb == "set" and _MENU_BEHIND.search(command.text):
        return "two commands in one line"
    words = command.target.split() if command.menu in READ else []
    if command.verb == "set" and any(word in {"add", "set"} or "/" in word for word in words[1:]):
        return "two commands in one line"
    return ""


def _odd_item(command: Command) -> str:
    """Why it is no item of its menu; menus that are not read are not looked at."""
    if command.menu not in READ and command.menu not in _KEYS:
        return ""
    needed = [*_NEEDED.get(command.menu, ()), *_MARKS.get(command.get("action"), ())]
    drops = command.menu.endswith(" route") and "blackhole" in command.text
    missing = [] if drops else [key for key in needed if not command.get(key)]
    known = _KEYS.get(command.menu, command.values.keys())
    reasons = {
        "bare words behind `add`": bool(command.target),
        "a key that stands there twice": _has_a_key_twice(command.text),
        f"no {''.join(missing[:1])}": bool(missing),
        "a key that is not known": bool(command.values.keys() - known)
        or any(_one_letter_off(key, told) for key in command.values for told in _DECIDES),
        "a name that is none": not all(_NAME.fullmatch(command.get(key)) for key in _NAMES),
    }
    return next((why for why, holds in reasons.items() if holds), "")


def _has_a_key_twice(text: str) -> bool:
    keys = _KEY.findall(_QUOTED.sub("", text))
    return len(keys) != len(set(keys))


def _one_letter_off(menu: str, known: str) -> bool:
    if len(menu) != len(known):
        return False
    return sum(one != other for one, other in zip(menu, known, strict=True)) == 1
