"""Where a probe came from, as the allowlist sees it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from inventory.model import Inventory
from rules.allowed import may_administer, standpoint
from rules.packets.boxes import span
from tests.rules.compliant import declared
from tests.rules.values import scan

APPROVAL = {
    "number": "01/KH",
    "issued": "2026-11-01",
    "signer": "Giám đốc",
    "valid_from": "2026-11-01",
    "valid_to": "2026-12-31",
}
ZONE = [(span(ip_address("10.67.20.0"))[0], span(ip_address("10.67.20.255"))[1])]
HOST = [span(ip_address("10.67.20.5"))]


def plan(addresses: list[str] | None, **point: Any) -> Inventory:
    plain = declared(vantage_points=[{"id": "may-quet", "zone": "quantri", **point}])
    if addresses is not None:
        plain["approval"] = {**APPROVAL, "source_addresses": addresses}
    return Inventory.model_validate(plain)


@pytest.mark.parametrize(
    ("inventory", "expected"),
    [
        (plan(None, address="10.67.20.5"), HOST),
        (plan(["10.67.20.5"]), HOST),
        (plan(["10.67.20.5", "10.67.40.9"]), HOST),
        (plan(["10.67.40.9"]), ZONE),
        (plan([]), ZONE),
        (plan(None), ZONE),
        (plan(["10.67.20.5"], via="ssh"), ZONE),
    ],
)
def test_a_probe_comes_from_a_host_or_from_anywhere_in_its_zone(
    inventory: Inventory, expected: list[tuple[int, int]]
) -> None:
    assert standpoint(scan(22), inventory) == expected
    assert may_administer(standpoint(scan(22), inventory), inventory) is (expected == HOST)
