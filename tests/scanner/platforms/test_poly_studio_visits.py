"""Poly G7500 and Studio X: broken and hostile answers, versions, and the order of questions."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rules.facts import FACT_TYPES, Unknown
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.evidence import Document
from scanner.platforms.poly_studio import PLATFORM, read, version_key
from tests.scanner.platforms.poly_studio_exports import (
    document,
    export_text,
    facts_of,
    values,
)

PASSWORD = "planted-Studio-58"


# --- broken and hostile input ----------------------------------------------------------------


def same_or_unknown(whole: dict[str, Any], part: dict[str, Any]) -> None:
    for name, fact in part.items():
        assert isinstance(fact, Unknown) or fact.value == whole[name].value, name


def test_a_cut_export_gives_the_same_facts_or_unknowns() -> None:
    text = export_text({"sec.auth.user.id": "phonghop", "device.local.ntpServer.address.2": "b"})
    whole = facts_of(text)
    chance = random.Random(30)
    for _ in range(200):
        same_or_unknown(whole, facts_of(text[: chance.randrange(len(text))]))


HOSTILE = [
    b"",
    b"\xff\xfe<\x00P\x00",
    b"<PHONE_CONFIG>",
    b'<!DOCTYPE a [<!ENTITY b "true">]>\n<PHONE_CONFIG><ALL sec.telnet.enable="&b;"/>'
    b"</PHONE_CONFIG>",
    b'<PHONE_CONFIG><ALL sec.auth.admin.id="\x1b[2J&#27;[2J&lt;script&gt;\xe2\x80\xae" '
    b'sec.auth.external.AD.enable="false" sec.web.httpsOnly="&#x110000;"/></PHONE_CONFIG>',
    b"<PHONE_CONFIG><ALL " + b"a=" * 50_000,
    b"<PHONE_CONFIG><ALL" + b" \n" * 50_000 + b"?",
    b"<PHONE_CONFIG>" + b"<a>" * 50_000,
    b"<PHONE_CONFIG><!--" + b"<!--" * 50_000,
    b"<PHONE_CONFIG><ALL\n" + b'x="1"\n' * 50_000,
    b"[" * 100_000,
    b'{"softwareVersion": 5, "model": null, "serialNumber": {"a": 1}, "timeServerState": []}',
    b'[{"isActive": true}]',
    b'[{"name": "system.status.autoanswerp2p", "stateList": "on"}]',
    b'[{"deviceCategory": "SYSTEM", "productName": 3}]',
    b'{"softwareVersion": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("content", HOSTILE)
@pytest.mark.timeout(10)
def test_hostile_content_never_raises_and_never_gives_control_characters(content: bytes) -> None:
    reading = read([document(content), document(content)])
    for name, fact in reading.facts.items():
        assert name in FACT_TYPES
        for text in [c.text for c in fact.citations] + [str(getattr(fact, "value", ""))]:
            assert "\x1b" not in text
            assert "\u202e" not in text
    assert "service.telnet.enabled" not in values(dict(reading.facts))


def test_what_is_no_attribute_is_listed_and_makes_the_export_incomplete() -> None:
    text = export_text().replace(
        "     sec.ssh.enable", "     what is this\x1b[0m\n     sec.ssh.enable"
    )
    ((_, line),) = read([document(text)]).unread
    assert (line.line, line.text) == (text.split("\n").index("     what is this\x1b[0m") + 1,
                                      "what is this[0m")  # fmt: skip
    assert "accounts" not in values(facts_of(text))


# --- versions --------------------------------------------------------------------------------


@pytest.mark.corpus
def test_versions_are_ordered_as_the_vendor_counts(shared: Path) -> None:
    vectors = json.loads((shared / "vulndata/version-vectors.json").read_text())
    ascending = vectors["ascending"]["poly-videoos"]
    keys = [version_key(version) for version in ascending]
    assert None not in keys
    assert all(a < b for a, b in itertools.pairwise(keys))  # type: ignore[operator]


def test_builds_do_not_count_and_strange_versions_have_no_place() -> None:
    assert version_key("3.10.0-210644") == version_key("3.10.0")
    assert version_key("3.9.1") < version_key("3.10.0") < version_key("4.0")  # type: ignore[operator]
    for strange in ("", "ce9.6.1", "VideoOS", "3", "3.10.0 <b>", "6" * 5000):
        assert version_key(strange) is None


# --- a visit ---------------------------------------------------------------------------------


class Visit:
    """An `Access` whose web interface answers from a table and notes what it is asked."""

    username = "admin"

    def __init__(self, **answers: str) -> None:
        self.sent: list[str] = []
        self.answers = {
            "POST /rest/session": '{"success": true, "session": {"sessionId": "<redacted>"}}',
            "GET /rest/conferences": "[]",
            "GET /rest/system": '{"model": "StudioX50", "softwareVersion": "4.1.0"}',
            "GET /rest/system/status": "[]",
            "GET /rest/provisioning/config": export_text(),
            **answers,
        }

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Visit]:
        yield self

    def request(self, method: str, path: str, **_: Any) -> Document:
        what = f"{method} {path}"
        self.sent.append(what)
        return document(self.answers[what], what)

    def secret(self) -> str:
        return PASSWORD


def test_a_visit_asks_for_the_call_state_first_and_logs_out() -> None:
    visit = Visit()
    documents = list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert visit.sent == [
        "POST /rest/session",
        "GET /rest/conferences",
        "GET /rest/system",
        "GET /rest/system/status",
        "GET /rest/provisioning/config",
        "POST /rest/session",
    ]
    allowed = re.compile("|".join(PLATFORM.allowed))
    assert all(allowed.fullmatch(what) for what in visit.sent)
    told = values(dict(read(documents).facts))
    assert (told["call.active"], told["software.version"]) == (0, "4.1.0")
    assert told["call.encryption"] == "required"


@pytest.mark.parametrize(
    ("conferences", "error"),
    [
        ('[{"isActive": true, "connections": [{"state": "CONNECTED"}]}]', Busy),
        ('[{"isActive": false, "connections": [{"state": "RINGING"}]}]', Busy),
        ("<html>", CollectError),
        ("{}", CollectError),
    ],
)
def test_nothing_else_is_asked_during_a_call(conferences: str, error: type[Exception]) -> None:
    visit = Visit(**{"GET /rest/conferences": conferences})
    with pytest.raises(error):
        list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert visit.sent == ["POST /rest/session", "GET /rest/conferences", "POST /rest/session"]


def test_a_refused_login_is_not_repeated() -> None:
    visit = Visit(**{"POST /rest/session": '{"success": false}'})
    with pytest.raises(LoginRefused) as caught:
        list(PLATFORM.collect(visit))  # type: ignore[arg-type]
    assert visit.sent == ["POST /rest/session"]
    assert PASSWORD not in str(caught.value) + caught.value.reason.vi
