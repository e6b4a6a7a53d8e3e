"""How PAN-OS keeps its passwords. Source: PAN-OS CLI Quick Start and its XML of `mgt-config`.

`phash` is a hash, which kind is gone with it; a community stands there as it is.
"""

from __future__ import annotations

import re
from typing import Any

from rules.facts import Fact
from scanner.evidence import Document
from scanner.platforms.netconfig.kept_secrets import Kept, as_fact, kept_in

_GONE = r"(?:<redacted>|&lt;redacted&gt;)"
_TABLE = (
    Kept(re.compile(rf"\s*<phash>{_GONE}"), "hash", "phash"),
    Kept(re.compile(rf"set mgt-config users (?P<account>\S+) phash {_GONE}"), *("hash", "phash")),
    Kept(
        re.compile(rf"\s*<snmp-community-string>(?:{_GONE}|public|private)<"),
        *("plain", "community", "snmp"),
    ),
    Kept(
        re.compile(rf"set .*snmp-community-string (?:{_GONE}|public|private)"),
        *("plain", "community", "snmp"),
    ),
)
_HEADING = re.compile(r"\s*<entry name=\"(?P<account>[^\"]{1,64})\"")


def stored_secrets(document: Document) -> dict[str, Fact[Any]]:
    """`credentials.storage`, when the configuration shows any."""
    return as_fact(document, kept_in(document, _TABLE, _HEADING))
