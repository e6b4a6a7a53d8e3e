"""D11.1-b: the running configuration against the baseline."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest

from rules.baseline import Comparison, default_baseline
from rules.facts import Citation, Facts, Known
from tests.rules.build import ABSENT, Case, finding, off, province, result_of
from tests.rules.values import NOW, UNKNOWN, certificate

LABEL = default_baseline().label
MEETS = f"meets baseline {LABEL}"


def broken(what: str) -> str:
    return f"not met of baseline {LABEL}: {what}"


def unread(what: str, why: str = UNKNOWN.reason.en) -> str:
    return f"not readable of baseline {LABEL}: {what} ({why})"


def vcs(name: str, value: object) -> dict[tuple[str, str], object]:
    return {("vcs", name): value}


SNMP_ON = {("vcs", "service.snmp.enabled"): True, ("vcs", "snmp.default_community"): False}

SEEN = replace(UNKNOWN, citations=(Citation("C", "xConfiguration", 7, "RemoteDebugging: x"),))

CASES = [
    Case("meets it", "PASS", MEETS),
    Case("telnet", "FAIL", broken("telnet is off"), vcs("service.telnet.enabled", True)),
    Case(
        "http",
        "FAIL",
        broken("unencrypted web management (HTTP) is off"),
        vcs("service.http.enabled", True),
    ),
    Case("encryption off", "FAIL", broken("media encryption is on"), vcs("call.encryption", "off")),
    Case(
        "encryption where the other side can", "PASS", MEETS, vcs("call.encryption", "best-effort")
    ),
    Case("auto-answer", "FAIL", broken("auto-answer is off"), vcs("call.auto_answer", True)),
    Case(
        "far-end camera is advice",
        "PASS",
        f"{MEETS}; advisable besides: the far end cannot move the camera",
        vcs("call.far_end_camera", True),
    ),
    Case("advice may stay unknown", "PASS", MEETS, vcs("call.far_end_camera", UNKNOWN)),
    Case(
        "signalling in the clear",
        "FAIL",
        broken("SIP signalling is encrypted (TLS)"),
        vcs("sip.encryption", "off"),
    ),
    Case(
        "signalling encrypted where the other side can",
        "PASS",
        MEETS,
        vcs("sip.encryption", "best-effort"),
    ),
    Case(
        "no SIP, no signalling to encrypt",
        "PASS",
        MEETS,
        {**vcs("sip.encryption", "off"), **vcs("service.sip.enabled", False)},
    ),
    Case(
        "a serial port without login",
        "FAIL",
        broken("the serial port is off or asks for a login"),
        vcs("serial_port.access", "open"),
    ),
    Case("no serial port in use", "PASS", MEETS, vcs("serial_port.access", "off")),
    Case(
        "debugging and support access",
        "FAIL",
        broken("the debugging interface is off; the vendor's support has no way in of its own"),
        {**vcs("debug.enabled", True), **vcs("support_access.enabled", True)},
    ),
    Case(
        "software without a signature starts",
        "FAIL",
        broken("secure boot: only software signed by the vendor starts"),
        vcs("boot.verified", False),
    ),
    Case(
        "open USB ports are advice",
        "PASS",
        f"{MEETS}; advisable besides: the USB ports are off",
        vcs("usb.enabled", True),
    ),
    Case(
        "a setting that the device does not have",
        "PASS",
        f"{MEETS}; nothing is known of: the debugging interface is off",
        vcs("debug.enabled", ABSENT),
    ),
    Case(
        "a setting that the device does not have, beside advice",
        "PASS",
        f"{MEETS}; nothing is known of: the debugging interface is off; "
        "advisable besides: the USB ports are off",
        {**vcs("debug.enabled", ABSENT), **vcs("usb.enabled", True)},
    ),
    Case(
        "a value that was seen and not understood is no setting that is missing",
        "UND",
        unread("the debugging interface is off"),
        vcs("debug.enabled", SEEN),
    ),
    Case(
        "a setting that was looked for and not found is no setting that is missing",
        "UND",
        unread("SIP signalling is encrypted (TLS)"),
        vcs("sip.encryption", UNKNOWN),
    ),
    Case(
        "accounts that nobody uses",
        "FAIL",
        broken("unused accounts are off (khach; thu)"),
        vcs("accounts.unused", ("khach", "thu")),
    ),
    Case(
        "accounts that could not be read",
        "UND",
        unread("unused accounts are off"),
        vcs("accounts.unused", UNKNOWN),
    ),
    Case(
        "no list of the accounts in use",
        "PASS",
        f"{MEETS}; nothing is known of: unused accounts are off",
        vcs("accounts.unused", ABSENT),
    ),
    Case(
        "no timeout",
        "FAIL",
        broken("idle sessions are logged off"),
        vcs("management.idle_timeout_s", 0),
    ),
    Case(
        "no lock-out",
        "FAIL",
        broken("failed logins lock the account"),
        vcs("management.lockout_attempts", 0),
    ),
    Case("no time server", "FAIL", broken("a time server (NTP) is set"), vcs("ntp.servers", ())),
    Case("no syslog", "FAIL", broken("the log is sent away (syslog)"), vcs("syslog.targets", ())),
    Case("snmp v3", "PASS", MEETS, {**SNMP_ON, ("vcs", "snmp.versions"): ("v3",)}),
    Case(
        "snmp v2c beside v3",
        "FAIL",
        broken("SNMP is off or version 3 only"),
        {**SNMP_ON, ("vcs", "snmp.versions"): ("2c", "3")},
    ),
    Case(
        "default community",
        "FAIL",
        broken("SNMP is off or version 3 only; SNMP uses no default community"),
        {
            ("vcs", "service.snmp.enabled"): True,
            ("vcs", "snmp.versions"): ("2c",),
            ("vcs", "snmp.default_community"): True,
        },
    ),
    Case(
        "a default community of a service that is off harms nobody",
        "PASS",
        MEETS,
        vcs("snmp.default_community", True),
    ),
    Case(
        "certificate expired a second ago",
        "FAIL",
        broken("certificates are valid (TLS 443: expired 2026-11-23; by hnth-crypto 2026.2)"),
        vcs("tls.certificates", (certificate(NOW - timedelta(seconds=1)),)),
    ),
    Case(
        "certificate in its last second",
        "PASS",
        MEETS,
        vcs("tls.certificates", (certificate(NOW),)),
    ),
    Case(
        "certificate not yet valid",
        "FAIL",
        broken(
            "certificates are valid (TLS 443: not valid before 2026-11-23; by hnth-crypto 2026.2)"
        ),
        vcs("tls.certificates", (certificate(not_before=NOW + timedelta(seconds=1)),)),
    ),
    Case(
        "one of two certificates expired",
        "FAIL",
        broken("certificates are valid (TLS 443: expired 2026-11-22; by hnth-crypto 2026.2)"),
        vcs("tls.certificates", (certificate(), certificate(NOW - timedelta(days=1)))),
    ),
    Case(
        "no certificate seen",
        "UND",
        unread(
            "certificates are valid (not seen to the end: TLS certificate; "
            "by hnth-crypto 2026.2); the certificate comes from a known authority and names the "
            "device (not seen to the end: TLS certificate; by hnth-crypto 2026.2)",
            "",
        ),
        vcs("tls.certificates", ()),
    ),
    Case("ntp unknown", "UND", unread("a time server (NTP) is set"), vcs("ntp.servers", UNKNOWN)),
    Case(
        "a violation outranks what is unknown",
        "FAIL",
        broken("telnet is off"),
        {**vcs("ntp.servers", UNKNOWN), **vcs("service.telnet.enabled", True)},
    ),
    Case(
        "the MCU has no auto-answer to judge",
        "PASS",
        MEETS,
        {("mcu", "call.auto_answer"): True},
        subject="mcu",
    ),
    Case(
        "the MCU admits any address",
        "FAIL",
        broken("the device restricts management addresses"),
        {("mcu", "management.allowlist"): ()},
        subject="mcu",
    ),
    Case(
        "the MCU's list holds everybody",
        "FAIL",
        broken("the device restricts management addresses"),
        {("mcu", "management.allowlist"): (ip_network("::/0"),)},
        subject="mcu",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hardened_configuration(case: Case) -> None:
    assert result_of(case, "D11.1-b", "vcs") == (case.outcome, case.reason)


def test_a_switched_off_device_is_undetermined_for_one_reason() -> None:
    found = finding(province(off("vcs")), "D11.1-b", "vcs")
    assert found.outcome == "UND"
    assert found.reason.en.count("the device is switched off or cannot be reached") == 1


@pytest.mark.parametrize(
    "name",
    [
        "service.telnet.enabled",
        "service.http.enabled",
        "call.encryption",
        "call.auto_answer",
        "management.idle_timeout_s",
        "management.lockout_attempts",
        "service.snmp.enabled",
        "ntp.servers",
        "syslog.targets",
        "tls.certificates",
    ],
)
def test_every_mandatory_fact_has_to_be_known(name: str) -> None:
    assert finding(province(vcs(name, UNKNOWN)), "D11.1-b", "vcs").outcome == "UND"


def compared(facts: Facts) -> Comparison:
    return default_baseline().held_against("vcs", facts, NOW)


def test_a_fact_that_the_family_never_supplies_is_not_reported() -> None:
    facts = Facts({"service.telnet.enabled": Known(False)})
    absent = {entry.fact for entry in compared(facts).not_reported}
    assert absent == {
        *(
            "sip.encryption",
            "serial_port.access",
            "debug.enabled",
            "support_access.enabled",
            "boot.verified",
            "accounts.unused",
        )
    }
    assert absent.isdisjoint(one.entry.fact for one in compared(facts).judged)


def test_nothing_is_said_to_be_missing_from_a_device_of_which_nothing_good_was_read() -> None:
    for facts in (Facts(), Facts({"service.telnet.enabled": Known(True)})):
        assert compared(facts).not_reported == ()
        assert not any(one.met for one in compared(facts).judged)
