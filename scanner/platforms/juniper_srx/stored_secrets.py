"""How Junos keeps its passwords. Source: Junos CLI Reference, encrypted-password, secret.

`encrypted-password` is a hash, which kind is gone with it; `secret` begins with `$9$`, which
anybody turns back. A community is the name of its block.
"""

from __future__ import annotations

import re
from typing import Any

from rules.facts import Fact
from scanner.evidence import Document
from scanner.platforms.netconfig.kept_secrets import Kept, as_fact, kept_in

_TABLE = (
    Kept(
        re.compile(r"set system login user (?P<account>\S+) .*encrypted-password <redacted>"),
        *("hash", "encrypted-password"),
    ),
    Kept(
        re.compile(r"set system root-authentication encrypted-password <redacted>"),
        *("hash", "encrypted-password", "root"),
    ),
    Kept(re.compile(r"\s+encrypted-password <redacted>"), "hash", "encrypted-password"),
    Kept(
        re.compile(r"set (?P<account>.{1,60}?) secret <redacted>"),
        *("reversible", "secret ($9$)"),
    ),
    Kept(re.compile(r"\s+secret <redacted>"), "reversible", "secret ($9$)"),
    Kept(
        re.compile(r"(?:set snmp|\s+) ?community (?:<redacted>|public|private)[ ;{]*$"),
        *("plain", "community", "snmp"),
    ),
)
_HEADING = re.compile(r"\s*(?:user )?(?P<account>(?!authentication)\S[^{]{0,60}?)\s*\{\s*$")


def stored_secrets(document: Document) -> dict[str, Fact[Any]]:
    """`credentials.storage`, when the configuration shows any."""
    return as_fact(document, kept_in(document, _TABLE, _HEADING))
