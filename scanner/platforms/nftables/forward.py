"""The forward chains of a rule set as one list of rules, jumps and sets resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rules.network_facts import FilterRule, Filters, Prefix, UnreadLine
from scanner.evidence import printable
from scanner.platforms.nftables import match as m
from scanner.platforms.nftables.match import Match, NotUnderstood, both
from scanner.platforms.nftables.rule import Outcome, Surroundings, outcomes
from scanner.platforms.nftables.text import Chain, Ruleset, Statement

MAX_DEPTH = 16
"""The kernel's own limit for jumps."""
MAX_RULES = 20_000

_FAMILIES: Mapping[str, Prefix] = {"ip": m.ANY_IPV4, "ip6": m.ANY_IPV6}


def forwarding(
    ruleset: Ruleset,
    lines: Sequence[str],
    interfaces: frozenset[str] = frozenset(),
    *,
    routes_ipv6: bool = False,
    hook: str = "forward",
) -> Filters:
    """What a host with this rule set does with the packets that it forwards.

    With `hook="input"`: with those that are for itself.

    `lines` are those of the listing, for citing; `interfaces` the host's own, for names with
    wildcards; `routes_ipv6` when it has IPv6 addresses that others can reach. Without any forward
    chain everything is forwarded.
    """
    chains = sorted(
        (
            chain
            for chain in ruleset.chains.values()
            if chain.hook == hook and chain.family in {"inet", "ip", "ip6"}
        ),
        key=lambda chain: chain.priority,
    )
    flat = _Flattener(ruleset, lines, interfaces)
    for line, why in ruleset.unread:
        flat.not_read(line, why)
    for number, chain in enumerate(chains):
        flat.base_chain(chain, last=not any(_meets(chain, later) for later in chains[number + 1 :]))
    if routes_ipv6 and chains and not any(c.family in {"inet", "ip6"} for c in chains):
        what = "forwarded" if hook == "forward" else "admitted"
        flat.not_read(chains[0].line, f"IPv6 is {what} and not filtered here")
    policies = {
        chain.policy
        for number, chain in enumerate(chains)
        if not any(_meets(chain, later) for later in chains[number + 1 :])
    }
    return Filters(
        default="deny" if policies == {"drop"} else "permit",
        stateful=any(_admits_replies(rule) for rule in flat.rules),
        rules=tuple(flat.rules),
        unread=tuple(dict.fromkeys(flat.unread)),
    )


def _admits_replies(rule: FilterRule) -> bool:
    return rule.action == "permit" and "established" in rule.states and "new" not in rule.states


def _meets(first: Chain, second: Chain) -> bool:
    """Some packet passes through both."""
    return first.family == second.family or "inet" in {first.family, second.family}


class _Flattener:
    """Rules and unread lines found so far, in evaluation order."""

    def __init__(self, ruleset: Ruleset, lines: Sequence[str], interfaces: frozenset[str]) -> None:
        self.rules: list[FilterRule] = []
        self.unread: list[UnreadLine] = []
        self._ruleset = ruleset
        self._lines = lines
        self._interfaces = interfaces

    def not_read(self, line: int, why: str) -> None:
        self.unread.append(UnreadLine(line, self._text(line), printable(why, 60)))

    def base_chain(self, chain: Chain, *, last: bool) -> None:
        """A packet must be admitted by every base chain of its family.

        One after the other is the same as one list only while all but the last do nothing but
        deny; anything more is said to be unread.
        """
        start = len(self.rules)
        family = _FAMILIES.get(chain.family)
        self._chain(chain, Match(sources=(family,)) if family else Match(), 0)
        admits = chain.policy != "accept" or any(r.action == "permit" for r in self.rules[start:])
        if admits and not last:
            self.not_read(chain.line, f"several {chain.hook} chains decide")

    def _text(self, line: int) -> str:
        return printable(self._lines[line - 1]) if 0 < line <= len(self._lines) else ""

    def _chain(self, chain: Chain, context: Match, depth: int) -> None:
        """The chain's rules for packets of the context are appended."""
        around = self._surroundings(chain)
        for statement in chain.statements:
            try:
                found = outcomes(statement, around)
            except NotUnderstood as error:
                self.not_read(statement.line, str(error) or "not understood")
                continue
            for outcome in found:
                matched = both(context, outcome.match)
                if matched is None:
                    continue
                if len(self.rules) >= MAX_RULES:
                    self.not_read(statement.line, "too many rules")
                    return
                whole = matched == context
                if self._outcome(chain, statement, replace(outcome, match=matched), whole, depth):
                    return

    def _surroundings(self, chain: Chain) -> Surroundings:
        sets = {
            name: found
            for (family, table, name), found in self._ruleset.sets.items()
            if (family, table) == (chain.family, chain.table)
        }
        return Surroundings(sets, self._interfaces)

    def _outcome(
        self, chain: Chain, statement: Statement, outcome: Outcome, whole: bool, depth: int
    ) -> bool:
        """True when no packet of the context reaches the chain's next rule.

        `whole`: the outcome is for every packet of the context.
        """
        if outcome.verb in {"jump", "goto"}:
            return self._jump(chain, statement, outcome, whole, depth)
        if outcome.verb == "return" and depth > 0:
            if not whole:
                self.not_read(statement.line, "return")
            return whole
        if outcome.verb == "continue":
            return False
        if outcome.verb == "return":
            policy = "accept" if chain.policy == "accept" else "drop"
            outcome = replace(outcome, verb=policy)
        self.rules.extend(_as_rules(outcome, statement.line, self._text(statement.line)))
        return whole

    def _jump(
        self, chain: Chain, statement: Statement, outcome: Outcome, whole: bool, depth: int
    ) -> bool:
        target = self._ruleset.chains.get((chain.family, chain.table, outcome.target or ""))
        returns = outcome.verb == "goto" and not whole
        if (
            target is None
            or outcome.match.narrower
            or depth >= MAX_DEPTH
            or (returns and not _always_decides(target))
        ):
            self.not_read(statement.line, f"{outcome.verb} {outcome.target or ''}")
            return False
        self._chain(target, outcome.match, depth + 1)
        return outcome.verb == "goto" and whole


def _always_decides(chain: Chain) -> bool:
    """The chain ends with a verdict for everything, and nothing leaves it before without one."""
    last = chain.statements[-1].words if chain.statements else ()
    leaves = any({"return", "goto"} & set(statement.words) for statement in chain.statements)
    return last in {("accept",), ("drop",), ("reject",)} and not leaves


def _as_rules(outcome: Outcome, line: int, text: str) -> Iterator[FilterRule]:
    """One rule per protocol, since a fact holds one."""
    found = outcome.match
    if outcome.verb == "drop" and found.narrower:
        # it denies fewer packets than a fact can say: leaving it out errs towards "admitted"
        return
    base = FilterRule(
        action="permit" if outcome.verb == "accept" else "deny",
        line=line,
        text=text,
        in_interfaces=tuple(sorted(found.in_interfaces or ())),
        out_interfaces=tuple(sorted(found.out_interfaces or ())),
        sources=found.sources or (),
        destinations=found.destinations or (),
        ports=found.ports or (),
        states=tuple(sorted(found.states or ())),
    )
    if found.protocols is None:
        yield base
        return
    for protocol in sorted(found.protocols):
        yield replace(base, protocol=protocol)
