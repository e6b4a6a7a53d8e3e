"""Answers of an MCU as the tests make them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from rules.facts import Known, Unknown
from scanner.evidence import Document
from scanner.platforms.cisco_mcu import read

IDENTITY = {"identity.vendor": "Cisco", "identity.family": "cisco-mcu"}


def document(content: str | bytes, source: str = "file") -> Document:
    raw = content.encode() if isinstance(content, str) else content
    return Document(raw, source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def known(*documents: Document) -> dict[str, Any]:
    facts = read(documents).facts
    return {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}


def same_or_unknown(whole: dict[str, Any], part: dict[str, Any]) -> None:
    for name, fact in part.items():
        assert isinstance(fact, Unknown) or fact.value == whole[name].value, name


def value(given: Any) -> str:
    """One line for each element, as one of the ways in which devices write them."""
    if isinstance(given, dict):
        members = "".join(
            f"<member>\n<name>{name}</name>\n{value(below)}</member>\n"
            for name, below in given.items()
        )
        inside = f"<struct>\n{members}</struct>"
    elif isinstance(given, list):
        inside = f"<array>\n<data>\n{''.join(map(value, given))}</data>\n</array>"
    elif isinstance(given, bool):
        inside = f"<boolean>{given:d}</boolean>"
    elif isinstance(given, int):
        inside = f"<i4>{given}</i4>"
    else:
        inside = str(given)
    return f"<value>{inside}</value>\n"


def reply(**given: Any) -> str:
    return f"<methodResponse><params><param>\n{value(given)}</param></params></methodResponse>\n"


DEVICE = {
    "model": "Codian MCU 4505",
    "serial": "SM021F42",
    "softwareVersion": "4.5(1.89)",
    "buildVersion": "6.18(1.89)",
    "apiVersion": "2.10",
    "uptime": 5000,
}
