"""Rules that were typed in one line: `set rulebase security rules r from a to b source any`.

The command line takes several keys in one command (PAN-OS CLI Quick Start, "Modify the
Configuration"), while a saved configuration has a line for each. As a tree of words the second key
then stands below the value of the first one.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.platforms.netconfig.word_tree import Node

_BASES = ("pre-rulebase", "rulebase", "post-rulebase")
_KINDS = ("security", "nat")
_WITH_VALUES = frozenset(
    {"from", "to", "source", "destination", "service", "application", "action", "rule-type"}
    | {"disabled", "negate-source", "negate-destination", "schedule", "category", "source-user"}
    | {"hip-profiles", "source-hip", "destination-hip", "to-interface", "nat-type", "description"}
    | {"tag", "group-tag", "log-start", "log-end", "log-setting"}
)
"""Keys below which nothing stands but their values."""


def spread(root: Node) -> None:
    """Every key of a rule stands directly below the rule."""
    for rule in _rules(root):
        keys = [key for key in rule.below.values() if key.word in _WITH_VALUES]
        while keys:
            for value in keys.pop().below.values():
                if value.below:
                    keys += _lifted(rule, value)


def merge(into: Node, node: Node) -> None:
    """Nodes go over as they are: nobody looks at the tree they come from again."""
    for child in node.below.values():
        own = into.below.get(child.word)
        if own is None:
            into.adopt(child)
        else:
            merge(own, child)


def _rules(root: Node) -> Iterator[Node]:
    homes = [root, root.get("shared"), root.get("panorama"), root.get("policy", "panorama")]
    homes += [*root.each("vsys"), *root.each("device-group")]
    for home in homes:
        for base in _BASES if home is not None else ():
            for kind in _KINDS:
                yield from home.each(base, kind, "rules") if home is not None else ()


def _lifted(rule: Node, value: Node) -> list[Node]:
    """The keys that were below a value, now below the rule, as far as they have values."""
    found = []
    for key in list(value.below.values()):
        value.drop(key.word)
        own = rule.below.get(key.word)
        if own is None:
            rule.adopt(key)
            own = key
        else:
            merge(own, key)
        if own.word in _WITH_VALUES:
            found.append(own)
    return found
