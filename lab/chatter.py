"""Small talk that a living network has: hosts greet their gateway, devices send records."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Mapping
from datetime import datetime

from lab.boxes import Box
from lab.records import LOCAL_TIME
from lab.situation import Situation
from lab.system import CLONE_NEWNET, enter
from lab.topology import LOG_ADDRESS, Host

DISCARD_PORT = 9
INFORMATIONAL = 134
"""Facility local0, severity informational."""

Message = tuple[bytes, tuple[str, int]]


def speak(boxes: Mapping[str, Box], situation: Situation, now: datetime) -> None:
    """Every powered host has greeted its gateway; every sender that reports has reported."""
    with open("/proc/self/ns/net", "rb") as home:
        for host in situation.plan.hosts:
            if host.id in situation.powered_off:
                continue
            enter(boxes[host.id].network, CLONE_NEWNET)
            try:
                _send(_messages(host, situation, now))
            finally:
                enter(home.fileno(), CLONE_NEWNET)


def _messages(host: Host, situation: Situation, now: datetime) -> Iterator[Message]:
    if len(host.interfaces) == 1:
        gateway = situation.plan.zone(situation.place(host.id).zone).gateway_address
        yield b"\n", (str(gateway), DISCARD_PORT)
    if host.id in situation.plan.senders and host.id not in situation.silent_days:
        stamp = now.astimezone(LOCAL_TIME).strftime("%b %e %H:%M:%S")
        text = f"<{INFORMATIONAL}>{stamp} {host.id} monitor: trang thai binh thuong"
        yield text.encode(), (str(LOG_ADDRESS), 514)


def _send(messages: Iterator[Message]) -> None:
    # the socket is closed again at once: an open one would be a port that a scan could find
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
        sending.setblocking(False)
        for content, target in messages:
            # a cable that is unplugged, or a route that is gone, is part of the game
            with contextlib.suppress(OSError):
                sending.sendto(content, target)
