"""Record how much of real network configurations is read: `python tools/record_configurations.py`.

Writes `tools/configurations.json` from the configurations beside the checkout (`../shared`), from
which `refresh_docs.py` makes docs/configurations.md.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "tools" / "configurations.json"

FOLDERS = {
    "checkpoint": "checkpoint",
    "cisco_asa": "cisco-asa",
    "cisco_ios": "cisco-ios",
    "fortios": "fortios",
    "huawei_vrp": "huawei-vrp",
    "iptables": "linux",
    "juniper_srx": "juniper-srx",
    "mikrotik_routeros": "mikrotik-routeros",
    "nftables": "linux",
    "opnsense": "pfsense",
    "paloalto": "paloalto",
    "pfsense": "pfsense",
}
"""Folder of configurations and the family that reads them."""


def configurations(shared: Path, folder: str) -> list[Path]:
    """The configurations of one folder; its list of sources is none."""
    home = shared / "netconfigs" / folder
    return sorted(p for p in home.rglob("*") if p.is_file() and p.name != "SOURCES.md")


def read_all(shared: Path, folder: str, family: str) -> dict[str, Any]:
    """Files, how many were recognised and had their filters read, and lines."""
    from rules.facts import Known  # noqa: PLC0415
    from scanner.family_of_files import NotRecognised, recognise  # noqa: PLC0415
    from scanner.platforms import find  # noqa: PLC0415
    from scanner.saved_files import load  # noqa: PLC0415

    platform, seen = find(family), Counter[str]()
    for path in configurations(shared, folder):
        seen["files"] += 1
        for document in load([path]).documents:
            try:
                seen["recognised"] += recognise([document]).platform.name == family
            except NotRecognised:
                seen["of no family"] += 1
            seen["filters"] += isinstance(platform.read([document]).facts.get("filters"), Known)
            if platform.coverage is not None:
                lines = platform.coverage(document)
                seen["read"] += lines.read
                seen["irrelevant"] += lines.irrelevant
                seen["unread"] += lines.unread
    return {"family": family, **seen}


def main() -> None:
    """Write the record."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared"
    record = {folder: read_all(shared, folder, family) for folder, family in FOLDERS.items()}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
