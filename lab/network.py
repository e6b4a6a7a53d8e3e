"""Cables, addresses and routes: bridges for segments, a veth pair for every interface."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable

from lab.namespaces import tool
from lab.situation import Situation
from lab.topology import Host, Plan

NAMED_NETWORKS = "/run/netns"


class NetworkError(Exception):
    """`ip` or `nft` refused; the text holds what it said."""


def run_all(commands: Iterable[tuple[list[str], str]]) -> None:
    """Every command has succeeded with its input, all at the same time. Raises NetworkError."""
    running = [
        (
            words,
            text,
            subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            ),
        )
        for words, text in commands
    ]
    problems = []
    for words, text, process in running:
        said, _ = process.communicate(text.encode())
        if process.returncode != 0:
            problems.append(f"{' '.join(words)}: {said.decode(errors='replace').strip()}")
    if problems:
        raise NetworkError("\n".join(problems))


def _bridge(plan: Plan, zone_id: str) -> str:
    return f"z{[z.id for z in plan.zones].index(zone_id)}"


def _ports(plan: Plan) -> list[tuple[str, Host, str]]:
    """(name at the bridge, host, interface) of every cable."""
    return [
        (f"p{number}", host, interface)
        for number, (host, interface) in enumerate(
            (host, interface) for host in plan.hosts for interface, _ in host.interfaces
        )
    ]


def create_networks(plan: Plan) -> None:
    """Every host has its named network, without cables."""
    names = "".join(f"netns add {host.id}\n" for host in plan.hosts)
    run_all([([tool("ip"), "-batch", "-"], names)])


def lay_cables(plan: Plan) -> None:
    """Every segment is a bridge and every interface hangs on a cable that ends at none yet."""
    bridges = [_bridge(plan, z.id) for z in plan.zones]
    lines = [f"link add {bridge} type bridge\nlink set {bridge} up" for bridge in bridges]
    lines += [
        f"link add {port} type veth peer name {interface} netns {host.id}"
        for port, host, interface in _ports(plan)
    ]
    run_all([([tool("ip"), "-batch", "-"], "\n".join(lines) + "\n")])


def plug_in(situation: Situation, hosts: Iterable[Host] | None = None) -> None:
    """Those hosts (all, when none are named) hang where the situation has them, with address and
    routes, or on nothing.
    """
    plan = situation.plan
    chosen = {host.id for host in (plan.hosts if hosts is None else hosts)}
    ends = []
    for port, host, interface in _ports(plan):
        if host.id in chosen:
            segment = _bridge(plan, situation.place(host.id, interface).zone)
            state = "down" if host.id in situation.powered_off else "up"
            ends.append(f"link set {port} master {segment} {state}\n")
    run_all([([tool("ip"), "-batch", "-"], "".join(ends))])
    run_all(
        ([tool("ip"), "-n", host.id, "-batch", "-"], _inside(host, situation))
        for host in plan.hosts
        if host.id in chosen
    )


def _inside(host: Host, situation: Situation) -> str:
    lines = ["link set lo up"]
    for interface, _ in host.interfaces:
        place = situation.place(host.id, interface)
        prefix = situation.plan.zone(place.zone).prefix
        lines += [
            f"addr flush dev {interface}",
            f"addr add {place.address}/{prefix.prefixlen} brd + dev {interface}",
            f"link set {interface} up",
        ]
    for destination, hop in situation.routes.get(host.id, {}).items():
        lines.append(f"route replace {destination} via {hop}")
    if len(host.interfaces) == 1:
        gateway = situation.plan.zone(situation.place(host.id).zone).gateway_address
        lines.append(f"route replace default via {gateway}")
    return "\n".join(lines) + "\n"


def change_routes(old: Situation, new: Situation) -> None:
    """Routers have the new situation's routes and none that only the old one had."""
    commands = []
    for host_id, routes in new.routes.items():
        before = old.routes.get(host_id, {})
        if routes == before:
            continue
        lines = [f"route del {gone}" for gone in before if gone not in routes]
        lines += [f"route replace {to} via {hop}" for to, hop in routes.items()]
        commands.append(([tool("ip"), "-n", host_id, "-batch", "-"], "\n".join(lines) + "\n"))
    run_all(commands)


def forget_neighbours(hosts: Iterable[Host], situation: Situation) -> None:
    """The gateways' tables hold nothing old of those hosts."""
    commands = []
    for host in hosts:
        for place in {situation.place(host.id), dict(host.interfaces)["eth0"]}:
            segment = situation.plan.zone(place.zone)
            words = [tool("ip"), "-n", segment.gateway, "neigh", "flush"]
            commands.append(([*words, "to", str(place.address), "dev", segment.interface], ""))
    run_all(commands)


def load_filters(rules: Iterable[tuple[str, str]]) -> None:
    """Each host has that nftables rule set in force, completely."""
    run_all(
        ([tool("nsenter"), f"--net={NAMED_NETWORKS}/{host_id}", tool("nft"), "-f", "-"], text)
        for host_id, text in rules
    )
