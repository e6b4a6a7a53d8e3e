"""How FortiOS keeps its passwords. Source: FortiOS CLI Reference, `config system admin`.

Behind `ENC` stands a hash for administrators, and everywhere else a cipher under a key that is the
same in all devices unless `private-data-encryption` is on (CVE-2019-6693). A community stands there
as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rules.facts import Fact, StoredSecret
from scanner.evidence import Document, printable
from scanner.platforms.netconfig.kept_secrets import as_fact

_SECTION = re.compile(r"\s*config (?P<name>.{1,80})")
_ENTRY = re.compile(r"\s*edit \"?(?P<name>[^\"]{1,64})")
_SECRET = re.compile(r"\s*set (?P<key>[a-z0-9-]+)(?P<enc> ENC)? <redacted>")
_COMMUNITY = re.compile(r"\s*set name \"?(?:<redacted>|public|private)")


def stored_secrets(document: Document) -> dict[str, Fact[Any]]:
    """`credentials.storage`, when the configuration shows any."""
    return as_fact(document, _all(document))


def _all(document: Document) -> Iterator[tuple[StoredSecret, int, str]]:
    sections: list[str] = []
    entry = ""
    for number, line in enumerate(document.lines, 1):
        word = line.lstrip()
        if word.startswith("config ") and (section := _SECTION.match(line)) is not None:
            sections.append(section["name"].strip())
            entry = ""
        elif word.rstrip() == "end" and sections:
            sections.pop()
        elif word.startswith("edit ") and (named := _ENTRY.match(line)) is not None:
            entry = named["name"]
        elif sections:
            yield from _secret(line, number, sections[-1], entry)


def _secret(
    line: str, number: int, section: str, entry: str
) -> Iterator[tuple[StoredSecret, int, str]]:
    account = printable(f"{section} {entry}".strip(), 64)
    match = _SECRET.match(line)
    if section == "system snmp community":
        if _COMMUNITY.match(line):
            yield StoredSecret("snmp", "plain", "community"), number, "set name"
    elif match is not None:
        shown = f"set {match['key']}{match['enc'] or ''}"
        if section == "system admin" and match["key"] == "password":
            if match["enc"]:
                yield StoredSecret(printable(entry, 64), "hash", "ENC"), number, shown
        elif match["enc"]:
            yield StoredSecret(account, "reversible", "ENC"), number, shown
