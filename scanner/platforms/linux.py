"""Linux hosts: conferencing servers, routers, packet filters with nftables, log servers.

Seen on Debian 12 (iproute2 6.1, nftables 1.0.6, OpenSSH 9.2, PAM 1.5, rsyslog 8.2302, logrotate
3.21). Read over SSH with one exec channel per command, by a user without privileges; listing the
packet filter, `sshd -T` and `passwd -S -a` need one line in sudoers each, and what is refused is
Unknown. Saved files are recognised by what stands in them, those of iptables-save too. Live, the
tables of iptables-legacy, which nft does not list, are asked for by themselves; where the kernel
may have some and the account may not see them, the filter is Unknown. Not read: policy routing,
hosts.allow (upstream's sshd no longer knows it).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document
from scanner.platforms import (
    linux_accounts,
    linux_idle,
    linux_lockout,
    linux_passwords,
)
from scanner.platforms import linux_commands as commands
from scanner.platforms.linux_admission import allowlist
from scanner.platforms.linux_answers import answered, identity
from scanner.platforms.linux_filters import (
    coverage,
    documents_of,
    filters,
    packet_filter,
    unread,
)
from scanner.platforms.linux_remedies import REMEDIES
from scanner.platforms.linux_sections import Host, host_of, status
from scanner.platforms.linux_ssh_algorithms import algorithms
from scanner.platforms.linux_ssh_logins import ssh_facts
from scanner.platforms.linux_sshd import Sshd, sshd_of
from scanner.platforms.linux_system import NOT_HEARD, system_facts
from scanner.platforms.linux_tables import Beside, beside, wants_old
from scanner.platforms.model import Access, CommandLine, Platform, Reading
from scanner.platforms.needs import SSH
from scanner.platforms.newest_answers import newest
from scanner.platforms.nftables.hooks import ADMITTED

_REFUSED = Text(
    vi="tài khoản đọc cấu hình không được phép đọc {path}",
    en="the account that reads the configuration may not read {path}",
)
_NOT_REFUSED = (None, "0", "127")
"""Closing lines after which the command is not asked again with sudo: 127 is a missing program."""


def collect(access: Access) -> Generator[Document, None, None]:
    """The answers, one by one; stored records are asked for only where there are some."""
    with access.exec_channel() as line:
        given: dict[str, Document] = {}
        for command in commands.ALWAYS:
            for answer in _with_sudo(line, command):
                given[answer.source] = answer
                yield answer
        for kind in commands.IPTABLES:
            if wants_old(given, kind):
                yield from _with_sudo(line, kind.old)
        stored = line.run(commands.STORED)
        yield stored
        if _is_log_server(stored):
            yield line.run(commands.LOGROTATE)
            yield line.run(commands.RECORDS)


def _with_sudo(line: CommandLine, command: str) -> Generator[Document, None, None]:
    """The answer; after a refusal also what sudo gives, where a line of sudoers may allow it."""
    answer = line.run(command)
    yield answer
    again = commands.BY_SUDO.get(command)
    if again is not None and _is_denied(answer):
        yield line.run(again)


def _is_denied(answer: Document) -> bool:
    if answer.source == commands.OLD_TABLES:
        return "Permission denied" in answer.text  # that one of the files is absent is an answer
    return status(answer) not in _NOT_REFUSED


def _is_log_server(stored: Document) -> bool:
    names = [line for line in stored.lines if line]
    return bool(names) and not any(name.startswith("ls: ") for name in names)


def read(documents: Sequence[Document]) -> Reading:
    """Facts from the answers to the commands above and from saved files."""
    answers = newest(documents)
    host = host_of(tuple(answers.values()))
    facts = {**identity(answers, host), **answered(answers, host)}
    sshd = sshd_of(host)
    listing = _listing(answers, host)
    tables = beside(answers, listing)
    found = filters(host, tables)
    if found is not None:
        facts["filters"] = found
    facts |= _configured(host, sshd)
    admitted = packet_filter(host, tables, ADMITTED)
    sources = allowlist(admitted, facts.get("interfaces"), sshd, refused=_is_refused(listing))
    if sources is not None:
        facts["management.allowlist"] = sources
    facts = {**_kept_back(host), **facts, **_not_heard(facts)}
    return Reading(facts, tuple(_unread(host, tables, facts)))


def _unread(
    host: Host, tables: Beside, facts: Mapping[str, Fact[Any]]
) -> list[tuple[Document, UnreadLine]]:
    """Lines of the packet filter that were not understood, each once."""
    given = [*filter(None, [tables.listing]), *tables.documents, *documents_of(host)]
    return unread(list(dict.fromkeys(given))) if "filters" in facts else []


_TELLS: Mapping[str, tuple[str, ...]] = {
    "/etc/ssh/sshd_config": ("ssh.root_login", "ssh.password_login", "ssh.empty_passwords"),
    "/etc/snmp/snmpd.conf": ("snmp.versions", "snmp.default_community"),
    "/etc/login.defs": ("password_policy.max_age_days",),
}


def _kept_back(host: Host) -> dict[str, Fact[Any]]:
    """What cannot be told because the account that reads may not read the file."""
    return {
        name: Unknown(_REFUSED.format(path=path), (host.refused[path],))
        for path, names in _TELLS.items()
        if path in host.refused
        for name in names
    }


def _not_heard(facts: Mapping[str, Fact[Any]]) -> dict[str, Fact[Any]]:
    """An agent that listens to nobody gives nobody access, whatever its file says."""
    heard = facts.get("service.snmp.enabled")
    if not isinstance(heard, Known) or heard.value:
        return {}
    names = [name for name in facts if name.startswith("snmp.")]
    return dict.fromkeys(names, Unknown(NOT_HEARD, heard.citations))


def _configured(host: Host, sshd: Sshd | None) -> dict[str, Fact[Any]]:
    """What the files of the host and its lists of accounts say."""
    facts = {
        **system_facts(host),
        **linux_accounts.account_facts(host),
        **linux_passwords.password_facts(host),
    }
    if sshd is not None:
        facts |= ssh_facts(sshd)
        offered = algorithms(sshd)
        if offered is not None:
            facts["ssh.algorithms"] = offered
    lockout = linux_lockout.lockout_attempts(host, sshd)
    if lockout is not None:
        facts["management.lockout_attempts"] = lockout
    idle = linux_idle.idle_timeout(host, sshd, linux_accounts.shells(host))
    if idle is not None:
        facts["management.idle_timeout_s"] = idle
    return facts


def _listing(answers: Mapping[str, Document], host: Host) -> Document | None:
    """The listing that succeeded, else the one that was tried first, else a saved one."""
    tried = [answers.get(c) for c in (commands.FILTERS, commands.FILTERS_BY_SUDO)]
    given = [document for document in tried if document is not None]
    succeeded = [document for document in given if status(document) == "0"]
    saved = [section.document for section in host.of("nft")]
    return next(iter(succeeded or given or saved), None)


def _is_refused(listing: Document | None) -> bool:
    """The listing was not broken: the host said that this account may not have it."""
    return listing is not None and status(listing) not in {None, "0"}


def version_key(version: str) -> tuple[Any, ...] | None:
    """Kernel releases by their numbers: `6.1.0-18-amd64` is (6, 1, 0, 18)."""
    match = re.match(r"[0-9]{1,9}(?:[.-][0-9]{1,9})*", version)
    return tuple(int(part) for part in re.split(r"[.-]", match[0])) if match else None


PLATFORM = Platform(
    name="linux",
    title="Linux",
    vendor="Linux",
    kinds=frozenset({"firewall", "router", "switch", "server"}),
    allowed=tuple(re.escape(command) for command in commands.ALL),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(SSH,),
    management_ports={"ssh": 22},
    aliases=("nftables", "iptables"),
    coverage=coverage,
    remedies=REMEDIES,
)
