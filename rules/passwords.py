"""The two proofs of a password's make-up (D11.2-b to -f).

Way 1: the password was tested when its holder entered it. Way 2: the device enforces a policy and
the password was set under it. A hash proves nothing; a weak policy alone proves nothing either,
save under the reading `weak_policy: fail` (A-37).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from inventory.model import Device
from inventory.readings import Readings
from rules.facts import DeviceAccount, Fact, Known, TestedPassword, Unknown
from rules.model import Verdict, failed, passed, unknown, unknown_because

LENGTH = 8
"""Characters that D11.2-b asks for; nothing is counted beyond them."""


def tested(
    account: DeviceAccount, passwords: Fact[tuple[TestedPassword, ...]]
) -> TestedPassword | None:
    """The judgement on the account's own password, if its holder handed it in.

    What was handed in before the device changed the password is another password.
    """
    if isinstance(passwords, Unknown):
        return None
    mine = next((p for p in passwords.value if p.account == account.name), None)
    if mine is None or _is_former(mine, account):
        return None
    return mine


def _is_former(password: TestedPassword, account: DeviceAccount) -> bool:
    days = password.tested, account.changed
    return days[0] is not None and days[1] is not None and days[0] < days[1]


def by_policy(
    account: DeviceAccount,
    device: Device,
    policy: Fact[int],
    least: int,
    readings: Readings,
) -> Verdict:
    """Way 2: the policy asks for enough and the password was set under it."""
    if isinstance(policy, Unknown):
        return unknown_because(policy)
    values: dict[str, Any] = {"demanded": policy.value, "least": least}
    if policy.value < least:
        judged = failed if readings.weak_policy == "fail" else unknown
        return judged(
            "the policy asks for {demanded} where {least} are needed; the password was not tested",
            policy,
            **values,
        )
    return _set_under_policy(account, device.password_policy_since, policy)


def _set_under_policy(account: DeviceAccount, since: date | None, policy: Known[int]) -> Verdict:
    if since is None:
        return unknown("the policy is sufficient, but not known since when it applies", policy)
    if account.changed is None:
        return unknown("the policy is sufficient, but not known when the password was set", policy)
    if account.changed < since:
        return unknown(
            "the password was set on {changed}, before the policy of {since}",
            policy,
            changed=account.changed,
            since=since,
        )
    return passed(
        "set on {changed} under the policy in force since {since}",
        policy,
        changed=account.changed,
        since=since,
    )
