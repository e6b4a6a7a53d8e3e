"""What an SSH server offers before any login: its algorithms, and how long its RSA key is.

One connection, which ends where encryption would begin. The result is a document of plain lines,
and `algorithm_facts` reads those lines.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from inventory.text import Text
from rules.crypto_facts import SshOffer
from rules.facts import Citation, Fact, Known
from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.journal import Journal
from scanner.collect.ssh_plain import Beginning, NotSsh
from scanner.evidence import Document

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
"""What the lists are about; those of the two directions are one."""
_RSA = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")


def look(
    host: str,
    port: int,
    journal: Journal,
    device_id: str,
    *,
    vantage: str | None = None,
    timeout_s: float = 5.0,
) -> Document:
    """What the server offers, as a class P document. One connection and no login.

    Raises `Unreachable` without a connection, `CollectError` when the port does not speak SSH.
    """
    where = f"{host}:{port}"
    journal.sent(device_id, "ssh", f"connect {where}, reading what it offers")
    try:
        channel = socket.create_connection((host, port), timeout_s)
    except OSError as error:
        raise Unreachable(_UNREACHABLE.format(host=host, port=port)) from error
    with channel:
        try:
            told = _told(Beginning(channel, timeout_s))
        except (OSError, NotSsh) as error:
            raise CollectError(_NO_SSH.format(host=host, port=port)) from error
    content = ("\n".join([f"port {port}", *told, "end"]) + "\n").encode()
    return Document(content, f"ssh-algorithms {where}", "P", datetime.now(UTC), vantage)


def _told(beginning: Beginning) -> list[str]:
    protocol = beginning.protocol()
    lines = [f"protocol {protocol}"]
    if not protocol.startswith(("2.", "1.99")):
        return lines
    offered = beginning.algorithms()
    for kind, names in zip(_LISTS, offered, strict=True):
        lines += [f"{kind} {name}" for name in names]
    lines = list(dict.fromkeys(lines))
    rsa = next((name for name in _RSA if name in offered[1]), None)
    if rsa is not None:
        bits = _rsa_bits(beginning, offered, rsa)
        lines.append(f"RSA {bits} bit" if bits else "RSA key not seen")
    return lines


def _rsa_bits(beginning: Beginning, offered: list[list[str]], algorithm: str) -> int | None:
    """None when the server breaks off; what it offered has been read by then."""
    try:
        return beginning.rsa_bits(offered, algorithm)
    except (OSError, NotSsh):
        return None


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
