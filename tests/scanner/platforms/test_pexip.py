"""Pexip Infinity: recorded lists, own ones, broken ones, and the order of questions."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rules.facts import Known, SyslogTarget, Unknown
from scanner.collect.errors import Busy, CollectError
from scanner.evidence import Document
from scanner.platforms.pexip import PLATFORM, read, version_key

SAMPLES = "devices/pexip/management-api"
PRODUCT = {"identity.vendor", "identity.family"}
DEFAULTED = "management.idle_timeout_s"
"""Unknown with the documented default where no list shows it."""


def document(content: str | bytes, source: str = "file") -> Document:
    raw = content.encode() if isinstance(content, str) else content
    return Document(raw, source, "O", datetime(2026, 1, 1, tzinfo=UTC))


def answer(kind: str, *objects: dict[str, Any], total: int | None = None) -> str:
    listed = [
        {"resource_uri": f"/api/admin/{kind}/{number}/", **item}
        for number, item in enumerate(objects, start=1)
    ]
    meta = {"total_count": len(objects) if total is None else total}
    return json.dumps({"meta": meta, "objects": listed}, indent=1)


def told(*contents: str | bytes) -> dict[str, Any]:
    facts = read([document(content) for content in contents]).facts
    return {name: fact.value if isinstance(fact, Known) else None for name, fact in facts.items()}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "GET_status_v1_worker_vm.json",
            {"software.version": ("24 (55691.0.0)", 38), "call.active": (0, 34)},
        ),
        ("GET_status_v1_conference.json", {"call.active": (1, 3)}),
        ("GET_status_v1_participant.json", {"call.active": (1, 3)}),
        ("GET_configuration_v1_conference.json", {}),
        ("GET_configuration_v1_system_location.json", {"ntp.servers": ((), 25)}),
        ("GET_configuration_v1_h323_gatekeeper.json", {}),
        ("GET_configuration_v1_mssip_proxy.json", {}),
        ("GET_configuration_v1_sip_proxy.json", {}),
    ],
)
def test_recorded_lists(shared: Path, file: str, expected: dict[str, Any]) -> None:
    content = (shared / SAMPLES / file).read_bytes()
    facts = dict(read([document(content)]).facts)
    assert facts["identity.family"].value == "pexip"
    assert isinstance(facts.pop(DEFAULTED), Unknown)
    found = {n: (f.value, f.citations[0].line) for n, f in facts.items() if n not in PRODUCT}
    assert found == expected
    chance = random.Random(18)
    for _ in range(200):
        cut = told(content[: chance.randrange(len(content) - 2)])
        assert not any(cut.values())


GLOBAL = "configuration/v1/global/"[:-1]


@pytest.mark.parametrize(
    ("settings", "name", "value"),
    [
        ({"enable_h323": False}, "service.h323.enabled", False),
        ({"enable_h323": "no"}, "service.h323.enabled", None),
        ({"enable_sip": False, "enable_sip_udp": False}, "service.sip.enabled", False),
        ({"sip_tls_cert_verify_mode": "ON"}, "sip.verifies_peer", True),
        ({"sip_tls_cert_verify_mode": "OFF"}, "sip.verifies_peer", False),
        ({"enable_ssh": True}, "service.ssh.enabled", True),
        ({"enable_ssh": False}, "service.ssh.enabled", None),
        ({"crypto_mode": "on"}, "call.encryption", None),
        ({"crypto_mode": "besteffort"}, "call.encryption", "best-effort"),
        ({"crypto_mode": "off"}, "call.encryption", "off"),
        ({"crypto_mode": "x"}, "call.encryption", None),
        ({"session_timeout_enabled": False}, "management.idle_timeout_s", 0),
        (
            {"session_timeout_enabled": True, "management_session_timeout": 30},
            "management.idle_timeout_s",
            1800,
        ),
        ({"management_session_timeout": 30}, "management.idle_timeout_s", None),
    ],
)
def test_global_settings(settings: dict[str, Any], name: str, value: Any) -> None:
    facts = told(answer(GLOBAL, settings))
    assert facts[name] == value
    assert set(facts) == PRODUCT | {name, DEFAULTED}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"enable_sip": True, "enable_sip_udp": False}, "best-effort"),
        ({"enable_sip": True, "enable_sip_udp": True}, "best-effort"),
        ({"enable_sip": True}, "best-effort"),
        ({"enable_sip": False, "enable_sip_udp": True}, "off"),
        ({"enable_sip": False, "enable_sip_udp": False}, None),
        ({"enable_sip": False}, None),
        ({"enable_sip": "yes", "enable_sip_udp": True}, None),
        ({"enable_sip": 1, "sip_tls_cert_verify_mode": True}, None),
    ],
)
def test_signalling_over_tls_comes_with_sip_over_tcp(
    settings: dict[str, Any], expected: str | None
) -> None:
    facts = told(answer(GLOBAL, settings))
    assert facts.get("sip.encryption") == expected
    assert "sip.verifies_peer" not in facts


def test_a_session_timeout_that_is_not_shown_is_unknown_with_its_documented_default() -> None:
    fact = read([document(answer(GLOBAL, {"enable_h323": True}))]).facts[DEFAULTED]
    assert isinstance(fact, Unknown)
    assert "30 minutes, not shown by the device" in fact.reason.en


@pytest.mark.parametrize("version", ["29 (69021.0.0)", "31.2 (72000.0.0)", "35 (79500.0.0)"])
def test_global_settings_asked_for_by_number_on_other_releases(version: str) -> None:
    settings = {"crypto_mode": "besteffort", "enable_ssh": True, "min_pin_length": 6, "id": 1}
    one = json.dumps({"resource_uri": "/api/admin/configuration/v1/global/1/", **settings})
    nodes = answer("status/v1/worker_vm", {"version": version}, {"version": version})
    facts = told(one, nodes)
    assert facts["call.encryption"] == "best-effort"
    assert facts["service.ssh.enabled"] is True
    assert facts["software.version"] == version
    assert version_key(version) is not None
    # of anything else, one object is not the list
    conference = {"resource_uri": "/api/admin/configuration/v1/conference/1/", "crypto_mode": "on"}
    required = json.dumps({**json.loads(one), "crypto_mode": "on"})
    assert told(required, json.dumps(conference))["call.encryption"] is None


WORKER = "status/v1/worker_vm"


@pytest.mark.parametrize(
    ("nodes", "calls"),
    [
        ([{"signaling_count": 0, "media_load": 0}], 0),
        ([{"signaling_count": 2, "media_load": 0}, {"signaling_count": 1, "media_load": 9}], 3),
        ([{"signaling_count": 0, "media_load": 4}], 1),
        ([{"signaling_count": 2}, {"version": "24"}], 2),
        ([{"signaling_count": "0", "media_load": 0}], None),
        ([{"signaling_count": 0}], None),
        ([{"signaling_count": True, "media_load": 0}], None),
    ],
)
def test_calls_on_the_nodes(nodes: list[dict[str, Any]], calls: int | None) -> None:
    assert told(answer(WORKER, *nodes)).get("call.active") == calls
    if calls == 0:
        more = answer(WORKER, *nodes, total=5)
        assert "call.active" not in told(more)
        listed = answer("status/v1/conference", {})
        assert told(answer(WORKER, *nodes), listed)["call.active"] == 1


LOCATION = "configuration/v1/system_location"
NTP = "configuration/v1/ntp_server"
FIRST, SECOND = (f"/api/admin/{NTP}/{number}/" for number in (1, 2))
DECLARED = answer(NTP, {"address": "10.67.30.10"}, {"address": "ntp.vn"})


@pytest.mark.parametrize(
    ("lists", "servers"),
    [
        ([DECLARED], ("10.67.30.10", "ntp.vn")),
        ([answer(LOCATION, {"ntp_servers": []})], ()),
        ([DECLARED, answer(LOCATION, {"ntp_servers": []})], ()),
        ([DECLARED, answer(LOCATION, {"ntp_servers": [SECOND]})], ("ntp.vn",)),
        ([DECLARED, answer(LOCATION, {"ntp_servers": [SECOND, FIRST]})], ("ntp.vn", "10.67.30.10")),
        ([answer(LOCATION, {"ntp_servers": [{"address": "10.0.0.1"}]})], ("10.0.0.1",)),
        ([answer(LOCATION, {"ntp_servers": [FIRST]})], None),
        ([DECLARED, answer(LOCATION, {"ntp_servers": []}, {"ntp_servers": [FIRST]})], None),
        ([answer(LOCATION, {"ntp_servers": "none"})], None),
        ([answer(LOCATION, {"ntp_servers": []}, total=3)], None),
        ([answer(NTP, {"address": "a"}, total=3)], None),
        ([answer(NTP, {"address": 7})], None),
    ],
)
def test_time_servers_are_those_that_are_asked(lists: list[str], servers: Any) -> None:
    assert told(*lists)["ntp.servers"] == servers
    assert told(*reversed(lists))["ntp.servers"] == servers


def test_a_location_of_a_release_without_time_servers_says_nothing() -> None:
    assert "ntp.servers" not in told(answer(LOCATION, {"mtu": 1500}))


def test_sip_is_not_called_off_by_one_of_its_two_settings() -> None:
    assert "service.sip.enabled" not in told(answer(GLOBAL, {"enable_sip": False}))


def test_a_conference_with_weaker_encryption_overrules_the_global_setting() -> None:
    weak = answer("configuration/v1/conference", {"crypto_mode": ""}, {"crypto_mode": "off"})
    both = [answer(GLOBAL, {"crypto_mode": "on"}), weak]
    assert told(*both)["call.encryption"] is None
    assert told(*reversed(both))["call.encryption"] is None


def test_encryption_is_required_only_when_every_conference_was_seen() -> None:
    required = answer(GLOBAL, {"crypto_mode": "on"})
    seen = answer("configuration/v1/conference", {"crypto_mode": ""}, {"crypto_mode": "on"})
    assert told(required, seen)["call.encryption"] == "required"
    first_page = json.loads(seen)
    first_page["meta"]["total_count"] = 40
    assert told(required, json.dumps(first_page))["call.encryption"] is None


def test_syslog_and_nodes() -> None:
    target = {"address": "10.0.0.9", "port": 6514, "transport": "tls"}
    listed = answer("configuration/v1/syslog_server", target)
    assert told(listed)["syslog.targets"] == (SyslogTarget("10.0.0.9", 6514, "tls"),)
    nodes = answer("status/v1/worker_vm", {"version": "24 (1.0.0)"}, {"version": "25 (2.0.0)"})
    assert told(nodes)["software.version"] is None


@pytest.mark.parametrize("content", ["", "[" * 90_000, "{}", "<html>", '{"meta":{},"objects":[7]}'])
def test_hostile_content_gives_nothing(content: str) -> None:
    assert told(content) == {}


@pytest.mark.corpus
def test_versions_are_ordered_as_the_vendor_counts(shared: Path) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text())
    keys = [version_key(version) for version in vectors["ascending"]["pexip"]]
    assert None not in keys
    assert all(a < b for a, b in pairwise(keys))  # type: ignore[operator]
    assert version_key("32") == version_key("32.0")
    assert version_key("n/a") is None


class Visit:
    """An `Access` whose web interface answers from a table and notes what it is asked."""

    def __init__(self, calls: str) -> None:
        self.sent: list[str] = []
        self.calls = calls

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Visit]:
        yield self

    def request(self, method: str, path: str, *, login: str, **_: Any) -> Document:
        assert login == "basic"
        self.sent.append(f"{method} {path}")
        content = self.calls if "/status/v1/conference/" in path else answer("x")
        return document(content, self.sent[-1])


def test_a_visit_asks_for_the_call_state_first() -> None:
    visit = Visit(answer("x"))
    documents = list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert visit.sent[0] == "GET /api/admin/status/v1/conference/"
    allowed = re.compile("|".join(PLATFORM.allowed))
    assert all(allowed.fullmatch(what) for what in visit.sent)
    assert read(documents).facts["call.active"].value == 0  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("calls", "error"),
    [(answer("status/v1/conference", {}), Busy), ("<html>", CollectError)],
)
def test_nothing_else_is_asked_in_a_call(calls: str, error: type[Exception]) -> None:
    visit = Visit(calls)
    with pytest.raises(error):
        list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert len(visit.sent) == 1


def test_an_answer_that_does_not_tell_its_total_gives_no_number_of_calls() -> None:
    listed = answer("status/v1/conference", {}, total=0)
    assert isinstance(read([document(listed)]).facts["call.active"], Unknown)
