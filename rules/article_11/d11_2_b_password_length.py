"""Passwords have 8 characters or more; a policy proves only those set under it."""

from __future__ import annotations

from inventory.model import Device
from inventory.readings import Readings
from rules.facts import DeviceAccount, Fact, TestedPassword
from rules.model import Rule, Verdict, failed, passed
from rules.passwords import LENGTH, by_policy, tested


def check(
    account: DeviceAccount,
    device: Device,
    tested_passwords: Fact[tuple[TestedPassword, ...]],
    password_policy_min_length: Fact[int],
    readings: Readings,
) -> Verdict:
    password = tested(account, tested_passwords)
    if password is not None:
        if password.length < LENGTH:
            return failed("the tested password has fewer than 8 characters", tested_passwords)
        return passed("the tested password has 8 characters or more", tested_passwords)
    return by_policy(account, device, password_policy_min_length, LENGTH, readings)


RULE = Rule(check, id="D11.2-b", severity="S2", subject="account", kinds=frozenset({"mcu", "vcs"}))
