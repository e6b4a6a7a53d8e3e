"""The kernel and `decide` on the same rule sets and packets: run in a network namespace of its own.

Prints one line of JSON: how many rule sets and packets, how many answers were unknown, and every
disagreement. `python -m tests.kernel.compare --sets 100 --seed 1`
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field, replace

from rules.packets.fields import WITH_PORTS
from rules.packets.interpret import decide
from rules.packets.packet import Packet
from rules.packets.policy import Policy
from scanner.platforms import iptables
from scanner.platforms.nftables.as_json import text_of
from scanner.platforms.nftables.policy import policy as nft_policy
from tests.kernel.rule_sets import Iptables, Nft
from tests.kernel.traffic import Traffic, leaves_by
from tests.kernel.wires import Flow, Wires, arrival, run

PACKETS = 20
HAS_IPTABLES = all(
    shutil.which(f"{name}-{kind}-restore")
    for name in ("iptables", "ip6tables")
    for kind in ("nft", "legacy")
)

WATCH = """
table inet watch {
    chain w {
        type filter hook prerouting priority -400
        ct state new
    }
}
"""
"""Makes the kernel follow connections whatever the rule set asks for."""


@dataclass
class Outcome:
    sets: int = 0
    refused: int = 0
    packets: int = 0
    permitted: int = 0
    unknown: int = 0
    translated: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@dataclass
class RuleSet:
    """A rule set that is loaded, as several readings of it."""

    kind: str
    text: str
    policies: dict[int, list[Policy]]
    """Version of IP -> what was read from the text and from listings."""


def compare(sets: int, seed: int) -> Outcome:
    """Loads so many rule sets and sends packets through each."""
    wires = Wires()
    run("nft", "-f", "-", given=WATCH)
    wires.tracking()
    chance = random.Random(seed)
    traffic = Traffic(chance)
    outcome = Outcome()
    while outcome.sets < sets and outcome.refused <= sets:
        flows = [traffic.flow() for _ in range(PACKETS)]
        for flow in flows:
            for entering, content in flow.before:
                wires.send(entering, content)
        wires.arrived()
        try:
            loaded = _load(chance, number=outcome.sets + outcome.refused)
        except subprocess.CalledProcessError as error:
            outcome.refused += 1
            outcome.why[f"refused: {error.stderr.strip().splitlines()[:1]}"[:120]] += 1
            _clear()
            continue
        outcome.sets += 1
        outcome.kinds[loaded.kind] += 1
        for flow in flows:
            _one(wires, loaded, flow, outcome)
        _clear()
    return outcome


def _one(wires: Wires, loaded: RuleSet, flow: Flow, outcome: Outcome) -> None:
    wires.send(flow.packet.entering, flow.content)
    came = arrival(flow.content, wires.arrived()) or arrival(flow.content, wires.arrived(0.002))
    outcome.packets += 1
    outcome.permitted += came is not None
    for number, policy in enumerate(loaded.policies[flow.packet.source.version]):
        translated = _translated(policy, flow.packet)
        leaving = leaves_by(str(translated.destination))
        decision = decide(policy, replace(flow.packet, leaving=leaving))
        outcome.translated += number == 0 and translated != flow.packet
        if decision.answer == "unknown":
            outcome.unknown += number == 0
            outcome.why[decision.why] += 1
            continue
        said = f"{decision.answer} by {decision.rule.text if decision.rule else 'the end'}"
        ends = None if came is None else came[1]
        wrong = (decision.answer == "permit") != (came is not None)
        if came is not None and flow.packet.state == "new":
            expected = str(translated.source), str(translated.destination)
            wrong = wrong or came[0] != leaving or came[1][:2] != expected
            if translated.protocol in WITH_PORTS:
                wrong = wrong or came[1][2] != translated.destination_port
        if wrong:
            outcome.wrong.append(
                f"{loaded.kind} reading {number}: {flow.packet} came out as {came and came[0]}"
                f" {ends}, expected {translated}, said: {said} in {decision.chain}\n{loaded.text}"
            )


def _translated(policy: Policy, packet: Packet) -> Packet:
    """The packet after the last stage; where it leaves follows from the routes."""
    for stage in policy.stages:
        for rewrite in stage.rewrites:
            by_route = replace(packet, leaving=leaves_by(str(packet.destination)))
            if any(by_route.is_in(region) for region in rewrite.rule.may):
                packet = packet.translated(rewrite.changes)
                break
    return packet


def _load(chance: random.Random, number: int) -> RuleSet:
    listed = number % 4 == 0
    if number % 2 == 0 or not HAS_IPTABLES:
        text = Nft(chance).text()
        run("nft", "-f", "-", given=text)
        readings = [nft_policy(text.split("\n"), live=True)[0]]
        if listed:
            listing = run("nft", "list", "ruleset")
            readings.append(nft_policy(listing.split("\n"), live=True)[0])
            as_text = text_of(run("nft", "-j", "list", "ruleset"))
            assert as_text is not None
            readings.append(nft_policy(as_text, live=True)[0])
        return RuleSet("nft", text, {4: readings, 6: readings})
    kind = "nft" if chance.random() < 0.5 else "legacy"
    texts, policies = {}, {}
    for version, name in ((4, "iptables"), (6, "ip6tables")):
        text = texts[version] = Iptables(chance, version).text()
        run(f"{name}-{kind}-restore", given=text)
        policies[version] = [iptables.policy(text.split("\n"), version)[0]]
        if chance.random() < 0.3:
            saved = run(f"{name}-{kind}-save")
            policies[version].append(iptables.policy(saved.split("\n"))[0])
    return RuleSet(f"iptables-{kind}", texts[4] + texts[6], policies)


_EMPTY = "".join(
    f"*{table}\n" + "".join(f":{chain} ACCEPT [0:0]\n" for chain in chains) + "COMMIT\n"
    for table, chains in (
        ("filter", ("INPUT", "FORWARD", "OUTPUT")),
        ("mangle", ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")),
        ("raw", ("PREROUTING", "OUTPUT")),
        ("nat", ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")),
    )
)


def _clear() -> None:
    run("nft", "-f", "-", given="flush ruleset\n" + WATCH)
    if HAS_IPTABLES:
        for name in ("iptables", "ip6tables"):
            run(f"{name}-legacy-restore", given=_EMPTY)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    outcome = compare(given.sets, given.seed)
    json.dump(vars(outcome), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
