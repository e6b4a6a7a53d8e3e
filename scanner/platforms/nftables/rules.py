"""Rules of nftables as lines: conditions put together, then what happens to the packet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from scanner.platforms.netconfig.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    both,
    doubtful,
    either,
    negated,
)
from scanner.platforms.nftables import selectors as s
from scanner.platforms.nftables import special
from scanner.platforms.nftables import values as v
from scanner.platforms.nftables.chains import Effect, Line
from scanner.platforms.nftables.cursor import Cursor
from scanner.platforms.nftables.maps import one_of_each, outcomes_of_map
from scanner.platforms.nftables.references import Surroundings, value_of
from scanner.platforms.nftables.selectors import SELECTORS, Selector
from scanner.platforms.nftables.statements import Statement, elements
from scanner.platforms.nftables.values import NotUnderstood
from scanner.platforms.nftables.verdicts import ENDS, TRANSLATIONS, VERBS, Found
from scanner.platforms.nftables.words import plain


def lines_of(
    statement: Statement, text: str, around: Surroundings, name_of: Mapping[str, str] | None = None
) -> Iterator[Line]:
    """The rule as lines; nothing of it is lost. Raises NotUnderstood when it is no rule at all.

    `name_of` translates names of chains to keys of lines.
    """
    reader = _Reader(statement.words, around)
    for found in reader.outcomes():
        target = found.target
        if name_of is not None and target:
            target = name_of.get(target, target)
        yield Line(
            found.verb,
            statement.line,
            text,
            found.condition,
            target,
            found.effect,
            limits=reader.limits,
            goal=found.goal,
        )


class _Reader(Cursor):
    """Walks over the words of one rule."""

    def __init__(self, words: Sequence[str], around: Surroundings) -> None:
        super().__init__(words)
        self._around = around
        self._condition = ALWAYS
        self._effect: Effect = ""
        self._aside: list[Found] = []
        """What happens besides the verdict."""
        self.limits = ""

    def outcomes(self) -> Iterator[Found]:
        while self.at < len(self.words):
            word = self.words[self.at]
            if word in VERBS:
                yield from self._verdict(word)
                return
            if word in TRANSLATIONS:
                self.take()
                goal = special.goal(self) if word in {"dnat", "snat"} else None
                yield Found("permit", self._condition, "", TRANSLATIONS[word], goal)
                return
            if self._without_effect(word):
                continue
            start = self.at
            try:
                several = self._part(word)
            except NotUnderstood:
                self.at = start
                self._skip_to_the_end()
                continue
            if several is not None:
                yield from self._aside
                yield from several
                return
        yield from self._aside
        yield Found("continue", self._condition, effect=self._effect)

    def _verdict(self, word: str) -> Iterator[Found]:
        self.take()
        target = plain(self.take()) if word in {"jump", "goto"} else ""
        yield from self._aside
        yield Found(VERBS[word], self._condition, target, self._effect)

    def _and(self, condition: Condition) -> None:
        self._condition = both(self._condition, condition)

    # --- parts that decide nothing -------------------------------------------------------------

    def _without_effect(self, word: str) -> bool:
        """A part that every packet passes has been taken."""
        if word == "counter":
            self.take()
            if self.accept("packets"):
                self.at += 1
                if self.accept("bytes"):
                    self.at += 1
            elif self.accept("name"):
                self.at += 1
        elif word == "comment":
            self.at += 2
        elif word == "log":
            self.take()
            while self.peek() in _LOG_OPTIONS:
                self.at += 2
                while self.accept(","):
                    self.at += 1
        elif word == "notrack":
            self.take()
            self._effect = "untracked"
        elif word == "last":
            self.take()
            if self.accept("used"):
                self.at += 1
        else:
            return False
        return True

    def _skip_to_the_end(self) -> None:
        """What is not understood runs up to the verdict; the rule then matches for no one surely.

        Raises NotUnderstood when there is no verdict, or when a map of verdicts is passed over.
        """
        start = self.at
        depth = 0
        while self.at < len(self.words):
            word = self.words[self.at]
            if depth == 0 and self.at > start and word in ENDS:
                break
            if word in {"vmap", "set"} and depth == 0:
                raise NotUnderstood(" ".join(self.words[start : self.at + 2]))
            depth += (word == "{") - (word == "}")
            self.at += 1
        else:
            raise NotUnderstood(" ".join(self.words[start : start + 4]))
        self._and(doubtful(" ".join(map(plain, self.words[start : self.at]))[:120]))

    # --- conditions ----------------------------------------------------------------------------

    def _part(self, word: str) -> Sequence[Found] | None:
        """One condition or statement; outcomes where it is a map of verdicts.

        Raises NotUnderstood.
        """
        if word in _DECIDING:
            return _DECIDING[word](self)
        if word in _CONDITIONS:
            self._and(_CONDITIONS[word](self))
            return None
        if word == "tcp" and self.peek(1) == "option":
            self._and(special.tcp_option(self))
            return None
        keys = [self._key()]
        while self.accept("."):
            keys.append(self._key())
        if self.accept("set"):
            self._set_statement(keys)
            return None
        if len(keys) > 1:
            return self._several_keys(keys)
        return self._one_key(*keys[0])

    def _key(self) -> tuple[tuple[str, ...], Selector | None]:
        two = self.peek(), self.peek(1)
        if two in SELECTORS:
            self.at += 2
            return two, SELECTORS[two]
        one = two[:1]
        if one in SELECTORS:
            self.at += 1
            return one, SELECTORS[one]
        if two in s.DOUBTFUL:
            self.at += 2
            return two, None
        if two[0] in s.BARE_META:
            self.at += 1
            return ("meta", *one), None
        if two[0] == "ct" and self.peek(1) in {"original", "reply"}:
            self.at += 3 if self.peek(2) in _CT_KEYS else 4
            return ("ct", two[1], self.words[self.at - 1]), None
        raise NotUnderstood(two[0])

    def _set_statement(self, keys: Sequence[tuple[tuple[str, ...], Selector | None]]) -> None:
        """`meta mark set 1`, or a field of the packet that gets another value."""
        for _, selector in keys:
            if selector is None or selector.kind != "number":
                continue
            where = "destination" if "destination" in selector.looks_at else "source"
            self._effect = "destination" if where == "destination" else "source"
        special.set_to(self)

    def _one_key(self, words: tuple[str, ...], selector: Selector | None) -> list[Found] | None:
        if self.accept("vmap"):
            return self._map([selector])
        mask = None
        if self.peek() in {"&", "and"}:
            self.at += 1
            mask = self.mask()
        operator = self.operator()
        negative = operator in {"!=", "!"}
        if selector is None or selector.kind == "doubt":
            listed = self.values()[0]
            self._and(s.doubt(words, listed, negative=negative))
            return None
        if operator in {"<", ">", "<=", ">="}:
            self._and(s.compared(selector, operator, plain(self.take())))
            return None
        if self.peek().startswith("@"):
            self._and(self._named(selector, words, self.take()[1:], negative))
            return None
        listed, in_braces = self.values()
        if self.accept("/"):
            mask = self.values()[0]  # `syn / syn,ack` looks at what stands behind
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
                return s.masked_state(listed, mask, negative)
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
            listed = [value_of(one) for _, one in self._around.elements(name)]
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
        if self.accept("vmap"):
            return self._map(selectors)
        negative = self.operator() in {"!=", "!"}
        domain = s.all_of([s.domain_of(one) for one in selectors])
        name = self.take()[1:] if self.peek().startswith("@") else None
        doubt = self._around.doubt(name) if name is not None else ""
        if doubt:
            self._and(doubtful(doubt, domain.may))
            return None
        if name is not None:
            listed = [words for _, words in self._around.elements(name)]
        elif self.peek() == "{":
            listed = [words for _, words in elements(self.braces())]
        else:
            listed = [self.concatenation()]
        found = either([one_of_each(selectors, one) for one in listed])
        self._and(negated(found, domain) if negative else found)
        return None

    def _map(self, selectors: Sequence[Selector | None]) -> list[Found]:
        """A map of verdicts: one outcome for each element. Raises NotUnderstood."""
        if self.peek() == "{":
            listed = [words for _, words in elements(self.braces())]
        else:
            name = self.take().removeprefix("@")
            doubt = self._around.doubt(name)
            if doubt:
                return [Found("unknown", both(self._condition, doubtful(doubt)))]
            listed = [words for _, words in self._around.elements(name)]
        found = outcomes_of_map(selectors, listed)
        return [one._replace(condition=both(self._condition, one.condition)) for one in found]

    # --- what has a grammar of its own ---

    def _limit(self) -> None:
        words = special.limit(self)
        self.limits = f"{self.limits}, {words}" if self.limits else words

    def _flow(self) -> None:
        self._aside.append(Found("permit", both(self._condition, special.flow(self))))

    def _xt(self) -> list[Found] | None:
        found = special.xt(self)
        if isinstance(found, str):
            return [Found(found, self._condition)]
        self._and(found)
        return None


_LOG_OPTIONS: Final = frozenset({"prefix", "level", "group", "flags", "snaplen", "queue-threshold"})
_CT_KEYS: Final = frozenset(
    {
        "saddr", "daddr", "proto-src", "proto-dst", "protocol", "l3proto", "bytes", "packets",
        "avgpkt",
    }
)  # fmt: skip
_DECIDING: Final[Mapping[str, Callable[[_Reader], list[Found] | None]]] = {
    "limit": _Reader._limit, "quota": _Reader._limit, "flow": _Reader._flow, "xt": _Reader._xt,
}  # fmt: skip
_CONDITIONS: Final[Mapping[str, Callable[[Cursor], Condition]]] = {
    "fib": special.fib, "dup": special.dup, "add": special.add, "update": special.add,
    "delete": special.add, "meter": special.add,
}  # fmt: skip
