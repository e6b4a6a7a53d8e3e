"""How the box itself is managed: web, SSH, SNMP, time, logs, accounts.

Switches of these products are tags: a service whose tag is missing in a file that is whole is off.
"""

from __future__ import annotations

from typing import Any

from inventory.text import Text
from rules.facts import DeviceAccount, Fact, Known, SyslogTarget, Unknown
from scanner.evidence import Document, printable
from scanner.platforms.documented_default import not_shown
from scanner.platforms.netconfig.xml_tree import Node
from scanner.platforms.pfsense.config import Config, said

Facts = dict[str, Fact[Any]]


def settings(config: Config, document: Document) -> Facts:
    """Everything about management that the file tells."""
    system = config.root.child("system")
    facts: Facts = {}
    if system is not None:
        facts |= _web(config, document, system) | _ssh(config, document, system)
        facts |= _accounts(config, document, system)
        servers = system.child("timeservers")
        if servers is not None:
            names = tuple(printable(word, 120) for word in servers.text.split())
            facts["ntp.servers"] = Known(names, (document.cite(servers.line),))
    return facts | _snmp(config, document) | _syslog(config, document)


def _cited(document: Document, *nodes: Node) -> tuple[Any, ...]:
    return tuple(document.cite(node.line) for node in nodes)


# --- web and SSH ---------------------------------------------------------------------------------


def _web(config: Config, document: Document, system: Node) -> Facts:
    web = system.child("webgui")
    if web is None:
        return {}
    facts: Facts = {}
    protocol = web.child("protocol")
    if protocol is not None and protocol.text in {"http", "https"}:
        cited = _cited(document, protocol)
        facts["service.https.enabled"] = Known(protocol.text == "https", cited)
        facts["service.http.enabled"] = _plain(config, document, web, protocol)
    timeout = web.child("session_timeout")
    if timeout is None:
        facts["management.idle_timeout_s"] = not_shown("240 min", _DOCUMENTED)
    elif timeout.text.isdigit() and len(timeout.text) < 7:
        facts["management.idle_timeout_s"] = Known(
            int(timeout.text) * 60, _cited(document, timeout)
        )
    return facts


def _plain(config: Config, document: Document, web: Node, protocol: Node) -> Fact[bool]:
    """With HTTPS, port 80 answers as well and sends on to it, unless that is switched off."""
    if protocol.text == "http":
        return Known(True, _cited(document, protocol))
    off = web.child("disablehttpredirect")
    if off is not None and config.set_in(web, "disablehttpredirect"):
        return Known(False, _cited(document, protocol, off))
    return Unknown(_REDIRECT, _cited(document, protocol))


def _ssh(config: Config, document: Document, system: Node) -> Facts:
    section = system.child("ssh")
    older = system.child("enablesshd")
    tag = "enable" if config.product == "pfsense" else "enabled"
    switch = section.child(tag) if section is not None else None
    facts: Facts = {}
    if older is not None or switch is not None:
        cited = _cited(document, *(node for node in (older, switch) if node is not None))
        on = older is not None or config.set_in(section, tag)
        facts["service.ssh.enabled"] = Unknown(_EMPTY, cited) if on is None else Known(on, cited)
    else:
        facts["service.ssh.enabled"] = Known(False, _cited(document, section or system))
    told = facts["service.ssh.enabled"]
    if section is None or not (isinstance(told, Known) and told.value):
        return facts
    if config.product == "opnsense":
        passwords, root = section.child("passwordauth"), section.child("permitrootlogin")
        facts["ssh.password_login"] = Known(
            config.set_in(section, "passwordauth") is not False,
            _cited(document, passwords or section),
        )
        if root is None:
            facts["ssh.root_login"] = Known("no", _cited(document, section))
    elif section.value("sshdkeyonly") in {"enabled", "both"}:
        node = section.child("sshdkeyonly") or section
        facts["ssh.password_login"] = Known(False, _cited(document, node))
    return facts


# --- accounts ------------------------------------------------------------------------------------


def _accounts(config: Config, document: Document, system: Node) -> Facts:
    users = system.named("user")
    if not users:
        return {}
    if any(not said(user.child("name") or user) for user in users):
        return {"accounts": Unknown(_NAMELESS, _cited(document, *users[:1]))}
    groups = {group.value("name"): group for group in system.named("group")}
    found = tuple(_account(config, user, groups) for user in users)
    names = _cited(document, *(user.child("name") or user for user in users))
    return {"accounts": Known(found, names)}


def _account(config: Config, user: Node, groups: dict[str, Node]) -> DeviceAccount:
    number = user.value("uid")
    member_of = [
        name
        for name, group in groups.items()
        if name == user.value("groupname")
        or (
            number
            and number in " ".join(m.text for m in group.named("member")).replace(",", " ").split()
        )
    ]
    privileges = [priv.text for priv in user.named("priv")]
    privileges += [priv.text for name in member_of for priv in groups[name].named("priv")]
    all_pages = any("page-all" in text.replace(",", " ").split() for text in privileges)
    disabled = config.set_in(user, "disabled")
    return DeviceAccount(
        printable(user.value("name"), 80),
        printable(",".join(member_of).lower(), 80) or None,
        all_pages or number == "0" or None if member_of or privileges else None,
        None if disabled is None else not disabled,
    )


# --- SNMP ----------------------------------------------------------------------------------------


def _snmp(config: Config, document: Document) -> Facts:
    section = config.root.child("snmpd")
    if config.product == "opnsense":
        return _net_snmp(config, document)
    if section is None:
        return {}
    switch = section.child("enable")
    facts: Facts = {
        "service.snmp.enabled": Known(switch is not None, _cited(document, switch or section))
    }
    community = section.child("rocommunity")
    if switch is not None and community is not None and community.text:
        facts["snmp.versions"] = Known(("1", "2c"), _cited(document, community))
        facts["snmp.default_community"] = Known(
            community.text in {"public", "private"}, _cited(document, community)
        )
    return facts


def _net_snmp(config: Config, document: Document) -> Facts:
    general = config.root.at("OPNsense", "netsnmp", "general")
    switch = general.child("enabled") if general is not None else None
    if general is None or switch is None:
        return {}
    on = switch.text == "1"
    facts: Facts = {"service.snmp.enabled": Known(on, _cited(document, switch))}
    community = general.child("community")
    if on and community is not None and community.text:
        facts["snmp.default_community"] = Known(
            community.text in {"public", "private"}, _cited(document, community)
        )
    return facts


# --- logs ----------------------------------------------------------------------------------------


def _syslog(config: Config, document: Document) -> Facts:
    targets: list[SyslogTarget] = []
    cited: list[Node] = []
    section = config.root.child("syslog")
    switch = section.child("enable") if section is not None else None
    if section is not None and switch is not None:
        for name in ("remoteserver", "remoteserver2", "remoteserver3"):
            node = section.child(name)
            if node is not None and node.text:
                targets.append(_target(node.text, None))
                cited.append(node)
    models = config.root.at("OPNsense", "Syslog", "destinations")
    for node in models.named("destination") if models is not None else ():
        host = node.child("hostname")
        if node.value("enabled") == "1" and host is not None and host.text:
            address = f"{host.text}:{node.value('port') or 514}"
            targets.append(_target(address, _TRANSPORTS.get(node.value("transport"))))
            cited.append(host)
    if not cited and section is None and models is None:
        return {}
    place = [node for node in (section, models) if node is not None][:1]
    return {"syslog.targets": Known(tuple(targets), _cited(document, *(cited or place)))}


_TRANSPORTS = {
    "udp4": "udp", "udp6": "udp", "tcp4": "tcp", "tcp6": "tcp", "tls4": "tls", "tls6": "tls",
}  # fmt: skip


def _target(text: str, protocol: str | None) -> SyslogTarget:
    address, mark, port = text.rpartition(":")
    if not mark or not port.isdigit() or len(port) > 5 or (":" in address and "]" not in address):
        return SyslogTarget(printable(text, 120), None, protocol or "udp")
    return SyslogTarget(printable(address.strip("[]"), 120), int(port), protocol or "udp")


_DOCUMENTED = Text(
    vi="tài liệu của hãng (System > Advanced > Admin Access)",
    en="the vendor's documentation (System > Advanced > Admin Access)",
)
_REDIRECT = Text(
    vi="cổng 80 vẫn trả lời để chuyển hướng sang HTTPS, không rõ có coi là dịch vụ HTTP hay không",
    en="port 80 still answers to send on to HTTPS; whether that counts as HTTP is not told",
)
_EMPTY = Text(
    vi="thẻ rỗng: các bản phát hành hiểu khác nhau",
    en="an empty tag, which releases understand differently",
)
_NAMELESS = Text(vi="có tài khoản không có tên", en="an account has no name")
