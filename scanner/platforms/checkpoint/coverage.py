"""How much of a saved answer is understood, by the keys its lines hold."""

from __future__ import annotations

import re

from scanner.evidence import Document
from scanner.platforms.checkpoint.saved import is_ours
from scanner.platforms.model import Coverage

_KEY = re.compile(r'\s*"([a-zA-Z0-9-]+)"\s*:')
_READ = re.compile(
    r"uid|name|type|rulebase|objects|objects-dictionary|from|to|total|rule-number|enabled|action"
    r"|source|destination|service|vpn|content|time|install-on|inline-layer|members|include|except"
    r"|(?:source|destination|service|content)-negate|ipv[46]-(?:address|mask)[a-z-]*|subnet[46]"
    r"|mask-length[46]|port|source-port|icmp-(?:type|code)|ip-protocol|match|interfaces|version"
    r"|hardware|method|(?:original|translated)-[a-z]+|auto-generated|access-layers|access"
    r"|implicit-cleanup-action|nat-policy|accept-[a-z0-9-]+|security-zone[a-z-]*|specific-zone"
    r"|interface-name|enable-identity-captive-portal|match-by-protocol-signature|broadcast"
    r"|action-settings|installation-targets|dynamic-ip|firewall"
)
_UNREAD = re.compile(
    r"anti-spoofing[a-z-]*|topology[a-z-]*|user-check|service-resource|source-ranges"
    r"|destination-ranges|service-ranges|vpn-[a-z-]+|stateful-inspection|nat-settings"
)


def coverage(document: Document) -> Coverage:
    """Lines that are not empty; what stands below a key counts as the key does."""
    if not is_ours(document):
        return Coverage(0, 0, sum(1 for line in document.lines if line.strip()))
    counts = {"read": 0, "irrelevant": 0, "unread": 0}
    kind = "read"
    for line in document.lines:
        if not line.strip():
            continue
        found = _KEY.match(line)
        if found is not None:
            kind = _kind(found[1])
        counts[kind] += 1
    return Coverage(counts["read"], counts["irrelevant"], counts["unread"])


def _kind(key: str) -> str:
    if _READ.fullmatch(key):
        return "read"
    return "unread" if _UNREAD.fullmatch(key) else "irrelevant"
