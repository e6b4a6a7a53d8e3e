"""How the device itself is managed: services, accounts, passwords, records, clock."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rules.facts import DeviceAccount, Fact, Known, SyslogTarget
from scanner.evidence import printable
from scanner.platforms.juniper_srx.source import Source
from scanner.platforms.netconfig.word_tree import Node

_POLICY = {
    "minimum-length": "min_length",
    "minimum-numerics": "digits",
    "minimum-lower-cases": "lowercase",
    "minimum-upper-cases": "uppercase",
    "minimum-punctuations": "special",
    "minimum-reuse": "history",
    "maximum-lifetime": "max_age_days",
}
_ROOT = {"allow": "any", "deny": "no", "deny-password": "key"}
_VENDOR_COMMUNITIES = frozenset({"public", "private"})


def system_facts(source: Source) -> dict[str, Fact[Any]]:
    """What `system` and `snmp` say."""
    found: dict[str, Fact[Any]] = {}
    root = source.root
    _services(source, found)
    _logins(source, found)
    for word, name in _POLICY.items():
        number = _count(root.value("system", "login", "password", word))
        if number is not None:
            node = root.value("system", "login", "password", word)
            found[f"password_policy.{name}"] = _known(source, number, [node])
    servers = root.each("system", "ntp", "server")
    if servers:
        found["ntp.servers"] = _known(
            source, tuple(printable(n.word, 80) for n in servers), servers
        )
    targets = [t for node in root.each("system", "syslog", "host") for t in _target(node)]
    if targets:
        hosts = root.each("system", "syslog", "host")
        found["syslog.targets"] = _known(source, tuple(targets), hosts)
    _snmp(source, found)
    return found


def _known(source: Source, value: Any, nodes: Iterable[Node | None]) -> Known[Any]:
    cited = [node.line for node in nodes if node is not None][:10]
    return Known(value, tuple(source.document.cite(line) for line in dict.fromkeys(cited)))


def _services(source: Source, found: dict[str, Fact[Any]]) -> None:
    """A service that is not written under `system services` does not run."""
    services = source.root.get("system", "services")
    if services is None:
        return
    for name in ("ssh", "telnet", "ftp"):
        node = services.get(name)
        found[f"service.{name}.enabled"] = _known(source, node is not None, [node or services])
    for name in ("http", "https"):
        node = services.get("web-management", name)
        found[f"service.{name}.enabled"] = _known(source, node is not None, [node or services])
    ssh = services.get("ssh")
    login = ssh.value("root-login") if ssh is not None else None
    if login is not None and login.word in _ROOT:
        found["ssh.root_login"] = _known(source, _ROOT[login.word], [login])
    refused = ssh and (ssh.get("no-passwords") or ssh.get("no-password-authentication"))
    if refused:
        found["ssh.password_login"] = _known(source, False, [refused])


def _logins(source: Source, found: dict[str, Fact[Any]]) -> None:
    login = source.root.get("system", "login")
    if login is None:
        return
    users = login.each("user")
    if users:
        accounts = tuple(_account(login, user) for user in users)
        found["accounts"] = _known(source, accounts, users)
        _idle(source, login, users, found)
    options = login.get("retry-options")
    if options is not None:
        tries, period = options.value("tries-before-disconnect"), options.value("lockout-period")
        number = _count(tries)
        if period is None:
            # tries-before-disconnect alone ends a connection and locks nobody out
            found["management.lockout_attempts"] = _known(source, 0, [options])
        elif number is not None:
            found["management.lockout_attempts"] = _known(source, number, [tries, period])


def _account(login: Node, user: Node) -> DeviceAccount:
    role = user.value("class")
    name = role.word if role is not None else None
    powers = login.get("class", name, "permissions") if name else None
    # what other permissions together allow is not judged here
    administrator = None
    if name == "super-user" or (powers and "all" in powers.below):
        administrator = True
    elif name in {"operator", "read-only", "unauthorized"}:
        administrator = False
    return DeviceAccount(
        printable(user.word, 80),
        printable(name, 80).lower() if name else None,
        administrator,
    )


def _idle(source: Source, login: Node, users: Iterable[Node], found: dict[str, Fact[Any]]) -> None:
    """The longest of all that log in; 0 when one of their classes has no limit."""
    everywhere = login.value("idle-timeout")
    nodes = []
    for user in users:
        role = user.value("class")
        own = login.value("class", role.word, "idle-timeout") if role is not None else None
        nodes.append(own or everywhere or role)
    minutes = [
        _count(node) if node is not None and node is not user.value("class") else 0
        for node, user in zip(nodes, users, strict=True)
    ]
    counted = [m for m in minutes if m is not None]
    if len(counted) == len(minutes) and all(node is not None for node in nodes):
        worst = 0 if 0 in counted else max(counted) * 60
        found["management.idle_timeout_s"] = _known(source, worst, nodes)


def _target(host: Node) -> list[SyslogTarget]:
    """A host without a facility gets nothing."""
    facilities = [n for n in host.below.values() if n.word not in _OF_A_HOST]
    sending = [n for n in facilities if n.below and "none" not in n.below]
    if not sending:
        return []
    port = _count(host.value("port"))
    transport = host.get("transport")
    kind = transport.value() if transport is not None else None
    protocol = kind.word if kind is not None and kind.word in {"udp", "tcp", "tls"} else "udp"
    return [SyslogTarget(printable(host.word, 80), port, protocol)]


_OF_A_HOST = frozenset(
    {"port", "transport", "source-address", "match", "facility-override", "log-prefix"}
    | {
        "structured-data",
        "explicit-priority",
        "exclude-hostname",
        "allow-duplicates",
        "routing-instance",
    }
)


def _snmp(source: Source, found: dict[str, Fact[Any]]) -> None:
    snmp = source.root.get("snmp")
    if snmp is None:
        return
    communities = snmp.each("community")
    v3 = snmp.get("v3")
    # the name of a community is a secret: the section is cited, and not its line
    cited = (source.document.cite(snmp.line, "snmp"),)
    if communities or v3 is not None:
        found["service.snmp.enabled"] = Known(True, cited)
        versions = (("1", "2c") if communities else ()) + (("3",) if v3 is not None else ())
        found["snmp.versions"] = Known(versions, cited)
    if communities:
        names = {node.word for node in communities}
        if not any(re.search(r"redacted|removed", name, re.I) for name in names):
            found["snmp.default_community"] = Known(bool(names & _VENDOR_COMMUNITIES), cited)


def _count(node: Node | None) -> int | None:
    if node is None or not node.word.isascii() or not node.word.isdigit() or len(node.word) > 6:
        return None
    return int(node.word)
