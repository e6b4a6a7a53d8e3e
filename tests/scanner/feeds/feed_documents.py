"""Small feeds of every kind, built in Python and turned into bytes by the tests."""

from __future__ import annotations

import json
from typing import Any

HDX = "cpe:2.3:o:polycom:hdx_system_software:*:*:*:*:*:*:*:*"
STRANGER = "cpe:2.3:a:acme:toaster:*:*:*:*:*:*:*:*"


def nvd_entry(cve: str, cpe: str = HDX, end: str = "3.1.14", **more: Any) -> dict[str, Any]:
    match = {"vulnerable": True, "criteria": cpe, "versionEndExcluding": end}
    return {
        "cve": {
            "id": cve,
            "configurations": [{"nodes": [{"operator": "OR", "cpeMatch": [match]}]}],
            **more,
        }
    }


def nvd(*entries: dict[str, Any], stamp: str = "2026-11-01T00:00:00.000") -> dict[str, Any]:
    return {
        "format": "NVD_CVE",
        "version": "2.0",
        "timestamp": stamp,
        "vulnerabilities": list(entries),
    }


def kev(*ids: str, released: str = "2026-11-01T00:00:00Z") -> dict[str, Any]:
    return {
        "catalogVersion": "2026.11.01",
        "dateReleased": released,
        "vulnerabilities": [{"cveID": cve, "dateAdded": "2024-05-06"} for cve in ids],
    }


def cve5(
    cve: str, affected: list[Any], adp: list[Any] | None = None, **meta: Any
) -> dict[str, Any]:
    containers: dict[str, Any] = {"cna": {"affected": affected}}
    if adp is not None:
        containers["adp"] = [{"affected": adp}]
    return {
        "dataType": "CVE_RECORD",
        "cveMetadata": {"cveId": cve, "state": "PUBLISHED", "dateUpdated": "2026-10-01T00:00:00Z",
                        **meta},
        "containers": containers,
    }  # fmt: skip


def csaf(
    branches: list[Any], status: dict[str, list[str]], cve: str = "CVE-2026-1000"
) -> dict[str, Any]:
    return {
        "document": {
            "category": "csaf_vex",
            "publisher": {"category": "vendor", "name": "Poly", "namespace": "https://poly.test"},
            "tracking": {"id": "poly-1", "current_release_date": "2026-09-01T00:00:00Z"},
        },
        "product_tree": {
            "branches": [{"category": "vendor", "name": "Polycom", "branches": branches}]
        },
        "vulnerabilities": [{"cve": cve, "product_status": status}],
    }


FIRMWARE = """\
schema: firmware-facts/1
as_of: 2026-11-01
catalogue: province
entries:
- family: polycom-hdx
  model: [HDX 8000]
  latest_version_known: "3.1.15"
  basis: release-list
  end_of_support: 2027-01-31
  source: "letter 12/CV of 2026-10-20"
"""


def as_bytes(document: Any) -> bytes:
    return json.dumps(document).encode()
