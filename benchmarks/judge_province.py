"""How long Article 10 takes for a whole province, and the segmentation matrix.

    python benchmarks/judge_province.py [--sites 170] [--policies 2000] [--one-gateway] [--whole]

An invented province: at every site a conferencing segment and two others behind a router with an
access list, in the middle a firewall with thousands of policies in front of the MCU. With
`--one-gateway` every segment hangs on that firewall instead, on an interface of its own. The matrix
is the one that a report of this size shows; with `--whole` that of all pairs of zones too.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from ipaddress import IPv4Address, IPv4Interface, IPv4Network
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from inventory.model import (  # noqa: E402
    AllowedService,
    Allowlist,
    Device,
    Inventory,
    Organisation,
    Site,
    Zone,
)
from inventory.model import Document as Approved  # noqa: E402
from reports.segmentation import shown_pairs  # noqa: E402
from rules.facts import Citation, Facts, Known  # noqa: E402
from rules.judge import judge_one  # noqa: E402
from rules.network_facts import Interface, Route  # noqa: E402
from rules.requirements import REQUIREMENTS  # noqa: E402
from rules.segmentation import matrix  # noqa: E402
from rules.world import World  # noqa: E402
from scanner.evidence import Document  # noqa: E402
from scanner.platforms import find  # noqa: E402

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
CITED = (Citation("invented", "C", NOW, "show"),)
KINDS = ("hnth", "office", "office")
CENTRAL = {
    "mcu": ("hnth", "10.0.1.0/24"),
    "quan-tri": ("management", "10.0.2.0/24"),
    "may-chu": ("server", "10.0.3.0/24"),
    "van-phong": ("office", "10.0.4.0/24"),
    "tslcd": ("tslcd", "10.254.0.0/16"),
    "ngoai": ("outside", "203.0.113.0/24"),
}
SITE_FILTER = """\
hostname r-{site}
ip access-list extended VAO
 permit udp 10.0.1.0 0.0.0.255 {home} 0.0.0.255 range 49152 65535
 permit tcp 10.0.1.0 0.0.0.255 {home} 0.0.0.255 eq 5061
 permit tcp 10.0.2.0 0.0.0.255 {home} 0.0.0.255 eq 443
 deny ip any any
ip access-list extended RA
 permit udp {home} 0.0.0.255 10.0.1.0 0.0.0.255 range 49152 65535
 permit tcp {home} 0.0.0.255 10.0.1.0 0.0.0.255 eq 5061
 deny ip any any
interface Gi0
 ip access-group VAO out
 ip access-group RA in
"""


def site_id(number: int) -> str:
    return f"xa-{number}"


def network_at(number: int, segment: int) -> IPv4Network:
    return IPv4Network((10 << 24 | (number + 1) << 16 | segment << 8, 24))


def inventory(sites: int, *, one_gateway: bool) -> Inventory:
    """The declared province: its middle is the site `trung-tam`."""
    zones = [
        Zone(
            id=name,
            kind=kind,  # type: ignore[arg-type]
            site="trung-tam",
            prefixes=(IPv4Network(prefix),),
            gateway="tuong-lua",
            interface=name,
        )
        for name, (kind, prefix) in CENTRAL.items()
    ]
    devices = [
        Device(id="tuong-lua", kind="firewall", site="trung-tam", address=IPv4Address("10.0.2.1")),
        Device(id="mcu-1", kind="mcu", site="trung-tam", address=IPv4Address("10.0.1.10")),
    ]
    for number in range(sites):
        site, router = site_id(number), f"r-{site_id(number)}"
        for segment, kind in enumerate(KINDS):
            inside = f"{site}-{segment}" if one_gateway else f"Gi{segment}"
            zones.append(
                Zone(
                    id=f"{site}-{segment}",
                    kind=kind,  # type: ignore[arg-type]
                    site=site,
                    prefixes=(network_at(number, segment),),
                    gateway="tuong-lua" if one_gateway else router,
                    interface=inside,
                )
            )
        home = network_at(number, 0)
        if not one_gateway:
            devices.append(Device(id=router, kind="router", site=site, address=home[1]))
        devices.append(Device(id=f"vcs-{site}", kind="vcs", site=site, address=home[10]))
    return Inventory(
        organisation=Organisation(name="Ủy ban nhân dân tỉnh", province="Tỉnh"),
        sites=(
            Site(id="trung-tam", name="Trung tâm", level="province"),
            *(Site(id=site_id(n), name=f"Xã {n}", level="commune") for n in range(sites)),
        ),
        zones=tuple(zones),
        devices=tuple(devices),
        allowlist=allowlist(),
    )


def allowlist() -> Allowlist:
    """Signalling and media between the MCU and every site."""
    towards, back = ("mcu", "10.0.0.0/8"), ("10.0.0.0/8", "mcu")
    services = [
        AllowedService(
            id=f"dich-vu-{number}",
            sources=(source,),
            destinations=(destination,),
            protocol=protocol,  # type: ignore[arg-type]
            ports=(ports,),
        )
        for number, ((source, destination), protocol, ports) in enumerate(
            (way, *what)
            for way in (towards, back)
            for what in (("tcp", "5061"), ("tcp", "1720"), ("udp", "49152-65535"))
        )
    ]
    approved = Approved(number="12/QĐ", issued=date(2026, 6, 1), signer="Giám đốc")
    return Allowlist(
        approved=approved, services=tuple(services), management=(IPv4Network("10.0.2.0/24"),)
    )


def firewall(policies: int, sites: int, *, one_gateway: bool) -> str:
    """FortiGate policies: what each site may reach, and what else grew over the years."""
    chance = random.Random(170)  # noqa: S311 - the same policies every time
    text = [
        "#config-version=FGT60F-7.4.1-FW-build2463-230830:opmode=0:vdom=0",
        "config firewall address",
    ]
    networks = {f"s{n}": network_at(n, 0) for n in range(sites)}
    networks |= {name: IPv4Network(prefix) for name, (_, prefix) in CENTRAL.items()}
    networks |= {f"h{n}": network_at(chance.randrange(sites), 1) for n in range(300)}
    for name, network in networks.items():
        text += [f'edit "{name}"', f"set subnet {network.with_netmask.replace('/', ' ')}", "next"]
    text += ["end", "config firewall service custom"]
    for name, protocol, ports in (("sip", "tcp", "5061"), ("rtp", "udp", "49152-65535")):
        text += [f'edit "{name}"', f"set {protocol}-portrange {ports}", "next"]
    for number in range(80):
        text += [f'edit "p{number}"', f"set tcp-portrange {1000 + number * 7}", "next"]
    text += ["end", "config firewall policy"]
    inner = [name for name in CENTRAL if name != "ngoai"]
    for number in range(1, policies + 1):
        site = chance.randrange(sites)
        if number % 4 == 0:
            there = f"{site_id(site)}-0" if one_gateway else "tslcd"
            ends = [(there, f"s{site}"), ("mcu", "mcu")]
            if number % 8 == 0:
                ends.reverse()
            service, action = chance.choice(["sip", "rtp"]), "accept"
        else:
            ends = [(p, chance.choice(["all", f"h{chance.randrange(300)}"])) for p in inner]
            ends = chance.sample(ends, 2)
            service, action = f"p{chance.randrange(80)}", chance.choice(["accept", "deny", "deny"])
        (source_place, source), (place, destination) = ends
        text += [
            f"edit {number}",
            f'set srcintf "{source_place}"',
            f'set dstintf "{place}"',
            f'set srcaddr "{source}"',
            f'set dstaddr "{destination}"',
            f"set action {action}",
            'set schedule "always"',
            f'set service "{service}"',
            "next",
        ]
    return "\n".join([*text, "end", ""])


def filters_of(text: str, family: str) -> Any:
    document = Document(text.encode(), "config", "C", NOW, "show")
    return find(family).read([document]).facts["filters"]


def known(value: object) -> Known[Any]:
    return Known(value, CITED)


def route(destination: IPv4Network, interface: str, via: str | None = None) -> Route:
    return Route(destination, IPv4Address(via) if via else None, interface)


def facts_of_firewall(policies: int, sites: int, *, one_gateway: bool) -> Facts:
    places = {name: IPv4Network(prefix) for name, (_, prefix) in CENTRAL.items()}
    if one_gateway:
        places |= {
            f"{site_id(n)}-{segment}": network_at(n, segment)
            for n in range(sites)
            for segment in range(len(KINDS))
        }
    interfaces = tuple(
        Interface(name, (IPv4Interface((net[1], net.prefixlen)),)) for name, net in places.items()
    )
    routes = [route(net, name) for name, net in places.items()]
    routes.append(route(IPv4Network("0.0.0.0/0"), "ngoai", "203.0.113.254"))
    if not one_gateway:
        for n in range(sites):
            for segment in range(len(KINDS)):
                routes.append(route(network_at(n, segment), "tslcd", f"10.254.{n + 1}.1"))
    return Facts(
        {
            "filters": filters_of(firewall(policies, sites, one_gateway=one_gateway), "fortios"),
            "interfaces": known(interfaces),
            "routes": known(tuple(routes)),
            "neighbours": known(()),
        }
    )


def facts_of_routers(sites: int) -> Iterator[tuple[str, Facts]]:
    for number in range(sites):
        site = site_id(number)
        inside = [(f"Gi{n}", network_at(number, n)) for n in range(len(KINDS))]
        line = IPv4Interface(f"10.254.{number + 1}.1/16")
        interfaces = [Interface(name, (IPv4Interface((net[1], 24)),)) for name, net in inside]
        routes = [route(net, name) for name, net in inside]
        text = SITE_FILTER.format(site=site, home=network_at(number, 0).network_address)
        yield (
            f"r-{site}",
            Facts(
                {
                    "filters": filters_of(text, "cisco-ios"),
                    "interfaces": known((*interfaces, Interface("Gi9", (line,)))),
                    "routes": known(
                        (*routes, route(IPv4Network("0.0.0.0/0"), "Gi9", "10.254.0.1"))
                    ),
                    "neighbours": known(()),
                }
            ),
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sites", type=int, default=170)
    options.add_argument("--policies", type=int, default=2000)
    options.add_argument("--one-gateway", action="store_true")
    options.add_argument("--whole", action="store_true")
    options.add_argument("--only", help="one requirement, or `matrix`")
    chosen = options.parse_args()
    one = chosen.one_gateway
    facts = {"tuong-lua": facts_of_firewall(chosen.policies, chosen.sites, one_gateway=one)}
    if not one:
        facts |= facts_of_routers(chosen.sites)
    world = World(inventory(chosen.sites, one_gateway=one), facts, NOW)
    print(f"{len(world.inventory.zones)} zones, {len(world.inventory.devices)} devices")
    begun = time.process_time()
    for wanted in REQUIREMENTS:
        if wanted.startswith("D10.") and chosen.only in {None, wanted}:
            at = time.process_time()
            found = judge_one(wanted, world)
            counted = Counter(finding.outcome.value for finding in found)
            shown = ", ".join(f"{outcome} {n}" for outcome, n in sorted(counted.items()))
            print(f"{wanted:8}{time.process_time() - at:8.2f}  {shown}", flush=True)
    print(f"Article 10 {time.process_time() - begun:.2f} s of the processor")
    for all_of_them in (False, *([True] if chosen.whole else [])):
        if chosen.only in {None, "matrix"}:
            at = time.process_time()
            pairs = None if all_of_them else shown_pairs(world.inventory)
            cells = matrix(world.inventory, world.network, *([pairs] if pairs else []))
            states = dict(Counter(cell.state for cell in cells))
            spent = time.process_time() - at
            print(f"matrix of {len(cells):,} cells {spent:.2f} s: {states}", flush=True)


if __name__ == "__main__":
    main()
