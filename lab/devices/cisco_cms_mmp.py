"""What the maintenance processor of a simulated Cisco Meeting Server prints, command by command."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any


def _table(rows: Sequence[tuple[str, object]]) -> str:
    width = max(len(name) for name, _ in rows) + 1
    return "".join(f"{name:<{width}}: {value}\n" for name, value in rows)


def _truth(value: object) -> str:
    return "true" if value else "false"


def _mmp_date(day: date) -> str:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return f"{day.year:04}-{months[day.month - 1]}-{day.day:02}"


def _changed(account: Mapping[str, Any]) -> date:
    if account.get("changed"):
        return date.fromisoformat(account["changed"])
    return datetime.now(UTC).date() - timedelta(days=40)


def _expiry(state: Mapping[str, Any], account: Mapping[str, Any]) -> str:
    if account.get("expiry"):
        return _mmp_date(date.fromisoformat(account["expiry"]))
    age_days = state["rules"].get("password_age")
    if not age_days:
        return "10000-Dec-31"
    return _mmp_date(_changed(account) + timedelta(days=int(age_days)))


def _user_list(state: Mapping[str, Any]) -> str:
    row = "{:<17}{:<12}{:<19}{}\n"
    lines = [row.format("USERNAME", "ROLE", "PASSWORD EXPIRY", "LOGGED IN")]
    for account in state["accounts"]:
        here = "yes" if account["name"] == state["login"].get("username") else "no"
        lines.append(row.format(account["name"], account["role"], _expiry(state, account), here))
    return "".join(lines)


def user_info(state: Mapping[str, Any], name: str) -> str:
    account = next((a for a in state["accounts"] if a["name"] == name), None)
    if account is None:
        return f"User {name} does not exist\n"
    hosts = account.get("hosts") or ["none"]
    text = _table(
        [
            ("User", name),
            ("Role", account["role"]),
            ("Failed logins", 0),
            ("Password last changed", _mmp_date(_changed(account))),
            ("Password expires", _expiry(state, account)),
            ("Locked", "no" if account.get("enabled", True) else "yes"),
            ("Duty hours", "none"),
            ("Allowed hosts", hosts[0]),
        ]
    )
    return text + "".join(f"{'':<24}{host}\n" for host in hosts[1:])


def _user_rule(state: Mapping[str, Any]) -> str:
    return _table([(name, value or "none") for name, value in state["rules"].items()])


def _webadmin(state: Mapping[str, Any]) -> str:
    webadmin = state["webadmin"]
    return _table(
        [
            ("Enabled", _truth(webadmin["enabled"])),
            ("TLS listening interface", "a"),
            ("TLS listening port", webadmin["port"]),
            ("Key file", "webadmin.key"),
            ("Certificate file", "webadmin.crt"),
            ("HTTP redirect", "Enabled" if webadmin["http_redirect"] else "Disabled"),
            ("STATUS", "webadmin running" if webadmin["enabled"] else "webadmin not running"),
        ]
    )


def _callbridge(state: Mapping[str, Any]) -> str:
    enabled = state["callbridge"]["enabled"]
    return _table(
        [
            ("Enabled", _truth(enabled)),
            ("Listening interfaces", "a" if enabled else "none"),
            ("Preferred interface", "none"),
            ("Key file", "callbridge.key"),
            ("Certificate file", "callbridge.crt"),
        ]
    )


def _webbridge(state: Mapping[str, Any]) -> str:
    return _table([("Enabled", _truth(state["webbridge"]["enabled"]))])


def _ipv4(state: Mapping[str, Any]) -> str:
    network = state["network"]
    return (
        "IPv4 configuration:\n"
        f"  address    {network['address']}\n"
        f"  prefixlen  {network['prefix_length']}\n"
        f"  gateway    {network['gateway']}\n"
        "  dhcp       false\n"
        "  enabled    true\n"
        "IPv4 observed values:\n"
        "  Addresses:\n"
        f"    {network['address']}/{network['prefix_length']}\n"
        "  Routes:\n"
        f"    0.0.0.0/0 via {network['gateway']}\n"
    )


def _ntp_servers(state: Mapping[str, Any]) -> str:
    return "".join(f"{server}\n" for server in state["ntp"]["servers"]) or "none\n"


def _ntp_status(state: Mapping[str, Any]) -> str:
    lines = [
        "     remote           refid      st t when poll reach   delay   offset  jitter\n",
        "=" * 78 + "\n",
    ]
    mark = "*" if state["ntp"]["synchronised"] else " "
    for server in state["ntp"]["servers"]:
        lines.append(
            f"{mark}{server:<16}.GPS.            1 u   33   64  377    0.412   -0.118   0\n"
        )
        mark = "+" if state["ntp"]["synchronised"] else " "
    return "".join(lines)


def _syslog(state: Mapping[str, Any]) -> str:
    servers = [f"  {target['address']}:{target.get('port', 514)}\n" for target in state["syslog"]]
    return _table([("Enabled", _truth(servers))]) + "Servers:\n" + "".join(servers)


def _snmp(state: Mapping[str, Any]) -> str:
    snmp = state["snmp"]
    return _table(
        [
            ("Enabled", _truth(snmp["enabled"])),
            ("Version", snmp["version"]),
            ("Community", snmp["community"] or "none"),
        ]
    )


def _tls_webadmin(state: Mapping[str, Any]) -> str:
    return _table([("min-tls-version", state["webadmin"]["tls_min"])])


ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "version": lambda state: f"{state['software']}\n",
    "user list": _user_list,
    "user rule": _user_rule,
    "webadmin": _webadmin,
    "callbridge": _callbridge,
    "webbridge3": _webbridge,
    "ipv4 a": _ipv4,
    "ntp server list": _ntp_servers,
    "ntp status": _ntp_status,
    "syslog": _syslog,
    "snmp": _snmp,
    "tls webadmin": _tls_webadmin,
}
