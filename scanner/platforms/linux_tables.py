"""Tables of iptables beside the listing of nft on a live host.

Those of iptables-nft stand in that listing too, but nft shows some of their conditions by name
only; there iptables-save is read in its place. Those of iptables-legacy are in force beside
nftables, and nft does not list them: what is not known of them leaves the whole filter unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from inventory.text import Text
from rules.facts import Unknown
from scanner.evidence import Document, printable
from scanner.platforms import linux_commands as commands
from scanner.platforms.iptables.saved import variant_of
from scanner.platforms.linux_sections import status
from scanner.platforms.part_of_document import part

_NOT_LISTED = Text(
    vi="iptables-legacy có thể có quy tắc đang áp dụng song song với nftables nhưng không liệt kê "
    "được ({said}); hãy cho tài khoản đọc cấu hình chạy lệnh sudo -n {command}",
    en="iptables-legacy may have rules in force beside those of nftables, and they could not be "
    "listed ({said}); let the account that reads run sudo -n {command}",
)
_MANAGED = re.compile(r"# Warning: table (ip6?) (\S+) is managed by iptables-nft\b.*")
_INCOMPATIBLE = re.compile(r"# Table `.*' is incompatible\b")


@dataclass(frozen=True)
class Beside:
    """The listing of nft and the tables that have to be asked with it."""

    listing: Document | None
    """Without the tables that one of the documents shows better, at the same line numbers."""
    documents: tuple[Document, ...] = ()
    missing: Unknown | None = None
    """Why it is not known whether there are more rules."""


def beside(answers: Mapping[str, Document], listing: Document | None) -> Beside:
    """What the host answered about tables of iptables, with the listing of nft that counts."""
    if commands.OLD_TABLES not in answers or listing is None:
        return Beside(listing)
    found: list[Document] = []
    for kind in commands.IPTABLES:
        given = [d for c in (kind.ordinary, kind.old) for d in _answers(answers, c)]
        old = [d for d in given if _is_old(d, kind)]
        if not old and _may_hold_rules(answers, kind):
            return Beside(listing, (), _not_listed(answers, given, kind))
        found += [d for d in old[:1] if _tables(d)]
        new = [d for d in given if _succeeded(d) and variant_of(d.lines) == "nf_tables"]
        less = _without_managed(listing, kind.family, new[0]) if new else None
        if less is not None:
            listing = less
            found.append(new[0])
    return Beside(listing, tuple(found))


def _answers(answers: Mapping[str, Document], command: str) -> list[Document]:
    asked = (command, commands.BY_SUDO[command])
    return [answers[one] for one in asked if one in answers]


def _succeeded(answer: Document) -> bool:
    return status(answer) == "0"


def _is_old(answer: Document, kind: commands.Iptables) -> bool:
    """It is the whole of what iptables-legacy has."""
    asked_for = answer.source in {kind.old, commands.BY_SUDO[kind.old]}
    return _succeeded(answer) and (asked_for or variant_of(answer.lines) == "legacy")


def _may_hold_rules(answers: Mapping[str, Document], kind: commands.Iptables) -> bool:
    """The kernel has old tables of this version of IP, or does not say that it has none."""
    absent = f"wc: {kind.names}: No such file or directory"
    return not any(
        status(answer) is not None
        and any(line == absent or line.split() == ["0", kind.names] for line in answer.lines)
        for answer in _answers(answers, commands.OLD_TABLES)
    )


def wants_old(answers: Mapping[str, Document], kind: commands.Iptables) -> bool:
    """iptables-legacy has to be asked itself."""
    told = any(_is_old(one, kind) for one in _answers(answers, kind.ordinary))
    return not told and _may_hold_rules(answers, kind)


def _not_listed(
    answers: Mapping[str, Document], given: list[Document], kind: commands.Iptables
) -> Unknown:
    """The answer that came last, of the command that would have told it."""
    answer = [*_answers(answers, commands.OLD_TABLES), *given][-1]
    said = printable(answer.lines[0], 80)
    return Unknown(_NOT_LISTED.format(said=said, command=kind.old_program), (answer.cite(1),))


def _tables(document: Document) -> set[str]:
    return {line[1:].strip() for line in document.lines if line.startswith("*")}


def _without_managed(listing: Document, family: str, tables: Document) -> Document | None:
    """The listing without the tables of iptables-nft; None where it shows them as well."""
    if any(_INCOMPATIBLE.match(line) for line in tables.lines):
        return None
    if not any((m := _MANAGED.match(line)) and m[1] == family for line in listing.lines):
        return None
    heads = {f"table {family} {name} {{" for name in _tables(tables)}
    kept: dict[int, str] = {}
    inside = False
    for number, line in enumerate(listing.lines, start=1):
        inside = inside or line in heads
        if not inside and line:
            kept[number] = line
        inside = inside and line != "}"
    if inside:
        return None
    return part(listing, kept)
