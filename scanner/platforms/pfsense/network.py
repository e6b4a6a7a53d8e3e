"""Interfaces, VLANs, connected and static routes, and the bandwidth that queues keep."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_interface, ip_network
from typing import Any, Final

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import Interface, QosClass, Route
from rules.packets.policy import EVERYTHING, Policy, Region
from scanner.evidence import Document, printable
from scanner.platforms.netconfig.connected import LEARNT, UNREAD_ADDRESS, connected
from scanner.platforms.netconfig.xml_tree import Node
from scanner.platforms.pfsense.config import Config
from scanner.platforms.pfsense.gateways import Gateways
from scanner.platforms.pfsense.interfaces import Port, Ports
from scanner.platforms.pfsense.written import rules

Facts = dict[str, Fact[Any]]


def network(config: Config, document: Document, policy: Policy) -> Facts:
    """What the file tells about the network around the box."""
    ports = Ports(config)
    if not ports.by_key:
        return {}
    facts: Facts = {}
    vlans = _vlans(config)
    found = tuple(_interface(port, vlans) for port in ports.by_key.values())
    cited = tuple(document.cite(port.line) for port in ports.by_key.values())
    torn = next((port for port in ports.by_key.values() if port.torn), None)
    facts["interfaces"] = (
        Known(found, cited) if torn is None else Unknown(_TORN, (document.cite(torn.line),))
    )
    if vlans:
        lines = tuple(document.cite(line) for _, line in vlans.values())
        facts["vlans"] = Known(tuple(sorted({tag for tag, _ in vlans.values()})), lines)
    facts |= _routes(config, document, ports)
    return facts | _queues(config, document, policy)


def _vlans(config: Config) -> dict[str, tuple[int, int]]:
    """Device -> its VLAN and the line that says so."""
    section = config.root.child("vlans")
    found = {}
    for node in section.named("vlan") if section is not None else ():
        tag = node.value("tag")
        if tag.isdigit() and 0 < int(tag[:5]) < 4095:
            device = node.value("vlanif") or f"{node.value('if')}.{tag}"
            line = node.child("tag")
            found[device] = (int(tag), line.line if line is not None else node.line)
    return found


def _interface(port: Port, vlans: dict[str, tuple[int, int]]) -> Interface:
    vlan = vlans.get(port.device)
    addresses = (*port.addresses, *port.virtual)
    return Interface(port.key, addresses, vlan[0] if vlan else None, None, port.enabled)


def _routes(config: Config, document: Document, ports: Ports) -> Facts:
    """Connected and static routes, where the file shows gateways or static routes."""
    static = _static(config, document, ports)
    fact = static.get("routes")
    if not isinstance(fact, Known):
        return static
    learns = _learning(config)
    if learns is not None:
        reason = LEARNT.format(words=learns.name)
        return {"routes": Unknown(reason, (document.cite(learns.line),))}
    odd = _unread_address(config, ports)
    if odd is not None:
        return {"routes": Unknown(UNREAD_ADDRESS, (document.cite(odd),))}
    direct = tuple(_connected(config, ports))
    lines = [document.cite(port.line) for port in ports.by_key.values() if direct]
    return {"routes": Known((*direct, *fact.value), (*fact.citations, *lines))}


def _learning(config: Config) -> Node | None:
    """A routing daemon that is switched on: a package of pfSense, a plugin of OPNsense."""
    packages = config.root.child("installedpackages")
    listed = packages.children if packages is not None else ()
    homes = [one for one in listed if one.name.startswith(_DAEMONS)]
    plugin = config.root.at("OPNsense", "quagga", "general")
    running: list[Node] = [*homes, *([plugin] if plugin is not None else ())]
    for home in running:
        for place in (home, *home.named("config")):
            if {place.value("enable"), place.value("enabled")} & {"on", "1", "yes"}:
                return home
    return None


_DAEMONS = ("frr", "openbgpd", "quagga", "routed")


def _static(config: Config, document: Document, ports: Ports) -> Facts:
    gateways = Gateways(config, ports)
    section = config.root.child("staticroutes")
    if section is None and not gateways.by_name:
        return {}
    routes: list[Route] = []
    cited: list[Citation] = []
    for node in section.named("route") if section is not None else ():
        if config.set_in(node, "disabled") is True or not node.children:
            continue
        gateway = gateways.by_name.get(node.value("gateway"))
        try:
            where = ip_network(node.value("network"), strict=False)
        except ValueError:
            return {"routes": Unknown(_ALIAS, (document.cite(node.line),))}
        if gateway is None or gateway.interface not in ports.by_key:
            return {"routes": Unknown(_NO_GATEWAY, (document.cite(node.line),))}
        routes.append(Route(where, gateway.address, gateway.interface))
        cited.append(document.cite(node.line))
    default = _default(config, gateways)
    if default is not None and default[0].interface not in ports.by_key:
        return {"routes": Unknown(_NO_DEFAULT, (document.cite(default[1]),))}
    if default is not None:
        route, line = default
        routes.append(route)
        cited.append(document.cite(line))
    elif any(port.to_the_world for port in ports.by_key.values()):
        return {"routes": Unknown(_NO_DEFAULT, (document.cite(ports.line),))}
    if not cited:
        place = section.line if section is not None else config.root.line
        cited.append(document.cite(place))
    return {"routes": Known(tuple(routes), tuple(cited))}


_ON_THE_INTERFACE: Final = frozenset({"carp", "ipalias"})
"""Virtual addresses that the interface has; `proxyarp` and `other` are only answered for, or not
even that (Netgate, "Virtual IP Address Feature Comparison")."""


def _connected(config: Config, ports: Ports) -> Iterator[Route]:
    """Routes of the addresses that are written; one that comes at run time is not known."""
    added: dict[str, list[Route]] = {}
    for vip in _virtual(config):
        network = ip_network(f"{vip.value('subnet')}/{vip.value('subnet_bits')}", strict=False)
        route = Route(network, None, vip.value("interface"))
        added.setdefault(vip.value("interface"), []).append(route)
    for port in ports.by_key.values():
        if port.enabled:
            own = Interface(port.key, port.addresses)
            yield from dict.fromkeys((*connected(own), *added.get(port.key, ())))


def _virtual(config: Config) -> list[Node]:
    section = config.root.child("virtualip")
    listed = section.named("vip") if section is not None else []
    return [vip for vip in listed if vip.value("mode") in _ON_THE_INTERFACE]


def _unread_address(config: Config, ports: Ports) -> int | None:
    """The line of an address that is not understood."""
    torn = next((port.line for port in ports.by_key.values() if port.torn), None)
    for vip in _virtual(config):
        try:
            ip_interface(f"{vip.value('subnet')}/{vip.value('subnet_bits')}")
        except ValueError:
            torn = torn or vip.line
    return torn


def _default(config: Config, gateways: Gateways) -> tuple[Route, int] | None:
    """The default route for IPv4, where the file tells its gateway."""
    section = config.root.child("gateways")
    named = section.child("defaultgw4") if section is not None else None
    gateway = gateways.by_name.get(named.text) if named is not None else None
    if gateway is None:
        marked = [g for g in gateways.by_name.values() if g.is_default and g.is_v4]
        only = marked or [g for g in gateways.by_name.values() if g.is_v4]
        gateway = only[0] if len(only) == 1 and (named is None or not named.text) else None
    if gateway is None:
        return None
    line = named.line if named is not None and named.text else gateway.line
    return Route(ip_network("0.0.0.0/0"), gateway.address, gateway.interface), line


# --- queues --------------------------------------------------------------------------------------
# Netgate, "pfSense Documentation", Traffic Shaper: CBQ, FAIRQ and HFSC give each queue its rate,
# PRIQ only orders queues; the bandwidth of an interface is the most that leaves it while its queues
# are on. Limiters (`dnshaper`) hold packets to a rate and keep none.

_UNITS: Final = {"b": 0.001, "Kb": 1.0, "Mb": 1000.0, "Gb": 1_000_000.0}
_SHARING: Final = frozenset({"CBQ", "FAIRQ", "HFSC"})
"""Schedulers that keep a share for each queue; PRIQ only orders them."""


def _queues(config: Config, document: Document, policy: Policy) -> Facts:
    section = config.root.child("shaper")
    roots = section.named("queue") if section is not None else []
    if not roots:
        return _none(config, document)
    used = _matches(config, policy)
    found = tuple(
        one for root in roots for queue in root.named("queue") for one in _class(root, queue, used)
    )
    found += tuple(one for root in roots for one in _whole(root))
    cited = tuple(document.cite(one.line) for one in found) or (document.cite(roots[0].line),)
    return {"qos.classes": Known(found, cited)}


def _none(config: Config, document: Document) -> Facts:
    """That there are no queues, in a file of the whole box; limiters are not read."""
    root = config.root
    sections = {child.name for child in root.children}
    if not {"interfaces", "system"} <= sections or not sections & {"filter", "OPNsense"}:
        return {}
    shaper, other = root.child("dnshaper"), root.at("OPNsense", "TrafficShaper")
    if (shaper is not None and shaper.children) or (other is not None and _has_pipes(other)):
        return {}
    place = root.child("interfaces") or root
    return {"qos.classes": Known((), (document.cite(place.line),))}


def _has_pipes(shaper: Node) -> bool:
    """Pipes, queues or rules of OPNsense; its empty sections are always there."""
    return any(inner.children for inner in shaper.children) or bool(shaper.text.strip())


def _whole(root: Node) -> Iterator[QosClass]:
    """The bandwidth of an interface with queues: the most that leaves it."""
    if root.value("scheduler") not in _SCHEDULERS or root.child("enabled") is None:
        return
    most, _ = _kbps(root, root.value("bandwidth"), root.value("bandwidthtype"))
    if not most or root.value("bandwidthtype") == "%":
        return
    yield QosClass(
        printable(root.value("interface") or root.value("name"), 40),
        "out",
        "bandwidth",
        None,
        (EVERYTHING,),
        root.line,
        printable(f"<bandwidth> {root.value('bandwidth')}{root.value('bandwidthtype')}"),
        "a limit is no guarantee",
        keeps=False,
        limit_kbps=most,
    )


_SCHEDULERS: Final = frozenset({"CBQ", "FAIRQ", "HFSC", "PRIQ"})


def _class(root: Node, queue: Node, used: dict[str, tuple[Region, ...]]) -> Iterator[QosClass]:
    name = printable(queue.value("name"), 60)
    rate, why = _rate(root, queue)
    yield QosClass(
        printable(root.value("interface") or root.value("name"), 40),
        "out",
        name,
        rate,
        used.get(name, ()),
        queue.line,
        printable(f"<queue> {name} {queue.value('bandwidth')}{queue.value('bandwidthtype')}"),
        why,
        keeps=False if why.endswith((_ONLY_ORDERS, _OFF)) else None,
    )
    for inner in queue.named("queue"):
        yield from _class(root, inner, used)


_ONLY_ORDERS: Final = "keeps no bandwidth for a queue"
_OFF: Final = "the queue is not enabled"


def _rate(root: Node, queue: Node) -> tuple[int | None, str]:
    scheduler = root.value("scheduler")
    if scheduler not in _SHARING:
        known = scheduler in _SCHEDULERS
        return None, f"{scheduler} {_ONLY_ORDERS}" if known else "the scheduler is not known"
    for node in (root, queue):
        if node.child("enabled") is None:
            return None, _OFF
    if scheduler == "HFSC" and queue.child("realtime") is not None:
        return _kbps(root, queue.value("realtime3"), "")
    return _kbps(root, queue.value("bandwidth"), queue.value("bandwidthtype"))


def _kbps(root: Node, amount: str, unit: str) -> tuple[int | None, str]:
    """An amount with its unit, in the tag beside it or behind the number."""
    number = amount.rstrip("%bKMG") if not unit else amount
    unit = unit or amount[len(number) :]
    if not number.isascii() or not number.replace(".", "", 1).isdigit() or len(number) > 9:
        return None, "the bandwidth is not written"
    if unit == "%":
        whole, why = _kbps(root, root.value("bandwidth"), root.value("bandwidthtype"))
        if whole is None or root.value("bandwidthtype") == "%":
            return None, why or "the bandwidth of the interface is not written"
        return int(whole * float(number) / 100), ""
    factor = _UNITS.get(unit)
    return (
        (None, f"unit {printable(unit, 10)}")
        if factor is None
        else (int(float(number) * factor), "")
    )


def _matches(config: Config, policy: Policy) -> dict[str, tuple[Region, ...]]:
    """Queue -> the packets that rules put into it."""
    by_line = {rule.line: rule for chain in policy.chains.values() for rule in chain.rules}
    found: dict[str, tuple[Region, ...]] = {}
    open_: set[str] = set()
    """Queues of which it is not known what goes into them."""
    for written in rules(config, Ports(config)):
        rule = by_line.get(written.line)
        if written.queue and rule is not None:
            found[written.queue] = (*found.get(written.queue, ()), *rule.may)
            if not rule.understood:
                open_.add(written.queue)
    return {queue: regions for queue, regions in found.items() if queue not in open_}


_ALIAS = Text(
    vi="đích của một tuyến tĩnh không phải là dải địa chỉ",
    en="the destination of a static route is not a network",
)
_TORN = Text(
    vi="một giao diện có địa chỉ mà không có độ dài tiền tố, hoặc ngược lại",
    en="an interface has an address without a prefix length, or the other way round",
)
_NO_GATEWAY = Text(
    vi="không có gateway mà một tuyến tĩnh nêu tên",
    en="a static route names a gateway that is not there",
)
_NO_DEFAULT = Text(
    vi="tệp cấu hình không cho biết gateway mặc định",
    en="the file does not tell the default gateway",
)
