"""Typed on network devices, the remedies put right what their readers read."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any

import pytest

from rules.facts import SyslogTarget
from scanner.platforms import find
from scanner.remedies import _Values
from tests.scanner.test_remedies import (
    DEVICE,
    LISTED,
    PLACE,
    SAMPLES,
    _commands,
    finding,
    value,
)

FORTI = "fortios/province-edge/firewall.conf"
VRP = "huawei-vrp/usg/current-configuration.txt"
SRX = "juniper-srx/set-form.conf"
SET_FORM = """\
set version 21.4R3.15
set system host-name srx-tinh
set system root-authentication encrypted-password REDACTED
set system login idle-timeout 0
set system login user netadmin class super-user
set system services ssh root-login allow
set system services telnet
set system services ftp
set system services web-management http interface ge-0/0/0.0
set system services web-management https system-generated-certificate
set snmp community public authorization read-only
set security zones security-zone hnth interfaces ge-0/0/1.0
set security policies default-policy permit-all
set interfaces ge-0/0/1 unit 0 family inet address 10.20.1.1/24
"""


@pytest.mark.parametrize(
    ("spoilt", "by", "fact", "right"),
    [
        (r"set admin-telnet disable", "", "service.telnet.enabled", False),
        (r"set admintimeout .*", "set admintimeout 480", "management.idle_timeout_s", 600),
        (r"set admin-lockout-threshold .*", "", "management.lockout_attempts", 5),
        (r"set minimum-length .*", "set minimum-length 6", "password_policy.min_length", 8),
        (r"set min-number .*", "set min-number 0", "password_policy.digits", 1),
        (r"set min-lower.*", "", "password_policy.lowercase", 1),
        (r"set min-upper.*", "", "password_policy.uppercase", 1),
        (r"set min-non.*", "", "password_policy.special", 1),
        (r"set expire-day .*", "set expire-day 999", "password_policy.max_age_days", 180),
        (r"config log syslogd setting\n(.*\n)*?end\n", "", "syslog.targets", ("10.9.9.3",)),
        (r"config system ntp\n(.*\n)*?end\n", "", "ntp.servers", ("10.9.9.2",)),
    ],
)
def test_a_fortigate(spoilt: str, by: str, fact: str, right: Any) -> None:
    text = re.sub(spoilt, by, (SAMPLES / FORTI).read_text(encoding="utf-8"))
    if fact == "service.telnet.enabled":
        text = text.replace("allowaccess ping https", "allowaccess ping telnet https")
    assert value(FORTI, text, fact) != right
    typed = "\n".join(_commands("fortios", fact)) + "\n"
    told = value(FORTI, _without_old_values(text, typed) + typed, fact)
    assert (tuple(one.address for one in told) if fact == "syslog.targets" else told) == right


def _without_old_values(text: str, typed: str) -> str:
    """What is typed takes the place of the value that the section had."""
    section = typed.partition("\n")[0]
    head, found, rest = text.partition(f"{section}\n")
    body, end, after = rest.partition("\nend\n")
    for key in re.findall(r"(?m)^ set (\S+)", typed):
        body = re.sub(rf"(?m)^    set {key} .*$", "", body)
    return head + found + body + end + after


@pytest.mark.parametrize(
    ("fact", "right"),
    [
        ("service.telnet.enabled", False),
        ("service.ftp.enabled", False),
        ("service.http.enabled", False),
        ("ssh.root_login", "no"),
        ("management.idle_timeout_s", 600),
        ("management.lockout_attempts", 5),
        ("password_policy.min_length", 8),
        ("password_policy.digits", 1),
        ("password_policy.lowercase", 1),
        ("password_policy.uppercase", 1),
        ("password_policy.special", 1),
        ("password_policy.max_age_days", 180),
        ("ntp.servers", ("10.9.9.2",)),
        ("syslog.targets", (SyslogTarget("10.9.9.3", None, "udp"),)),
        ("snmp.default_community", None),
    ],
)
def test_an_srx(fact: str, right: Any) -> None:
    assert value(SRX, SET_FORM, fact) != right
    lines = SET_FORM.splitlines()
    for command in _commands("juniper-srx", fact):
        word, _, path = command.partition(" ")
        assert word in {"set", "delete"}
        if word == "delete":
            lines = [line for line in lines if not f"{line} ".startswith(f"set {path} ")]
        else:
            single = re.match(r"set (.+) \S+$", command)
            # a leaf that is set again takes the place of its value
            lines = [line for line in lines if not (single and _is_leaf(line, single[1]))]
            lines.append(command)
    assert value(SRX, "\n".join(lines) + "\n", fact) == right


def _is_leaf(line: str, path: str) -> bool:
    return bool(re.fullmatch(rf"set {re.escape(path)} \S+", line)) and not path.endswith(
        ("server", "host", "term", "services")
    )


@pytest.mark.parametrize(
    ("spoilt", "by", "fact", "right"),
    [
        (r"undo telnet server enable", "telnet server enable", "service.telnet.enabled", False),
        (r"undo telnet", "http server enable\nundo telnet", "service.http.enabled", False),
        (r"undo telnet", "ftp server enable\nundo telnet", "service.ftp.enabled", False),
        (r"undo telnet", "snmp-agent\nundo telnet", "service.snmp.enabled", False),
        (r"idle-timeout .*", "idle-timeout 0 0", "management.idle_timeout_s", 600),
        (r" local-aaa-user wrong.*\n", "", "management.lockout_attempts", 5),
        (r" acl 2001 inbound\n", "", "management.allowlist", LISTED),
        (r" *info-center loghost.*\n", "", "syslog.targets", "10.9.9.3"),
        (r" *ntp-service unicast.*\n", "", "ntp.servers", ("10.9.9.2",)),
        (r"x{9}", "", "password_policy.min_length", 8),
        (r"x{9}", "", "password_policy.max_age_days", 180),
        (r"x{9}", "", "password_policy.history", 5),
    ],
)
def test_a_huawei_firewall(spoilt: str, by: str, fact: str, right: Any) -> None:
    text = re.sub(spoilt, by, (SAMPLES / VRP).read_text(encoding="utf-8"))
    told = value(VRP, text, fact)
    assert told != right
    commands = _commands("huawei-vrp", fact)
    told = value(VRP, _typed_on_vrp(text, commands), fact)
    if fact == "syslog.targets":
        told = told[0].address
    assert (set(told) if isinstance(right, set) else told) == right


def _typed_on_vrp(text: str, commands: tuple[str, ...]) -> str:
    """What is typed in a view replaces what stands there under the same words, or is added."""
    lines = text.removesuffix("return\n").rstrip("\n").split("\n")
    view: str | None = None
    for command in commands:
        stripped = command.strip()
        if stripped == "quit":
            view = None if command.startswith(" quit") else view
            continue
        if stripped.startswith("undo "):
            lines = [one for one in lines if one != stripped.removeprefix("undo ")]
        if not command.startswith(" "):
            view = command if command.split()[0] in {"aaa", "user-interface", "acl"} else None
            if view is None or view not in lines:
                lines += ["#", command]
            continue
        at = lines.index(view or "") + 1
        if stripped.split()[0] == "idle-timeout":
            end = next(n for n in range(at, len(lines)) if not lines[n].startswith(" "))
            lines[at:end] = [one for one in lines[at:end] if "idle-timeout" not in one]
        while at < len(lines) and lines[at].startswith(" ") and stripped.split()[0] in {"rule"}:
            at += 1
        lines[at:at] = [command] if not command.startswith("  ") else []
        if command.startswith("  "):
            policy = next(n for n, one in enumerate(lines) if "password policy" in one)
            lines.insert(policy + 1, command)
    return "\n".join([*lines, "#", "return", ""])


@pytest.mark.parametrize("family", ["cisco-ios", "cisco-asa", "fortios", "huawei-vrp", "linux"])
def test_an_ipv6_network_is_never_typed_as_ipv4(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = (ip_network("10.9.9.0/28"), ip_network("2001:db8:9::/64"))
    monkeypatch.setattr(PLACE.allowlist, "management", both)
    remedies = find(family).remedies
    assert remedies is not None
    remedy = remedies.by_fact["management.allowlist"]
    step = _Values(finding("D10.1-g", "x").subject, DEVICE, PLACE).filled(remedy)
    assert not step.ready
    assert any("2001:db8:9::/64" in text.en for text in step.open)
    assert not any("2001" in line for line in step.commands)
