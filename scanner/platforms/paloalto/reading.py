"""One document: whether it is a PAN-OS configuration, its facts, and how much was understood."""

from __future__ import annotations

import re
from typing import Any

from inventory.text import Text
from rules.facts import Citation, Fact, Known, Unknown
from rules.network_facts import UnreadLine
from scanner.evidence import Document, printable
from scanner.platforms.model import Coverage
from scanner.platforms.netconfig.no_cycles import no_cycles
from scanner.platforms.paloalto import network
from scanner.platforms.paloalto.passing import policy_of
from scanner.platforms.paloalto.stored_secrets import stored_secrets
from scanner.platforms.paloalto.system import system_facts
from scanner.platforms.paloalto.tree import Source, source_of
from scanner.platforms.several_documents import Told

BROKEN_OFF = Text(
    vi="cấu hình bị cắt dở hoặc sai cú pháp (dấu ngoặc hoặc thẻ XML không khớp) nên không kết "
    "luận được; hãy lưu lại toàn bộ cấu hình",
    en="the configuration breaks off or its braces or tags do not match, so nothing is concluded; "
    "save the whole configuration again",
)
NO_FILTERS = Text(
    vi="cấu hình này không có vùng an ninh hay quy tắc an ninh nào",
    en="this configuration holds no zones and no security rules",
)
_SYSTEM_INFO = {
    "model": ("identity.model", re.compile(r"model:\s{1,20}((?:PA|VM|CN)-[\w-]{1,20})\s*")),
    "sw-version": ("software.version", re.compile(r"sw-version:\s{1,20}(\d[\w.\-]{2,20})\s*")),
    "serial": ("identity.serial", re.compile(r"serial:\s{1,20}(\w{6,20})\s*")),
}
_OURS = (
    ("deviceconfig", "system"),
    ("deviceconfig", "setting"),
    ("mgt-config", "users"),
    ("rulebase", "security"),
    ("rulebase", "nat"),
    ("rulebase", "default-security-rules"),
    ("rulebase", "application-override"),
    ("network", "interface"),
    ("network", "virtual-router"),
    ("network", "profiles"),
    ("network", "qos"),
    ("policy", "panorama"),
    ("shared", "address"),
    ("shared", "service"),
    ("shared", "log-settings"),
    ("shared", "pre-rulebase"),
    ("shared", "post-rulebase"),
)

_PARTS = frozenset(
    {"address", "address-group", "service", "service-group", "zone", "rulebase", "pre-rulebase"}
    | {"post-rulebase", "deviceconfig", "network", "mgt-config", "shared", "vsys", "external-list"}
)


def told(document: Document) -> Told:
    """What a document tells; nothing when it is no configuration of this family."""
    with no_cycles():
        return document.once(_told)


def is_ours(document: Document) -> bool:
    """Sections that only PAN-OS writes so; others too where the family was named."""
    return document.once(_is_ours)


def _is_ours(document: Document) -> bool:
    head = document.text[:2000].lstrip("\ufeff \r\n\t")
    if head[:1] == "<" and not re.search(r"<(?:config|response)\b", head):
        return False
    if head[:1] in {"[", "{"} and not head.startswith("[edit]"):
        return False
    source = source_of(document)
    root = source.root
    score = sum(1 for path in _OURS if root.get(*path) is not None)
    score += sum(1 for zone in root.each("zone") if zone.get("network") is not None)
    for one in root.each("vsys"):
        score += len({"rulebase", "zone", "address", "import"} & one.below.keys())
    for one in root.each("device-group"):
        score += len({"pre-rulebase", "post-rulebase", "address"} & one.below.keys())
    strong = root.get("deviceconfig", "system") or root.get("policy", "panorama")
    rules = root.each("rulebase", "security", "rules")
    own = any("action" in one.below and "from" in one.below for one in rules)
    enough = 1 if strong or own or source.version else 2
    if document.family == "paloalto":
        score += bool(_PARTS & root.below.keys())
        enough = 1
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
        places = [node.line for node in source.root.each("network", "interface")]
        facts["qos.classes"] = Known((), _cited(document, places))
    policy = policy_of(source)
    if policy is None:
        facts["filters"] = Unknown(NO_FILTERS)
    else:
        lines = [stage.line for stage in policy.stages if stage.line]
        facts["filters"] = Known(policy, _cited(document, lines) or (document.cite(),))
    unread = [UnreadLine(u.line, printable(u.text), printable(u.why)) for u in source.unread]
    unread += [
        UnreadLine(line, source.text(line), printable(why))
        for line, why in network.shared_tables(source)
    ]
    return Told(facts=facts, unread=unread[:2000])


def _says_nothing_of_bandwidth(source: Source) -> bool:
    """A whole configuration, as XML, without a word about QoS."""
    paths = (
        ("deviceconfig", "system", "hostname"),
        ("mgt-config", "users"),
        ("network", "interface"),
    )
    is_whole = all(source.root.get(*path) for path in paths) and bool(source.version)
    return is_whole and "qos" not in source.document.text.lower()


def _cited(document: Document, lines: list[int]) -> tuple[Citation, ...]:
    return tuple(document.cite(line) for line in list(dict.fromkeys(lines))[:10])


def _identity(source: Source) -> dict[str, Fact[Any]]:
    first = next(iter(source.root.below.values()))
    cited = (source.document.cite(first.line, source.text(first.line)),)
    # `version` of the element `config` is that of its schema: 10.1.0 in every 10.1
    return {
        "identity.vendor": Known("Palo Alto Networks", cited),
        "identity.family": Known("paloalto", cited),
    }


def _of_answer(document: Document) -> dict[str, Fact[Any]]:
    """What `show system info` says."""
    facts: dict[str, Fact[Any]] = {}
    if len(document.content) > 20_000:
        return facts
    for number, line in enumerate(document.lines, start=1):
        name, form = _SYSTEM_INFO.get(line.split(":", 1)[0].strip(), ("", None))
        found = form.fullmatch(line.strip()) if form is not None else None
        if found is not None:
            facts[name] = Known(found[1], (document.cite(number),))
    return facts if {"identity.model", "software.version"} <= facts.keys() else {}


# --- coverage --------------------------------------------------------------------------------

_READ = frozenset(
    {"address", "address-group", "service", "service-group", "zone", "rulebase", "pre-rulebase"}
    | {"post-rulebase", "application", "application-group", "external-list", "interface"}
    | {"virtual-router", "qos", "system", "setting", "users", "password-complexity"}
    | {"log-settings", "security", "nat", "interface-management-profile"}
)
_IRRELEVANT = frozenset(
    {"profiles", "profile-group", "reports", "report-group", "email-scheduler", "tag", "schedule"}
    | {"application-filter", "region", "threats", "import", "botnet", "content-preview", "ike"}
    | {"tunnel", "vlan", "virtual-wire", "dns-proxy", "lldp", "shared-gateway", "certificate"}
    | {"high-availability", "display-name", "ssl-tls-service-profile", "authentication-profile"}
    | {"server-profile", "ssl-decrypt", "group-mapping", "user-id-collector", "captive-portal"}
    | {"global-protect", "redistribution-agent", "admin-role", "override", "preferences"}
    | {"pdf-summary-report", "custom-report", "settings", "template", "template-stack", "plugins"}
)
_HOMES = frozenset(
    {"config", "devices", "localhost.localdomain", "vsys", "shared", "policy", "panorama"}
    | {"network", "deviceconfig", "mgt-config", "device-group", "readonly", "", "vsys1"}
)


def coverage(document: Document) -> Coverage:
    """Lines that facts rest on, lines that say nothing about any fact, lines not understood."""
    statements = source_of(document).statements
    odd = {one.line for one in statements.odd}
    read = irrelevant = unread = 0
    seen: set[int] = set()
    for line, path in statements.paths:
        if line in odd or line in seen:
            continue
        seen.add(line)
        words = [word for word in path if word not in _HOMES]
        if not words or _READ & set(words):
            read += 1
        elif _IRRELEVANT & set(words):
            irrelevant += 1
        else:
            unread += 1
    return Coverage(read, irrelevant + statements.silent, unread + len(odd))
