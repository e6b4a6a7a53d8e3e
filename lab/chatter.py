"""Small talk that a living network has: hosts greet their gateway, devices send records."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping
from datetime import datetime

from lab.boxes import Box
from lab.records import LOCAL_TIME
from lab.situation import Situation
from lab.system import CLONE_NEWNET, enter
from lab.topology import HOSTS, LOG_ADDRESS, SENDERS, zone

DISCARD_PORT = 9
INFORMATIONAL = 134
"""Facility local0, severity informational."""


class Chatter:
    """One UDP socket in the network of every box that is spoken from."""

    def __init__(self, boxes: Mapping[str, Box]) -> None:
        self._sockets: dict[str, socket.socket] = {}
        with open("/proc/self/ns/net", "rb") as home:
            for host_id, box in boxes.items():
                enter(box.network, CLONE_NEWNET)
                self._sockets[host_id] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                self._sockets[host_id].setblocking(False)
            enter(home.fileno(), CLONE_NEWNET)

    def speak(self, situation: Situation, now: datetime) -> None:
        """Every powered host has greeted its gateway; every sender that reports has reported."""
        self._greet(situation)
        for sender in SENDERS:
            if sender not in situation.powered_off and sender not in situation.silent_days:
                stamp = now.astimezone(LOCAL_TIME).strftime("%b %e %H:%M:%S")
                text = f"<{INFORMATIONAL}>{stamp} {sender} monitor: trang thai binh thuong"
                self._send(sender, text.encode(), (str(LOG_ADDRESS), 514))

    def _greet(self, situation: Situation) -> None:
        for host in HOSTS:
            if len(host.interfaces) == 1 and host.id not in situation.powered_off:
                gateway = zone(situation.place(host.id).zone).gateway_address
                self._send(host.id, b"\n", (str(gateway), DISCARD_PORT))

    def _send(self, host_id: str, content: bytes, target: tuple[str, int]) -> None:
        # a cable that is unplugged, or a route that is gone, is part of the game
        with contextlib.suppress(OSError):
            self._sockets[host_id].sendto(content, target)
