"""Routes that a device has because its interfaces have addresses."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.text import Text
from rules.network_facts import Interface, Route

MAIN = "main"
UNREAD_ADDRESS = Text(
    vi="không hiểu hết địa chỉ của các giao diện, nên không biết hết các tuyến nối trực tiếp",
    en="the addresses of the interfaces are not all understood, so that connected routes may be"
    " missing",
)
LEARNT = Text(
    vi="thiết bị học tuyến bằng giao thức định tuyến động (`{words}`); cấu hình không cho biết các "
    "tuyến đó",
    en="the device learns routes from a routing protocol (`{words}`), which a configuration does "
    "not tell",
)
UNREAD_ROUTE = Text(
    vi="có một tuyến tĩnh không hiểu được",
    en="a static route is not understood",
)


def parent(name: str) -> str:
    """The interface that a subinterface is part of: `GigabitEthernet0/1` of `...0/1.20`."""
    return name.partition(".")[0]


def connected(interface: Interface) -> Iterator[Route]:
    """One route for each network that the interface stands in; none when it is switched off.

    They come before every static route: `metric` is 0.
    """
    if interface.up is False:
        return
    for address in interface.addresses:
        yield Route(address.network, None, interface.name, 0, interface.vrf or MAIN)
