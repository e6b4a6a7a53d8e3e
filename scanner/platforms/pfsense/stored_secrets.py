"""How pfSense and OPNsense keep passwords. Source: Netgate documentation, configuration file.

The element says which hash it is. A community stands there as it is.
"""

from __future__ import annotations

import re
from typing import Any

from rules.facts import Fact
from scanner.evidence import Document
from scanner.platforms.netconfig.kept_secrets import Kept, as_fact, kept_in

_GONE = "&lt;redacted&gt;"
_TABLE = (
    Kept(re.compile(rf"\s*<bcrypt-hash>{_GONE}"), "hash", "bcrypt"),
    Kept(re.compile(rf"\s*<sha512-hash>{_GONE}"), "hash", "SHA-512"),
    Kept(re.compile(rf"\s*<md5-hash>{_GONE}"), "hash", "MD5"),
    Kept(
        re.compile(rf"\s*<rocommunity>(?:{_GONE}|public|private)<"),
        *("plain", "community", "snmp"),
    ),
    Kept(re.compile(rf"\s*<pre-shared-key>{_GONE}"), "plain", "pre-shared-key", "ipsec"),
)
_HEADING = re.compile(r"\s*<name>(?P<account>[^<]{1,64})</name>")


def stored_secrets(document: Document) -> dict[str, Fact[Any]]:
    """`credentials.storage`, when the configuration shows any."""
    return as_fact(document, kept_in(document, _TABLE, _HEADING))
