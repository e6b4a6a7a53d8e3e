"""The XML-RPC calls of a simulated MCU: what each tells of the state, and how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    code: int
    reason: str


NOT_SUPPORTED = Fault(1, "method not supported")
SERVICES = (
    ("tcp", "http", 80, "http"),
    ("tcp", "https", 443, "https"),
    ("tcp", "ftp", 21, "ftp"),
    ("tcp", "h225", 1720, "h323"),
    ("tcp", "sip_tcp", 5060, "sip"),
    ("tcp", "sips_tcp", 5061, "sip"),
    ("udp", "sip_udp", 5060, "sip"),
    ("udp", "snmp", 161, "snmp"),
)
"""Protocol, the device's name, port, key of the state."""


def told(state: State, method: str, members: Mapping[str, Any]) -> Any:
    """The value that a call gives back, or a fault. Calls that change something are not known."""
    if method.endswith("participant.enumerate"):
        return _participants(state, method, members)
    answers: dict[str, Any] = {
        "device.query": {
            "model": state["model"],
            "serial": state["serial"],
            "softwareVersion": state["software"],
            "buildVersion": state["build"],
            "apiVersion": "2.10",
            "uptime": 86400,
        },
        "device.health.query": {"cpuLoad": 4, "fanStatus": "ok", "operationalStatus": "active"},
        "services.query": {"ports": [_port(state, protocol) for protocol in ("IPv4", "IPv6")]},
        "gatekeeper.query": {"gatekeeperUsage": "enabled", "address": state["gatekeeper"]}
        if state["gatekeeper"]
        else {"gatekeeperUsage": "disabled"},
        "sip.query": {"configuredRegistrar": "", "configuredProxy": ""},
    }
    return answers.get(method, NOT_SUPPORTED)


def _participants(state: State, method: str, members: Mapping[str, Any]) -> Any:
    if method != ("flex." if state["managed"] else "") + "participant.enumerate":
        return NOT_SUPPORTED
    numbers = {"connected": int(state["call_active"]), "connecting": int(state["connecting"])}
    wanted = members.get("enumerateFilter")
    listed = [
        _participant(f"{word}-{number}", word)
        for word, several in numbers.items()
        if wanted in {None, word}
        for number in range(several)
    ]
    if state["revision"] is None:
        return {"participants": listed}
    found: dict[str, Any] = {"currentRevision": int(state["revision"])}
    return {**found, "participants": listed} if listed else found


def _participant(name: str, word: str) -> dict[str, Any]:
    return {
        "participantName": name,
        "participantProtocol": "sip",
        "participantType": "ad_hoc",
        "currentState": {"displayName": f"Điểm cầu {name}", "callState": word},
    }


def _port(state: State, protocol: str) -> dict[str, Any]:
    services = []
    for transport, name, number, key in SERVICES:
        on = bool(state[key]) and protocol == "IPv4"
        service: dict[str, Any] = {"enabled": on, "type": transport, "name": name}
        services.append({**service, "port": number} if on else service)
    return {"port": "A", "protocol": protocol, "services": services}


# --- as XML ----------------------------------------------------------------------------------


def response(value: Any) -> str:
    """The answer to one call, one element a line where it holds others."""
    if isinstance(value, Fault):
        inside = _written({"faultCode": value.code, "faultString": value.reason})
        body = f"<fault>\n{inside}</fault>\n"
    else:
        body = f"<params>\n<param>\n{_written(value)}</param>\n</params>\n"
    return f'<?xml version="1.0"?>\n<methodResponse>\n{body}</methodResponse>\n'


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        members = "".join(
            f"<member>\n<name>{name}</name>\n{_written(below)}</member>\n"
            for name, below in value.items()
        )
        inside = f"<struct>\n{members}</struct>"
    elif isinstance(value, list):
        inside = f"<array>\n<data>\n{''.join(map(_written, value))}</data>\n</array>"
    elif isinstance(value, bool):
        inside = f"<boolean>{value:d}</boolean>"
    elif isinstance(value, int):
        inside = f"<int>{value}</int>"
    else:
        inside = f"<string>{escape(str(value))}</string>"
    return f"<value>{inside}</value>\n"


def given_members(root: Element) -> dict[str, str]:
    """The members of a call that are plain text, by name."""
    members = {}
    for member in root.iterfind("params/param/value/struct/member"):
        value = member.find("value")
        typed = value[0] if value is not None and len(value) else value
        if typed is not None and not len(typed):
            members[member.findtext("name") or ""] = typed.text or ""
    return members
