"""Whether each management interface that answers asks who is there before it tells anything."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import paramiko

from rules.facts import ManagementInterface
from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.collect.login_probe import LoginProbe, probe_login
from scanner.evidence import Document


@dataclass(frozen=True, slots=True)
class Door:
    """An open TCP port behind which administrators are let in."""

    name: str
    """`ssh`, `https` or `http`."""
    port: int


def knock(
    host: str,
    doors: Sequence[Door],
    questions: Sequence[str],
    journal: Journal,
    device_id: str,
    *,
    vantage: str,
    timeout_s: float,
) -> tuple[LoginProbe, ...]:
    """One probe per door, in order. A door whose answer cannot be understood stays undecided."""
    probes = []
    for door in doors:
        try:
            if door.name == "ssh":
                probes.append(_ssh(host, door.port, journal, device_id, vantage, timeout_s))
            else:
                probes.append(
                    probe_login(
                        host,
                        door.port,
                        journal,
                        device_id,
                        name=door.name,
                        questions=questions,
                        vantage=vantage,
                        timeout_s=timeout_s,
                    )
                )
        except CollectError:
            encrypted = door.name != "http"
            probes.append(
                LoginProbe(ManagementInterface(door.name, door.port, encrypted, None), ())
            )
    return tuple(probes)


def _ssh(
    host: str, port: int, journal: Journal, device_id: str, vantage: str, timeout_s: float
) -> LoginProbe:
    """The question that every SSH client asks first: may I come in without proving anything?"""
    journal.sent(device_id, "ssh", f"authentication methods {host}:{port}")
    methods = _offered(host, port, timeout_s)
    if methods is None:
        needs, line = None, "no answer to the question for authentication methods"
    else:
        needs = bool(methods)
        line = f"authentication methods: {', '.join(methods) or 'none needed'}"
    document = Document(
        content=f"{line}\n".encode(),
        source=f"ssh {host}:{port} (no login)",
        evidence_class="P",
        captured=datetime.now(UTC),
        vantage=vantage,
    )
    return LoginProbe(ManagementInterface("ssh", port, True, needs), (document,))


def _offered(host: str, port: int, timeout_s: float) -> tuple[str, ...] | None:
    """What the server wants to see; () when it lets anybody in; None when it does not say."""
    try:
        connection = socket.create_connection((host, port), timeout_s)
    except OSError:
        return None
    transport = None
    try:
        transport = paramiko.Transport(connection)
        transport.banner_timeout = transport.auth_timeout = timeout_s
        transport.start_client(timeout=timeout_s)
        transport.auth_none("nobody")
    except paramiko.BadAuthenticationType as answer:
        return tuple(answer.allowed_types)
    except (paramiko.SSHException, EOFError, OSError):
        return None
    finally:
        if transport is not None:
            transport.close()
        connection.close()
    return ()
