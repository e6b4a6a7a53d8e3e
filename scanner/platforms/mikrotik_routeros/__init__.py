"""MikroTik RouterOS: `/export`, compact or verbose, saved or read over SSH.

Seen: exports of releases 6.49 and 7.10 to 7.18. Semantics from the manual of RouterOS (Firewall,
FastTrack, Lists, Queues). Not told by an export: lock-out, idle timeout, entries that are made at
run time; a compact one leaves out what has its default.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from rules.facts import DefaultAccount, Known
from scanner import products
from scanner.evidence import Document
from scanner.platforms.mikrotik_routeros.coverage import coverage, unread
from scanner.platforms.mikrotik_routeros.export import Export, export
from scanner.platforms.mikrotik_routeros.intact import broken
from scanner.platforms.mikrotik_routeros.live_tables import COMMANDS as LIVE_TABLES
from scanner.platforms.mikrotik_routeros.live_tables import live_tables
from scanner.platforms.mikrotik_routeros.network import network
from scanner.platforms.mikrotik_routeros.policy import policy_of
from scanner.platforms.mikrotik_routeros.queues import queues
from scanner.platforms.mikrotik_routeros.remedies import REMEDIES
from scanner.platforms.mikrotik_routeros.settings import settings
from scanner.platforms.mikrotik_routeros.stored_secrets import stored_secrets
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.needs import HTTPS, SSH, needed
from scanner.platforms.netconfig.live_tables import with_tables
from scanner.platforms.several_documents import Told, combined
from scanner.platforms.signs import Sign

NAME, VENDOR = "mikrotik-routeros", "MikroTik"
COMMANDS = ("/export", "/user export", *LIVE_TABLES)


def collect(access: Access) -> Generator[Document, None, None]:
    """The configuration, which release 7 and later show without secrets, users and tables."""
    with access.exec_channel() as line:
        for command in COMMANDS:
            yield line.run(command)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of every export and of the tables; other documents tell nothing."""
    reading = combined(documents, lambda document: document.once(_tell))
    return with_tables(reading, documents, live_tables)


def _tell(document: Document) -> Told:
    found = export(document)
    if found is None:
        return Told()
    told = Told(unread=unread(document))
    first = (document.cite(found.commands[0].line),)
    told.facts["identity.vendor"] = Known(VENDOR, first)
    told.facts["identity.family"] = Known(NAME, first)
    if not any(command.is_conditional for command in found.commands):
        told.facts |= settings(found, document) | network(found, document)
        told.facts |= queues(found, document) | stored_secrets(document)
    odd, opened = broken(found)
    told.facts = opened.over(told.facts, document)
    if _has_filter(found):
        policy = policy_of(found)
        noted = {one.line for one in policy.unread}
        new = tuple(one for one in odd if one.line not in noted)
        policy = replace(policy, unread=(*policy.unread, *new))
        lines = [stage.line for stage in policy.stages if stage.line is not None]
        line = lines[0] if lines else found.commands[0].line
        told.facts["filters"] = Known(policy, (document.cite(line),))
    return told


def _has_filter(found: Export) -> bool:
    """Rules are there, or the export is of the whole router and shows that there are none."""
    return found.is_whole or any(
        menu.endswith(("firewall filter", "firewall raw")) for menu in found.by_menu
    )


version_key = products.version_key("mikrotik-routeros", least=2)
"""`7.15rc2` before `7.15` before `7.15.1`."""


PLATFORM = Platform(
    name=NAME,
    title="MikroTik RouterOS",
    remedies=REMEDIES,
    vendor=VENDOR,
    kinds=frozenset({"firewall", "router", "switch"}),
    aliases=("routeros",),
    allowed=tuple(re.escape(command) for command in COMMANDS),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(
        SSH,
        HTTPS,
        needed("tcp", 8291, 8291, "quản trị bằng WinBox", "management with WinBox"),
    ),
    management_ports={"https": 443, "ssh": 22},
    signs=(
        Sign(("greeting",), r"^SSH-2\.0-ROSSSH\b", "SSH server of RouterOS"),
        Sign(("greeting",), r"\bMikroTik(?: RouterOS)? v?(?P<version>\d+\.\d+(?:\.\d+)?)", "login"),
        Sign(("html-title",), r"\bRouterOS\b", "WebFig"),
        Sign(("snmp-description",), r"^RouterOS (?P<model>\S.{0,60})$", "sysDescr"),
        Sign(("snmp-object-id",), r"^\.?1\.3\.6\.1\.4\.1\.14988\.", "sysObjectID"),
    ),
    version_form=r"\d+\.\d+(?:\.\d+)?(?:(?:alpha|beta|rc)\d+)?",
    default_accounts=(DefaultAccount("admin", ("web", "ssh", "telnet", "winbox"), "published"),),
    coverage=coverage,
)
