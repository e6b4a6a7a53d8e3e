"""Random packets in every state of a connection, for the hosts around the forwarding one."""

from __future__ import annotations

import random
import struct
from dataclasses import replace
from ipaddress import ip_address, ip_network

from rules.packets.packet import Packet
from tests.kernel import wires
from tests.kernel.wires import NETWORKS, Flow

PORTS = (22, 23, 53, 80, 443, 1720, 5060, 5061, 8080, 3478)
HOSTS = {
    4: {
        "eth0": ("10.1.0.5", "10.1.0.9", "10.1.7.1"),
        "eth1": ("10.2.0.5", "10.2.3.4", "10.2.255.1"),
        "wan0": ("192.0.2.7", "198.51.100.3", "203.0.113.9"),
    },
    6: {
        "eth0": ("2001:db8:1::5", "2001:db8:1:7::1"),
        "eth1": ("2001:db8:2::5", "2001:db8:2:ff::9"),
        "wan0": ("2001:db8:ff::7", "2001:db8:fe::3"),
    },
}
UDP, TCP, ICMP, ICMP_V6 = 17, 6, 1, 58


class Traffic:
    """A stream of packets, each other than all before."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._number = 0

    def flow(self) -> Flow:
        """A packet, more often than not the first of its connection."""
        chance = self._chance
        version = 4 if chance.random() < 0.65 else 6
        entering, leaving = chance.sample(wires.INTERFACES, 2)
        source, destination = (chance.choice(HOSTS[version][at]) for at in (entering, leaving))
        self._number += 1
        mark = struct.pack("!I", self._number)
        ends = ip_address(source), ip_address(destination)
        kind = chance.random()
        base = Packet(*ends, UDP, entering=entering, leaving=leaving)
        for share, makes in (
            (0.35, self._tcp),
            (0.55, self._udp),
            (0.7, self._echo),
            (0.78, self._other),
            (0.9, self._established),
            (0.95 if version == 4 else 0, self._related),
        ):
            if kind < share:
                return makes(base, mark)
        return self._invalid(base, mark)

    def _other(self, base: Packet, mark: bytes) -> Flow:
        """A protocol without ports."""
        packet = replace(base, protocol=self._chance.choice((50, 89, 112)))
        return Flow(packet, self._ip(packet, mark * 4))

    def _near(self) -> int:
        return self._chance.choice((*PORTS, self._number % 60000 + 1024))

    def _far(self) -> int:
        """A source port that no earlier connection had."""
        return 1024 + self._number % 60000

    def _ip(self, base: Packet, payload: bytes) -> bytes:
        return wires.ip(str(base.source), str(base.destination), base.protocol, payload)

    def _tcp(self, base: Packet, mark: bytes) -> Flow:
        near = self._near()
        packet = replace(
            base, protocol=TCP, source_port=self._far(), destination_port=near, flags=2
        )
        return Flow(packet, self._ip(packet, wires.tcp(packet.source_port, near, 2, mark)))

    def _udp(self, base: Packet, mark: bytes) -> Flow:
        packet = replace(base, source_port=self._far(), destination_port=self._near())
        payload = wires.udp(packet.source_port, packet.destination_port, mark)
        return Flow(packet, self._ip(packet, payload))

    def _echo(self, base: Packet, mark: bytes) -> Flow:
        version = base.source.version
        kind = 128 if version == 6 else self._chance.choice((8, 8, 8, 13, 17))
        packet = replace(base, protocol=ICMP if version == 4 else ICMP_V6, source_port=kind)
        # another identifier each: the first packet of a connection decides how it is translated
        rest = struct.pack("!HH", self._number % 65536, 1) + mark
        return Flow(packet, self._ip(packet, wires.icmp(kind, 0, rest)))

    def _established(self, base: Packet, mark: bytes) -> Flow:
        """A packet of a connection that both sides have spoken on, from either side."""
        first = self._chance.choice((self._udp, self._tcp))(base, mark)
        there = first.packet
        back = replace(
            there,
            source=there.destination,
            destination=there.source,
            source_port=there.destination_port,
            destination_port=there.source_port,
            entering=there.leaving,
            leaving=there.entering,
        )
        before = [(there.entering, first.content)]
        if there.protocol == UDP:
            answer = wires.udp(back.source_port, back.destination_port, b"answer")
            before.append((back.entering, self._ip(back, answer)))
        else:
            for packet, flags in ((back, 0x12), (there, 0x10)):
                ports = packet.source_port, packet.destination_port
                before.append((packet.entering, self._ip(packet, wires.tcp(*ports, flags))))
        later = self._chance.choice((there, back))
        ports = later.source_port, later.destination_port
        more = mark + b"later."
        if there.protocol == UDP:
            content = self._ip(later, wires.udp(*ports, more))
            return Flow(replace(later, state="established"), content, before)
        content = self._ip(later, wires.tcp(*ports, 0x10, more))
        return Flow(replace(later, state="established", flags=0x10), content, before)

    def _related(self, base: Packet, mark: bytes) -> Flow:
        """An error message about a packet that went the other way."""
        first = self._udp(base, mark)
        there = first.packet
        about = b"\0\0\0\0" + first.content[:28]
        packet = Packet(
            there.destination,
            there.source,
            ICMP,
            3,
            self._chance.choice((1, 3)),
            entering=there.leaving,
            leaving=there.entering,
            state="related",
        )
        content = self._ip(packet, wires.icmp(3, packet.destination_port, about))
        return Flow(packet, content, [(there.entering, first.content)])

    def _invalid(self, base: Packet, mark: bytes) -> Flow:
        """An answer that nobody asked for, or TCP flags that make no sense."""
        flags = self._chance.choice((0x10, 0x03, 0x00, 0x29))
        packet = replace(
            base,
            protocol=TCP,
            source_port=self._far(),
            destination_port=self._near(),
            flags=flags,
            state="invalid",
        )
        ports = packet.source_port, packet.destination_port
        return Flow(packet, self._ip(packet, wires.tcp(*ports, flags, mark)))


def leaves_by(destination: str) -> str:
    """The interface of the longest route."""
    at = ip_address(destination)
    fitting = [
        (ip_network(network).prefixlen, name)
        for name, networks in NETWORKS.items()
        for network in networks
        if ip_network(network).version == at.version and at in ip_network(network)
    ]
    return max(fitting)[1]
