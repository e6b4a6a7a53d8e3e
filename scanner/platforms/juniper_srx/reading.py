"""One document: whether it is a Junos configuration, its facts, and how much was understood."""

from __future__ import annotations

import re
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.juniper_srx import network
from scanner.platforms.juniper_srx.passing import policy_of
from scanner.platforms.juniper_srx.source import Source, source_of
from scanner.platforms.juniper_srx.stored_secrets import stored_secrets
from scanner.platforms.juniper_srx.system import system_facts
from scanner.platforms.model import Coverage
from scanner.platforms.netconfig.statements import Statements
from scanner.platforms.several_documents import Told

BROKEN_OFF = Text(
    vi="cấu hình bị cắt dở hoặc sai cú pháp (dấu ngoặc không khớp) nên không kết luận được; "
    "hãy lưu lại toàn bộ cấu hình",
    en="the configuration breaks off or its braces do not match, so nothing is concluded; "
    "save the whole configuration again",
)
NO_FILTERS = Text(
    vi="cấu hình này không có chính sách an ninh, vùng an ninh hay bộ lọc nào được gắn vào cổng",
    en="this configuration holds no security policies, zones or filters bound to interfaces",
)
_VERSION = re.compile(r"\d{1,2}\.\d{1,2}[A-Z]\d[\w.\-]{0,30}")
_SHOW_VERSION = (
    ("identity.model", re.compile(r"Model:\s{1,20}([\w-]{2,40})\s*")),
    ("software.version", re.compile(r"Junos:\s{1,20}(\d{1,2}\.\d[\w.\-]{1,30})\s*")),
)
_OTHERS = frozenset({"deviceconfig", "rulebase", "mgt-config", "vsys", "config", "device-group"})
_OWN_WORDS = (
    ("root-authentication",),
    ("login", "class"),
    ("syslog", "file"),
    ("services", "netconf"),
    ("ntp", "trusted-key"),
)
_PARTS = frozenset({"security", "firewall", "system", "interfaces"})
"""Sections that others have too."""
_SECTIONS = frozenset(
    {"policy-options", "routing-options", "routing-instances", "class-of-service", "chassis"}
    | {"applications", "protocols", "groups", "forwarding-options", "vlans", "snmp"}
)


def told(document: Document) -> Told:
    """What a document tells; nothing when it is no configuration of this family."""
    return document.once(_told)


def is_ours(document: Document) -> bool:
    """Several sections that only Junos writes so; one where the family was named."""
    return document.once(_is_ours)


def _is_ours(document: Document) -> bool:
    head = document.text[:400].lstrip("\ufeff \r\n\t")
    if head[:1] in {"<", "["} or head[:2] in {'{"', "{\n"}:
        return False
    source = source_of(document)
    root = source.root
    if any(top in root.below for top in _OTHERS) or root.get("interfaces", "ethernet"):
        return False
    score = sum(1 for top in _SECTIONS if top in root.below)
    score += 2 * any(node.get("unit") for node in root.each("interfaces"))
    security = root.get("security")
    if security is not None:
        known = {"policies", "zones", "nat", "address-book", "screen", "ike", "ipsec"}
        score += 2 * bool(known & security.below.keys())
    firewall = root.get("firewall")
    if firewall is not None:
        score += 2 * any(
            term.get("then") or term.get("from")
            for path in (("filter",), ("family", "inet", "filter"), ("family", "inet6", "filter"))
            for one in firewall.each(*path)
            for term in one.each("term")
        )
    system = root.get("system")
    if system is not None:
        known = {"host-name", "services", "login", "root-authentication", "syslog", "ntp"}
        score += bool(known & system.below.keys())
        # VyOS has these sections too, and not with these words
        score += sum(1 for path in _OWN_WORDS if system.get(*path))
    version = root.value("version")
    score += 2 * bool(version is not None and _VERSION.fullmatch(version.word))
    if document.family == "juniper-srx":
        score += bool(_PARTS & root.below.keys())
    enough = 1 if document.family == "juniper-srx" else 2
    return score >= enough and len(source.statements.odd) <= len(source.statements.paths)


def _told(document: Document) -> Told:
    if not is_ours(document):
        return Told(facts=_of_answer(document))
    source = source_of(document)
    facts = _identity(source)
    if not source.statements.whole:
        return Told(facts=facts | {"filters": Unknown(BROKEN_OFF)}, whole=False)
    facts |= system_facts(source) | stored_secrets(document)
    for name, (value, lines) in {
        "interfaces": network.interfaces(source),
        "vlans": network.vlans(source),
        "vrfs": network.vrfs(source),
        "qos.classes": network.classes(source),
    }.items():
        if value:
            facts[name] = Known(value, _cited(document, lines))
    ways, lines = network.routes(source)
    if ways:
        cited = _cited(document, lines)
        facts["routes"] = Unknown(ways, cited) if isinstance(ways, Text) else Known(ways, cited)
    if "qos.classes" not in facts and _says_nothing_of_bandwidth(source):
        places = [node.line for node in source.root.each("interfaces")]
        facts["qos.classes"] = Known((), _cited(document, places))
    policy = policy_of(source)
    if policy is None:
        facts["filters"] = Unknown(NO_FILTERS)
    else:
        facts["filters"] = Known(
            policy, _cited(document, [s.line for s in policy.stages if s.line])
        )
    unread = [UnreadLine(u.line, printable(u.text), printable(u.why)) for u in source.unread]
    unread += [
        UnreadLine(line, source.text(line), printable(why))
        for line, why in network.shared_tables(source)
    ]
    return Told(facts=facts, unread=unread[:2000])


def _says_nothing_of_bandwidth(source: Source) -> bool:
    """A whole configuration without a word about classes, schedulers or policers."""
    root = source.root
    is_whole = all(root.get(*path) for path in (("version",), ("system", "host-name")))
    known = root.below.keys() <= _READ_TOPS | _IRRELEVANT_TOPS
    units = any(physical.get("unit") for physical in root.each("interfaces"))
    behind = bool(root.below.keys() & _BEHIND_CLASSES)
    return (
        is_whole
        and behind
        and known
        and units
        and not _ABOUT_BANDWIDTH.search(source.document.text)
    )


_BEHIND_CLASSES = frozenset({"applications", "routing-instances", "vlans"})
"""Sections that stand behind `class-of-service`: the file was not cut off before it."""
_ABOUT_BANDWIDTH = re.compile(
    r"class-of-service|scheduler|policer|shaping|forwarding-class|bandwidth|logical-systems|tenants"
)


def _cited(document: Document, lines: list[int]) -> tuple[Citation, ...]:
    return tuple(document.cite(line) for line in list(dict.fromkeys(lines))[:10])


def _identity(source: Source) -> dict[str, Fact[Any]]:
    first = next(iter(source.root.below.values()))
    cited = (source.document.cite(first.line, source.text(first.line)),)
    facts: dict[str, Fact[Any]] = {
        "identity.vendor": Known("Juniper", cited),
        "identity.family": Known("juniper-srx", cited),
    }
    version = source.root.value("version")
    if version is not None and _VERSION.fullmatch(version.word):
        facts["software.version"] = Known(version.word, (source.document.cite(version.line),))
    return facts


def _of_answer(document: Document) -> dict[str, Fact[Any]]:
    """What `show version` says."""
    facts: dict[str, Fact[Any]] = {}
    if len(document.content) > 20_000:
        return facts
    for number, line in enumerate(document.lines, start=1):
        for name, form in _SHOW_VERSION:
            found = form.fullmatch(line)
            if found is not None:
                facts[name] = Known(found[1], (document.cite(number),))
    return facts if len(facts) == 2 else {}


# --- coverage --------------------------------------------------------------------------------

_READ = frozenset(
    {("security", one) for one in ("policies", "zones", "address-book", "nat")}
    | {("policy-options", "prefix-list"), ("security", "forwarding-options")}
)
_READ_TOPS = frozenset(
    {"applications", "firewall", "interfaces", "routing-instances", "routing-options", "vlans"}
    | {"class-of-service", "system", "snmp", "groups", "apply-groups", "version"}
)
_IRRELEVANT_TOPS = frozenset(
    {"protocols", "policy-options", "chassis", "forwarding-options", "event-options", "access"}
    | {"services", "accounting-options", "schedulers", "security", "virtual-chassis", "poe"}
    | {"switch-options", "ethernet-switching-options", "bridge-domains", "access-profile"}
    | {"multicast-snooping-options", "smtp", "wlan", "diameter", "jsrc", "unified-edge"}
)


def coverage(document: Document) -> Coverage:
    """Lines that facts rest on, lines that say nothing about any fact, lines not understood."""
    statements: Statements = source_of(document).statements
    odd = {one.line for one in statements.odd}
    read = irrelevant = unread = 0
    seen: set[int] = set()
    for line, path in statements.paths:
        if line in odd or line in seen:
            continue
        seen.add(line)
        top = path[0]
        if top in _READ_TOPS or path[:2] in _READ:
            read += 1
        elif top in _IRRELEVANT_TOPS:
            irrelevant += 1
        else:
            unread += 1
    return Coverage(read, irrelevant + statements.silent, unread + len(odd))
