"""IPsec on an interface: packets that the filters there see in another form, or not at all.

A packet for which a crypto map asks is dropped when it comes in clear text, and leaves encrypted;
which filters see it before or after depends on the release (Cisco, "Crypto Access Check on
Clear-Text Packets"). What becomes of it is therefore said to be unknown, and nothing else is.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.packets.fields import ALL_V4
from rules.packets.policy import Region
from scanner.platforms.cisco_ios.access_entries import mirrored
from scanner.platforms.cisco_ios.access_lists import AccessLists, of_version, permitted
from scanner.platforms.cisco_ios.configuration import Configuration
from scanner.platforms.cisco_ios.interfaces import Port
from scanner.platforms.netconfig.indented import Line


@dataclass(frozen=True)
class Protected:
    """Packets that go through a tunnel at an interface."""

    line: Line
    leaving: tuple[Region, ...]

    @property
    def entering(self) -> tuple[Region, ...]:
        return tuple(mirrored(region) for region in self.leaving)


def crypto_maps(
    config: Configuration, ports: dict[str, Port], lists: AccessLists
) -> dict[str, Protected]:
    """Interface -> what its crypto map protects: everything where that is not told."""
    asked: dict[str, list[Region] | None] = {}
    for block in config.starting("crypto", "map"):
        if len(block.words) < 4:
            continue
        regions = asked.setdefault(block.words[2], [])
        for line in block.below:
            if line.words[:2] != ["match", "address"] or regions is None:
                continue
            acl = lists.get(line.words[-1])
            if acl is None:
                asked[block.words[2]] = regions = None
            else:
                config.use(line)
                regions += [of_version(region, 4) for region in permitted(acl)]
        if "dynamic" in block.words:
            asked[block.words[2]] = None
    found: dict[str, Protected] = {}
    for port in ports.values():
        for line in port.lines:
            if line.words[:2] == ["crypto", "map"] and len(line.words) > 2:
                config.use(line)
                known = asked.get(line.words[2])
                regions_here = (Region(source=ALL_V4),) if known is None else tuple(known)
                found[port.name] = Protected(line, regions_here)
    return found
