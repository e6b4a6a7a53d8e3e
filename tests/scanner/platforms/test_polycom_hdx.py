"""Polycom HDX: recorded settings, answers and status, broken ones, and visits to a fake device."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from ipaddress import ip_interface
from pathlib import Path
from typing import Any

import pytest

from rules.facts import FACT_TYPES, Known, Unknown
from rules.network_facts import Interface
from scanner.evidence import Document
from scanner.platforms.polycom_hdx import PLATFORM, read

SAMPLES = "devices/polycom-hdx/hdx9006-3.1.14"


def document(content: str | bytes, source: str = "file") -> Document:
    raw = content.encode() if isinstance(content, str) else content
    return Document(raw, source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def facts_of(*contents: str | bytes) -> dict[str, Any]:
    return dict(read([document(content) for content in contents]).facts)


# --- recorded files --------------------------------------------------------------------------

RECORDED = {
    "system_settings.dat.csv": {
        "identity.vendor": ("Polycom", 102),
        "identity.family": ("polycom-hdx", 102),
        "identity.model": ("HDX 9006", 102),
        "identity.serial": ("881146109785CR", 82),
        "software.version": ("3.1.14", 89),
        "service.snmp.enabled": (True, 80),
        "service.sip.enabled": (True, 87),
        "call.auto_answer": (False, 149),
        "call.active": (0, 245),
        "ntp.servers": (("pool.ntp.org",), 125),
        "bandwidth.max_kbps": (384, 122),
    },
    "systemstatus.xml": {
        "call.active": (0, 2),
        "call.auto_answer": (True, 2),
        "ntp.synchronised": (True, 2),
    },
    "api_queries.txt": {
        "identity.vendor": ("Polycom", 4),
        "identity.family": ("polycom-hdx", 4),
        "identity.model": ("HDX 9006", 4),
        "identity.serial": ("881146109785CR", 2),
        "software.version": ("Release - 3.1.14-56008", 6),
    },
    "a_apicommand_serialnum.xml": {"identity.serial": ("881146109785CR", 5)},
    "api_callinfo_idle.txt": {"call.active": (0, 1)},
    "api_callinfo_in_call.txt": {"call.active": (1, 2)},
}


@pytest.mark.corpus
@pytest.mark.parametrize("file", sorted(RECORDED))
def test_recorded_files(shared: Path, file: str) -> None:
    facts = facts_of((shared / SAMPLES / file).read_bytes())
    told = {
        name: (fact.value, fact.citations[0].line)
        for name, fact in facts.items()
        if isinstance(fact, Known) and name != "accounts"
    }
    assert told == RECORDED[file]


@pytest.mark.corpus
def test_the_ages_of_passwords_and_what_is_not_told(shared: Path) -> None:
    facts = facts_of((shared / SAMPLES / "system_settings.dat.csv").read_bytes())
    accounts = {account.name: account for account in facts["accounts"].value}
    assert accounts["room"].changed == accounts["remote"].changed == date(2022, 7, 15)
    assert accounts["user0"].changed is None
    assert [c.line for c in facts["accounts"].citations] == [24, 72, 109, 123, 126, 215, 237]
    for name in (
        *("service.telnet.enabled", "service.https.enabled", "call.encryption"),
        *("management.idle_timeout_s", "snmp.versions", "snmp.default_community", "interfaces"),
    ):
        assert isinstance(facts[name], Unknown), name
    # the counters of failed logins are no limit
    lockout = facts["management.lockout_attempts"]
    assert isinstance(lockout, Unknown)
    assert [c.line for c in lockout.citations] == [97, 143, 150, 174]
    for name, default in (("telnet", "on (ports 23 and 24)"), ("http", "on"), ("h323", "on")):
        fact = facts[f"service.{name}.enabled"]
        assert isinstance(fact, Unknown)
        assert f"{default}, not shown by the device" in fact.reason.en


@pytest.mark.corpus
def test_recorded_files_together(shared: Path) -> None:
    names = ("system_settings.dat.csv", "systemstatus.xml", "api_queries.txt")
    facts = facts_of(*((shared / SAMPLES / name).read_bytes() for name in names))
    assert facts["software.version"].value == "Release - 3.1.14-56008"
    assert [c.line for c in facts["software.version"].citations] == [6, 89]
    assert facts["call.active"].value == 0
    # the setting says no and the status yes: they were saved at different times
    assert isinstance(facts["call.auto_answer"], Unknown)
    in_call = (shared / SAMPLES / "api_callinfo_in_call.txt").read_bytes()
    more = facts_of(in_call, (shared / SAMPLES / "systemstatus.xml").read_bytes())
    assert more["call.active"].value == 1


# --- variants --------------------------------------------------------------------------------

BASE = "model,HDX 7000\nsipenable,False\n"


@pytest.mark.parametrize(
    ("lines", "name", "value"),
    [
        ('snmpenabled,"False"', "service.snmp.enabled", False),
        ("snmpenabled,False", "snmp.versions", ()),
        ("  SNMPEnabled , true \r", "service.snmp.enabled", True),
        ("snmpenabled,Maybe", "service.snmp.enabled", None),
        ("snmpenabled,True\nsnmpenabled,False", "service.snmp.enabled", None),
        ("snmpcommunity,Public", "snmp.default_community", True),
        ("snmpcommunity,toa-nha", "snmp.default_community", False),
        ("snmpcommunity,******", "snmp.default_community", None),
        ('snmpcommunity,""', "snmp.default_community", None),
        ("answersinglecall,Yes", "call.auto_answer", True),
        ("answersinglecall,DoNotDisturb", "call.auto_answer", False),
        ("answersinglecall,No\nanswermultipointcall,Yes", "call.auto_answer", True),
        ("answersinglecall,No\nanswermultipointcall,?", "call.auto_answer", None),
        ("answermultipointcall,No", "call.auto_answer", None),
        ("incall,true", "call.active", 1),
        ("timeserver,Off\ntimeserverurl,old.vn", "ntp.servers", ()),
        ("timeserver,Auto\ntimeserverurl,old.vn", "ntp.servers", None),
        ("timeserverurl,old.vn", "ntp.servers", None),
        ('timeserver,Manual\ntimeserverurl,""', "ntp.servers", ()),
        ("timeserver,Manual\ntimeserverurl,<b>", "ntp.servers", None),
        ("maxtxbandwidth,512\nmaxrxbandwidth,1024", "bandwidth.max_kbps", 1024),
        ("maxtxbandwidth,512", "bandwidth.max_kbps", None),
        ("maxtxbandwidth,Auto\nmaxrxbandwidth,1024", "bandwidth.max_kbps", None),
        ("encryptionenable,RequiredAllCalls", "call.encryption", "required"),
        ("encryptionenable,Yes", "call.encryption", "best-effort"),
        ("productversion,3.0.5", "software.version", "3.0.5"),
        ("productversion,unknown", "software.version", None),
        (
            "dhcp_flg,Off\nconfiguredipaddress,10.1.1.2\nsubnetmask,255.255.255.0",
            "interfaces",
            (Interface("lan", (ip_interface("10.1.1.2/24"),)),),
        ),
        ("dhcp_flg,Client\nconfiguredipaddress,10.1.1.2\nsubnetmask,255.0.0.0", "interfaces", None),
    ],
)
def test_a_setting_is_understood(lines: str, name: str, value: Any) -> None:
    fact = facts_of(f"{BASE}{lines}\n")[name]
    if value is None:
        assert isinstance(fact, Unknown)
    else:
        assert isinstance(fact, Known)
        assert fact.value == value


def test_a_community_is_never_shown() -> None:
    for content in (f"{BASE}snmpcommunity,toa-nha-7\n", "snmpcommunity toa-nha-7\n"):
        fact = facts_of(content)["snmp.default_community"]
        assert fact.value is False
        assert "toa-nha-7" not in repr(fact)


GREETING = """Hi, my name is : Phong hop
Here is what I know about myself:
Model:                  HDX 8000 HD
Serial Number:          82071007E1DACD
Software Version:       Release - 3.0.5-22695
H323 Enabled:           False
SNMP Enabled:           True
"""


def test_the_greeting_may_stand_in_the_middle_of_answers() -> None:
    answers = "callinfo all\ncallinfo begin\ncallinfo:7:A:sip:a@b.vn:512:ringing:muted:incoming:x\n"
    facts = facts_of(answers + GREETING + "callinfo end\nencryption get\nencryption no\n")
    assert facts["call.active"].value == 1
    assert facts["call.encryption"].value == "off"
    assert facts["identity.model"].value == "HDX 8000 HD"
    assert facts["identity.model"].citations[0].line == 6
    assert facts["software.version"].value == "Release - 3.0.5-22695"
    assert facts["service.h323.enabled"].value is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("callinfo begin\ncallinfo:1:a:b\ncallinfo:2:a:b\ncallinfo end\n", 2),
        ("callinfo begin\ncallinfo:1:a:b\ncallinfo:1:a:b\ncallinfo end", 1),
        ("callinfo begin\ncallinfo:1:a:b\n", None),
        ("\rsystem is not in a call\r\n", 0),
    ],
)
def test_calls_are_counted(text: str, expected: int | None) -> None:
    fact = facts_of(text)["call.active"]
    assert isinstance(fact, Unknown) if expected is None else fact.value == expected


XML_ANSWER = """<?xml version='1.0'?>
<apicommands><apicommand><command status="success">version</command>
<result>version &quot;Release - 3.1.10-51067&quot;</result></apicommand>
<apicommand><command status="success">callinfo all</command><result>callinfo begin
callinfo:3:Xa:10.1.1.1:384:connected:notmuted:outgoing:videocall
callinfo end
</result></apicommand>
<apicommand><command status="error">autoanswer get</command>
<result>autoanswer yes</result></apicommand></apicommands>
"""


def test_an_answer_of_the_web_form_has_the_lines_of_its_results() -> None:
    facts = facts_of(XML_ANSWER)
    told = {name: (fact.value, fact.citations[0].line) for name, fact in facts.items()}
    assert told == {"software.version": ("Release - 3.1.10-51067", 3), "call.active": (1, 5)}


def status(**states: str) -> str:
    message = "<HELPLINE><TRANSLATE>{}</TRANSLATE></HELPLINE>"
    parts = []
    for name, said in states.items():
        state, _, text = said.partition(" ")
        parts.append(f"<{name}>{message.format(text)}<STATE>{state}</STATE></{name}>")
    return "<SYSTEMSTATUS>\n" + "\n".join(parts) + "\n</SYSTEMSTATUS>"


@pytest.mark.parametrize(
    ("content", "name", "value", "line"),
    [
        (status(MICS="off", INACALL="up"), "call.active", 1, 3),
        (status(INACALL="off"), "call.active", 0, 2),
        (status(AUTOANSWER="off DND_OFF_AA_OFF"), "call.auto_answer", False, 2),
        (status(AUTOANSWER="up DND_OFF_AA_OFF"), "call.auto_answer", None, 2),
        (status(TIMESERVER="down"), "ntp.synchronised", False, 2),
    ],
)
def test_system_status(content: str, name: str, value: Any, line: int) -> None:
    fact = facts_of(content)[name]
    assert fact.citations[0].line == line
    assert isinstance(fact, Unknown) if value is None else fact.value == value


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><SYSTEMSTATUS>&c;</SYSTEMSTATUS>'
HOSTILE = [
    "",
    b"\xff\xfe\x00\x01",
    BOMB,
    "<SYSTEMSTATUS/>",
    "<SYSTEMSTATUS><INACALL><STATE>perhaps</STATE></INACALL></SYSTEMSTATUS>",
    "<SYSTEMSTATUS><INACALL><STATE>up</STATE><STATE>off</STATE></INACALL></SYSTEMSTATUS>",
    "<a>" * 5000,
    "<apicommands><apicommand><result>version 3.1.4</result></apicommand></apicommands>",
    BASE + "model2,\x1b[2J<script>\u202e\nmaxtxbandwidth," + "9" * 5000 + "\n",
    "model,\x1b[31mHDX 1\u202e\nserialnumber,<b>\x1b]0;x\x07</b>\nproductversion,\x1b[0m3.1\n",
    "pwcreatetimemaxroom,99999999999999\n" * 3 + BASE,
    BASE + "pwcreatetimeminroom,99999999999999\npwcreatetimeminremote,1\n"
    "pwcreatetimeminuser0,1\npwcreatetimeminremoteuser0,1\n",
    "[" * 100_000,
    "model,HDX" + " " * 100_000 + "\nsipenable" + " " * 100_000,
]


@pytest.mark.parametrize("content", HOSTILE)
def test_hostile_content_never_raises(content: str | bytes) -> None:
    reading = read([document(content), document(content)])
    for name, fact in reading.facts.items():
        assert name in FACT_TYPES
        for text in [c.text for c in fact.citations] + [str(getattr(fact, "value", ""))]:
            assert not set("\x1b\u202e") & set(text)
        assert name != "call.active" or isinstance(fact, Unknown)


# --- versions --------------------------------------------------------------------------------


@pytest.mark.corpus
def test_versions_are_ordered_as_the_vendor_counts(shared: Path) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text())
    keys = [PLATFORM.version_key(v) for v in vectors["ascending"]["polycom-hdx"]]
    assert None not in keys
    assert len(keys) > 10
    assert keys == sorted(set(keys))  # type: ignore[type-var]


def test_a_build_does_not_make_another_release() -> None:
    key = PLATFORM.version_key
    assert key("Release - 3.1.14-56008") == key("3.1.14")
    for strange in ("", "ce9.6.1", "Release", "3", "3.1.14 <b>", "9" * 5000, "6.3-26 xyz"):
        assert key(strange) is None
