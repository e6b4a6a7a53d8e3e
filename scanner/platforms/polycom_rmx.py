"""Polycom RMX 1500, 1800, 2000, 4000, RealPresence Collaboration Server.

Asked over SNMP, by GET and nothing else: first the counters of conferences and calls, then who the
agent is. That tells whether a meeting is on and nothing of the settings: the XML interface for
management needs the vendor's SDK and is not documented well enough to ask it without risk.

The settings are read from saved files: the system flags (Setup > System Configuration) as lines,
table or XML, and the greeting of the console of the RMX 500 and 1000C; a saved SNMP walk is read as
well. No recording of a bridge was found; names, ranges and meanings are those of the vendor's
guides; `polycom_rmx_reading` says how they are understood.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import replace

from inventory.text import Text
from rules.facts import FACT_TYPES, DefaultAccount, Known, Unknown
from scanner.collect.errors import Busy, CollectError
from scanner.evidence import Document
from scanner.platforms.call_state import calls_in_progress
from scanner.platforms.model import SEEN_FROM_OUTSIDE, Access, Platform, Reading
from scanner.platforms.needs import GATEKEEPER, H323, HTTPS, SIP, SIP_UDP, needed
from scanner.platforms.polycom_rmx_reading import NAME, VENDOR, tell
from scanner.platforms.polycom_rmx_remedies import REMEDIES
from scanner.platforms.polycom_rmx_snmp import (
    CALL_STATE,
    IDENTITY,
    UNREADABLE,
    counters,
    shown_by,
)
from scanner.platforms.several_documents import Told, combined
from scanner.platforms.signs import Sign
from scanner.products import version_key


def collect(access: Access) -> Generator[Document, None, None]:
    """Call state first; a conference or a call ends the visit with `Busy`."""
    state = access.snmp(CALL_STATE)
    yield state
    active = calls_in_progress(counters(state), whole=True)
    if not isinstance(active, Known):
        raise CollectError(UNREADABLE)
    if active.value:
        raise Busy(_IN_CALL)
    yield access.snmp(IDENTITY)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of SNMP answers and saved files, told apart by their content."""
    reading = combined(documents, _tell)
    if "call.active" not in reading.facts:
        return reading
    unknown = dict.fromkeys(_SETTINGS, Unknown(_HAND_IN))
    return replace(reading, facts={**unknown, **reading.facts})


def _tell(document: Document) -> Told:
    told = tell(document)
    told.calls = counters(document)
    told.facts = {**shown_by(told.calls), **told.facts}
    return told


_SETTINGS = FACT_TYPES.keys() - SEEN_FROM_OUTSIDE
"""What SNMP does not tell."""

_HAND_IN = Text(
    vi="SNMP không cho biết cấu hình và giao diện XML cần bộ công cụ (SDK) của hãng; hãy nộp tệp"
    " ghi các cờ hệ thống (Setup > System Configuration), mỗi dòng một cờ dạng TÊN = GIÁ TRỊ, lưu"
    " khi không có cuộc họp",
    en="SNMP does not tell the settings and the XML interface needs the vendor's SDK; hand in a"
    " file with the system flags (Setup > System Configuration), one NAME = VALUE line for each,"
    " saved while no conference is running",
)
_IN_CALL = Text(
    vi="thiết bị đang có hội nghị; hoãn kiểm tra để không ảnh hưởng cuộc họp",
    en="a conference is running; put off so as not to disturb the meeting",
)

SIGNS = (
    Sign(
        ("greeting",),
        r"\bWelcome to Polycom (?P<model>RMX \d+\w?) .{0,20}Console Utility",
        "telnet console of the small bridges",
    ),
    Sign(
        ("snmp-object-id",),
        r"^1\.3\.6\.1\.4\.1\.13885\.110(?:\.|$)",
        "enterprise number of POLYCOM-MCU-MIB",
    ),
)


PLATFORM = Platform(
    name=NAME,
    title="Polycom RMX, RealPresence Collaboration Server",
    vendor=VENDOR,
    kinds=frozenset({"mcu"}),
    allowed=tuple(re.escape(f"SNMP GET {oid}") for oid in (CALL_STATE | IDENTITY).values()),
    collect=collect,
    read=read,
    version_key=version_key("polycom-rmx", least=2, builds=True),
    needed_ports=(
        *(HTTPS, H323, GATEKEEPER, SIP, SIP_UDP),
        needed("tcp", 49152, 65535, "báo hiệu, H.245", "signalling, H.245"),
        needed("udp", 49152, 65535, "hình ảnh, âm thanh", "media"),
    ),
    management_ports={"https": 443},
    signs=SIGNS,
    version_form=r"\d+(?:\.\d+)+",
    # the guides name the user and say that Ultra Secure Mode switches it off, not its password
    default_accounts=(DefaultAccount("SUPPORT", ("management",), "not documented"),),
    remedies=REMEDIES,
)
