"""Huawei devices with VRP: routers (AR), switches (S, CE), firewalls (USG, Eudemon).

Read from saved files: `display current-configuration`, also of `display saved-configuration`. Seen:
configurations of a USG6000V and of AR routers and S switches from public repositories, and answers
of `display acl`; none of a device of our own. Asked live over SSH, with `display arp` and `display
ip routing-table`.

Told: access lists, filters and traffic policies on interfaces, the policy between zones of a USG
(new and old form), interfaces, VLANs, VPN instances, static routes, classes of bandwidth, who may
manage it and how, accounts, limits, SNMP, NTP, syslog. Left open: layer 2 lists, users,
applications, time ranges, virtual systems, policy routing.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner import products
from scanner.evidence import Document, printable
from scanner.platforms.huawei_vrp.access_list import AccessLists
from scanner.platforms.huawei_vrp.bandwidth import has_bandwidth_policy, says_nothing
from scanner.platforms.huawei_vrp.broken_lines import note_broken_lines
from scanner.platforms.huawei_vrp.configuration import Configuration, configuration
from scanner.platforms.huawei_vrp.coverage import coverage_of
from scanner.platforms.huawei_vrp.filters import Filters
from scanner.platforms.huawei_vrp.interfaces import Interfaces
from scanner.platforms.huawei_vrp.live_tables import ARP, ARP_ALL, ROUTES, live_tables
from scanner.platforms.huawei_vrp.management import management_facts
from scanner.platforms.huawei_vrp.remedies import REMEDIES
from scanner.platforms.huawei_vrp.routes import instances, learning, routes, vlans
from scanner.platforms.huawei_vrp.sets import Sets
from scanner.platforms.huawei_vrp.stored_secrets import stored_secrets
from scanner.platforms.model import Access, Coverage, Platform, Reading
from scanner.platforms.needs import SSH
from scanner.platforms.netconfig.bound_nowhere import BOUND_NOWHERE
from scanner.platforms.netconfig.connected import LEARNT
from scanner.platforms.netconfig.left_open import cut_off
from scanner.platforms.netconfig.live_tables import with_tables
from scanner.platforms.several_documents import Told, combined
from scanner.platforms.signs import Sign

NAME = "huawei-vrp"
VENDOR = "Huawei"

COMMANDS = (
    *("screen-length 0 temporary", "display version", "display current-configuration"),
    *(ROUTES, ARP_ALL, ARP),
)
_SHOWN = re.compile(
    r"^VRP \(R\) software, Version [\d.]{1,20} \((?P<model>[\w -]{1,40}?) "
    r"(?P<version>V\d{3}R\d{3}\w{0,20})\)",
    re.M,
)


def collect(access: Access) -> Generator[Document, None, None]:
    """Version, configuration, routes, ARP; where the word `all` is not known, ARP without it."""
    with access.shell("huawei_vrp") as line:
        line.run(COMMANDS[0])
        for command in COMMANDS[1:-1]:
            shown = line.run(command)
            yield shown
        if "neighbours" not in live_tables(shown):
            yield line.run(ARP)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of every document that is of this family; on which two disagree, Unknown."""
    return with_tables(combined(documents, _tell), documents, live_tables)


def _tell(document: Document) -> Told:
    return document.once(_told)


def _told(document: Document) -> Told:
    facts = _version_shown(document)
    found = configuration(document)
    if found is None:
        return Told(facts)
    unread, configured = _configured(found)
    return Told({**configured, **facts}, unread=unread)


def _version_shown(document: Document) -> dict[str, Fact[Any]]:
    """What `display version` says."""
    match = _SHOWN.search(document.text)
    if match is None:
        return {}
    cited = (document.cite(document.text.count("\n", 0, match.start()) + 1),)
    return {
        "identity.vendor": Known(VENDOR, cited),
        "identity.family": Known(NAME, cited),
        "identity.model": Known(match["model"], cited),
        "software.version": Known(match["version"], cited),
    }


def _configured(found: Configuration) -> tuple[tuple[UnreadLine, ...], dict[str, Fact[Any]]]:
    document = found.document
    note_broken_lines(found)
    interfaces, lists = Interfaces(found), AccessLists(found)
    facts = management_facts(found, lists) | stored_secrets(document)
    first = found.version[1] if found.version is not None else found.top[0].number
    whole = (document.cite(first),)
    facts["identity.vendor"] = Known(VENDOR, whole)
    facts["identity.family"] = Known(NAME, whole)
    if found.version is not None:
        facts["software.version"] = Known(found.version[0], whole)
    if interfaces.ports:
        lines = tuple(document.cite(port.line.number) for port in interfaces.ports)
        facts["interfaces"] = Known(interfaces.facts(), lines)
    for name, (values, lines_) in {
        "routes": routes(found, interfaces),
        "vrfs": instances(found),
        "vlans": vlans(found),
    }.items():
        if values:
            facts[name] = Known(values, tuple(document.cite(line.number) for line in lines_))
    if (line := learning(found)) is not None:
        shown = printable(" ".join(line.words[:2]), 60)
        facts["routes"] = Unknown(LEARNT.format(words=shown), (document.cite(line.number),))
    filters = Filters(found, interfaces, lists, Sets(found))
    policy = filters.policy()
    bound = [stage.line for stage in policy.stages if stage.line is not None]
    proof = tuple(document.cite(line) for line in dict.fromkeys(bound)) or whole
    is_part = not interfaces.ports and not policy.stages
    facts["filters"] = Unknown(BOUND_NOWHERE) if is_part else Known(policy, proof)
    facts |= _classes(found, interfaces, filters)
    unread = tuple(UnreadLine(one.line, printable(one.text), one.why) for one in found.unread)
    facts = found.left_open.over(facts, document)
    if found.is_cut:
        facts = cut_off(facts, _stays, document, found.top[-1].number)
    return unread, facts


def _classes(
    found: Configuration, interfaces: Interfaces, filters: Filters
) -> dict[str, Fact[Any]]:
    """`qos.classes`; that there are none is told by a whole configuration only."""
    document = found.document
    unread = has_bandwidth_policy(found)
    if unread is not None:
        return {"qos.classes": Unknown(_BANDWIDTH_POLICY, (document.cite(unread.number),))}
    if filters.classes:
        kept = tuple(document.cite(one.line) for one in filters.classes)
        return {"qos.classes": Known(tuple(filters.classes), kept)}
    if interfaces.ports and says_nothing(found):
        lines = tuple(document.cite(port.line.number) for port in interfaces.ports)
        return {"qos.classes": Known((), lines)}
    return {}


_BANDWIDTH_POLICY = Text(
    vi="băng thông do `traffic-policy` của tường lửa quy định, phần này không được đọc",
    en="bandwidth is set by the `traffic-policy` of the firewall, which is not read",
)


def _stays(name: str) -> bool:
    """No line that comes later changes what is told by one line, once it is there."""
    return name.startswith(("identity.", "password_policy.", "service.")) or name in {
        "filters",  # holds the place where the file breaks off as a line that is not understood
        "management.lockout_attempts",
        "software.version",
    }


def coverage(document: Document) -> Coverage:
    """How much of the configuration was understood; nothing of a file of another family."""
    _tell(document)
    found = configuration(document)
    if found is None:
        return Coverage(0, 0, sum(1 for line in document.lines if line.strip()))
    return coverage_of(found, document)


version_key = products.version_key("huawei-vrp", least=2)
"""`V500R005C10SPC300`, where SPC goes on past 9 with letters."""


SIGNS = (
    Sign(
        ("snmp-description",),
        r"Huawei Versatile Routing Platform Software.{0,60}?"
        r"\((?P<model>[\w-]{2,30}) (?P<version>V\d{3}R\d{3}\w{0,20})\)",
        "sysDescr of the vendor's agent",
    ),
)

PLATFORM = Platform(
    name=NAME,
    title="Huawei VRP, USG",
    vendor=VENDOR,
    kinds=frozenset({"firewall", "router", "switch"}),
    allowed=tuple(re.escape(command) for command in COMMANDS),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(SSH,),
    management_ports={"ssh": 22},
    signs=SIGNS,
    version_form=r"V\d{3}R\d{3}\w{0,20}",
    aliases=("huawei-usg",),
    coverage=coverage,
    remedies=REMEDIES,
)
