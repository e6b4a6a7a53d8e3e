"""Cisco codecs: spellings of other releases, models and interfaces than those recorded."""

from __future__ import annotations

from ipaddress import IPv4Interface

import pytest

from rules.facts import Known, SyslogTarget
from rules.network_facts import Interface
from scanner.platforms.cisco_roomos import PLATFORM, read
from tests.scanner.platforms.roomos_documents import (
    FACTS,
    TREE,
    document,
    lines,
    quoted,
    status,
    strings_only,
    told,
    xml,
)

SPELLINGS = {
    "as the shell prints it": lines(quote=strings_only),
    "every value quoted": lines(quote=quoted),
    "no value quoted": lines(),
    "in another order": lines(order=1),
    "CR LF": lines().replace("\n", "\r\n"),
    "below the command": "xConfiguration\n" + lines(),
    "a search": "xConfiguration //Mode\n" + lines(),
    "an abbreviated command": "xConf\n" + lines(),
    "in capitals": lines(head="*c XCONFIGURATION "),
    "a file of settings": lines(head="xConfiguration ", end=""),
    "two spaces": lines(head="*c xConfiguration  "),
    "XML": xml(),
    "XML without head": xml(head=""),
    "XML in one line": xml().replace("\n", ""),
    "XML with references": xml().replace(
        "<Mode>", '<Mode valueSpaceRef="/Valuespace/TTPAR_OnOff">'
    ),
    "XML, every element numbered": xml(numbered=True),
    "XML in a session": "xpreferences outputmode xml\nOK\nxConfiguration\n"
    + xml().replace('<?xml version="1.0"?>\n', '<XmlDoc resultId="">\n')
    + "</XmlDoc>\nOK\n",
}
HEAD = {"identity.vendor", "identity.family", "software.version"}
CUT_AT_A_LINE_END = {"a file of settings": {"ntp.servers"}}
"""What may go on after a file's last line, because nothing marks its end."""


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_configuration_in_any_spelling_gives_the_same_facts(spelling):
    found = {n: v for n, v in told(SPELLINGS[spelling]).items() if n not in HEAD}
    open_end = CUT_AT_A_LINE_END.get(spelling, set())
    assert found == {n: v for n, v in FACTS.items() if n not in open_end}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_fact_cites_the_line_that_shows_it(spelling):
    seen = document(SPELLINGS[spelling])
    for name, found in read([seen]).facts.items():
        if isinstance(found, Known):
            for citation in found.citations:
                shown = seen.lines[citation.line - 1].strip()
                assert citation.text == (shown if len(shown) <= 200 else shown[:199] + "…"), name


NOT_NEEDED = {"NetworkServices NTP Mode", "NetworkServices NTP Server 3 Address"}
"""Keys without which every fact is still told."""


@pytest.mark.parametrize("path", TREE)
def test_a_key_that_is_not_there_gives_no_fact(path):
    without = {other: value for other, value in TREE.items() if other != path}
    found = told(lines(without))
    if path.startswith("Logging External Server Port"):
        assert found.pop("syslog.targets") == (SyslogTarget("10.67.30.10", None, "tls"),)
    if path == "Logging External Protocol":
        assert found.pop("syslog.targets") == (SyslogTarget("10.67.30.10", 6514),)
    assert found.items() <= FACTS.items()
    assert (len(found) == len(FACTS)) is (path in NOT_NEEDED)


@pytest.mark.parametrize("path", ["NetworkServices/HTTP", "Security", "Network"])
def test_a_part_of_the_tree_tells_its_part(path):
    words = path.replace("/", " ")
    part = {key: value for key, value in TREE.items() if key.startswith(words + " ")}
    found = told(xml(part))
    assert found.items() <= {**FACTS, **_head()}.items()
    assert len(found) > len(HEAD)


def _head():
    return {
        "identity.vendor": "Cisco",
        "identity.family": "cisco-roomos",
        "software.version": "ce11.5.4.6.5bd0a4e",
    }


# --- TC and CE 8 ---------------------------------------------------------------------------------

TC = {
    "Conference 1 AutoAnswer Mode": "Off",
    "Conference 1 Encryption Mode": "BestEffort",
    "Conference 1 FarEndControl Mode": "On",
    "Conference 1 MaxReceiveCallRate": "6000",
    "Conference 1 MaxTransmitCallRate": "6000",
    "NetworkServices H323 Mode": "On",
    "NetworkServices HTTP Mode": "On",
    "NetworkServices HTTPS Mode": "On",
    "NetworkServices NTP Address": "10.67.30.10",
    "NetworkServices NTP Mode": "Manual",
    "NetworkServices SIP Mode": "On",
    "NetworkServices SNMP CommunityName": "public",
    "NetworkServices SNMP Mode": "ReadOnly",
    "NetworkServices SSH Mode": "On",
    "NetworkServices Telnet Mode": "On",
    "Security Session InactivityTimeout": "0",
}
TC_FACTS = {
    "call.auto_answer": False,
    "call.encryption": "best-effort",
    "call.far_end_camera": True,
    "bandwidth.max_kbps": 6000,
    "service.h323.enabled": True,
    "service.http.enabled": True,
    "service.https.enabled": True,
    "service.sip.enabled": True,
    "service.snmp.enabled": True,
    "service.ssh.enabled": True,
    "service.telnet.enabled": True,
    "snmp.versions": ("1", "2c"),
    "snmp.default_community": True,
    "ntp.servers": ("10.67.30.10",),
    "management.idle_timeout_s": 0,
}


@pytest.mark.parametrize(
    "text",
    [lines(TC), lines(TC, quote=strings_only), xml(TC, head="", numbered=True), xml(TC, head="")],
    ids=["lines", "quoted", "XML, numbered", "XML"],
)
def test_the_settings_of_a_tc_release(text):
    assert told(text) == TC_FACTS


HTTPS = [
    ({"HTTP Mode": "On", "HTTPS Mode": "Off"}, True, False),
    ({"HTTP Mode": "Off", "HTTPS Mode": "On"}, False, True),
    ({"HTTP Mode": "On"}, True, None),
    ({"HTTP Mode": "Off"}, False, False),
    ({"HTTP Mode": "HTTPS"}, False, True),
    ({"HTTPS Mode": "On"}, None, True),
]


@pytest.mark.parametrize(("modes", "http", "https"), HTTPS)
def test_https_has_a_switch_of_its_own_in_old_releases(modes, http, https):
    found = told(lines({f"NetworkServices {path}": value for path, value in modes.items()}))
    assert found.get("service.http.enabled") is http
    assert found.get("service.https.enabled") is https


def test_that_https_is_off_is_not_concluded_from_a_part():
    cut = lines({"NetworkServices HTTP Mode": "Off"}, end="")
    assert "service.https.enabled" not in told(cut)


def test_the_status_of_a_tc_release():
    assert told(status()) == {
        "identity.vendor": "Cisco",
        "identity.family": "cisco-roomos",
        "identity.model": "Cisco TelePresence MX300",
        "identity.serial": "F1AN00L0001",
        "software.version": "TC7.3.2.14ad7cc",
        "call.active": 0,
        "ntp.synchronised": False,
        "interfaces": (Interface("Network 1", (IPv4Interface("10.67.101.10/24"),)),),
    }


VERSIONS = [
    *("TC5.1.0.280662", "TCNC5.1.0.280662", "TE4.2.0.259927", "F9.1", "ce8.1.0 PreAlpha1"),
    *("ce9.15.18.5.fa9a1b2c3d4", "ce11.28.1.5.04b277ca762", "ce26.0.0.51.ddab38ccabf"),
    *("RoomOS 11.5.4.6 5bd0a4e", "ce10.19.4.2"),
]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_forms_of_a_version(version):
    assert told(status(version))["software.version"] == version


@pytest.mark.parametrize("version", ["X8.11.4", "V500R002C10", "", "mới nhất"])
def test_a_version_of_something_else_is_not_understood(version):
    assert "software.version" not in told(status(version))


# --- heads and greetings -------------------------------------------------------------------------

GREETING = (
    "Welcome to phong-hop-1\r\n{product} Release {release}\r\nSW Release Date: 2018-12-12, x\r\n"
    "*r Login successful\r\n\r\nOK\r\n\r\n"
)
GREETINGS = [
    ("Cisco Codec", "ce9.6.1.4516ae5aaa1", "ce9.6.1.4516ae5aaa1"),
    ("Cisco Codec", "ce8.1.0 PreAlpha1 (TEST SW, x)", "ce8.1.0 PreAlpha1"),
    ("Cisco Codec", "TC7.3.2.14ad7cc", "TC7.3.2.14ad7cc"),
    ("TANDBERG Codec", "TC4.2.1.265253", "TC4.2.1.265253"),
    ("TANDBERG Codec", "F9.1 NTSC", "F9.1"),
    ("Cisco Router", "ce9.6.1", None),
    ("Cisco Codec", "\x1b[31m", None),
]


@pytest.mark.parametrize(("product", "release", "version"), GREETINGS)
def test_a_greeting_names_the_release_and_no_model(product, release, version):
    text = GREETING.format(product=product, release=release)
    found = told(text)
    assert found.get("software.version") == version
    assert found.keys() == (HEAD if version else set())
    if version:
        (citation,) = read([document(text)]).facts["software.version"].citations
        assert citation.line == 2


@pytest.mark.parametrize(
    "product", ["TANDBERG VCS", "Cisco Expressway", "Cisco TelePresence Conductor"]
)
def test_xml_of_another_product_tells_nothing(product):
    head = f'product="{product}" version="X8.11.4"'
    seen = document(xml(head=head))
    assert told(xml(head=head)) == {}
    assert [line.why for _, line in read([seen]).unread] == ["XML of something else than a codec"]


@pytest.mark.parametrize(
    ("head", "own", "version"),
    [
        ("ce9.6.1.4516ae5aaa1", "ce9.6.1.4516ae5aaa1", "ce9.6.1.4516ae5aaa1"),
        ("ce11.5.4.6.5bd0a4e", "ce11.5.4.6 5bd0a4e", "ce11.5.4.6 5bd0a4e"),
        ("ce9.6.1.4516ae5aaa1", "ce10.9.1.1.fb66b80147e", None),
        ("X8.11", "ce10.9.1.1.fb66b80147e", "ce10.9.1.1.fb66b80147e"),
    ],
)
def test_the_head_and_the_status_must_agree_on_the_release(head, own, version):
    text = xml(head=f'product="Cisco Codec" version="{head}"')
    assert told(text, status(own)).get("software.version") == version


# --- the family ----------------------------------------------------------------------------------


def test_the_first_account_and_the_ports_are_those_of_the_documents():
    (account,) = PLATFORM.default_accounts
    assert (account.name, account.password) == ("admin", "blank")
    ports = {(p.protocol, p.first, p.last) for p in PLATFORM.needed_ports}
    assert ports == {
        *(("tcp", 22, 22), ("tcp", 443, 443), ("tcp", 1720, 1720), ("tcp", 5060, 5061)),
        *(("udp", 1719, 1719), ("udp", 5060, 5060)),
    }
