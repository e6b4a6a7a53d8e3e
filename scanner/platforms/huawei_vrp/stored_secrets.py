"""How VRP keeps its passwords. Source: Huawei Command Reference, local-user, super password.

`irreversible-cipher` and `hash` are hashes; `cipher` is turned back by the device and by whoever
has its key; `simple` is the password itself.
"""

from __future__ import annotations

import re
from typing import Any

from rules.facts import Fact
from scanner.evidence import Document
from scanner.platforms.netconfig.kept_secrets import Form, Kept, as_fact, kept_in

_FORMS: tuple[tuple[str, Form], ...] = (
    ("irreversible-cipher", "hash"),
    ("hash", "hash"),
    ("cipher", "reversible"),
    ("simple", "plain"),
)
_PLACES = (
    (r"\s*local(?:-aaa)?-user (?P<account>\S+) (?:.* )?password", ""),
    (r"\s*super password(?: level \d+)?", "super"),
    (r"\s*set authentication password", ""),
    (r"\s*snmp-agent community (?:read|write)", "snmp"),
    (r"\s*(?:radius-server shared-key|hwtacacs-server shared-key)", ""),
)
_TABLE = (
    *(
        Kept(re.compile(rf"{line} {word} <redacted>"), form, word, account)
        for word, form in _FORMS
        for line, account in _PLACES
    ),
    Kept(
        re.compile(r"\s*snmp-agent community (?:read|write) (?:<redacted>|public|private)"),
        *("plain", "community", "snmp"),
    ),
)
_HEADING = re.compile(r"(?P<account>(?:user-interface|radius-server template|hwtacacs).*)")


def stored_secrets(document: Document) -> dict[str, Fact[Any]]:
    """`credentials.storage`, when the configuration shows any."""
    return as_fact(document, kept_in(document, _TABLE, _HEADING))
