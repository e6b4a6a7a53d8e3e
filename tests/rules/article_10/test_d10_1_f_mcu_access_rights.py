"""D10.1-f: accounts, roles, encryption, idle timeout and lock-out of the MCU."""

from __future__ import annotations

import pytest

from rules.facts import ManagementInterface
from tests.rules.build import ABSENT, Case, result_of
from tests.rules.values import UNKNOWN, account, scan

SAFE = "roles are separate, management is encrypted, idle timeout and lock-out are set"
NOT_TOLD = "the device does not report this"


def part(what: str, why: str = UNKNOWN.reason.en) -> str:
    return f"access rights could be read in part only; missing: {what} ({why})"


def unsafe(what: str) -> str:
    return f"access rights are not safe: {what}"


def mcu(**changes: object) -> dict[tuple[str, str], object]:
    """Facts by name, with two underscores for the dot."""
    return {("mcu", name.replace("__", ".")): value for name, value in changes.items()}


ADMIN = account("quantri", administrator=True, password_set=True)
AUDIT = account("giamsat", administrator=False)

CASES = [
    Case("safe", "PASS", SAFE),
    Case(
        "an interface without login",
        "FAIL",
        unsafe("rest (port 8443) demands no login"),
        mcu(management__interfaces=(ManagementInterface("rest", 8443, True, False),)),
    ),
    Case(
        "an interface that gives no clear answer",
        "UND",
        part(
            "management interfaces",
            "it is not clear whether every management interface demands a login",
        ),
        mcu(management__interfaces=(ManagementInterface("ssh", 22, True, None),)),
    ),
    Case(
        "interfaces that were not tried",
        "UND",
        part("management interfaces"),
        mcu(management__interfaces=UNKNOWN),
    ),
    Case(
        "every account administers",
        "FAIL",
        unsafe("every account is an administrator"),
        mcu(accounts=(ADMIN,)),
    ),
    Case(
        "the only lesser role is disabled",
        "FAIL",
        unsafe("every account is an administrator"),
        mcu(accounts=(ADMIN, account("giamsat", administrator=False, enabled=False))),
    ),
    Case(
        "no password",
        "FAIL",
        unsafe("account giamsat has no password"),
        mcu(accounts=(ADMIN, account("giamsat", administrator=False, password_set=False))),
    ),
    Case(
        "no password, but disabled",
        "PASS",
        SAFE,
        mcu(
            accounts=(
                ADMIN,
                AUDIT,
                account("cu", password_set=False, enabled=False, administrator=True),
            )
        ),
    ),
    Case(
        "anonymous",
        "FAIL",
        unsafe("the anonymous account “Guest” is usable"),
        mcu(accounts=(ADMIN, account("Guest", administrator=False))),
    ),
    Case(
        "roles not told",
        "UND",
        part("accounts and roles", "the device does not tell the role of every account"),
        mcu(accounts=(ADMIN, account("giamsat"))),
    ),
    Case(
        "no account at all",
        "UND",
        part("accounts and roles", "the device does not tell the role of every account"),
        mcu(accounts=()),
    ),
    Case("telnet", "FAIL", unsafe("telnet is enabled"), mcu(service__telnet__enabled=True)),
    Case(
        "telnet answers though set to off",
        "FAIL",
        unsafe("telnet is set to off but port 23/tcp is open"),
        mcu(ports__tcp=scan(22, 23)),
    ),
    Case(
        "telnet answers, settings unknown",
        "FAIL",
        unsafe("port 23/tcp (telnet) is open"),
        mcu(ports__tcp=scan(22, 23), service__telnet__enabled=UNKNOWN),
    ),
    Case("http", "FAIL", unsafe("http is enabled"), mcu(service__http__enabled=True)),
    Case(
        "closed on the wire does not prove the setting",
        "UND",
        part("telnet"),
        mcu(service__telnet__enabled=UNKNOWN),
    ),
    Case(
        "snmp v2c",
        "FAIL",
        unsafe("SNMP version 2c is not encrypted"),
        mcu(service__snmp__enabled=True, snmp__versions=("2c",)),
    ),
    Case(
        "snmp v3",
        "PASS",
        SAFE,
        mcu(service__snmp__enabled=True, snmp__versions=("3",), snmp__default_community=False),
    ),
    Case(
        "snmp on, version unknown",
        "UND",
        part("SNMP", NOT_TOLD),
        mcu(service__snmp__enabled=True),
    ),
    Case("snmp not told", "UND", part("SNMP", NOT_TOLD), mcu(service__snmp__enabled=ABSENT)),
    Case(
        "default community",
        "FAIL",
        unsafe("SNMP uses a default community"),
        mcu(snmp__default_community=True),
    ),
    Case("no idle timeout", "FAIL", unsafe("no idle timeout"), mcu(management__idle_timeout_s=0)),
    Case("one second is a timeout", "PASS", SAFE, mcu(management__idle_timeout_s=1)),
    Case(
        "no lock-out",
        "FAIL",
        unsafe("no lock-out after failed logins"),
        mcu(management__lockout_attempts=0),
    ),
    Case("timeout unknown", "UND", part("idle timeout"), mcu(management__idle_timeout_s=UNKNOWN)),
    Case(
        "lock-out unknown",
        "UND",
        part("lock-out after failed logins"),
        mcu(management__lockout_attempts=UNKNOWN),
    ),
    Case("accounts unknown", "UND", part("accounts and roles"), mcu(accounts=UNKNOWN)),
    Case(
        "a proven violation outranks what is unknown",
        "FAIL",
        unsafe("no lock-out after failed logins"),
        mcu(accounts=UNKNOWN, management__lockout_attempts=0),
    ),
    Case(
        "several at once",
        "FAIL",
        unsafe("every account is an administrator; telnet is enabled; no idle timeout"),
        mcu(accounts=(ADMIN,), service__telnet__enabled=True, management__idle_timeout_s=0),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_mcu_access_rights(case: Case) -> None:
    assert result_of(case, "D10.1-f", "mcu") == (case.outcome, case.reason)
