"""Passwords that their holders handed in, as judgements on accounts of the inventory.

They come from the vault, and from logins that a device let in. Digests need a key: that of the
vault, or without one a key of this run alone, whose digests say nothing to those of another run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from inventory.model import Device, Inventory
from inventory.secrets import Secret, in_vault
from inventory.vault.entries import Contents, Entry, Password, digest
from rules.facts import Fact, Known, TestedPassword
from rules.world import LOCAL_ZONE
from scanner.collect.tested_password import as_fact, cite, judged, let_in
from scanner.password_context import context_of


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What is known of passwords without asking a device. By device id, then by account."""

    inventory: Inventory
    digest_key: bytes = field(default_factory=lambda: os.urandom(32), repr=False)
    judgements: Mapping[str, Mapping[str, TestedPassword]] = field(default_factory=dict)

    def facts(
        self, device_id: str, now: datetime, *, refused: str | None = None
    ) -> dict[str, Fact[tuple[TestedPassword, ...]]]:
        """What is known of the device's accounts; nothing of the one whose login it refused."""
        mine = self.judgements.get(device_id, {})
        return _fact([t for name, t in mine.items() if name != refused], now)

    def after_login(
        self, device: Device, account: str, secret: Secret, now: datetime
    ) -> dict[str, Fact[tuple[TestedPassword, ...]]]:
        """The device has let the password in: it is judged, or its judgement confirmed."""
        day = now.astimezone(LOCAL_ZONE).date()
        mine = dict(self.judgements.get(device.id, {}))
        mark = digest(self.digest_key, secret)
        before = mine.get(account)
        if before is not None and before.digest == mark:
            mine[account] = let_in(before, day)
        else:
            readings = self.inventory.readings
            found = judged(secret, context_of(self.inventory, device, account), readings, day)
            mine[account] = as_fact(account, Password(secret, judged=found), mark, readings)
        return _fact(mine.values(), now)


def from_vault(contents: Contents, inventory: Inventory) -> HandedIn:
    """The judged entries of the vault that belong to an account of the inventory."""
    judgements: dict[str, dict[str, TestedPassword]] = {}
    for device, account, entry in accounts_of(contents, inventory):
        if entry.password.judged is not None:
            mark = digest(contents.digest_key, entry.password.secret)
            fact = as_fact(account, entry.password, mark, inventory.readings)
            judgements.setdefault(device.id, {})[account] = fact
    return HandedIn(inventory, contents.digest_key, judgements)


def accounts_of(contents: Contents, inventory: Inventory) -> Iterator[tuple[Device, str, Entry]]:
    """Each account that an entry belongs to: by what the entry says, then by the inventory.

    What the inventory logs in with comes last and so goes first.
    """
    devices = {device.id: device for device in inventory.devices}
    for entry in contents.entries.values():
        if entry.account and entry.device in devices:
            yield devices[entry.device], entry.account, entry
    for device in inventory.devices:
        account = device.credential
        name = in_vault(account.password) if account else None
        if account and account.username and name is not None and name in contents.entries:
            yield device, account.username, contents.entries[name]


def _fact(
    tested: Iterable[TestedPassword], now: datetime
) -> dict[str, Fact[tuple[TestedPassword, ...]]]:
    found = tuple(tested)
    if not found:
        return {}
    return {"tested_passwords": Known(found, tuple(cite(one, now) for one in found))}
