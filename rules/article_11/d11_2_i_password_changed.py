"""The password is not older than six calendar months, by its date or by a setting.

The date of the device goes before that of the holder, and a change to the same password is none.
Six months have 181 to 184 days, so a setting in days proves it up to 181 (A-01). An account that
several persons use weighs one level more.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from inventory.model import Device, Inventory
from inventory.readings import Readings
from rules.facts import DeviceAccount, Fact, Known, TestedPassword
from rules.model import Rule, Verdict, failed, not_applicable, passed, unknown
from rules.password_age import due, longest_setting_days
from rules.passwords import tested


def check(
    account: DeviceAccount,
    device: Device,
    tested_passwords: Fact[tuple[TestedPassword, ...]],
    password_policy_max_age_days: Fact[int],
    inventory: Inventory,
    readings: Readings,
    today: date,
) -> Verdict:
    days = tested_passwords, password_policy_max_age_days
    verdict = _judged(account, device, *days, inventory, readings, today)
    return replace(verdict, raised=account.name in device.shared_accounts)


def _judged(
    account: DeviceAccount,
    device: Device,
    tested_passwords: Fact[tuple[TestedPassword, ...]],
    password_policy_max_age_days: Fact[int],
    inventory: Inventory,
    readings: Readings,
    today: date,
) -> Verdict:
    password = tested(account, tested_passwords)
    changed = account.changed or (password.changed if password else None)
    holidays = inventory.calendar.holidays
    if changed is None:
        in_use = device.commissioned
        if in_use is not None and in_use <= today <= due(in_use, readings, holidays):
            return not_applicable("not_yet_due", "in use since {since} only", since=in_use)
        return _by_setting(password_policy_max_age_days, readings)
    if changed > today:
        return unknown("the last change is dated {changed}, which is to come", changed=changed)
    since = password.since if password else None
    if since is not None and since < changed:
        last = due(since, readings, holidays)
        if last < today:
            return failed(
                "changed on {changed} to the same password, in use since {since}; due by {due}",
                tested_passwords,
                changed=changed,
                since=since,
                due=last,
            )
        changed = since
    last = due(changed, readings, holidays)
    if last < today:
        return failed("last changed on {changed}; due by {due}", changed=changed, due=last)
    return passed("last changed on {changed}; to be changed by {due}", changed=changed, due=last)


def _by_setting(max_age_days: Fact[int], readings: Readings) -> Verdict:
    if not isinstance(max_age_days, Known):
        return unknown("it is not known when the password was last changed")
    days, most = max_age_days.value, longest_setting_days(readings)
    if days == 0:
        return unknown(
            "the device never demands a change, and the last one is not known", max_age_days
        )
    if days > most:
        return unknown(
            "the device demands a change after {days} days, more than the {most} that are always "
            "enough, and the last one is not known",
            max_age_days,
            days=days,
            most=most,
        )
    return passed("the device demands a change after {days} days", max_age_days, days=days)


RULE = Rule(check, id="D11.2-i", severity="S3", subject="account", kinds=frozenset({"mcu", "vcs"}))
