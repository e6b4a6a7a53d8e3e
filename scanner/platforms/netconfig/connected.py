"""Routes that a device has because its interfaces have addresses."""

from __future__ import annotations

from collections.abc import Iterator

from rules.network_facts import Interface, Route

MAIN = "main"


def connected(interface: Interface) -> Iterator[Route]:
    """One route for each network that the interface stands in; none when it is switched off.

    They come before every static route: `metric` is 0.
    """
    if interface.up is False:
        return
    for address in interface.addresses:
        yield Route(address.network, None, interface.name, 0, interface.vrf or MAIN)
