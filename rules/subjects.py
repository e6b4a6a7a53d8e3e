"""What each rule is asked about: the devices, accounts, zones and sites of an inventory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from inventory.model import Device, Site, Zone
from rules.facts import Citation, DeviceAccount, Facts, Unknown
from rules.model import Rule, Subject, Verdict, unknown
from rules.world import World

SYSTEM = Subject("system", "system")
"""The whole conferencing system, where a requirement has no smaller subject."""


@dataclass(frozen=True, slots=True)
class Case:
    """One subject with everything that belongs to it. `settled` needs no asking of the rule."""

    subject: Subject
    facts: Facts
    device: Device | None = None
    account: DeviceAccount | None = None
    zone: Zone | None = None
    site: Site | None = None
    settled: Verdict | None = None
    citations: tuple[Citation, ...] = ()
    """Where the subject itself was read, e.g. the line of an account."""

    @property
    def site_id(self) -> str | None:
        if self.device is not None:
            return self.device.site
        if self.zone is not None:
            return self.zone.site
        return self.site.id if self.site is not None else None


def cases(rule: Rule, world: World, leave_out: Collection[str] = ()) -> Iterator[Case]:
    """The subjects of the rule in the inventory's order, without the devices to leave out."""
    if rule.subject == "system":
        yield Case(SYSTEM, Facts())
    elif rule.subject == "site":
        for site in world.inventory.sites:
            yield Case(Subject("site", site.id), Facts(), site=site)
    elif rule.subject == "zone":
        for zone in world.inventory.zones:
            if not rule.kinds or zone.kind in rule.kinds:
                yield Case(Subject("zone", zone.id), Facts(), zone=zone)
    else:
        for device in world.inventory.devices:
            if device.id not in leave_out and _is_judged(device, rule):
                yield from _of_device(device, rule, world)


def has_subject(rule: Rule, world: World) -> bool:
    """There is anything that the rule could be asked about."""
    return next(cases(rule, world), None) is not None


def _is_judged(device: Device, rule: Rule) -> bool:
    if rule.kinds and device.kind not in rule.kinds:
        return False
    return rule.only is None or rule.only(device)


def _of_device(device: Device, rule: Rule, world: World) -> Iterator[Case]:
    facts = world.facts.get(device.id, Facts())
    case = Case(Subject("device", device.id), facts, device=device)
    if rule.subject == "account":
        yield from _accounts(case, device, facts)
    else:
        yield case


def _accounts(case: Case, device: Device, facts: Facts) -> Iterator[Case]:
    """Accounts that can log in, tested ones included; `device/*` stands for those unlisted."""
    listed, tested = facts["accounts"], facts["tested_passwords"]
    accounts: dict[str, DeviceAccount] = {}
    if not isinstance(listed, Unknown):
        accounts = {a.name: a for a in listed.value if a.enabled is not False}
    if not isinstance(tested, Unknown):
        for password in tested.value:
            accounts.setdefault(password.account, DeviceAccount(password.account))
    for name, account in accounts.items():
        mine = tuple(c for c in listed.citations if name in c.text) or listed.citations
        subject = Subject("account", f"{device.id}/{name}")
        yield replace(case, subject=subject, account=account, citations=mine)
    everybody = Subject("account", f"{device.id}/*")
    if isinstance(listed, Unknown):
        unread = unknown("the accounts of the device could not be read: {why}", why=listed.reason)
        yield replace(case, subject=everybody, settled=unread, citations=listed.citations)
    elif not accounts:
        nobody = unknown("the device lists no account that can log in")
        yield replace(case, subject=everybody, settled=nobody, citations=listed.citations)
