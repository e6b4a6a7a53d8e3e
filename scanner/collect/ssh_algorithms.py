"""What an SSH server offers before any login: its algorithms, and how long its RSA key is.

One connection reads the identification and the first packet (RFC 4253, sections 4.2 and 7.1), both
in plain text. A server that offers RSA is asked for that key in a second one, which ends before a
login. The result is a document of plain lines, and `algorithm_facts` reads those lines.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import paramiko

from inventory.text import Text
from rules.crypto_facts import SshOffer
from rules.facts import Citation, Fact, Known
from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.journal import Journal
from scanner.evidence import Document, printable

IDENTIFICATION = b"SSH-2.0-hnth\r\n"
PREAMBLE_MAX = 8192
"""Bytes before and in the identification."""
PACKET_MAX = 35_000
"""RFC 4253, section 6.1."""
NAMES_MAX = 200

_KEXINIT = 20
_LISTS = (
    "key exchange",
    "host key",
    "cipher",
    "cipher",
    "mac",
    "mac",
    "compression",
    "compression",
)
"""What the first eight lists are about; those of the two directions are one."""
_RSA = re.compile(r"ssh-rsa|rsa-sha2-(?:256|512)")
_NAME = re.compile(r"[!-+\--~]{1,120}")


def look(
    host: str,
    port: int,
    journal: Journal,
    device_id: str,
    *,
    vantage: str | None = None,
    timeout_s: float = 5.0,
) -> Document:
    """What the server offers, as a class P document. At most two connections and no login.

    Raises `Unreachable` without a connection, `CollectError` when the port does not speak SSH.
    """
    where = f"{host}:{port}"
    journal.sent(device_id, "ssh", f"connect {where}, reading what it offers")
    protocol, lists = _offered(host, port, timeout_s)
    lines = [f"port {port}", f"protocol {protocol}"]
    lines += [f"{kind} {name}" for kind, names in lists for name in names]
    if any(kind == "host key" and _RSA.fullmatch(name) for kind, names in lists for name in names):
        journal.sent(device_id, "ssh", f"connect {where}, key exchange for its RSA key")
        bits = _rsa_bits(host, port, timeout_s)
        lines.append(f"RSA {bits} bit" if bits else "RSA key not seen")
    lines.append("end")
    content = ("\n".join(lines) + "\n").encode()
    return Document(content, f"ssh-algorithms {where}", "P", datetime.now(UTC), vantage)


def _offered(host: str, port: int, timeout_s: float) -> tuple[str, list[tuple[str, list[str]]]]:
    deadline = time.monotonic() + timeout_s
    try:
        channel = socket.create_connection((host, port), timeout_s)
    except OSError as error:
        raise Unreachable(_UNREACHABLE.format(host=host, port=port)) from error
    with channel:
        try:
            channel.sendall(IDENTIFICATION)
            return _read(channel, deadline)
        except (OSError, ValueError) as error:
            raise CollectError(_NO_SSH.format(host=host, port=port)) from error


def _read(channel: socket.socket, deadline: float) -> tuple[str, list[tuple[str, list[str]]]]:
    """Raises ValueError for anything that is not SSH, OSError when it is too slow."""
    heard = b""
    while (found := re.search(rb"(?:\A|\n)SSH-([0-9.]{3,8})-[^\n]*\n", heard)) is None:
        if len(heard) > PREAMBLE_MAX:
            raise ValueError("no identification")
        heard += _more(channel, deadline)
    protocol = found[1].decode()
    if not protocol.startswith(("2.", "1.99")):
        return protocol, []
    packet = heard[found.end() :]
    while len(packet) < 5:
        packet += _more(channel, deadline)
    length = int.from_bytes(packet[:4], "big")
    if not 2 <= length <= PACKET_MAX:
        raise ValueError("no packet")
    while len(packet) < 4 + length:
        packet += _more(channel, deadline)
    payload = packet[5 : 4 + length - packet[4]]
    return protocol, _lists(payload)


def _more(channel: socket.socket, deadline: float) -> bytes:
    wait = deadline - time.monotonic()
    if wait <= 0:
        raise TimeoutError
    channel.settimeout(wait)
    piece = channel.recv(8192)
    if not piece:
        raise ValueError("the server hung up")
    return piece


def _lists(payload: bytes) -> list[tuple[str, list[str]]]:
    """The lists of a KEXINIT, those of both directions merged. ValueError when it is none."""
    if len(payload) < 17 or payload[0] != _KEXINIT:
        raise ValueError("no key exchange")
    merged: dict[str, list[str]] = {}
    at = 17
    for kind in _LISTS:
        size = int.from_bytes(payload[at : at + 4], "big")
        content = payload[at + 4 : at + 4 + size]
        if len(payload) < at + 4 or len(content) != size:
            raise ValueError("a list is cut off")
        names = [printable(name, 120) for name in content.decode("ascii", "replace").split(",")]
        given = merged.setdefault(kind, [])
        given += [name for name in names if name and name not in given]
        if len(given) > NAMES_MAX:
            raise ValueError("too many names")
        at += 4 + size
    return list(merged.items())


def _rsa_bits(host: str, port: int, timeout_s: float) -> int | None:
    """Length of the RSA key that the server shows; None when no algorithms are agreed on."""
    try:
        channel = socket.create_connection((host, port), timeout_s)
    except OSError:
        return None
    transport = None
    try:
        transport = paramiko.Transport(channel)
        options = transport.get_security_options()
        options.key_types = [name for name in options.key_types if _RSA.fullmatch(name)]
        transport.banner_timeout = transport.handshake_timeout = timeout_s
        transport.start_client(timeout=timeout_s)
        return int(transport.get_remote_server_key().get_bits())
    except (paramiko.SSHException, EOFError, OSError, ValueError):
        return None
    finally:
        if transport is not None:
            transport.close()
        channel.close()


# --- reading the documents -------------------------------------------------------------------

_LINE = re.compile(
    r"(port|protocol|key exchange|host key|cipher|mac|compression) ([!-~]{1,120})|"
    r"RSA ([0-9]{1,5}) bit|(RSA key not seen)|(end)"
)
_FIELDS = {
    "key exchange": "key_exchange",
    "host key": "host_keys",
    "cipher": "ciphers",
    "mac": "macs",
    "compression": "compression",
}


def algorithm_facts(documents: Sequence[Document]) -> dict[str, Fact[Any]]:
    """`ssh.algorithms` from documents made by `look`; empty without any."""
    read = [one for document in documents if (one := _offer(document)) is not None]
    if not read:
        return {}
    cited = tuple(citation for _, citations in read for citation in citations)
    return {"ssh.algorithms": Known(tuple(offer for offer, _ in read), cited)}


def _offer(document: Document) -> tuple[SshOffer, list[Citation]] | None:
    if not document.source.startswith("ssh-algorithms "):
        return None
    said: dict[str, list[str]] = {}
    citations: list[Citation] = []
    incomplete = set(_FIELDS.values())
    rsa_bits = None
    for number, line in enumerate(document.lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        if match[5]:
            incomplete -= set(_FIELDS.values())
            continue
        citations.append(document.cite(number))
        if match[3]:
            rsa_bits = int(match[3])
        elif match[4]:
            incomplete.add("rsa_bits")
        else:
            said.setdefault(match[1], []).append(match[2])
    protocol = next(iter(said.get("protocol", ())), "")
    port = next(iter(said.get("port", ())), "")
    if not protocol or not re.fullmatch(r"[0-9]{1,5}", port):
        return None
    lists = {field: tuple(said.get(kind, ())) for kind, field in _FIELDS.items()}
    if protocol.startswith(("2.", "1.99")):
        incomplete |= {field for field, names in lists.items() if not names}
    offer = SshOffer(
        int(port), protocol, **lists, rsa_bits=rsa_bits, incomplete=tuple(sorted(incomplete))
    )
    return offer, citations[1:]


_UNREACHABLE = Text(
    vi="thiết bị đang tắt hoặc không kết nối được: {host} cổng {port} không trả lời",
    en="the device is off or cannot be reached: no answer from {host} port {port}",
)
_NO_SSH = Text(
    vi="{host} cổng {port} có trả lời nhưng không cho biết các thuật toán SSH mà nó hỗ trợ",
    en="{host} port {port} answers and does not tell which SSH algorithms it offers",
)
