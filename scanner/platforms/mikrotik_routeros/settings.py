"""How the router itself is managed: services, users, SNMP, time, logs.

A compact export leaves out what has its default, so what it does not show stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any, Final

from inventory.text import Text
from rules.facts import Citation, DeviceAccount, Fact, Known, SyslogTarget, Unknown
from rules.network_facts import Prefix
from scanner.evidence import Document, printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.mikrotik_routeros.export import Command, Export

Facts = dict[str, Fact[Any]]

_SERVICES: Final = {
    "ftp": "ftp",
    "ssh": "ssh",
    "telnet": "telnet",
    "www": "http",
    "www-ssl": "https",
}
"""Name of RouterOS -> name of the fact."""
_DEFAULTS: Final = {"ftp": "yes", "ssh": "yes", "telnet": "yes", "www": "yes", "www-ssl": "no"}
_ALL: Final = ("telnet", "ftp", "www", "ssh", "www-ssl", "api", "winbox", "api-ssl")
_DOCUMENTED = Text(vi="tài liệu RouterOS (IP > Services)", en="the manual of RouterOS (Services)")


def settings(export: Export, document: Document) -> Facts:
    """Everything about management that the export tells."""
    facts = _header(export, document)
    if export.is_whole or export.of("ip service"):
        facts |= _services(export, document)
    facts |= _snmp(export, document) | _time(export, document) | _logs(export, document)
    return facts | _users(export, document)


def _cite(document: Document, *commands: Command) -> tuple[Citation, ...]:
    return tuple(document.cite(command.line) for command in commands)


def _header(export: Export, document: Document) -> Facts:
    names = {"version": "software.version", "model": "identity.model", "serial": "identity.serial"}
    return {
        names[key]: Known(value, (document.cite(line),))
        for key, (value, line) in export.header.items()
        if value.strip("Xx")
    }


# --- services ------------------------------------------------------------------------------------


def _shown(export: Export) -> dict[str, tuple[str, str | None, Command]]:
    """Service -> disabled as shown, addresses as shown, and the command."""
    found: dict[str, tuple[str, str | None, Command]] = {}
    for command in export.of("ip service"):
        for name in command.target.replace("find name=", "").replace('"', "").split(","):
            if command.verb in {"disable", "enable"}:
                found[name] = ("yes" if command.verb == "disable" else "no", None, command)
            elif command.verb == "set" and name in _ALL:
                before = found.get(name, ("", None, command))
                addresses = command.values.get("address", before[1])
                found[name] = (command.get("disabled") or before[0], addresses, command)
    return found


def _services(export: Export, document: Document) -> Facts:
    shown = _shown(export)
    facts: Facts = {}
    for name, fact in _SERVICES.items():
        told = shown.get(name)
        if told is not None and told[0] in {"yes", "no"}:
            facts[f"service.{fact}.enabled"] = Known(told[0] == "no", _cite(document, told[2]))
        elif export.is_whole:
            facts[f"service.{fact}.enabled"] = not_shown(f"enabled: {_DEFAULTS[name]}", _DOCUMENTED)
    facts["management.allowlist"] = _allowlist(shown, document)
    return facts


def _allowlist(
    shown: dict[str, tuple[str, str | None, Command]], document: Document
) -> Fact[tuple[Prefix, ...]]:
    """Where the services may be reached from; known when that is shown for each of them."""
    prefixes: list[Prefix] = []
    cited: list[Command] = []
    for name in _ALL:
        told = shown.get(name)
        if told is not None and told[0] == "yes":
            continue
        if told is None and name in {"www-ssl"}:
            continue
        if told is None or told[1] is None:
            return Unknown(_OPEN_SERVICE.format(service=name), ())
        cited.append(told[2])
        if told[1] == "":
            return Known((), _cite(document, told[2]))
        try:
            prefixes += [ip_network(word, strict=False) for word in told[1].split(",")]
        except ValueError:
            return Unknown(_ADDRESS, _cite(document, told[2]))
    if not cited:
        return Unknown(_NO_SERVICE, _cite(document, *(told[2] for told in shown.values())))
    return Known(tuple(dict.fromkeys(prefixes)), _cite(document, *cited))


# --- SNMP, time, logs ----------------------------------------------------------------------------


def _snmp(export: Export, document: Document) -> Facts:
    facts: Facts = {}
    switches = [c for c in export.of("snmp") if c.get("enabled") in {"yes", "no"}]
    if switches:
        on = switches[-1].get("enabled") == "yes"
        facts["service.snmp.enabled"] = Known(on, _cite(document, switches[-1]))
    elif export.is_whole:
        facts["service.snmp.enabled"] = not_shown("enabled: no", _DOCUMENTED)
    communities = [c for c in export.of("snmp community") if not c.is_disabled]
    weak = [c for c in communities if c.get("name") in {"public", "private"}]
    # the name of a community is its secret: the line is cited without it
    cited = tuple(document.cite(c.line, "/snmp community") for c in weak or communities)
    if weak:
        facts["snmp.default_community"] = Known(True, cited)
    elif any("default" in c.target and c.get("name") for c in communities):
        facts["snmp.default_community"] = Known(False, cited)
    return facts


def _time(export: Export, document: Document) -> Facts:
    client = [c for c in export.of("system ntp client") if c.verb == "set"]
    servers = export.added("system ntp client servers")
    switch = [c for c in client if c.get("enabled") in {"yes", "no"}]
    if not client and not servers:
        return {}
    if not switch:
        return {"ntp.servers": not_shown("enabled: no", _DOCUMENTED)}
    if switch[-1].get("enabled") == "no":
        return {"ntp.servers": Known((), _cite(document, switch[-1]))}
    names = [command.get("address") for command in servers]
    for command in client:
        for key in ("primary-ntp", "secondary-ntp", "server-dns-names", "servers"):
            names += [n for n in command.get(key).split(",") if n and n != "0.0.0.0"]  # noqa: S104
    cited = _cite(document, *switch, *servers)
    found = tuple(dict.fromkeys(printable(name, 120) for name in names if name))
    return {"ntp.servers": Known(found, cited)} if found else {}


_REMOTE_BY_NUMBER: Final = "3"
"""Actions that every router has: memory, disk, echo, remote."""


def _logs(export: Export, document: Document) -> Facts:
    actions = dict(_remote_actions(export))
    rules = export.added("system logging")
    used = [rule for rule in rules if rule.get("action") in actions]
    if not used:
        return {}
    targets: dict[SyslogTarget, tuple[Citation, ...]] = {}
    for rule in used:
        action = actions[rule.get("action")]
        port = action.get("remote-port")
        target = SyslogTarget(
            printable(action.get("remote"), 120),
            int(port) if port.isdigit() and len(port) < 6 else None,
            action.get("remote-protocol") or "udp",
        )
        targets[target] = (*targets.get(target, ()), *_cite(document, rule, action))
    cited = tuple(dict.fromkeys(c for several in targets.values() for c in several))
    return {"syslog.targets": Known(tuple(targets), cited)}


def _remote_actions(export: Export) -> Iterator[tuple[str, Command]]:
    """Actions that send to another host."""
    for command in export.of("system logging action"):
        if command.get("remote") in {"", "0.0.0.0", "::"}:  # noqa: S104
            continue
        target = command.target.removeprefix("find where ").removeprefix("find ")
        name = command.get("name") or target.removeprefix("name=").strip('"')
        if command.verb == "add" and command.get("target") == "remote":
            yield name, command
        elif command.verb == "set":
            yield ("remote" if name == _REMOTE_BY_NUMBER else name), command


# --- users ---------------------------------------------------------------------------------------


def _users(export: Export, document: Document) -> Facts:
    facts: Facts = {}
    lengths = [c for c in export.of("user settings") if c.get("minimum-password-length").isdigit()]
    if lengths:
        value = int(lengths[-1].get("minimum-password-length")[:6])
        facts["password_policy.min_length"] = Known(value, _cite(document, lengths[-1]))
    users = [c for c in export.of("user") if c.verb in {"add", "set"} and c.get("group")]
    if not users:
        return facts
    rights = {c.get("name") or c.target: c.get("policy") for c in export.of("user group")}
    if any(not command.get("name") for command in users):
        facts["accounts"] = Unknown(_NAMELESS, _cite(document, *users[:1]))
        return facts
    accounts = tuple(_account(command, rights) for command in users)
    facts["accounts"] = Known(accounts, _cite(document, *users))
    return facts


def _account(command: Command, rights: dict[str, str]) -> DeviceAccount:
    group = command.get("group")
    policy = rights.get(group, "").split(",")
    administrator = True if group == "full" else False if group in {"read", "write"} else None
    if rights.get(group):
        administrator = "policy" in policy and "write" in policy
    hosts = tuple(printable(w, 60) for w in command.get("address").split(",") if w)
    return DeviceAccount(
        printable(command.get("name"), 80),
        printable(group.lower(), 60),
        administrator,
        not command.is_disabled,
        allowed_hosts=hosts,
    )


_OPEN_SERVICE = Text(
    vi="bản xuất không cho biết dịch vụ {service} được truy cập từ đâu",
    en="the export does not tell from where the service {service} may be reached",
)
_ADDRESS = Text(vi="địa chỉ không hiểu được", en="an address that is not understood")
_NO_SERVICE = Text(
    vi="mọi dịch vụ quản trị trong bản xuất đều tắt",
    en="every management service in the export is disabled",
)
_NAMELESS = Text(vi="có tài khoản không có tên", en="an account has no name")
