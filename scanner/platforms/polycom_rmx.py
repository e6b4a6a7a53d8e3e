"""Polycom RMX 1500, 1800, 2000, 4000, RealPresence Collaboration Server.

Read from saved files only: the system flags (Setup > System Configuration) as lines, table or XML,
the greeting of the console of the RMX 500 and 1000C, and a saved SNMP walk for the number of active
conferences. No recording of a bridge was found; names, ranges and meanings are those of the
vendor's guides; `polycom_rmx_reading` says how they are understood.

Live reading is missing: the XML interface for management is not documented well enough to ask it
without risk, and `Access` has no SNMP (1.3.6.1.4.1.13885.110.1.5.1.0, active conferences, would
have to be asked first).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from inventory.text import Text
from rules.facts import DefaultAccount
from scanner.collect.errors import CollectError
from scanner.evidence import Document
from scanner.platforms.model import Access, Platform, Reading
from scanner.platforms.needs import GATEKEEPER, H323, HTTPS, SIP, SIP_UDP, needed
from scanner.platforms.polycom_release import release_key
from scanner.platforms.polycom_rmx_reading import NAME, VENDOR, tell
from scanner.platforms.several_documents import combined
from scanner.platforms.signs import Sign


def collect(access: Access) -> Generator[Document, None, None]:
    """Nothing is asked: raises `CollectError`, which says what to hand in."""
    nothing: tuple[Document, ...] = ()
    yield from nothing
    raise CollectError(_HAND_IN)


def read(documents: Sequence[Document]) -> Reading:
    """Facts of saved files, told apart by their content."""
    return combined(documents, tell)


_HAND_IN = Text(
    vi="chưa đọc trực tiếp được dòng thiết bị này; hãy nộp tệp ghi các cờ hệ thống (Setup > System"
    " Configuration), mỗi dòng một cờ dạng TÊN = GIÁ TRỊ, khi không có cuộc họp",
    en="this family cannot be read live yet; hand in a file with its system flags (Setup > System"
    " Configuration), one NAME = VALUE line for each, saved while no conference is running",
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
    allowed=(),
    collect=collect,
    read=read,
    version_key=release_key,
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
)
