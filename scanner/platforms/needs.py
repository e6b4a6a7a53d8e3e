"""Lines of the lists of needed ports that many families share, so that they read alike."""

from __future__ import annotations

from typing import Literal

from inventory.text import Text
from rules.facts import NeededPort


def needed(protocol: Literal["tcp", "udp"], first: int, last: int, vi: str, en: str) -> NeededPort:
    """Ports `first` to `last` and what they are for, in both languages."""
    return NeededPort(protocol, first, last, Text(vi=vi, en=en))


SSH = needed("tcp", 22, 22, "quản trị qua SSH", "management over SSH")
HTTPS = needed("tcp", 443, 443, "quản trị qua HTTPS", "management over HTTPS")
H323 = needed("tcp", 1720, 1720, "báo hiệu H.323", "H.323 signalling")
GATEKEEPER = needed("udp", 1718, 1719, "gatekeeper H.323", "H.323 gatekeeper")
SIP = needed("tcp", 5060, 5061, "báo hiệu SIP", "SIP signalling")
SIP_UDP = needed("udp", 5060, 5060, "báo hiệu SIP", "SIP signalling")
