"""Elements of concatenations and of maps of verdicts as conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scanner.platforms.netconfig.conditions import Condition, doubtful, either, negated
from scanner.platforms.nftables import selectors as s
from scanner.platforms.nftables.chains import Verb
from scanner.platforms.nftables.selectors import Selector
from scanner.platforms.nftables.values import NotUnderstood
from scanner.platforms.nftables.verdicts import Found, verdict_of
from scanner.platforms.nftables.words import plain


def outcomes_of_map(
    selectors: Sequence[Selector | None], listed: Iterable[Sequence[str]]
) -> list[Found]:
    """One outcome for each element of a map of verdicts. Raises NotUnderstood."""
    found = []
    keys: list[Condition] = []
    rest: tuple[Verb, str] | None = None
    for element in listed:
        if ":" not in element:
            raise NotUnderstood(" ".join(element))
        colon = len(element) - 1 - element[::-1].index(":")
        verb, target = verdict_of(element[colon + 1 :])
        if element[0] == "*":
            rest = verb, target
            continue
        key = one_of_each(selectors, element[:colon])
        keys.append(key)
        found.append(Found(verb, key, target))
    if rest is not None:
        domain = s.all_of([s.domain_of(one) for one in selectors])
        found.append(Found(rest[0], negated(either(keys), domain), rest[1]))
    return found


def one_of_each(selectors: Sequence[Selector | None], words: Sequence[str]) -> Condition:
    """Packets that fit an element of a concatenation, one value a key. Raises NotUnderstood."""
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
