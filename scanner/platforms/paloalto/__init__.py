"""Palo Alto Networks firewalls (PAN-OS) and the rules that Panorama gives them.

In: the running configuration as XML, as `set` commands or with braces, and `show system info`.
Out: facts. A rule that names an application stays open for single packets; an application, address
or service that is not in the file is not known. Not read: decryption, policy based forwarding, DoS
protection, the hierarchy of device groups. Grammar after the PAN-OS 10.1 and 11.0 guides.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence

from scanner import products
from scanner.evidence import Document
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.needs import HTTPS, SSH
from scanner.platforms.paloalto.reading import coverage, told
from scanner.platforms.paloalto.remedies import REMEDIES
from scanner.platforms.several_documents import combined

COMMANDS = ("show system info", "show config running")


def collect(access: Access) -> Generator[Document, None, None]:
    """The answers one by one."""
    with access.shell("paloalto_panos") as line:
        for command in COMMANDS:
            yield line.run(command)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of all documents; none for documents of other vendors."""
    return combined(documents, told)


version_key = products.version_key("paloalto", least=3)
"""`10.1.6-h3`: a hotfix comes after its release."""


PLATFORM = Platform(
    name="paloalto",
    title="Palo Alto Networks (PAN-OS)",
    vendor="Palo Alto Networks",
    kinds=frozenset({"firewall", "router"}),
    allowed=tuple(re.escape(command) for command in COMMANDS),
    collect=collect,
    read=read,
    version_key=version_key,
    needed_ports=(SSH, HTTPS),
    management_ports={"ssh": 22, "https": 443},
    version_form=r"\d{1,2}\.\d{1,2}\.\d{1,2}(?:-h\d{1,3})?",
    aliases=("panos",),
    coverage=coverage,
    remedies=REMEDIES,
)
