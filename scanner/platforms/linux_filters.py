"""The packet filter of a Linux host as one policy: nftables, iptables and ip6tables together.

A packet passes when all of them let it. What one document leaves open (another version of IP, a
second rule set that says something else) is unknown, never permitted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import UnreadLine
from rules.packets.policy import Chain, Policy, Rule, Stage
from scanner.evidence import Document, printable
from scanner.platforms import iptables
from scanner.platforms import linux_commands as commands
from scanner.platforms.iptables.saved import variant_of, version_of
from scanner.platforms.linux_sections import Host, status
from scanner.platforms.linux_tables import Beside
from scanner.platforms.model import Coverage
from scanner.platforms.nftables.as_json import text_of
from scanner.platforms.nftables.hooks import (
    ADMITTED,
    FORWARDED,
    FORWARDED_IN_PART,
    Path,
    of_version,
)
from scanner.platforms.nftables.policy import policy_of_script
from scanner.platforms.nftables.script import Script, script_of
from scanner.platforms.part_of_document import original
from scanner.platforms.several_documents import DISAGREE

_NO_FILTERS = Text(
    vi="không liệt kê được bộ lọc gói ({said}); hãy cho tài khoản đọc cấu hình chạy lệnh "
    "sudo -n /usr/sbin/nft list ruleset",
    en="the packet filter could not be listed ({said}); let the account that reads run "
    "sudo -n /usr/sbin/nft list ruleset",
)
_NO_PROGRAM = Text(
    vi="máy không có chương trình nft nên không loại trừ được quy tắc của nftables ({said}); hãy "
    "cài gói nftables",
    en="the host has no program nft, so rules of nftables cannot be ruled out ({said}); install "
    "the package nftables",
)
_HIDDEN = Text(
    vi="iptables-legacy còn có bảng mà các tệp không cho thấy; hãy đưa thêm kết quả của lệnh "
    "iptables-legacy-save, ip6tables-legacy-save",
    en="iptables-legacy has tables besides that the documents do not show; hand in what "
    "iptables-legacy-save and ip6tables-legacy-save print as well",
)
_LEGACY_PRESENT = re.compile(r"# Warning: ip(6?)tables-legacy tables present\b")
_BROKEN_OFF = Text(
    vi="danh sách bộ lọc gói không đầy đủ", en="the listing of the packet filter is not complete"
)
_LIVE = frozenset({commands.FILTERS, commands.FILTERS_BY_SUDO})
_NOT_SHOWN = "rules for this version of IP are not in the documents"

Parsed = tuple[Policy, bool]
"""A policy, and False where its document breaks off."""


@dataclass(frozen=True)
class PacketFilter:
    """All rule sets of a host as one policy."""

    policy: Policy
    parts: tuple[tuple[Document, Policy], ...]
    """Each rule set, with the document that it comes from."""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The lines that the policy rests on."""
        return tuple(one for document, policy in self.parts for one in _citations(document, policy))

    @property
    def unread(self) -> tuple[Citation, ...]:
        """Lines that were not understood and could change what passes."""
        return tuple(
            document.cite(one.line)
            for document, policy in self.parts
            for one in policy.unread
            if one.matters
        )

    def cite(self, rules: Sequence[Rule]) -> tuple[Citation, ...]:
        """The lines of the rules, each once and in their order."""
        wanted = {id(rule) for rule in rules}
        return tuple(
            dict.fromkeys(
                document.cite(rule.line)
                for document, policy in self.parts
                for chain in policy.chains.values()
                for rule in chain.rules
                if id(rule) in wanted
            )
        )


def filters(host: Host, tables: Beside) -> Fact[Policy] | None:
    """What the host does with packets that it forwards; None where nothing is said about it."""
    found = packet_filter(host, tables, FORWARDED)
    return Known(found.policy, found.citations) if isinstance(found, PacketFilter) else found


def packet_filter(host: Host, tables: Beside, path: Path) -> PacketFilter | Unknown | None:
    """What the host does with packets on a path; None where nothing is said about it.

    `tables` holds the answer of nft that counts, and what is in force beside it.
    """
    listing = tables.listing
    refused = None if listing is None else _failure(listing)
    if refused is not None or tables.missing is not None:
        return refused or tables.missing
    first = [] if listing is None else [listing]
    if listing is None or listing.source not in _LIVE:
        first += [s.document for s in host.of("nft")] + [s.document for s in host.of("nft -j")]
    saved = [s.document for s in host.of("iptables")]
    documents = list(dict.fromkeys([*first, *tables.documents, *saved]))
    if not documents:
        return None
    parsed = _read(documents, path)
    for document, _, complete in parsed:
        if not complete:
            return Unknown(_BROKEN_OFF, (document.cite(),))
    one = _one_of_each(parsed)
    if one is None:
        return Unknown(DISAGREE, tuple(document.cite(1) for document in documents))
    if (hidden := _hidden(documents)) is not None:
        return Unknown(_HIDDEN, (hidden,))
    policy = _joined([found for _, found in one])
    versions = {version for document, _ in one for version in _versions(document)}
    for version in {4, 6} - versions:
        policy = _unknown_for(policy, version)
    return PacketFilter(policy, tuple(one))


def _read(documents: Sequence[Document], path: Path) -> list[tuple[Document, Policy, bool]]:
    """Every document. Where several rule sets are asked about the same packets and one translates
    them, the order of all chains would count: then translations are left in doubt.
    """
    parsed = [(document, *document.once(_PARSERS[path])) for document in documents]
    if path is not FORWARDED or not any(s.rewrites for _, one, _ in parsed for s in one.stages):
        return parsed
    versions = [version for document in documents for version in _versions(document)]
    if len(versions) == len(set(versions)):
        return parsed
    return [(document, *document.once(_forwarded_in_part)) for document in documents]


def _failure(listing: Document) -> Unknown | None:
    """Why the listing does not show the whole rule set."""
    closing = status(listing) if listing.source in _LIVE else "0"
    if closing is None:
        return Unknown(_BROKEN_OFF, (listing.cite(),))
    if closing != "0":
        said = printable(listing.lines[0], 80)
        if closing == "127":
            return Unknown(_NO_PROGRAM.format(said=said), (listing.cite(1),))
        return Unknown(_NO_FILTERS.format(said=said), (listing.cite(1),))
    return None


def _citations(document: Document, policy: Policy) -> list[Citation]:
    lines = [stage.line for stage in policy.stages if stage.line]
    lines += [rule.line for chain in policy.chains.values() for rule in chain.rules]
    return [document.cite(line) for line in dict.fromkeys(lines[:200])] or [document.cite(1)]


def unread(documents: Sequence[Document]) -> list[tuple[Document, UnreadLine]]:
    """Lines of rule sets that were not understood and could change what passes."""
    return [
        (original(document), UnreadLine(one.line, one.text, one.why))
        for document in documents
        for one in document.once(_forwarded)[0].unread
    ]


def _forwarded(document: Document) -> Parsed:
    return _parsed(document, FORWARDED)


def _forwarded_in_part(document: Document) -> Parsed:
    return _parsed(document, FORWARDED_IN_PART)


def _admitted(document: Document) -> Parsed:
    return _parsed(document, ADMITTED)


_PARSERS: Mapping[Path, Callable[[Document], Parsed]] = {
    FORWARDED: _forwarded,
    ADMITTED: _admitted,
}


def _parsed(document: Document, path: Path) -> Parsed:
    if _is_tables(document):
        return iptables.policy(document.lines, path=path)
    written = document.once(_script)
    if written is None:
        return Policy(), False
    script, lines, at = written
    live = at is not None or document.source in _LIVE
    return policy_of_script(script, lines, live=live, at=at, path=path), script.complete


def _script(document: Document) -> tuple[Script, Sequence[str], int | None] | None:
    """The rule set of nft, its lines, and the one line of the document where it is JSON.

    None where it is JSON that nft did not write, or not all of it.
    """
    if not document.text.lstrip().startswith("{"):
        return script_of(document.lines), document.lines, None
    lines = text_of(document.text)
    return None if lines is None else (script_of(lines), lines, 1)


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
    found: dict[tuple[bool, tuple[int, ...], str | None], tuple[Document, Policy]] = {}
    for document, policy, _ in parsed:
        written_by = variant_of(document.lines) if _is_tables(document) else None
        same = [key for key in found if key[:2] == (_is_tables(document), _versions(document))]
        # by its head a file is told to be of the other program, which is in force beside this one
        alike = [k for k in same if k[2] == written_by or None in {k[2], written_by}]
        if any(found[key][1] != policy for key in alike):
            return None
        if not alike:
            found[_is_tables(document), _versions(document), written_by] = document, policy
    return list(found.values())


def _hidden(documents: Sequence[Document]) -> Citation | None:
    """Where iptables-save says that iptables-legacy has tables which no document shows."""
    shown = {
        version_of(d.lines)
        for d in documents
        if _is_tables(d) and variant_of(d.lines) != "nf_tables"
    }
    for document in documents:
        for number, line in enumerate(document.lines[:50], start=1):
            match = _LEGACY_PRESENT.match(line)
            if match and (6 if match[1] else 4) not in shown:
                return document.cite(number)
    return None


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
    policy = document.once(_forwarded)[0]
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
