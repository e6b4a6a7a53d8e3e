"""Random translations with one certain outcome, and lines that keep packets from them."""

from __future__ import annotations

import random

from tests.kernel.traffic import HOSTS, PORTS
from tests.kernel.wires import INTERFACES

PREFIXES = {
    4: ("10.1.0.0/16", "10.2.0.0/16", "192.0.0.0/16"),
    6: ("2001:db8:1::/48", "2001:db8:2::/48", "2001:db8:ff::/48"),
}


class Translations:
    """Lines of nat chains for one version of IP."""

    def __init__(self, chance: random.Random, version: int) -> None:
        self._chance = chance
        self._one = chance.choice
        self._version = version
        self._hosts = [host for hosts in HOSTS[version].values() for host in hosts]

    def _likely(self, share: float) -> bool:
        return self._chance.random() < share

    def _goal(self, *, port: bool) -> str:
        host = self._one(self._hosts)
        if not port:
            return host
        at = self._one(PORTS)
        return f"[{host}]:{at}" if self._version == 6 else f"{host}:{at}"

    # --- nft -------------------------------------------------------------------------------------

    def nft(self, family: str) -> list[tuple[str, str, list[str]]]:
        """Chains: name, head, rules."""
        mine = self._likely(0.4)
        rules = [self._nft(family, "daddr", mine=mine) for _ in range(self._chance.randint(1, 5))]
        priority = self._one(("dstnat", "-100", "-150", "filter"))
        found = [("into", f"type nat hook prerouting priority {priority};", rules)]
        if mine:
            inner = [self._nft(family, "daddr", inner=True) for _ in range(3)]
            found.insert(0, ("inner", "", inner))
        if self._likely(0.5):
            rules = [self._nft(family, "saddr") for _ in range(self._chance.randint(1, 3))]
            found.append(("out", "type nat hook postrouting priority srcnat;", rules))
        return found

    def _nft(self, family: str, side: str, *, mine: bool = False, inner: bool = False) -> str:
        ip = "ip" if self._version == 4 else "ip6"
        parts = []
        prefix = self._one(PREFIXES[self._version]) if self._likely(0.15) else ""
        if prefix:
            parts.append(f"{ip} {side} {prefix}")
        elif self._likely(0.7):
            several = ", ".join(self._chance.sample(self._hosts, 3))
            one = self._one((f"{{ {several} }}", self._one(self._hosts)))
            parts.append(f"{ip} {self._one((side, side, 'saddr'))} {one}")
        if self._likely(0.3):
            name = "iifname" if side == "daddr" else "oifname"
            parts.append(f'{name} {self._one(("", "!= "))}"{self._one(INTERFACES)}"')
        protocol = self._one(("tcp", "udp", "tcp", ""))
        if protocol:
            parts.append(f"{protocol} {self._one(('dport', 'dport', 'sport'))} {self._port()}")
        if self._likely(0.2):
            parts.append(self._one(("ct state new", "counter", "ct state { new, related }")))
        if self._likely(0.25):
            ends = ["accept", "return", "counter", *(["jump inner", "goto inner"] if mine else [])]
            return " ".join([*parts, self._one(ends)])
        word = f"{'dnat' if side == 'daddr' else 'snat'} {ip if family == 'inet' else ''}".strip()
        if prefix:
            return " ".join([*parts, f"{word} prefix to {self._one(PREFIXES[self._version])}"])
        port = bool(protocol) and side == "daddr" and self._likely(0.5)
        return " ".join([*parts, f"{word} to {self._goal(port=port)}"])

    def _port(self) -> str:
        port = self._one(PORTS)
        return self._one((f"{port}", f"{port}-{port + 3000}", f"!= {port}", f"{{ {port}, 5061 }}"))

    # --- iptables --------------------------------------------------------------------------------

    def iptables(self) -> list[str]:
        """The table nat."""
        lines = ["*nat", ":PREROUTING ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]"]
        mine = self._likely(0.4)
        if mine:
            lines.append(":INNER - [0:0]")
            lines += [self._iptables("INNER", "-d") for _ in range(3)]
        count = self._chance.randint(1, 5)
        lines += [self._iptables("PREROUTING", "-d", mine=mine) for _ in range(count)]
        if self._likely(0.5):
            count = self._chance.randint(1, 3)
            lines += [self._iptables("POSTROUTING", "-s") for _ in range(count)]
        return [*lines, "COMMIT"]

    def _iptables(self, chain: str, side: str, *, mine: bool = False) -> str:
        parts = ["-A", chain]
        prefix = self._one(PREFIXES[self._version]) if self._likely(0.15) else ""
        if prefix:
            parts.append(f"{side} {prefix}")
        elif self._likely(0.7):
            negative = self._one(("", "", "! "))
            parts.append(f"{negative}{self._one((side, side, '-s'))} {self._one(self._hosts)}")
        if self._likely(0.3):
            negative, name = self._one(("", "! ")), self._one(INTERFACES)
            parts.append(f"{negative}{'-i' if side == '-d' else '-o'} {name}")
        protocol = self._one(("tcp", "udp", "tcp", ""))
        if protocol:
            negative, port = self._one(("", "", "! ")), self._one(PORTS)
            parts.append(f"-p {protocol} {negative}--dport {self._one((port, f'{port}:9000'))}")
        if self._likely(0.2):
            parts.append("-m conntrack --ctstate NEW")
        if self._likely(0.25):
            ends = ["-j ACCEPT", "-j RETURN", "-j LOG", *(["-j INNER", "-g INNER"] if mine else [])]
            return " ".join([*parts, self._one(ends)])
        if prefix:
            return " ".join([*parts, f"-j NETMAP --to {self._one(PREFIXES[self._version])}"])
        if side == "-s":
            return " ".join([*parts, f"-j SNAT --to-source {self._goal(port=False)}"])
        port = bool(protocol) and self._likely(0.5)
        return " ".join([*parts, f"-j DNAT --to-destination {self._goal(port=port)}"])
