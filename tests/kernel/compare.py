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
from dataclasses import dataclass, field

from rules.packets.interpret import decide
from rules.packets.policy import Policy
from scanner.platforms import iptables
from scanner.platforms.nftables.as_json import text_of
from scanner.platforms.nftables.policy import policy as nft_policy
from tests.kernel.rule_sets import Iptables, Nft
from tests.kernel.traffic import Traffic
from tests.kernel.wires import Flow, Wires, recognised, run

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
    left_by = recognised(flow.content, wires.arrived())
    if left_by is None:
        left_by = recognised(flow.content, wires.arrived(0.002))
    passed = left_by is not None
    outcome.packets += 1
    outcome.permitted += passed
    for number, policy in enumerate(loaded.policies[flow.packet.source.version]):
        decision = decide(policy, flow.packet)
        if decision.answer == "unknown":
            outcome.unknown += number == 0
            outcome.why[decision.why] += 1
        elif (decision.answer == "permit") != passed or left_by not in {None, flow.packet.leaving}:
            said = f"{decision.answer} by {decision.rule.text if decision.rule else 'the end'}"
            outcome.wrong.append(
                f"{loaded.kind} reading {number}: {flow.packet} came out at {left_by}, said: {said}"
                f" in {decision.chain}\n{loaded.text}"
            )


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
