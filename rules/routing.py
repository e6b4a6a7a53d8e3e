"""Which route a device takes: longest prefix first, then the lowest metric."""

from __future__ import annotations

from rules.network_facts import Address, Route

MAIN = "main"


def best_routes(
    routes: tuple[Route, ...], address: Address, table: str = MAIN
) -> tuple[Route, ...]:
    """The routes of the table that the device uses for the address; several share the load.

    Empty when it has none.
    """
    usable = [
        route
        for route in routes
        if route.table == table
        and route.destination.version == address.version
        and address in route.destination
    ]
    if not usable:
        return ()
    longest = max(route.destination.prefixlen for route in usable)
    lowest = min(route.metric for route in usable if route.destination.prefixlen == longest)
    return tuple(
        route
        for route in usable
        if route.destination.prefixlen == longest and route.metric == lowest
    )
