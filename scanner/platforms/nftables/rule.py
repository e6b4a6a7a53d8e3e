"""One rule of a chain: what it matches and what it does, or the word that was not understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from rules.network_facts import Prefix
from scanner.platforms.nftables import match as m
from scanner.platforms.nftables.match import Match, NotUnderstood
from scanner.platforms.nftables.text import NamedSet, Statement, Token


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that a rule does. `verb`: accept, drop, jump, goto, return or continue."""

    match: Match
    verb: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule may refer to."""

    sets: Mapping[str, NamedSet]
    interfaces: frozenset[str]
    """Names of the host's interfaces; empty when they are not known."""


class _Reader:
    """Walks over the tokens of one statement."""

    def __init__(self, statement: Statement, around: Surroundings) -> None:
        self._tokens = statement.tokens
        self._position = 0
        self.around = around

    @property
    def done(self) -> bool:
        return self._position >= len(self._tokens)

    def peek(self, ahead: int = 0) -> str:
        index = self._position + ahead
        return self._tokens[index].text if index < len(self._tokens) else ""

    def take(self) -> str:
        word = self.peek()
        if not word and self.done:
            raise NotUnderstood("end of line")
        self._position += 1
        return word

    def accept(self, *words: str) -> bool:
        """The next words are these, and have been taken."""
        if all(self.peek(ahead) == word for ahead, word in enumerate(words)):
            self._position += len(words)
            return True
        return False

    def at_remark(self) -> bool:
        """Only somebody's remark follows, not a part that nft could not print."""
        rest = self._tokens[self._position :]
        return len(rest) == 1 and rest[0].text.startswith("#") and "xt_" not in rest[0].text

    def negated(self) -> bool:
        self.accept("==")
        return self.accept("!=")

    def values(self) -> list[str]:
        """A value, a list `a,b`, a set in braces, or the elements of a named set."""
        if self.peek() == "{":
            return _elements(self.braces())
        first = self.take()
        if first.startswith("@"):
            return _elements(self._named(first[1:]))
        found = [first]
        while self.accept(","):
            found.append(self.take())
        return found

    def map(self) -> tuple[Token, ...]:
        """The inside of a verdict map, in braces or by name."""
        if self.peek() == "{":
            return self.braces()
        return self._named(self.take().removeprefix("@"))

    def braces(self) -> tuple[Token, ...]:
        start = self._position + 1
        depth = 0
        while not self.done:
            word = self.take()
            depth += (word == "{") - (word == "}")
            if depth == 0:
                return self._tokens[start : self._position - 1]
        raise NotUnderstood("{")

    def _named(self, name: str) -> tuple[Token, ...]:
        found = self.around.sets.get(name)
        if found is None or found.elements is None:
            raise NotUnderstood(f"@{name}")
        return found.elements


def _elements(tokens: tuple[Token, ...]) -> list[str]:
    """Elements separated by commas; a counter or comment on an element is not part of it."""
    found: list[str] = []
    for element in _split(tokens):
        words = [token.text for token in element]
        if len(words) > 1 and words[1] not in {"counter", "comment"}:
            raise NotUnderstood(" ".join(words[:3]))
        found.append(words[0])
    return found


def _split(tokens: tuple[Token, ...]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.text == "," and not token.quoted:
            parts.append([])
        elif token.text != "\n":
            parts[-1].append(token)
    return [part for part in parts if part]


# --- conditions ------------------------------------------------------------------------------

_Maker = Callable[[list[str], bool, Surroundings], Match]


def _interface(way: str) -> _Maker:
    def make(values: list[str], negated: bool, around: Surroundings) -> Match:
        names = m.interfaces(values, around.interfaces, negated=negated)
        return Match(in_interfaces=names) if way == "in" else Match(out_interfaces=names)

    return make


def _address(way: str, version: int) -> _Maker:
    def make(values: list[str], negated: bool, _around: Surroundings) -> Match:
        found = m.prefixes(values, version)
        if negated:
            found = m.without(found, version)
        return Match(sources=found) if way == "source" else Match(destinations=found)

    return make


def _ports_of(*protocols: str) -> _Maker:
    def make(values: list[str], negated: bool, _around: Surroundings) -> Match:
        found = m.ports(values)
        if negated:
            found = m.other_ports(found)
        return Match(protocols=frozenset(protocols) or None, ports=found)

    return make


def _protocol(version: int | None) -> _Maker:
    def make(values: list[str], negated: bool, _around: Surroundings) -> Match:
        if negated:
            raise NotUnderstood("!=")
        found = Match(protocols=m.protocols(values))
        if version is None:
            return found
        return replace(found, sources=(m.ANY_IPV4 if version == 4 else m.ANY_IPV6,))

    return make


def _state(values: list[str], negated: bool, _around: Surroundings) -> Match:
    found = m.states(values)
    return Match(states=m.ALL_STATES - found if negated else found)


def _family(values: list[str], negated: bool, _around: Surroundings) -> Match:
    wanted: dict[str, Prefix] = {"ipv4": m.ANY_IPV4, "ipv6": m.ANY_IPV6}
    if negated or len(values) != 1 or values[0] not in wanted:
        raise NotUnderstood(" ".join(values))
    return Match(sources=(wanted[values[0]],))


def _icmp_type(protocol: str) -> _Maker:
    def make(_values: list[str], _negated: bool, _around: Surroundings) -> Match:
        return Match(protocols=frozenset({protocol}), narrower=True)

    return make


_CONDITIONS: Mapping[tuple[str, ...], _Maker] = {
    ("iifname",): _interface("in"),
    ("iif",): _interface("in"),
    ("meta", "iifname"): _interface("in"),
    ("meta", "iif"): _interface("in"),
    ("oifname",): _interface("out"),
    ("oif",): _interface("out"),
    ("meta", "oifname"): _interface("out"),
    ("meta", "oif"): _interface("out"),
    ("ip", "saddr"): _address("source", 4),
    ("ip", "daddr"): _address("destination", 4),
    ("ip6", "saddr"): _address("source", 6),
    ("ip6", "daddr"): _address("destination", 6),
    ("ip", "protocol"): _protocol(4),
    ("ip6", "nexthdr"): _protocol(6),
    ("meta", "l4proto"): _protocol(None),
    ("meta", "nfproto"): _family,
    ("tcp", "dport"): _ports_of("tcp"),
    ("udp", "dport"): _ports_of("udp"),
    ("th", "dport"): _ports_of(),
    ("ct", "state"): _state,
    ("icmp", "type"): _icmp_type("icmp"),
    ("icmpv6", "type"): _icmp_type("58"),
}

_VERBS = frozenset({"accept", "drop", "return", "continue"})


def outcomes(statement: Statement, around: Surroundings) -> tuple[Outcome, ...]:
    """What the rule does, in order; () when it only counts or logs. Raises NotUnderstood."""
    reader = _Reader(statement, around)
    matched = Match()
    while not reader.done:
        verdict = _verdict(reader)
        if verdict is not None:
            reader.accept("comment") and reader.take()
            if not reader.done and not reader.at_remark():
                raise NotUnderstood(reader.peek())
            return (Outcome(matched, *verdict),)
        if _without_effect(reader):
            continue
        if reader.peek() == "limit":
            matched = replace(matched, narrower=True)
            _skip_limit(reader)
            continue
        found = _condition(reader)
        if isinstance(found, list):
            return tuple(_with(matched, outcome) for outcome in found if _joins(matched, outcome))
        joined = m.both(matched, found)
        if joined is None:
            return ()
        matched = joined
    return ()


def _joins(matched: Match, outcome: Outcome) -> bool:
    return m.both(matched, outcome.match) is not None


def _with(matched: Match, outcome: Outcome) -> Outcome:
    joined = m.both(matched, outcome.match)
    return outcome if joined is None else replace(outcome, match=joined)


def _verdict(reader: _Reader) -> tuple[str, str | None] | None:
    word = reader.peek()
    if word in _VERBS:
        return reader.take(), None
    if word in {"jump", "goto"}:
        return reader.take(), reader.take()
    if word == "reject":
        reader.take()
        if reader.accept("with"):
            while not reader.done and reader.peek() != "comment":
                reader.take()
        return "drop", None
    return None


def _without_effect(reader: _Reader) -> bool:
    """A part that decides nothing has been taken."""
    if reader.accept("counter"):
        if reader.accept("packets"):
            reader.take()
            if reader.accept("bytes"):
                reader.take()
        elif reader.accept("name"):
            reader.take()
        return True
    if reader.accept("comment"):
        reader.take()
        return True
    if reader.accept("log"):
        while reader.peek() in {"prefix", "level", "group", "flags", "snaplen", "queue-threshold"}:
            reader.take()
            reader.take()
        return True
    return False


def _skip_limit(reader: _Reader) -> None:
    """`limit rate [over] 10/second [burst 5 packets]`."""
    reader.take()
    if reader.accept("name"):
        reader.take()
        return
    if not reader.accept("rate"):
        raise NotUnderstood("limit")
    reader.accept("over")
    reader.take()
    if reader.peek() in {"bytes/second", "kbytes/second", "mbytes/second"}:
        reader.take()
    if reader.accept("burst"):
        reader.take()
        reader.take()


def _condition(reader: _Reader) -> Match | list[Outcome]:
    maker = None
    for size in (2, 1):
        words = tuple(reader.peek(ahead) for ahead in range(size))
        if words in _CONDITIONS:
            maker = _CONDITIONS[words]
            reader.accept(*words)
            break
    if maker is None or reader.peek() in {".", "&", "and", "|", "<", ">", "<=", ">="}:
        raise NotUnderstood(reader.peek())
    if reader.accept("vmap"):
        return _map(reader, maker)
    negated = reader.negated()
    return maker(reader.values(), negated, reader.around)


def _map(reader: _Reader, maker: _Maker) -> list[Outcome]:
    """A verdict map as outcomes, one per key."""
    found = []
    for element in _split(reader.map()):
        texts = [token.text for token in element]
        if len(texts) < 3 or texts[1] != ":":
            raise NotUnderstood(" ".join(texts[:3]))
        key, verb, target = texts[0], texts[2], texts[3] if len(texts) > 3 else None
        if verb not in _VERBS | {"jump", "goto"} or key == "*":
            raise NotUnderstood(verb)
        found.append(Outcome(maker([key], False, reader.around), verb, target))
    if reader.accept("comment"):
        reader.take()
    if not reader.done:
        raise NotUnderstood(reader.peek())
    return found
