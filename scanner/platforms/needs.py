"""Lines of the lists of needed ports that many families share, so that they read alike."""

from __future__ import annotations

from typing import Literal

from inventory.text import Text
from rules.facts import NeededPort


def needed(
    protocol: Literal["tcp", "udp"],
    first: int,
    last: int,
    vi: str,
    en: str,
    *,
    roles: tuple[str, ...] = (),
    models: tuple[str, ...] = (),
    speaks: tuple[str, ...] = (),
) -> NeededPort:
    """Ports `first` to `last` and what they are for, in both languages.

    `roles` and `models` in which they are needed, and the protocols that belong there (see
    `NeededPort`); left out: all, and not laid down.
    """
    return NeededPort(protocol, first, last, Text(vi=vi, en=en), roles, models, speaks)


WITH_A_GATEKEEPER = ("registered", "mcu", "edge")

SSH = needed("tcp", 22, 22, "quản trị qua SSH", "management over SSH", speaks=("ssh",))
HTTPS = needed("tcp", 443, 443, "quản trị qua HTTPS", "management over HTTPS", speaks=("https",))
H323 = needed("tcp", 1720, 1720, "báo hiệu H.323", "H.323 signalling", speaks=("h323",))
GATEKEEPER = needed(
    *("udp", 1718, 1719, "gatekeeper H.323", "H.323 gatekeeper"), roles=WITH_A_GATEKEEPER
)
SIP = needed("tcp", 5060, 5061, "báo hiệu SIP", "SIP signalling", speaks=("sip", "sips"))
SIP_UDP = needed("udp", 5060, 5060, "báo hiệu SIP", "SIP signalling")
