"""What lists of a Pexip platform tell beside its settings: time servers, and calls on its nodes.

Time servers are declared once and used by name: each location says which ones its conferencing
nodes ask, and the management node which ones it asks itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from scanner.evidence import printable
from scanner.platforms.pexip_lists import (
    MANAGEMENT_NODES,
    NODES_UP,
    Item,
    Listing,
    cite_first,
)

LOCATIONS = "configuration/v1/system_location/"
TIME_SERVERS = "configuration/v1/ntp_server/"


def time_servers(lists: Mapping[str, Listing]) -> Fact[tuple[str, ...]] | None:
    """The servers that are asked; where nobody says who asks, all that are declared.

    None when no list is about them.
    """
    asking = [lists[kind] for kind in (LOCATIONS, MANAGEMENT_NODES) if kind in lists]
    users = [item for listing in asking for item in listing.items if "ntp_servers" in item.values]
    declared = lists.get(TIME_SERVERS)
    if not users:
        return _declared(declared) if declared is not None else None
    cited = cite_first(users, "ntp_servers")
    if not all(listing.is_whole for listing in asking):
        return Unknown(_NOT_WHOLE, cited)
    found: list[tuple[str, ...] | None] = [_asked(item, declared) for item in users]
    if None in found:
        return Unknown(_NAMES_NOT_SEEN, cited)
    if any(found) and () in found:
        return Unknown(_SOME_ASK_NOBODY, cited)
    return Known(tuple(dict.fromkeys(name for names in found for name in names or ())), cited)


def _declared(declared: Listing) -> Fact[tuple[str, ...]]:
    names = [_address(item.values) for item in declared.items]
    if not declared.is_whole:
        return Unknown(_NOT_WHOLE, declared.cite("address"))
    if None in names:
        return Unknown(_NAMES_NOT_SEEN, declared.cite("address"))
    return Known(tuple(name for name in names if name), declared.cite("address"))


def _asked(user: Item, declared: Listing | None) -> tuple[str, ...] | None:
    """By address; None when one of them is not known."""
    servers = user.values["ntp_servers"]
    if not isinstance(servers, list):
        return None
    known = {str(i.values["resource_uri"]): i.values for i in declared.items} if declared else {}
    names = [
        _address(server if isinstance(server, dict) else known.get(str(server), {}))
        for server in servers
    ]
    return None if None in names else tuple(name for name in names if name)


def _address(server: Mapping[str, Any]) -> str | None:
    address = server.get("address")
    return printable(address) or None if isinstance(address, str) else None


def calls_on_nodes(lists: Mapping[str, Listing]) -> list[Fact[int]]:
    """How many calls the nodes say they signal; one where they only have media.

    That there is none is only told where every node says both numbers and all nodes were seen.
    """
    nodes = lists.get(NODES_UP)
    if nodes is None or not nodes.items:
        return []
    signalled = _numbers(nodes.items, "signaling_count")
    media = _numbers(nodes.items, "media_load")
    calls = sum(signalled) or int(sum(media) > 0)
    cited = (*nodes.cite("signaling_count"), *nodes.cite("media_load"))
    if calls:
        return [Known(calls, cited)]
    told = len(signalled) == len(media) == len(nodes.items) and nodes.is_whole
    return [Known(0, cited)] if told else []


def _numbers(items: Sequence[Item], key: str) -> list[int]:
    values = [item.values.get(key) for item in items]
    return [value for value in values if type(value) is int and value >= 0]


_NOT_WHOLE = Text(
    vi="danh sách không đầy đủ, còn trang khác hoặc các trang không khớp nhau",
    en="the list is not whole: there are more pages, or pages contradict each other",
)
_NAMES_NOT_SEEN = Text(
    vi="chưa có địa chỉ của các máy chủ thời gian được dùng (configuration/v1/ntp_server/)",
    en="the addresses of the time servers in use were not seen (configuration/v1/ntp_server/)",
)
_SOME_ASK_NOBODY = Text(
    vi="có vị trí dùng máy chủ thời gian và có vị trí không dùng máy chủ nào",
    en="some locations ask a time server and some ask none",
)
