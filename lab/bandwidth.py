"""Bandwidth that packet filters keep for conferencing: commands for `tc`."""

from __future__ import annotations

from lab.namespaces import tool
from lab.situation import Reservation, Situation

LINE_KBIT = 1_000_000
"""Room above all promises, so that the lab is as fast as without them."""


def commands_for(old: Situation | None, new: Situation) -> list[tuple[list[str], str]]:
    """For `network.run_all`: afterwards the new reservations are in force and no others."""
    before = old.reserved if old is not None else {}
    commands = []
    for router in {**before, **new.reserved}:
        was, wanted = before.get(router), new.reserved.get(router)
        if was == wanted:
            continue
        lines = [f"qdisc del dev {was.interface} root"] if was is not None else []
        lines += _kept(wanted) if wanted is not None else []
        commands.append(([tool("tc"), "-n", router, "-batch", "-"], "\n".join(lines) + "\n"))
    return commands


def _kept(wanted: Reservation) -> list[str]:
    """One class for conferencing, one for everything else, below the whole line."""
    device = wanted.interface
    ceiling = f"ceil {LINE_KBIT}kbit"
    classes = (
        f"parent 1: classid 1:1 htb rate {LINE_KBIT}kbit",
        f"parent 1:1 classid 1:10 htb rate {wanted.kbps}kbit {ceiling} prio 0",
        f"parent 1:1 classid 1:20 htb rate 64kbit {ceiling} prio 1",
    )
    return [
        f"qdisc add dev {device} root handle 1: htb default 20",
        *(f"class add dev {device} {one}" for one in classes),
        *(
            f"filter add dev {device} parent 1: protocol ip prio 1 u32"
            f" match ip src {near} match ip dst {far} flowid 1:10"
            for near in wanted.near
            for far in wanted.far
        ),
    ]
