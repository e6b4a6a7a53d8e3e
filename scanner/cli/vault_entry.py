"""A password on its way into the vault: asked for, judged, shown by what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from inventory.secrets import Secret, in_vault
from inventory.text import Text
from inventory.vault.entries import Contents, Judged, Password, checked_password, same
from rules.model import OUTCOME_NAMES, Outcome
from rules.world import LOCAL_ZONE
from scanner.cli.speech import language, say
from scanner.cli.vault_door import asked_twice, input_line

if TYPE_CHECKING:
    from inventory.model import Device, Inventory
    from rules.password_quality.context import Context

_MEANING = {"none": Outcome.PASS, "found": Outcome.FAIL, "unclear": Outcome.UND}
_BEST, _AGAIN, _KEEP = "g", "r", "k"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose password it is, as far as that is known."""

    account: str
    device: str
    inventory: Inventory | None

    def declared(self) -> Device | None:
        """The device as the inventory declares it."""
        known = self.inventory.devices if self.inventory else ()
        return next((device for device in known if device.id == self.device), None)

    def words(self) -> Context:
        """What must not be part of the password."""
        from rules.password_quality.context import Context  # noqa: PLC0415
        from scanner.password_context import context_of  # noqa: PLC0415

        if self.inventory is None:
            return Context(account=(self.account,) if self.account else ())
        return context_of(self.inventory, self.declared(), self.account)


def today() -> date:
    return datetime.now(LOCAL_ZONE).date()


def inventory_at(path: Path | None) -> Inventory | None:
    """The inventory; None when none is named and none is here."""
    from inventory.load import load  # noqa: PLC0415 - heavy parts load when they are needed

    if path is None:
        path = Path("inventory.yaml")
        if not path.exists():
            return None
    return load(path).inventory


def owner_of(name: str, account: str | None, device: str | None, plan: Inventory | None) -> Owner:
    """As given, else the account of the inventory that refers to `vault:NAME`."""
    for one in plan.devices if plan else ():
        credential = one.credential
        if credential is not None and in_vault(credential.password) == name:
            return Owner(account or credential.username, device or one.id, plan)
    return Owner(account or "", device or "", plan)


def judged_now(secret: Secret, owner: Owner) -> Judged:
    """What is found in the password, with the words around its account."""
    from inventory.readings import Readings  # noqa: PLC0415
    from scanner.collect.tested_password import judged  # noqa: PLC0415

    readings = owner.inventory.readings if owner.inventory else Readings()
    return judged(secret, owner.words(), readings, today())


def generated(owner: Owner) -> Password:
    """A random password that is judged as good, changed today."""
    from rules.password_quality import offer  # noqa: PLC0415

    secret = Secret(offer(owner.words()))
    return Password(secret, changed=today(), since=today(), judged=judged_now(secret, owner))


def entered(owner: Owner, contents: Contents, name: str, *, from_input: bool) -> Password:
    """What its holder enters, judged; at a terminal until it is good or kept on purpose."""
    while True:
        secret = checked_password(input_line() if from_input else asked_twice(_NEW))
        found = judged_now(secret, owner)
        twins = twins_of(contents, name, secret)
        for line in shown(found, twins):
            typer.echo(line, err=True)
        typed = Password(secret, since=today(), judged=found)
        if from_input or not sys.stdin.isatty() or is_good(found, twins):
            return typed
        answer = _answer()
        if answer == _KEEP:
            return typed
        if answer == _BEST:
            say("Đã sinh một mật khẩu ngẫu nhiên.", "A random password was generated.")
            return generated(owner)


def _answer() -> str:
    answer = ""
    while answer not in (_BEST, _AGAIN, _KEEP):
        answer = typer.prompt(_WHAT_NOW.in_language(language()), default=_BEST, err=True)
    return answer


def twins_of(contents: Contents, name: str, secret: Secret) -> tuple[str, ...]:
    """Names of the other entries with the same password (D11.2-g)."""
    return tuple(
        entry.name
        for entry in contents.entries.values()
        if entry.name != name
        and any(same(p.secret, secret) for p in (entry.password, entry.next) if p)
    )


def verdicts(found: Judged, special_set: str = "unicode") -> dict[str, Outcome]:
    """D11.2-b to -f and -h."""

    def of(holds: bool) -> Outcome:
        return Outcome.PASS if holds else Outcome.FAIL

    return {
        "D11.2-b": of(found.long_enough),
        "D11.2-c": of(found.digit),
        "D11.2-d": of(found.lowercase),
        "D11.2-e": of(found.uppercase),
        "D11.2-f": of(special_set in found.special),
        "D11.2-h": _MEANING[found.meaning],
    }


def is_good(found: Judged, twins: tuple[str, ...]) -> bool:
    return not twins and set(verdicts(found).values()) == {Outcome.PASS}


def shown(found: Judged, twins: tuple[str, ...]) -> Iterator[str]:
    """A line for each item that is not met, with the kind of what is wrong; never the password."""
    from rules.requirements import REQUIREMENTS  # noqa: PLC0415

    lang = language()
    met = True
    for item, outcome in verdicts(found).items():
        if outcome is not Outcome.PASS:
            met = False
            why = "; ".join(text.in_language(lang) for text in found.why) if item[-1] == "h" else ""
            title = REQUIREMENTS[item].title.in_language(lang)
            said = OUTCOME_NAMES[outcome].in_language(lang)
            yield f"  {item}  {said}: {title}" + (f" ({why})" if why else "")
    if twins:
        met = False
        yield "  D11.2-g  " + _TWINS.format(names=", ".join(twins)).in_language(lang)
    if met:
        yield _GOOD.in_language(lang)


_NEW = Text(vi="Mật khẩu của tài khoản", en="Password of the account")
_WHAT_NOW = Text(
    vi="Mật khẩu này không đạt. g = sinh mật khẩu ngẫu nhiên, r = nhập lại, k = vẫn lưu",
    en="This password does not do. g = generate a random one, r = enter another, k = keep it",
)
_TWINS = Text(vi="Không đạt: trùng với mục {names}", en="Fail: the same as that of {names}")
_GOOD = Text(vi="  Mật khẩu đạt yêu cầu.", en="  The password does.")
