"""pfSense and OPNsense: `config.xml`, saved or read over SSH.

Seen: configurations of pfSense with version numbers 18.9 (release 2.4) and of OPNsense 19 to 25;
semantics from the products' own rule generators (filter.inc of pfSense, filter.lib.inc and the
models of OPNsense) and pf.conf(5). Not told by the file: running release, model, rules that the
products make by themselves, contents of tables that are fetched.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from typing import Any

from inventory.text import Text
from rules.facts import DefaultAccount, Known, Unknown
from rules.network_facts import UnreadLine
from scanner import products
from scanner.evidence import Document, printable
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.needs import HTTPS, SSH
from scanner.platforms.pfsense.config import Config, config, error
from scanner.platforms.pfsense.coverage import coverage, unread
from scanner.platforms.pfsense.network import network
from scanner.platforms.pfsense.policy import policy_of
from scanner.platforms.pfsense.remedies import REMEDIES
from scanner.platforms.pfsense.settings import settings
from scanner.platforms.pfsense.stored_secrets import stored_secrets
from scanner.platforms.several_documents import Told, combined
from scanner.platforms.signs import Sign

NAME = "pfsense"
VENDORS = {"pfsense": "Netgate", "opnsense": "Deciso"}
CONFIGURATION, VERSION = "cat /conf/config.xml", "cat /etc/version"


def collect(access: Access) -> Generator[Document, None, None]:
    """The configuration and the release."""
    with access.exec_channel() as line:
        yield line.run(CONFIGURATION)
        yield line.run(VERSION)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of every file of theirs; other documents tell nothing."""
    return combined(documents, lambda document: document.once(_tell))


def _tell(document: Document) -> Told:
    found = config(document)
    if found is None:
        return _release(document) if document.source == VERSION else _broken(document)
    policy = policy_of(found)
    told = Told(unread=unread(document))
    root = (document.cite(found.root.line),)
    told.facts["identity.family"] = Known(NAME, root)
    told.facts["identity.vendor"] = Known(VENDORS[found.product], root)
    told.facts |= settings(found, document) | network(found, document, policy)
    told.facts |= stored_secrets(document)
    if _has_filter(found):
        line = next((stage.line for stage in policy.stages if stage.line), found.root.line)
        told.facts["filters"] = Known(policy, (document.cite(line),))
    return told


def _has_filter(found: Config) -> bool:
    """A file of the whole box: a part of one tells nothing about what passes."""
    sections = {child.name for child in found.root.children}
    return {"interfaces", "system"} <= sections and bool(sections & {"filter", "OPNsense"})


def _broken(document: Document) -> Told:
    failed = error(document)
    if failed is None:
        return Told()
    line = min(max(failed.line, 1), len(document.lines))
    cited = (document.cite(line),)
    told = Told(whole=False, unread=(_unread_line(document, line, failed.error),))
    told.facts["filters"] = Unknown(_NOT_WHOLE, cited)
    return told


def _unread_line(document: Document, line: int, why: str) -> UnreadLine:
    return UnreadLine(line, printable(document.lines[line - 1]), why)


_RELEASE = re.compile(r"\s{0,8}(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?:[-_][A-Z0-9a-z]{1,12})?)\s{0,8}")


def _release(document: Document) -> Told:
    match = _RELEASE.fullmatch(document.text)
    facts: dict[str, Any] = {}
    if match is not None:
        facts["software.version"] = Known(match[1], (document.cite(1),))
    return Told(facts)


version_key = products.version_key("pfsense", "pfsense-plus", "opnsense", least=2)
"""`2.7.2-RELEASE` and `24.7.1` number by number."""


_NOT_WHOLE = Text(
    vi="tệp cấu hình không đọc được trọn vẹn nên không kết luận được luật lọc gói",
    en="the configuration could not be read to its end, so nothing follows about its filters",
)

PLATFORM = Platform(
    name=NAME,
    title="pfSense, OPNsense",
    vendor="Netgate, Deciso",
    kinds=frozenset({"firewall", "router"}),
    aliases=("opnsense",),
    allowed=(re.escape(CONFIGURATION), re.escape(VERSION)),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(SSH, HTTPS),
    management_ports={"https": 443, "ssh": 22},
    signs=(
        Sign(("html-title",), r"\bpfSense\b", "login page"),
        Sign(("html-title",), r"\bOPNsense\b", "login page"),
        Sign(("certificate",), r"\bO=pfSense\b|\bpfSense webConfigurator\b", "factory certificate"),
        Sign(("certificate",), r"\bO=OPNsense\b", "factory certificate"),
        Sign(("snmp-description",), r"\bpfSense\b", "sysDescr"),
    ),
    version_form=r"\d+\.\d+(?:\.\d+)?(?:[-_]\w+)?",
    default_accounts=(
        DefaultAccount("admin", ("web", "ssh"), "published"),
        DefaultAccount("root", ("web", "ssh"), "published"),
    ),
    coverage=coverage,
    remedies=REMEDIES,
)
