"""iptables-save: tables, chains and rules, in the order in which the kernel asks them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rules.packets.policy import Policy, Unread
from scanner.evidence import printable
from scanner.platforms.iptables.options import ALIASES, OPTIONS, TRANSPARENT
from scanner.platforms.netconfig.conditions import ALWAYS, Condition, both, doubtful
from scanner.platforms.nftables.chains import Base, Effect, Filter, Goal, Line, Verb
from scanner.platforms.nftables.hooks import FORWARDED, Path, of_version, policy_of
from scanner.platforms.nftables.translation import goal_of
from scanner.platforms.nftables.values import NotUnderstood

_HOOKS: Final = {
    "PREROUTING": "prerouting",
    "INPUT": "input",
    "FORWARD": "forward",
    "POSTROUTING": "postrouting",
}
_PRIORITIES: Final = {
    ("raw", "PREROUTING"): -300,
    ("mangle", "PREROUTING"): -150,
    ("nat", "PREROUTING"): -100,
    ("mangle", "INPUT"): -150,
    ("filter", "INPUT"): 0,
    ("security", "INPUT"): 50,
    ("nat", "INPUT"): 100,
    ("mangle", "FORWARD"): -150,
    ("filter", "FORWARD"): 0,
    ("security", "FORWARD"): 50,
    ("mangle", "POSTROUTING"): -150,
    ("nat", "POSTROUTING"): 100,
}
"""Built-in chains that packets pass which come from outside; linux/netfilter_ipv4.h."""
_BUILT_IN: Final = frozenset({"OUTPUT", *_HOOKS})

_VERBS: Final[dict[str, Verb]] = {
    "ACCEPT": "permit",
    "DROP": "deny",
    "REJECT": "deny",
    "RETURN": "return",
    "QUEUE": "unknown",
    "NFQUEUE": "unknown",
    "TPROXY": "unknown",
    "SYNPROXY": "unknown",
}
_EFFECTS: Final[dict[str, Effect]] = {
    "DNAT": "destination",
    "REDIRECT": "destination",
    "SNAT": "source",
    "MASQUERADE": "source",
    "NETMAP": "destination",
    "DNPT": "destination",
    "SNPT": "source",
    "NOTRACK": "untracked",
}
_GO_ON: Final = frozenset(
    {
        "AUDIT", "CHECKSUM", "CLASSIFY", "CONNMARK", "CONNSECMARK", "CT", "DSCP", "ECN", "HL",
        "HMARK", "IDLETIMER", "LED", "LOG", "MARK", "NFLOG", "RATEEST", "SECMARK", "SET",
        "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS", "TRACE", "TTL", "ULOG", "DNPT", "SNPT", "NOTRACK",
    }
)  # fmt: skip
_GOALS: Final = {"DNAT": "--to-destination", "NETMAP": "--to", "SNAT": "--to-source"}
_GOAL_FLAGS: Final = frozenset({"--persistent", "--random", "--random-fully"})
_MADE_BY: Final = re.compile(r"#.*\bip(6?)tables(?:-nft|-legacy)?-save\b")
_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


def policy(
    lines: Sequence[str], version: int | None = None, *, path: Path = FORWARDED
) -> tuple[Policy, bool]:
    """What a host with these tables does with packets of their version on a path.

    False when a table breaks off. The version is told by the file unless it is given.
    """
    parser = _Parser(lines, version or version_of(lines))
    parser.read()
    return policy_of(parser.filter, path), parser.complete


def version_of(lines: Sequence[str]) -> int:
    """6 for what ip6tables-save prints, told by its first line or by addresses."""
    for line in lines[:50]:
        if made_by := _MADE_BY.match(line):
            return 6 if made_by[1] else 4
    six = re.compile(r"(?:^| )(?:-[sd] [0-9a-fA-F:]*:[0-9a-fA-F:.]*|(?:-p|-m) (?:ipv6-icmp|icmp6))")
    return 6 if any(six.search(line) for line in lines) else 4


class _Parser:
    def __init__(self, lines: Sequence[str], version: int) -> None:
        self.filter = Filter()
        self.complete = True
        self._lines = lines
        self._version = version
        self._prefix = "ip6" if version == 6 else "ip"
        self._table = ""
        self._known: dict[tuple[str, str, bool], Condition] = {}

    def read(self) -> None:
        """Every line; what is not understood stands in `unread`."""
        for number, raw in enumerate(self._lines, start=1):
            line = raw.strip()
            if not line.isprintable():
                line = printable(line, len(line))
            if not line or line[0] == "#":
                continue
            if line[0] == "*":
                self.complete = self.complete and not self._table
                self._table = line[1:].strip()
            elif line == "COMMIT":
                self._table = ""
            elif not self._table:
                self._not_read(number, line, "outside of a table")
            elif line[0] == ":":
                self._head(number, line)
            else:
                self._command(number, line)
        self.complete = self.complete and not self._table

    def _not_read(self, number: int, line: str, why: str) -> None:
        self.filter.unread.append(Unread(number, printable(line), printable(why, 60)))

    def _key(self, chain: str) -> str:
        return f"{self._prefix} {self._table} {chain}"

    def _head(self, number: int, line: str) -> None:
        """`:FORWARD DROP [0:0]`, `:mine - [0:0]`."""
        words = line[1:].split()
        if len(words) < 2:
            self._not_read(number, line, "chain")
            return
        self._chain(words[0])
        if words[0] in _BUILT_IN:
            self._policy(number, line, words[0], words[1])

    def _chain(self, name: str) -> list[Line]:
        """The lines of a chain; one that is built in accepts until something else is said."""
        key = self._key(name)
        if key not in self.filter.chains:
            self.filter.chains[key] = []
            place = self._table, name
            if place in _PRIORITIES:
                self.filter.bases.append(
                    Base(
                        _HOOKS[name],
                        _PRIORITIES[place],
                        key,
                        of_version(self._version),
                        "permit",
                        0,
                        f"*{self._table} {name}",
                        translates=self._table == "nat",
                    )
                )
        return self.filter.chains[key]

    def _policy(self, number: int, line: str, chain: str, verdict: str) -> None:
        key = self._key(chain)
        base = next((one for one in self.filter.bases if one.chain == key), None)
        if base is None:
            return
        base.line = base.default_line = number
        base.text = printable(line)
        if verdict == "DROP":
            base.default = "deny"
        elif verdict not in {"ACCEPT", "-"}:
            base.default = "unknown"
            base.why = printable(line)

    def _command(self, number: int, line: str) -> None:
        words = _words(line)
        if words and words[0].startswith("[") and words[0].endswith("]"):
            words = words[1:]  # iptables-save -c
        verb, *rest = words or [""]
        if verb in {"-A", "--append"} and rest:
            self._chain(rest[0]).extend(self._rule(number, line, rest[1:]))
        elif verb in {"-I", "--insert"} and rest:
            self._insert(number, line, rest)
        elif verb in {"-N", "--new-chain"} and rest:
            self._chain(rest[0])
        elif verb in {"-P", "--policy"} and len(rest) == 2:
            self._chain(rest[0])
            self._policy(number, line, rest[0], rest[1])
        elif verb in {"-F", "--flush"}:
            for key, found in self.filter.chains.items():
                if key == self._key(rest[0]) if rest else key.startswith(self._key("")):
                    found.clear()
        elif verb not in {"-Z", "--zero", "-X", "--delete-chain"}:
            self._not_read(number, line, verb)

    def _insert(self, number: int, line: str, rest: list[str]) -> None:
        found = self._chain(rest[0])
        numbered = len(rest) > 1 and rest[1].isdigit()
        at = int(rest[1][:6]) - 1 if numbered else 0
        if at > 0:
            # a rule may have become two lines, or none
            self._not_read(number, line, "-I")
            return
        found[0:0] = self._rule(number, line, rest[2 if numbered else 1 :])

    def _rule(self, number: int, line: str, words: list[str]) -> list[Line]:
        text = line if len(line) <= 200 and line.isprintable() else printable(line)
        reader = _Reader(words, self._version, self._known)
        reader.read()
        if reader.target is None:
            return [Line("continue", number, text, reader.condition)]
        return list(self._outcome(number, text, reader))

    def _outcome(self, number: int, text: str, reader: _Reader) -> Iterator[Line]:
        target, condition = reader.target or "", reader.condition
        if reader.verb == "goto" or self._key(target) in self.filter.chains:
            yield Line(reader.verb, number, text, condition, self._key(target))
        elif target in _VERBS:
            yield Line(_VERBS[target], number, text, condition)
        elif target in _EFFECTS or (target == "CT" and "--notrack" in reader.rest):
            effect = _EFFECTS.get(target, "untracked")
            verb: Verb = "continue" if target in _GO_ON else "permit"
            goal = self._goal(target, reader.rest)
            yield Line(verb, number, text, condition, "", effect, goal=goal)
        elif target in _GO_ON:
            yield Line("continue", number, text, condition)
        elif target.isupper() and not any(
            target == key.rpartition(" ")[2] for key in self.filter.chains
        ):
            yield Line("unknown", number, text, condition)
        else:
            # a chain that is written further down, or nowhere: then nobody knows what it does
            yield Line("jump", number, text, condition, self._key(target))

    def _goal(self, target: str, options: Sequence[str]) -> Goal | None:
        """What the target puts in; None where it is one of several, or another option decides."""
        name = _GOALS.get(target)
        rest = [option for option in options if option not in _GOAL_FLAGS]
        if name is None or len(rest) != 2 or rest[0] != name:
            return None
        return goal_of(rest[1], self._version, prefix=target == "NETMAP")


class _Reader:
    """The options of one rule."""

    def __init__(
        self, words: list[str], version: int, known: dict[tuple[str, str, bool], Condition]
    ) -> None:
        self._words = words
        self._version = version
        self._known = known
        self.condition = ALWAYS
        self.target: str | None = None
        self.verb: Verb = "jump"
        self.rest: list[str] = []
        """Options of the target."""

    def read(self) -> None:
        """All words; an option that is not understood leaves the rule in doubt."""
        words, at, negative, doubt = self._words, 0, False, False
        while at < len(words):
            word = words[at]
            word = ALIASES.get(word, word)
            at += 1
            if word == "!":
                negative = True
                continue
            if word in OPTIONS:
                at = self._option(word, at, negative)
            elif word == "-m" and at < len(words):
                doubt = words[at] not in TRANSPARENT
                if doubt:
                    self._and(doubtful(f"-m {words[at]}"))
                at += 1
            elif word in {"-j", "-g"} and at < len(words):
                self.target = words[at]
                self.verb = "goto" if word == "-g" else "jump"
                at += 1
            elif word == "-c":
                at += 2
            elif word in {"-4", "-6", "--ipv4", "--ipv6"}:
                if (word[-1] == "6") != (self._version == 6):
                    self._and(Condition(()))
            elif self.target is not None:
                self.rest.append(word)
            elif not doubt:
                self._and(doubtful(f"{word} {' '.join(words[at : at + 1])}"[:120]))
            negative = False

    def _option(self, word: str, at: int, negative: bool) -> int:
        count, match = OPTIONS[word]
        if count and self._words[at : at + 1] == ["!"]:
            negative = True
            at += 1
        listed = self._words[at : at + count]
        key = word, " ".join(listed), negative
        found = self._known.get(key)
        if found is None:
            try:
                if len(listed) < count:
                    raise NotUnderstood(word)
                found = match(listed, negative, self._version)
            except NotUnderstood:
                said = f"{'! ' if negative else ''}{word} {' '.join(listed)}"
                found = doubtful(said[:120])
            self._known[key] = found
        self._and(found)
        return at + count

    def _and(self, condition: Condition) -> None:
        self.condition = both(self.condition, condition)


def _words(line: str) -> list[str]:
    """Words as a shell cuts them; a quoted one never looks like an option."""
    if '"' not in line and "'" not in line:
        return line.split()
    found = []
    for match in _WORD.finditer(line.replace("'", '"') if '"' not in line else line):
        quoted = match[1]
        if quoted is None:
            found.append(match[2])
        else:
            found.append(f'"{quoted}' if quoted[:1] in {"", "-", "!"} else quoted)
    return found
