"""How the firewall itself is managed: services, accounts, passwords, records, clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from typing import Any

from inventory.text import Text
from rules.facts import DeviceAccount, Fact, Known, SyslogTarget
from rules.network_facts import Prefix
from scanner.evidence import printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.netconfig.word_tree import Node
from scanner.platforms.paloalto.tree import Source

GUIDE = Text(vi="tài liệu quản trị PAN-OS", en="the PAN-OS Administrator's Guide")
_SERVICES = {
    "ssh": ("disable-ssh", Text(vi="bật", en="on")),
    "https": ("disable-https", Text(vi="bật", en="on")),
    "http": ("disable-http", Text(vi="tắt", en="off")),
    "telnet": ("disable-telnet", Text(vi="tắt", en="off")),
    "snmp": ("disable-snmp", Text(vi="tắt", en="off")),
}
_COMPLEXITY = {
    "minimum-length": "min_length",
    "minimum-numeric-letters": "digits",
    "minimum-lowercase-letters": "lowercase",
    "minimum-uppercase-letters": "uppercase",
    "minimum-special-characters": "special",
    "password-history-count": "history",
}


def system_facts(source: Source) -> dict[str, Fact[Any]]:
    """What `deviceconfig` and `mgt-config` say."""
    found: dict[str, Fact[Any]] = {}
    system = source.root.get("deviceconfig", "system")
    if system is not None:
        _services(source, system, found)
        _clock(source, system, found)
        _snmp(source, system, found)
    _allowlist(source, found)
    management = source.root.get("deviceconfig", "setting", "management")
    if management is not None:
        idle = _count(management.value("idle-timeout"))
        if idle is not None:
            node = management.value("idle-timeout")
            found["management.idle_timeout_s"] = _known(source, idle * 60, [node])
        tries = management.value("admin-lockout", "failed-attempts")
        number = _count(tries)
        if number is not None:
            found["management.lockout_attempts"] = _known(source, number, [tries])
    _passwords(source, found)
    users = source.root.each("mgt-config", "users")
    if users:
        found["accounts"] = _known(source, tuple(_account(user) for user in users), users)
    targets = list(_targets(source))
    if targets:
        values = tuple(dict.fromkeys(target for target, _ in targets))
        found["syslog.targets"] = _known(source, values, [node for _, node in targets])
    return found


def _known(source: Source, value: Any, nodes: Iterable[Node | None]) -> Known[Any]:
    cited = [node.line for node in nodes if node is not None][:10]
    return Known(value, tuple(source.document.cite(line) for line in dict.fromkeys(cited)))


def _services(source: Source, system: Node, found: dict[str, Fact[Any]]) -> None:
    for name, (key, default) in _SERVICES.items():
        value = system.value("service", key)
        if value is not None and value.word in {"yes", "no"}:
            found[f"service.{name}.enabled"] = _known(source, value.word == "no", [value])
        else:
            found[f"service.{name}.enabled"] = not_shown(default, GUIDE)


def _clock(source: Source, system: Node, found: dict[str, Fact[Any]]) -> None:
    servers = [
        node
        for which in ("primary-ntp-server", "secondary-ntp-server")
        if (node := system.value("ntp-servers", which, "ntp-server-address")) is not None
    ]
    if servers:
        value = tuple(printable(node.word, 80) for node in servers)
        found["ntp.servers"] = _known(source, value, servers)


def _snmp(source: Source, system: Node, found: dict[str, Fact[Any]]) -> None:
    versions = system.get("snmp-setting", "access-setting", "version")
    if versions is None:
        return
    # the community is a secret: the setting is cited, and not its line
    cited = (source.document.cite(versions.line, "version"),)
    node = versions.value()
    if node is not None and node.word in {"v2c", "v3"}:
        found["snmp.versions"] = Known((node.word[1:],), cited)
    community = versions.value("v2c", "snmp-community-string")
    if community is not None and "redacted" not in community.word.lower():
        is_default = community.word in {"public", "private"}
        found["snmp.default_community"] = Known(is_default, cited)


def _allowlist(source: Source, found: dict[str, Fact[Any]]) -> None:
    """Every address that may reach the management of the firewall on any of its interfaces."""
    system = source.root.get("deviceconfig", "system", "permitted-ip")
    if system is None or not system.below:
        return
    places = [system]
    for profile in source.root.each("network", "profiles", "interface-management-profile"):
        if not _manages(profile) or not _in_use(source, profile.word):
            continue
        listed = profile.get("permitted-ip")
        if listed is None or not listed.below:
            found["management.allowlist"] = _known(source, (), [system, profile])
            return
        places.append(listed)
    prefixes: list[Prefix] = []
    for place in places:
        for node in place.below.values():
            try:
                prefixes.append(ip_network(node.word, strict=False))
            except ValueError:
                return
    found["management.allowlist"] = _known(source, tuple(dict.fromkeys(prefixes)), places)


def _manages(profile: Node) -> bool:
    on = {node.word for node in profile.below.values() if node.value() and "yes" in node.below}
    return bool(on & {"ssh", "telnet", "http", "https"})


def _in_use(source: Source, name: str) -> bool:
    interfaces = source.root.get("network", "interface")
    if interfaces is None:
        return False
    return any(
        name in node.below
        for node in interfaces.all()
        if node.word == "interface-management-profile"
    )


def _passwords(source: Source, found: dict[str, Fact[Any]]) -> None:
    rules = source.root.get("mgt-config", "password-complexity")
    if rules is None:
        return
    enabled = rules.value("enabled")
    if enabled is not None and enabled.word == "yes":
        for word, name in _COMPLEXITY.items():
            node = rules.value(word)
            number = _count(node)
            if number is not None:
                found[f"password_policy.{name}"] = _known(source, number, [node, enabled])
        node = rules.value("password-change", "expiration-period")
        number = _count(node)
        if number is not None:
            found["password_policy.max_age_days"] = _known(source, number, [node, enabled])


def _account(user: Node) -> DeviceAccount:
    role = user.value("permissions", "role-based")
    name = role.word if role is not None else None
    if role is not None and name == "custom":
        profile = role.value("profile")
        name = profile.word if profile is not None else name
    administrator = name in {"superuser", "deviceadmin"} if name else None
    return DeviceAccount(
        printable(user.word, 80), printable(name, 80).lower() if name else None, administrator
    )


def _targets(source: Source) -> Iterator[tuple[SyslogTarget, Node]]:
    """Servers of the syslog profiles that something is really sent to."""
    scopes = [source.root.get("shared"), source.root, *source.root.each("vsys")]
    scopes.append(source.root.get("panorama"))
    settings = [one.get("log-settings") for one in scopes if one is not None]
    used = {
        name
        for setting in settings
        if setting is not None
        for node in setting.all()
        if node.word in {"send-syslog", "using-syslog-setting"}
        for name in node.below
    }
    for setting in settings:
        if setting is None:
            continue
        for profile in setting.each("syslog"):
            for entry in profile.each("server") if profile.word in used else ():
                server = entry.value("server")
                if server is not None:
                    yield _target(entry, server), server


def _target(entry: Node, server: Node) -> SyslogTarget:
    transport, port = entry.value("transport"), _count(entry.value("port"))
    kind = {"UDP": "udp", "TCP": "tcp", "SSL": "tls"}.get(transport.word if transport else "")
    return SyslogTarget(printable(server.word, 80), port, kind)


def _count(node: Node | None) -> int | None:
    if node is None or not node.word.isascii() or not node.word.isdigit() or len(node.word) > 6:
        return None
    return int(node.word)
