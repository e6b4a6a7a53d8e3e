"""Keyed digests of the secrets that were taken out, so that equal ones can be told (D11.2-g).

Made where the bytes come in, line by line, from what differs between an answer and its redaction.
The secret itself goes no further; the key stays in the vault, or dies with the run.
"""

from __future__ import annotations

from inventory.secrets import Secret
from inventory.vault.entries import digest
from scanner.collect.redact import MARKER

MOST = 500
"""Lines with secrets beyond this number are left without."""

_TURNED_BACK = b" 7 "
"""What stands before a secret that Cisco's devices encode as type 7."""
_LETTERS = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
"""The letters of that encoding, the same in every device."""


def seals(answer: bytes, redacted: bytes, key: bytes) -> dict[int, str]:
    """By line number, from 1, the digest of the one secret that was taken out of the line."""
    found: dict[int, str] = {}
    pairs = zip(answer.split(b"\n"), redacted.split(b"\n"), strict=False)
    for number, (before, after) in enumerate(pairs, 1):
        if MARKER not in after or before == after:
            continue
        secret = _taken(before, after)
        if secret:
            found[number] = digest(key, Secret(secret.decode("utf-8", "surrogateescape")))
        if len(found) == MOST:
            break
    return found


def _taken(before: bytes, after: bytes) -> bytes:
    """The secret; empty where the line held none, or more than one."""
    head, _, tail = after.partition(MARKER)
    if MARKER in tail or len(before) < len(head) + len(tail):
        return b""
    if not (before.startswith(head) and before.endswith(tail)):
        return b""
    secret = before[len(head) : len(before) - len(tail)]
    return _plain(secret) if head.endswith(_TURNED_BACK) else secret


def _plain(encoded: bytes) -> bytes:
    """A type 7 password turned back, so that two encodings of one password are the same."""
    try:
        start, body = int(encoded[:2]), bytes.fromhex(encoded[2:].decode("ascii"))
    except ValueError:
        return encoded
    letters = _LETTERS[start % len(_LETTERS) :] + _LETTERS
    return bytes(a ^ letters[n % len(letters)] for n, a in enumerate(body))
