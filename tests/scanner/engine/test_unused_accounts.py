"""Accounts that the inventory does not list as being in use."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from inventory.model import Device
from inventory.text import Text
from rules.facts import Citation, DeviceAccount, Fact, Known, Unknown
from scanner.engine.derive import unused_accounts

LINES = tuple(Citation("C", "accounts", n, name) for n, name in enumerate(("admin", "khach"), 1))
UNREAD = Unknown(Text(vi="không đọc được", en="not read"))


def accounts(*enabled: bool | None) -> Fact[tuple[DeviceAccount, ...]]:
    both = zip(("admin", "khach"), enabled, strict=False)
    return Known(tuple(DeviceAccount(name, enabled=on) for name, on in both), LINES)


def device(in_use: tuple[str, ...] | None) -> Device:
    address = ip_address("192.0.2.1")
    return Device(id="vcs", kind="vcs", site="a", address=address, accounts_in_use=in_use)


TABLE: dict[str, tuple[tuple[str, ...] | None, Fact[Any], Any]] = {
    "no list": (None, accounts(True, True), None),
    "all in use": (("admin", "khach"), accounts(True, True), ()),
    "one too many": (("admin",), accounts(True, True), ("khach",)),
    "one too many, not said whether it is on": (("admin",), accounts(True, None), ("khach",)),
    "one too many, switched off": (("admin",), accounts(True, False), ()),
    "one in use that is not there": (("admin", "khach"), accounts(True), ()),
    "another spelling is another account": (("Admin",), accounts(True), ("admin",)),
    "none in use": ((), accounts(True, True), ("admin", "khach")),
    "not read": (("admin",), UNREAD, UNREAD),
}


@pytest.mark.parametrize("case", TABLE)
def test_what_is_not_in_use(case: str) -> None:
    in_use, listed, expected = TABLE[case]
    found = unused_accounts(device(in_use), listed).get("accounts.unused")
    assert (found.value if isinstance(found, Known) else found) == expected


def test_the_lines_of_those_accounts_are_the_proof() -> None:
    found = unused_accounts(device(("admin",)), accounts(True, True))["accounts.unused"]
    assert [citation.line for citation in found.citations] == [2]
