"""How an ASA keeps its passwords. Source: Cisco ASA Command Reference, enable password, username.

`encrypted` is MD5, without salt or with the user's name as one; `pbkdf2` is salted SHA-512 in many
rounds. A community and a key of a server are shown as they are, or as stars.
"""

from __future__ import annotations

import re
from typing import Any

from rules.facts import Fact
from scanner.evidence import Document
from scanner.platforms.netconfig.kept_secrets import Form, Kept, as_fact, kept_in

_FORMS: tuple[tuple[str, Form, str], ...] = (
    ("encrypted", "hash", "encrypted (MD5)"),
    ("nt-encrypted", "hash", "nt-encrypted (MD4, without salt)"),
    ("mschap", "hash", "mschap (MD4, without salt)"),
    ("pbkdf2", "hash", "pbkdf2"),
)
_PLACES = (
    ("enable password", "enable"),
    ("passwd", "passwd"),
    (r"username (?P<account>\S+) password", ""),
)
_TABLE = (
    *(
        Kept(re.compile(rf"{line} <redacted>(?: level \d+)? {word}\b"), form, name, account)
        for word, form, name in _FORMS
        for line, account in _PLACES
    ),
    Kept(
        re.compile(r"snmp-server community (?:<redacted>|public|private)"),
        *("plain", "community", "snmp"),
    ),
    Kept(re.compile(r" key <redacted>"), "plain", "key"),
)
_HEADING = re.compile(r"(?P<account>aaa-server \S+)")


def stored_secrets(document: Document) -> dict[str, Fact[Any]]:
    """`credentials.storage`, when the configuration shows any."""
    return as_fact(document, kept_in(document, _TABLE, _HEADING))
