"""Settings exports of a Poly VideoOS system as the tests need them, and what is read from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rules.facts import Known
from scanner.evidence import Document
from scanner.platforms.poly_studio import read

SAMPLES = "devices/poly-studio/x30-3.10.0"


def document(content: str | bytes, source: str = "file") -> Document:
    raw = content.encode() if isinstance(content, str) else content
    return Document(raw, source, "O", datetime(2026, 1, 1, tzinfo=UTC))


BASE = {
    "call.autoAnswer.answerP2PCall": "No",
    "call.encryption.requireAES": "Required_All",
    "call.preferredSpeed.maxIncoming": "2048",
    "call.preferredSpeed.outgoing": "4096",
    "device.local.ntpServer.address.1": "10.0.0.5",
    "device.local.ntpServer.address.2": "",
    "device.local.ntpServer.mode": "Manual",
    "device.net.ipAddress": "10.0.0.9",
    "device.net.secondaryNetwork.type": "None",
    "device.net.subnetMask": "255.255.255.128",
    "device.syslog.enable": "true",
    "device.syslog.serverName": "10.0.0.6",
    "device.syslog.transport": "TLS",
    "sec.TLS.minimumVersion": "tlsv1_1",
    "sec.auth.accountLockout.admin.lockoutAttempts": "5",
    "sec.auth.admin.id": "quantri",
    "sec.auth.admin.room.password.minLength": "10",
    "sec.auth.admin.room.password.maxAge": "90",
    "sec.auth.external.AD.enable": "false",
    "sec.auth.remote.password.minLength": "12",
    "sec.auth.remote.password.maxAge": "60",
    "sec.ssh.enable": "false",
    "sec.telnet.enable": "true",
    "sec.web.enable": "true",
    "sec.web.httpsOnly": "true",
    "sec.web.idleSessionTimeout": "15",
    "snmp.community": "public",
    "snmp.enable": "true",
    "snmp.version1.enable": "false",
    "snmp.version2.enable": "true",
    "snmp.version3.enable": "true",
    "video.camera.farControlNearCamera": "true",
}


def export_text(changes: dict[str, str | None] | None = None) -> str:
    """An export of our own; None takes a key out."""
    settings = {k: v for k, v in {**BASE, **(changes or {})}.items() if v is not None}
    lines = "".join(f'     {key}="{value}"\n' for key, value in settings.items())
    return f'<?xml version="1.0"?>\n<PHONE_CONFIG>\n  <ALL\n{lines}  ></ALL>\n</PHONE_CONFIG>\n'


def facts_of(content: str | bytes) -> dict[str, Any]:
    return dict(read([document(content)]).facts)


def values(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}
