"""What is put right on a conferencing device as its remedy says reads as right afterwards."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inventory.text import Text
from reports.remediation import Step
from rules.baseline import default_baseline
from rules.facts import Known, SyslogTarget
from rules.model import Finding, Outcome, Subject
from rules.services import SERVICE_PORTS
from scanner.baselines import of_family
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.pexip_remedies import FIELDS
from scanner.platforms.polycom_group_remedies import KEYS as GROUP_KEYS
from scanner.platforms.polycom_hdx_remedies import KEYS as HDX_KEYS
from scanner.platforms.polycom_rmx_remedies import FLAGS
from scanner.platforms.without_setting import PORTS
from scanner.remedies import _Values

SAMPLES = Path(__file__).parent / "samples"
FAMILIES = (
    *("cisco-cms", "cisco-expressway", "cisco-mcu", "cisco-roomos", "huawei-te", "huawei-vp"),
    *("lifesize", "pexip", "poly-studio", "poly-trio", "polycom-group", "polycom-hdx"),
    "polycom-rmx",
)
PLACE: Any = SimpleNamespace(
    allowlist=SimpleNamespace(
        management=(ip_network("10.9.9.0/28"),),
        services=(SimpleNamespace(ports=("123",), destinations=("10.9.9.2/32",)),),
    ),
    devices=(SimpleNamespace(id="logs", address=ip_address("10.9.9.3"), log_server=True),),
    zones=(),
)
DEVICE: Any = SimpleNamespace(id="d", kind="mcu", address=ip_address("10.1.1.1"), platform=None)
SAID = Text(vi="x", en="x")
ASKED = ("min_length", "digits", "lowercase", "uppercase", "special", "max_age_days")


def step(family: str, fact: str) -> Step:
    remedies = find(family).remedies
    assert remedies is not None
    account = Subject("account", "d/quantri")
    one = Finding("D11.2-g", account, Outcome.FAIL, "S2", SAID, None, (), "f", device="d")
    return _Values(one.subject, DEVICE, PLACE).filled(remedies.by_fact[fact])


def value(family: str, documents: Mapping[str, str], fact: str) -> Any:
    """What the family reads in the documents; None when it is unknown."""
    day = datetime(2026, 1, 1, tzinfo=UTC)
    read = [Document(text.encode(), name, "O", day) for name, text in documents.items()]
    told = find(family).read(read).facts.get(fact)
    return told.value if isinstance(told, Known) else None


def sample(path: str) -> str:
    return (SAMPLES / path).read_text(encoding="utf-8")


# --- every setting is spoken of ------------------------------------------------------------------


def asked(family: str) -> Iterator[str]:
    """What a rule can find wrong on a device of the family."""
    baseline = of_family(family) or default_baseline()
    for kind in find(family).kinds:
        yield from (entry.fact for entry in baseline.entries_for(kind))
    yield from ("accounts", "software.version", "management.allowlist")
    yield from ("management.idle_timeout_s", "management.lockout_attempts")
    yield from (f"service.{name}.enabled" for name in SERVICE_PORTS)
    yield from (f"password_policy.{name}" for name in ASKED)


@pytest.mark.parametrize("family", FAMILIES)
def test_everything_that_can_be_wrong_has_a_way_or_a_reason_why_not(family: str) -> None:
    remedies = find(family).remedies
    assert remedies is not None
    assert set(asked(family)) - remedies.by_fact.keys() == set()


def test_the_ports_that_are_closed_at_the_gateway_are_those_of_the_rules() -> None:
    assert {name: f"{port}/{protocol}" for name, (protocol, port) in SERVICE_PORTS.items()} == PORTS


# --- Cisco Meeting Server: the MMP ---------------------------------------------------------------


def after_mmp(answers: dict[str, str], command: str) -> None:
    """The few words that the remedies use, as the reader takes them to be printed."""
    words = command.split()
    if words[:2] == ["user", "rule"]:
        kept = re.sub(rf"(?m)^{words[2]} :.*\n", "", answers["user rule"])
        answers["user rule"] = kept + f"{words[2]} : {words[3]}\n"
    elif words[:2] == ["webadmin", "http-redirect"]:
        answers["webadmin"] = answers["webadmin"].replace("Enabled\n", f"{words[2].title()}d\n")
    elif words == ["snmp", "disable"]:
        answers["snmp"] = "Enabled : false\n"
    elif words[:3] == ["tls", "webadmin", "min-tls-version"]:
        answers["tls webadmin"] = f"Min TLS version : {words[3]}\n"
    elif words[:3] == ["ntp", "server", "add"]:
        answers["ntp server list"] = f"{words[3]}\n"
    elif words[:3] == ["syslog", "server", "add"]:
        answers["syslog"] = f"Enabled : false\nServers:\n  {words[3]}:{words[4]}\n"
    elif words == ["syslog", "enable"]:
        answers["syslog"] = answers["syslog"].replace("false", "true")
    else:
        assert words == ["webadmin", "restart"], command


@pytest.mark.parametrize(
    ("fact", "right"),
    [
        ("password_policy.min_length", 8),
        ("password_policy.digits", 1),
        ("password_policy.lowercase", 1),
        ("password_policy.uppercase", 1),
        ("password_policy.special", 1),
        ("password_policy.history", 12),
        ("password_policy.max_age_days", 180),
        ("management.lockout_attempts", 5),
        ("service.http.enabled", False),
        ("service.snmp.enabled", False),
        ("snmp.versions", ()),
        ("snmp.default_community", False),
        ("tls.min_version", "TLSv1.2"),
        ("ntp.servers", ("10.9.9.2",)),
        ("syslog.targets", (SyslogTarget("10.9.9.3", 514),)),
    ],
)
def test_a_meeting_server_takes_the_commands(fact: str, right: Any) -> None:
    answers = {
        "user rule": "min_length : 4\npassword_age : 999\nmax_idle : 0\nmin_digits : 0\n",
        "webadmin": "Enabled : true\nHTTP redirect : Enabled\n",
        "snmp": "Enabled : true\nVersion : 2c\nCommunity : public\n",
        "tls webadmin": "Min TLS version : 1.0\n",
        "ntp server list": "none\n",
        "syslog": "Enabled : false\n",
    }
    assert value("cisco-cms", answers, fact) != right
    typed = step("cisco-cms", fact)
    assert typed.ready
    for command in typed.commands:
        after_mmp(answers, command)
    assert value("cisco-cms", answers, fact) == right


def test_the_hosts_of_an_account_are_left_to_the_person_who_types() -> None:
    """The MMP takes single hosts, and who is shut out cannot come back."""
    hosts = step("cisco-cms", "management.allowlist")
    assert hosts.commands == ("user host quantri add <<peer>>",)
    assert not hosts.ready


# --- Polycom HDX and Group -----------------------------------------------------------------------

HDX_RIGHT = {
    **{f"password_policy.{name}": 1 for name in ("digits", "lowercase", "uppercase", "special")},
    "password_policy.min_length": 8,
    "password_policy.history": 12,
    "password_policy.max_age_days": 180,
    "service.telnet.enabled": False,
    "service.ftp.enabled": False,
    "service.snmp.enabled": False,
    "snmp.versions": (),
    "management.lockout_attempts": 5,
}


@pytest.mark.parametrize("fact", sorted(HDX_RIGHT))
def test_the_settings_that_a_menu_of_an_hdx_names_are_those_that_are_read(fact: str) -> None:
    text = sample("polycom-hdx/hdx7000-3.1.10/system_settings.dat.csv")
    assert value("polycom-hdx", {"system_settings.dat.csv": text}, fact) != HDX_RIGHT[fact]
    for key, said in HDX_KEYS[fact]:
        text = re.sub(rf"(?m)^{key},.*\n", "", text) + f"{key},{said}\n"
    assert value("polycom-hdx", {"system_settings.dat.csv": text}, fact) == HDX_RIGHT[fact]


@pytest.mark.parametrize("family", ["polycom-hdx", "polycom-group"])
@pytest.mark.parametrize(
    ("fact", "right"),
    [
        ("call.encryption", "required"),
        ("call.auto_answer", False),
        ("call.far_end_camera", False),
        ("ntp.servers", ("10.9.9.2",)),
    ],
)
def test_what_is_typed_at_the_api_is_answered_and_read(family: str, fact: str, right: Any) -> None:
    """The API answers a command that sets something with the setting."""
    wrong = (
        'encryption "no"\nautoanswer "yes"\nmpautoanswer "yes"\nfarcontrolnearcamera "yes"\n'
        'ntpmode "off"\nntpserver "192.0.2.9"\n'
    )
    model = {"polycom-hdx": "HDX 7000", "polycom-group": "RealPresence Group 500"}[family]
    text = f'systemsetting model "{model}"\n{wrong}'
    assert value(family, {"api.txt": text}, fact) != right
    typed = step(family, fact)
    assert typed.ready
    for command in typed.commands:
        word, _, said = command.replace(" set ", " ").partition(" ")
        text = re.sub(rf'(?m)^{word} ".*"$', f'{word} "{said}"', text)
    assert value(family, {"api.txt": text}, fact) == right


GROUP_RIGHT = {
    "service.telnet.enabled": False,
    "service.http.enabled": False,
    "service.snmp.enabled": False,
    "snmp.versions": ("3",),
    "management.idle_timeout_s": 600,
    "management.lockout_attempts": 5,
    "sip.encryption": "required",
    "serial_port.access": "login",
}


@pytest.mark.parametrize("fact", sorted(GROUP_RIGHT))
def test_the_settings_that_a_menu_of_a_group_names_are_those_that_are_read(fact: str) -> None:
    text = sample("polycom-group/group500-6.2.2/system.profile").replace(
        "telnet.enabled:False", "telnet.enabled:True"
    )
    text = text.replace('telnet.enabled:"False"', 'telnet.enabled:"True"')
    web = {"security.remoteaccess.web.enabled": "True"}
    assert value("polycom-group", {"x.profile": _profile(text, web)}, fact) != GROUP_RIGHT[fact]
    text = _profile(text, web | dict(GROUP_KEYS[fact]))
    assert value("polycom-group", {"x.profile": text}, fact) == GROUP_RIGHT[fact]


def _profile(text: str, settings: Mapping[str, str]) -> str:
    for key, said in settings.items():
        text = re.sub(rf"(?m)^[hv]:{re.escape(key)}:.*\n", "", text)
        line = f'h:{key}:{said}\nv:{key}:"{said}"\n'
        text = line + text
    return text


@pytest.mark.parametrize(
    ("family", "keys"), [("polycom-hdx", HDX_KEYS), ("polycom-group", GROUP_KEYS)]
)
def test_a_menu_names_its_settings(family: str, keys: Mapping[str, Any]) -> None:
    for fact, settings in keys.items():
        where = step(family, fact).where
        assert where is not None
        for key, said in settings:
            assert f"{key} = {said}" in where.vi
            assert f"{key} = {said}" in where.en


# --- Polycom RMX, Pexip, Lifesize ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "right"),
    [
        ("password_policy.min_length", 8),
        ("password_policy.history", 12),
        ("password_policy.max_age_days", 90),
        ("management.idle_timeout_s", 600),
        ("management.lockout_attempts", 3),
    ],
)
def test_the_flags_of_a_bridge_are_those_that_are_read(fact: str, right: int) -> None:
    spoilt = re.sub(r'"(\d+|YES)"$', '"0"', sample("polycom-rmx/rmx-8.8/flags.csv"), flags=re.M)
    assert value("polycom-rmx", {"flags.csv": spoilt}, fact) != right
    flag, said = FLAGS[fact]
    text = re.sub(rf'(?m)^"{flag}",".*"$', f'"{flag}","{said}"', spoilt)
    assert value("polycom-rmx", {"flags.csv": text}, fact) == right
    where = step("polycom-rmx", fact).where
    assert where is not None
    assert f"{flag} = {said}" in where.en


@pytest.mark.parametrize(
    ("fact", "right"),
    [
        ("call.encryption", "required"),
        ("sip.encryption", "best-effort"),
        ("management.idle_timeout_s", 600),
        ("service.snmp.enabled", False),
        ("snmp.versions", ("3",)),
        ("snmp.default_community", False),
    ],
)
def test_the_fields_of_a_platform_are_those_that_are_read(fact: str, right: Any) -> None:
    wrong = {
        "crypto_mode": "off",
        "enable_sip": False,
        "enable_sip_udp": True,
        "session_timeout_enabled": False,
        "snmp_mode": "STANDARD",
        "snmp_community": "public",
    }
    assert value("pexip", _platform(wrong), fact) != right
    assert value("pexip", _platform(wrong | dict(FIELDS[fact])), fact) == right


def _platform(fields: Mapping[str, Any]) -> dict[str, str]:
    """The lists of the sample with these values where a list has the field."""
    found = {}
    for file in sorted((SAMPLES / "pexip/infinity-35").glob("configuration_*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        for item in content["objects"]:
            item |= {key: said for key, said in fields.items() if key in item}
        found[file.name] = json.dumps(content)
    return found


def test_a_room_system_takes_the_command() -> None:
    before = "get call auto-answer\non\n\nok,00\n"
    assert value("lifesize", {"session.txt": before}, "call.auto_answer") is True
    (command,) = step("lifesize", "call.auto_answer").commands
    after = before.replace("on\n\nok", f"{command.split()[-1]}\n\nok")
    assert value("lifesize", {"session.txt": after}, "call.auto_answer") is False
