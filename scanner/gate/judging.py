"""Every rule that files can speak to, asked about the devices whose files were read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from inventory.model import Device, Inventory, Organisation, Site
from inventory.text import Text
from rules.facts import Facts, Known
from rules.judge import judge_one
from rules.model import Finding, Outcome, Rule
from rules.needs import needs_of
from rules.patches.advisories import Advisories
from rules.registry import rules
from rules.subjects import SYSTEM
from rules.world import World
from scanner.baselines import baselines_for
from scanner.engine.derive import currency, needs, unused_accounts
from scanner.gate.asked import AskedFacts
from scanner.gate.devices import ReadDevice
from scanner.gate.model import Judged
from scanner.gate.scope import needs_release_data, needs_the_network, standing

if TYPE_CHECKING:
    from inventory.catalogue import Catalogue
    from inventory.readings import Kind
    from rules.baseline import Baseline

NETWORK_KINDS = frozenset({"firewall", "router", "switch"})
_LIKELY_FIRST: tuple[Kind, ...] = ("vcs", "mcu", "firewall", "router", "switch", "server")
NOTHING_IMPORTED = Advisories()
_NOWHERE = IPv4Address("0.0.0.0")  # noqa: S104 - of a device whose address nobody declared


def _asks_one_device(rule: Rule) -> bool:
    """Files of other devices decide nothing about one that says the same as before."""
    looks_around = any(need.parameter == "network" for need in needs_of(rule.check))
    return rule.subject in {"device", "account"} and not (looks_around and rule.from_files)


def judge_network(
    devices: Sequence[ReadDevice],
    inventory: Inventory,
    catalogue: Catalogue | None,
    wanted: Sequence[str],
    now: datetime,
    untouched: frozenset[str] = frozenset(),
    advisories: Advisories = NOTHING_IMPORTED,
) -> Iterator[Judged]:
    """Findings on the declared network. What is undetermined about a device without files is
    beyond the gate; a violation that the inventory itself shows is not.

    Devices `untouched`, by id, are only asked about where the rule looks at others too.
    """
    read = {device.id: device for device in devices}
    gateways = {zone.gateway for zone in inventory.zones}
    facts = {
        d.id: AskedFacts(
            _facts(read[d.id], catalogue, d),
            filters=d.id in gateways or d.kind in NETWORK_KINDS,
        )
        if d.id in read
        else AskedFacts(Facts(absent=_NO_FILE))
        for d in inventory.devices
    }
    world = World(
        inventory,
        facts,
        now,
        inventory.readings,
        advisories=advisories,
        baselines=baselines_for(inventory, facts, _own(inventory)),
    )
    for rule in _of(wanted):
        for one in facts.values():
            one.forget()
        for finding in judge_one(rule.id, world, untouched if _asks_one_device(rule) else ()):
            if not _has_its_files(finding, inventory, read):
                yield _without_file(finding)
            else:
                asked = facts[finding.device] if finding.device else AskedFacts(Facts())
                yield standing(finding, rule, asked)


def _has_its_files(finding: Finding, inventory: Inventory, read: Mapping[str, ReadDevice]) -> bool:
    """Those of its device, or of every gateway that decides about its zone or site."""
    kind, name = finding.subject.kind, finding.subject.id
    if finding.device is not None:
        return finding.device in read
    if kind == "zone":
        zones = [zone for zone in inventory.zones if zone.id == name]
    elif kind == "site":
        homes = [inventory.zone_of(d.address) for d in inventory.devices if d.site == name]
        zones = [zone for zone in homes if zone is not None]
    else:
        return True
    return all(zone.gateway is None or zone.gateway in read for zone in zones)


def judge_alone(
    device: ReadDevice,
    catalogue: Catalogue | None,
    wanted: Sequence[str],
    now: datetime,
    advisories: Advisories = NOTHING_IMPORTED,
) -> Iterator[Judged]:
    """Findings on one device that no inventory knows."""
    declared = _declared(device)
    inventory = _inventory_of(declared)
    facts = AskedFacts(_facts(device, catalogue), filters=declared.kind in NETWORK_KINDS)
    world = World(
        inventory,
        {device.id: facts},
        now,
        inventory.readings,
        advisories=advisories,
        baselines=baselines_for(inventory, {device.id: facts}),
    )
    for rule in _of(wanted):
        if rule.subject not in {"device", "account"} or not _is_asked_about(rule, declared):
            continue
        facts.forget()
        for finding in judge_one(rule.id, world):
            one = standing(finding, rule, facts)
            yield (
                _for_want_of_an_inventory(one) if _lacks_one(one, rule) and not facts.owed else one
            )


def network_left_open(wanted: Sequence[str], now: datetime) -> Iterator[Judged]:
    """What is owed to files of the network where no inventory says what it connects."""
    nobody = Device(id="device", kind="firewall", site="site", address=_NOWHERE)
    world = World(_inventory_of(nobody), {nobody.id: Facts()}, now)
    for rule in _of(wanted):
        if rule.subject in {"zone", "site"} and needs_the_network(rule) and rule.from_files:
            first = judge_one(rule.id, world)[0]
            open_one = replace(
                first,
                subject=SYSTEM,
                outcome=Outcome.UND,
                not_applicable=None,
                attested=False,
                citations=(),
                site=None,
                remedy=None,
            )
            yield _for_want_of_an_inventory(Judged(open_one, "counts"))


def _own(inventory: Inventory) -> tuple[Baseline, ...]:
    if not inventory.baselines:
        return ()
    from scanner.baselines.own import own_baselines  # noqa: PLC0415 - loads the reading of YAML

    return own_baselines(inventory)


def asks_for_releases(devices: Iterable[ReadDevice], wanted: Sequence[str]) -> bool:
    """One of the requirements compares the release of one of the devices with what is known."""
    kinds = {_declared(device).kind for device in devices}
    return any(
        rule.from_files and needs_release_data(rule) and (not rule.kinds or rule.kinds & kinds)
        for rule in _of(wanted)
    )


def is_of_the_network(device: ReadDevice) -> bool:
    """A firewall, router or switch, as far as its files tell."""
    return _declared(device).kind in NETWORK_KINDS


def told_nothing(device: ReadDevice, judged: Iterable[Judged]) -> bool:
    """An MCU or VCS, and no requirement could be judged by its files."""
    return _declared(device).kind in {"mcu", "vcs"} and not any(
        one.finding.device == device.id and one.standing != "beyond" for one in judged
    )


def _of(wanted: Sequence[str]) -> Iterator[Rule]:
    return (rule for rule in rules() if rule.id in wanted)


def _is_asked_about(rule: Rule, device: Device) -> bool:
    if rule.kinds and device.kind not in rule.kinds:
        return False
    return rule.only is None or rule.only(device)


def _without_file(finding: Finding) -> Judged:
    shows = finding.outcome is Outcome.FAIL or finding.broke_down
    return Judged(finding, "counts" if shows else "beyond")


def _lacks_one(one: Judged, rule: Rule) -> bool:
    finding = one.finding
    return (
        one.standing == "counts"
        and finding.outcome is Outcome.UND
        and not finding.broke_down
        and needs_the_network(rule)
    )


def _for_want_of_an_inventory(one: Judged) -> Judged:
    return replace(one, finding=replace(one.finding, reason=NEEDS_INVENTORY))


def _facts(
    device: ReadDevice, catalogue: Catalogue | None, declared: Device | None = None
) -> Facts:
    """What was read, and what the family and the catalogue add to it."""
    platform, facts = device.understood.platform, device.facts
    told = dict(device.understood.reading.facts)
    if not isinstance(facts["identity.family"], Known):
        # the file does not name it, and was read as one of this family all the same
        told["identity.family"] = Known(platform.name)
    told["needed_ports"] = needs(platform)
    if declared is not None:
        told |= unused_accounts(declared, facts["accounts"])
    told["default_accounts"] = Known(platform.default_accounts)
    told["software.currency"] = currency(
        platform, facts["software.version"], facts["identity.model"], catalogue
    )
    return Facts(told, facts.absent)


def _declared(device: ReadDevice) -> Device:
    """The device as an inventory would declare it, as far as its family tells."""
    kinds = device.understood.platform.kinds
    kind: Kind = next((kind for kind in _LIKELY_FIRST if kind in kinds), "server")
    if kind not in {"vcs", "mcu"} and not isinstance(device.facts["filters"], Known):
        kind = "server" if "server" in kinds else kind
    return Device(
        id=device.id,
        kind=kind,
        site="site",
        address=_NOWHERE,
        platform=device.understood.platform.name,
    )


def inventory_of(device: ReadDevice) -> Inventory:
    """What stands for the inventory where none declares the device."""
    return _inventory_of(_declared(device))


def _inventory_of(device: Device) -> Inventory:
    return Inventory(
        organisation=Organisation(name="-", province="-"),
        sites=(Site(id="site", name="-", level="province"),),
        devices=(device,),
    )


_NO_FILE = Text(
    vi="không có tệp cấu hình nào của thiết bị này trong các đường dẫn đã nêu",
    en="no file of this device is among the paths that were given",
)
NEEDS_INVENTORY = Text(
    vi="cần tệp khai báo để biết các vùng mạng, địa chỉ và danh sách cho phép; hãy nêu --inventory",
    en="needs the inventory, which declares zones, addresses and what is allowed; give --inventory",
)
