"""Rules of nftables as lines: conditions put together, then what happens to the packet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from rules.packets.fields import STATES
from rules.packets.sets import Names, Numbers, Part, numbers
from scanner.platforms.netconfig.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    both,
    box,
    doubtful,
    either,
    negated,
)
from scanner.platforms.nftables import selectors as s
from scanner.platforms.nftables import values as v
from scanner.platforms.nftables.hooks import Effect, Line, Verb
from scanner.platforms.nftables.script import SetText, Statement, elements
from scanner.platforms.nftables.selectors import SELECTORS, Selector
from scanner.platforms.nftables.values import NotUnderstood
from scanner.platforms.nftables.words import plain

_VERBS: Final[Mapping[str, Verb]] = {
    "accept": "permit",
    "drop": "deny",
    "reject": "deny",
    "return": "return",
    "continue": "continue",
    "jump": "jump",
    "goto": "goto",
    "queue": "unknown",
    "synproxy": "unknown",
    "tproxy": "unknown",
    "fwd": "unknown",
}
_TRANSLATIONS: Final[Mapping[str, Effect]] = {
    "dnat": "destination",
    "redirect": "destination",
    "snat": "source",
    "masquerade": "source",
}
_OPERATORS: Final = {
    "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "==": "==", "!=": "!=",
    "<": "<", ">": ">", "<=": "<=", ">=": ">=", "!": "!",
}  # fmt: skip
_ENDS: Final = frozenset(_VERBS) | frozenset(_TRANSLATIONS)
_XT_GO_ON: Final = frozenset(
    {
        "LOG", "NFLOG", "MARK", "CONNMARK", "TCPMSS", "CLASSIFY", "DSCP", "TOS", "AUDIT",
        "CHECKSUM", "TRACE", "SET", "TEE", "SECMARK", "CONNSECMARK", "ULOG", "TTL", "HL",
    }
)  # fmt: skip


class Surroundings:
    """What the rules of one table refer to; sets are translated once."""

    def __init__(self, sets: Mapping[str, SetText], *, live: bool, at: int | None = None) -> None:
        self._sets = sets
        self._line = at
        self._live = live
        self._known: dict[tuple[str, int], Numbers] = {}

    def doubt(self, name: str) -> str:
        """Why the elements of a set are not known; empty when they are."""
        found = self._sets.get(name)
        if found is None:
            return f"@{name} is not defined"
        if not found.doubt and not found.elements and not found.given and not self._live:
            return f"@{name} is empty here and may be filled later"
        return f"@{name} {found.doubt}" if found.doubt else ""

    def elements(self, name: str) -> Sequence[tuple[int, list[str]]]:
        return self._sets[name].elements

    def numbers(self, name: str, selector: Selector) -> Numbers:
        """The elements as values of the selector. Raises NotUnderstood."""
        key = name, id(selector)
        if key not in self._known:
            parts = []
            for line, words in self.elements(name):
                listed = selector.numbers([_value(words)])
                parts.append(
                    Part(listed.intervals, self._line or line, " ".join(map(plain, words))[:200])
                )
            self._known[key] = numbers((i for part in parts for i in part.intervals), parts)
        return self._known[key]


def _value(words: Sequence[str]) -> str:
    """The one value of an element, which may carry a counter or a comment."""
    if len(words) > 1 and words[1] not in {"counter", "comment", "packets"}:
        raise NotUnderstood(" ".join(words[:3]))
    return plain(words[0])


class Found(NamedTuple):
    """What one rule does; several for a map of verdicts."""

    verb: Verb
    condition: Condition
    target: str = ""
    effect: Effect = ""


def lines_of(
    statement: Statement, text: str, around: Surroundings, name_of: Mapping[str, str] | None = None
) -> Iterator[Line]:
    """The rule as lines; nothing of it is lost. Raises NotUnderstood when it is no rule at all.

    `name_of` translates names of chains to keys of lines.
    """
    for found in _Reader(statement.words, around).outcomes():
        target = found.target
        if name_of is not None and target:
            target = name_of.get(target, target)
        yield Line(found.verb, statement.line, text, found.condition, target, found.effect)


class _Reader:
    """Walks over the words of one rule."""

    def __init__(self, words: Sequence[str], around: Surroundings) -> None:
        self._words = words
        self._at = 0
        self._around = around
        self._condition = ALWAYS
        self._effect: Effect = ""
        self._aside: list[Found] = []
        """What happens besides the verdict."""

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._words[at] if at < len(self._words) else ""

    def _take(self) -> str:
        if self._at >= len(self._words):
            raise NotUnderstood("end of line")
        self._at += 1
        return self._words[self._at - 1]

    def _accept(self, word: str) -> bool:
        if self._peek() == word:
            self._at += 1
            return True
        return False

    def outcomes(self) -> Iterator[Found]:
        while self._at < len(self._words):
            word = self._words[self._at]
            if word in _VERBS:
                yield from self._verdict(word)
                return
            if word in _TRANSLATIONS:
                yield Found("permit", self._condition, effect=_TRANSLATIONS[word])
                return
            if self._without_effect(word):
                continue
            start = self._at
            try:
                several = self._part(word)
            except NotUnderstood:
                self._at = start
                self._skip_to_the_end()
                continue
            if several is not None:
                yield from self._aside
                yield from several
                return
        yield from self._aside
        yield Found("continue", self._condition, effect=self._effect)

    def _verdict(self, word: str) -> Iterator[Found]:
        self._take()
        target = plain(self._take()) if word in {"jump", "goto"} else ""
        yield from self._aside
        yield Found(_VERBS[word], self._condition, target, self._effect)

    def _and(self, condition: Condition) -> None:
        self._condition = both(self._condition, condition)

    # --- parts that decide nothing -------------------------------------------------------------

    def _without_effect(self, word: str) -> bool:
        """A part that every packet passes has been taken."""
        if word == "counter":
            self._take()
            if self._accept("packets"):
                self._at += 1
                if self._accept("bytes"):
                    self._at += 1
            elif self._accept("name"):
                self._at += 1
        elif word == "comment":
            self._at += 2
        elif word == "log":
            self._take()
            while self._peek() in _LOG_OPTIONS:
                self._at += 2
                while self._accept(","):
                    self._at += 1
        elif word == "notrack":
            self._take()
            self._effect = "untracked"
        elif word == "last":
            self._take()
            if self._accept("used"):
                self._at += 1
        else:
            return False
        return True

    def _skip_to_the_end(self) -> None:
        """What is not understood runs up to the verdict; the rule then matches for no one surely.

        Raises NotUnderstood when there is no verdict, or when a map of verdicts is passed over.
        """
        start = self._at
        depth = 0
        while self._at < len(self._words):
            word = self._words[self._at]
            if depth == 0 and self._at > start and word in _ENDS:
                break
            if word in {"vmap", "set"} and depth == 0:
                raise NotUnderstood(" ".join(self._words[start : self._at + 2]))
            depth += (word == "{") - (word == "}")
            self._at += 1
        else:
            raise NotUnderstood(" ".join(self._words[start : start + 4]))
        self._and(doubtful(" ".join(map(plain, self._words[start : self._at]))[:120]))

    # --- conditions ----------------------------------------------------------------------------

    def _part(self, word: str) -> Sequence[Found] | None:
        """One condition or statement; outcomes where it is a map of verdicts.

        Raises NotUnderstood.
        """
        if word in _SPECIAL:
            return _SPECIAL[word](self)
        if word == "tcp" and self._peek(1) == "option":
            self._tcp_option()
            return None
        keys = [self._key()]
        while self._accept("."):
            keys.append(self._key())
        if self._accept("set"):
            self._set_statement(keys)
            return None
        if len(keys) > 1:
            return self._several_keys(keys)
        return self._one_key(*keys[0])

    def _key(self) -> tuple[tuple[str, ...], Selector | None]:
        two = self._peek(), self._peek(1)
        if two in SELECTORS:
            self._at += 2
            return two, SELECTORS[two]
        one = two[:1]
        if one in SELECTORS:
            self._at += 1
            return one, SELECTORS[one]
        if two in s.DOUBTFUL:
            self._at += 2
            return two, None
        if two[0] in s.BARE_META:
            self._at += 1
            return ("meta", *one), None
        if two[0] == "ct" and self._peek(1) in {"original", "reply"}:
            self._at += 3 if self._peek(2) in _CT_KEYS else 4
            return ("ct", two[1], self._words[self._at - 1]), None
        raise NotUnderstood(two[0])

    def _set_statement(self, keys: Sequence[tuple[tuple[str, ...], Selector | None]]) -> None:
        """`meta mark set 1`, or a field of the packet that gets another value."""
        for _, selector in keys:
            if selector is None or selector.kind != "number":
                continue
            where = "destination" if "destination" in selector.looks_at else "source"
            self._effect = "destination" if where == "destination" else "source"
        while self._at < len(self._words) and self._words[self._at] not in _ENDS_OF_SET:
            if self._accept("{"):
                while self._take() != "}":
                    pass
            else:
                self._at += 1

    def _operator(self) -> str:
        found = _OPERATORS.get(self._peek(), "")
        if found:
            self._at += 1
        return found

    def _one_key(self, words: tuple[str, ...], selector: Selector | None) -> list[Found] | None:
        if self._accept("vmap"):
            return self._map([selector])
        mask = None
        if self._peek() in {"&", "and"}:
            self._at += 1
            mask = self._mask()
        operator = self._operator()
        negative = operator in {"!=", "!"}
        if selector is None or selector.kind == "doubt":
            listed = self._values()[0]
            self._and(s.doubt(words, listed, negative=negative))
            return None
        if operator in {"<", ">", "<=", ">="}:
            self._and(s.compared(selector, operator, plain(self._take())))
            return None
        if self._peek().startswith("@"):
            self._and(self._named(selector, words, self._take()[1:], negative))
            return None
        listed, in_braces = self._values()
        if self._accept("/"):
            mask = self._values()[0]  # `syn / syn,ack` looks at what stands behind
        self._and(self._listed(selector, words, operator, listed, mask, in_braces))
        return None

    def _listed(
        self,
        selector: Selector,
        words: tuple[str, ...],
        operator: str,
        listed: Sequence[str],
        mask: Sequence[str] | None,
        in_braces: bool,
    ) -> Condition:
        negative = operator in {"!=", "!"}
        if selector.kind == "flags":
            return s.flags(listed, operator, mask, in_braces=in_braces)
        if mask is not None:
            if selector.kind == "state":
                return _masked_state(listed, mask, negative)
            if not selector.version or len(mask) != 1 or len(listed) != 1:
                raise NotUnderstood("&")
            wanted = v.masked(listed[0], mask[0], selector.version)
            return selector.within(wanted, negative=negative)
        if selector.kind == "state" and (operator == "!" or in_braces):
            found = selector.holds(listed)
            return negated(found) if negative else found
        if not listed:
            return NEVER if not negative else negated(NEVER)
        found = selector.holds(listed, negative=negative)
        return s.beyond_ports(selector, found)

    def _mask(self) -> list[str]:
        """`(syn | ack)`, `syn|ack` or one value."""
        found = []
        parenthesis = self._accept("(")
        while True:
            found.append(plain(self._take()))
            if not (self._accept("|") or self._accept("or")):
                break
        if parenthesis and not self._accept(")"):
            raise NotUnderstood("(")
        return found

    def _values(self) -> tuple[list[str], bool]:
        """Values that stand in the rule, and whether in braces. Raises NotUnderstood."""
        if self._peek() == "{":
            return [_value(words) for _, words in elements(self._braces())], True
        if self._peek() == "(":
            return self._mask(), False
        found = [plain(self._take())]
        while self._peek() in {",", "|", "or"}:
            self._at += 1
            found.append(plain(self._take()))
        if len(found) == 1 and self._peek() == "-":
            self._at += 1
            found = [f"{found[0]}-{plain(self._take())}"]
        if found[0] in {"<<", ">>", "^", "!", "(", "}", "$"} or found[0].startswith(("$", "@")):
            raise NotUnderstood(found[0])
        return found, False

    def _braces(self) -> Sequence[str]:
        start = self._at
        depth = 0
        while True:
            word = self._take()
            depth += (word == "{") - (word == "}")
            if depth == 0:
                return self._words[start : self._at]

    def _named(
        self, selector: Selector, words: tuple[str, ...], name: str, negative: bool
    ) -> Condition:
        doubt = self._around.doubt(name)
        if doubt:
            base = selector.holds([], negative=True) if selector.kind == "number" else ALWAYS
            return doubtful(doubt, base.may)
        if selector.kind == "number":
            wanted = self._around.numbers(name, selector)
            found = selector.within(wanted, negative=negative)
        else:
            listed = [_value(one) for _, one in self._around.elements(name)]
            found = either([selector.holds([one]) for one in listed])
            if selector.kind == "name":
                found = selector.holds(listed, negative=negative)
            elif negative:
                found = negated(found)
        return s.beyond_ports(selector, found)

    # --- several keys, maps ----------------------------------------------------------------------

    def _several_keys(
        self, keys: Sequence[tuple[tuple[str, ...], Selector | None]]
    ) -> list[Found] | None:
        selectors = [selector for _, selector in keys]
        if self._accept("vmap"):
            return self._map(selectors)
        negative = self._operator() in {"!=", "!"}
        domain = s.all_of([s.domain_of(one) for one in selectors])
        name = self._take()[1:] if self._peek().startswith("@") else None
        doubt = self._around.doubt(name) if name is not None else ""
        if doubt:
            self._and(doubtful(doubt, domain.may))
            return None
        if name is not None:
            listed = [words for _, words in self._around.elements(name)]
        elif self._peek() == "{":
            listed = [words for _, words in elements(self._braces())]
        else:
            listed = [self._concatenation()]
        found = either([_tuple(selectors, one) for one in listed])
        self._and(negated(found, domain) if negative else found)
        return None

    def _concatenation(self) -> list[str]:
        found = [self._take()]
        while self._accept("."):
            found += [".", self._take()]
        return found

    def _map(self, selectors: Sequence[Selector | None]) -> list[Found]:
        """A map of verdicts: one outcome for each element. Raises NotUnderstood."""
        if self._peek() == "{":
            listed = list(elements(self._braces()))
        else:
            name = self._take().removeprefix("@")
            doubt = self._around.doubt(name)
            if doubt:
                return [Found("unknown", both(self._condition, doubtful(doubt)))]
            listed = [(0, words) for _, words in self._around.elements(name)]
        found = []
        keys: list[Condition] = []
        rest: tuple[Verb, str] | None = None
        for _, element in listed:
            if ":" not in element:
                raise NotUnderstood(" ".join(element))
            colon = len(element) - 1 - element[::-1].index(":")
            verb, target = _verdict_of(element[colon + 1 :])
            if element[0] == "*":
                rest = verb, target
                continue
            key = _tuple(selectors, element[:colon])
            keys.append(key)
            found.append(Found(verb, both(self._condition, key), target))
        if rest is not None:
            domain = s.all_of([s.domain_of(one) for one in selectors])
            others = negated(either(keys), domain)
            found.append(Found(rest[0], both(self._condition, others), rest[1]))
        return found

    # --- what has a grammar of its own ---

    def _limit(self) -> None:
        start = self._at
        self._take()
        while self._peek() and (
            self._peek() in _LIMIT_WORDS or self._peek()[0].isdigit() or self._peek() == '"'
        ):
            if self._take() == "name":
                self._at += 1
        self._and(doubtful(" ".join(self._words[start : self._at])))

    def _fib(self) -> None:
        start = self._at
        self._take()
        while self._peek() and self._peek() not in {"oif", "oifname", "type", "check"}:
            self._take()
        self._take()
        if self._peek() not in {"exists", "missing"}:
            self._operator()
            self._values()
        else:
            self._take()
        self._and(doubtful(" ".join(map(plain, self._words[start : self._at]))))

    def _flow(self) -> None:
        """A flow that is offloaded passes later packets by the forward chains."""
        while self._peek() and not self._take().startswith("@"):
            pass
        later = box(state=Names(frozenset({"established"})))
        known = both(self._condition, later).may
        self._aside.append(Found("permit", doubtful("flow add", known)))

    def _xt(self) -> list[Found] | None:
        """A part made by iptables-nft that nft cannot list: its name is all there is."""
        self._take()
        kind = self._take()
        name = plain(self._take()) if kind in {"match", "target"} else kind.removeprefix("xt_")
        if name == "comment" or name in _XT_GO_ON:
            return None
        if kind == "match" or (kind.startswith("xt_") and name == name.lower()):
            self._and(doubtful(f"xt {name}"))
            return None
        verb: Verb = "deny" if name == "REJECT" else "unknown"
        return [Found(verb, self._condition)]

    def _tcp_option(self) -> None:
        """`tcp option maxseg size set rt mtu` changes nothing that is looked at."""
        start = self._at
        while self._peek() and self._peek() not in _ENDS and self._peek() != "set":
            self._take()
        if self._peek() == "set":
            self._set_statement([])
        else:
            self._and(doubtful(" ".join(self._words[start : self._at]), s.TCP_ONLY.may))

    def _dup(self) -> None:
        self._take()
        while self._peek() and self._peek() not in _ENDS:
            self._take()

    def _add(self) -> None:
        """`add @set { ip saddr }` decides nothing; `meter` and old spellings may hold a limit."""
        start = self._at
        while self._peek() and self._peek() != "{":
            self._take()
        if "limit" in self._braces() or "count" in self._words[start : self._at]:
            self._and(doubtful(" ".join(self._words[start : self._at])[:120]))


_LOG_OPTIONS: Final = frozenset({"prefix", "level", "group", "flags", "snaplen", "queue-threshold"})
_LIMIT_WORDS: Final = frozenset(
    {
        "rate", "over", "until", "burst", "packets", "bytes", "kbytes", "mbytes", "name", "used",
        "bytes/second", "kbytes/second", "mbytes/second", "count",
    }
)  # fmt: skip
_CT_KEYS: Final = frozenset(
    {
        "saddr",
        "daddr",
        "proto-src",
        "proto-dst",
        "protocol",
        "l3proto",
        "bytes",
        "packets",
        "avgpkt",
    }
)
_ENDS_OF_SET: Final = _ENDS | {"counter", "comment", "log", "notrack"}
_SPECIAL: Final = {
    "limit": _Reader._limit,
    "quota": _Reader._limit,
    "fib": _Reader._fib,
    "flow": _Reader._flow,
    "xt": _Reader._xt,
    "dup": _Reader._dup,
    "add": _Reader._add,
    "update": _Reader._add,
    "delete": _Reader._add,
    "meter": _Reader._add,
}


def _masked_state(listed: Sequence[str], mask: Sequence[str], negative: bool) -> Condition:
    """`ct state & (established|related) != 0`, `ct state new / new,established`."""
    looked_at = set(mask)
    wanted = set() if list(listed) in (["0"], ["0x0"]) else set(listed)
    v.states(looked_at | wanted)
    return box(
        state=Names(
            frozenset(state for state in STATES if ({state} & looked_at == wanted) != negative)
        )
    )


def _tuple(selectors: Sequence[Selector | None], words: Sequence[str]) -> Condition:
    """An element of a concatenation. Raises NotUnderstood."""
    values: list[str] = []
    for word in words:
        if word in {"counter", "comment"}:
            break
        if word != ".":
            values.append(plain(word))
    if len(values) != len(selectors):
        raise NotUnderstood(" ".join(words[:5]))
    found = []
    for selector, value in zip(selectors, values, strict=True):
        if value == "*":
            found.append(s.domain_of(selector))
        elif selector is None or selector.kind == "doubt":
            found.append(doubtful(value))
        elif selector.kind == "flags":
            found.append(s.flags([value], "==", None, in_braces=False))
        else:
            found.append(s.beyond_ports(selector, selector.holds([value])))
    return s.all_of(found)


def _verdict_of(words: Sequence[str]) -> tuple[Verb, str]:
    verb = _VERBS.get(words[0]) if words else None
    if verb is None or words[0] in {"reject", "queue"}:
        raise NotUnderstood(" ".join(words[:2]))
    if verb in {"jump", "goto"}:
        if len(words) < 2:
            raise NotUnderstood(verb)
        return verb, plain(words[1])
    return verb, ""
