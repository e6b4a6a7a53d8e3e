"""Passwords have an upper-case letter; a policy proves only those set under it (reading A-05)."""

from __future__ import annotations

from inventory.model import Device
from inventory.readings import Readings
from rules.facts import DeviceAccount, Fact, TestedPassword
from rules.model import Rule, Verdict, failed, passed
from rules.passwords import by_policy, tested

LEAST = 1


def check(
    account: DeviceAccount,
    device: Device,
    tested_passwords: Fact[tuple[TestedPassword, ...]],
    password_policy_uppercase: Fact[int],
    readings: Readings,
) -> Verdict:
    password = tested(account, tested_passwords)
    if password is None:
        return by_policy(account, device, password_policy_uppercase, LEAST, readings)
    if password.uppercase < LEAST:
        return failed("the tested password has no upper-case letter", tested_passwords)
    return passed("the tested password has an upper-case letter", tested_passwords)


RULE = Rule(check, id="D11.2-e", severity="S2", subject="account", kinds=frozenset({"mcu", "vcs"}))
