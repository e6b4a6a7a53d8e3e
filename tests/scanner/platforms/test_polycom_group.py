"""Poly Group: recorded answers, broken ones, and a visit to a simulated system."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_interface, ip_network
from pathlib import Path
from typing import Any

import pytest

from lab.devices.certificate import for_state
from lab.devices.polycom_group import export_text
from lab.devices.state import Device, merged, running
from rules.facts import FACT_TYPES, Known, Unknown
from scanner.collect.errors import Busy, IdentityChanged, LoginRefused
from scanner.collect.journal import NullJournal
from scanner.collect.login_probe import probe_login
from scanner.collect.web import WebEndpoint, open_web
from scanner.evidence import Document
from scanner.platforms.polycom_group import PLATFORM, read, version_key

SAMPLES = "devices/polycom-group/group500-6.2.2.8"
PASSWORD = "planted-Poly-93"


def document(content: str | bytes, source: str = "file") -> Document:
    raw = content.encode() if isinstance(content, str) else content
    return Document(raw, source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def defaults(**changes: Any) -> dict[str, Any]:
    from lab.devices.polycom_group import DEFAULTS

    return merged(DEFAULTS, changes)


@pytest.fixture
def export(shared: Path) -> bytes:
    return (shared / SAMPLES / "exportConfiguration.profile").read_bytes()


# --- recorded answers ------------------------------------------------------------------------

EXPORT_FACTS = [
    ("identity.vendor", "Polycom", 5),
    ("identity.model", "RealPresence Group 500", 4),
    ("identity.serial", "1234567822C5CV", 9),
    ("software.version", "Release - 6.2.2.8-670021", 6),
    ("service.telnet.enabled", False, 348),
    ("service.ssh.enabled", True, 343),
    ("service.https.enabled", True, 351),
    ("service.http.enabled", True, 353),
    ("service.snmp.enabled", False, 248),
    ("service.sip.enabled", True, 153),
    ("service.h323.enabled", False, 137),
    ("snmp.versions", (), 248),
    ("snmp.default_community", True, 247),
    ("management.allowlist", (), 355),
    ("management.idle_timeout_s", 600, 354),
    ("management.lockout_attempts", 0, 331),
    ("call.encryption", "off", 162),
    ("call.auto_answer", True, 157),
    ("sip.encryption", "best-effort", 193),
    ("serial_port.access", "login", 342),
    ("bandwidth.max_kbps", 6144, 210),
]


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "value", "line"), EXPORT_FACTS)
def test_a_recorded_export_gives_the_fact_with_its_line(export, name, value, line) -> None:
    fact = read([document(export)]).facts[name]
    assert isinstance(fact, Known)
    assert (fact.value, fact.citations[0].line) == (value, line)


@pytest.mark.corpus
def test_what_a_recorded_export_does_not_tell_is_unknown_or_absent(export) -> None:
    reading = read([document(export)])
    assert isinstance(reading.facts["ntp.servers"], Unknown)
    assert reading.unread == ()
    for name in ("accounts", "syslog.targets", "password_policy.min_length", "tls.min_version"):
        assert isinstance(reading.facts[name], Unknown)
    assert reading.facts["accounts"].citations[0].line == 324
    own = reading.facts["interfaces"]
    assert isinstance(own, Known)
    assert own.value[0].addresses == (ip_interface("192.168.1.55/24"),)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "rest_system.json",
            {
                "identity.vendor": ("Polycom", 10),
                "identity.family": ("polycom-group", 10),
                "identity.model": ("RealPresence Group 500", 10),
                "identity.serial": ("8215274422C5CV", 13),
                "software.version": ("Release - 6.2.2.8-670021", 14),
                "ntp.synchronised": (True, 12),
            },
        ),
        ("rest_conferences_idle.json", {"call.active": (0, 18)}),
        ("rest_conferences_in_call.json", {"call.active": (1, 107)}),
        ("rest_system_status.json", {"call.active": (0, 3), "call.auto_answer": (False, 10)}),
        ("rest_session.json", {}),
    ],
)
def test_recorded_rest_answers(shared: Path, file: str, expected: dict[str, Any]) -> None:
    facts = read([document((shared / SAMPLES / file).read_bytes())]).facts
    told = {
        name: (fact.value, fact.citations[0].line)
        for name, fact in facts.items()
        if isinstance(fact, Known)
    }
    assert told == expected


# --- settings one by one ---------------------------------------------------------------------

CHANGES: list[tuple[dict[str, Any], str, Any]] = [
    ({"telnet": True}, "service.telnet.enabled", True),
    ({"https_only": False}, "service.http.enabled", True),
    ({}, "service.http.enabled", False),
    ({"whitelist": []}, "management.allowlist", ()),
    (
        {"whitelist": ["10.0.0.1", "10.1.0.0/16"]},
        "management.allowlist",
        (ip_network("10.0.0.1/32"), ip_network("10.1.0.0/16")),
    ),
    (
        {"whitelist": ["10.0.0.4-10.0.0.6"]},
        "management.allowlist",
        (ip_network("10.0.0.4/31"), ip_network("10.0.0.6/32")),
    ),
    ({"whitelist": ["phong-hop"]}, "management.allowlist", None),
    ({"whitelist": ["10.0.0.9-10.0.0.1"]}, "management.allowlist", None),
    ({"idle_timeout_min": 0}, "management.idle_timeout_s", 0),
    ({"lockout_attempts": 5}, "management.lockout_attempts", 5),
    ({"encryption": "best-effort"}, "call.encryption", "best-effort"),
    ({"encryption": "required-video"}, "call.encryption", "best-effort"),
    ({"encryption": "required"}, "call.encryption", "required"),
    ({"auto_answer": True}, "call.auto_answer", True),
    ({}, "call.auto_answer", False),
    ({"snmp": {"enabled": True, "versions": ["1", "3"]}}, "snmp.versions", ("1", "3")),
    ({"snmp": {"community": "Private"}}, "snmp.default_community", True),
    ({"snmp": {"community": "<redacted>"}}, "snmp.default_community", False),
    ({"ntp": []}, "ntp.servers", ()),
    ({"ntp": ["10.0.0.1", "ntp.vn"]}, "ntp.servers", ("10.0.0.1", "ntp.vn")),
]


@pytest.mark.parametrize(("changes", "name", "value"), CHANGES)
def test_a_setting_is_understood(changes: dict[str, Any], name: str, value: Any) -> None:
    fact = read([document(export_text(defaults(**changes)))]).facts[name]
    if value is None:
        assert isinstance(fact, Unknown)
    else:
        assert isinstance(fact, Known)
        assert fact.value == value


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("security.remoteaccess.telnet.enabled", "service.telnet.enabled"),
        ("security.remoteaccess.web.httpsonly", "service.http.enabled"),
        ("security.remoteaccess.web.whitelist.enabled", "management.allowlist"),
        ("comm.Callsetting.callFeatures.encryptionenable", "call.encryption"),
        ("comm.Callsetting.callFeatures.autoanswer.answermultipointcall", "call.auto_answer"),
        ("management.snmp.versiontwo", "snmp.versions"),
        ("management.snmp.community", "snmp.default_community"),
    ],
)
@pytest.mark.parametrize("how", ["absent", "strange", "twice"])
def test_an_absent_strange_or_doubled_key_is_unknown(key: str, name: str, how: str) -> None:
    text = export_text(defaults(snmp={"enabled": True}))
    line = next(line for line in text.split("\n") if line.startswith(f"v:{key}:"))
    new = {"absent": "", "strange": f'v:{key}:"Maybe"', "twice": f'{line}\nv:{key}:"Other"'}[how]
    fact = read([document(text.replace(line, new))]).facts[name]
    if (name, how) == ("snmp.default_community", "strange"):
        assert isinstance(fact, Known)
    else:
        assert isinstance(fact, Unknown)


# --- broken and hostile input ----------------------------------------------------------------


def same_or_unknown(whole: dict[str, Any], part: dict[str, Any]) -> None:
    for name, fact in part.items():
        assert isinstance(fact, Unknown) or fact.value == whole[name].value, name


def test_a_cut_export_gives_the_same_facts_or_unknowns() -> None:
    text = export_text(defaults(whitelist=["10.0.0.1", "10.0.0.2"], own_address="10.1.1.1/24"))
    whole = dict(read([document(text)]).facts)
    chance = random.Random(20)
    for _ in range(200):
        same_or_unknown(whole, dict(read([document(text[: chance.randrange(len(text))])]).facts))


HOSTILE = [
    b"",
    b"\xff\xfe\x00",
    b"h:system.info.humanreadablemodel:\x1b[2J<script>alert(1)</script>\xe2\x80\xae\n",
    b"v:" + b"a." * 5000 + b':"x"\n',
    b"[" * 100_000,
    b'{"softwareVersion": 5, "model": null, "serialNumber": {"a": 1}, "timeServerState": 7}',
    b'[{"isActive": true}]',
    b'[{"isActive": 1, "connections": []}]',
    b'[{"languageTag": 3, "name": "system.status.autoanswerp2p", "state": "on"}]',
    b'{"softwareVersion": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("content", HOSTILE)
def test_hostile_content_never_raises_and_never_gives_control_characters(content: bytes) -> None:
    reading = read([document(content), document(content)])
    for name, fact in reading.facts.items():
        assert name in FACT_TYPES
        for text in [c.text for c in fact.citations] + [str(getattr(fact, "value", ""))]:
            assert "\x1b" not in text
            assert "\u202e" not in text


def test_a_line_that_is_none_is_listed() -> None:
    text = export_text(defaults()).replace("h:profileversion:0.2", "what is this\x1b[0m")
    ((_, line),) = read([document(text)]).unread
    assert (line.line, line.text) == (1, "what is this[0m")


# --- versions --------------------------------------------------------------------------------


def test_versions_are_ordered_as_the_vendor_counts() -> None:
    ascending = ["6.1.6.1", "6.1.7", "Release - 6.2.2.8-670021", "6.2.10", "Release - 10.0.1"]
    keys = [version_key(version) for version in ascending]
    assert None not in keys
    assert keys == sorted(keys)  # type: ignore[type-var]
    assert len(set(keys)) == len(keys)
    assert version_key("6.2.2.8") == version_key("Release - 6.2.2.8-670021")
    for strange in ("", "ce9.6.1", "Release", "6", "6.2.2.8 <b>", "6" * 5000):
        assert version_key(strange) is None


# --- a visit ---------------------------------------------------------------------------------


class Visit:
    """An `Access` to a simulated system."""

    username = "admin"

    def __init__(self, device: Device, **endpoint: Any) -> None:
        state = device.runtime.state
        values = {
            "host": "127.0.0.1",
            "port": device.ports["https"],
            "username": self.username,
            "password": PASSWORD,
            "certificate": for_state(device.path, state).fingerprint,
        }
        self.endpoint = WebEndpoint(**{**values, **endpoint})
        self.device = device

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Any]:
        with open_web(self.endpoint, PLATFORM.allowed, NullJournal(), "vcs") as client:
            yield client

    def secret(self) -> str:
        return self.endpoint.password or ""


Start = Callable[..., Device]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running_devices = []

    def started(**state: Any) -> Device:
        path = tmp_path / "vcs.json"
        login = {"username": "admin", "password": PASSWORD}
        base = {"family": "polycom-group", "address": "127.0.0.1", "ports": {"*": 0}}
        path.write_text(json.dumps({**base, "login": login, **state}))
        context = running(path)
        running_devices.append(context)
        return context.__enter__()

    yield started
    for context in running_devices:
        context.__exit__(None, None, None)


def sent(device: Device) -> list[str]:
    return [what for kind, what in device.runtime.seen if kind == "http"]


def test_a_compliant_system_is_read_and_logged_out_of(start: Start) -> None:
    device = start()
    documents = list(PLATFORM.collect(Visit(device)))  # type: ignore[arg-type]
    facts = read(documents).facts
    known = {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}
    assert known["software.version"] == "Release - 6.2.2.8-670021"
    assert known["service.telnet.enabled"] is False
    assert known["service.http.enabled"] is False
    assert known["call.encryption"] == "required"
    assert known["call.active"] == 0
    assert known["snmp.default_community"] is False
    assert known["management.allowlist"] == (
        ip_network("10.67.20.5/32"),
        ip_network("10.67.20.10/32"),
    )
    assert sent(device)[1] == "GET /rest/conferences"
    assert sent(device)[-1] == "POST /rest/session"
    allowed = re.compile("|".join(PLATFORM.allowed))
    assert all(allowed.fullmatch(what) for what in sent(device))
    text = b"".join(d.content for d in documents)
    assert PASSWORD.encode() not in text
    assert b"giam-sat-hnth" not in text


def test_a_call_puts_the_visit_off_before_anything_else_is_asked(start: Start) -> None:
    device = start(call_active=1)
    with pytest.raises(Busy):
        list(PLATFORM.collect(Visit(device)))  # type: ignore[arg-type]
    assert sent(device) == ["POST /rest/session", "GET /rest/conferences", "POST /rest/session"]


def test_a_wrong_password_is_tried_once(start: Start) -> None:
    device = start(login={"username": "admin", "password": "other"})
    with pytest.raises(LoginRefused) as caught:
        list(PLATFORM.collect(Visit(device)))  # type: ignore[arg-type]
    assert sent(device) == ["POST /rest/session"]
    assert PASSWORD not in str(caught.value) + repr(caught.value) + caught.value.reason.vi


def test_a_changed_certificate_sees_no_login(start: Start) -> None:
    device = start()
    with pytest.raises(IdentityChanged):
        list(PLATFORM.collect(Visit(device, certificate="0" * 64)))  # type: ignore[arg-type]
    assert sent(device) == []
    assert not [kind for kind, _ in device.runtime.seen if kind == "login"]


@pytest.mark.parametrize(("api_open", "requires_login"), [(False, True), (True, False)])
def test_an_open_interface_is_found_without_logging_in(
    start: Start, api_open: bool, requires_login: bool
) -> None:
    device = start(api_open=api_open)
    probe = probe_login(
        "127.0.0.1",
        device.ports["https"],
        NullJournal(),
        "vcs",
        questions=PLATFORM.guarded,
    )
    assert probe.interface.requires_login is requires_login
    assert [d.source for d in probe.documents] == [
        "GET /rest/system (no login)",
        "GET / (no login)",
    ]
