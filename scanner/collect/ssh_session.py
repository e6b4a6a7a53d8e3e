"""What may be said on one SSH login, what becomes of the answers, and how they can fail."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from inventory.text import Text
from scanner.collect.errors import CollectError, Refused
from scanner.collect.journal import Journal
from scanner.collect.redact import redact
from scanner.collect.seals import seals
from scanner.collect.ssh_login import SshEndpoint
from scanner.evidence import MAX_BYTES, Document, printable


class Session:
    """What may be said on one login, and what becomes of the answers."""

    def __init__(
        self,
        endpoint: SshEndpoint,
        allowed: Sequence[str],
        journal: Journal,
        device_id: str,
        vantage: str | None,
    ) -> None:
        self.endpoint = endpoint
        self.device_id = device_id
        self._allowed = tuple(re.compile(pattern) for pattern in allowed)
        self._journal = journal
        self._vantage = vantage

    def announce(self, command: str) -> None:
        """The command is allowed and in the journal. Raises `Refused` otherwise."""
        if not command.isprintable() or not any(p.fullmatch(command) for p in self._allowed):
            raise Refused(f"{command!r} is not on the list of commands for {self.device_id}")
        self._journal.sent(self.device_id, "ssh", command)

    def document(self, command: str, answer: bytes) -> Document:
        """The answer as evidence, secrets removed."""
        content, key = redact(answer, self.endpoint.secrets), self.endpoint.digest_key
        return Document(
            content=content,
            source=command,
            evidence_class="C",
            captured=datetime.now(UTC),
            vantage=self._vantage,
            seals=seals(answer, content, key) if key is not None else {},
        )

    def deadline(self) -> float:
        return time.monotonic() + self.endpoint.command_timeout_s


def silent(endpoint: SshEndpoint, command: str) -> CollectError:
    what = printable(command, 80)
    return CollectError(
        Text(
            vi=f"{endpoint} không trả lời xong lệnh `{what}` trong thời hạn; thiết bị có thể bị "
            "treo hoặc quá tải",
            en=f"{endpoint} did not finish answering `{what}` in time; it may hang or be "
            "overloaded",
        )
    )


def too_long(endpoint: SshEndpoint, command: str) -> CollectError:
    what = printable(command, 80)
    limit = MAX_BYTES // (1024 * 1024)
    return CollectError(
        Text(
            vi=f"câu trả lời của {endpoint} cho lệnh `{what}` dài quá {limit} MB nên bị bỏ",
            en=f"the answer of {endpoint} to `{what}` is longer than {limit} MB and was dropped",
        )
    )


def broken(endpoint: SshEndpoint, command: str) -> CollectError:
    what = printable(command, 80)
    return CollectError(
        Text(
            vi=f"{endpoint} ngắt kết nối SSH khi đang trả lời `{what}`",
            en=f"{endpoint} closed the SSH connection while answering `{what}`",
        )
    )
