"""SSH and SNMP of a Pexip platform: each node has settings of its own beside the global ones.

`enable_ssh` of a node is ON, OFF or GLOBAL, which is the global setting; `snmp_mode` is DISABLED,
STANDARD (v2c) or AUTHPRIV (v3). A fact is about all nodes: that something is off is known only when
every node was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from scanner.platforms.pexip_lists import (
    CONFERENCING_NODES,
    GLOBAL,
    MANAGEMENT_NODES,
    Item,
    Listing,
    cite_first,
)

_SSH = {"ON": True, "OFF": False}
_SNMP = {"DISABLED": (), "STANDARD": ("2c",), "AUTHPRIV": ("3",)}
_DEFAULT_COMMUNITIES = frozenset({"public", "private"})


@dataclass(frozen=True, slots=True)
class _Nodes:
    items: tuple[Item, ...]
    all_seen: bool
    """Management and conferencing nodes, all of them."""


def node_facts(lists: Mapping[str, Listing]) -> dict[str, Fact[Any]]:
    """What the nodes and the global setting say together; {} when neither was seen."""
    found = [lists[kind] for kind in (MANAGEMENT_NODES, CONFERENCING_NODES) if kind in lists]
    nodes = _Nodes(
        tuple(item for listing in found for item in listing.items),
        # a platform always has a management node, so an empty list of them is not all of it
        all(
            kind in lists and lists[kind].is_whole
            for kind in (MANAGEMENT_NODES, CONFERENCING_NODES)
        )
        and bool(lists[MANAGEMENT_NODES].items),
    )
    facts: dict[str, Fact[Any]] = {}
    ssh = _ssh(nodes, _global_ssh(lists))
    if ssh is not None:
        facts["service.ssh.enabled"] = ssh
    if nodes.items:
        facts |= _snmp(nodes)
    return facts


def _global_ssh(lists: Mapping[str, Listing]) -> Item | None:
    """The one object that says it."""
    listing = lists.get(GLOBAL)
    if listing is None or len(listing.items) != 1 or "enable_ssh" not in listing.items[0].values:
        return None
    # two answers that contradict each other are no whole list
    return listing.items[0] if listing.is_whole else None


def _ssh(nodes: _Nodes, platform: Item | None) -> Fact[bool] | None:
    setting = platform.values["enable_ssh"] if platform else None
    shown = (platform.cite("enable_ssh"),) if platform else ()
    off: list[Item] = []
    in_doubt: Item | None = None
    for node in nodes.items:
        word = node.values.get("enable_ssh")
        on = setting if word == "GLOBAL" else _SSH.get(word) if isinstance(word, str) else None
        if on is True:
            return Known(True, (node.cite("enable_ssh"), *(shown if word == "GLOBAL" else ())))
        if on is False:
            off.append(node)
        else:
            in_doubt = node
    if in_doubt is not None:
        return Unknown(_NOT_UNDERSTOOD.format(key="enable_ssh"), (in_doubt.cite("enable_ssh"),))
    if nodes.all_seen:
        return Known(False, (*cite_first(off, "enable_ssh"), *shown))
    if setting is True and not nodes.items:
        # what every node does that does not say otherwise
        return Known(True, shown)
    if platform is None and not off:
        return None
    return Unknown(_NODES_DECIDE, (*shown, *cite_first(off, "enable_ssh")))


def _snmp(nodes: _Nodes) -> dict[str, Fact[Any]]:
    by_mode: dict[tuple[str, ...] | None, list[Item]] = {}
    for node in nodes.items:
        word = node.values.get("snmp_mode")
        mode = _SNMP.get(word) if isinstance(word, str) else None
        by_mode.setdefault(mode, []).append(node)
    on = [node for mode, some in by_mode.items() if mode for node in some]
    cited = cite_first(nodes.items, "snmp_mode")
    doubt = Unknown(_NOT_ALL_NODES, cited)
    if None in by_mode:
        doubt = Unknown(
            _NOT_UNDERSTOOD.format(key="snmp_mode"), (by_mode[None][0].cite("snmp_mode"),)
        )
    complete = nodes.all_seen and None not in by_mode
    facts: dict[str, Fact[Any]] = dict.fromkeys(
        ("service.snmp.enabled", "snmp.versions", "snmp.default_community"), doubt
    )
    if on or complete:
        facts["service.snmp.enabled"] = Known(bool(on), cite_first(on, "snmp_mode") or cited)
    if complete:
        versions = {version for mode in by_mode if mode for version in mode}
        facts["snmp.versions"] = Known(tuple(sorted(versions)), cited)
    community = _community(by_mode.get(("2c",), []))
    if community is not None:
        facts["snmp.default_community"] = community
    elif complete:
        asked = cite_first(by_mode.get(("2c",), []), "snmp_community")
        facts["snmp.default_community"] = Known(False, asked or cited)
    return facts


def _community(taking: list[Item]) -> Fact[bool] | None:
    """Of the nodes that take one; None when they have one of their own."""
    for node in taking:
        value = node.values.get("snmp_community")
        if not isinstance(value, str) or not value:
            reason = _NOT_UNDERSTOOD.format(key="snmp_community")
            return Unknown(reason, (node.cite("snmp_community"), node.cite("snmp_mode")))
        if value.lower() in _DEFAULT_COMMUNITIES:
            return Known(True, (node.cite("snmp_community"), node.cite("snmp_mode")))
    return None


_NOT_UNDERSTOOD = Text(
    vi="không hiểu giá trị của `{key}` ở một nút", en="a node's value of `{key}` is not understood"
)
_NODES_DECIDE = Text(
    vi="từng nút có thể tự bật SSH và chưa có cài đặt của tất cả các nút",
    en="each node can switch SSH on by itself, and the settings of all nodes were not seen",
)
_NOT_ALL_NODES = Text(
    vi="chưa có cài đặt của tất cả các nút quản trị và nút hội nghị",
    en="the settings of all management and conferencing nodes were not seen",
)
