"""The whole rule set of nftables as a policy for packets on one path."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from rules.packets.policy import Policy, Unread
from rules.packets.sets import Names
from scanner.evidence import printable
from scanner.platforms.nftables.chains import Base, Filter, Line
from scanner.platforms.nftables.hooks import FORWARDED, HOOKS, Path, of_version, policy_of
from scanner.platforms.nftables.references import Surroundings
from scanner.platforms.nftables.rules import lines_of
from scanner.platforms.nftables.script import ChainText, Script, script_of
from scanner.platforms.nftables.statements import Statement
from scanner.platforms.nftables.values import NotUnderstood
from scanner.platforms.nftables.words import plain

PRIORITIES: Final = {
    "raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50, "srcnat": 100,
}  # fmt: skip
_VERSIONS: Final = {"ip": 4, "ip6": 6, "inet": None, "netdev": None}


def policy(
    lines: Sequence[str], *, live: bool = False, at: int | None = None, path: Path = FORWARDED
) -> tuple[Policy, bool]:
    """What a host with this listing does with packets on a path; False when it breaks off.

    `live`: it is what the kernel says it has, so that an empty set is empty. `at`: the line to name
    for everything, where the lines were written from another form.
    """
    script = script_of(lines)
    return policy_of_script(script, lines, live=live, at=at, path=path), script.complete


def policy_of_script(
    script: Script, lines: Sequence[str], *, live: bool, at: int | None, path: Path
) -> Policy:
    """The same for a script that was parsed already."""
    found = policy_of(filter_of(script, lines, live=live, at=at, path=path), path)
    return found if at is None else _all_on(found, at)


def _all_on(found: Policy, line: int) -> Policy:
    chains = {
        name: replace(
            chain,
            rules=tuple(replace(rule, line=line) for rule in chain.rules),
            line=None if chain.line is None else line,
        )
        for name, chain in found.chains.items()
    }
    stages = tuple(replace(stage, line=line) for stage in found.stages)
    return Policy(stages, chains, tuple(replace(one, line=line) for one in found.unread))


def filter_of(
    script: Script,
    lines: Sequence[str],
    *,
    live: bool,
    at: int | None = None,
    path: Path = FORWARDED,
) -> Filter:
    """The chains that packets on the path can come to."""
    found = Filter(unread=list(script.unread))
    texts = _Texts(lines)
    _mark_changing_sets(script)
    around: dict[tuple[str, str], Surroundings] = {}
    for chain in script.chains.values():
        if chain.family == "arp" or not script.tables.get((chain.family, chain.table), True):
            continue
        base = _base(chain, path, found, texts) if chain.head is not None else None
        if base is not None:
            found.bases.append(base)
    names: dict[tuple[str, str], dict[str, str]] = {}
    for key in script.chains:
        names.setdefault(key[:2], {})[key[2]] = _key(*key)
    for chain in _reachable(script, found):
        owner = chain.family, chain.table
        if owner not in around:
            sets = {key[2]: one for key, one in script.sets.items() if key[:2] == owner}
            around[owner] = Surroundings(sets, live=live, at=at)
        out = found.chains.setdefault(_key(*owner, chain.name), [])
        for statement in chain.rules:
            out += _lines(statement, texts[statement.line], around[owner], names[owner], found)
    return found


def _lines(
    statement: Statement,
    text: str,
    around: Surroundings,
    names: dict[str, str],
    found: Filter,
) -> list[Line]:
    try:
        return list(lines_of(statement, text, around, names))
    except NotUnderstood as error:
        found.unread.append(Unread(statement.line, text, printable(str(error), 60)))
        return []


class _Texts:
    """Lines as they are cited, each made once."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def __getitem__(self, number: int) -> str:
        return printable(self._lines[number - 1]) if 0 < number <= len(self._lines) else ""


def _key(family: str, table: str, name: str) -> str:
    return f"{family} {table} {name}"


def _base(chain: ChainText, path: Path, found: Filter, texts: _Texts) -> Base | None:
    """The chain at its hook; None where packets on the path do not come by."""
    assert chain.head is not None
    words, line = chain.head.words, chain.head.line

    def not_read(why: str) -> None:
        found.unread.append(Unread(line, texts[line], printable(why, 60)))

    after = dict(itertools.pairwise(words))
    hook = after.get("hook", "")
    if hook in HOOKS and hook not in path.hooks:
        return None
    if chain.family == "bridge" or hook not in HOOKS:
        if chain.rules or chain.policy is not None:
            not_read("a filter of bridged frames" if chain.family == "bridge" else f"hook {hook}")
        return None
    priority = _priority(words)
    if priority is None:
        not_read("priority")
        priority = 0
    concerns = of_version(_VERSIONS.get(chain.family))
    if hook in {"ingress", "egress"}:
        devices = [*chain.devices, *_devices(words)]
        if not devices or any(device.startswith("$") for device in devices):
            not_read("devices")
        at = Names(frozenset(devices))
        concerns = (
            replace(concerns, entering=at) if hook == "ingress" else replace(concerns, leaving=at)
        )
    return Base(
        hook,
        priority,
        _key(chain.family, chain.table, chain.name),
        concerns,
        _default(chain, found, texts),
        line,
        texts[line],
        chain.policy.line if chain.policy is not None else None,
        translates=after.get("type") == "nat",
    )


def _default(
    chain: ChainText, found: Filter, texts: _Texts
) -> Literal["permit", "deny", "unknown"]:
    """`policy accept` where nothing is said: nft(8), "policy"."""
    words = chain.policy.words if chain.policy is not None else ["policy", "accept"]
    if words[1:] == ["accept"]:
        return "permit"
    if words[1:] == ["drop"]:
        return "deny"
    line = chain.policy.line if chain.policy is not None else chain.line
    found.unread.append(Unread(line, texts[line], "policy"))
    return "unknown"


def _mark_changing_sets(script: Script) -> None:
    """Sets that rules add to or take from hold other elements than those written down."""
    for (family, table, _), chain in script.chains.items():
        for statement in chain.rules:
            words = statement.words
            for verb in ("add", "update", "delete"):
                if verb in words[:-1]:
                    name = words[words.index(verb) + 1]
                    changed = script.sets.get((family, table, name.removeprefix("@")))
                    if changed is not None:
                        changed.doubt = "is changed by rules"


def _devices(words: Sequence[str]) -> list[str]:
    """`hook ingress device eth0 priority 0`, `devices = { eth0, eth1 }`."""
    for at, word in enumerate(words):
        if word in {"device", "devices"}:
            end = words.index("priority") if "priority" in words[at:] else len(words)
            return [plain(w) for w in words[at + 1 : end] if w not in {"=", "{", "}", ","}]
    return []


def _priority(words: Sequence[str]) -> int | None:
    """`0`, `filter`, `filter - 5`, `-300`; None when it is none of these."""
    if "priority" not in words:
        return None
    base, *offset = words[words.index("priority") + 1 :] or [""]
    base = plain(base)
    for sign in "+-":
        name, found, number = base.partition(sign)
        if found and name in PRIORITIES:
            base, offset = name, [sign, number, *offset]
    try:
        start = PRIORITIES[base] if base in PRIORITIES else int(base)
        return start + int("".join(offset) or 0)
    except ValueError:
        return None


def _reachable(script: Script, found: Filter) -> list[ChainText]:
    """The base chains and all chains of their tables: which of them are led to is seen later."""
    bases = {base.chain for base in found.bases}
    tables = {tuple(key.split(" ")[:2]) for key in bases}
    return [
        chain
        for key, chain in script.chains.items()
        if key[:2] in tables and (chain.head is None or _key(*key) in bases)
    ]
