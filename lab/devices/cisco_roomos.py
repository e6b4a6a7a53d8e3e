"""A Cisco room codec (CE/RoomOS): xAPI over SSH, a web page, the usual listeners.

Keys of the state, beside those of `command_line`:

    name, software, model, platform, serial    what `xStatus SystemUnit` says
    accounts          [{"name", "roles": ["Admin", ...], "active", "blocked"}]
    telnet, http, https, upnp, h323, sip, sip_listen     booleans
    tls_min           "TLSv1.2"
    snmp              "off" or "read-only"; snmp_community
    encryption        "required", "best-effort" or "off"
    sip_transport     "Auto", "Tls", "TCP" or "UDP"
    serial_login, remote_debugging               booleans
    auto_answer, far_end_camera                  booleans
    idle_timeout_min, max_failed_logins          numbers; 0 = never
    remote_access_allow                          addresses or prefixes; [] = any
    password_policy   {"min_length", "digits", "lowercase", "uppercase", "special", "history",
                      "max_age_days"}
    syslog            false, or {"address", "port", "protocol"}
    ntp               server addresses; ntp_status "Synced"
    max_call_rate     kbit/s
    network           {"address", "mask", "gateway"}
    call_active       number of calls
    passphrase_missing    a user has no passphrase, as the self-diagnostics tell
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lab.devices import certificate
from lab.devices.command_line import SshServer, is_listed
from lab.devices.h323 import H323Port
from lab.devices.listeners import Listener, TelnetPort, UdpPort
from lab.devices.sip import sip_ports
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer

DEFAULTS: Mapping[str, Any] = {
    "name": "Phong hop",
    "software": "ce11.28.1.5.04b277ca762",
    "model": "Cisco Webex Room Kit",
    "platform": "Room Kit",
    "serial": "FOC2711ABCD",
    "login": {"username": "hnth-audit", "password": "Kiem-toan.2026!"},
    "accounts": [
        {"name": "admin", "roles": ["Admin", "Audit", "User"]},
        {"name": "hnth-audit", "roles": ["Admin"]},
        {"name": "nguoidung", "roles": ["User"]},
    ],
    "telnet": False,
    "http": False,
    "https": True,
    "tls_min": "TLSv1.2",
    "upnp": False,
    "h323": False,
    "sip": True,
    "sip_listen": True,
    "snmp": "off",
    "snmp_community": "",
    "sip_transport": "Tls",
    "serial_login": True,
    "remote_debugging": False,
    "encryption": "required",
    "auto_answer": False,
    "far_end_camera": False,
    "idle_timeout_min": 15,
    "max_failed_logins": 5,
    "remote_access_allow": ["10.67.20.5", "10.67.20.10"],
    "password_policy": {
        "min_length": 12,
        "digits": 1,
        "lowercase": 1,
        "uppercase": 1,
        "special": 1,
        "history": 12,
        "max_age_days": 180,
    },
    "syslog": {"address": "10.67.30.10", "port": 6514, "protocol": "SyslogTLS"},
    "ntp": ["10.67.20.1"],
    "ntp_status": "Synced",
    "max_call_rate": 4096,
    "network": {"address": "10.67.101.10", "mask": "255.255.255.0", "gateway": "10.67.101.1"},
    "call_active": 0,
    "passphrase_missing": False,
}

PRODUCT_NUMBER = 529
"""What SIP calls a codec of this line."""

ENCRYPTION = {"required": "On", "best-effort": "BestEffort", "off": "Off"}

Setting = tuple[str, str | int | bool]
"""Path and value; a string is quoted, a bool is On or Off, a Word is bare."""


class Word(str):
    """A value of an enumeration: printed without quotes."""

    __slots__ = ()


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    listeners: list[Listener] = [SshServer(runtime, Codec(runtime))]
    address = runtime.address
    identity = certificate.for_state(runtime.path, state)
    if state["https"]:
        listeners.append(
            WebServer(runtime, "https", 443, _page, tls=identity, tls_min=state["tls_min"])
        )
    if state["http"]:
        listeners.append(WebServer(runtime, "http", 80, _page))
    if state["telnet"]:
        listeners.append(TelnetPort("telnet", address, runtime.port("telnet", 23)))
    if state["sip"] and state["sip_listen"]:
        listeners += sip_ports(
            runtime, _sip_server(state), tls=identity, tls_min=state["tls_min"], udp=False
        )
    if state["h323"]:
        listeners.append(H323Port(runtime))
    if state["snmp"] != "off":
        listeners.append(UdpPort("snmp", address, runtime.port("snmp", 161)))
    return listeners


def _sip_server(state: Mapping[str, Any]) -> str:
    """`Server: TANDBERG/529 (ce9.15.0.d97b604b745) Cisco-RoomKit`."""
    model = str(state["platform"]).replace(" ", "")
    return f"Server: TANDBERG/{PRODUCT_NUMBER} ({state['software']}) Cisco-{model}"


def _page(request: Request) -> Response:
    """The sign-in page; everything else wants a login."""
    if request.path == "/" and request.method == "GET":
        body = b"<!doctype html><title>Sign in</title><form><input type=password></form>\n"
        return Response(200, body, "text/html; charset=utf-8")
    challenge = (("WWW-Authenticate", 'Basic realm="codec"'),)
    return Response(401, b"", headers=challenge)


class Codec:
    """The `Speaker` of a codec."""

    version = "OpenSSH_9.6"
    echo = True

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def admits(self, peer: str, username: str | None) -> bool:
        return is_listed(peer, self._runtime.state["remote_access_allow"])

    def greeting(self) -> str:
        state = self._runtime.state
        return (
            f"Welcome to {state['name']}\nCisco Codec Release {state['software']}\n"
            "SW Release Date: 2026-01-15 09:00:00, matchbox\n*r Login successful\n\nOK\n\n"
        )

    def prompt(self) -> str:
        return ""

    def answer(self, command: str) -> str | None:
        words = command.split()
        match [word.lower() for word in words]:
            case ["bye"]:
                return None
            case ["echo", ("on" | "off")]:
                return "\nOK\n"
            case ["xconfiguration", *path]:
                return _query("*c xConfiguration ", path, _configuration(self._runtime.state))
            case ["xstatus", *path]:
                return _query("*s ", path, _status(self._runtime.state))
            case ["xcommand", "usermanagement", "user", "list"]:
                return _user_list(self._runtime.state["accounts"])
        return "Command not recognized.\n"


def _query(prefix: str, path: list[str], settings: Iterator[Setting]) -> str:
    lines = [
        f"{prefix}{name}: {_shown(value)}\n"
        for name, value in sorted(settings, key=lambda setting: setting[0])
        if name.lower().split()[: len(path)] == path
    ]
    return "\n" + "".join(lines) + "** end\n\nOK\n"


def _shown(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "On" if value else "Off"
    if isinstance(value, int | Word):
        return str(value)
    return '"' + value.replace('"', '\\"') + '"'


def _configuration(state: Mapping[str, Any]) -> Iterator[Setting]:
    yield "SystemUnit Name", str(state["name"])
    yield from _conference(state)
    yield from _network_services(state)
    yield from _logging(state)
    yield from _security(state)
    yield "Network 1 RemoteAccess Allow", ",".join(state["remote_access_allow"])
    yield "Network 1 IPv4 Assignment", Word("Static")
    yield "Network 1 IPv4 Address", state["network"]["address"]
    yield "Network 1 IPv4 SubnetMask", state["network"]["mask"]
    yield "Network 1 IPv4 Gateway", state["network"]["gateway"]
    yield "Network 1 QoS Mode", Word("Diffserv")
    yield "Time Zone", Word("Asia/Ho_Chi_Minh")


def _conference(state: Mapping[str, Any]) -> Iterator[Setting]:
    yield "Conference AutoAnswer Delay", 0
    yield "Conference AutoAnswer Mode", bool(state["auto_answer"])
    yield "Conference AutoAnswer Mute", False
    yield "Conference DefaultCall Protocol", Word("Sip")
    yield "Conference Encryption Mode", Word(ENCRYPTION[state["encryption"]])
    yield "Conference FarEndControl Mode", bool(state["far_end_camera"])
    for direction in ("Receive", "Transmit"):
        yield f"Conference Max{direction}CallRate", int(state["max_call_rate"])


def _network_services(state: Mapping[str, Any]) -> Iterator[Setting]:
    web = {(True, True): "HTTP+HTTPS", (False, True): "HTTPS", (True, False): "HTTP+HTTPS"}
    yield (
        "NetworkServices HTTP Mode",
        Word(web.get((bool(state["http"]), bool(state["https"])), "Off")),
    )
    yield "NetworkServices HTTPS Server MinimumTLSVersion", Word(state["tls_min"])
    yield "NetworkServices SSH Mode", True
    yield "NetworkServices SSH HostKeyAlgorithm", Word("ed25519")
    yield "NetworkServices Telnet Mode", bool(state["telnet"])
    yield "NetworkServices UPnP Mode", bool(state["upnp"])
    yield "NetworkServices H323 Mode", bool(state["h323"])
    yield "NetworkServices SIP Mode", bool(state["sip"])
    yield "SIP ListenPort", bool(state["sip_listen"])
    yield "SIP DefaultTransport", Word(state["sip_transport"])
    yield "SIP MinimumTLSVersion", Word(state["tls_min"])
    yield "SIP TlsVerify", True
    yield "H323 Encryption KeySize", Word("Min2048bit")
    yield "NetworkServices SNMP Mode", Word("Off" if state["snmp"] == "off" else "ReadOnly")
    yield "NetworkServices SNMP CommunityName", str(state["snmp_community"])
    yield "NetworkServices NTP Mode", Word("Manual")
    for number, server in enumerate([*state["ntp"], "", "", ""][:3], 1):
        yield f"NetworkServices NTP Server {number} Address", server


def _logging(state: Mapping[str, Any]) -> Iterator[Setting]:
    target = state["syslog"] if isinstance(state["syslog"], Mapping) else {}
    yield "Logging External Mode", bool(state["syslog"])
    yield "Logging External Protocol", Word(target.get("protocol", "SyslogTLS"))
    yield "Logging External Server Address", str(target.get("address", ""))
    yield "Logging External Server Port", int(target.get("port", 514))
    yield "Logging Internal Mode", True


def _security(state: Mapping[str, Any]) -> Iterator[Setting]:
    policy = state["password_policy"]
    yield "Security Session FailedLoginsLockoutTime", 15
    yield "Security Session InactivityTimeout", int(state["idle_timeout_min"])
    yield "Security Session MaxFailedLogins", int(state["max_failed_logins"])
    yield "Security Session MaxTotalSessions", 20
    yield "SerialPort Mode", True
    yield "SerialPort LoginRequired", bool(state["serial_login"])
    yield "WebEngine RemoteDebugging", bool(state["remote_debugging"])
    complexity = "UserManagement PasswordPolicy Complexity Minimum"
    yield complexity + "Length", int(policy["min_length"])
    for name in ("digits", "lowercase", "uppercase", "special"):
        yield complexity + name.capitalize(), int(policy[name])
    yield "UserManagement PasswordPolicy MaxLifetime", int(policy["max_age_days"])
    yield "UserManagement PasswordPolicy ReuseLimit", int(policy["history"])


def _status(state: Mapping[str, Any]) -> Iterator[Setting]:
    yield "SystemUnit ProductId", str(state["model"])
    yield "SystemUnit ProductPlatform", str(state["platform"])
    yield "SystemUnit ProductType", "Cisco Codec"
    yield "SystemUnit Hardware Module SerialNumber", str(state["serial"])
    yield "SystemUnit Software Version", str(state["software"])
    yield "SystemUnit State NumberOfActiveCalls", int(state["call_active"])
    yield "SystemUnit State NumberOfInProgressCalls", 0
    yield "SystemUnit State NumberOfSuspendedCalls", 0
    for number in range(1, int(state["call_active"]) + 1):
        yield f"Call {number} Status", Word("Connected")
        yield f"Call {number} Protocol", "SIP"
    yield "Network 1 IPv4 Address", state["network"]["address"]
    yield "Network 1 IPv4 SubnetMask", state["network"]["mask"]
    yield "Network 1 IPv4 Gateway", state["network"]["gateway"]
    yield "Network 1 VLAN Voice VlanId", "Off"
    yield "NetworkServices NTP Status", Word(state["ntp_status"])
    for number, server in enumerate(state["ntp"], 1):
        yield f"NetworkServices NTP Server {number} Address", server
    if state["passphrase_missing"]:
        yield "Diagnostics Message 1 Level", Word("Critical")
        yield "Diagnostics Message 1 Type", Word("ValidPasswords")


def _user_list(accounts: Sequence[Mapping[str, Any]]) -> str:
    lines = ["OK", "*r UserListResult (status=OK): "]
    for number, account in enumerate(accounts, 1):
        user = f"*r UserListResult User {number}"
        lines.append(f"{user} Active: {account.get('active', True)}")
        lines.append(f"{user} Blocked: {account.get('blocked', False)}")
        lines.append(f"{user} PassphraseExpired: False")
        for place, role in enumerate(account.get("roles", ()), 1):
            lines.append(f"{user} Roles {place} Role: {role}")
        lines.append(f'{user} Username: "{account["name"]}"')
    return "\n" + "\n".join(lines) + "\n** end\n"
