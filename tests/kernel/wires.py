"""A forwarding host whose interfaces end in file descriptors: what is written there comes in, what
it sends out can be read. Packets are built and recognised here, by hand.
"""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address

from rules.packets.packet import Packet

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000

INTERFACES = ("eth0", "eth1", "wan0")
NETWORKS = {
    "eth0": ("10.1.0.0/16", "2001:db8:1::/48"),
    "eth1": ("10.2.0.0/16", "2001:db8:2::/48"),
    "wan0": ("0.0.0.0/0", "::/0"),
}
"""Where a packet with that destination leaves."""


class Wires:
    """The interfaces of the network namespace that this process is in."""

    def __init__(self) -> None:
        self.ends: dict[str, int] = {}
        for name in INTERFACES:
            end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
            self.ends[name] = end
        settings = [f"net.ipv4.conf.{name}.rp_filter=0" for name in ("all", "default", *INTERFACES)]
        settings += ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"]
        run("sysctl", "-qw", *settings)
        for name, networks in NETWORKS.items():
            run("sysctl", "-qw", f"net.ipv6.conf.{name}.addr_gen_mode=1")
            run("ip", "link", "set", name, "up")
            for network in networks:
                run("ip", "route", "add", network, "dev", name)
        run("ip", "link", "set", "lo", "up")

    def tracking(self) -> None:
        """How connections are followed; possible once something asks for it."""
        values = ("checksum=0", "tcp_loose=0", "tcp_be_liberal=1", "udp_timeout_stream=3600")
        # a protocol without ports has one connection between two hosts: it is forgotten at once
        values += ("generic_timeout=0",)
        run("sysctl", "-qw", *(f"net.netfilter.nf_conntrack_{value}" for value in values))

    def send(self, entering: str, content: bytes) -> None:
        os.write(self.ends[entering], content)

    def arrived(self, wait_s: float = 0.0) -> list[tuple[str, bytes]]:
        """Everything that has come out, with the interface."""
        found = []
        while True:
            ready, _, _ = select.select(list(self.ends.values()), [], [], wait_s)
            if not ready:
                return found
            for name, end in self.ends.items():
                while end in ready:
                    try:
                        found.append((name, os.read(end, 4096)))
                    except BlockingIOError:
                        break


def run(*command: str, given: str | None = None) -> str:
    """What the program says. Raises CalledProcessError."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return done.stdout


@dataclass
class Flow:
    """A packet that is to be sent, and what has to be sent before, on which interfaces."""

    packet: Packet
    content: bytes
    before: list[tuple[str, bytes]] = field(default_factory=list)


def arrival(
    content: bytes, arrivals: Iterable[tuple[str, bytes]]
) -> tuple[str, tuple[str, str, int]] | None:
    """The interface on which the packet came out, its addresses and destination port by then.

    It is told by what it carries: addresses, ports, sums and the TTL may have changed on the way.
    """
    start, protocol = _carried(content)
    for name, got in arrivals:
        if _carried(got) == (start, protocol) and got[start:] == content[start:]:
            head, size = (12, 4) if got[0] >> 4 == 4 else (8, 16)
            ends = [str(ip_address(got[at : at + size])) for at in (head, head + size)]
            port = int.from_bytes(got[head + 2 * size + 2 : head + 2 * size + 4])
            return name, (ends[0], ends[1], port)
    return None


def _carried(content: bytes) -> tuple[int, int]:
    """Where the content begins behind all heads, and the protocol."""
    start, protocol = (20, content[9]) if content[0] >> 4 == 4 else (40, content[6])
    return start + {1: 8, 6: 20, 17: 8, 58: 8}.get(protocol, 0), protocol


def ip(source: str, destination: str, protocol: int, payload: bytes) -> bytes:
    one, other = ip_address(source), ip_address(destination)
    if one.version == 6:
        head = struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64)
        return head + one.packed + other.packed + payload
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0)
    head += one.packed + other.packed
    return head[:10] + struct.pack("!H", _sum(head)) + head[12:] + payload


def _sum(content: bytes) -> int:
    total = sum(struct.unpack(f"!{len(content) // 2}H", content))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def tcp(source_port: int, destination_port: int, flags: int, mark: bytes = b"") -> bytes:
    head = struct.pack(
        "!HHIIBBHHH", source_port, destination_port, 1000, 1000, 0x50, flags, 8192, 0, 0
    )
    return head + mark


def udp(source_port: int, destination_port: int, mark: bytes = b"") -> bytes:
    return struct.pack("!HHHH", source_port, destination_port, 8 + len(mark), 0) + mark


def icmp(kind: int, code: int, rest: bytes) -> bytes:
    content = struct.pack("!BBH", kind, code, 0) + rest
    if len(content) % 2:
        content += b"\0"
    return content[:2] + struct.pack("!H", _sum(content)) + content[4:]
