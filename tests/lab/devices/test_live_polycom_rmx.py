"""An RMX bridge is asked over real SNMP: call state first, GET only, and no secret is shown."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inventory.model import Credential, Device
from inventory.secrets import Secret, SecretError
from lab.devices.polycom_rmx import DEFAULTS, system_flags
from lab.devices.state import BadState, running
from lab.devices.state import Device as Simulated
from lab.namespaces import tool
from rules.facts import Known, Unknown
from scanner.collect.access import DeviceAccess
from scanner.collect.errors import Busy, CollectError, LoginRefused, Refused, Silent
from scanner.collect.login_probe import probe_login
from scanner.collect.snmp import Community, SnmpAgent, UsmUser, ask, read_objects
from scanner.collect.ssh_login import SshEndpoint
from scanner.collect.stopping import Stop
from scanner.collect.web import WebEndpoint
from scanner.engine.snmp_agent import snmp_agent
from scanner.evidence import Document
from scanner.platforms import find
from scanner.platforms.polycom_rmx_snmp import CALL_STATE, IDENTITY
from scanner.recognise import agreed, banners_of

pytestmark = pytest.mark.skipif(not Path(tool("snmpd")).is_absolute(), reason="no snmpd here")

RMX = find("polycom-rmx")
KEYS = {"authentication_key": "planted-xac-thuc", "privacy_key": "planted-ma-hoa"}
COMMUNITY = "planted-cong-dong"
V2C = {"user": "", "community": COMMUNITY}
PLANTED = (*KEYS.values(), COMMUNITY)


class Journal:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def sent(self, device_id: str, transport: str, what: str) -> None:
        assert (device_id, transport) == ("mcu", "snmp")
        self.lines.append(what)


@contextmanager
def simulated(folder: Path, **state: Any) -> Iterator[Simulated]:
    path = folder / "mcu.json"
    snmp = {**KEYS, **state.pop("snmp", {})}
    base = {"family": "polycom-rmx", "address": "127.0.0.1", "ports": {"*": 0}, "snmp": snmp}
    path.write_text(json.dumps({**base, **state}))
    with running(path) as device:
        yield device


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    with simulated(tmp_path_factory.mktemp("rmx")) as device:
        yield device


def user(**changes: Any) -> UsmUser:
    keys = {name: Secret(changes.pop(name, key)) for name, key in KEYS.items()}
    return UsmUser(**{"user": "giam-sat", "authentication": "SHA-256", **keys, **changes})


def access(
    device: Simulated, journal: Journal, account: Community | UsmUser | None
) -> DeviceAccess:
    agent = account and SnmpAgent("127.0.0.1", account, device.ports.get("snmp", 9), 0.5)
    return DeviceAccess(
        device_id="mcu",
        ssh=SshEndpoint(host="127.0.0.1", port=22, username=""),
        web_address=lambda _: WebEndpoint(host="127.0.0.1", port=443),
        allowed=RMX.allowed,
        journal=journal,
        vantage="test",
        stop=Stop(),
        snmp_agent=lambda: agent,
    )


def visit(
    device: Simulated, account: Community | UsmUser | None, journal: Journal | None = None
) -> list[Document]:
    return list(RMX.collect(access(device, journal or Journal(), account)))


def told(documents: list[Document]) -> Mapping[str, Any]:
    facts = RMX.read(documents).facts
    return {n: (f.value, f.citations[0].line) for n, f in facts.items() if isinstance(f, Known)}


ASKED = [f"SNMP GET {identifier}" for identifier in (*CALL_STATE.values(), *IDENTITY.values())]


def test_an_idle_bridge_is_asked_for_its_calls_and_then_for_its_name(idle: Simulated) -> None:
    journal = Journal()
    documents = visit(idle, user(), journal)
    assert told(documents) == {
        "identity.vendor": ("Polycom", 2),
        "identity.family": ("polycom-rmx", 2),
        "service.snmp.enabled": (True, 2),
        "call.active": (0, 2),
    }
    assert journal.lines == ASKED
    assert all(any(re.fullmatch(p, what) for p in RMX.allowed) for what in journal.lines)
    assert {d.evidence_class for d in documents} == {"C"}
    assert documents[1].lines[1] == "sysDescr: RMX 2000"
    identity = agreed(banners_of(documents))
    assert identity is not None
    assert identity.family == "polycom-rmx"


def test_what_snmp_does_not_tell_is_unknown_with_what_to_hand_in(idle: Simulated) -> None:
    documents = visit(idle, user())
    facts = RMX.read(documents).facts
    for name in ("password_policy.min_length", "management.allowlist", "snmp.versions"):
        fact = facts[name]
        assert isinstance(fact, Unknown)
        assert "system flags" in fact.reason.en
        assert "cờ hệ thống" in fact.reason.vi
    flags = Document(system_flags(DEFAULTS).encode(), "flags.txt", "O", datetime.now(UTC))
    for order in ([*documents, flags], [flags, *documents]):
        both = told(order)
        assert both["password_policy.min_length"] == (12, 1)
        assert both["management.lockout_attempts"] == (3, 6)
        assert both["call.active"][0] == 0


def test_a_community_reads_as_well(tmp_path: Path) -> None:
    with simulated(tmp_path, snmp=V2C) as device:
        documents = visit(device, Community(Secret(COMMUNITY)))
        assert told(documents)["call.active"] == (0, 2)
        with pytest.raises(Silent, match="does not tell these apart"):
            visit(device, Community(Secret("another")))
        assert COMMUNITY not in "".join(document.text for document in documents)


def test_a_conference_ends_the_visit_after_the_call_state(tmp_path: Path) -> None:
    journal = Journal()
    with simulated(tmp_path, call_active=2) as device:
        collecting = RMX.collect(access(device, journal, user()))
        state = next(collecting)
        with pytest.raises(Busy, match="conference is running"):
            next(collecting)
    assert journal.lines == ASKED[: len(CALL_STATE)]
    # six video calls are more than two conferences
    assert told([state])["call.active"] == (6, 3)


def test_a_bridge_that_does_not_count_its_conferences_is_asked_nothing_else(
    idle: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CALL_STATE, "activeConferences", IDENTITY["sysName"] + ".9")
    journal = Journal()
    opened = access(idle, journal, user())
    allowed = (*RMX.allowed, re.escape("SNMP GET " + CALL_STATE["activeConferences"]))
    object.__setattr__(opened, "allowed", allowed)
    with pytest.raises(CollectError, match="does not tell over SNMP"):
        list(RMX.collect(opened))
    assert len(journal.lines) == len(CALL_STATE)


REFUSED = [
    (user(user="nobody"), LoginRefused),
    (user(authentication_key="planted-wrong-1"), LoginRefused),
    (user(privacy_key="planted-wrong-2"), CollectError),
    (None, CollectError),
]


@pytest.mark.parametrize(("account", "kind"), REFUSED)
def test_a_wrong_account_is_a_reason_and_never_a_fact(
    idle: Simulated, account: UsmUser | None, kind: type[CollectError]
) -> None:
    with pytest.raises(kind) as caught:
        visit(idle, account)
    assert not isinstance(caught.value, Silent)
    assert "planted" not in f"{caught.value!r} {caught.value.reason}"


def test_without_an_account_nothing_is_sent(idle: Simulated) -> None:
    journal = Journal()
    with pytest.raises(CollectError, match="declares no SNMP account"):
        visit(idle, None, journal)
    assert journal.lines == []


def test_nothing_outside_the_allowlist_is_asked(idle: Simulated) -> None:
    journal = Journal()
    agent = SnmpAgent("127.0.0.1", user(), idle.ports["snmp"], 0.5)
    many = {f"o{n}": f"1.3.6.1.2.1.1.{n}.0" for n in range(21)}
    for objects, allowed in (({"x": "1.3.6.1.2.1.1.9.0"}, RMX.allowed), (many, (".*",))):
        with pytest.raises(Refused):
            read_objects(agent, objects, allowed, journal, "mcu")
    assert journal.lines == []
    with pytest.raises(Refused):
        read_objects(agent, {}, (".*",), journal, "mcu")


def test_secrets_are_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    journal, shown = Journal(), []
    for state, account in ((V2C, Community(Secret(COMMUNITY))), ({}, user())):
        with simulated(tmp_path, snmp=state) as device:
            opened = access(device, journal, account)
            documents = list(RMX.collect(opened))
            shown += [repr(opened), repr(opened.snmp_agent()), *(repr(d) for d in documents)]
    shown += [*journal.lines, caplog.text, "".join(capfd.readouterr())]
    assert not [word for word in PLANTED if any(word in text for text in shown)]


def test_recognition_still_asks_its_three_objects(idle: Simulated) -> None:
    journal = Journal()
    seen = ask("127.0.0.1", user(), journal, "mcu", port=idle.ports["snmp"])
    assert seen.evidence_class == "P"
    assert journal.lines == [
        f"snmp v3 get sysDescr sysObjectID sysName 127.0.0.1:{seen.source.rpartition(':')[2]}"
    ]


def test_the_declared_account_opens_the_agent(idle: Simulated, tmp_path: Path) -> None:
    for name, key in KEYS.items():
        (tmp_path / name).write_text(key)
        (tmp_path / name).chmod(0o600)
    credential = Credential(
        snmp_user="giam-sat",
        snmp_authentication_key="file:authentication_key",
        snmp_privacy_key="file:privacy_key",
        snmp_authentication="SHA-256",
    )
    declared = Device(
        id="mcu", kind="mcu", site="tt", address="127.0.0.1", credential=credential,
        snmp_port=idle.ports["snmp"],
    )  # fmt: skip
    agent = snmp_agent(declared, tmp_path)
    assert agent is not None
    seen = read_objects(agent, CALL_STATE, RMX.allowed, Journal(), "mcu")
    assert told([seen])["call.active"] == (0, 2)
    assert snmp_agent(declared.model_copy(update={"credential": None}), tmp_path) is None
    with pytest.raises(SecretError):
        snmp_agent(declared, tmp_path / "elsewhere")


def test_the_web_interface_tells_nothing_without_a_login(idle: Simulated) -> None:
    class Quiet:
        def sent(self, *_: str) -> None:
            pass

    port = idle.ports["https"]
    probed = probe_login("127.0.0.1", port, Quiet(), "mcu", questions=RMX.guarded)
    assert probed.interface.requires_login is True
    assert set(idle.ports) == {"https", "snmp", "h323", "sip", "sips", "sip-udp"}


def test_a_change_of_state_changes_what_the_agent_says(tmp_path: Path) -> None:
    with simulated(tmp_path) as device:
        before = json.loads(device.path.read_text())
        device.path.write_text(json.dumps({**before, "call_active": 1}))
        assert device.refresh()
        with pytest.raises(Busy):
            visit(device, user())
        off = {**before, "snmp": {"enabled": False}}
        device.path.write_text(json.dumps(off))
        assert device.refresh()
        assert "snmp" not in device.ports


def test_a_state_cannot_write_into_the_agents_configuration(tmp_path: Path) -> None:
    for snmp in ({"user": 'x" priv\nrwcommunity a'}, {"user": "", "community": "a\nb"}):
        with pytest.raises(BadState), simulated(tmp_path, snmp=snmp):
            pass
