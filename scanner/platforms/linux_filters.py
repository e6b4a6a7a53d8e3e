"""The packet filter of a Linux host as one policy: nftables, iptables and ip6tables together.

A packet passes when all of them let it. What one document leaves open (another version of IP, a
second rule set that says something else) is unknown, never permitted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import UnreadLine
from rules.packets.policy import Chain, Policy, Stage
from scanner.evidence import Document
from scanner.platforms import iptables
from scanner.platforms import linux_commands as commands
from scanner.platforms.iptables.saved import version_of
from scanner.platforms.linux_sections import Host
from scanner.platforms.model import Coverage
from scanner.platforms.nftables.as_json import text_of
from scanner.platforms.nftables.hooks import of_version
from scanner.platforms.nftables.policy import policy as nft_policy
from scanner.platforms.several_documents import DISAGREE

_BROKEN_OFF = Text(
    vi="danh sách bộ lọc gói không đầy đủ", en="the listing of the packet filter is not complete"
)
_LIVE = frozenset({commands.FILTERS, commands.FILTERS_BY_SUDO})
_NOT_SHOWN = "rules for this version of IP are not in the documents"

Parsed = tuple[Policy, bool]
"""A policy, and False where its document breaks off."""


def filters(
    host: Host, listing: Document | None, listing_fact: Fact[Any] | None
) -> Fact[Policy] | None:
    """What the host does with packets that it forwards; None where nothing is said about it.

    `listing` is the answer of nft that counts, and `listing_fact` what the host was found to do by
    it: Unknown where it failed or breaks off.
    """
    if isinstance(listing_fact, Unknown):
        return listing_fact
    first = [] if listing is None else [listing]
    if listing is None or listing.source not in _LIVE:
        first += [s.document for s in host.of("nft")] + [s.document for s in host.of("nft -j")]
    tables = [s.document for s in host.of("iptables")]
    documents = list(dict.fromkeys([*first, *tables]))
    if not documents:
        return None
    parsed = [(document, *document.once(_parsed)) for document in documents]
    for document, _, complete in parsed:
        if not complete:
            return Unknown(_BROKEN_OFF, (document.cite(),))
    one = _one_of_each(parsed)
    if one is None:
        return Unknown(DISAGREE, tuple(document.cite(1) for document in documents))
    policy = _joined([found for _, found in one])
    versions = {version for document, _ in one for version in _versions(document)}
    for version in {4, 6} - versions:
        policy = _unknown_for(policy, version)
    return Known(policy, tuple(c for d, found in one for c in _citations(d, found)))


def _citations(document: Document, policy: Policy) -> list[Any]:
    lines = [stage.line for stage in policy.stages if stage.line]
    lines += [rule.line for chain in policy.chains.values() for rule in chain.rules]
    return [document.cite(line) for line in dict.fromkeys(lines[:200])] or [document.cite(1)]


def unread(documents: Sequence[Document]) -> list[tuple[Document, UnreadLine]]:
    """Lines of rule sets that were not understood and could change what passes."""
    return [
        (document, UnreadLine(one.line, one.text, one.why))
        for document in documents
        for one in document.once(_parsed)[0].unread
    ]


def _parsed(document: Document) -> Parsed:
    if _is_tables(document):
        return iptables.policy(document.lines)
    if document.text.lstrip().startswith("{"):
        lines = text_of(document.text)
        return nft_policy(lines, live=True, at=1) if lines is not None else (Policy(), False)
    return nft_policy(document.lines, live=document.source in _LIVE)


def _is_tables(document: Document) -> bool:
    first = next((line for line in document.lines if line.strip() and line[0] != "#"), "")
    return first.startswith("*")


def _versions(document: Document) -> tuple[int, ...]:
    """Versions of IP of which a document says everything."""
    return (version_of(document.lines),) if _is_tables(document) else (4, 6)


def _one_of_each(
    parsed: Sequence[tuple[Document, Policy, bool]],
) -> list[tuple[Document, Policy]] | None:
    """One document for nftables and for each version of iptables; None where two differ."""
    found: dict[tuple[bool, tuple[int, ...]], tuple[Document, Policy]] = {}
    for document, policy, _ in parsed:
        key = _is_tables(document), _versions(document)
        before = found.setdefault(key, (document, policy))
        if before[1] != policy:
            return None
    return list(found.values())


def _joined(policies: Sequence[Policy]) -> Policy:
    """All of them have to let a packet pass."""
    if len(policies) == 1:
        return policies[0]
    chains: dict[str, Chain] = {}
    stages: list[Stage] = []
    for number, one in enumerate(policies):
        # the tables of iptables-nft are seen by nft as well
        taken = chains.keys() & one.chains.keys()
        added = _renamed(one, f" [{number + 1}]") if taken else one
        chains |= added.chains
        stages += added.stages
    return Policy(tuple(stages), chains, tuple(one for p in policies for one in p.unread))


def _renamed(policy: Policy, mark: str) -> Policy:
    chains = {
        name + mark: replace(
            chain,
            name=name + mark,
            rules=tuple(
                replace(rule, target=rule.target + mark) if rule.target else rule
                for rule in chain.rules
            ),
        )
        for name, chain in policy.chains.items()
    }
    stages = tuple(replace(stage, chain=stage.chain + mark) for stage in policy.stages)
    return Policy(stages, chains, policy.unread)


def _unknown_for(policy: Policy, version: int) -> Policy:
    name = f"IPv{version}"
    chain = Chain(name, (), "unknown", None, _NOT_SHOWN)
    stage = Stage(name, of_version(version))
    return Policy((*policy.stages, stage), {**policy.chains, name: chain}, policy.unread)


def coverage(document: Document) -> Coverage:
    """Lines of a rule set that are read, that say nothing about forwarding, and that are unread."""
    policy = document.once(_parsed)[0]
    filled = {n for n, line in enumerate(document.lines, start=1) if line.strip()}
    missed = {one.line for one in policy.unread} & filled
    used = {rule.line for chain in policy.chains.values() for rule in chain.rules}
    used |= {stage.line for stage in policy.stages if stage.line}
    used |= {chain.line for chain in policy.chains.values() if chain.line}
    used = (used & filled) - missed
    return Coverage(len(used), len(filled) - len(used) - len(missed), len(missed))


def documents_of(host: Host) -> list[Document]:
    """Saved rule sets."""
    kinds = {"nft", "nft -j", "iptables"}
    return list(dict.fromkeys(s.document for s in host.sections if s.kind in kinds))
