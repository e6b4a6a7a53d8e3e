"""VRFs: routing tables apart, and what joins them.

Packets go from one VRF to another only where a line lets routes of the one into the other: route
targets, import and export maps, static routes with an interface or `global`, `set vrf` in policy
routing, `route-replicate`. Where no such line is there, nothing passes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network

from rules.packets.fields import span
from rules.packets.policy import EVERYTHING, Chain, Region, Rule, Stage
from rules.packets.sets import Numbers, names
from scanner.platforms.cisco_ios.configuration import Configuration, shown
from scanner.platforms.cisco_ios.interfaces import Port
from scanner.platforms.netconfig.indented import Line

GLOBAL = ""
"""The table of interfaces without a VRF."""


@dataclass
class Vrf:
    name: str
    header: Line
    imports: dict[str, Line] = field(default_factory=dict)
    """Route target -> the line."""
    exports: dict[str, Line] = field(default_factory=dict)
    maps: list[Line] = field(default_factory=list)
    """Lines that move routes by a map, so that the targets do not tell."""
    joins: list[tuple[str, Line]] = field(default_factory=list)
    """Other VRFs named in lines of this one."""


@dataclass(frozen=True)
class Leak:
    """From one table packets may go on in the other."""

    source: str | None
    """None = from any."""
    destination: str | None
    line: Line
    region: Region = EVERYTHING


def vrfs(config: Configuration, ports: dict[str, Port]) -> dict[str, Vrf]:
    """The VRFs by name, also those that only an interface names."""
    found: dict[str, Vrf] = {}
    for line in config.top:
        words = line.words
        if words[:2] in (["vrf", "definition"], ["ip", "vrf"]) and len(words) == 3:
            config.use(line)
            _read(config, found.setdefault(words[2], Vrf(words[2], line)), line)
    for port in ports.values():
        if port.vrf is not None and port.vrf_line is not None:
            found.setdefault(port.vrf, Vrf(port.vrf, port.vrf_line))
    return found


def _read(config: Configuration, vrf: Vrf, block: Line) -> None:
    for line in block.below:
        config.use(line)
        words = line.words
        if words[0] == "route-target":
            way, target = (words[1], words[2]) if len(words) > 2 else ("both", words[-1])
            if way in {"import", "both"}:
                vrf.imports[target] = line
            if way in {"export", "both"}:
                vrf.exports[target] = line
        elif words[0] in {"import", "export"}:
            vrf.maps.append(line)
        elif words[0] == "route-replicate":
            _replicated(vrf, line)
        elif words[0] == "address-family":
            _read(config, vrf, line)


def _replicated(vrf: Vrf, line: Line) -> None:
    words = line.words
    if "vrf" in words[:-1]:
        vrf.joins.append((words[words.index("vrf") + 1], line))
    else:
        vrf.joins.append((GLOBAL, line))


def leaks(config: Configuration, found: dict[str, Vrf], ports: dict[str, Port]) -> list[Leak]:
    """Every line that could join two tables."""
    joined: list[Leak] = []
    for one in found.values():
        for other in found.values():
            if one is not other:
                joined += [
                    Leak(one.name, other.name, line)
                    for target, line in one.imports.items()
                    if target in other.exports
                ]
        joined += [Leak(one.name, None, line) for line in one.maps if line.words[0] == "import"]
        joined += [Leak(None, one.name, line) for line in one.maps if line.words[0] == "export"]
        for name, line in one.joins:
            joined.append(Leak(one.name, name, line))
    joined += _static(config, ports)
    joined += _by_policy(config, ports)
    for line in config.top:
        if line.words[0] == "route-replicate" or line.words[:3] == ["ip", "vrf", "receive"]:
            joined.append(Leak(None, None, line))
        if line.words[:2] == ["ip", "nat"] and "vrf" in line.words:
            joined.append(Leak(line.words[line.words.index("vrf") + 1 :][0], None, line)
                          if line.words[-1] != "vrf" else Leak(None, None, line))  # fmt: skip
    for port in ports.values():
        for line in port.lines:
            if line.words[:2] in (["vrf", "receive"], ["vrf", "select"]) or line.words[:3] in (
                ["ip", "vrf", "receive"],
                ["ip", "vrf", "select"],
            ):
                config.use(line)
                joined.append(Leak(None, None, line))
    return joined


def _static(config: Configuration, ports: dict[str, Port]) -> list[Leak]:
    """Routes whose way out is in another table."""
    joined: list[Leak] = []
    for line in config.starting("ip", "route"):
        words = line.words[2:]
        table = GLOBAL
        if words[:1] == ["vrf"] and len(words) > 2:
            table, words = words[1], words[2:]
        if len(words) < 3:
            continue
        region = _towards(words[0], words[1])
        if "global" in words[2:]:
            joined.append(Leak(table, GLOBAL, line, region))
        port = ports.get(words[2])
        if port is not None and (port.vrf or GLOBAL) != table:
            joined.append(Leak(table, port.vrf or GLOBAL, line, region))
    return joined


def _towards(address: str, mask: str) -> Region:
    try:
        network = IPv4Network(f"{address}/{mask}", strict=False)
    except ValueError:
        return EVERYTHING
    return Region(destination=Numbers((span(network),)))


def _by_policy(config: Configuration, ports: dict[str, Port]) -> list[Leak]:
    """Route maps of policy routing that put packets into another table."""
    joined: list[Leak] = []
    for port in ports.values():
        if port.route_map is None:
            continue
        region = Region(entering=names(port.name))
        for block in config.starting("route-map", port.route_map[0]):
            for line in block.below:
                words = line.words
                if words[0] != "set":
                    continue
                if "vrf" in words[:-1]:
                    table: str | None = words[words.index("vrf") + 1]
                elif "global" in words:
                    table = GLOBAL
                else:
                    continue
                config.use(line)
                joined.append(Leak(port.vrf or GLOBAL, table, line, region))
    return joined


def separation(
    found: dict[str, Vrf], ports: dict[str, Port], joined: list[Leak]
) -> tuple[list[Stage], list[Chain]]:
    """Stages that stop packets between tables, but for those that a leak may let through."""
    tables: dict[str, list[str]] = {}
    for port in ports.values():
        if port.is_routed:
            tables.setdefault(port.vrf or GLOBAL, []).append(port.name)
    stages: list[Stage] = []
    chains: list[Chain] = []
    for table, members in tables.items():
        apart = [name for name in tables if name != table]
        joins = {name: [leak for leak in joined if _joins(leak, table, name)] for name in apart}
        closed = [port for name in apart if not joins[name] for port in tables[name]]
        if closed:
            stages.append(_stage(_title(table, None), members, closed))
            chains.append(Chain(_title(table, None), (_wall(found, table, apart),), "deny"))
        for name in apart:
            if joins[name]:
                title = _title(table, name)
                stages.append(_stage(title, members, tables[name]))
                doubts = [_doubt(leak) for leak in joins[name]]
                wall = _wall(found, table, [name])
                chains.append(Chain(title, (*doubts, wall), "deny"))
    return stages, chains


def _joins(leak: Leak, source: str, destination: str) -> bool:
    return leak.source in {None, source} and leak.destination in {None, destination}


def _title(source: str, destination: str | None) -> str:
    left = f"vrf {source}" if source else "the global table"
    if destination is None:
        return f"from {left} to other tables"
    return f"from {left} to {f'vrf {destination}' if destination else 'the global table'}"


def _stage(title: str, members: list[str], others: list[str]) -> Stage:
    return Stage(title, Region(entering=names(*members), leaving=names(*others)))


def _wall(found: dict[str, Vrf], table: str, apart: list[str]) -> Rule:
    """The line that defines the VRF, or one of the others for the global table."""
    vrf = found[table] if table else found[next(name for name in apart if name)]
    return Rule("deny", vrf.header.number, shown(vrf.header))


def _doubt(leak: Leak) -> Rule:
    why = f"route leak: {shown(leak.line)}"
    return Rule("permit", leak.line.number, shown(leak.line), (leak.region,), (), why=why)
