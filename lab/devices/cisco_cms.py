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
    sip_control_encryption    "encrypted", "auto" or "unencrypted"
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
from typing import Any

from lab.devices import certificate
from lab.devices.cisco_cms_mmp import ANSWERS, user_info
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
    "sip_control_encryption": "encrypted",
    "syslog": [{"address": "10.67.30.10", "port": 514}],
    "ntp": {"servers": ["10.67.20.1"], "synchronised": True},
    "snmp": {"enabled": False, "version": "3", "community": ""},
    "network": {"address": "10.67.10.10", "prefix_length": 24, "gateway": "10.67.10.1"},
    "call_active": 0,
}

PROFILE_ID = "5b1c7f0e-6a55-4f5e-9f0a-2c4b8d3e7a10"
RULE_ID = "b5a0d9d2-6a3c-4f0b-9d0e-51f7c2a4e8b6"


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
                return user_info(state, name)
            case words:
                words_to_text = ANSWERS.get(" ".join(words))
                return words_to_text(state) if words_to_text else "Unknown command\n"


def _is_listed_for(state: Mapping[str, Any], peer: str, username: str) -> bool:
    own = [a for a in state["accounts"] if a["name"] == username and a.get("enabled", True)]
    return any(is_listed(peer, account.get("hosts") or ()) for account in own)


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


def _rule_list(_state: Mapping[str, Any]) -> str:
    return (
        '<outboundDialPlanRules total="1">\n'
        f'  <outboundDialPlanRule id="{RULE_ID}"><domain></domain><priority>0</priority>\n'
        "  </outboundDialPlanRule>\n"
        "</outboundDialPlanRules>\n"
    )


def _rule(state: Mapping[str, Any]) -> str:
    return (
        f'<outboundDialPlanRule id="{RULE_ID}">\n'
        f"  <sipControlEncryption>{state['sip_control_encryption']}</sipControlEncryption>\n"
        "</outboundDialPlanRule>\n"
    )


_RESOURCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "/api/v1/system/status": _status,
    "/api/v1/calls": _calls,
    "/api/v1/system/profiles": _system_profiles,
    "/api/v1/callLegProfiles": _profile_list,
    f"/api/v1/callLegProfiles/{PROFILE_ID}": _profile,
    "/api/v1/outboundDialPlanRules": _rule_list,
    f"/api/v1/outboundDialPlanRules/{RULE_ID}": _rule,
}
