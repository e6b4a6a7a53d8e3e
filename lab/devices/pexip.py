"""A simulated Pexip platform: the management node's REST interface over HTTPS.

Lists come in pages of 20, or as `limit` and `offset` ask. Community names and other secrets are in
the answers, as they are in those of a real one.

Keys of the state:

    software        "35 (82080.0.0)", of every node
    call_active     number of conferences, with two participants each
    settings        the one object of `configuration/v1/global`
    management      objects of `configuration/v1/management_vm`
    nodes           objects of `configuration/v1/worker_vm`; the status list has them too
    conferences     objects of `configuration/v1/conference`
    syslog          objects of `configuration/v1/syslog_server`
    basic_auth      False = only OAuth2 is let in
    api_open        the lists answer without a login
    ssh, http       booleans: whether this node listens
    tls_min, certificate, login
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from lab.devices.basic_auth import challenge, is_let_in
from lab.devices.certificate import for_state
from lab.devices.listeners import Listener, SilentPort
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response, WebServer, json_response

DEFAULTS: Mapping[str, Any] = {
    "software": "35 (82080.0.0)",
    "call_active": 0,
    "settings": {
        "crypto_mode": "on",
        "enable_h323": True,
        "enable_sip": True,
        "enable_sip_udp": False,
        "enable_ssh": False,
        "management_session_timeout": 15,
        "min_pin_length": 6,
        "session_timeout_enabled": True,
    },
    "management": [
        {"name": "mgr", "enable_ssh": "GLOBAL", "snmp_mode": "DISABLED", "snmp_community": "public"}
    ],
    "nodes": [
        {
            "name": "node-1",
            "enable_ssh": "OFF",
            "snmp_mode": "AUTHPRIV",
            "snmp_community": "public",
            "snmp_privacy_password": "lab-only-ma-hoa",
        }
    ],
    "conferences": [{"name": "Giao ban", "crypto_mode": ""}],
    "syslog": [{"address": "10.67.30.10", "port": 6514, "transport": "tls", "audit_log": True}],
    "basic_auth": True,
    "api_open": False,
    "ssh": False,
    "http": False,
    "tls_min": "TLSv1.2",
    "login": {"username": "hnth-audit", "password": "lab-only"},
}

PAGE = 20
LARGEST_PAGE = 1000
PARTICIPANTS = 2
"""In each conference."""

_ROOT = "/api/admin/"
_LOGIN_PAGE = b"""<!DOCTYPE html>
<html><head><title>Pexip Infinity</title></head>
<body><form method="post"><input name="username"><input name="password" type="password"></form>
</body></html>
"""


def build(state: Mapping[str, Any], runtime: Runtime) -> Sequence[Listener]:
    """The ports that the state opens."""
    tls = for_state(runtime.path, state)
    node = _Node(runtime)
    listeners: list[Listener] = [
        WebServer(runtime, "https", 443, node.answer, tls=tls, tls_min=state["tls_min"])
    ]
    if state["http"]:
        listeners.append(WebServer(runtime, "http", 80, node.answer))
    if state["ssh"]:
        port = runtime.port("ssh", 22)
        listeners.append(SilentPort("ssh", runtime.address, port, b"SSH-2.0-OpenSSH_9.2\r\n"))
    return listeners


class _Node:
    """Answers from the newest state."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def answer(self, request: Request) -> Response:
        state = self._runtime.state
        if not request.path.startswith(_ROOT):
            return Response(200, _LOGIN_PAGE, "text/html; charset=utf-8")
        let_in = state["basic_auth"] and is_let_in(self._runtime, request)
        if not (let_in or state["api_open"]):
            return challenge("Pexip Infinity")
        kind = request.path.removeprefix(_ROOT).rstrip("/")
        objects = _lists(state).get(kind)
        if request.method != "GET" or objects is None:
            return json_response({"error": "no such list"}, 404)
        return json_response(_page(kind, objects, request.query))


def _lists(state: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    up = [{"name": node["name"], "version": state["software"]} for node in state["nodes"]]
    conferences = int(state["call_active"])
    return {
        "status/v1/conference": [{"name": f"VMR {n}"} for n in range(conferences)],
        "status/v1/participant": [
            {"display_name": f"Điểm cầu {n}"} for n in range(conferences * PARTICIPANTS)
        ],
        "status/v1/worker_vm": up,
        "configuration/v1/global": [state["settings"]],
        "configuration/v1/management_vm": list(state["management"]),
        "configuration/v1/worker_vm": list(state["nodes"]),
        "configuration/v1/conference": list(state["conferences"]),
        "configuration/v1/syslog_server": list(state["syslog"]),
    }


def _page(kind: str, objects: Sequence[Mapping[str, Any]], query: str) -> dict[str, Any]:
    asked = parse_qs(query)
    limit, offset = (
        _number(asked, name, usual) for name, usual in (("limit", PAGE), ("offset", 0))
    )
    limit = min(limit or LARGEST_PAGE, LARGEST_PAGE)
    after = offset + limit
    where = f"{_ROOT}{kind}/"
    more = f"{where}?limit={limit}&offset={after}" if after < len(objects) else None
    return {
        "meta": {
            "limit": limit,
            "next": more,
            "offset": offset,
            "previous": None,
            "total_count": len(objects),
        },
        "objects": [
            {"id": number, **values, "resource_uri": f"{where}{number}/"}
            for number, values in enumerate(objects[offset:after], start=offset + 1)
        ],
    }


def _number(asked: Mapping[str, Sequence[str]], name: str, usual: int) -> int:
    value = (asked.get(name) or [""])[0]
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else usual
