"""Questions about single packets to the filters of one device, answered as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known
from rules.packets.fields import ICMP, ICMP_V6, STATES, protocol_number
from rules.packets.index import Indexed
from rules.packets.interpret import Decision, decide
from rules.packets.packet import Packet, is_possible, usual_flags
from rules.packets.places import names_for, spoken
from rules.packets.policy import Policy, Rule

KEYS = ("from", "to", "src", "dst", "proto", "sport", "dport", "state")


class BadQuestion(ValueError):
    """A question that no packet fits. `reason` says what was expected."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class NoFilter(LookupError):
    """The files hold no filter that was understood. `reason` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True)
class Filter:
    """The filters of one device, ready for many questions."""

    policy: Policy
    file: str
    """The file for lines that name none of their own."""
    known: frozenset[str]
    """Interfaces and zones that the filters speak of."""
    matcher: Indexed

    @classmethod
    def of(cls, facts: Mapping[str, Fact[Any]], title: str) -> Filter:
        """The fact `filters`. Raises `NoFilter`."""
        fact = facts.get("filters")
        if fact is None:
            raise NoFilter(_NOTHING.format(title=title))
        if not isinstance(fact, Known):
            raise NoFilter(fact.reason)
        file = next((citation.source for citation in fact.citations), "")
        return cls(fact.value, file, spoken(fact.value), Indexed())

    def answer(self, packet: Packet) -> dict[str, Any]:
        """`action`, `file`, `line`, `text`, `path`, `why`, with the stable names of the output."""
        found = [decide(self.policy, one, self.matcher) for one in self._places(packet)]
        answers = {decision.answer for decision in found}
        first = found[0]
        if len(answers) > 1:
            why = "the answer is not the same for all interfaces of the zone"
            first = replace(first, answer="unknown", why=why)
        return self.plain(first)

    def _places(self, packet: Packet) -> list[Packet]:
        """The packet under every name that the filters may know its interfaces by."""
        entering = names_for(self.policy, packet.entering, self.known)
        leaving = names_for(self.policy, packet.leaving, self.known)
        if entering == (packet.entering,) and leaving == (packet.leaving,):
            return [packet]
        return [replace(packet, entering=come, leaving=go) for come in entering for go in leaving]

    def plain(self, decision: Decision) -> dict[str, Any]:
        """The answer, unknown where a line that was not understood could change it."""
        unread = next((line for line in self.policy.unread if line.matters), None)
        if decision.answer != "unknown" and unread is not None:
            decision = replace(decision, answer="unknown", why=unread.spoken)
        rule = decision.rule
        chain = self.policy.chains.get(decision.chain)
        default = chain.line if chain is not None and rule is None else None
        return {
            "action": decision.answer,
            "file": (rule.file if rule and rule.file else self.file) or None,
            "line": rule.line if rule else default,
            "text": rule.text if rule else _end(decision.chain),
            "path": [self._step(jump) for jump in decision.path],
            "why": decision.why or None,
        }

    def _step(self, rule: Rule) -> dict[str, Any]:
        return {"file": rule.file or self.file, "line": rule.line, "text": rule.text}


def _end(chain: str) -> str:
    return f"end of {chain}" if chain else "no filter concerns this packet"


def question(fields: Any) -> Packet:
    """The packet that the fields describe. Raises `BadQuestion`."""
    if not isinstance(fields, dict) or not fields.keys() <= set(KEYS):
        raise BadQuestion(_FORM)
    source, destination = _address(fields, "src"), _address(fields, "dst")
    protocol = _protocol(fields.get("proto", "tcp"), source.version)
    state = fields.get("state", "new")
    if state not in STATES:
        raise BadQuestion(_STATE)
    packet = Packet(
        source=source,
        destination=destination,
        protocol=protocol,
        source_port=_port(fields, "sport", protocol),
        destination_port=_port(fields, "dport", protocol),
        flags=usual_flags(protocol, state),
        entering=_name(fields, "from"),
        leaving=_name(fields, "to"),
        state=state,
    )
    if not is_possible(packet):
        raise BadQuestion(_IMPOSSIBLE)
    return packet


def _address(fields: Mapping[str, Any], key: str) -> Any:
    try:
        return ip_address(str(fields[key]))
    except (KeyError, ValueError):
        raise BadQuestion(_ADDRESS.format(key=key)) from None


def _protocol(value: Any, version: int) -> int:
    number = protocol_number(str(value))
    if number is None:
        raise BadQuestion(_PROTOCOL.format(value=str(value)[:40]))
    return ICMP_V6 if number == ICMP and version == 6 else number


def _port(fields: Mapping[str, Any], key: str, protocol: int) -> int:
    value = fields.get(key)
    if value is None:
        # an echo request; other packets leave from a port of their own
        if protocol in {ICMP, ICMP_V6}:
            return {ICMP: 8, ICMP_V6: 128}[protocol] if key == "sport" else 0
        return 49152 if key == "sport" and protocol in {6, 17} else 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 65535:
        raise BadQuestion(_PORT.format(key=key))
    return value


def _name(fields: Mapping[str, Any], key: str) -> str:
    value = fields.get(key, "")
    if not isinstance(value, str):
        raise BadQuestion(_FORM)
    return value


_NOTHING = Text(
    vi="Các tệp này không có bộ lọc gói tin nào đọc được ({title}); hãy đưa vào cấu hình của tường "
    "lửa, bộ định tuyến hoặc bộ chuyển mạch.",
    en="These files hold no packet filter that can be read ({title}); hand in the configuration of "
    "a firewall, router or switch.",
)
_FORM = Text(
    vi="câu hỏi phải là một đối tượng JSON với các khóa from, to, src, dst, proto, sport, dport, "
    "state",
    en="a question is a JSON object with the keys from, to, src, dst, proto, sport, dport, state",
)
_ADDRESS = Text(
    vi="{key} phải là một địa chỉ IPv4 hoặc IPv6 (ví dụ 10.67.10.10)",
    en="{key} has to be an IPv4 or IPv6 address (for instance 10.67.10.10)",
)
_PROTOCOL = Text(
    vi="proto “{value}” không phải là tcp, udp, icmp, tên giao thức khác hay số từ 0 đến 255",
    en="proto “{value}” is neither tcp, udp, icmp, another protocol's name nor a number up to 255",
)
_STATE = Text(
    vi="state phải là new, established, related, invalid hoặc untracked",
    en="state is one of new, established, related, invalid and untracked",
)
_PORT = Text(
    vi="{key} phải là số nguyên từ 0 đến 65535",
    en="{key} has to be a whole number from 0 to 65535",
)
_IMPOSSIBLE = Text(
    vi="không có gói tin nào như vậy: hai địa chỉ phải cùng phiên bản IP và ICMP phải đúng phiên "
    "bản",
    en="there is no such packet: both addresses have to be of one IP version, and ICMP of the same",
)
