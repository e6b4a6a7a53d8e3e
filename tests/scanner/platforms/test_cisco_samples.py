"""Every recorded answer of a Cisco device: all facts that it holds, each with its line, no other.

The table was made by reading the files (`grep -n`), not by running the code. A fact that is not in
the row of a file is not in the file.
"""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any

import pytest

from rules.facts import FACT_TYPES, DeviceAccount, Facts, Known
from rules.network_facts import Interface
from scanner.evidence import Document
from scanner.platforms import find
from tests.conftest import SHARED

NOW = datetime(2026, 3, 1, tzinfo=UTC)
Row = dict[str, tuple[Any, int]]


def at(line: int, **values: Any) -> Row:
    """Facts that one line shows; `__` stands for the dot."""
    return {name.replace("__", "."): (value, line) for name, value in values.items()}


def codec(line: int, version: str) -> Row:
    """What the head of an XML document shows."""
    said = {"identity__vendor": "Cisco", "identity__family": "cisco-roomos"}
    return at(line, **said, software__version=version)


SX10 = "ce9.6.1.4516ae5aaa1"
ROOM_KIT = "ce10.9.1.1.fb66b80147e"
OWN = (Interface("Network 1", (IPv4Interface("192.168.1.123/24"),)),)
POOL = ("198.51.100.198", "198.51.100.153", "198.51.100.136")

SX10_CONFIGURATION: Row = {
    **codec(2, SX10),
    **at(63, call__auto_answer=False),
    **at(74, call__encryption="best-effort"),
    **at(77, call__far_end_camera=True),
    **at(82, bandwidth__max_kbps=3072),
    **at(173, management__allowlist=()),
    **at(188, service__h323__enabled=False),
    **at(191, service__http__enabled=False, service__https__enabled=True),
    **at(202, tls__min_version="TLSv1.1"),
    **at(211, ntp__servers=("0.tandberg.pool.ntp.org",)),
    **at(230, service__sip__enabled=True),
    **at(
        243, service__snmp__enabled=True, snmp__versions=("1", "2c"), snmp__default_community=True
    ),
    **at(249, service__ssh__enabled=True),
    **at(252, service__telnet__enabled=False),
    **at(255, service__upnp__enabled=True),
    **at(97, h323__min_key_bits=1024),
    **at(301, sip__encryption="best-effort"),
    **at(328, serial_port__access="login"),
}
SX10_LINES: Row = {
    **at(24, call__auto_answer=False),
    **at(29, call__encryption="best-effort"),
    **at(30, call__far_end_camera=True),
    **at(32, bandwidth__max_kbps=3072),
    **at(80, management__allowlist=()),
    **at(85, service__h323__enabled=False),
    **at(86, service__http__enabled=False, service__https__enabled=True),
    **at(92, tls__min_version="TLSv1.1"),
    **at(97, ntp__servers=("0.tandberg.pool.ntp.org",)),
    **at(109, service__sip__enabled=True),
    **at(
        114, service__snmp__enabled=True, snmp__versions=("1", "2c"), snmp__default_community=True
    ),
    **at(118, service__ssh__enabled=True),
    **at(119, service__telnet__enabled=False),
    **at(120, service__upnp__enabled=True),
    **at(40, h323__min_key_bits=1024),
    **at(143, sip__encryption="best-effort"),
    **at(156, serial_port__access="login"),
}
SX10_STATUS: Row = {
    **at(179, interfaces=OWN),
    **at(198, ntp__servers=POOL),
    **at(206, ntp__synchronised=True),
    **at(357, identity__serial="1234567890"),
    **at(362, identity__vendor="Cisco", identity__family="cisco-roomos"),
    **at(362, identity__model="Cisco TelePresence SX10"),
    **at(374, software__version=SX10),
    **at(377, call__active=0),
}
SX10_STATUS_LINES: Row = {
    **at(90, interfaces=OWN),
    **at(98, ntp__servers=POOL),
    **at(101, ntp__synchronised=True),
    **at(183, identity__serial="1234567890"),
    **at(186, identity__vendor="Cisco", identity__family="cisco-roomos"),
    **at(186, identity__model="Cisco TelePresence SX10"),
    **at(195, software__version=SX10),
    **at(196, call__active=0),
}
ROOM_KIT_CONFIGURATION: Row = {
    **codec(2, ROOM_KIT),
    **at(96, call__auto_answer=False),
    **at(112, call__far_end_camera=True),
    **at(115, bandwidth__max_kbps=6000),
    **at(170, syslog__targets=()),
    **at(247, management__allowlist=()),
    **at(262, service__http__enabled=False, service__https__enabled=True),
    **at(273, tls__min_version="TLSv1.1"),
    **at(279, service__sip__enabled=False),
    **at(283, service__snmp__enabled=False, snmp__versions=(), snmp__default_community=False),
    **at(289, service__ssh__enabled=True),
    **at(292, service__upnp__enabled=True),
    **at(387, management__idle_timeout_s=0),
    **at(388, management__lockout_attempts=0),
    **at(507, password_policy__digits=0),
    **at(508, password_policy__min_length=8),
    **at(509, password_policy__lowercase=0),
    **at(510, password_policy__special=0),
    **at(511, password_policy__uppercase=0),
    **at(513, password_policy__max_age_days=0),
    **at(514, password_policy__history=12),
    **at(396, serial_port__access="login"),
    **at(601, debug__enabled=False),
}
ROOM_KIT_LINES: Row = {
    **at(39, call__auto_answer=False),
    **at(45, call__far_end_camera=True),
    **at(47, bandwidth__max_kbps=6000),
    **at(79, syslog__targets=()),
    **at(122, management__allowlist=()),
    **at(127, service__http__enabled=False, service__https__enabled=True),
    **at(133, tls__min_version="TLSv1.1"),
    **at(136, service__sip__enabled=False),
    **at(138, service__snmp__enabled=False, snmp__versions=(), snmp__default_community=False),
    **at(142, service__ssh__enabled=True),
    **at(143, service__upnp__enabled=True),
    **at(180, management__idle_timeout_s=0),
    **at(181, management__lockout_attempts=0),
    **at(239, password_policy__digits=0),
    **at(240, password_policy__min_length=8),
    **at(241, password_policy__lowercase=0),
    **at(242, password_policy__special=0),
    **at(243, password_policy__uppercase=0),
    **at(244, password_policy__max_age_days=0),
    **at(245, password_policy__history=12),
    **at(186, serial_port__access="login"),
    **at(287, debug__enabled=False),
}
ROOM_KIT_STATUS: Row = {
    **at(259, interfaces=OWN),
    **at(446, identity__serial="FOC2204NXZ5"),
    **at(454, identity__vendor="Cisco", identity__family="cisco-roomos"),
    **at(454, identity__model="Cisco Webex Room Kit"),
    **at(466, software__version=ROOM_KIT),
    **at(469, call__active=0),
}
USERS: Row = at(
    23, accounts=(DeviceAccount("admin", "admin,audit,user", administrator=True, enabled=True),)
)

CMS = {"identity__vendor": "Cisco", "identity__family": "cisco-cms"}
CMS_USERS = (
    DeviceAccount("yyoshina", role="admin", administrator=True),
    DeviceAccount("admin", role="admin", administrator=True),
    DeviceAccount("mukanaza", role="api", administrator=False),
)
VCS = {"identity__vendor": "Cisco", "identity__family": "cisco-expressway"}
MCU = {"identity__vendor": "Cisco", "identity__family": "cisco-mcu"}

SAMPLES: dict[str, Row] = {
    "cisco-roomos/composed/roomkit-ce10.9.1.1_xConfiguration.txt": ROOM_KIT_LINES,
    "cisco-roomos/composed/sx10-ce9.6.1_xConfiguration.txt": SX10_LINES,
    "cisco-roomos/composed/sx10-ce9.6.1_xStatus.txt": SX10_STATUS_LINES,
    "cisco-roomos/roomkit-ce10.9.1.1/configuration.xml": ROOM_KIT_CONFIGURATION,
    "cisco-roomos/roomkit-ce10.9.1.1/status.xml": ROOM_KIT_STATUS,
    "cisco-roomos/roomos11-ssh/xCommand_UserInterface_Extensions_List.txt": {},
    "cisco-roomos/roomos11-ssh/xConfig_Audio.txt": {},
    "cisco-roomos/roomos11-ssh/xConfig_Audio_DefaultVolume.txt": {},
    "cisco-roomos/roomos26-http/getxml_Status_Audio_Volume.xml": codec(
        2, "ce26.0.0.51.ddab38ccabf"
    ),
    "cisco-roomos/schema/security_settings.json": {},
    "cisco-roomos/sx10-ce9.6.1/configuration.xml": SX10_CONFIGURATION,
    "cisco-roomos/sx10-ce9.6.1/putxml_UserManagement_User_List.xml": USERS,
    "cisco-roomos/sx10-ce9.6.1/status.xml": SX10_STATUS,
    "cisco-roomos/sx10-ce9.6.1/status_call_connected.xml": {
        **codec(2, SX10),
        **at(21, call__active=1),
    },
    "cisco-roomos/sx10-ce9.6.1/status_diagnostics.xml": codec(2, SX10),
    "cisco-roomos/sx10-ce9.6.1/valuespace.xml": codec(2, SX10),
    "cisco-roomos/sx20-ce8.1-ssh/login_banner.txt": codec(2, "ce8.1.0 PreAlpha1"),
    "cisco-cms/api-v1-test-doubles/call.xml": at(7, call__active=7),
    "cisco-cms/api-v1-test-doubles/callBridges.xml": {},
    "cisco-cms/api-v1-test-doubles/callLeg.xml": {
        **at(15, call__encryption="best-effort"),
        **at(25, call__active=1),
    },
    "cisco-cms/api-v1-test-doubles/calls.xml": at(1, call__active=1),
    "cisco-cms/api-v1-test-doubles/ldapServers.xml": {},
    "cisco-cms/api-v1-test-doubles/system_alarms.xml": {},
    "cisco-cms/api-v1-test-doubles/system_configuration_cluster.xml": {},
    "cisco-cms/cms-2.0rc-api-trace/log_system_status_and_callBridges.txt": {
        **at(3, **CMS, identity__model="Cisco Meeting Server", software__version="2.0(RC)"),
        **at(8, call__active=0),
    },
    "cisco-cms/cms-2.0rc-api-trace/log_unauthenticated.txt": at(2, **CMS),
    "cisco-cms/mmp/user_list.txt": at(3, accounts=CMS_USERS),
    "cisco-expressway/vcs-e-x8.11/api_management_status_call_call.json": at(1, call__active=1),
    "cisco-expressway/vcs-e-x8.11/api_management_status_resourceusage.json": at(1, call__active=0),
    "cisco-expressway/vcs-e-x8.11/overview.html": at(22, **VCS, software__version="X8.11"),
    "cisco-expressway/vcs-e-x8.11.4/getxml_Status_SystemUnit.xml": {
        **at(4, **VCS, identity__model="TANDBERG VCS"),
        **at(10, software__version="X8.11.4"),
        **at(38, identity__serial="0FBFF6CB"),
    },
    "cisco-mcu/composed/fault_response.xml": {},
    "cisco-mcu/composed/services.query_response.xml": {
        **at(13, service__http__enabled=True),
        **at(19, service__ftp__enabled=True),
        **at(25, service__https__enabled=False),
    },
    "cisco-mcu/telepresence-server-8710-emulated/system.xml": {
        **at(3, **MCU),
        **at(4, identity__model="Telepresence Server 8710"),
        **at(5, identity__serial="SM011835"),
        **at(6, software__version="4.0(1.57)"),
    },
}
READ_ELSEWHERE = {"cisco-cms/snmp/acano.snmprec"}
"""Walks of SNMP have a test table of their own."""


def read(home: Path, *names: str) -> tuple[list[Document], Facts]:
    documents = [Document((home / name).read_bytes(), name, "O", NOW) for name in names]
    family = names[0].split("/", maxsplit=1)[0]
    return documents, Facts(find(family).read(documents).facts)


@pytest.mark.corpus
@pytest.mark.parametrize("name", SAMPLES)
def test_a_recorded_answer_holds_these_facts_and_no_other(shared: Path, name: str) -> None:
    (document,), facts = read(shared / "devices", name)
    found = {fact: facts[fact] for fact in FACT_TYPES}
    told = {f: (k.value, k.citations[0].line) for f, k in found.items() if isinstance(k, Known)}
    assert told == SAMPLES[name]
    for fact, (_, line) in told.items():
        shown = document.lines[line - 1].strip()
        assert facts[fact].citations[0].text in (shown, shown[:199] + "…") or len(shown) > 200


@pytest.mark.corpus
def test_every_recorded_file_of_these_families_is_in_the_table(shared: Path) -> None:
    home = SHARED / "devices"
    families = ("cisco-roomos", "cisco-cms", "cisco-expressway", "cisco-mcu")
    files = {
        path.relative_to(home).as_posix()
        for family in families
        for path in (shared / "devices" / family).rglob("*")
        if path.is_file()
    }
    assert files == SAMPLES.keys() | READ_ELSEWHERE


TOGETHER = [
    (
        "one account, and the diagnostics that some account has no password",
        (
            "cisco-roomos/sx10-ce9.6.1/putxml_UserManagement_User_List.xml",
            "cisco-roomos/sx10-ce9.6.1/status_diagnostics.xml",
        ),
        "accounts",
        (
            DeviceAccount(
                *("admin", "admin,audit,user"),
                administrator=True,
                enabled=True,
                password_set=False,
            ),
        ),
        (23, 14, 17, 20, 10),
    ),
    (
        "the counters say no call, a later list has one",
        (
            "cisco-roomos/sx10-ce9.6.1/status.xml",
            "cisco-roomos/sx10-ce9.6.1/status_call_connected.xml",
        ),
        "call.active",
        1,
        (21,),
    ),
    (
        "servers in use stand in the status",
        (
            "cisco-roomos/sx10-ce9.6.1/configuration.xml",
            "cisco-roomos/sx10-ce9.6.1/status.xml",
        ),
        "ntp.servers",
        POOL,
        (198, 201, 204),
    ),
]


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("names", "fact", "value", "lines"), [c[1:] for c in TOGETHER], ids=[c[0] for c in TOGETHER]
)
def test_recorded_answers_of_one_device_together(
    shared: Path, names: tuple[str, ...], fact: str, value: Any, lines: tuple[int, ...]
) -> None:
    _, facts = read(shared / "devices", *names)
    found = facts[fact]
    assert isinstance(found, Known)
    assert found.value == value
    assert tuple(citation.line for citation in found.citations) == lines


NOT_SHOWN = [
    ("roomkit-ce10.9.1.1", "call.encryption", "BestEffort", "10.19.4.2"),
    ("roomkit-ce10.9.1.1", "service.h323.enabled", "Off", "10.19.4.2"),
    ("roomkit-ce10.9.1.1", "ntp.servers", "0.tandberg.pool.ntp.org", "10.19.4.2"),
    ("roomkit-ce10.9.1.1", "service.telnet.enabled", "TCP port 23", "10.19.4.2"),
    ("sx10-ce9.6.1", "management.idle_timeout_s", "0", "9.15.17.4"),
    ("sx10-ce9.6.1", "management.lockout_attempts", "0", "9.15.17.4"),
    ("sx10-ce9.6.1", "syslog.targets", "Off", "9.15.17.4"),
    ("sx10-ce9.6.1", "password_policy.min_length", "CE 9.10", "no settings of a password policy"),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("device", "fact", "default", "by"), NOT_SHOWN)
def test_what_a_configuration_does_not_show_is_unknown_with_the_documented_default(
    shared: Path, device: str, fact: str, default: str, by: str
) -> None:
    _, facts = read(shared / "devices", f"cisco-roomos/{device}/configuration.xml")
    found = facts[fact]
    assert not isinstance(found, Known)
    assert default in found.reason.en
    assert by in found.reason.en
