"""Huawei VP9600 (VP9630, VP9650, VP9660), ViewPoint 8660: who it is, over SNMP and in saved files.

Asked over SNMP, by GET and nothing else: `sysDescr`, `sysObjectID`, `sysName`. The description
carries model and release (`HUAWEI VP9660 V500R002C00 ...`, as public scanners match it), and that
it is answered shows that SNMP is on. A saved walk and a saved session tell the same: the prompt of
the command line names the model.

**Not told, and looked for:** the vendor's document on accounts (EDOC1100059054, V600R019C00) shows
one command, `passwd`, which writes; no reference of the command line, no answer of any command, no
MIB of the vendor with objects of the MCU (conferences, calls, time, syslog), no request of the web
interface on port 8443, no file that settings are saved to, and no public client or monitoring
template of any of them was found. The management centre SMC 3.0 has a REST interface that public
clients use (`/conf-portal/...`); it is another machine and tells conferences, no settings of the
bridge, so it is not asked. So the call state and every setting stay Unknown, some with what
the vendor documents of the default. Five wrong passwords lock the address that sent them for five
minutes, so no login is ever tried.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence

from inventory.text import Text
from rules.facts import FACT_TYPES, Citation, DefaultAccount, Known, Unknown
from scanner.evidence import Document
from scanner.platforms.documented_default import not_shown
from scanner.platforms.huawei_te import version_key
from scanner.platforms.huawei_vp_remedies import REMEDIES
from scanner.platforms.model import SEEN_FROM_OUTSIDE, Access, Platform, Reading
from scanner.platforms.needs import GATEKEEPER, H323, SIP, SIP_UDP, SSH, needed
from scanner.platforms.several_documents import DISAGREE, Told, combined
from scanner.platforms.signs import Sign
from scanner.platforms.snmp_walk import SYSTEM, objects

NAME = "huawei-vp"
VENDOR = "Huawei"

IDENTITY = {**SYSTEM, "sysName": "1.3.6.1.2.1.1.5.0"}
"""All that is asked."""

_MODEL = r"(?:ViewPoint ?)?(?P<model>VP ?9[0-9]{3}\w?|8660)"
_PROMPT = re.compile(rf"\s{{0,8}}<HUAWEI[ -]{_MODEL}>", re.IGNORECASE | re.ASCII)
_DESCRIPTION = re.compile(
    rf"HUAWEI[ -]{_MODEL} (?P<version>V\d{{3}}R\d{{3}}C\d\w{{0,20}})(?=\s)",
    re.IGNORECASE | re.ASCII,
)
"""What the device says of itself over SNMP, alone on a line; walks are read for every family."""

_SIGN = Sign(
    ("snmp-description", "sip", "greeting"),
    rf"\bHUAWEI[ -]{_MODEL}\b(?:.{{0,40}}?\b(?P<version>V\d{{3}}R\d{{3}}C\d\w*))?",
    "sysDescr and prompt",
)


def collect(access: Access) -> Generator[Document, None, None]:
    """Who the agent is; whether a meeting is on cannot be asked."""
    yield access.snmp(IDENTITY)


def read(documents: Sequence[Document]) -> Reading:
    """Who the device says it is; every setting Unknown with its reason."""
    reading = combined(documents, _tell)
    return Reading({**_UNKNOWN, **reading.facts}, reading.unread)


def _tell(document: Document) -> Told:
    """Model and release, where the device names itself at the beginning of a line."""
    told = Told()
    if "huawei" not in document.text.casefold():
        return told
    for described in objects(document, IDENTITY).get(IDENTITY["sysDescr"], ()):
        if _SIGN.pattern.search(described.value):
            told.facts["service.snmp.enabled"] = Known(True, (described.citation,))
            break
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


# --- what is not told ------------------------------------------------------------------------

_NOT_TOLD = Text(
    vi="SNMP chỉ cho biết tên máy và phiên bản; hãng không công bố tệp cấu hình và câu trả lời của "
    "dòng lệnh, và đăng nhập sai năm lần thì thiết bị khóa địa chỉ IP của máy quét nên không thử; "
    "hãy xem trên thiết bị và xác nhận bằng văn bản",
    en="SNMP tells only model and release; the vendor documents neither a configuration file nor "
    "the answers of the command line, and five wrong logins lock the scanner's IP address, so "
    "none is tried; look at the device and attest it",
)
_CALL_STATE = Text(
    vi="không hỏi được thiết bị có đang trong hội nghị hay không vì hãng không công bố đối tượng "
    "SNMP hay yêu cầu nào cho biết điều đó; hãy khai báo lịch họp",
    en="whether a conference is on cannot be asked: the vendor publishes no SNMP object and no "
    "request that tells it; declare the meetings in the calendar",
)
_GUIDE = Text(
    vi="tài liệu quản lý tài khoản MCU dòng 9 bản V600R019C00 (EDOC1100059054)",
    en="the vendor's document on accounts of the 9 series MCU, V600R019C00 (EDOC1100059054)",
)
_DEFAULTS = {
    "management.lockout_attempts": Text(
        vi="trên giao diện web, sai 5 lần liên tiếp thì khóa địa chỉ IP 5 phút",
        en="on the web interface, 5 wrong passwords in a row lock the IP address for 5 minutes",
    ),
    "password_policy.max_age_days": Text(
        vi="90 ngày trên giao diện web, đặt được từ 90 đến 365",
        en="90 days on the web interface, can be set from 90 to 365",
    ),
    "password_policy.min_length": Text(
        vi="6 đến 16 ký tự, gồm ít nhất hai trong bốn loại chữ số, chữ hoa, chữ thường, ký tự đặc "
        "biệt",
        en="6 to 16 characters with at least two of digits, capitals, lower case, special ones",
    ),
}
"""What the vendor documents and no known answer shows; never a value."""

_UNKNOWN: dict[str, Unknown] = {
    **dict.fromkeys(FACT_TYPES.keys() - SEEN_FROM_OUTSIDE, Unknown(_NOT_TOLD)),
    **{name: not_shown(default, _GUIDE) for name, default in _DEFAULTS.items()},
    "call.active": Unknown(_CALL_STATE),
}


PLATFORM = Platform(
    name=NAME,
    title="Huawei VP9600, ViewPoint",
    vendor=VENDOR,
    kinds=frozenset({"mcu"}),
    allowed=tuple(re.escape(f"SNMP GET {oid}") for oid in IDENTITY.values()),
    collect=collect,
    read=read,
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
    signs=(_SIGN,),
    version_form=r"v\d{3}r\d{3}c\d\w*",
    default_accounts=(
        DefaultAccount("admin", ("web",), "published"),
        DefaultAccount("administrator", ("ssh", "telnet", "serial"), "published"),
        DefaultAccount("user", ("ssh", "telnet", "serial"), "published"),
    ),
    remedies=REMEDIES,
)
