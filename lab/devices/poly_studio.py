"""A simulated Poly G7500 or Studio X: REST and settings export over HTTPS, signalling ports.

State: `https_only`, `http`, `telnet`, `ssh`, `lockout_attempts` and `idle_timeout_min` (0 = off),
`encryption` (`off`, `best-effort`, `required-video`, `required`), `auto_answer`, `far_end_camera`,
`accounts` (names by role), `password_policy` (as for `cisco-roomos`; 0 = off), `snmp` {enabled,
community, versions}, `ntp` (addresses), `syslog` ({address, port, protocol}, or false),
`max_call_rate` (kbit/s), `model`, `software`, `build`, `serial`, `own_address` ("address/prefix"),
`api_open` (REST answers without login), `call_active` (number of calls), `sip`,
`sip_transport`, `h323`, `tls_min`,
`certificate`, `login` {username, password}.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from lab.devices import rest_login
from lab.devices.certificate import for_state
from lab.devices.command_line import SshServer
from lab.devices.h323 import H323Port
from lab.devices.listeners import Listener, TelnetPort
from lab.devices.rest_login import RestLogin
from lab.devices.sip import sip_ports
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer, json_response

DEFAULTS: Mapping[str, Any] = {
    "https_only": True,
    "http": False,
    "telnet": False,
    "ssh": True,
    "lockout_attempts": 5,
    "idle_timeout_min": 10,
    "encryption": "required",
    "auto_answer": False,
    "far_end_camera": False,
    "accounts": {"admin": "admin"},
    "password_policy": {
        "min_length": 12,
        "digits": 1,
        "lowercase": 1,
        "uppercase": 1,
        "special": 1,
        "history": 12,
        "max_age_days": 180,
    },
    "snmp": {"enabled": False, "community": "giam-sat-hnth", "versions": ["3"]},
    "ntp": ["10.67.20.1"],
    "syslog": {"address": "10.67.30.10", "port": 514, "protocol": "UDP"},
    "max_call_rate": 4096,
    "model": "StudioX50",
    "software": "4.1.0",
    "build": "382001",
    "serial": "8L000000LAB50",
    "own_address": None,
    "api_open": False,
    "call_active": 0,
    "sip": True,
    "sip_transport": "TLS",
    "h323": True,
    "tls_min": "TLSv1.2",
    "login": {"username": "admin", "password": "lab-only"},
}

_ENCRYPTION = {
    "off": "Off",
    "best-effort": "When_Available",
    "required-video": "Required_Video",
    "required": "Required_All",
}
_POLICY = {
    "minLength": "min_length",
    "numCount": "digits",
    "lowercaseCount": "lowercase",
    "uppercaseCount": "uppercase",
    "specialCharCount": "special",
    "rejectPrevPassword": "history",
    "maxAge": "max_age_days",
}


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    device, tls = _Device(runtime), for_state(runtime.path, state)
    listeners: list[Listener] = [
        WebServer(runtime, "https", 443, device.answer, tls=tls, tls_min=state["tls_min"])
    ]
    if state["http"] or not state["https_only"]:
        listeners.append(WebServer(runtime, "http", 80, device.answer))
    if state["ssh"]:
        listeners.append(SshServer(runtime, _CommandLine()))
    if state["telnet"]:
        listeners += [
            TelnetPort(name, runtime.address, runtime.port(name, port))
            for name, port in (("telnet", 23), ("telnet-api", 24))
        ]
    if state["h323"]:
        listeners.append(H323Port(runtime))
    if state["sip"]:
        listeners += sip_ports(runtime, None, tls=tls, tls_min=state["tls_min"])
    return listeners


class _CommandLine:
    """The command line over SSH: asks for a login, then knows how to leave."""

    version = "OpenSSH_8.4"
    echo = True

    def admits(self, peer: str, username: str | None) -> bool:
        return True

    def greeting(self) -> str:
        return ""

    def prompt(self) -> str:
        return "-> "

    def answer(self, command: str) -> str | None:
        return None if command == "exit" else "error: command not found\n"


class _Device:
    """Answers requests from the newest state."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._login = RestLogin(runtime)

    def answer(self, request: Request) -> Response:
        if request.path == rest_login.PATH:
            return self._login.answer(request)
        if request.path in {"/", "/index.html"}:
            return Response(200, _LOGIN_PAGE, "text/html; charset=utf-8")
        state = self._runtime.state
        if not self._login.is_in(request) and not state["api_open"]:
            return json_response({"error": "not logged in"}, 401)
        if request.method == "GET" and request.path == "/rest/provisioning/config":
            return Response(200, export_text(state).encode(), "application/octet-stream")
        told = _ANSWERS.get(request.path) if request.method == "GET" else None
        if told is None:
            return json_response({"error": "not found"}, 404)
        return json_response(told(state))


_LOGIN_PAGE = b"""<!DOCTYPE html>
<html><head><title>Poly VideoOS</title></head>
<body><form><input name="user"><input name="password" type="password"></form></body></html>
"""


def _system(state: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "build": state["build"],
        "lanStatus": {"duplex": "FULL", "speedMbps": 1000, "state": "LAN_UP"},
        "model": state["model"],
        "rebootNeeded": False,
        "serialNumber": state["serial"],
        "softwareVersion": state["software"],
        "state": "IN_CALL" if state["call_active"] else "READY",
        "systemName": "Phong hop truc tuyen",
        "timeServerState": "TIMESERVER_UP" if state["ntp"] else "TIMESERVER_DOWN",
    }


def _status(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    states = {
        "autoanswerp2p": "on" if state["auto_answer"] else "off",
        "ipnetwork": "up",
        "inacall": "on" if state["call_active"] else "off",
    }
    return [
        {"langtag": name.upper(), "name": f"system.status.{name}", "stateList": [value]}
        for name, value in states.items()
    ]


def _conferences(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Nothing at all while there is no call."""
    connection = {"id": "1", "callType": "SIP", "state": "CONNECTED", "encrypted": True}
    return [
        {"id": str(number), "isActive": True, "connections": [connection], "duration": 60}
        for number in range(int(state["call_active"]))
    ]


_ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "/rest/system": _system,
    "/rest/system/status": _status,
    "/rest/conferences": _conferences,
}


def export_text(state: Mapping[str, Any]) -> str:
    """The settings of the state as the web interface exports them."""
    lines = [f"    {name}={quoteattr(value)}" for name, value in sorted(_settings(state).items())]
    head = ['<?xml version="1.0" encoding="UTF-8"?>', "<PHONE_CONFIG>", "  <ALL"]
    return "\n".join([*head, *lines, "  />", "</PHONE_CONFIG>", ""])


def _settings(state: Mapping[str, Any]) -> dict[str, str]:
    return {
        **_calls(state),
        **_management(state),
        **_passwords(state),
        **_surroundings(state),
    }


def _word(flag: object) -> str:
    return "true" if flag else "false"


def _number(count: object) -> str:
    return str(count or "Off")


def _calls(state: Mapping[str, Any]) -> dict[str, str]:
    return {
        "call.autoAnswer.answerP2PCall": "Yes" if state["auto_answer"] else "No",
        "call.autoAnswer.micMute": "true",
        "call.encryption.requireAES": _ENCRYPTION[state["encryption"]],
        "call.preferredSpeed.maxIncoming": str(state["max_call_rate"]),
        "call.preferredSpeed.outgoing": str(state["max_call_rate"]),
        "video.camera.farControlNearCamera": _word(state["far_end_camera"]),
        "voIpProt.H323.enable": _word(state["h323"]),
        "voIpProt.SIP.enable": _word(state["sip"]),
        "voIpProt.SIP.transport": state["sip_transport"],
    }


def _management(state: Mapping[str, Any]) -> dict[str, str]:
    snmp = state["snmp"]
    return {
        "sec.auth.accountLockout.admin.lockoutAttempts": _number(state["lockout_attempts"]),
        "sec.auth.accountLockout.admin.lockoutTime": "5",
        "sec.auth.external.AD.enable": "false",
        **{f"sec.auth.{role}.id": name for role, name in state["accounts"].items()},
        "sec.serialPort.login.mode": "adminpassword",
        "sec.usb.disableAll": "false",
        "sec.ssh.enable": _word(state["ssh"]),
        "sec.telnet.apiPort": "24",
        "sec.telnet.enable": _word(state["telnet"]),
        "sec.TLS.minimumVersion": state["tls_min"].lower().replace(".", "_"),
        "sec.web.enable": "true",
        "sec.web.httpsOnly": _word(state["https_only"] and not state["http"]),
        "sec.web.idleSessionTimeout": _number(state["idle_timeout_min"]),
        "snmp.community": snmp["community"],
        "snmp.enable": _word(snmp["enabled"]),
        "snmp.version1.enable": _word("1" in snmp["versions"]),
        "snmp.version2.enable": _word("2c" in snmp["versions"]),
        "snmp.version3.enable": _word("3" in snmp["versions"]),
    }


def _passwords(state: Mapping[str, Any]) -> dict[str, str]:
    """The same policy for remote access and for the settings in the room."""
    return {
        f"sec.auth.{where}.password.{key}": _number(state["password_policy"][name])
        for where in ("remote", "admin.room")
        for key, name in _POLICY.items()
    }


def _surroundings(state: Mapping[str, Any]) -> dict[str, str]:
    syslog = state["syslog"] or {"address": "", "port": 514, "protocol": "UDP"}
    settings = {
        "device.local.ntpServer.mode": "Manual" if state["ntp"] else "Off",
        "device.net.secondaryNetwork.type": "none",
        "device.syslog.enable": _word(state["syslog"]),
        "device.syslog.serverName": (
            f"{syslog['address']}:{syslog['port']}" if syslog["address"] else ""
        ),
        "device.syslog.transport": syslog["protocol"],
    }
    for number, server in enumerate([*state["ntp"], "", ""][:2], start=1):
        settings[f"device.local.ntpServer.address.{number}"] = server
    if state["own_address"]:
        own = ipaddress.IPv4Interface(state["own_address"])
        settings["device.net.ipAddress"] = str(own.ip)
        settings["device.net.subnetMask"] = str(own.netmask)
    return settings
