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
        ("GET_status_v1_worker_vm.json", {"software.version": ("24 (55691.0.0)", 38)}),
        ("GET_status_v1_conference.json", {"call.active": (1, 3)}),
        ("GET_status_v1_participant.json", {"call.active": (1, 3)}),
        ("GET_configuration_v1_conference.json", {}),
        ("GET_configuration_v1_system_location.json", {}),
    ],
)
def test_recorded_lists(shared: Path, file: str, expected: dict[str, Any]) -> None:
    content = (shared / SAMPLES / file).read_bytes()
    facts = dict(read([document(content)]).facts)
    assert facts["identity.family"].value == "pexip"
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
        ({"enable_sip": False, "enable_sip_udp": True}, "service.sip.enabled", True),
        ({"enable_sip": False, "enable_sip_udp": False}, "service.sip.enabled", False),
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
    assert set(facts) == PRODUCT | {name}


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
