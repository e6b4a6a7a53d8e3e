"""Services and calls as the XML-RPC interface of an MCU tells them."""

from __future__ import annotations

from typing import Any

import pytest

from rules.facts import Unknown
from scanner.platforms.cisco_mcu import read
from tests.scanner.platforms.mcu_answers import DEVICE, document, known, reply


def port(letter: str = "A", **services: Any) -> dict[str, Any]:
    listed = [
        {"setting": {"x": 1}, "name": name, "type": "tcp", "enabled": on}
        for name, on in services.items()
    ]
    return {"protocol": "IPv4", "port": letter, "services": listed}


SIP = {"sip_tcp": False, "sip_udp": False, "sips_tcp": False}
SERVICES: list[tuple[list[Any], dict[str, bool]]] = [
    ([port(http=True)], {"http": True}),
    ([port(http=False)], {"http": False}),
    ([port(HTTP=False)], {"http": False}),
    ([port(http=False), port("B", http=True)], {"http": True}),
    ([port(http=False), port("B", http=False)], {"http": False}),
    ([port(http=False), port("B", http="perhaps")], {}),
    ([port(http=1)], {}),
    ([port(http="1")], {}),
    ([port(h225=True, snmp=False, ftp=False)], {"h323": True, "snmp": False, "ftp": False}),
    ([port(**SIP)], {"sip": False}),
    ([port(**SIP | {"sips_tcp": True})], {"sip": True}),
    ([port(sip_tcp=False)], {}),
    ([port(gatekeeper=True, rtsp=True, mms=True, cdep=True, tunnel=True)], {}),
    ([port(http=False), port("B", hztp=True)], {}),
    ([port(http=False), port("B", rtsp=True)], {"http": False}),
    ([port(http=False), port("B")], {"http": False}),
    ([port(http=False), {"port": "B"}], {}),
    ([port(http=False, teleport=True)], {"http": False}),
    ([port()], {}),
    ([], {}),
    ([{"services": "http"}], {}),
]


@pytest.mark.parametrize(("ports", "expected"), SERVICES)
def test_services(ports: list[Any], expected: dict[str, bool]) -> None:
    told = known(document(reply(ports=ports)))
    told.pop("sip.encryption", None)
    assert told == {f"service.{name}.enabled": on for name, on in expected.items()}


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ([port(**SIP)], None),
        ([port(**SIP | {"sips_tcp": True})], "best-effort"),
        ([port(**SIP | {"sip_tcp": True})], "off"),
        ([port(**SIP | {"sip_tcp": True, "sips_tcp": True})], "best-effort"),
        ([port(**SIP | {"sip_tcp": True}), port("B", **SIP | {"sips_tcp": True})], "best-effort"),
        ([port(**SIP | {"sip_udp": True, "sips_tcp": "perhaps"})], None),
        ([port(sip_tcp=True)], None),
        ([port(http=True)], None),
    ],
)
def test_signalling_is_encrypted_where_the_unit_listens_for_tls(
    ports: list[Any], expected: str | None
) -> None:
    assert known(document(reply(ports=ports))).get("sip.encryption") == expected


def test_a_service_cites_its_switch_and_its_name() -> None:
    content = reply(ports=[port(http=False), port("B", http=True)])
    citations = read([document(content)]).facts["service.http.enabled"].citations
    lines = content.split("\n")
    shown = [lines[citation.line - 1] for citation in citations]
    assert shown == ["<value><boolean>1</boolean></value>", "<value>http</value>"]


def test_a_doubled_member_decides_nothing() -> None:
    content = reply(ports=[port(http=False)])
    switch = "<member>\n<name>enabled</name>\n<value><boolean>1</boolean></value>\n</member>\n"
    doubled = content.replace("<member>\n<name>enabled", switch + "<member>\n<name>enabled")
    assert doubled != content
    assert known(document(doubled)) == {}


def participant(state: Any, **more: Any) -> dict[str, Any]:
    return {"participantName": "1", "participantProtocol": "h323", "currentState": state, **more}


CONNECTED = participant({"connectTime": "20260101T00:00:00", "callState": "connected"})
JOINED = participant({"connectTime": "20260101T00:00:00"})
GONE = participant({"connectTime": "20260101T00:00:00", "callState": "disconnected"})
CALLS = [
    ({"participants": []}, 0),
    ({"participants": [CONNECTED, GONE, CONNECTED]}, 2),
    ({"participants": [JOINED, JOINED]}, 2),
    ({"participants": [CONNECTED, JOINED]}, None),
    ({"participants": [GONE]}, 0),
    ({"participants": [participant("connected")]}, 1),
    ({"participants": [participant("dormant")]}, 0),
    ({"participants": [{"connectionState": "connected"}]}, 1),
    ({"participants": [participant("levitating")]}, None),
    ({"participants": [participant({"disconnectReason": "x", "connectTime": "y"})]}, None),
    ({"participants": [{"participantName": "1"}]}, None),
    ({"participants": [CONNECTED], "enumerateID": "42"}, 1),
    ({"participants": [GONE], "enumerateID": "42"}, None),
    ({"participants": [], "moreAvailable": True}, None),
    ({"participants": [], "moreAvailable": False}, 0),
    ({"participants": "none"}, None),
    ({"conferences": []}, 0),
    ({"conferences": [{"numParticipants": 3}, {"numParticipants": 0}]}, 3),
    ({"conferences": [{"numParticipants": 0, "active": True}]}, 0),
    ({"conferences": [{"conferenceName": "x"}]}, None),
    ({"conferences": [{"numParticipants": "3"}]}, None),
    ({"conferences": [], "enumerateID": "42"}, None),
    ({"currentRevision": 5}, None),
]


@pytest.mark.parametrize(("given", "calls"), CALLS)
def test_the_call_state(given: dict[str, Any], calls: int | None) -> None:
    assert known(document(reply(**given))).get("call.active") == calls


def test_a_conference_that_stands_empty_is_no_call() -> None:
    conferences = document(reply(conferences=[{"conferenceName": "x"}]))
    assert known(conferences, document(reply(participants=[])))["call.active"] == 0
    assert known(conferences, document(reply(participants=[CONNECTED])))["call.active"] == 1


def test_a_reply_that_breaks_off_tells_nothing() -> None:
    content = reply(participants=[CONNECTED, GONE], ports=[port(http=True)], **DEVICE).rstrip()
    assert known(document(content))["call.active"] == 1
    for end in range(0, len(content), 7):
        assert known(document(content[:end])) == {}
        idle = read([document(reply(participants=[])), document(content[:end])])
        assert isinstance(idle.facts["call.active"], Unknown)
