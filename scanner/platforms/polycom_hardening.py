"""SIP over TLS, serial port and USB of Poly systems whose settings are exported, Group and Studio.

`Auto` negotiates TLS first, then TCP, then UDP; with `TLS` port 5060 is not served (Polycom CMA
System Operations Guide, SIP settings of endpoints). Of the words for a login at the serial port,
`adminpassword` was seen in exports of both families and `None` stands in the guides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rules.facts import Fact, Known
from scanner.platforms.polycom_export import Export
from scanner.platforms.polycom_settings import flag, missing

_TRANSPORT = {"auto": "best-effort", "tls": "required", "tcp": "off", "udp": "off"}
_LOGIN = {"adminpassword": "login", "none": "open"}


def signalling(export: Export, key: str) -> Fact[str]:
    """How SIP is carried, by the transport that is set under the key."""
    return _word(export, key, _TRANSPORT)


def serial_port(export: Export, key: str) -> Fact[str]:
    """Whether the serial port asks for a login, by the mode that is set under the key."""
    return _word(export, key, _LOGIN)


def usb(export: Export, key: str) -> Fact[bool]:
    """False when the setting under the key closes all USB ports."""
    closed = flag(export, key)
    return Known(not closed.value, closed.citations) if isinstance(closed, Known) else closed


def _word(export: Export, key: str, words: Mapping[str, str]) -> Fact[str]:
    setting = export.get(key)
    word = re.sub(r"[^a-z]", "", setting.value.lower()) if setting else ""
    if setting is None or word not in words:
        return missing(export, key)
    return Known(words[word], (setting.citation,))


def shown(facts: dict[str, Fact[Any]]) -> dict[str, Fact[Any]]:
    """Those that the export speaks of, and SIP in any case: not every system has the others."""
    return {n: fact for n, fact in facts.items() if fact.citations or n == "sip.encryption"}
