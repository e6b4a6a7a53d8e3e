"""Judgements on a password that its holder handed to hnth; the password goes no further.

Handed in is what was entered into the vault, and what a device let in when hnth logged in with it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from inventory.readings import Readings
from inventory.secrets import Secret
from inventory.vault.entries import Judged, Meaning, Password
from rules.facts import Citation, TestedPassword
from rules.model import Outcome
from rules.passwords import LENGTH

if TYPE_CHECKING:
    from rules.password_quality.context import Context  # word lists load slowly

SPECIAL_SETS: tuple[Literal["unicode", "ascii_punct", "ascii_punct_plus_space"], ...] = (
    "unicode",
    "ascii_punct",
    "ascii_punct_plus_space",
)


_MEANINGS: dict[Outcome, Meaning] = {
    Outcome.PASS: "none",
    Outcome.FAIL: "found",
    Outcome.UND: "unclear",
    Outcome.NA: "unclear",
}


def judged(secret: Secret, context: Context, readings: Readings, on: date) -> Judged:
    """What is found in the password: its make-up (A-05), and names and words in it (A-04)."""
    from rules.password_quality import judge  # noqa: PLC0415
    from rules.password_quality.judgement import MEANING  # noqa: PLC0415
    from rules.password_quality.structure import structure  # noqa: PLC0415

    value = secret.reveal()
    made_of = {name: structure(value, name) for name in SPECIAL_SETS}
    plain = made_of["unicode"]
    judgement = judge(value, context, readings)
    return Judged(
        on=on,
        long_enough=plain.length >= LENGTH,
        digit=plain.digits > 0,
        lowercase=plain.lowercase > 0,
        uppercase=plain.uppercase > 0,
        special=frozenset(name for name, found in made_of.items() if found.special),
        meaning=_MEANINGS[judgement.verdicts[MEANING]],
        why=tuple(reason.text for reason in judgement.reasons if reason.requirement == MEANING),
        vocabulary=judgement.vocabulary,
    )


def as_fact(account: str, password: Password, digest: str, readings: Readings) -> TestedPassword:
    """The judgement as rules read it. ValueError for a password that was never judged."""
    found = password.judged
    if found is None:
        raise ValueError("the password was not judged")
    return TestedPassword(
        account=account,
        length=LENGTH if found.long_enough else 0,
        digits=int(found.digit),
        lowercase=int(found.lowercase),
        uppercase=int(found.uppercase),
        special=int(readings.special_set in found.special),
        meaning=found.meaning,
        categories=found.why,
        vocabulary=found.vocabulary,
        digest=digest,
        tested=found.on,
        changed=password.changed,
        since=password.since,
    )


def let_in(tested: TestedPassword, on: date) -> TestedPassword:
    """The same password, of which a device has just shown that it is the account's."""
    return replace(tested, tested=on)


def cite(tested: TestedPassword, now: datetime) -> Citation:
    """The judgement as evidence of class H: yes and no, from which no password can be guessed."""
    day = tested.tested.isoformat() if tested.tested else "an unknown day"
    return Citation(
        evidence_class="H",
        source=f"password of {tested.account}, handed in on {day}",
        text=f"{LENGTH} characters or more: {_yes(tested.length >= LENGTH)}; "
        f"digits: {_yes(tested.digits)}; lower case: {_yes(tested.lowercase)}; "
        f"upper case: {_yes(tested.uppercase)}; special: {_yes(tested.special)}; "
        f"names or words: {tested.meaning or 'not asked'}",
        captured=now,
    )


def _yes(value: object) -> str:
    return "yes" if value else "no"
