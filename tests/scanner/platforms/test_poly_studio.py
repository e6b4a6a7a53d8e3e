"""Poly G7500 and Studio X: recorded answers, and the settings one by one."""

from __future__ import annotations

from ipaddress import ip_interface
from pathlib import Path
from typing import Any

import pytest

from rules.facts import DeviceAccount, Known, SyslogTarget, Unknown
from scanner.platforms.poly_studio import read
from tests.scanner.platforms.poly_studio_exports import (
    BASE,
    SAMPLES,
    document,
    export_text,
    facts_of,
    values,
)


@pytest.fixture
def export(shared: Path) -> bytes:
    return (shared / SAMPLES / "exportConfiguration.cfg").read_bytes()


# --- recorded answers ------------------------------------------------------------------------

EXPORT_FACTS = [
    ("identity.vendor", "Poly", 283),
    ("identity.family", "poly-studio", 283),
    ("service.telnet.enabled", False, 280),
    ("service.ssh.enabled", True, 276),
    ("service.https.enabled", True, 282),
    ("service.http.enabled", True, 283),
    ("service.snmp.enabled", False, 291),
    ("service.sip.enabled", True, 367),
    ("service.h323.enabled", True, 355),
    ("snmp.versions", (), 291),
    ("snmp.default_community", True, 289),
    ("management.idle_timeout_s", 600, 284),
    ("management.lockout_attempts", 10, 225),
    ("password_policy.min_length", 0, 260),
    ("password_policy.digits", 0, 261),
    ("password_policy.lowercase", 0, 255),
    ("password_policy.uppercase", 0, 264),
    ("password_policy.special", 0, 263),
    ("password_policy.history", 0, 262),
    ("password_policy.max_age_days", 0, 256),
    ("accounts", (DeviceAccount("admin", "admin", True),), 227),
    ("call.encryption", "best-effort", 11),
    ("call.auto_answer", False, 6),
    ("call.far_end_camera", False, 343),
    ("sip.encryption", "best-effort", 374),
    ("serial_port.access", "login", 275),
    ("usb.enabled", True, 281),
    ("tls.min_version", "TLSv1.2", 216),
    ("syslog.targets", (), 131),
    ("bandwidth.max_kbps", 6144, 17),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "value", "line"), EXPORT_FACTS)
def test_a_recorded_export_gives_the_fact_with_its_line(export, name, value, line) -> None:
    fact = facts_of(export)[name]
    assert isinstance(fact, Known)
    assert (fact.value, fact.citations[0].line) == (value, line)


@pytest.mark.corpus
def test_what_a_recorded_export_does_not_tell_is_unknown_or_absent(export) -> None:
    reading = read([document(export)])
    automatic = reading.facts["ntp.servers"]
    assert isinstance(automatic, Unknown)
    assert automatic.citations[0].line == 62
    assert reading.unread == ()
    for name in ("management.allowlist", "identity.model", "software.version", "call.active"):
        assert name not in reading.facts
    own = reading.facts["interfaces"]
    assert isinstance(own, Known)
    assert [(i.name, i.addresses) for i in own.value] == [
        ("wired", (ip_interface("192.168.1.48/24"),))
    ]
    assert [c.line for c in own.citations] == [84, 105]
    told = {name for name, fact in reading.facts.items() if isinstance(fact, Known)}
    assert told == {name for name, _, _ in EXPORT_FACTS} | {"interfaces"}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "rest_system.json",
            {
                "identity.vendor": ("Poly", 10),
                "identity.family": ("poly-studio", 10),
                "identity.model": ("StudioX30", 10),
                "identity.serial": ("8L21385D98DAFC", 12),
                "software.version": ("3.10.0", 13),
                "ntp.synchronised": (True, 18),
            },
        ),
        (
            "rest_devicemanagement_devices.json",
            {
                "identity.vendor": ("Poly", 10),
                "identity.family": ("poly-studio", 10),
                "identity.model": ("StudioX30", 10),
                "software.version": ("3.10.0", 12),
            },
        ),
        ("rest_conferences_initial.json", {"call.active": (0, 1)}),
        ("rest_conferences_in_call.json", {"call.active": (1, 107)}),
        ("rest_system_status.json", {"call.auto_answer": (False, 60)}),
        ("rest_session.json", {}),
    ],
)
def test_recorded_rest_answers(shared: Path, file: str, expected: dict[str, Any]) -> None:
    facts = facts_of((shared / SAMPLES / file).read_bytes())
    told = {
        name: (fact.value, fact.citations[0].line)
        for name, fact in facts.items()
        if isinstance(fact, Known)
    }
    assert told == expected


@pytest.mark.corpus
def test_all_recorded_answers_together_agree(shared: Path) -> None:
    files = sorted((shared / SAMPLES).iterdir())
    documents = [document(f.read_bytes()) for f in files if "in_call" not in f.name]
    told = values(dict(read(documents).facts))
    assert told["identity.serial"] == "8L21385D98DAFC"
    assert told["call.auto_answer"] is False
    assert told["call.active"] == 0
    assert told["service.telnet.enabled"] is False


# --- settings one by one ---------------------------------------------------------------------

CHANGES: list[tuple[dict[str, str | None], str, Any]] = [
    ({}, "service.telnet.enabled", True),
    ({}, "service.http.enabled", False),
    ({"sec.web.httpsOnly": "False"}, "service.http.enabled", True),
    ({"sec.web.enable": "False"}, "service.http.enabled", False),
    ({"sec.web.httpsOnly": None}, "service.http.enabled", None),
    ({}, "snmp.versions", ("2c", "3")),
    ({"snmp.version2.enable": None}, "snmp.versions", None),
    ({"snmp.enable": "false", "snmp.version2.enable": None}, "snmp.versions", ()),
    ({"snmp.community": "Private"}, "snmp.default_community", True),
    ({"snmp.community": "&lt;redacted&gt;"}, "snmp.default_community", False),
    ({"snmp.community": "REMOVED_SECURE_CONTENT"}, "snmp.default_community", None),
    ({"snmp.community": "***"}, "snmp.default_community", None),
    ({}, "management.idle_timeout_s", 900),
    ({"sec.web.idleSessionTimeout": "Off"}, "management.idle_timeout_s", 0),
    ({"sec.web.idleSessionTimeout": "soon"}, "management.idle_timeout_s", None),
    ({}, "management.lockout_attempts", 5),
    (
        {"sec.auth.accountLockout.admin.lockoutAttempts": "Off"},
        "management.lockout_attempts",
        0,
    ),
    ({}, "password_policy.min_length", 10),
    ({"sec.auth.admin.room.password.minLength": "16"}, "password_policy.min_length", 12),
    ({"sec.auth.admin.room.password.minLength": None}, "password_policy.min_length", None),
    (
        dict.fromkeys(key for key in BASE if ".room.password." in key),
        "password_policy.min_length",
        12,
    ),
    ({"sec.auth.admin.room.password.minLength": "All"}, "password_policy.min_length", None),
    ({"sec.auth.remote.password.minLength": None}, "password_policy.min_length", None),
    ({}, "password_policy.max_age_days", 90),
    ({"sec.auth.remote.password.maxAge": "Off"}, "password_policy.max_age_days", 0),
    ({}, "accounts", (DeviceAccount("quantri", "admin", True),)),
    ({"sec.auth.external.AD.enable": "true"}, "accounts", None),
    ({"sec.auth.external.AD.enable": None}, "accounts", None),
    ({"sec.auth.admin.id": ""}, "accounts", None),
    ({"sec.auth.admin.id": "REMOVED_SECURE_CONTENT"}, "accounts", None),
    (
        {"sec.auth.user.id": "phonghop"},
        "accounts",
        (DeviceAccount("quantri", "admin", True), DeviceAccount("phonghop", "user", None)),
    ),
    ({}, "tls.min_version", "TLSv1.1"),
    ({"sec.TLS.minimumVersion": "tlsv1"}, "tls.min_version", "TLSv1.0"),
    ({"sec.TLS.minimumVersion": "TLSv1.3"}, "tls.min_version", "TLSv1.3"),
    ({"sec.TLS.minimumVersion": "sslv3"}, "tls.min_version", None),
    ({"voIpProt.SIP.transport": "TLS"}, "sip.encryption", "required"),
    ({"voIpProt.SIP.transport": "Auto"}, "sip.encryption", "best-effort"),
    ({"voIpProt.SIP.transport": "TCP"}, "sip.encryption", "off"),
    ({"voIpProt.SIP.transport": "UDP"}, "sip.encryption", "off"),
    ({"voIpProt.SIP.transport": "TLS_or_TCP"}, "sip.encryption", None),
    ({"sec.serialPort.login.mode": "adminpassword"}, "serial_port.access", "login"),
    ({"sec.serialPort.login.mode": "None"}, "serial_port.access", "open"),
    ({"sec.serialPort.login.mode": "whatever"}, "serial_port.access", None),
    ({"sec.usb.disableAll": "true"}, "usb.enabled", False),
    ({"sec.usb.disableAll": "false"}, "usb.enabled", True),
    ({"sec.usb.disableAll": "some"}, "usb.enabled", None),
    ({}, "call.encryption", "required"),
    ({"call.encryption.requireAES": "Required_Video"}, "call.encryption", "best-effort"),
    ({"call.encryption.requireAES": "Off"}, "call.encryption", "off"),
    ({"call.encryption.requireAES": "Sometimes"}, "call.encryption", None),
    ({}, "call.auto_answer", False),
    ({"call.autoAnswer.answerP2PCall": "Yes"}, "call.auto_answer", True),
    ({"call.autoAnswer.answerP2PCall": "Do_Not_Disturb"}, "call.auto_answer", False),
    ({"call.autoAnswer.answerMultipointCall": "Yes"}, "call.auto_answer", True),
    ({"call.autoAnswer.answerMultipointCall": "Maybe"}, "call.auto_answer", None),
    ({"call.autoAnswer.answerP2PCall": None}, "call.auto_answer", None),
    ({}, "call.far_end_camera", True),
    ({}, "ntp.servers", ("10.0.0.5",)),
    ({"device.local.ntpServer.mode": "Auto"}, "ntp.servers", None),
    ({"device.local.ntpServer.mode": "Off"}, "ntp.servers", ()),
    ({}, "syslog.targets", (SyslogTarget("10.0.0.6", None, "tls"),)),
    (
        {"device.syslog.serverName": "log.vn:6514", "device.syslog.transport": "TCP"},
        "syslog.targets",
        (SyslogTarget("log.vn", 6514, "tcp"),),
    ),
    ({"device.syslog.serverName": ""}, "syslog.targets", ()),
    ({"device.syslog.enable": None}, "syslog.targets", None),
    ({"device.syslog.transport": None}, "syslog.targets", None),
    ({}, "bandwidth.max_kbps", 4096),
    ({"call.preferredSpeed.outgoing": None}, "bandwidth.max_kbps", None),
    ({"device.net.ipAddress": "0.0.0.0"}, "interfaces", None),
    ({"device.net.secondaryNetwork.type": "WiFi"}, "interfaces", None),
    (
        {"device.net.secondaryNetwork.type": None, "device.net.secondaryNetwork.mode": "Manually"},
        "interfaces",
        None,
    ),
]


@pytest.mark.parametrize(("changes", "name", "value"), CHANGES)
def test_a_setting_is_understood(changes: dict[str, str | None], name: str, value: Any) -> None:
    fact = facts_of(export_text(changes))[name]
    if value is None:
        assert isinstance(fact, Unknown)
    else:
        assert isinstance(fact, Known)
        assert fact.value == value


def test_the_wireless_interface_is_read_where_it_has_an_address() -> None:
    second = {
        "device.net.secondaryNetwork.type": "WiFi",
        "device.net.secondaryNetwork.ipAddress": "10.9.0.2",
        "device.net.secondaryNetwork.subnetMask": "255.255.255.0",
    }
    found = facts_of(export_text(second))["interfaces"].value
    assert [(i.name, i.addresses) for i in found] == [
        ("wired", (ip_interface("10.0.0.9/25"),)),
        ("wifi", (ip_interface("10.9.0.2/24"),)),
    ]


@pytest.mark.parametrize("key", sorted(BASE))
def test_without_a_key_nothing_else_is_said(key: str) -> None:
    whole = {
        **values(facts_of(export_text())),
        # what then remains is the empty list of servers
        **({"ntp.servers": ()} if key.endswith("ntpServer.address.1") else {}),
    }
    assert values(facts_of(export_text({key: None}))).items() <= whole.items()


def test_no_key_no_fact() -> None:
    assert values(facts_of(export_text(dict.fromkeys(BASE)))) == {}


VARIANTS = {
    "CR LF": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: "\ufeff" + text,
    "single quotes": lambda text: text.replace('"', "'"),
    "spaces": lambda text: text.replace("=", " = ").replace('"true"', '" true "'),
    "self-closing": lambda text: text.replace("></ALL>", "/>"),
    "one line": lambda text: text.replace("\n", " "),
    "other order": lambda text: "\n".join(
        (lines := text.split("\n"))[:3] + sorted(lines[3:-4], reverse=True) + lines[-4:]
    ),
    "comments": lambda text: text.replace("<PHONE", "<!-- a\nsec.telnet.enable='no' -->\n<PHONE"),
    "two elements": lambda text: text.replace("     sec.ssh", "  ></ALL>\n  <SEC\n     sec.ssh"),
    "upper case": lambda text: text.replace("sec.telnet.enable", "sec.Telnet.Enable"),
    "white space first": lambda text: "\n\n  " + text,
    "twice": lambda text: text * 2,
}


@pytest.mark.parametrize("how", VARIANTS)
def test_the_form_of_an_export_does_not_matter(how: str) -> None:
    changed = VARIANTS[how](export_text())
    assert values(facts_of(changed)) == values(facts_of(export_text()))
    telnet = facts_of(changed)["service.telnet.enabled"].citations[0]
    assert "telnet" in changed.split("\n")[telnet.line - 1].lower()
    assert "telnet" in telnet.text.lower()


def test_a_key_with_two_values_is_unknown() -> None:
    text = export_text().replace(
        '     sec.ssh.enable="false"', '     sec.ssh.enable="false"\n     sec.ssh.enable="true"'
    )
    assert isinstance(facts_of(text)["service.ssh.enabled"], Unknown)


def test_the_export_of_a_phone_is_not_taken_for_this_family() -> None:
    text = '<PHONE_CONFIG>\n<ALL\n reg.1.address="101"\n/>\n</PHONE_CONFIG>'
    assert values(facts_of(text)) == {}


def test_documents_that_disagree_give_an_unknown() -> None:
    status = '[{"name": "system.status.autoanswerp2p", "stateList": ["on"]}]'
    facts = read([document(export_text()), document(status)]).facts
    assert isinstance(facts["call.auto_answer"], Unknown)


@pytest.mark.parametrize(
    ("model", "is_ours"),
    [
        ("StudioX50", True),
        ("Poly Studio X70", True),
        ("G7500", True),
        ("StudioG62", True),
        ("RealPresence Group 500", False),
        ("HDX 7000", False),
    ],
)
def test_the_family_is_known_by_its_models(model: str, is_ours: bool) -> None:
    told = values(facts_of(f'{{"model": "{model}", "softwareVersion": "4.1.0"}}'))
    assert told["identity.model"] == model
    assert ("identity.family" in told) is is_ours


def test_the_second_conference_is_cited_when_it_is_the_one_that_is_up() -> None:
    text = '[{"isActive": false, "connections": []},\n{"isActive": true, "connections": []}]'
    fact = facts_of(text)["call.active"]
    assert (fact.value, fact.citations[0].line) == (1, 2)
