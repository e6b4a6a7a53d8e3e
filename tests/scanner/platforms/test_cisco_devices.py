"""From the simulated Cisco devices to facts: over real SSH and TLS, state by state."""

import json
import re
import socket
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from inventory.secrets import Secret
from lab.devices import certificate
from lab.devices import cisco_cms as lab_cms
from lab.devices import cisco_roomos as lab_roomos
from lab.devices.command_line import fingerprint, host_key
from lab.devices.state import Runtime, merged, running
from rules.facts import Known
from scanner.collect.access import DeviceAccess
from scanner.collect.errors import Busy, IdentityChanged, LoginRefused, NotPinned, Unreachable
from scanner.collect.ssh_login import SshEndpoint
from scanner.collect.stopping import Stop
from scanner.collect.web import WebEndpoint
from scanner.evidence import Document
from scanner.platforms import cisco_cms, cisco_roomos

PASSWORD = "Mat-khau.Bi-mat7"
USERNAME = "hnth-audit"


class Recorder:
    def __init__(self):
        self.entries = []

    def sent(self, device_id, transport, what):
        self.entries.append((transport, what))


@contextmanager
def simulated(tmp_path, family, **state):
    path = tmp_path / f"{family}.json"
    names = ("ssh", "https", "http", "telnet", "sip", "sips", "sip-5060", "sip-5061", "snmp")
    whole = {
        "family": family,
        "address": "127.0.0.1",
        "ports": dict.fromkeys(names, 0),
        "login": {"username": USERNAME, "password": PASSWORD},
        **state,
    }
    path.write_text(json.dumps(whole))
    with running(path) as device:
        yield device


def access_to(device, platform, journal=None, **web_changes):
    state = device.runtime.state
    identity = certificate.for_state(device.path, state)

    def web(_usual_port):
        endpoint = WebEndpoint(
            "127.0.0.1",
            device.ports.get("https", 1),
            username=USERNAME,
            certificate=identity.fingerprint,
            connect_timeout_s=3.0,
            command_timeout_s=5.0,
        )
        return replace(endpoint, **web_changes)

    return DeviceAccess(
        device_id="d",
        ssh=SshEndpoint(
            "127.0.0.1",
            device.ports["ssh"],
            USERNAME,
            PASSWORD,
            host_key=fingerprint(host_key(device.path, state)),
            command_timeout_s=5.0,
        ),
        web_address=web,
        allowed=platform.allowed,
        journal=journal or Recorder(),
        vantage="may-quet",
        stop=Stop(),
        password=Secret(PASSWORD),
    )


CMS, CODEC = cisco_cms.PLATFORM, cisco_roomos.PLATFORM


def facts_of(device, platform, **web_changes):
    documents = list(platform.collect(access_to(device, platform, **web_changes)))
    return platform.read(documents).facts


def value(found):
    return found.value if isinstance(found, Known) else "unknown"


@pytest.mark.parametrize("platform", [CMS, CODEC], ids=lambda p: p.name)
def test_everything_sent_is_on_the_allowlist_and_nothing_else_arrives(tmp_path, platform):
    journal = Recorder()
    with simulated(tmp_path, platform.name) as device:
        list(platform.collect(access_to(device, platform, journal)))
        heard = [what for kind, what in device.runtime.seen if kind not in {"ssh", "tls"}]
    sent = [what for _, what in journal.entries if not re.match(r"(connect|login) ", what)]
    assert sent
    for what in sent:
        assert any(re.fullmatch(pattern, what) for pattern in platform.allowed), what
    assert [what for what in heard if not what.startswith("password ")] == sent
    assert heard.count("password hnth-audit") == 1


@pytest.mark.parametrize("platform", [CMS, CODEC], ids=lambda p: p.name)
def test_a_device_in_a_call_is_left_alone_after_the_call_state(tmp_path, platform):
    journal = Recorder()
    with simulated(tmp_path, platform.name, call_active=1) as device, pytest.raises(Busy) as caught:
        list(platform.collect(access_to(device, platform, journal)))
    sent = [what for _, what in journal.entries if not re.match(r"(connect|login) ", what)]
    assert len(sent) == 2
    assert "hoãn" in caught.value.reason.vi


@pytest.mark.parametrize("platform", [CMS, CODEC], ids=lambda p: p.name)
def test_the_password_is_in_no_document(tmp_path, platform):
    planted = {"name": f"x {PASSWORD} y", "syslog": [{"address": PASSWORD}]}
    if platform is CODEC:
        planted["syslog"] = {"address": PASSWORD}
    with simulated(tmp_path, platform.name, **planted) as device:
        for document in platform.collect(access_to(device, platform)):
            assert PASSWORD not in document.text
            assert PASSWORD not in repr(document)


CODEC_STATES = [
    ({}, "service.telnet.enabled", False),
    ({"telnet": True}, "service.telnet.enabled", True),
    ({"http": True}, "service.http.enabled", True),
    ({"upnp": True}, "service.upnp.enabled", True),
    ({"snmp": "read-only", "snmp_community": "public"}, "snmp.default_community", True),
    ({"snmp": "read-only", "snmp_community": "bi-mat-rieng"}, "snmp.default_community", False),
    ({"snmp": "read-only", "snmp_community": "x"}, "snmp.versions", ("1", "2c")),
    ({"encryption": "off"}, "call.encryption", "off"),
    ({"encryption": "best-effort"}, "call.encryption", "best-effort"),
    ({"sip_transport": "UDP"}, "sip.encryption", "off"),
    ({"serial_login": False}, "serial_port.access", "open"),
    ({"remote_debugging": True}, "debug.enabled", True),
    ({"auto_answer": True}, "call.auto_answer", True),
    ({"far_end_camera": True}, "call.far_end_camera", True),
    ({"idle_timeout_min": 0}, "management.idle_timeout_s", 0),
    ({"max_failed_logins": 0}, "management.lockout_attempts", 0),
    ({"remote_access_allow": []}, "management.allowlist", ()),
    ({"syslog": False}, "syslog.targets", ()),
    ({"ntp": []}, "ntp.servers", ()),
    ({"ntp_status": "NotSynced"}, "ntp.synchronised", False),
    ({"software": "ce9.6.1.4516ae5aaa1"}, "software.version", "ce9.6.1.4516ae5aaa1"),
    ({"password_policy": {"min_length": 6}}, "password_policy.min_length", 6),
    ({"password_policy": {"special": 0}}, "password_policy.special", 0),
    ({"h323": True}, "service.h323.enabled", True),
]
CMS_STATES = [
    ({"webadmin": {"http_redirect": True}}, "service.http.enabled", True),
    ({"rules": {"min_length": 6}}, "password_policy.min_length", 6),
    ({"rules": {"min_special": None}}, "password_policy.special", 0),
    ({"rules": {"max_idle": None}}, "management.idle_timeout_s", 0),
    ({"rules": {"max_failed_logins": 3}}, "management.lockout_attempts", 3),
    ({"media_encryption": "optional"}, "call.encryption", "best-effort"),
    ({}, "sip.encryption", "best-effort"),
    ({"sip_control_encryption": "unencrypted"}, "sip.encryption", "off"),
    ({"syslog": []}, "syslog.targets", ()),
    ({"ntp": {"synchronised": False}}, "ntp.synchronised", False),
    ({"snmp": {"enabled": True, "version": "2c", "community": "public"}}, "snmp.versions", ("2c",)),
    ({"software": "3.1"}, "software.version", "3.1"),
    ({"callbridge": {"enabled": False}}, "service.sip.enabled", False),
    ({"accounts": [{"name": "hnth-audit", "role": "admin"}]}, "management.allowlist", ()),
]


def told(module, path, state):
    """What the device of this state answers, without a network in between."""
    runtime = Runtime(path)
    runtime.state = merged(module.DEFAULTS, state)
    if module is lab_roomos:
        said = {c: lab_roomos.Codec(runtime).answer(c) for c in cisco_roomos.QUERIES}
    else:
        mmp = lab_cms.Mmp(runtime)
        users = [f"user info {account['name']}" for account in runtime.state["accounts"]]
        said = {c: mmp.answer(c) for c in (*cisco_cms.COMMANDS, *users)}
        said |= {f"GET {p}": text(runtime.state) for p, text in lab_cms._RESOURCES.items()}
    now = datetime.now(UTC)
    return [Document(text.encode(), source, "C", now) for source, text in said.items()]


@pytest.mark.parametrize(("state", "name", "expected"), CODEC_STATES)
def test_a_state_of_the_codec_is_the_fact_that_is_read(tmp_path, state, name, expected):
    facts = CODEC.read(told(lab_roomos, tmp_path / "x.json", state)).facts
    assert value(facts[name]) == expected


@pytest.mark.parametrize(("state", "name", "expected"), CMS_STATES)
def test_a_state_of_the_meeting_server_is_the_fact_that_is_read(tmp_path, state, name, expected):
    facts = CMS.read(told(lab_cms, tmp_path / "x.json", state)).facts
    assert value(facts[name]) == expected


@pytest.mark.parametrize("platform", [CMS, CODEC], ids=lambda p: p.name)
def test_a_compliant_device_tells_what_a_baseline_asks(tmp_path, platform):
    with simulated(tmp_path, platform.name) as device:
        facts = facts_of(device, platform)
    asked = ["service.http.enabled", "service.snmp.enabled", "call.encryption", "syslog.targets"]
    asked += ["management.allowlist", "management.idle_timeout_s", "management.lockout_attempts"]
    asked += ["ntp.servers", "ntp.synchronised", "accounts", "software.version", "interfaces"]
    asked += ["password_policy.min_length", "password_policy.special", "tls.min_version"]
    assert [name for name in asked if not isinstance(facts[name], Known)] == []
    for name, found in facts.items():
        if isinstance(found, Known):
            assert found.citations, name
            assert all(c.line and c.text and c.vantage == "may-quet" for c in found.citations), name


def test_the_meeting_server_is_read_by_ssh_when_its_web_interface_is_off(tmp_path):
    documents = []
    off = {"enabled": False}
    with simulated(tmp_path, "cisco-cms", webadmin=off) as device, pytest.raises(Unreachable):
        keep(documents, CMS.collect(access_to(device, CMS)))
    facts = CMS.read(documents).facts
    assert value(facts["service.https.enabled"]) is False
    assert value(facts["password_policy.min_length"]) == 12
    assert value(facts["call.active"]) == "unknown"


def keep(kept, documents):
    """As the engine does it: what came before an error is kept."""
    for document in documents:
        kept.append(document)


def test_an_unpinned_web_interface_does_not_keep_the_command_line_from_being_read(tmp_path):
    documents = []
    with simulated(tmp_path, "cisco-cms") as device:
        with pytest.raises(NotPinned):
            keep(documents, CMS.collect(access_to(device, CMS, certificate=None)))
        assert not [what for kind, what in device.runtime.seen if kind == "http"]
    assert value(CMS.read(documents).facts["password_policy.min_length"]) == 12


def test_a_changed_certificate_ends_the_reading_before_any_login(tmp_path):
    with simulated(tmp_path, "cisco-cms") as device:
        with pytest.raises(IdentityChanged):
            list(CMS.collect(access_to(device, CMS, certificate="0" * 64)))
        assert {kind for kind, _ in device.runtime.seen} <= {"tls"}


def test_a_refused_api_login_is_not_followed_by_a_second_attempt(tmp_path):
    accounts = [{"name": "hnth-audit", "role": "audit"}]
    with simulated(tmp_path, "cisco-cms", accounts=accounts) as device:
        with pytest.raises(LoginRefused):
            list(CMS.collect(access_to(device, CMS)))
        assert [kind for kind, _ in device.runtime.seen if kind.startswith("ssh")] == []


# --- the devices themselves ----------------------------------------------------------------------


def answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def test_switching_telnet_on_opens_a_port_and_off_closes_it(tmp_path):
    with simulated(tmp_path, "cisco-roomos") as device:
        before = dict(device.ports)
        state = json.loads(device.path.read_text())
        device.path.write_text(json.dumps({**state, "telnet": True}))
        device.refresh()
        telnet = device.ports["telnet"]
        assert answers(telnet)
        assert {name: device.ports[name] for name in before} == before
        device.path.write_text(json.dumps(state))
        device.refresh()
        assert "telnet" not in device.ports
        assert not answers(telnet)
        assert answers(device.ports["ssh"])


@pytest.mark.parametrize(
    ("family", "state", "open_ports"),
    [
        ("cisco-roomos", {}, {"ssh", "https", "sip", "sips"}),
        ("cisco-roomos", {"sip_listen": False}, {"ssh", "https"}),
        ("cisco-roomos", {"http": True, "h323": True}, {"ssh", "https", "http", "sip", "sips"}),
        ("cisco-roomos", {"snmp": "read-only"}, {"ssh", "https", "sip", "sips", "snmp"}),
        ("cisco-cms", {}, {"ssh", "https", "sip-5060", "sip-5061"}),
        ("cisco-cms", {"webadmin": {"enabled": False}}, {"ssh", "sip-5060", "sip-5061"}),
    ],
)
def test_the_ports_that_a_state_opens(tmp_path, family, state, open_ports):
    with simulated(tmp_path, family, **{**state, "h323": False}) as device:
        assert set(device.ports) == open_ports


def test_extra_ports_open_for_every_family(tmp_path):
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    with simulated(tmp_path, "cisco-roomos", extra_tcp=[port]):
        assert answers(port)
