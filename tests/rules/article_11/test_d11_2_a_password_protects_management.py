"""D11.2-a: no way in without a login, no account without a password."""

from __future__ import annotations

import pytest

from rules.facts import ManagementInterface
from tests.rules.build import Case, result_of
from tests.rules.values import UNKNOWN, account, ports, scan

DEMANDED = (
    "a login is demanded on ssh (port 22); https (port 445); "
    "console and local menu are for a person to check"
)


def ways(*demands: bool | None) -> dict[tuple[str, str], object]:
    names = ("https", "rest", "ssh")
    return {
        ("vcs", "management.interfaces"): tuple(
            ManagementInterface(name, port, True, demand)
            for name, port, demand in zip(names, (443, 8443, 22), demands, strict=False)
        )
    }


def accounts(*given: object) -> dict[tuple[str, str], object]:
    return {("vcs", "accounts"): given}


CASES = [
    Case("demanded", "PASS", DEMANDED),
    Case(
        "one is open", "FAIL", "no login is demanded on rest (port 8443)", ways(True, False, None)
    ),
    Case(
        "one is unclear",
        "UND",
        "it is not clear whether a login is demanded on rest (port 8443)",
        ways(True, None),
    ),
    Case("none could be tried", "UND", "no management interface could be tried", ways()),
    Case("unknown", "UND", UNKNOWN.reason.en, {("vcs", "management.interfaces"): UNKNOWN}),
    Case(
        "an account without password",
        "FAIL",
        "these accounts have no password: khach; cu",
        accounts(account("khach", password_set=False), account("cu", password_set=False)),
    ),
    Case(
        "a disabled account without password",
        "PASS",
        DEMANDED,
        accounts(account("khach", password_set=False, enabled=False)),
    ),
    Case("the device does not tell", "PASS", DEMANDED, accounts(account("khach"))),
    Case("accounts unknown", "PASS", DEMANDED, {("vcs", "accounts"): UNKNOWN}),
    Case(
        "telnet answers and was not tried",
        "UND",
        "these management ports were not tried: 23",
        {("vcs", "ports.tcp"): scan(22, 23, 445)},
    ),
    Case(
        "the ports were asked in part",
        "UND",
        "these management ports were not tried: 23; 80",
        {("vcs", "ports.tcp"): scan(22, 445, scanned=ports(22, 445))},
    ),
    Case(
        "the ports were not asked",
        "UND",
        "these management ports were not tried: 23; 80",
        {("vcs", "ports.tcp"): UNKNOWN},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_password_protects_management(case: Case) -> None:
    assert result_of(case, "D11.2-a", "vcs") == (case.outcome, case.reason)
