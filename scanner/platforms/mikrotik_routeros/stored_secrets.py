"""How a RouterOS export keeps passwords: those that it shows, it shows in plain text.

Source: RouterOS documentation, Configuration Management: `export show-sensitive`; passwords of
`/user` are never exported.
"""

from __future__ import annotations

import re
from typing import Any

from rules.facts import Fact
from scanner.evidence import Document
from scanner.platforms.netconfig.kept_secrets import Kept, as_fact, kept_in

_TABLE = (
    Kept(
        re.compile(r"(?:add|set)\b.*\b(?:password|secret|[a-z0-9-]*pre-shared-key)=<redacted>"),
        *("plain", "export"),
    ),
    Kept(
        re.compile(r"(?:/snmp community )?(?:add|set)\b.*\bname=<redacted>"),
        *("plain", "community", "snmp"),
    ),
)
_HEADING = re.compile(r"/(?P<account>[a-z][a-z0-9 -]{1,60})")


def stored_secrets(document: Document) -> dict[str, Fact[Any]]:
    """`credentials.storage`, when the export shows any."""
    return as_fact(document, kept_in(document, _TABLE, _HEADING))
