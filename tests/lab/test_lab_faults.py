"""The table of faults: complete, consistent, and each one changes something."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pytest

from lab.compliant import compliant
from lab.faults import DEFAULT_MIXTURE, FAULTS, expectations, situation_with
from lab.topology import PROVINCE

DEVICES = {h.id for h in PROVINCE.hosts if h.role != "workstation"}
KNOWN = {
    "device": DEVICES,
    "zone": {z.id for z in PROVINCE.zones},
    "site": {s.id for s in PROVINCE.sites},
    "system": {"system"},
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_differs_from_the_compliant_province(name: str) -> None:
    assert FAULTS[name].name == name
    assert FAULTS[name].change(compliant()) != compliant()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_says_what_it_must_bring_about(name: str) -> None:
    fault = FAULTS[name]
    assert fault.expects
    assert re.fullmatch(r"[a-z0-9-]+", name)
    assert unicodedata.is_normalized("NFC", fault.vi)
    for expected in fault.expects:
        assert re.fullmatch(r"D1[0-2]\.\d[a-z]?-[a-z]", expected.requirement)
        if expected.kind == "account":
            assert expected.subject.split("/")[0] in DEVICES
        else:
            assert expected.subject in KNOWN[expected.kind]


def test_there_are_at_least_twenty_and_a_mixture_of_them() -> None:
    assert len(FAULTS) >= 20
    assert 8 <= len(DEFAULT_MIXTURE) <= 10
    assert set(DEFAULT_MIXTURE) <= set(FAULTS)


def test_no_fault_means_the_compliant_province() -> None:
    assert situation_with(()) == compliant()
    assert expectations(()) == frozenset()


def test_the_order_in_which_faults_are_named_is_irrelevant() -> None:
    assert situation_with(FAULTS) == situation_with(reversed(list(FAULTS)))


def test_two_faults_give_the_union_and_a_fail_outranks_an_und() -> None:
    both = expectations(["telnet-open", "auto-answer"])
    assert both == expectations(["telnet-open"]) | expectations(["auto-answer"])
    together = expectations(FAULTS)
    failing = {e for e in together if e.outcome == "FAIL"}
    assert not {replace(e, outcome="UND") for e in failing} & together


def test_an_unknown_name_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="telnet-opn"):
        situation_with(["telnet-opn"])


@pytest.mark.parametrize(
    ("fault", "device", "key", "value"),
    [
        ("telnet-open", "vcs-chau-phu", "telnet", True),
        ("old-firmware", "vcs-thoai-son", "software", "6.1.5"),
        ("password-policy-short", "mcu-tinh", "rules", {"min_length": 6}),
        ("mcu-allowlist-empty", "mcu-tinh", "accounts", "hosts"),
    ],
)
def test_a_fault_changes_the_state_of_one_device(
    fault: str, device: str, key: str, value: object
) -> None:
    now, before = situation_with([fault]), compliant()
    changed = [name for name in now.devices if now.devices[name] != before.devices[name]]
    assert changed == [device]
    if key == "accounts":
        assert all(account["hosts"] == [] for account in now.devices[device]["accounts"])
    else:
        assert now.devices[device][key] == value
