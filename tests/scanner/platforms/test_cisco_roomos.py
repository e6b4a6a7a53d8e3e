"""Cisco codecs: real answers to facts with their lines; damaged and hostile answers to unknowns."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import IPv4Interface, ip_network

import pytest

from rules.facts import DeviceAccount, Known, SyslogTarget, Unknown
from rules.network_facts import Interface
from scanner.collect.redact import redact
from scanner.evidence import Document
from scanner.platforms.cisco_roomos import PLATFORM, read, version_key

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def document(content, source="xConfiguration"):
    content = content.encode() if isinstance(content, str) else content
    return Document(content, source, "C", NOW)


def config(*lines, end="** end\n\nOK\n"):
    return document("\n" + "".join(f"*c xConfiguration {line}\n" for line in lines) + end)


def value(fact):
    return fact.value if isinstance(fact, Known) else "unknown"


# --- real answers --------------------------------------------------------------------------------

SX10_CONFIGURATION = {
    "service.ssh.enabled": (True, 118),
    "service.telnet.enabled": (False, 119),
    "service.http.enabled": (False, 86),
    "service.https.enabled": (True, 86),
    "service.snmp.enabled": (True, 114),
    "service.upnp.enabled": (True, 120),
    "service.sip.enabled": (True, 109),
    "service.h323.enabled": (False, 85),
    "snmp.versions": (("1", "2c"), 114),
    "snmp.default_community": (True, 114),
    "management.allowlist": ((), 80),
    "management.idle_timeout_s": "unknown",
    "management.lockout_attempts": "unknown",
    "password_policy.min_length": "unknown",
    "call.encryption": ("best-effort", 29),
    "call.auto_answer": (False, 24),
    "call.far_end_camera": (True, 30),
    "bandwidth.max_kbps": (3072, 32),
    "tls.min_version": ("TLSv1.1", 92),
    "ntp.servers": (("0.tandberg.pool.ntp.org",), 97),
    "syslog.targets": "unknown",
    "accounts": "unknown",
    "call.active": "unknown",
}
ROOM_KIT_CONFIGURATION = {
    "service.telnet.enabled": "unknown",
    "service.h323.enabled": "unknown",
    "service.sip.enabled": (False, 136),
    "service.snmp.enabled": (False, 138),
    "snmp.default_community": (False, 138),
    "management.idle_timeout_s": (0, 180),
    "management.lockout_attempts": (0, 181),
    "password_policy.min_length": (8, 240),
    "password_policy.digits": (0, 239),
    "password_policy.history": (12, 245),
    "password_policy.max_age_days": (0, 244),
    "call.encryption": "unknown",
    "call.far_end_camera": (True, 45),
    "syslog.targets": ((), 79),
    "ntp.servers": "unknown",
    "bandwidth.max_kbps": (6000, 47),
}
SX10_STATUS = {
    "identity.vendor": ("Cisco", 186),
    "identity.model": ("Cisco TelePresence SX10", 186),
    "identity.serial": ("1234567890", 183),
    "software.version": ("ce9.6.1.4516ae5aaa1", 195),
    "call.active": (0, 196),
    "ntp.synchronised": (True, 101),
    "ntp.servers": (("198.51.100.198", "198.51.100.153", "198.51.100.136"), 98),
    "interfaces": ((Interface("Network 1", (IPv4Interface("192.168.1.123/24"),)),), 90),
}
USER_LIST = {
    "accounts": (
        (DeviceAccount("admin", role="admin,audit,user", administrator=True, enabled=True),),
        23,
    )
}
CORPUS = [
    ("composed/sx10-ce9.6.1_xConfiguration.txt", SX10_CONFIGURATION),
    ("composed/roomkit-ce10.9.1.1_xConfiguration.txt", ROOM_KIT_CONFIGURATION),
    ("composed/sx10-ce9.6.1_xStatus.txt", SX10_STATUS),
    ("sx10-ce9.6.1/putxml_UserManagement_User_List.xml", USER_LIST),
    ("sx10-ce9.6.1/status_call_connected.xml", {"call.active": (1, 21)}),
    ("roomkit-ce10.9.1.1/configuration.xml", {"management.allowlist": ((), 247)}),
    ("roomkit-ce10.9.1.1/status.xml", {"identity.model": ("Cisco Webex Room Kit", 454)}),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "expected"), CORPUS, ids=[name for name, _ in CORPUS])
def test_real_answers_give_these_facts_with_these_lines(shared, name, expected):
    content = (shared / "devices/cisco-roomos" / name).read_bytes()
    for seen in (document(content, name), document(redact(content, ["khong-co"]), name)):
        facts = read([seen]).facts
        for fact, wanted in expected.items():
            if wanted == "unknown":
                assert isinstance(facts[fact], Unknown), fact
            else:
                assert value(facts[fact]) == wanted[0], fact
                citation = facts[fact].citations[0]
                assert citation.line == wanted[1], fact
                assert citation.text == seen.lines[wanted[1] - 1].strip(), fact


@pytest.mark.corpus
def test_the_two_spellings_of_one_configuration_give_the_same_facts(shared):
    folder = shared / "devices/cisco-roomos"
    for text, xml in (
        ("composed/sx10-ce9.6.1_xConfiguration.txt", "sx10-ce9.6.1/configuration.xml"),
        ("composed/sx10-ce9.6.1_xStatus.txt", "sx10-ce9.6.1/status.xml"),
        ("composed/roomkit-ce10.9.1.1_xConfiguration.txt", "roomkit-ce10.9.1.1/configuration.xml"),
    ):
        by_text = read([document((folder / text).read_bytes())]).facts
        by_xml = read([document((folder / xml).read_bytes())]).facts
        # the head of the XML names the product and its software
        head = {"identity.vendor", "identity.family", "software.version"}
        names = by_xml.keys() - head
        assert {n: value(by_text[n]) for n in names} == {n: value(by_xml[n]) for n in names}


@pytest.mark.corpus
def test_a_missing_passphrase_is_told_when_there_is_one_account(shared):
    folder = shared / "devices/cisco-roomos/sx10-ce9.6.1"
    names = ("status.xml", "putxml_UserManagement_User_List.xml")
    facts = read([document((folder / name).read_bytes(), name) for name in names]).facts
    assert [account.password_set for account in facts["accounts"].value] == [False]


# --- single settings -----------------------------------------------------------------------------

SETTINGS = [
    ("NetworkServices HTTP Mode: HTTP+HTTPS", "service.http.enabled", True),
    ("NetworkServices HTTP Mode: Off", "service.https.enabled", False),
    ("NetworkServices HTTP Mode: Maybe", "service.http.enabled", "unknown"),
    ("NetworkServices Telnet Mode: On", "service.telnet.enabled", True),
    ('NetworkServices Telnet Mode: "On', "service.telnet.enabled", "unknown"),
    ("Conference Encryption Mode: On", "call.encryption", "required"),
    ("Conference Encryption Mode: Off", "call.encryption", "off"),
    ("Conference AutoAnswer Mode: On", "call.auto_answer", True),
    ("Security Session InactivityTimeout: 15", "management.idle_timeout_s", 900),
    ("Security Session InactivityTimeout: -1", "management.idle_timeout_s", "unknown"),
    ("Security Session InactivityTimeout: 99999", "management.idle_timeout_s", "unknown"),
    ("Security Session MaxFailedLogins: ٣", "management.lockout_attempts", "unknown"),
    ('Network 1 RemoteAccess Allow: ""', "management.allowlist", ()),
    (
        'Network 1 RemoteAccess Allow: "10.67.20.5, 10.67.20.0/28"',
        "management.allowlist",
        (ip_network("10.67.20.5"), ip_network("10.67.20.0/28")),
    ),
    ('Network 1 RemoteAccess Allow: "quan-tri.local"', "management.allowlist", "unknown"),
    ('Network 1 RemoteAccess Allow: "<redacted>"', "management.allowlist", "unknown"),
    ("Logging External Mode: Off", "syslog.targets", ()),
    ("Logging External Mode: On", "syslog.targets", "unknown"),
    ("NetworkServices NTP Mode: Off", "ntp.servers", ()),
    ("NetworkServices HTTPS Server MinimumTLSVersion: TLSv1.3", "tls.min_version", "TLSv1.3"),
    ("NetworkServices HTTPS Server MinimumTLSVersion: SSLv3", "tls.min_version", "unknown"),
]


@pytest.mark.parametrize(("line", "fact", "expected"), SETTINGS)
def test_a_setting(line, fact, expected):
    assert value(read([config(line)]).facts[fact]) == expected


@pytest.mark.parametrize(
    ("community", "expected"),
    [("public", True), ("Private", True), ("<redacted>", False), ("", False)],
)
def test_a_default_community(community, expected):
    lines = (
        "NetworkServices SNMP Mode: ReadOnly",
        f'NetworkServices SNMP CommunityName: "{community}"',
    )
    assert value(read([config(*lines)]).facts["snmp.default_community"]) is expected


def test_a_community_that_is_not_told_is_unknown():
    facts = read([config("NetworkServices SNMP Mode: ReadOnly")]).facts
    assert isinstance(facts["snmp.default_community"], Unknown)


def test_a_log_server():
    lines = (
        "Logging External Mode: On",
        "Logging External Protocol: SyslogTLS",
        'Logging External Server Address: "10.67.30.10"',
        "Logging External Server Port: 6514",
    )
    targets = read([config(*lines)]).facts["syslog.targets"]
    assert targets.value == (SyslogTarget("10.67.30.10", 6514, "tls"),)


def test_no_documents_mean_nothing_is_known():
    reading = read([])
    assert all(isinstance(fact, Unknown) for fact in reading.facts.values())


def test_documents_that_contradict_each_other_are_not_believed():
    two = [config("Conference AutoAnswer Mode: On"), config("Conference AutoAnswer Mode: Off")]
    assert isinstance(read(two).facts["call.auto_answer"], Unknown)


def test_an_answer_of_something_else_is_listed_as_unread():
    reading = read([document("Command not recognized.\n", "xStatus Call")])
    assert [line.text for _, line in reading.unread] == ["Command not recognized."]


def test_an_empty_but_finished_answer_is_not():
    assert read([document("\n** end\n\nOK\n", "xStatus Call")]).unread == ()


USERS = """
OK
*r UserListResult (status=OK):
*r UserListResult User 1 Active: True
*r UserListResult User 1 Blocked: False
*r UserListResult User 1 Roles 1 Role: Admin
*r UserListResult User 1 Username: "quantri"
*r UserListResult User 2 Active: True
*r UserListResult User 2 Blocked: True
*r UserListResult User 2 Roles 1 Role: User
*r UserListResult User 2 Username: "khach\\"x"
*r UserListResult User 3 Username: "la"
** end
"""


def test_users_of_the_command_line():
    accounts = read([document(USERS)]).facts["accounts"].value
    assert accounts == (
        DeviceAccount("quantri", role="admin", administrator=True, enabled=True),
        DeviceAccount('khach"x', role="user", administrator=False, enabled=False),
        DeviceAccount("la"),
    )


@pytest.mark.parametrize(
    "text",
    [
        USERS.replace("** end\n", ""),
        USERS.replace('User 3 Username: "la"', "User 3 Active: True"),
        '\nOK\n*r UserListResult (status=Error):\n*r UserListResult Reason: "No access"\n** end\n',
    ],
    ids=["cut off", "a user without a name", "no permission"],
)
def test_a_user_list_that_cannot_be_relied_on_is_unknown(text):
    assert isinstance(read([document(text)]).facts["accounts"], Unknown)


CALLS = [
    ("*s SystemUnit State NumberOfActiveCalls: 0\n", "unknown"),
    ("*s SystemUnit State NumberOfActiveCalls: 2\n", 2),
    ("*s Call 7 Status: Ringing\n", 1),
    ("*s Call 7 Status: Idle\n", "unknown"),
    (
        "*s SystemUnit State NumberOfActiveCalls: 0\n*s SystemUnit State NumberOfInProgressCalls:"
        " 0\n*s SystemUnit State NumberOfSuspendedCalls: 1\n",
        1,
    ),
]


@pytest.mark.parametrize(("text", "expected"), CALLS)
def test_the_call_state(text, expected):
    assert value(read([document(text + "** end\n")]).facts["call.active"]) == expected


HOSTILE = [
    b'*s SystemUnit ProductId: "\x1b]0;x\x07\x1b[31mCisco"\n',
    b'*s SystemUnit Software Version: "<script>alert(1)</script>"\n',
    b"*c xConfiguration " + b"A " * 200_000 + b": 1\n",
    b"*c xConfiguration : :: \n" * 1000,
    b"*s Call 999999999999999999999999 Status: Connected\n",
    b"<Configuration>" * 5000,
    b'<!DOCTYPE a [<!ENTITY b "bbbb">]><Configuration><X>&b;</X></Configuration>',
    b'<?xml version="1.0" encoding="klingon"?><Status/>',
    b"<Status><Network item='\xff'>",
    b"\xff\xfe\x00",
    b"<",
    b"\x00" * 1000,
]


@pytest.mark.parametrize("content", HOSTILE)
def test_hostile_answers_are_unknown_and_never_raise(content):
    facts = read([document(content)]).facts
    known = {name for name, fact in facts.items() if isinstance(fact, Known)}
    assert known <= {"call.active"}


def test_nothing_hostile_reaches_a_value_or_a_citation():
    text = USERS.replace("quantri", "\x1b[31m<b>\u202e").replace("Role: User", "Role: \x07User")
    accounts = read([document(text)]).facts["accounts"]
    shown = "".join([a.name + (a.role or "") for a in accounts.value])
    shown += "".join(citation.text for citation in accounts.citations)
    assert not set(shown) & {"\x1b", "\x07", "\u202e"}


# --- versions and ports --------------------------------------------------------------------------

ORDER = [
    "F9.1",
    "TC5.1.0.280662",
    "TC7.0.2.aecf2d9",
    "ce8.1.0 PreAlpha1",
    "ce8.1.0",
    "ce9.6.1.4516ae5aaa1",
    "ce9.15.3.22.940f8cb2d63",
    "ce10.9.1.1.fb66b80147e",
    "RoomOS 11.5.1.11 7b2c8a9d0e1",
    "ce11.28.1.5.04b277ca762",
    "ce26.0.0.51.ddab38ccabf",
]


def test_versions_sort_in_the_order_of_release():
    keys = [version_key(version) for version in ORDER]
    assert None not in keys
    assert sorted(random.Random(3).sample(keys, len(keys))) == keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ce9.6.1.4516ae5aaa1", "ce9.6.1.aaaaaaaaaaa"),
        ("ce9.6.1.45160003111", "ce9.6.1"),
        ("ce11.0", "ce11"),
    ],
)
def test_the_build_hash_does_not_sort(one, other):
    assert version_key(one) == version_key(other)


@pytest.mark.parametrize("version", ["X8.11.4", "", "mới nhất", "v1", "26", "V500R002"])
def test_a_version_of_something_else_has_no_place(version):
    expected = version == "26"
    assert (version_key(version) is not None) is expected


def test_clear_text_management_is_never_needed():
    needed = {
        (port.protocol, number)
        for port in PLATFORM.needed_ports
        for number in range(port.first, port.last + 1)
    }
    assert {("tcp", 22), ("tcp", 443), ("tcp", 5061), ("udp", 1719)} <= needed
    assert not needed & {("tcp", 23), ("tcp", 80), ("tcp", 21), ("udp", 161), ("udp", 69)}


def test_a_citation_carries_hash_and_time():
    seen = replace(config("Conference AutoAnswer Mode: On"), vantage="may-quet")
    citation = read([seen]).facts["call.auto_answer"].citations[0]
    assert (citation.sha256, citation.captured, citation.vantage) == (seen.sha256, NOW, "may-quet")
