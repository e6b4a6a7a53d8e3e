"""A Cisco Meeting Server: MMP over SSH, REST API and web administration, SIP listeners.

The shapes of `user list`, the services and the API are those of real servers. How a real server
prints `user info`, `user rule`, `syslog`, `ntp server list`, `snmp` and `tls webadmin` is not
publicly recorded; this one prints `name : value` lines.

Keys of the state, beside those of `command_line`:

    software          "3.9"
    accounts          [{"name", "role", "changed", "expiry", "hosts", "enabled"}]; dates are ISO,
                      `changed` is 40 days ago when left out, `expiry` follows the password age
    rules             {"min_length", "min_digits", "min_lowercase", "min_uppercase", "min_special",
                      "max_history", "password_age", "max_failed_logins", "max_idle"}; null or 0 =
                      not set; `max_idle` in minutes
    webadmin          {"enabled", "port", "http_redirect", "tls_min": "1.2"}
    callbridge        {"enabled"}
    webbridge         {"enabled"}
    sip_ports         [5060, 5061]
    media_encryption  "required", "optional" or "prohibited"
    syslog            [{"address", "port"}]; [] = off
    ntp               {"servers", "synchronised"}
    snmp              {"enabled", "version": "3", "community"}
    network           {"address", "prefix_length", "gateway"}
    call_active       number of call legs
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lab.devices import certificate
from lab.devices.command_line import SshServer, is_listed, is_right
from lab.devices.listeners import Listener, UdpPort
from lab.devices.sip import SipPort
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer

_MANAGEMENT = ["10.67.20.5", "10.67.20.10"]

DEFAULTS: Mapping[str, Any] = {
    "name": "cms",
    "software": "3.9",
    "login": {"username": "hnth-audit", "password": "Kiem-toan.2026!"},
    "accounts": [
        {"name": "hnth-audit", "role": "admin", "hosts": _MANAGEMENT},
        {"name": "quantri", "role": "admin", "hosts": _MANAGEMENT},
        {"name": "giamsat", "role": "audit", "hosts": _MANAGEMENT},
        {"name": "lichhop", "role": "api", "hosts": _MANAGEMENT},
    ],
    "rules": {
        "max_history": 12,
        "password_age": 180,
        "min_password_age": None,
        "min_length": 12,
        "min_special": 1,
        "min_uppercase": 1,
        "min_lowercase": 1,
        "min_digits": 1,
        "max_failed_logins": 5,
        "max_idle": 15,
    },
    "webadmin": {"enabled": True, "port": 445, "http_redirect": False, "tls_min": "1.2"},
    "callbridge": {"enabled": True},
    "webbridge": {"enabled": False},
    "sip_ports": [5060, 5061],
    "media_encryption": "required",
    "syslog": [{"address": "10.67.30.10", "port": 514}],
    "ntp": {"servers": ["10.67.20.1"], "synchronised": True},
    "snmp": {"enabled": False, "version": "3", "community": ""},
    "network": {"address": "10.67.10.10", "prefix_length": 24, "gateway": "10.67.10.1"},
    "call_active": 0,
}

PROFILE_ID = "5b1c7f0e-6a55-4f5e-9f0a-2c4b8d3e7a10"


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    listeners: list[Listener] = [SshServer(runtime, Mmp(runtime))]
    address = runtime.address
    webadmin = state["webadmin"]
    if webadmin["enabled"]:
        listeners.append(
            WebServer(
                runtime,
                "https",
                int(webadmin["port"]),
                Api(runtime).answer,
                tls=certificate.for_state(runtime.path, state),
                tls_min=f"TLSv{webadmin['tls_min']}",
            )
        )
        if webadmin["http_redirect"]:
            listeners.append(WebServer(runtime, "http", 80, _to_https))
    if state["callbridge"]["enabled"]:
        # which words it calls itself by in SIP is not publicly recorded
        tls = certificate.for_state(runtime.path, state)
        for port in state["sip_ports"]:
            listeners.append(
                SipPort(runtime, f"sip-{port}", int(port), None, tls=tls if port == 5061 else None)
            )
    if state["snmp"]["enabled"]:
        listeners.append(UdpPort("snmp", address, runtime.port("snmp", 161)))
    return listeners


class Mmp:
    """The `Speaker` of the maintenance processor."""

    version = "OpenSSH_8.8"
    echo = True

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def admits(self, peer: str, username: str | None) -> bool:
        return username is None or _is_listed_for(self._runtime.state, peer, username)

    def greeting(self) -> str:
        return f"Welcome to the {self._runtime.state['name']} MMP\n"

    def prompt(self) -> str:
        return f"{self._runtime.state['name']}> "

    def answer(self, command: str) -> str | None:
        state = self._runtime.state
        match command.split():
            case ["exit" | "logout"]:
                return None
            case ["user", "info", name]:
                return _user_info(state, name)
            case words:
                words_to_text = _ANSWERS.get(" ".join(words))
                return words_to_text(state) if words_to_text else "Unknown command\n"


def _is_listed_for(state: Mapping[str, Any], peer: str, username: str) -> bool:
    own = [a for a in state["accounts"] if a["name"] == username and a.get("enabled", True)]
    return any(is_listed(peer, account.get("hosts") or ()) for account in own)


# --- MMP answers -------------------------------------------------------------------------------


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


def _user_info(state: Mapping[str, Any], name: str) -> str:
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


_ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
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


# --- the API -----------------------------------------------------------------------------------


class Api:
    """Web administration and `/api/v1`, with basic authentication."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def answer(self, request: Request) -> Response:
        if request.path == "/" and request.method == "GET":
            body = b"<!doctype html><title>Log in</title><form><input type=password></form>\n"
            return Response(200, body, "text/html; charset=utf-8")
        if not self._may_read(request):
            challenge = (("WWW-Authenticate", 'Basic realm="acano"'),)
            return Response(401, b"", headers=challenge)
        body_of = _RESOURCES.get(request.path) if request.method == "GET" else None
        if body_of is None:
            return Response(404, b"", "text/xml")
        text = '<?xml version="1.0"?>\n' + body_of(self._runtime.state)
        return Response(200, text.encode(), "text/xml")

    def _may_read(self, request: Request) -> bool:
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            username, _, password = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        state = self._runtime.state
        roles = [account["role"] for account in state["accounts"] if account["name"] == username]
        return (
            scheme.lower() == "basic"
            and bool({"admin", "api"} & set(roles))
            and _is_listed_for(state, request.peer, username)
            and is_right(state, username, password)
        )


def _to_https(request: Request) -> Response:
    return Response(302, b"", headers=(("Location", "https://" + request.headers.get("host", "")),))


def _status(state: Mapping[str, Any]) -> str:
    return (
        "<status>\n"
        f"  <softwareVersion>{state['software']}</softwareVersion>\n"
        "  <uptimeSeconds>1214003</uptimeSeconds>\n"
        "  <activated>true</activated>\n"
        "  <clusterEnabled>false</clusterEnabled>\n"
        f"  <callLegsActive>{int(state['call_active'])}</callLegsActive>\n"
        "  <callLegsMaxActive>12</callLegsMaxActive>\n"
        "</status>\n"
    )


def _calls(state: Mapping[str, Any]) -> str:
    if not state["call_active"]:
        return '<calls total="0"></calls>\n'
    call = '<call id="0c7a4f7e-51b9-4e6f-8e5f-7a2f10c3a9d2"><name>giao ban</name></call>'
    return f'<calls total="1">{call}</calls>\n'


def _system_profiles(_state: Mapping[str, Any]) -> str:
    return f"<profiles>\n  <callLegProfile>{PROFILE_ID}</callLegProfile>\n</profiles>\n"


def _profile_list(_state: Mapping[str, Any]) -> str:
    name = "<name>mac dinh</name>"
    return (
        '<callLegProfiles total="1">\n'
        f'  <callLegProfile id="{PROFILE_ID}">{name}</callLegProfile>\n'
        "</callLegProfiles>\n"
    )


def _profile(state: Mapping[str, Any]) -> str:
    return (
        f'<callLegProfile id="{PROFILE_ID}">\n'
        f"  <sipMediaEncryption>{state['media_encryption']}</sipMediaEncryption>\n"
        "</callLegProfile>\n"
    )


_RESOURCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "/api/v1/system/status": _status,
    "/api/v1/calls": _calls,
    "/api/v1/system/profiles": _system_profiles,
    "/api/v1/callLegProfiles": _profile_list,
    f"/api/v1/callLegProfiles/{PROFILE_ID}": _profile,
}
