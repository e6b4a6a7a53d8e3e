"""Management, network and bandwidth facts of a FortiGate."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, ip_interface
from pathlib import Path
from typing import Any

import pytest

from rules.facts import DeviceAccount, Known, SyslogTarget, Unknown
from rules.network_facts import Interface, Route
from scanner.evidence import Document
from scanner.platforms.fortios.collect import COMMANDS, collect, without_secrets
from scanner.platforms.fortios.versions import version_key
from tests.scanner.platforms.fortios.forti import (
    FORTIOS,
    SHARED,
    document,
    line_of,
    policies,
    policy,
    reading,
)

SAMPLE = (Path(__file__).parents[1] / "samples/fortios/province-edge/firewall.conf").read_text()


def value(text: str, name: str) -> Any:
    """The value of a fact; `unknown` when it is not known; None when it is not there."""
    fact = reading(text).facts.get(name)
    return fact.value if isinstance(fact, Known) else None if fact is None else "unknown"


def section(path: str, *lines: str) -> str:
    return f"config {path}\n" + "".join(f"    {line}\n" for line in lines) + "end\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("identity.vendor", "Fortinet"),
        ("identity.model", "FortiGate-100F"),
        ("software.version", "7.2.8"),
        ("management.idle_timeout_s", 600),
        ("management.lockout_attempts", 3),
        ("management.allowlist", (IPv4Network("10.20.0.0/24"), IPv4Network("10.20.0.50/32"))),
        ("service.ssh.enabled", True),
        ("service.telnet.enabled", False),
        ("service.http.enabled", False),
        ("service.snmp.enabled", True),
        ("password_policy.min_length", 10),
        ("password_policy.special", 1),
        ("password_policy.max_age_days", 180),
        ("ntp.servers", ("10.20.0.123", "10.20.0.124")),
        ("syslog.targets", (SyslogTarget("10.20.0.60", 514, "udp"),)),
        ("snmp.versions", ("2c",)),
        ("snmp.default_community", True),
        ("vlans", (31, 32, 67)),
        (
            "accounts",
            (
                DeviceAccount(
                    "admin", "super_admin", True, allowed_hosts=("10.20.0.0/24",), password_set=True
                ),
                DeviceAccount(
                    "auditor",
                    "super_admin_readonly",
                    False,
                    allowed_hosts=("10.20.0.50/32",),
                    password_set=True,
                ),
            ),
        ),
        (
            "routes",
            (
                Route(IPv4Network("0.0.0.0/0"), IPv4Address("203.0.113.1"), "wan1", 10),
                Route(IPv4Network("172.16.5.0/24"), IPv4Address("203.0.113.6"), "wan1", 5),
            ),
        ),
    ],
)
def test_facts_of_the_sample(name: str, expected: Any) -> None:
    found = value(SAMPLE, name)
    if name == "routes":
        found = tuple(route for route in found if route.via is not None)
    assert found == expected


def test_an_interface_has_all_its_addresses() -> None:
    interfaces = value(SAMPLE, "interfaces")
    assert interfaces[2] == Interface(
        "hnth",
        (ip_interface("10.67.10.1/24"), ip_interface("2001:db8:67::1/64")),
        67,
        None,
        True,
    )
    assert interfaces[1].addresses[1] == ip_interface("10.20.1.1/24")


ADMIN = ('edit "admin"', '    set accprofile "super_admin"', "next")


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        # what `show` leaves out is not taken for granted
        (section("system global", "set hostname x"), "management.idle_timeout_s", "unknown"),
        (section("system global", "set admintimeout 480"), "management.idle_timeout_s", 28800),
        (section("system global", "set admintimeout x"), "management.idle_timeout_s", "unknown"),
        (
            section("system global", "set admintimeout 5", "set admintimeout 480"),
            "management.idle_timeout_s",
            "unknown",
        ),
        (section("system admin", *ADMIN), "management.allowlist", "unknown"),
        (
            section("system admin", *ADMIN[:2], "    set trusthost1 0.0.0.0 0.0.0.0", "next"),
            "management.allowlist",
            (),
        ),
        (
            section(
                "system admin",
                *ADMIN[:2],
                "    set trusthost1 10.1.1.0 255.255.255.0",
                "    set trusthost2 0.0.0.0 0.0.0.0",
                "next",
            ),
            "management.allowlist",
            (IPv4Network("10.1.1.0/24"),),
        ),
        (section("system admin", *ADMIN).removesuffix("end\n"), "accounts", "unknown"),
        (section("system password-policy", "set status disable"), "password_policy.min_length", 0),
        (
            section("system password-policy", "set minimum-length 12"),
            "password_policy.min_length",
            "unknown",
        ),
        (
            section(
                "system password-policy",
                "set status enable",
                "set apply-to ipsec-preshared-key",
                "set minimum-length 12",
            ),
            "password_policy.min_length",
            0,
        ),
        (section("system ntp", "set ntpsync disable"), "ntp.servers", ()),
        (section("system ntp", "set ntpsync enable"), "ntp.servers", "unknown"),
        (
            section("system ntp", "set ntpsync enable", "set type fortiguard"),
            "ntp.servers",
            "unknown",
        ),
        (section("log syslogd setting", "set status disable"), "syslog.targets", None),
        (
            "".join(
                section(f"log syslogd{n} setting", "set status disable")
                for n in ("", "2", "3", "4")
            ),
            "syslog.targets",
            (),
        ),
        (
            section(
                "log syslogd3 setting",
                "set status enable",
                'set server "log.example.vn"',
                "set mode reliable",
                "set enc-algorithm high",
            ),
            "syslog.targets",
            (SyslogTarget("log.example.vn", None, "tls"),),
        ),
        (section("log syslogd setting", "set status enable"), "syslog.targets", "unknown"),
        (
            section("system interface", "edit a", "    set allowaccess ssh telnet", "next"),
            "service.telnet.enabled",
            True,
        ),
        (
            section(
                "system interface",
                "edit a",
                "    set allowaccess ssh telnet",
                "    set status down",
                "next",
            ),
            "service.telnet.enabled",
            False,
        ),
        (
            section(
                "system interface", "edit a", "    set allowaccess ssh", "next", "edit b", "next"
            ),
            "service.telnet.enabled",
            "unknown",
        ),
        (
            section("system interface", "edit a", "    unset allowaccess", "next"),
            "service.ssh.enabled",
            False,
        ),
        (
            section("system interface", "edit a", "    set allowaccess snmp", "next")
            + section("system snmp sysinfo", "set status disable"),
            "service.snmp.enabled",
            False,
        ),
        (
            section("system snmp community", "edit 1", '    set name "k3y"', "next"),
            "snmp.default_community",
            False,
        ),
        (
            section("router static", "edit 1", '    set dstaddr "branches"', "next"),
            "routes",
            "unknown",
        ),
        (
            section("router static", "edit 1", "    set status disable", "next"),
            "routes",
            (),
        ),
    ],
)
def test_settings(text: str, name: str, expected: Any) -> None:
    assert value(text, name) == expected


def test_two_files_that_disagree_leave_a_fact_open() -> None:
    other = SAMPLE.replace("admintimeout 10", "admintimeout 480")
    facts = FORTIOS.read([document(SAMPLE, "a"), document(other, "b")]).facts
    assert isinstance(facts["management.idle_timeout_s"], Unknown)
    assert isinstance(facts["management.lockout_attempts"], Known)


SHAPER = """\
config firewall shaper traffic-shaper
    edit "video"
        {lines}
    next
end
"""


@pytest.mark.parametrize(
    ("lines", "reserved"),
    [
        ("set guaranteed-bandwidth 2000", 2000),  # kilobits where no unit is set
        ("set guaranteed-bandwidth 2\n        set bandwidth-unit mbps", 2000),
        ("set guaranteed-bandwidth 1\n        set bandwidth-unit gbps", 1000000),
        ("set guaranteed-bandwidth 2\n        set bandwidth-unit kbps", 2),
        ("set maximum-bandwidth 4000", None),  # a limit guarantees nothing
        ("set guaranteed-bandwidth 2\n        set bandwidth-unit stones", None),
    ],
)
def test_guaranteed_bandwidth_in_its_unit(lines: str, reserved: int | None) -> None:
    text = SHARED + SHAPER.format(lines=lines)
    text += policies(policy(1, traffic_shaper='"video"', traffic_shaper_reverse='"video"'))
    out, back = value(text, "qos.classes")
    assert (out.interface, out.direction, out.reserved_kbps) == ("dmz", "out", reserved)
    assert back.interface == "lan"
    assert out.line == line_of(text, 'set traffic-shaper "video"')
    assert bool(out.why) == (reserved is None)


def test_shapers_of_policies_that_are_off_or_deny_keep_nothing() -> None:
    text = SHARED + SHAPER.format(lines="set guaranteed-bandwidth 2000")
    off = policy(1, traffic_shaper='"video"', status="disable")
    denies = policy(2, traffic_shaper='"video"', action="deny")
    assert value(text + policies(off, denies), "qos.classes") == ()
    assert value(text, "qos.classes") == "unknown"  # no policies are shown


def test_a_share_of_a_line_by_a_shaping_profile() -> None:
    text = SHARED.replace(
        'edit "wan"\n',
        'edit "wan"\n        set outbandwidth 20000\n        set egress-shaping-profile "line"\n',
    )
    text += (
        'config firewall shaping-profile\n    edit "line"\n        config shaping-entries\n'
        "            edit 1\n                set class-id 3\n"
        "                set guaranteed-bandwidth-percentage 10\n            next\n        end\n"
        "    next\nend\nconfig firewall shaping-policy\n"
        + policy(1, dstintf='"wan"', action="", class_id="3")
        + "end\n"
    )
    one, whole = value(text, "qos.classes")
    assert (one.interface, one.reserved_kbps, len(one.matches)) == ("wan", 2000, 1)
    assert (whole.interface, whole.keeps, whole.limit_kbps) == ("wan", False, 20000)


def test_the_status_names_a_model_better_than_its_code() -> None:
    code = SAMPLE.replace("FG100F", "FG3H0E")
    status = "Version: FortiGate-300E v7.2.8,build1639,240313 (GA.M)\n"
    for one, other in ((code, status), (status, code)):
        facts = FORTIOS.read([document(one, "a"), document(other, "b")]).facts
        assert isinstance(facts["identity.model"], Known)
        assert facts["identity.model"].value == "FortiGate-300E"
    facts = FORTIOS.read([document(SAMPLE, "a"), document(status, "b")]).facts
    assert isinstance(facts["identity.model"], Unknown)


@pytest.mark.parametrize(
    ("one", "other"), [("7.2.3", "7.2.10"), ("7.0.15", "7.2.0"), ("6.4.9", "v7.2.5,build1517")]
)
def test_versions_are_ordered_by_number(one: str, other: str) -> None:
    first, second = version_key(one), version_key(other)
    assert first is not None
    assert second is not None
    assert first < second


def test_system_status_tells_what_the_device_is() -> None:
    text = (
        "Version: FortiGate-100F v7.2.8,build1639,240313 (GA.M)\nSerial-Number: FG100FTK00000001\n"
    )
    assert value(text, "identity.model") == "FortiGate-100F"
    assert value(text, "software.version") == "7.2.8"
    assert value(text, "identity.serial") == "FG100FTK00000001"


# --- secrets and collection --------------------------------------------------------------------

SECRETS = """\
config system admin
    edit "admin"
        set password ENC SH2aBcDeFgHiJkLmNoPq=
    next
end
config vpn ipsec phase1-interface
    edit "x"
        set psksecret ENC AbCdEfGhIj0123456789==
        set ppk-secret tell-nobody
    next
end
config system snmp community
    edit 1
        set name "k3y-of-all"
    next
    edit 2
        set name "public"
    next
end
config vpn certificate local
    edit "y"
        set private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIIFHDBOBgkqhkiG9w0BBQ0wQTApBgkqhkiG9w0BBQwwHAQI
-----END ENCRYPTED PRIVATE KEY-----"
    next
end
"""
HIDDEN = ("SH2a", "AbCd", "tell-nobody", "k3y-of-all", "MIIF")


def test_collected_answers_hold_no_secrets_and_keep_their_lines() -> None:
    shown = without_secrets(document(SECRETS))
    assert not any(secret in shown.text for secret in HIDDEN)
    assert '"public"' in shown.text
    assert len(shown.lines) == len(document(SECRETS).lines)
    assert configuration_is_whole(shown)


def configuration_is_whole(one: Document) -> bool:
    return isinstance(FORTIOS.read([one]).facts["accounts"], Known)


def test_no_fact_of_a_file_with_secrets_holds_one() -> None:
    assert not any(secret in repr(reading(SECRETS)) for secret in HIDDEN)


def test_only_commands_that_show_are_sent() -> None:
    sent: list[str] = []

    class Line:
        def __enter__(self) -> Line:
            return self

        def __exit__(self, *_: object) -> None: ...

        def run(self, command: str, *, until: str | None = None) -> Document:
            sent.append(command)
            return document(SECRETS, command)

    class Access:
        def shell(self, dialect: str) -> Line:
            assert dialect == "fortinet"
            return Line()

    documents = list(collect(Access()))  # type: ignore[arg-type]
    assert tuple(sent) == COMMANDS
    assert all(command.startswith(("get ", "show ")) for command in sent)
    assert not any(secret in d.text for d in documents for secret in HIDDEN)
