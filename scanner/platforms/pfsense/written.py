"""Filter rules as they are written, in the one form that both places of a file are brought to.

`<filter>` holds those of pfSense and the older ones of OPNsense; the newer ones of OPNsense stand
in `<OPNsense><Firewall><Filter><rules>`. Floating rules come first, then those of groups, then
those of single interfaces; in each of the three the newer ones of OPNsense before the older ones
(opnsense/core, FilterRuleField.php, `sort_order`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from scanner.evidence import printable
from scanner.platforms.netconfig.xml_tree import Node
from scanner.platforms.pfsense.config import Config
from scanner.platforms.pfsense.interfaces import Ports

FLOATING, GROUP, SINGLE = 200_000, 300_000, 400_000


@dataclass(frozen=True, slots=True)
class Side:
    """Where packets come from or go to."""

    words: tuple[str, ...] = ("any",)
    negated: bool | None = False
    """None where the file does not tell."""
    ports: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """One rule."""

    line: int
    text: str
    action: str
    """pass, block, reject, match."""
    interfaces: tuple[str, ...]
    """() = all."""
    all_but_them: bool | None
    direction: str
    """in, out, any."""
    quick: bool | None
    place: tuple[int, int, int]
    """Its order: kind of rule, newer before older, number."""
    family: str
    protocol: str
    source: Side
    destination: Side
    icmp: tuple[str, ...] = ()
    flags: tuple[str, str] | None = None
    gateway: str = ""
    queue: str = ""
    stateless: bool = False
    doubts: tuple[str, ...] = field(default=())
    """Conditions that cannot be judged from the file."""


def rules(config: Config, ports: Ports) -> list[Written]:
    """All rules that are not disabled, in the order in which they are asked."""
    found = [*_legacy(config, ports), *_models(config, ports)]
    return sorted(found, key=lambda rule: rule.place)


_MEANINGLESS = frozenset(
    {"ackqueue", "allowopts", "associated-rule-id", "categories", "category", "created", "descr"}
    | {"description", "disablereplyto", "dnpipe", "dn_pipe", "floating", "id", "log", "nopfsync"}
    | {"nosync", "pdnpipe", "prio_group", "reply-to", "replyto", "sequence", "set-prio"}
    | {"set-prio-low", "shaper1", "shaper2", "sort_order", "state-policy", "statepolicy"}
    | {"statetimeout", "tag", "tracker", "updated", "tcpflags_any", "adaptivestart"}
    | {"adaptiveend", "udp-first", "udp-multiple", "udp-single", "interface_not"}
)
"""Tags that change nothing about which first packet of a connection passes."""
_UNDERSTOOD = frozenset(
    {"action", "defaultqueue", "destination", "destination_net", "destination_not", "direction"}
    | {"destination_port", "disabled", "enabled", "gateway", "icmp6-type", "icmp6type", "icmptype"}
    | {"interface", "interfacenot", "ipprotocol", "protocol", "quick", "source", "source_net"}
    | {"source_not", "source_port", "statetype", "tcpflags1", "tcpflags2", "type"}
)


def _doubts(node: Node) -> tuple[str, ...]:
    """Conditions of other kinds: a schedule, a tag of another rule, a limit."""
    return tuple(
        printable(f"{child.name} {child.text}", 80)
        for child in node.children
        if child.name not in _MEANINGLESS
        and child.name not in _UNDERSTOOD
        and (child.children or child.text not in {"", "0"})
    )


# --- <filter> ----------------------------------------------------------------------------------


def _legacy(config: Config, ports: Ports) -> Iterator[Written]:
    section = config.root.child("filter")
    for number, node in enumerate(section.named("rule") if section is not None else ()):
        disabled = config.set_in(node, "disabled")
        if disabled is True:
            continue
        yield _legacy_rule(config, ports, node, number, disabled is None)


def _legacy_rule(
    config: Config, ports: Ports, node: Node, number: int, perhaps_disabled: bool
) -> Written:
    floating = config.set_in(node, "floating") is not False
    interfaces = _words(node.value("interface"))
    quick = config.set_in(node, "quick")
    if not floating and (config.product == "pfsense" or node.child("quick") is None):
        quick = True
    direction = node.value("direction").lower() or ("any" if floating else "in")
    if not floating and config.product == "pfsense":
        direction = "in"
    doubts = _doubts(node)
    if perhaps_disabled:
        doubts = (*doubts, "<disabled/>")
    rule = Written(
        line=node.line,
        text="",
        action=node.value("type").lower() or "pass",
        interfaces=interfaces,
        all_but_them=config.set_in(node, "interfacenot"),
        direction=direction,
        quick=quick,
        place=(_kind(ports, interfaces, floating), 1, number),
        family=node.value("ipprotocol").lower() or "inet",
        protocol=node.value("protocol").lower(),
        source=_side(config, node, "source"),
        destination=_side(config, node, "destination"),
        icmp=_words(node.value("icmptype") or node.value("icmp6-type")),
        flags=_flags(node),
        gateway=node.value("gateway"),
        queue=node.value("defaultqueue"),
        stateless=node.value("statetype").lower().startswith("none"),
        doubts=doubts,
    )
    return replace(rule, text=_summary(rule, node.value("descr")))


def _kind(ports: Ports, interfaces: tuple[str, ...], floating: bool) -> int:
    if floating:
        return FLOATING
    if len(interfaces) == 1 and interfaces[0] in ports.groups:
        return GROUP + ports.groups[interfaces[0]][0]
    return SINGLE


def side_of(config: Config, node: Node, name: str) -> Side:
    """A source or destination as `<source>` and `<destination>` hold it."""
    return _side(config, node, name)


def _side(config: Config, node: Node, name: str) -> Side:
    child = node.child(name)
    if child is None:
        return Side((), False, (), node.line)
    words = _words(child.value("network") or child.value("address"))
    if child.child("any") is not None:
        words = ("any",)
    ports = _words(child.value("port"))
    negated = config.set_in(child, "not")
    return Side(words, negated, ports, child.line)


def _flags(node: Node) -> tuple[str, str] | None:
    if node.child("tcpflags_any") is not None or not node.value("tcpflags2"):
        return None
    return node.value("tcpflags1").lower(), node.value("tcpflags2").lower()


# --- the newer rules of OPNsense -----------------------------------------------------------------


def _models(config: Config, ports: Ports) -> Iterator[Written]:
    section = config.root.at("OPNsense", "Firewall", "Filter", "rules")
    for node in section.named("rule") if section is not None else ():
        if node.value("enabled") == "0":
            continue
        yield _model_rule(ports, node)


def _model_rule(ports: Ports, node: Node) -> Written:
    interfaces = _words(node.value("interface"))
    number = node.value("sequence")
    rule = Written(
        line=node.line,
        text="",
        action=node.value("action").lower() or "pass",
        interfaces=interfaces,
        all_but_them=node.value("interfacenot") == "1",
        direction=node.value("direction").lower() or "in",
        quick=node.value("quick") != "0",
        place=(
            _kind(ports, interfaces, len(interfaces) != 1),
            0,
            int(number) if number.isdigit() and len(number) < 10 else 0,
        ),
        family=node.value("ipprotocol").lower() or "inet",
        protocol=node.value("protocol").lower(),
        source=_model_side(node, "source"),
        destination=_model_side(node, "destination"),
        icmp=_words(node.value("icmptype") or node.value("icmp6type")),
        flags=_flags(node),
        gateway=node.value("gateway"),
        stateless=node.value("statetype").lower().startswith("none"),
        doubts=_doubts(node),
    )
    return replace(rule, text=_summary(rule, node.value("description")))


def _model_side(node: Node, name: str) -> Side:
    words = _words(node.value(f"{name}_net")) or ("any",)
    return Side(
        words,
        node.value(f"{name}_not") == "1",
        _words(node.value(f"{name}_port")),
        node.line,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _summary(rule: Written, description: str) -> str:
    """The rule on one line, in the words of pf."""
    return printable(
        " ".join(
            [
                f"<rule> {rule.action} {rule.direction}",
                f"on {','.join(rule.interfaces) or 'any'}",
                f"{rule.family} {rule.protocol or 'any'}",
                f"from {_spoken(rule.source)} to {_spoken(rule.destination)}",
                f"({description})" if description else "",
            ]
        )
    )


def _spoken(side: Side) -> str:
    where = ",".join(side.words) or "nowhere"
    ports = ",".join(side.ports)
    return f"{'!' if side.negated else ''}{where}{f' port {ports}' if ports else ''}"
