"""The VLAN of a switch port.

Expected after Huawei, "S Series Switches, Command Reference": `port default vlan` for an access
port, `port hybrid pvid vlan` and `port hybrid untagged vlan` for a hybrid port that carries one
VLAN without tags; `port trunk allow-pass vlan` lists what a trunk carries, no VLAN of its own.
"""

from __future__ import annotations

import pytest

from tests.scanner.platforms.huawei_vrp.test_vrp_filters import fact

HYBRID = " port link-type hybrid\n"
PVID, UNTAGGED = " port hybrid pvid vlan 10\n", " port hybrid untagged vlan 10\n"


@pytest.mark.parametrize(
    ("lines", "vlan"),
    [
        (" port link-type access\n port default vlan 10\n", 10),
        (HYBRID + PVID + UNTAGGED, 10),
        (PVID + UNTAGGED, 10),
        (HYBRID + PVID + UNTAGGED + " undo port hybrid vlan 1\n", 10),
        # frames come into one VLAN and leave from another, or from several
        (HYBRID + PVID, None),
        (HYBRID + UNTAGGED, None),
        (HYBRID + PVID + UNTAGGED.replace("10", "10 20"), None),
        (HYBRID + PVID + UNTAGGED.replace("10", "10 to 20"), None),
        (HYBRID + PVID + UNTAGGED + " port hybrid tagged vlan 20\n", None),
        (" port link-type trunk\n port trunk allow-pass vlan 10\n", None),
        (" port link-type trunk\n port trunk pvid vlan 10\n", None),
    ],
)
def test_the_vlan_of_a_port(lines: str, vlan: int | None) -> None:
    text = f"sysname S\n#\nvlan batch 10 20\n#\ninterface GigabitEthernet0/0/1\n{lines}#\nreturn\n"
    found = fact(text, "interfaces")
    assert isinstance(found, tuple)
    assert [port.vlan for port in found] == [vlan]
    assert fact(text, "vlans") == (10, 20)
