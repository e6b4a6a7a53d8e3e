"""D11.2-g: no other account of the inventory has the same password, and all were tested."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.readings import Readings
from rules.facts import StoredSecret
from tests.rules.build import ABSENT, Case, finding, province, result_of
from tests.rules.compliant import with_device
from tests.rules.values import UNKNOWN, account, handed_in

NOT_TESTED = "the password was not tested, so it cannot be compared with others"
UNIQUE = "differs from 6 other passwords"


def passwords(device: str, **digests: str | None) -> dict[tuple[str, str], Any]:
    tested = tuple(handed_in(name, digest=digest) for name, digest in digests.items())
    return {(device, "tested_passwords"): tested}


def kept(device: str, *secrets: tuple[str, str | None]) -> dict[tuple[str, str], Any]:
    """What the configuration of the device keeps, with its digests."""
    stored = tuple(StoredSecret(name, "hash", "", digest) for name, digest in secrets)
    return {(device, "credentials.storage"): stored}


def shared_with(others: str) -> str:
    return f"the same password is set for {others}"


def left(others: str) -> str:
    return f"not shared with any tested account; not tested: {others}"


MINE = passwords("vcs", quantri="key:same", giamsat="key:other")
CASES = [
    Case("all differ", "PASS", UNIQUE),
    Case(
        "shared on the device",
        "FAIL",
        shared_with("vcs/giamsat"),
        passwords("vcs", quantri="key:same", giamsat="key:same"),
    ),
    Case(
        "shared with another site",
        "FAIL",
        shared_with("mcu/giamsat"),
        {**MINE, **passwords("mcu", quantri="key:1", giamsat="key:same")},
    ),
    Case(
        "shared with a firewall",
        "FAIL",
        shared_with("fw/quantri"),
        {**MINE, **passwords("fw", quantri="key:same")},
    ),
    Case(
        "shared, and others untested",
        "FAIL",
        shared_with("fw/quantri"),
        {**MINE, **passwords("fw", quantri="key:same"), ("mcu", "tested_passwords"): ABSENT},
    ),
    Case(
        "shared with an account that the device does not list",
        "FAIL",
        shared_with("fw/cu"),
        {**MINE, **passwords("fw", quantri="key:1", cu="key:same")},
    ),
    Case(
        "a disabled account does not count",
        "PASS",
        "differs from 5 other passwords",
        {
            **passwords("mcu", quantri="key:1"),
            ("mcu", "accounts"): (account("quantri"), account("giamsat", enabled=False)),
        },
    ),
    Case(
        "read per device",
        "PASS",
        "differs from 1 other passwords",
        {**MINE, **passwords("fw", quantri="key:same")},
        readings=Readings(uniqueness_scope="device"),
    ),
    Case(
        "read per site, shared elsewhere",
        "PASS",
        "differs from 2 other passwords",
        {**MINE, **passwords("fw", quantri="key:same")},
        readings=Readings(uniqueness_scope="site"),
    ),
    Case(
        "read per site, shared there",
        "FAIL",
        shared_with("router/quantri"),
        {**MINE, **passwords("router", quantri="key:same")},
        readings=Readings(uniqueness_scope="site"),
    ),
    Case("not tested", "UND", NOT_TESTED, {("vcs", "tested_passwords"): ABSENT}),
    Case("tested without digest", "UND", NOT_TESTED, passwords("vcs", quantri=None)),
    Case(
        "one other is not tested",
        "UND",
        left("fw/quantri"),
        {("fw", "tested_passwords"): ABSENT},
    ),
    Case(
        "digests of another key",
        "UND",
        left("fw/quantri"),
        passwords("fw", quantri="clef:fw"),
    ),
    Case(
        "accounts of one device are not known",
        "UND",
        left("router/*"),
        {("router", "accounts"): UNKNOWN},
    ),
    Case(
        "an account without password shares none",
        "PASS",
        "differs from 5 other passwords",
        {
            ("fw", "accounts"): (account("quantri", password_set=False),),
            ("fw", "tested_passwords"): ABSENT,
        },
    ),
    Case(
        "a router keeps the same password for another purpose",
        "FAIL",
        shared_with("router/enable"),
        {**MINE, **kept("router", ("enable", "key:same"))},
    ),
    Case(
        "what a router keeps for another purpose need not be tested",
        "PASS",
        UNIQUE,
        kept("router", ("enable", "key:else"), ("snmp", None)),
    ),
    Case(
        "equal hashes are equal passwords",
        "FAIL",
        shared_with("fw/quantri"),
        {
            ("vcs", "tested_passwords"): ABSENT,
            **kept("vcs", ("quantri", "type 5/key:h")),
            **kept("fw", ("quantri", "type 5/key:h")),
        },
    ),
    Case(
        "hashes that differ prove nothing",
        "UND",
        NOT_TESTED,
        {
            ("vcs", "tested_passwords"): ABSENT,
            **kept("vcs", ("quantri", "type 5/key:h")),
            **kept("fw", ("quantri", "type 5/key:other")),
        },
    ),
    Case(
        "a hash and a tested password are not compared",
        "UND",
        left("fw/quantri"),
        {
            **MINE,
            ("fw", "tested_passwords"): ABSENT,
            **kept("fw", ("quantri", "type 5/key:same")),
        },
    ),
    Case(
        "the device itself keeps the account in two ways",
        "PASS",
        UNIQUE,
        kept("vcs", ("quantri", "key:vcs-quantri"), ("quantri", "type 5/key:h")),
    ),
    Case(
        "equal on another site, read per site",
        "PASS",
        "differs from 2 other passwords",
        {**MINE, **kept("fw", ("enable", "key:same"))},
        readings=Readings(uniqueness_scope="site"),
    ),
    Case(
        "several persons, observed only",
        "PASS",
        UNIQUE,
        inventory=with_device("vcs", shared_accounts=["quantri"]),
    ),
    Case(
        "several persons, read strictly",
        "FAIL",
        "several persons use this account, as the inventory declares",
        inventory=with_device("vcs", shared_accounts=["quantri"]),
        readings=Readings(shared_person="fail"),
    ),
    Case(
        "several persons use another account, read strictly",
        "PASS",
        UNIQUE,
        inventory=with_device("vcs", shared_accounts=["giamsat"]),
        readings=Readings(shared_person="fail"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_password_unique(case: Case) -> None:
    assert result_of(case, "D11.2-g", "vcs/quantri") == (case.outcome, case.reason)


def test_both_of_two_that_share_fail() -> None:
    world = province({**MINE, **passwords("mcu", quantri="key:same", giamsat="key:1")})
    found = [finding(world, "D11.2-g", s) for s in ("vcs/quantri", "mcu/quantri")]
    assert [f.outcome for f in found] == ["FAIL", "FAIL"]


def test_the_only_account_of_all_has_none_to_share_with() -> None:
    one: dict[tuple[str, str], Any] = {("vcs", "accounts"): (account("quantri"),)}
    one |= passwords("vcs", quantri="key:1")
    readings = Readings(uniqueness_scope="device")
    found = finding(province(one, readings=readings), "D11.2-g", "vcs/quantri")
    assert (found.outcome, found.not_applicable) == ("NA", "no_such_asset")


def test_no_digest_reaches_a_finding() -> None:
    found = finding(province(MINE), "D11.2-g", "vcs/quantri")
    assert "key:same" not in repr(found)
