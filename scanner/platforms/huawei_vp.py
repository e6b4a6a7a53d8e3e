"""Huawei VP9600, ViewPoint: recognised from the network; its settings cannot be read.

A saved session tells the model by its prompt, a saved SNMP description model and release. Five
wrong passwords lock the address that sent them for five minutes, so no login is ever tried.
"""

from __future__ import annotations

import re

from inventory.text import Text
from rules.facts import Citation, DefaultAccount, Known, Unknown
from scanner.evidence import Document
from scanner.platforms.huawei_te import version_key
from scanner.platforms.needs import GATEKEEPER, H323, SIP, SIP_UDP, SSH, needed
from scanner.platforms.recognised_only import recognised_only
from scanner.platforms.several_documents import DISAGREE, Told
from scanner.platforms.signs import Sign

NAME = "huawei-vp"
VENDOR = "Huawei"

_MODEL = r"(?:ViewPoint ?)?(?P<model>VP ?9[0-9]{3}\w?|8660)"
_PROMPT = re.compile(rf"\s{{0,8}}<HUAWEI[ -]{_MODEL}>", re.IGNORECASE | re.ASCII)
_DESCRIPTION = re.compile(
    rf"HUAWEI[ -]{_MODEL} (?P<version>V\d{{3}}R\d{{3}}C\d\w{{0,20}})(?=\s)",
    re.IGNORECASE | re.ASCII,
)
"""What the device says of itself over SNMP, alone on a line; walks are read for every family."""


def tell(document: Document) -> Told:
    """Model and release, where the device names itself at the beginning of a line."""
    told = Told()
    if "huawei" not in document.text.casefold():
        return told
    for number, line in enumerate(document.text.split("\n"), start=1):
        # the end of the last line may be cut off
        whole = f"{line}\n" if number < len(document.lines) else line
        seen = _DESCRIPTION.match(whole) or _PROMPT.match(whole)
        if seen is None:
            continue
        said = {"identity.family": NAME, "identity.vendor": VENDOR, "identity.model": seen["model"]}
        if (version := seen.groupdict().get("version")) is not None:
            said["software.version"] = version
        for name, value in said.items():
            _add(told, name, value, document.cite(number))
    return told


def _add(told: Told, name: str, value: str, citation: Citation) -> None:
    """The fact, cited where it stands first; unknown when the same document says otherwise."""
    before = told.facts.get(name)
    if before is None:
        told.facts[name] = Known(value, (citation,))
    elif isinstance(before, Known) and before.value != value:
        told.facts[name] = Unknown(DISAGREE, (*before.citations, citation))


PLATFORM = recognised_only(
    name=NAME,
    title="Huawei VP9600, ViewPoint",
    vendor=VENDOR,
    kinds=frozenset({"mcu"}),
    missing=Text(
        vi="hãng không công bố tệp cấu hình và câu trả lời của dòng lệnh, và đăng nhập sai năm "
        "lần thì thiết bị khóa địa chỉ IP của máy quét nên không thử",
        en="the vendor documents neither a configuration file nor the answers of the command "
        "line, and five wrong logins lock the scanner's IP address, so none is tried",
    ),
    tell=tell,
    signs=(
        Sign(
            ("snmp-description", "sip", "greeting"),
            rf"\bHUAWEI[ -]{_MODEL}\b(?:.{{0,40}}?\b(?P<version>V\d{{3}}R\d{{3}}C\d\w*))?",
            "sysDescr and prompt",
        ),
    ),
    version_form=r"v\d{3}r\d{3}c\d\w*",
    version_key=version_key,
    needed_ports=(
        SSH,
        needed("tcp", 8443, 8443, "quản trị qua HTTPS", "management over HTTPS"),
        H323,
        SIP,
        GATEKEEPER,
        SIP_UDP,
    ),
    management_ports={"https": 8443, "ssh": 22},
    default_accounts=(
        DefaultAccount("admin", ("web",), "published"),
        DefaultAccount("administrator", ("ssh", "telnet", "serial"), "published"),
        DefaultAccount("user", ("ssh", "telnet", "serial"), "published"),
    ),
)
