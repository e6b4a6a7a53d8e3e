"""How fast two versions of a filter are compared: 10,000 lines and one of them changed.

    python benchmarks/compare_filters.py [--lines 10000]

The access list of `prove_separation.py` is read once; the second version differs by one line that
is inserted, deleted, moved or widened, then by a hundred lines, then by its default.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from prove_separation import WHOLE_ZONE, access_list, policy_of  # noqa: E402

from rules.packets.difference import difference  # noqa: E402
from rules.packets.policy import EVERYTHING, Policy, Region, Rule  # noqa: E402

AROUND = (Region(source=WHOLE_ZONE), Region(destination=WHOLE_ZONE))


def main() -> None:
    """Prints one line for each change."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=10_000)
    lines = options.parse_args().lines
    old = policy_of(access_list(lines), "cisco-ios")
    for name, change in CHANGES.items():
        new = changed(old, change)
        for what, traffic in (("everything", (EVERYTHING,)), ("the zone", AROUND)):
            started = time.perf_counter()
            found = difference(old, new, traffic)
            spent = time.perf_counter() - started
            told = f"{len(found.changes)} pairs of lines, {len(found.open)} left open"
            print(f"{name:28} {what:10} {spent:6.2f} s  {told}")


def changed(old: Policy, change: Callable[[list[Rule]], None]) -> Policy:
    """A version with the rules changed; nothing else is the same object as before."""
    (name,) = (stage.chain for stage in old.stages)
    rules = [replace(rule, line=rule.line + 1) for rule in old.chains[name].rules]
    change(rules)
    return replace(old, chains={**old.chains, name: replace(old.chains[name], rules=tuple(rules))})


def _insert(rules: list[Rule]) -> None:
    rules.insert(len(rules) // 2, Rule("permit", 1, "new", (Region(destination=WHOLE_ZONE),)))


def _widen(rules: list[Rule]) -> None:
    at = next(n for n in range(len(rules) // 2, len(rules)) if rules[n].action == "permit")
    rules[at] = replace(rules[at], may=tuple(replace(one, source=None) for one in rules[at].may))


def _delete(rules: list[Rule]) -> None:
    del rules[next(n for n in range(len(rules) // 2, len(rules)) if rules[n].action == "permit")]


def _move(rules: list[Rule]) -> None:
    rules.insert(0, rules.pop())


def _hundred(rules: list[Rule]) -> None:
    chance = random.Random(6)  # noqa: S311 - the same lines every time
    for at in sorted(chance.sample(range(len(rules)), min(100, len(rules))), reverse=True):
        del rules[at]


def _open(rules: list[Rule]) -> None:
    rules.insert(0, Rule("permit", 1, "everything"))


def _nothing(_: list[Rule]) -> None:
    pass


CHANGES: dict[str, Callable[[list[Rule]], None]] = {
    "nothing changed": _nothing,
    "one line deleted": _delete,
    "one line widened": _widen,
    "last line first": _move,
    "the zone opened in the middle": _insert,
    "a hundred lines deleted": _hundred,
    "everything opened at the top": _open,
}

if __name__ == "__main__":
    main()
