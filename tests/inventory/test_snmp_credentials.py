"""SNMP accounts are declared by reference, whole, and one kind at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.load import loads
from inventory.problems import InventoryError
from inventory.readiness import lacks
from inventory.schema import json_schema
from inventory.write import to_yaml

GOOD = """\
organisation: {name: Đơn vị, province: Tỉnh}
sites: [{id: tt, name: Trung tâm, level: province}]
zones: [{id: hnth, kind: hnth, site: tt, prefixes: [10.0.1.0/24]}]
devices:
  - {id: d, kind: mcu, site: tt, address: 10.0.1.10, credential: {%s}}
"""
V3 = "snmp_user: xem, snmp_authentication_key: 'env:A', snmp_privacy_key: 'file:p'"

CLEAR = (
    "i.yaml:5: devices/d/credential/snmp_community: SNMP v2c sends the community in clear text, "
    'readable for anybody on the way; use SNMP v3 ("snmp_user") where the device has it'
)


@pytest.mark.parametrize(
    ("keys", "warned"),
    [
        (V3, []),
        (f"{V3}, snmp_authentication: SHA-256", []),
        (f"username: a, password: 'env:P', {V3}", []),
        ("snmp_community: 'env:C'", [CLEAR]),
    ],
)
def test_a_whole_account_is_taken_and_a_community_remarked(keys: str, warned: list[str]) -> None:
    loaded = loads(GOOD % keys, "i.yaml")
    assert [warning.in_language("en") for warning in loaded.warnings] == warned
    assert loads(to_yaml(loaded.inventory)).inventory == loaded.inventory


HALF = "an SNMP v3 account needs all of"
PLAIN = "secrets do not belong in this file"
BROKEN = {
    "no keys": ("snmp_user: xem", HALF),
    "no privacy": ("snmp_user: xem, snmp_authentication_key: 'env:A'", HALF),
    "no user": ("snmp_authentication_key: 'env:A', snmp_privacy_key: 'env:B'", HALF),
    "both kinds": (f"snmp_community: 'env:C', {V3}", "not both; better v3"),
    "community in plain": ("snmp_community: hunter2", PLAIN),
    "key in plain": (V3.replace("env:A", "hunter2"), PLAIN),
    "unsafe hash": (f"{V3}, snmp_authentication: MD5", "expected one of: SHA, SHA-256"),
    "password without a name": (f"password: 'env:P', {V3}", '"username" is missing'),
    "nothing": ("", '"username" is missing'),
}


@pytest.mark.parametrize(("keys", "says"), BROKEN.values(), ids=BROKEN.keys())
def test_half_an_account_is_refused_without_repeating_it(keys: str, says: str) -> None:
    with pytest.raises(InventoryError, match="devices/d/credential") as caught:
        loads(GOOD % keys, "i.yaml")
    assert says in str(caught.value)
    assert "hunter2" not in f"{caught.value} {caught.value.reason.vi}"


def test_a_vantage_point_has_no_use_for_snmp() -> None:
    point = f"id: v, zone: hnth, via: ssh, address: 10.0.1.5, credential: {{username: a, {V3}}}"
    with pytest.raises(InventoryError, match="vantage point is not asked by SNMP"):
        loads(GOOD % V3 + f"vantage_points: [{{{point}}}]\n")


def test_every_reference_is_looked_up_before_a_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("A", raising=False)
    inventory = loads(GOOD % V3, tmp_path / "i.yaml").inventory
    said = [lack.text.en for lack in lacks(inventory, tmp_path, datetime(2026, 11, 24, tzinfo=UTC))]
    assert any('"A" is not set' in text for text in said)
    assert any("secret file" in text for text in said)
    assert not any("no credential" in text or "is pinned" in text for text in said)


def test_editors_are_told_what_each_key_is() -> None:
    properties = json_schema()["$defs"]["Credential"]["properties"]
    assert "clear text" in properties["snmp_community"]["description"]
    assert properties["snmp_authentication"]["enum"] == ["SHA", "SHA-256"]
