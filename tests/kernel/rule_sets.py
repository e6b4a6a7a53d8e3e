"""Random rule sets in the words of nft and of iptables-restore."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.kernel.traffic import HOSTS, PORTS
from tests.kernel.translations import Translations
from tests.kernel.wires import INTERFACES

STATES = ("new", "established", "related", "invalid", "untracked")
V4 = tuple(host for hosts in HOSTS[4].values() for host in hosts)
TRANSLATING = 0.15
"""The share of rule sets that translate addresses."""
V6 = tuple(host for hosts in HOSTS[6].values() for host in hosts)
NAMES = {53: "domain", 22: "ssh", 80: "http", 443: "https", 5060: "sip"}


class Nft:
    """One rule set of nftables."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._one = chance.choice
        self._sets: dict[str, str] = {}

    def text(self) -> str:
        """A table or two with chains at several hooks."""
        chance = self._chance
        tables = ["inet"] if chance.random() < 0.6 else ["ip", "ip6"]
        if chance.random() < 0.15:
            tables.append("inet")
        # two tables that translate the same packets are in doubt
        translating = chance.random() < TRANSLATING
        return "".join(
            self._table(family, f"t{n}", translates=translating and (n == 0 or family == "ip6"))
            for n, family in enumerate(tables)
        )

    def _table(self, family: str, name: str, *, translates: bool = False) -> str:
        chance = self._chance
        self._sets = {}
        mine = [f"c{n}" for n in range(chance.randint(0, 3))]
        chains = []
        for n, chain in enumerate(mine):
            chains.append((chain, "", self._rules(family, mine[n + 1 :], chance.randint(0, 5))))
        for n in range(1 + (chance.random() < 0.3)):
            priority = self._one(("filter", "0", "filter - 5", "filter + 10", "-150", "mangle"))
            policy = self._one(("accept", "drop", "drop"))
            head = f"type filter hook forward priority {priority}; policy {policy};"
            chains.append((f"f{n}", head, self._rules(family, mine, chance.randint(1, 9))))
        if chance.random() < 0.2:
            priority = self._one(("raw", "mangle", "-250"))
            head = f"type filter hook prerouting priority {priority};"
            chains.append(("pre", head, self._rules(family, [], 3, out=False)))
        if chance.random() < 0.15:
            head = "type filter hook postrouting priority 0;"
            chains.append(("post", head, self._rules(family, [], 3, way_in=False)))
        if translates:
            version = {"ip": 4, "ip6": 6}.get(family) or self._one((4, 4, 6))
            chains += Translations(chance, version).nft(family)
        body = "".join(
            f"\tchain {c} {{\n"
            + "".join(f"\t\t{line}\n" for line in [head, *rules] if line)
            + "\t}\n"
            for c, head, rules in chains
        )
        sets = "".join(self._sets.values())
        return f"table {family} {name} {{\n{sets}{body}}}\n"

    def _rules(
        self, family: str, chains: list[str], count: int, *, out: bool = True, way_in: bool = True
    ) -> list[str]:
        return [self._rule(family, chains, out, way_in) for _ in range(count)]

    def _rule(self, family: str, chains: list[str], out: bool, way_in: bool) -> str:
        chance = self._chance
        version = {"ip": 4, "ip6": 6}.get(family) or self._one((4, 4, 6))
        makers: list[Callable[[int], str]] = [self._address, self._address, self._state]
        if out:
            makers.append(lambda v: self._interface("oif"))
        if way_in:
            makers.append(lambda v: self._interface("iif"))
        parts = [maker(version) for maker in chance.sample(makers, self._one((0, 0, 1, 1, 2)))]
        # nft refuses a rule that asks for two protocols
        transports = [self._ports, self._ports, self._protocol, self._icmp, self._flags]
        asks_protocol = chance.random() < 0.6
        if asks_protocol:
            parts.append(self._one([*transports, self._joined])(version))
        chance.shuffle(parts)
        if chance.random() < 0.2:
            parts.append(self._one(("counter", "log", "counter packets 0 bytes 0")))
        verdicts = ["accept", "drop", "accept", "drop", "reject", "return", "continue", "counter"]
        if not (out and way_in):
            verdicts = ["accept", "drop", "return", "counter"]
        verdicts += [f"jump {c}" for c in chains] + [f"goto {c}" for c in chains]
        if chance.random() < 0.12:
            return " ".join([*parts, self._map(version, chains, not asks_protocol)])
        return " ".join([*parts, self._one(verdicts)])

    def _not(self, share: float = 0.25) -> str:
        return "!= " if self._chance.random() < share else ""

    def _named(self, kind: str, elements: list[str], flags: str = "") -> str:
        """A named set, when chance says so; else one without a name."""
        listed = ", ".join(dict.fromkeys(elements))
        if self._chance.random() < 0.6:
            return f"{{ {listed} }}"
        name = f"s{len(self._sets)}"
        said = f"\t\tflags {flags}\n\t\tauto-merge\n" if flags else ""
        self._sets[name] = (
            f"\tset {name} {{\n\t\ttype {kind}\n{said}\t\telements = {{ {listed} }}\n\t}}\n"
        )
        return f"@{name}"

    def _prefix(self, version: int) -> str:
        host = self._one(V4 if version == 4 else V6)
        if self._chance.random() < 0.4:
            return host
        lengths = (0, 7, 8, 15, 16, 24, 31) if version == 4 else (16, 32, 46, 48, 64)
        length = self._one(lengths)
        return f"{host}/{length}"

    def _address(self, version: int) -> str:
        key = f"{'ip' if version == 4 else 'ip6'} {self._one(('saddr', 'daddr'))}"
        hosts = V4 if version == 4 else V6
        form = self._chance.random()
        if form < 0.45:
            return f"{key} {self._not()}{self._prefix(version)}"
        if form < 0.55 and version == 4:
            first, last = sorted(
                self._chance.sample(V4, 2), key=lambda a: tuple(map(int, a.split(".")))
            )
            return f"{key} {self._not()}{first}-{last}"
        if form < 0.62 and version == 4:
            return f"{key} & 255.255.0.255 {self._one(('==', '!='))} 10.1.0.5"
        several = self._chance.sample(hosts, 3)
        kind = "ipv4_addr" if version == 4 else "ipv6_addr"
        return f"{key} {self._not()}{self._named(kind, several)}"

    def _port(self) -> str:
        port = self._one(PORTS)
        form = self._chance.random()
        if form < 0.15:
            return f"{port}-{port + self._one((1, 100, 3000))}"
        return NAMES.get(port, str(port)) if form < 0.3 else str(port)

    def _ports(self, version: int) -> str:
        way = self._one(("dport", "dport", "sport"))
        key = f"{self._one(('tcp', 'udp'))} {way}"
        if self._chance.random() < 0.2:
            key = f"meta l4proto {{ tcp, udp }} th {way}"
        form = self._chance.random()
        if form < 0.1:
            return f"{key} {self._one(('<', '>', '<=', '>='))} {self._one(PORTS)}"
        if form < 0.5:
            return f"{key} {self._not()}{self._port()}"
        listed = [str(port) for port in self._chance.sample(PORTS, 3)]
        return f"{key} {self._not()}{self._named('inet_service', listed)}"

    def _protocol(self, version: int) -> str:
        names = ["tcp", "udp", "icmp", "ipv6-icmp", "esp", "89", "vrrp"]
        value = self._one(names)
        if self._chance.random() < 0.4:
            value = "{ " + ", ".join(self._chance.sample(names, 3)) + " }"
        if self._chance.random() < 0.3:
            return (
                f"ip protocol {self._not()}{value}"
                if version == 4
                else "ip6 nexthdr " + self._one(("tcp", "udp", "!= tcp"))
            )
        return f"meta l4proto {self._not()}{value}"

    def _state(self, version: int) -> str:
        form = self._chance.random()
        if form < 0.4:
            return f"ct state {','.join(self._chance.sample(STATES, 2))}"
        if form < 0.7:
            listed = ", ".join(self._chance.sample(STATES, 2))
            return f"ct state {self._not()}{{ {listed} }}"
        return f"ct state {self._not()}{self._one(STATES)}"

    def _icmp(self, version: int) -> str:
        if version == 6:
            return f"icmpv6 type {self._not()}{self._one(('echo-request', '1-4', 'echo-reply'))}"
        if self._chance.random() < 0.2:
            return f"icmp code {self._not()}{self._one(('host-unreachable', '0', '3'))}"
        value = self._one(("echo-request", "destination-unreachable", "13", "{ 8, 13 }"))
        return f"icmp type {self._not()}{value}"

    def _flags(self, version: int) -> str:
        return "tcp flags " + self._one(
            (
                "syn",
                "== syn",
                "!= syn",
                "! syn",
                "syn,ack",
                "{ syn, ack }",
                "& (fin|syn|rst|ack) == syn",
                "syn / fin,syn,rst,ack",
                "& (syn|ack) != 0",
                "!= { syn, fin }",
            )
        )

    def _interface(self, way: str) -> str:
        if self._chance.random() < 0.3:
            return f"{way} {self._not()}{self._one(INTERFACES)}"
        form = self._chance.random()
        if form < 0.3:
            return f'{way}name {self._not()}"eth*"'
        if form < 0.6:
            return f'{way}name {self._not()}"{self._one(INTERFACES)}"'
        listed = ", ".join(f'"{name}"' for name in self._chance.sample(INTERFACES, 2))
        return f"{way}name {self._not()}{{ {listed} }}"

    def _joined(self, version: int) -> str:
        """A concatenation."""
        key = "ip" if version == 4 else "ip6"
        hosts = V4 if version == 4 else V6
        if self._chance.random() < 0.5:
            listed = ", ".join(
                dict.fromkeys(
                    f"{self._one(hosts)} . {port}" for port in self._chance.sample(PORTS, 3)
                )
            )
            return f"{key} daddr . tcp dport {self._not(0.15)}{{ {listed} }}"
        listed = ", ".join(
            f"{proto} . {port}" for proto, port in (("tcp", 22), ("udp", 53), ("tcp", "80-90"))
        )
        return f"meta l4proto . th dport {self._not(0.15)}{{ {listed} }}"

    def _map(self, version: int, chains: list[str], any_key: bool) -> str:
        verdicts = ["accept", "drop", "accept", "drop", "return", "continue"]
        verdicts += [f"jump {c}" for c in chains] + [f"goto {c}" for c in chains]
        forms = ("state", "address", "interface", "port", "protocol")
        form = self._one(forms if any_key else forms[:3])
        keys: dict[str, list[str]] = {
            "state": list(STATES),
            "port": [str(port) for port in PORTS],
            "address": list(V4 if version == 4 else V6),
            "interface": [f'"{name}"' for name in INTERFACES],
            "protocol": ["tcp", "udp", "icmp", "esp", "89"],
        }
        words = {
            "state": "ct state",
            "port": self._one(("tcp dport", "udp dport")),
            "address": ("ip" if version == 4 else "ip6") + " " + self._one(("saddr", "daddr")),
            "interface": "iifname",
            "protocol": "meta l4proto",
        }[form]
        some = self._chance.sample(keys[form], min(3, len(keys[form])))
        if self._chance.random() < 0.2 and form != "interface":
            some.append("*")
        listed = ", ".join(f"{key} : {self._one(verdicts)}" for key in some)
        return f"{words} vmap {{ {listed} }}"


class Iptables:
    """One rule set of iptables-restore, for one version of IP."""

    def __init__(self, chance: random.Random, version: int) -> None:
        self._chance = chance
        self._one = chance.choice
        self._version = version

    def text(self) -> str:
        """The filter table, and sometimes others."""
        chance = self._chance
        mine = [f"mine{n}" for n in range(chance.randint(0, 3))]
        lines = ["*filter", ":INPUT ACCEPT [0:0]"]
        lines.append(f":FORWARD {self._one(('ACCEPT', 'DROP', 'DROP'))} [0:0]")
        lines.append(":OUTPUT ACCEPT [0:0]")
        lines += [f":{name} - [0:0]" for name in mine]
        lines += [self._rule("FORWARD", mine) for _ in range(chance.randint(1, 9))]
        for n, name in enumerate(mine):
            lines += [self._rule(name, mine[n + 1 :]) for _ in range(chance.randint(0, 5))]
        lines.append("COMMIT")
        if chance.random() < 0.25:
            lines += ["*mangle", ":FORWARD ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]"]
            lines += [self._rule("FORWARD", [], plain=True) for _ in range(2)]
            lines += [self._rule("POSTROUTING", [], plain=True, way_in=False)]
            lines.append("COMMIT")
        if chance.random() < 0.25:
            lines += ["*raw", ":PREROUTING ACCEPT [0:0]"]
            lines += [self._rule("PREROUTING", [], plain=True, out=False) for _ in range(2)]
            lines.append("COMMIT")
        if chance.random() < TRANSLATING:
            lines += Translations(chance, self._version).iptables()
        return "\n".join(lines) + "\n"

    def _rule(
        self,
        chain: str,
        chains: list[str],
        *,
        plain: bool = False,
        out: bool = True,
        way_in: bool = True,
    ) -> str:
        makers: list[Callable[[], str]] = [
            self._address,
            self._address,
            self._transport,
            self._transport,
            self._transport,
            self._state,
        ]
        if out:
            makers.append(lambda: self._interface("-o"))
        if way_in:
            makers.append(lambda: self._interface("-i"))
        chosen = self._chance.sample(makers, self._one((0, 1, 1, 2, 2, 3)))
        parts = [maker() for maker in chosen]
        if sum(part.count("-p ") for part in parts) > 1:
            parts = [part for part in parts if "-p " not in part] + [self._transport()]
        if len({part.split()[-2] for part in parts}) < len(parts):
            parts = parts[:1]
        if self._chance.random() < 0.1:
            parts.append('-m comment --comment "-j \\"ACCEPT\\" is said"')
        targets = ["ACCEPT", "DROP", "ACCEPT", "DROP", "RETURN"]
        targets += [] if plain else ["REJECT", 'LOG --log-prefix "a b: "']
        jumps = [f"-j {c}" for c in chains] + [f"-g {c}" for c in chains]
        target = self._one([f"-j {t}" for t in targets] + jumps + [""])
        return " ".join(["-A", chain, *parts, target]).strip()

    def _not(self, share: float = 0.25) -> str:
        return "! " if self._chance.random() < share else ""

    def _address(self) -> str:
        hosts = V4 if self._version == 4 else V6
        way = self._one(("-s", "-d"))
        form = self._chance.random()
        if form < 0.2 and self._version == 4:
            first, last = sorted(
                self._chance.sample(V4, 2), key=lambda a: tuple(map(int, a.split(".")))
            )
            which = "--src-range" if way == "-s" else "--dst-range"
            return f"-m iprange {self._not()}{which} {first}-{last}"
        host = self._one(hosts)
        if form < 0.3 and self._version == 4:
            return f"{self._not()}{way} {host}/255.255.0.255"
        lengths = (8, 15, 16, 24, 32) if self._version == 4 else (32, 46, 48, 64, 128)
        return f"{self._not()}{way} {host}/{self._one(lengths)}"

    def _interface(self, option: str) -> str:
        return f"{self._not()}{option} {self._one((*INTERFACES, 'eth+', 'wan+'))}"

    def _state(self) -> str:
        listed = ",".join(state.upper() for state in self._chance.sample(STATES, 2))
        if self._chance.random() < 0.3:
            return f"-m state --state {listed}"
        return f"-m conntrack {self._not()}--ctstate {listed}"

    def _transport(self) -> str:
        form = self._chance.random()
        protocol = self._one(("tcp", "udp"))
        if form < 0.15:
            name = self._one(("tcp", "udp", "icmp", "esp", "89", "all", "ipv6-icmp"))
            negative = "" if name == "all" else self._not()
            return f"{negative}-p {name}"
        if form < 0.5:
            port = self._one(PORTS)
            value = self._one((str(port), f"{port}:{port + 900}", f":{port}", f"{port}:"))
            return f"-p {protocol} {self._not()}{self._one(('--dport', '--sport'))} {value}"
        if form < 0.75:
            listed = ",".join(map(str, self._chance.sample(PORTS, 3)))
            if self._chance.random() < 0.4:
                listed += ",6000:7000"
            which = self._one(("--dports", "--dports", "--sports", "--ports"))
            return f"-p {protocol} -m multiport {self._not()}{which} {listed}"
        if form < 0.88:
            flags = self._one(
                ("--syn", "--tcp-flags FIN,SYN,RST,ACK SYN", "--tcp-flags ALL NONE",
                 "--tcp-flags SYN,ACK ACK")
            )  # fmt: skip
            return f"-p tcp {self._not()}{flags}"
        if self._version == 6:
            value = self._one(("echo-request", "1/3", "no-route", "129"))
            return f"-p ipv6-icmp -m icmp6 {self._not()}--icmpv6-type {value}"
        value = self._one(("echo-request", "3/1", "host-unreachable", "13", "any", "3"))
        return f"-p icmp -m icmp {'' if value == 'any' else self._not()}--icmp-type {value}"
