"""How fast separation is proved from a configuration, beside z3 and a BDD engine.

    python benchmarks/prove_separation.py [--sizes 1000,10000,100000] [--without-z3]

A router's access list towards the conferencing network is invented, written as IOS text, parsed,
and compared with an allowlist of 60 entries: every line that leaks with a packet that shows it, and
every entry that is blocked. OxiDD walks the same rules from the top; z3 is asked for one leaking
line after the other until there is none (in an environment of its own that is thrown away). All
three must name the same lines. The next table puts static translations before the same list, which
the other two are not asked about: neither knows a packet that changes on its way. The last line is
a FortiGate configuration of 2,000 policies with nested groups, which would be millions of boxes
written out.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rules.packets.fields import ALL_V4  # noqa: E402
from rules.packets.in_series import in_series  # noqa: E402
from rules.packets.policy import Chain, Hop, Policy, Region  # noqa: E402
from rules.packets.prove import Proof, blocked, leaks  # noqa: E402
from rules.packets.sets import names, numbers  # noqa: E402
from rules.packets.space import possible  # noqa: E402
from scanner.evidence import Document  # noqa: E402
from scanner.platforms import find  # noqa: E402

ZONE = (10 << 24) | (67 << 16)
WHOLE_ZONE = numbers([(ZONE, ZONE | 0xFFFF)])
PUBLISHED = ((203 << 24) | (113 << 8), (203 << 24) | (113 << 8) | 255)
SIGNALLING = (1720, 5060, 5061)
PORTS = (22, 80, 443, 445, 3389, 8443, *SIGNALLING)
Z3 = "z3-solver==5.4.1.0"


def address(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def access_list(lines: int) -> str:
    """An access list as they grow over the years: a third of it is about the zone."""
    chance = random.Random(2456)  # noqa: S311 - the same list every time
    text = [
        "hostname r-tinh",
        "interface GigabitEthernet0/0",
        f" ip address {address(ZONE | 1)} 255.255.0.0",
        " ip access-group VAO-HNTH out",
        "interface GigabitEthernet0/1",
        " ip address 192.168.0.1 255.255.255.0",
        "ip access-list extended VAO-HNTH",
    ]
    for _ in range(lines):
        about_zone = chance.random() < 0.36
        source, bits = chance.getrandbits(24) | 10 << 24, chance.choice([16, 24, 32])
        base = ZONE | chance.getrandbits(16) if about_zone else 10 << 24 | chance.getrandbits(20)
        port, action = chance.choice(PORTS), "deny"
        if chance.random() < (0.17 if about_zone else 0.6):
            action = "permit"
            if about_zone and chance.random() < 0.95:
                port, source, bits = chance.choice(SIGNALLING), ZONE | chance.getrandbits(16), 24
        where = f"{prefix(source, bits)} {prefix(base, chance.choice([24, 32]))}"
        text.append(f" {action} {chance.choice(['tcp', 'udp'])} {where} eq {port}")
    return "\n".join(text) + "\n"


def prefix(number: int, bits: int) -> str:
    free = (1 << (32 - bits)) - 1
    return f"host {address(number)}" if not free else f"{address(number & ~free)} {address(free)}"


def translating(lines: int, translations: int) -> str:
    """The access list on a router that makes hosts inside known outside, whole or by one port."""
    chance = random.Random(3)  # noqa: S311 - the same lines every time
    fixed = []
    for number in range(translations):
        inside = address(ZONE | number << 8 | chance.getrandbits(8))
        outside = f"203.0.113.{number + 1}"
        port = f"{chance.choice(PORTS)}"
        fixed.append(
            f"ip nat inside source static {inside} {outside}"
            if number % 2
            else f"ip nat inside source static tcp {inside} {port} {outside} {port} extendable"
        )
    text = access_list(lines)
    for number, side in enumerate(("inside", "outside")):
        name = f"interface GigabitEthernet0/{number}\n"
        text = text.replace(name, f"{name} ip nat {side}\n")
    head, title, entries = text.partition("ip access-list extended")
    return "".join([head, *(f"{line}\n" for line in fixed), title, entries])


def allowlist() -> list[Region]:
    """60 entries: signalling inside the zone, and ranges of ports for media."""
    protocols = numbers([(6, 6), (17, 17)])
    ranges = [numbers((p, p) for p in SIGNALLING)]
    ranges += [numbers([(20000 + n, 20009 + n)]) for n in range(0, 590, 10)]
    return [Region(WHOLE_ZONE, WHOLE_ZONE, protocols, destination_port=ports) for ports in ranges]


TRAFFIC = Region(
    source=ALL_V4,
    destination=WHOLE_ZONE,
    entering=names("GigabitEthernet0/1"),
    leaving=names("GigabitEthernet0/0"),
    state=names("new"),
)


def fortigate(policies: int) -> str:
    """Policies over groups of groups."""
    chance = random.Random(11)  # noqa: S311 - the same policies every time
    text = [
        "#config-version=FGT60F-7.4.1-FW-build2463-230830:opmode=0:vdom=0",
        "config firewall address",
    ]
    for number in range(1000):
        host = (ZONE if number % 3 == 0 else 172 << 24) | chance.getrandbits(16)
        text += [f'edit "a{number}"', f"set subnet {address(host)} 255.255.255.255", "next"]
    text += ["end", "config firewall addrgrp"]
    for number in range(60):
        members = " ".join(f'"a{n}"' for n in chance.sample(range(1000), 40))
        text += [f'edit "g{number}"', f"set member {members}", "next"]
    for number in range(30):
        members = " ".join(f'"g{n}"' for n in chance.sample(range(60), 4))
        text += [f'edit "gg{number}"', f"set member {members}", "next"]
    text += ["end", "config firewall service custom"]
    for number in range(100):
        text += [f'edit "s{number}"', f"set tcp-portrange {1000 + number * 7}", "next"]
    text += ["end", "config firewall policy"]
    for number in range(1, policies + 1):
        services = " ".join(f'"s{n}"' for n in chance.sample(range(100), 4))
        text += [
            f"edit {number}",
            'set srcintf "port1"',
            'set dstintf "port2"',
            f'set srcaddr "gg{chance.randrange(30)}"',
            f'set dstaddr "gg{chance.randrange(30)}"',
            f"set action {'accept' if number % 40 == 0 else 'deny'}",
            'set schedule "always"',
            f"set service {services}",
            "next",
        ]
    return "\n".join([*text, "end", ""])


def timed(what: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    found = what()
    return time.perf_counter() - begun, found


def policy_of(text: str, family: str) -> Policy:
    document = Document(text.encode(), "config", "O", datetime.now(UTC))
    policy: Policy = find(family).read([document]).facts["filters"].value  # type: ignore[union-attr]
    return policy


def guilty(proof: Proof) -> set[int | None]:
    return {
        finding.passages[-1].rule.line if finding.passages[-1].rule else None
        for finding in proof.findings
        if finding.certain and not finding.masked
    }


def by_oxidd(chain: Chain, allowed: Sequence[Region]) -> set[int | None]:
    from tests.rules.packets.bdd_engine import Engine  # noqa: PLC0415 - a dependency of the tests

    # the engine has no interfaces of this name: the list is bound to the one that is asked about
    asked = [replace(piece, entering=None, leaving=None) for piece in possible(TRAFFIC)]
    return Engine().guilty(chain, asked, allowed)


ASK_Z3 = """
import json, sys, z3
rules, allowed, zone = json.load(open(sys.argv[1]))
src, dst = z3.BitVecs("src dst", 32)
proto, port = z3.BitVec("proto", 8), z3.BitVec("port", 16)
def within(value, spans):
    if spans is None:
        return z3.BoolVal(True)
    return z3.Or([z3.And(z3.UGE(value, a), z3.ULE(value, b)) for a, b in spans])
def match(one):
    return z3.And(*(within(v, s) for v, s in zip((src, dst, proto, port), one)))
solver = z3.SolverFor("QF_BV")
solver.add(match(zone), z3.Not(z3.Or([match(one) for one in allowed])))
before, first = z3.BoolVal(False), {}
for line, action, one in rules:
    here, after = z3.Bool(f"m{line}"), z3.Bool(f"e{line}")
    solver.add(here == match(one), after == z3.Or(before, here))
    if action == "permit":
        first[line] = z3.And(here, z3.Not(before))
    before = after
guilty = []
solver.add(z3.Or(list(first.values())))
while solver.check() == z3.sat:
    model = solver.model()
    line = next(n for n, f in first.items() if z3.is_true(model.eval(f, model_completion=True)))
    guilty.append(line)
    solver.add(z3.Not(first[line]))
print(json.dumps(guilty))
"""


def problem(chain: Chain, allowed: Sequence[Region]) -> str:
    def plain(region: Region) -> list[object]:
        sets = (region.source, region.destination, region.protocol, region.destination_port)
        return [None if values is None else values.intervals for values in sets]

    rules = [(rule.line, rule.action, plain(region)) for rule in chain.rules for region in rule.may]
    return json.dumps([rules, [plain(one) for one in allowed], plain(TRAFFIC)])


def z3_python(folder: Path) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-qqq", Z3], check=True)
    return python


def ask_z3(python: str, text: str, folder: Path, limit_s: float) -> set[int | None] | None:
    (folder / "problem.json").write_text(text)
    command = [python, "-c", ASK_Z3, str(folder / "problem.json")]
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=limit_s)
    except subprocess.TimeoutExpired:
        return None
    return set(json.loads(done.stdout))


def measure(lines: int, python: str | None, scratch: Path) -> None:
    text, allowed = access_list(lines), allowlist()
    parse_s, policy = timed(lambda: policy_of(text, "cisco-ios"))
    assert isinstance(policy, Policy)
    prove_s, proof = timed(lambda: leaks(policy, TRAFFIC, allowed))
    assert isinstance(proof, Proof)
    block_s, stopped = timed(lambda: blocked(policy, allowed))
    chain = policy.chains[policy.stages[0].chain]
    expected = guilty(proof)
    oxidd = z3 = "-"
    if lines <= 10_000:
        oxidd_s, same = timed(lambda: by_oxidd(chain, allowed))
        assert same == expected, "OxiDD names other lines"
        oxidd = f"{oxidd_s:.2f}"
    if python is not None and lines <= 10_000:
        asked = problem(chain, allowed)
        z3_s, same = timed(lambda: ask_z3(python, asked, scratch, 300))
        assert same is None or same == expected, "z3 names other lines"
        z3 = f"{z3_s:.1f}" if same is not None else "> 300"
    broken = sum(one.verdict == "broken" for one in stopped)  # type: ignore[attr-defined]
    print(
        f"{lines:8}{parse_s:8.2f}{prove_s:8.2f}{block_s:9.2f}{oxidd:>8}{z3:>8}"
        f"{len(expected):7}{broken:9}{peak_mb():9.0f}",
        flush=True,
    )


def in_a_row(lines: int) -> None:
    """Two routers with the same lines in another order, one behind the other."""
    text = access_list(lines).splitlines()
    turned = [*text[:-lines], *text[: -lines - 1 : -1]]
    policies = [policy_of("\n".join(one) + "\n", "cisco-ios") for one in (text, turned)]
    places = ("GigabitEthernet0/1", "GigabitEthernet0/0")
    hops = [Hop(f"r{n}", policy, *places) for n, policy in enumerate(policies)]
    traffic = replace(TRAFFIC, entering=None, leaving=None)
    made_s, whole = timed(lambda: in_series(*hops))
    assert isinstance(whole, Policy)
    prove_s, proof = timed(lambda: leaks(whole, traffic, allowlist()))
    assert isinstance(proof, Proof)
    block_s, _ = timed(lambda: blocked(whole, allowlist()))
    print(f"\ntwo routers of {lines:,} lines in a row: made one in {made_s:.2f} s, ", end="")
    print(f"leaks {prove_s:.2f} s ({len(proof.findings)} pairs), {proof.verdict}", end="")
    print(f", blocked {block_s:.2f} s")


def measure_translated(lines: int, translations: int) -> None:
    text, allowed = translating(lines, translations), allowlist()
    parse_s, policy = timed(lambda: policy_of(text, "cisco-ios"))
    assert isinstance(policy, Policy)
    published = replace(TRAFFIC, destination=numbers([*WHOLE_ZONE.intervals, PUBLISHED]))
    prove_s, proof = timed(lambda: leaks(policy, published, allowed))
    assert isinstance(proof, Proof)
    block_s, _ = timed(lambda: blocked(policy, allowed))
    print(
        f"{lines:8}{translations:14}{parse_s:8.2f}{prove_s:8.2f}{block_s:9.2f}"
        f"{parse_s + prove_s + block_s:8.2f}{len(guilty(proof)):7}{peak_mb():9.0f}",
        flush=True,
    )


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sizes", default="1000,10000,100000")
    options.add_argument("--without-z3", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        python = None if chosen.without_z3 else z3_python(scratch / "z3")
        print("seconds; OxiDD and z3: leaking lines alone, without parsing")
        print(f"{'lines':>8}{'parse':>8}{'leaks':>8}{'blocked':>9}{'OxiDD':>8}{'z3':>8}", end="")
        print(f"{'leaks':>7}{'blocked':>9}{'peak MB':>9}")
        for size in map(int, chosen.sizes.split(",")):
            measure(size, python, scratch)
    in_a_row(5000)
    print(
        f"\n{'lines':>8}{'translations':>14}{'parse':>8}{'leaks':>8}{'blocked':>9}{'all':>8}",
        end="",
    )
    print(f"{'leaks':>7}{'peak MB':>9}")
    for translations in (0, 20, 200):
        measure_translated(10_000, translations)
    text = fortigate(2000)
    parse_s, policy = timed(lambda: policy_of(text, "fortios"))
    assert isinstance(policy, Policy)
    traffic = Region(entering=names("port1"), leaving=names("port2"), state=names("new"))
    prove_s, proof = timed(lambda: leaks(policy, traffic, allowlist()))
    assert isinstance(proof, Proof)
    print(f"\n2,000 FortiGate policies over nested groups: parse {parse_s:.2f} s, ", end="")
    print(f"leaks {prove_s:.2f} s ({len(guilty(proof))} lines), {proof.verdict}")


if __name__ == "__main__":
    main()
