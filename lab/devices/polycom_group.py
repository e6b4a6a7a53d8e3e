"""A simulated RealPresence Group system: REST and settings export over HTTPS, signalling ports.

State: `https_only`, `http`, `telnet`, `ssh`, `whitelist` (addresses; empty = off),
`lockout_attempts` and `idle_timeout_min` (0 = off), `encryption` (`off`, `best-effort`,
`required-video`, `required`), `auto_answer`, `snmp` {enabled, community, versions}, `ntp`
(addresses), `model`, `software`, `build`, `serial`, `own_address` ("address/prefix"), `api_open`
(REST answers without login), `call_active` (number of calls), `sip`,
`sip_transport`, `h323`, `tls_min`,
`certificate`, `login` {username, password}.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

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
    "whitelist": ["10.67.20.5", "10.67.20.10"],
    "lockout_attempts": 3,
    "idle_timeout_min": 10,
    "encryption": "required",
    "auto_answer": False,
    "snmp": {"enabled": False, "community": "giam-sat-hnth", "versions": ["2c"]},
    "ntp": ["10.67.30.10"],
    "model": "RealPresence Group 500",
    "software": "6.2.2.8",
    "build": "670021",
    "serial": "8216000000LAB1",
    "own_address": None,
    "api_open": False,
    "call_active": 0,
    "sip": True,
    "sip_transport": "TLS",
    "h323": True,
    "tls_min": "TLSv1.2",
    "login": {"username": "admin", "password": "lab-only"},
}

_ENCRYPTION_WORDS = {
    "off": "Off",
    "best-effort": "When_Available",
    "required-video": "Required_Video_Calls_Only",
    "required": "Required_All_Calls",
}


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    device = _Device(runtime)
    tls = for_state(runtime.path, state)
    listeners: list[Listener] = [
        WebServer(runtime, "https", 443, device.answer, tls=tls, tls_min=state["tls_min"])
    ]
    if state["http"] or not state["https_only"]:
        listeners.append(WebServer(runtime, "http", 80, device.answer))
    if state["ssh"]:
        listeners.append(SshServer(runtime, _CommandLine(state)))
    if state["h323"]:
        listeners.append(H323Port(runtime))
    if state["sip"]:
        model = "".join(state["model"].split())
        said = f"User-Agent: Polycom{model}/{state['software']}"
        listeners += sip_ports(runtime, said, tls=tls, tls_min=state["tls_min"])
    if state["telnet"]:
        banner = b"Polycom Command Shell\r\n"
        listeners += [
            TelnetPort(name, runtime.address, runtime.port(name, port), banner)
            for name, port in (("telnet", 23), ("telnet-api", 24))
        ]
    return listeners


class _CommandLine:
    """The command line over SSH: asks for a login, then knows what it is and how to leave."""

    version = "dropbear_2017.75"
    echo = True

    def __init__(self, state: Mapping[str, Any]) -> None:
        self._state = state

    def admits(self, peer: str, username: str | None) -> bool:
        allowed = self._state["whitelist"]
        return not allowed or peer in allowed

    def greeting(self) -> str:
        return f"Here is what I know about myself:\nModel: {self._state['model']}\n"

    def prompt(self) -> str:
        return "-> "

    def answer(self, command: str) -> str | None:
        return None if command == "exit" else "error: command not found\n"


class _Device:
    """Answers requests from the newest state; knows who is logged in."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._login = RestLogin(runtime)

    def answer(self, request: Request) -> Response:
        if request.path == rest_login.PATH:
            return self._login.answer(request)
        if request.path in {"/", "/index.html"}:
            return Response(200, _LOGIN_PAGE, "text/html; charset=utf-8")
        if not self._login.is_in(request) and not self.runtime.state["api_open"]:
            return json_response({"error": "not logged in"}, 401)
        return self._known(request)

    def _known(self, request: Request) -> Response:
        state = self.runtime.state
        answers = {
            "/rest/system": lambda: json_response(_system(state)),
            "/rest/system/status": lambda: json_response(_status(state)),
            "/rest/conferences": lambda: json_response(_conferences(state)),
            "/exportsystemprofile.cgi": lambda: Response(
                200, export_text(state).encode(), "application/octet-stream"
            ),
        }
        if request.method != "GET" or request.path not in answers:
            return json_response({"error": "not found"}, 404)
        return answers[request.path]()


_LOGIN_PAGE = b"""<!DOCTYPE html>
<html><head><title>RealPresence Group</title></head>
<body><form><input name="user"><input name="password" type="password"></form></body></html>
"""


def _release(state: Mapping[str, Any]) -> str:
    return f"Release - {state['software']}-{state['build']}"


def _system(state: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "build": state["build"],
        "buildType": "Release",
        "hardwareVersion": "18",
        "lanStatus": {"duplex": "FULL", "state": "LAN_UP", "speedMbps": 1000},
        "model": state["model"],
        "timeServerState": "TIMESERVER_UP" if state["ntp"] else "TIMESERVER_DOWN",
        "serialNumber": state["serial"],
        "softwareVersion": _release(state),
        "state": "IN_CALL" if state["call_active"] else "READY",
        "systemName": "Phong hop truc tuyen",
        "rebootNeeded": False,
    }


def _status(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    on = {True: ["on"], False: ["off"]}
    return [
        {
            "name": "system.status.inacall",
            "languageTag": "IN_A_CALL",
            "state": on[bool(state["call_active"])],
        },
        {
            "name": "system.status.autoanswerp2p",
            "languageTag": "AUTO_ANSWER_P2P",
            "state": on[bool(state["auto_answer"])],
        },
        {"name": "system.status.ipnetwork", "languageTag": "IP_NETWORK", "state": ["up"]},
    ]


def _conferences(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    calls = [
        {
            "id": str(number),
            "isActive": True,
            "isPendingConference": False,
            "connections": [
                {"id": "1", "callType": "SIP", "state": "CONNECTED", "encrypted": True}
            ],
            "duration": 60,
        }
        for number in range(int(state["call_active"]))
    ]
    pending = {"id": "PENDING", "isActive": False, "isPendingConference": True, "connections": []}
    return [*calls, pending]


def export_text(state: Mapping[str, Any]) -> str:
    """The settings of the state in the lines of an export."""
    headers = {
        "profileversion": "0.2",
        "system.info.humanreadablemodel": state["model"],
        "system.info.humanreadableplatform": "GROUPSERIES",
        "system.info.humanreadableversion": _release(state),
        "system.info.serialnumber": state["serial"],
    }
    lines = [f"h:{key}:{value}" for key, value in headers.items()]
    lines += [f'v:{key}:"{value}"' for key, value in sorted(_settings(state).items())]
    return "\n".join([*lines, 's:system.network.submit:"end"', ""])


def _word(flag: object) -> str:
    return "True" if flag else "False"


def _settings(state: Mapping[str, Any]) -> dict[str, str]:
    call, web = "comm.Callsetting.callFeatures", "security.remoteaccess.web"
    lockout = "security.authentication.lockout.accountlockout"
    answer = "Yes" if state["auto_answer"] else "No"
    attempts = str(state["lockout_attempts"] or "Off")
    snmp = state["snmp"]
    settings = {
        "comm.Callpreference.iph323enable": _word(state["h323"]),
        "comm.Callpreference.sipenable": _word(state["sip"]),
        "comm.NICs.SipNic.siptransportprotocol": state["sip_transport"],
        "security.remoteaccess.serialport.loginmode": "adminpassword",
        f"{call}.autoanswer.answermultipointcall": answer,
        f"{call}.autoanswer.answersinglecall": answer,
        f"{call}.autoanswer.muteautoanswer": "True",
        f"{call}.encryptionenable": _ENCRYPTION_WORDS[state["encryption"]],
        "comm.Qos.maxrxbandwidth": "2048",
        "comm.Qos.maxtxbandwidth": "2048",
        "management.snmp.community": snmp["community"],
        "management.snmp.enabled": _word(snmp["enabled"]),
        "management.snmp.listeningport": "161",
        "management.snmp.versionone": _word("1" in snmp["versions"]),
        "management.snmp.versionthree": _word("3" in snmp["versions"]),
        "management.snmp.versiontwo": _word("2c" in snmp["versions"]),
        f"{lockout}.admin.lockoutattempts": attempts,
        f"{lockout}.user.lockoutattempts": attempts,
        "security.remoteaccess.ssh.enabled": _word(state["ssh"]),
        "security.remoteaccess.telnet.apiport": "24",
        "security.remoteaccess.telnet.enabled": _word(state["telnet"]),
        f"{web}.enabled": "True",
        f"{web}.httpport": "80",
        f"{web}.httpsonly": _word(state["https_only"] and not state["http"]),
        f"{web}.idlesessiontimeout": str(state["idle_timeout_min"] or "Off"),
        f"{web}.whitelist.enabled": _word(state["whitelist"]),
        "time.timeserver.mode": "Manual" if state["ntp"] else "Off",
    }
    for key, values in (
        (f"{web}.whitelist.ipaddresses", state["whitelist"]),
        ("time.timeserver.address", state["ntp"]),
    ):
        settings |= {f"{key}[{number}]": value for number, value in enumerate(values)}
    if state["own_address"]:
        own = ipaddress.IPv4Interface(state["own_address"])
        settings["system.network.wired.ipv4nic.address"] = str(own.ip)
        settings["system.network.wired.ipv4nic.subnetmask"] = str(own.netmask)
    return settings
