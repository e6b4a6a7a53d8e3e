"""Small random policies and every packet that could tell two of them apart."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from rules.packets.fields import ICMP, TCP, UDP
from rules.packets.packet import Packet, is_possible, numbered
from rules.packets.policy import Action, Chain, Change, Policy, Region, Rewrite, Rule, Stage
from rules.packets.sets import Names, Numbers, numbers

ADDRESSES = (0, 1, 2, 3, 1 << 32, (1 << 32) + 1)
PORTS = (0, 80, 443, 65535)
PROTOCOLS = (TCP, UDP, ICMP, 50)
INTERFACES = ("eth0", "eth1", "wan")
STATES = ("new", "established")


def packets() -> Iterator[Packet]:
    """Every packet that rules with those values could tell from another."""
    addresses = (*ADDRESSES, 9, (1 << 32) + 9)
    for source, destination, protocol in product(addresses, addresses, (*PROTOCOLS, 47, 58)):
        ports = (*PORTS, 1) if protocol in {TCP, UDP} else (0,)
        places = (*INTERFACES, "eth9", "ppp")
        for port, state, entering in product(ports, (*STATES, "invalid"), places):
            packet = numbered(
                source,
                destination,
                protocol,
                destination_port=port,
                entering=entering,
                leaving="lan",
                state=state,
            )
            if is_possible(packet):
                yield packet


def policy(chance: random.Random, *, uncertain: float = 0.2, stages: int = 1) -> Policy:
    """Chains that jump forward only, so that none calls itself."""
    chains: dict[str, Chain] = {}
    names = [f"c{n}" for n in range(chance.randint(0, 3))]
    for number, name in reversed(list(enumerate(names))):
        chains[name] = Chain(
            name, rules(chance, names[number + 1 :], uncertain, 100 * (number + 1))
        )
    bound = []
    for number in range(stages):
        name = f"base{number}"
        default = chance.choice(["permit", "deny", "deny"])
        chains[name] = Chain(name, rules(chance, names, uncertain, 1000 * (number + 1)), default)
        concerns = region(chance, 0.8) if stages > 1 or chance.random() < 0.3 else Region()
        bound.append(Stage(name, concerns, stateful=chance.random() < 0.2))
    return Policy(tuple(bound), chains)


def translating(chance: random.Random, given: Policy) -> Policy:
    """The policy with address translation before some of its stages."""
    stages = tuple(
        replace(stage, rewrites=tuple(rewrite(chance, 5000 + 10 * at + n) for n in range(2)))
        if chance.random() < 0.8
        else stage
        for at, stage in enumerate(given.stages)
    )
    return replace(given, stages=stages)


def rewrite(chance: random.Random, line: int) -> Rewrite:
    """Port forwarding, one-to-one networks, or a rule that exempts its packets."""
    kind = chance.choice(["forward", "network", "exempt"])
    first = region(chance)
    few = chance.sample(ADDRESSES[:4], 2)
    if kind == "forward":
        ports = numbers([(80, 80), (443, 443)])
        matched = replace(
            first,
            destination=numbers((v, v) for v in few),
            protocol=numbers([(TCP, TCP), (UDP, UDP)]),
            destination_port=ports,
        )
        change = {"destination": Change(chance.choice(ADDRESSES[:4]))}
        if chance.random() < 0.5:
            change["destination_port"] = Change(chance.choice(PORTS[1:]))
    elif kind == "network":
        matched = replace(first, source=numbers([(0, 1)]))
        change = {"source": Change(chance.choice([1, 2]), shifts=True)}
    else:
        matched, change = first, {}
    return Rewrite(Rule("continue", line, f"nat {line}", (matched,)), **change)


def rules(
    chance: random.Random, targets: list[str], uncertain: float, line: int
) -> tuple[Rule, ...]:
    found = []
    for number in range(chance.randint(0, 6)):
        action: Action = chance.choice(["permit", "deny", "jump", "return", "goto", "continue"])
        if action in {"jump", "goto"} and not targets:
            action = "permit"
        target = chance.choice(targets) if action in {"jump", "goto"} else None
        may = tuple(region(chance) for _ in range(chance.randint(1, 2)))
        must: tuple[Region, ...] | None = None
        if chance.random() < uncertain:
            must = may[:1] if chance.random() < 0.3 and len(may) > 1 else ()
        why = "" if must is None else f"condition {line + number}"
        found.append(Rule(action, line + number, f"rule {line + number}", may, must, target, why))
    return tuple(found)


def region(chance: random.Random, any_field: float = 0.5) -> Region:
    def some(values: tuple[int, ...]) -> Numbers | None:
        if chance.random() < any_field:
            return None
        return numbers((v, v) for v in chance.sample(values, chance.randint(1, len(values) - 1)))

    def named(values: tuple[str, ...]) -> Names | None:
        if chance.random() < any_field:
            return None
        chosen = chance.sample(values, chance.randint(1, len(values) - 1))
        beginnings = frozenset({"eth"}) if chance.random() < 0.2 else frozenset()
        return Names(frozenset(chosen), beginnings, chance.random() < 0.3)

    port = some(PORTS)
    return Region(
        source=some(ADDRESSES),
        destination=some(ADDRESSES),
        protocol=numbers([(TCP, TCP), (UDP, UDP)]) if port is not None else some(PROTOCOLS),
        destination_port=port,
        entering=named(INTERFACES),
        state=named(STATES) if chance.random() < 0.3 else None,
    )
