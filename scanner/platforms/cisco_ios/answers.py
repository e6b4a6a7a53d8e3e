"""Answers of show commands that are not a configuration: `show version`, `show vlan brief`."""

from __future__ import annotations

import re
from typing import Any

from rules.facts import Fact, Known
from scanner import products
from scanner.evidence import Document, printable

_SOFTWARE = re.compile(r"^Cisco (?:IOS|Internetwork Operating System) ?(?:XE )?Software\b")
_VERSION = re.compile(r"\bVersion (\d+\.\d+[\w.()]{0,24})")
_MODEL = re.compile(r"^(?:Cisco|cisco) ([\w./+-]{2,32}) (?:\([^)]{1,60}\) )?processor\b")
_MODEL_NUMBER = re.compile(r"^Model [Nn]umber\s{0,24}: ([\w./+-]{2,32})\s*$")
_SERIAL = re.compile(r"^(?:System serial number\s{0,24}: |Processor board ID )([A-Z0-9]{4,24})\s*$")
_VLAN_HEADER = re.compile(r"^VLAN +Name +Status +Ports\s*$")
_VLAN_ROW = re.compile(r"^(\d{1,4}) +\S+ +(?:active|act/|suspended|sus/)")


def version_facts(document: Document) -> dict[str, Fact[Any]]:
    """What `show version` tells; {} for any other text."""
    facts: dict[str, Fact[Any]] = {}
    lines = document.lines[:-1][:200]  # what stands behind the last line end may be half a line
    if not any(_SOFTWARE.match(line) for line in lines):
        return facts
    found: dict[str, list[tuple[str, int]]] = {}
    for number, line in enumerate(lines, start=1):
        version = _VERSION.search(line) if _SOFTWARE.match(line) else None
        for name, match in (
            ("software.version", version),
            ("identity.model", _MODEL_NUMBER.match(line) or _MODEL.match(line)),
            ("identity.serial", _SERIAL.match(line)),
        ):
            if match is not None:
                found.setdefault(name, []).append((match[1], number))
    for name, told in found.items():
        # the board and the chassis may have two serial numbers and model names: the last is the
        # chassis, versions of the same software agree or the later line says more
        text, number = told[-1]
        facts[name] = Known(text, (document.cite(number),))
    return facts


def vlan_facts(document: Document) -> dict[str, Fact[Any]]:
    """The VLANs of `show vlan brief`; those of other media (1002 to 1005) left out."""
    lines = document.lines
    start = next((n for n, line in enumerate(lines[:40]) if _VLAN_HEADER.match(line)), None)
    if start is None:
        return {}
    found: list[int] = []
    for line in lines[start + 1 : -1]:
        match = _VLAN_ROW.match(line)
        if match is not None and not 1002 <= int(match[1]) <= 1005:
            found.append(int(match[1]))
    if not found:
        return {}
    return {"vlans": Known(tuple(sorted(set(found))), (document.cite(start + 1),))}


_COMMENTED_IMAGE = re.compile(
    r"^!+ ?(?:Image: Software: [\w-]{1,40}, (\d[\w.()]{2,24}),"
    r"|Cisco IOS (?:XE )?Software, Version (\d[\w.()]{2,24})\s*$)"
)
_COMMENTED_CHASSIS = re.compile(r"^! ?Chassis type: ?([\w./+-]{2,32})\s*$")
_UDI = re.compile(r"^license udi pid ([\w./+-]{2,32}) sn ([A-Z0-9]{4,24})\s*$")
_BARE = re.compile(r"^version (\d{1,2}\.\d{1,2})\s*$")


def identity_in(document: Document) -> dict[str, Fact[Any]]:
    """What a configuration says of the device: comments of archives, `license udi`, `version`."""
    facts: dict[str, Fact[Any]] = {}
    bare: Known[str] | None = None
    for number, line in enumerate(document.lines[:400], start=1):
        cite = (document.cite(number),)
        if image := _COMMENTED_IMAGE.match(line):
            facts["software.version"] = Known(_plain(image[1] or image[2]), cite)
        elif chassis := _COMMENTED_CHASSIS.match(line):
            facts["identity.model"] = Known(chassis[1], cite)
        elif udi := _UDI.match(line):
            facts.setdefault("identity.model", Known(udi[1], cite))
            facts["identity.serial"] = Known(udi[2], cite)
        elif release := _BARE.match(line):
            bare = Known(release[1], cite)
    if bare is not None:
        facts.setdefault("software.version", bare)
    return facts


def _plain(version: str) -> str:
    """`17.09.04a` is written `17.9.4a` elsewhere."""
    return printable(re.sub(r"(?<=\.)0+(?=\d)", "", version), 40)


version_key = products.version_key("cisco-ios", "cisco-ios-xe", least=2)
"""`15.2(4)M6`, `17.9.4a`; releases of two trains have no order."""
