"""Two forwarding hosts, one behind the other, and what is said of both: run in a network namespace.

The first forwards ports with `dnat`, the second hides sources with `masquerade`; their filters are
random. Prints one line of JSON: how many packets, how many of them came through, how many showed a
leak of both, and every disagreement.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import json
import os
import random
import select
import struct
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address

from rules.packets.fields import place
from rules.packets.in_series import in_series
from rules.packets.interpret import decide
from rules.packets.packet import Packet
from rules.packets.policy import Hop, Policy, Region
from rules.packets.prove import leaks
from rules.packets.sets import Numbers, names, numbers
from scanner.platforms.nftables.policy import policy as nft_policy
from tests.kernel.wires import IFF_NO_PI, IFF_TUN, TUNSETIFF, ip, run, udp

PACKETS = 20
UDP = 17
SOURCES = ("198.51.100.7", "198.51.100.8")
TARGETS = ("203.0.113.1", "203.0.113.2", "10.67.10.10", "10.67.10.11")
PORTS = (443, 5061, 8443)
CLONE_NEWNET = 0x40000000
WAYS = (("wan0", "dmz0"), ("up0", "lan0"))
"""Where packets enter and leave the first and the second host."""


@dataclass
class Outcome:
    packets: int = 0
    permitted: int = 0
    translated: int = 0
    leaks: int = 0
    unknown: int = 0
    wrong: list[str] = field(default_factory=list)


class Row:
    """The two hosts: this namespace, and that of a process that only sleeps."""

    def __init__(self) -> None:
        self._second = subprocess.Popen(["unshare", "--net", "--", "sleep", "600"])
        while os.readlink(f"/proc/{self._second.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            pass
        run("ip", "link", "add", "dmz0", "type", "veth", "peer", "up0", "netns", self._pid)
        self._into = _tun("wan0")
        own = os.open("/proc/self/ns/net", os.O_RDONLY)
        other = os.open(f"/proc/{self._pid}/ns/net", os.O_RDONLY)
        _enter(other)
        self._out = _tun("lan0")
        _enter(own)
        self._set_up((), "192.0.2.1/30 dmz0", ("198.51.100.0/24 dev wan0",), "via 192.0.2.2")
        second = ("nsenter", "-t", self._pid, "--net", "--")
        run(*second, "ip", "address", "add", "10.67.0.1/16", "dev", "lan0")
        self._set_up(second, "192.0.2.2/30 up0", ("default via 192.0.2.1",), "dev lan0")
        self.second = second

    @property
    def _pid(self) -> str:
        return str(self._second.pid)

    def _set_up(
        self, inside: tuple[str, ...], address: str, back: tuple[str, ...], on: str
    ) -> None:
        where, device = address.split()
        run(*inside, "ip", "address", "add", where, "dev", device)
        other = "wan0" if device == "dmz0" else "lan0"
        for name in (device, other, "lo"):
            run(*inside, "ip", "link", "set", name, "up")
        settings = [f"net.ipv4.conf.{n}.rp_filter=0" for n in ("all", "default", device, other)]
        run(*inside, "sysctl", "-qw", "net.ipv4.ip_forward=1", *settings)
        for route in (*back, f"203.0.113.0/24 {on}", f"10.67.0.0/16 {on}"):
            run(*inside, "ip", "route", "replace", *route.split())

    def passing(self, packets: Iterable[Packet], wait_s: float = 0.1) -> set[bytes]:
        """The marks of the packets that come out behind the second host."""
        for packet in packets:
            payload = udp(packet.source_port, packet.destination_port, mark(packet))
            os.write(self._into, ip(str(packet.source), str(packet.destination), UDP, payload))
        came = set()
        while select.select([self._out], [], [], wait_s)[0]:
            came.add(os.read(self._out, 4096)[28:])
        return came

    def end(self) -> None:
        self._second.kill()
        self._second.wait()


def mark(packet: Packet) -> bytes:
    """What the packet carries; every one has a source port of its own."""
    return struct.pack("!I", packet.source_port) + b"in a row"


def _tun(name: str) -> int:
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return end


def _enter(namespace: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def rule_set(chance: random.Random, way: tuple[str, str], translation: str) -> str:
    """A filter of a few lines and the translation."""
    lines = [_line(chance, way) for _ in range(chance.randint(1, 5))]
    default = chance.choice(("accept", "accept", "drop"))
    return "\n".join(
        [
            "table inet f {",
            "  chain through {",
            f"    type filter hook forward priority 0; policy {default};",
            *lines,
            "  }",
            "}",
            "table ip n {",
            translation,
            "}",
            "",
        ]
    )


def _line(chance: random.Random, way: tuple[str, str]) -> str:
    parts = []
    if chance.random() < 0.4:
        name = chance.choice((*way, *WAYS[0], *WAYS[1]))  # the other host's names are foreign here
        parts.append(
            f'{chance.choice(("iifname", "oifname"))} {chance.choice(("", "!= "))}"{name}"'
        )
    if chance.random() < 0.5:
        side, hosts = chance.choice((("saddr", SOURCES), ("daddr", TARGETS)))
        parts.append(f"ip {side} {chance.choice(hosts)}")
    if chance.random() < 0.5:
        parts.append(f"udp dport {chance.choice(PORTS)}")
    return "    " + " ".join([*parts, chance.choice(("accept", "accept", "drop"))])


def forwarding(chance: random.Random) -> str:
    lines = [
        f'    iifname "wan0" ip daddr {chance.choice(TARGETS[:2])} '
        f"udp dport {chance.choice(PORTS)} "
        f"dnat to {chance.choice(TARGETS[2:])}:{chance.choice(PORTS)}"
        for _ in range(2)
    ]
    head = "    type nat hook prerouting priority -100;"
    return "\n".join(["  chain pre {", head, *lines, "  }"])


HIDING = """  chain post {
    type nat hook postrouting priority 100;
    oifname "lan0" masquerade
  }"""


def compare(sets: int, seed: int) -> Outcome:
    """Loads so many pairs of rule sets and sends packets through both hosts."""
    chance, outcome, row = random.Random(seed), Outcome(), Row()
    sent = 0
    for _ in range(sets):
        texts = (
            rule_set(chance, WAYS[0], forwarding(chance)),
            rule_set(chance, WAYS[1], HIDING),
        )
        for text, inside in zip(texts, ((), row.second), strict=True):
            run(*inside, "nft", "-f", "-", given="flush ruleset\n" + text)
        hops = [
            Hop(name, nft_policy(text.split("\n"), live=True)[0], *way)
            for name, text, way in zip(("first", "second"), texts, WAYS, strict=True)
        ]
        whole = in_series(*hops)
        packets = [_packet(chance, 1024 + sent + n) for n in range(PACKETS)]
        sent += PACKETS
        shown = [_witness(whole, 1024 + sent + n) for n in range(2)]
        sent += len(shown)
        packets += filter(None, shown)
        outcome.leaks += sum(one is not None for one in shown)
        came = row.passing(packets)
        for packet in packets:
            _one(whole, packet, outcome, "\n".join(texts), came=mark(packet) in came)
    row.end()
    return outcome


def _packet(chance: random.Random, port: int) -> Packet:
    ends = ip_address(chance.choice(SOURCES)), ip_address(chance.choice(TARGETS))
    return Packet(*ends, UDP, port, chance.choice(PORTS), entering="wan0", leaving="lan0")


def _witness(whole: Policy, port: int) -> Packet | None:
    """The packet of the last certain leak among those that can be sent."""
    asked = Region(
        source=_these(SOURCES),
        destination=_these(TARGETS),
        protocol=numbers([(UDP, UDP)]),
        source_port=numbers([(port, port)]),
        destination_port=numbers((one, one) for one in PORTS),
        state=names("new"),
    )
    found = [one for one in leaks(whole, asked, []).findings if one.certain and not one.masked]
    return found[port % len(found)].witness if found else None


def _these(hosts: tuple[str, ...]) -> Numbers:
    return numbers((at, at) for at in (place(ip_address(host)) for host in hosts))


def _one(whole: Policy, packet: Packet, outcome: Outcome, text: str, *, came: bool) -> None:
    decision = decide(whole, packet)
    outcome.packets += 1
    outcome.permitted += came
    outcome.translated += any("dnat" in rule.text for rule in decision.path)
    if decision.answer == "unknown":
        outcome.unknown += 1
    elif (decision.answer == "permit") != came:
        line = decision.rule.text if decision.rule else "the end"
        said = f"{decision.answer} by {line} of {decision.device}"
        outcome.wrong.append(f"{packet} {'came' if came else 'was lost'}, said: {said}\n{text}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    json.dump(vars(compare(given.sets, given.seed)), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
