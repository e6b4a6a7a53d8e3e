"""Only named addresses can administer the MCU, and a probe from another address agrees.

The restriction may stand on the MCU or on the gateway; a filter line that names an interface but no
source address is no address control. A management port that answers an unlisted place fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inventory.model import Device, Inventory
from inventory.text import Text
from rules.doubt import reasons
from rules.exposure import is_administrator_place, management_ports, probes, unlisted
from rules.facts import Fact, Facts, Known, Unknown
from rules.flows import Flow, Flows, flows_into
from rules.model import Proof, Rule, Verdict, failed, passed, unknown
from rules.network_facts import Prefix
from rules.packets.boxes import ANY_ADDRESS, Box, keep, span
from rules.packets.fields import ALL_V4, TCP
from rules.packets.sets import NOTHING, without
from rules.wording import phrase

FIREWALL = Text(vi="tường lửa", en="the firewall")


def check(
    device: Device,
    facts: Facts,
    management_allowlist: Fact[tuple[Prefix, ...]],
    network: Mapping[str, Facts],
    inventory: Inventory,
) -> Verdict:
    open_to = [
        seen
        for seen in unlisted(device, facts, inventory)
        if seen.scan.protocol == "tcp" and seen.port.port in management_ports(device, facts)
    ]
    if open_to:
        return failed(
            "management answers places that are not on the list: {ports}",
            *[citation for seen in open_to for citation in seen.citations],
            ports=tuple(seen.shown for seen in open_to),
        )
    on_filter = _on_the_filter(device, facts, network, inventory)
    proof: list[Proof] = [management_allowlist, *_proof_of(on_filter)]
    enforced = tuple(_enforced(device, management_allowlist, on_filter))
    if not enforced:
        return _without_control(management_allowlist, on_filter, proof)
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


def _on_the_filter(
    device: Device, facts: Facts, network: Mapping[str, Facts], inventory: Inventory
) -> tuple[bool | None, Flows | Unknown]:
    """Whether every line that admits management of the MCU names source addresses."""
    zone = inventory.zone_of(device.address)
    if zone is None:
        why = phrase(
            "địa chỉ {address} không thuộc vùng mạng nào trong tệp khai báo",
            "{address} lies in no zone of the inventory",
            address=device.address,
        )
        return None, Unknown(why)
    flows = flows_into(zone, inventory, network)
    if isinstance(flows, Unknown):
        return None, flows
    management: list[Box] = [
        (ANY_ADDRESS, span(device.address), (TCP, TCP), (port, port))
        for port in management_ports(device, facts)
    ]
    to_management = [flow for flow in flows.flows if keep(flow.boxes, management)]
    if any(flow.certain and not _names_sources(flow) for flow in to_management):
        return False, flows
    return (True if flows.complete else None), flows


def _names_sources(flow: Flow) -> bool:
    """The line restricts who may come; a set that holds every address restricts nobody."""
    if flow.rule is None:
        return False
    sets = [region.source for region in flow.rule.may]
    return all(values is not None and without(ALL_V4, values) != NOTHING for values in sets)


def _proof_of(on_filter: tuple[bool | None, Flows | Unknown]) -> Iterator[Proof]:
    restricted, flows = on_filter
    if isinstance(flows, Unknown):
        yield flows
        return
    open_lines = [f.citation for f in flows.flows if f.citation and not _names_sources(f)]
    if restricted is False and open_lines:
        yield from open_lines
    else:
        yield flows.filters


def _enforced(
    device: Device,
    allowlist: Fact[tuple[Prefix, ...]],
    on_filter: tuple[bool | None, Flows | Unknown],
) -> Iterator[str | Text]:
    """The devices on which the restriction stands."""
    if _restricts(allowlist):
        yield device.id
    if on_filter[0]:
        yield FIREWALL


def _without_control(
    allowlist: Fact[tuple[Prefix, ...]],
    on_filter: tuple[bool | None, Flows | Unknown],
    proof: list[Proof],
) -> Verdict:
    restricted, flows = on_filter
    if isinstance(allowlist, Known) and restricted is False:
        return failed(
            "neither the MCU nor the firewall names the addresses that may manage it", *proof
        )
    doubts: list[Text] = list(reasons([allowlist]))
    doubts += reasons([flows]) if isinstance(flows, Unknown) else flows.doubts
    return unknown("no restriction of addresses could be shown: {why}", *proof, why=tuple(doubts))


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
