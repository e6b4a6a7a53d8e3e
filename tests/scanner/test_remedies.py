"""What is typed puts right what was found, and nothing hostile gets into it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inventory.text import Text
from reports.remediation import is_one_line
from rules.baseline import default_baseline
from rules.facts import Known, SyslogTarget
from rules.model import Finding, Outcome, Subject
from rules.notice import Notice
from scanner.evidence import Document
from scanner.platforms import all_platforms, find
from scanner.remedies import commands_for, commands_for_notice, facts_behind

SAMPLES = Path(__file__).parent / "platforms/samples"
WITH_REMEDIES = [p for p in all_platforms() if p.remedies is not None]
PLACE: Any = SimpleNamespace(
    allowlist=SimpleNamespace(
        management=(ip_network("10.9.9.0/28"), ip_network("10.9.8.0/24")),
        services=(
            SimpleNamespace(ports=("123",), destinations=("10.9.9.2/32",)),
            SimpleNamespace(ports=("5061",), destinations=("10.0.0.0/8",)),
        ),
    ),
    devices=(SimpleNamespace(id="logs", address=ip_address("10.9.9.3"), log_server=True),),
    zones=(),
    baselines=(),
)
DEVICE: Any = SimpleNamespace(id="d", kind="mcu", address=ip_address("10.1.1.1"), platform=None)


def finding(requirement: str, reason: str, subject: str = "d", kind: str = "device") -> Finding:
    said = Text(vi=reason, en=reason)
    where: Any = kind
    return Finding(
        *(requirement, Subject(where, subject), Outcome.FAIL, "S2", said, None, (), "f"), device="d"
    )


@pytest.mark.parametrize(
    ("requirement", "reason", "facts"),
    [
        ("D11.1-b", "not met of baseline x 1: telnet is off", ("service.telnet.enabled",)),
        ("D11.1-d", "unneeded services run: http is enabled", ("service.http.enabled",)),
        ("D11.1-c", "open and not needed: 69/udp", ("service.tftp.enabled",)),
        ("D11.1-c", "open and not needed: 8443/tcp", ()),
        ("D10.1-g", "anything", ("management.allowlist",)),
        ("D12.2-a", "no whole-system check in 2025", ()),
    ],
)
def test_a_finding_leads_to_its_settings(requirement: str, reason: str, facts: Any) -> None:
    assert (
        facts_behind(finding(requirement, reason), default_baseline().entries_for("mcu")) == facts
    )


IOS = "cisco-ios/router-15.7/show_running-config.txt"
ASA = "cisco-asa/edge/running-config.txt"
ROS = "mikrotik-routeros/gate/export.rsc"
CODEC = "cisco-roomos/roomkit-ce11.5/xConfiguration.txt"
ENDS = {IOS: "end\n", ASA: ": end\n", ROS: ""}
LISTED = {ip_network("10.9.9.0/28"), ip_network("10.9.8.0/24")}


@pytest.mark.parametrize(
    ("file", "spoilt", "by", "fact", "right"),
    [
        (IOS, r"transport input ssh", "transport input all", "service.telnet.enabled", False),
        (IOS, r"no ip http server", "ip http server", "service.http.enabled", False),
        (IOS, r"exec-timeout.*", "exec-timeout 0 0", "management.idle_timeout_s", 600),
        (IOS, r"login block-for.*", "", "management.lockout_attempts", 5),
        (IOS, r" access-class.*", "", "management.allowlist", LISTED),
        (IOS, r"security passwords.*", "", "password_policy.min_length", 8),
        (IOS, r"ntp server.*", "", "ntp.servers", ("10.9.9.2",)),
        (IOS, r"logging host.*", "", "syslog.targets", (SyslogTarget("10.9.9.3"),)),
        (ASA, r"aaa local.*", "", "management.lockout_attempts", 5),
        (ASA, r"ntp server.*\n", "", "ntp.servers", ("10.9.9.2",)),
        (ASA, r"password-policy.*", "", "password_policy.special", 1),
        (ROS, r"set telnet .*", "set telnet disabled=no", "service.telnet.enabled", False),
        (ROS, r"set enabled=no", "set enabled=yes", "service.snmp.enabled", False),
        (ROS, r"minimum-password-length=10", "x=1", "password_policy.min_length", 8),
        (ROS, r"/system ntp client servers\n.*\n", "", "ntp.servers", ("10.9.9.2",)),
    ],
)
def test_typed_on_a_device_that_has_it_wrong_the_setting_is_right(
    file: str, spoilt: str, by: str, fact: str, right: Any
) -> None:
    text = re.sub(spoilt, by, (SAMPLES / file).read_text(encoding="utf-8"))
    assert value(file, text, fact) != right
    commands = _commands(file.partition("/")[0], fact)
    for command in commands:  # what is taken back with `no` is no longer in the configuration
        text = re.sub(rf"(?m)^{re.escape(command.removeprefix('no '))}$", "", text)
    typed = "\n".join(commands)
    told = value(
        file, re.sub(r"(?m)^(: )?end$", "", text).rstrip() + f"\n{typed}\n{ENDS[file]}", fact
    )
    assert (set(told) if isinstance(right, set) else told) == right


@pytest.mark.parametrize(
    ("fact", "right"),
    [
        ("service.telnet.enabled", False),
        ("service.http.enabled", False),
        ("service.snmp.enabled", False),
        ("call.encryption", "required"),
        ("sip.encryption", "required"),
        ("sip.tls_min_version", "TLSv1.2"),
        ("sip.verifies_peer", True),
        ("h323.min_key_bits", 2048),
        ("serial_port.access", "login"),
        ("debug.enabled", False),
        ("support_access.enabled", False),
        ("call.auto_answer", False),
        ("call.far_end_camera", False),
        ("management.idle_timeout_s", 600),
        ("management.lockout_attempts", 5),
        ("management.allowlist", LISTED),
        ("tls.min_version", "TLSv1.2"),
        ("password_policy.digits", 1),
        ("password_policy.max_age_days", 180),
    ],
)
def test_a_codec_takes_the_commands_that_are_typed(fact: str, right: Any) -> None:
    """Each key stands once in an answer: what is typed replaces the line of the sample."""
    lines = (SAMPLES / CODEC).read_text(encoding="utf-8").splitlines()
    for command in _commands("cisco-roomos", fact):
        key = command.removeprefix("xConfiguration ").partition(":")[0]
        lines = [line for line in lines if f" {key}:" not in line]
        lines.insert(1, "*c " + command)
    told = value(CODEC, "\n".join(lines) + "\n", fact)
    assert (set(told) if isinstance(right, set) else told) == right


def _commands(family: str, fact: str) -> tuple[str, ...]:
    from scanner.remedies import _Values

    remedies = find(family).remedies
    assert remedies is not None
    step = _Values(finding("D11.1-b", "x").subject, DEVICE, PLACE).filled(remedies.by_fact[fact])
    assert step.ready, step.open
    return step.commands


def value(file: str, text: str, fact: str) -> Any:
    document = Document(text.encode(), Path(file).name, "O", datetime(2026, 1, 1, tzinfo=UTC))
    told = find(file.partition("/")[0]).read([document]).facts.get(fact)
    return told.value if isinstance(told, Known) else None


@pytest.mark.parametrize("name", ["a\nreload", "x; rm -rf /", "$(id)", '"quoted"', "-option", ""])
def test_no_name_of_an_account_becomes_a_command(name: str) -> None:
    one = finding("D11.2-g", "x", f"d/{name}", "account")
    steps = commands_for(one, DEVICE, find("cisco-ios"), PLACE)
    assert steps
    assert not any(step.ready for step in steps)
    assert all("<<account>>" in line for step in steps for line in step.commands)


def test_a_password_is_never_filled_in() -> None:
    steps = commands_for(
        finding("D11.2-g", "x", "d/admin", "account"), DEVICE, find("cisco-ios"), PLACE
    )
    assert [line for step in steps for line in step.commands] == [
        "username admin algorithm-type scrypt secret <<secret>>"
    ]


def notice(fact: str | None) -> Notice:
    said = Text(vi="x", en="x")
    return Notice(
        *("weak-policy", "D11.2-b", Subject("device", "d"), "S3", said, said), device="d", fact=fact
    )


@pytest.mark.parametrize(
    ("family", "fact", "typed"),
    [
        ("cisco-ios", "password_policy.min_length", ("security passwords min-length 8",)),
        ("cisco-ios", "credentials.storage",
         ("username <<account>> algorithm-type scrypt secret <<secret>>",)),
        ("cisco-roomos", "password_policy.digits ports.tcp password_policy.special", (
            "xConfiguration UserManagement PasswordPolicy Complexity MinimumDigits: 1",
            "xConfiguration UserManagement PasswordPolicy Complexity MinimumSpecial: 1")),
        ("cisco-ios", None, None),
        ("cisco-ios", "ports.tcp", None),
        (None, "password_policy.min_length", None),
    ],
)  # fmt: skip
def test_an_observation_leads_to_the_command_of_its_setting(
    family: str | None, fact: str | None, typed: tuple[str, ...] | None
) -> None:
    platform = find(family) if family is not None else None
    steps = commands_for_notice(notice(fact), DEVICE, platform, PLACE)
    assert tuple(line for step in steps for line in step.commands) == (typed or ())
    assert all(step.ready == ("<<" not in "".join(step.commands)) for step in steps)


@pytest.mark.parametrize("platform", WITH_REMEDIES, ids=lambda p: p.name)
def test_every_remedy_says_something_on_one_line_each(platform: Any) -> None:
    for remedy in platform.remedies.entries:
        assert bool(remedy.commands) == (remedy.how == "commands")
        assert remedy.commands or (remedy.where and remedy.where.vi and remedy.where.en)
        assert all(is_one_line(line) for line in (*remedy.commands, *remedy.verify))
