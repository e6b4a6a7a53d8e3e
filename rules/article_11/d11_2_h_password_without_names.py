"""Nothing with a meaning was found in the password when it was handed in; no policy proves that.

A meaning that only its holder knows, such as a nickname, cannot be found, and the reason says so.
"""

from __future__ import annotations

from rules.facts import DeviceAccount, Fact, TestedPassword
from rules.model import Rule, Verdict, failed, passed, unknown
from rules.passwords import tested


def check(account: DeviceAccount, tested_passwords: Fact[tuple[TestedPassword, ...]]) -> Verdict:
    password = tested(account, tested_passwords)
    if password is None or password.meaning is None:
        return unknown("the password was not tested; a policy of the device cannot prove this")
    if password.meaning == "found":
        return failed(
            "a meaning was found in the tested password: {categories}",
            tested_passwords,
            categories=password.categories,
        )
    if password.meaning == "unclear":
        return unknown(
            "it is for a person to decide about the tested password: {categories}",
            tested_passwords,
            categories=password.categories,
        )
    return passed(
        "nothing was found in the tested password (word lists {vocabulary}); what only its holder "
        "knows cannot be found",
        tested_passwords,
        vocabulary=password.vocabulary,
    )


RULE = Rule(check, id="D11.2-h", severity="S2", subject="account", kinds=frozenset({"mcu", "vcs"}))
