"""Only named addresses can administer the MCU, and a probe from another address agrees.

The restriction may stand on the MCU or on the gateway; a filter line that names an interface but no
source address is no address control. A management port that answers an unlisted place fails; where
the settings deny it, that they disagree with the network is a finding of its own. A gateway that a
probe got past restricts nobody. Where saved files alone show no restriction, while a probe from an
unlisted place did not get in, a person has to settle it (CR-3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from inventory.model import Device, Inventory
from inventory.text import Text
from rules.allowed import standpoint
from rules.doubt import reasons
from rules.evidence_age import only_from_files
from rules.exposure import Reached, is_administrator_place, management_ports, probes, unlisted
from rules.facts import Fact, Facts, Known, Unknown
from rules.flows import Flow, Flows, flows_into
from rules.model import Proof, Rule, Verdict, failed, passed, unknown
from rules.network_facts import Prefix
from rules.packets.boxes import ANY_ADDRESS, Box, Interval, intervals_without, keep, span
from rules.packets.fields import ALL_V4, TCP
from rules.packets.sets import NOTHING, without
from rules.probed_filter import (
    Crossing,
    HeldBack,
    disagreement,
    proof_of,
)
from rules.wording import phrase

FIREWALL = Text(vi="tường lửa", en="the firewall")


def check(
    device: Device,
    facts: Facts,
    management_allowlist: Fact[tuple[Prefix, ...]],
    network: Mapping[str, Facts],
    inventory: Inventory,
    now: datetime,
) -> Verdict:
    open_to = [
        seen
        for seen in unlisted(device, facts, inventory)
        if seen.scan.protocol == "tcp" and seen.port.port in management_ports(device, facts)
    ]
    on_filter = _on_the_filter(device, facts, network, inventory, now)
    if open_to:
        verdict = failed(
            "management answers places that are not on the list: {ports}",
            *[citation for seen in open_to for citation in seen.citations],
            ports=tuple(seen.shown for seen in open_to),
        )
        return replace(
            verdict, beside=_disagreements(open_to, management_allowlist, on_filter, inventory)
        )
    proof: list[Proof] = [management_allowlist, *_proof_of(on_filter)]
    enforced = tuple(_enforced(device, management_allowlist, on_filter))
    if not enforced:
        held = _held_back(device, facts, on_filter, inventory)
        return _without_control(management_allowlist, on_filter, proof, held)
    places = _probed_from(device, facts, inventory)
    if not places:
        return unknown(
            "addresses are restricted on {where}; no place off the list has tried it",
            *proof,
            where=enforced,
        )
    return passed(
        "addresses are restricted on {where}; management is closed to {places}",
        *proof,
        facts["exposure"],
        where=enforced,
        places=places,
    )


def _restricts(allowlist: Fact[tuple[Prefix, ...]]) -> bool | None:
    """The MCU names addresses, and none of them is everybody; None when it cannot be read."""
    if isinstance(allowlist, Unknown):
        return None
    return bool(allowlist.value) and all(prefix.prefixlen > 0 for prefix in allowlist.value)


@dataclass(frozen=True)
class _OnTheFilter:
    """What the gateway of the MCU's segment does with its management."""

    restricts: bool | None
    """Every line that admits management of the MCU names source addresses."""
    flows: Flows | Unknown
    crossing: Crossing | None = None
    past: tuple[Reached, ...] = ()
    """Ports of the MCU that answered although the filter denies it."""


def _on_the_filter(
    device: Device,
    facts: Facts,
    network: Mapping[str, Facts],
    inventory: Inventory,
    now: datetime,
) -> _OnTheFilter:
    zone = inventory.zone_of(device.address)
    if zone is None:
        why = phrase(
            "địa chỉ {address} không thuộc vùng mạng nào trong tệp khai báo",
            "{address} lies in no zone of the inventory",
            address=device.address,
        )
        return _OnTheFilter(None, Unknown(why))
    flows = flows_into(zone, inventory, network)
    if isinstance(flows, Unknown):
        return _OnTheFilter(None, flows)
    crossing = Crossing(zone.gateway or "", zone, inventory.zones, flows, inventory, network, now)
    past = tuple(seen for seen in crossing.got_past if seen.device.id == device.id)
    management = _management(device, facts, ANY_ADDRESS)
    to_management = [flow for flow in flows.flows if keep(flow.boxes, management)]
    restricts: bool | None = True if flows.complete and not past else None
    if any(flow.certain and not _names_sources(flow) for flow in to_management):
        restricts = False
    return _OnTheFilter(restricts, flows, crossing, past)


def _management(device: Device, facts: Facts, *sources: Interval) -> list[Box]:
    """Packets from there to any port through which the MCU is administered."""
    return [
        (source, span(device.address), (TCP, TCP), (port, port))
        for source in sources
        for port in management_ports(device, facts)
    ]


def _names_sources(flow: Flow) -> bool:
    """The line restricts who may come; a set that holds every address restricts nobody."""
    if flow.rule is None:
        return False
    sets = [region.source for region in flow.rule.may]
    return all(values is not None and without(ALL_V4, values) != NOTHING for values in sets)


def _disagreements(
    open_to: list[Reached],
    allowlist: Fact[tuple[Prefix, ...]],
    on_filter: _OnTheFilter,
    inventory: Inventory,
) -> tuple[Verdict, ...]:
    """That the filter, or the MCU's own list, denies what answered; none where neither does."""
    found: list[Text] = []
    proof: list[Proof] = []
    if _restricts(allowlist) and isinstance(allowlist, Known):
        own = [span(prefix) for prefix in allowlist.value]
        for seen in open_to:
            if not _meet(standpoint(seen.scan, inventory), own):
                found.append(_denied_by_itself(seen))
                proof += [*seen.citations, allowlist]
    reached_ports = {(seen.scan.vantage, seen.port.port) for seen in open_to}
    past = [one for one in on_filter.past if (one.scan.vantage, one.port.port) in reached_ports]
    if on_filter.crossing is not None:
        pairs = [(one, on_filter.crossing) for one in past]
        found += [disagreement(*pair) for pair in pairs]
        proof += proof_of(pairs)
    if not found:
        return ()
    return (failed("settings and network disagree: {ports}", *proof, ports=tuple(found)),)


def _meet(some: list[Interval], others: list[Interval]) -> bool:
    return any(a[0] <= b[1] and b[0] <= a[1] for a in some for b in others)


def _denied_by_itself(seen: Reached) -> Text:
    return phrase(
        "{reached} dù danh sách địa chỉ trên chính thiết bị không có nơi này",
        "{reached}, which the device's own list of addresses does not name",
        reached=seen.shown,
    )


def _proof_of(on_filter: _OnTheFilter) -> Iterator[Proof]:
    flows = on_filter.flows
    if isinstance(flows, Unknown):
        yield flows
        return
    open_lines = [f.citation for f in flows.flows if f.citation and not _names_sources(f)]
    if on_filter.restricts is False and open_lines:
        yield from open_lines
    else:
        yield flows.filters


def _enforced(
    device: Device, allowlist: Fact[tuple[Prefix, ...]], on_filter: _OnTheFilter
) -> Iterator[str | Text]:
    """The devices on which the restriction stands."""
    if _restricts(allowlist):
        yield device.id
    if on_filter.restricts:
        yield FIREWALL


def _without_control(
    allowlist: Fact[tuple[Prefix, ...]],
    on_filter: _OnTheFilter,
    proof: list[Proof],
    held: tuple[HeldBack, ...],
) -> Verdict:
    flows = on_filter.flows
    if isinstance(allowlist, Known) and on_filter.restricts is False:
        assert isinstance(flows, Flows)
        if held and (only_from_files(allowlist) or only_from_files(flows.filters)):
            return unknown(
                "saved files show no restriction of addresses, live probes do: {held}; a person "
                "has to settle it",
                *proof,
                *(one for seen in held for one in seen.proof),
                held=tuple(dict.fromkeys(seen.shown for seen in held)),
            )
        return failed(
            "neither the MCU nor the firewall names the addresses that may manage it", *proof
        )
    doubts: list[Text] = list(reasons([allowlist]))
    doubts += reasons([flows]) if isinstance(flows, Unknown) else flows.doubts
    if on_filter.crossing is not None:
        doubts += [disagreement(one, on_filter.crossing) for one in on_filter.past]
    return unknown("no restriction of addresses could be shown: {why}", *proof, why=tuple(doubts))


def _held_back(
    device: Device, facts: Facts, on_filter: _OnTheFilter, inventory: Inventory
) -> tuple[HeldBack, ...]:
    """Management that is open, and answered no place off the list."""
    crossing = on_filter.crossing
    if crossing is None:
        return ()
    listed = [span(prefix) for prefix in inventory.allowlist.management]
    unlisted_places = intervals_without([ANY_ADDRESS], listed)
    mine = [one for one in crossing.asked if one.device.id == device.id]
    return crossing.unanswered(_management(device, facts, *unlisted_places), mine)


def _probed_from(device: Device, facts: Facts, inventory: Inventory) -> tuple[str, ...]:
    """Places off the list from which every management port was asked."""
    management = management_ports(device, facts)
    return tuple(
        sorted(
            {
                scan.vantage
                for scan in probes(facts)
                if scan.protocol == "tcp"
                and not is_administrator_place(scan, inventory)
                and all(scan.asked(port) for port in management)
            }
        )
    )


RULE = Rule(
    check,
    id="D10.1-g",
    severity="S1",
    subject="device",
    kinds=frozenset({"mcu"}),
    from_files=False,
)
