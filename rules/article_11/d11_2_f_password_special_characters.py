"""Passwords have a special character; a policy proves only those set under it (reading A-05)."""

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
    password_policy_special: Fact[int],
    readings: Readings,
) -> Verdict:
    password = tested(account, tested_passwords)
    if password is None:
        return by_policy(account, device, password_policy_special, LEAST, readings)
    if password.special < LEAST:
        return failed("the tested password has no special character", tested_passwords)
    return passed("the tested password has a special character", tested_passwords)


RULE = Rule(check, id="D11.2-f", severity="S2", subject="account", kinds=frozenset({"mcu", "vcs"}))
