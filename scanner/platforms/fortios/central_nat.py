"""Virtual IPs with central NAT: translated without a policy, before the policies are asked.

Fortinet, "FortiOS Administration Guide", Central DNAT: a virtual IP works as soon as it is switched
on; the policies name the mapped address and are asked for the mapped port. Where two of them
concern the same packets their order decides, which is not told in the file for sure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from rules.packets.policy import Change, Region, Rewrite, Rule
from rules.packets.sets import Numbers, common
from scanner.platforms.fortios.vips import Vip
from scanner.platforms.netconfig.services import only

WHY: Final = "central NAT sends it on: ask with the mapped address"


def sent_to(vip: Vip) -> Region:
    """Packets to the external address and port."""
    protocol = None if vip.protocol is None else only(vip.protocol)
    return Region(vip.sources, vip.outer, protocol, None, vip.outer_ports, entering=vip.entering)


def translations(
    vips: Iterable[Vip], shown: Callable[[int], str]
) -> tuple[tuple[Rewrite, ...], list[Vip]]:
    """What is certain as lines that translate, and the virtual IPs that are left."""
    several = list(vips)
    rewrites: list[Rewrite] = []
    left: list[Vip] = []
    for vip in several:
        address = _change(vip.outer, vip.inner)
        port = _change(vip.outer_ports, vip.inner_ports)
        alone = not any(_meet(vip, other) for other in several if other is not vip)
        if vip.why or not alone or address is None or (port is None) != (vip.protocol is None):
            left.append(vip)
            continue
        rule = Rule("continue", vip.line, shown(vip.line), (sent_to(vip),))
        rewrites.append(Rewrite(rule, destination=address, destination_port=port))
    return tuple(rewrites), left


def _change(before: Numbers | None, after: Numbers | None) -> Change | None:
    """None where it is not one range that becomes another of the same size."""
    if before is None or after is None or before.size != after.size:
        return None
    if len(before.intervals) != 1 or len(after.intervals) != 1:
        return None
    to = after.intervals[0][0]
    if before.size == 1:
        return Change(to)
    return Change(to - before.intervals[0][0], shifts=True)


def _meet(one: Vip, other: Vip) -> bool:
    if one.protocol is not None and other.protocol not in {None, one.protocol}:
        return False
    ports = one.outer_ports, other.outer_ports
    if ports[0] is not None and ports[1] is not None and not common(ports[0], ports[1]):
        return False
    return bool(common(one.outer, other.outer))
