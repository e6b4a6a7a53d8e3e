"""Huawei TE: answers of the published contract, broken ones, and visits to a simulated endpoint."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lab.devices.certificate import for_state
from lab.devices.state import Device, running
from rules.facts import Known, Unknown
from scanner.collect.errors import Busy, CollectError, LoginRefused
from scanner.collect.journal import NullJournal
from scanner.collect.login_probe import probe_login
from scanner.collect.web import WebEndpoint, open_web
from scanner.evidence import Document
from scanner.platforms.huawei_te import PLATFORM, read, version_key

SAMPLES = "devices/huawei-te/composed"
PASSWORD = "planted-Huawei-93"


def document(content: bytes) -> Document:
    return Document(content, "file", "O", datetime(2026, 1, 1, tzinfo=UTC))


def wrapped(data: Any, success: Any = 1) -> Document:
    return document(json.dumps({"success": success, "data": json.dumps(data)}).encode())


def known(*documents: Document) -> dict[str, Any]:
    facts = read(documents).facts
    return {name: fact.value for name, fact in facts.items() if isinstance(fact, Known)}


IDENTITY = {"identity.vendor": "Huawei", "identity.family": "huawei-te"}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "WEB_GetCfgParamAPI_telnet_off_http_off.json",
            {"service.telnet.enabled": False, "service.http.enabled": False},
        ),
        (
            "WEB_GetCfgParamAPI_telnet_on_http_on.json",
            {"service.telnet.enabled": True, "service.http.enabled": True},
        ),
        (
            "WEB_GetVersionInfoAPI.json",
            {**IDENTITY, "identity.model": "TE40", "software.version": "V1"},
        ),
        ("WEB_GetLoginInfo_TE40.json", {**IDENTITY, "identity.model": "TE40"}),
        ("WEB_GetLoginInfo_TE20.json", IDENTITY),
        ("WEB_GetProductEsnAPI.json", {"identity.serial": "SYNTHETIC-ESN"}),
        ("WEB_GetSysLocalTimeAPI.json", {}),
        ("Web_RequestCertificate.json", {}),
        ("Web_RequestSessionID.json", {}),
    ],
)
def test_answers_of_the_contract(shared: Path, file: str, expected: dict[str, Any]) -> None:
    assert known(document((shared / SAMPLES / file).read_bytes())) == expected


def test_the_citation_shows_the_item() -> None:
    items = [{"CfgItemID": "enabletelnet", "CfgItemInfo": 0}]
    fact = read([wrapped({"CfgItemInt": items})]).facts["service.telnet.enabled"]
    assert fact.citations[0].line == 1
    assert "enabletelnet" in fact.citations[0].text


def test_documents_that_disagree_leave_the_fact_unknown() -> None:
    on, off = ({"CfgItemInt": [{"CfgItemID": "enable_http", "CfgItemInfo": n}]} for n in (0, 1))
    fact = read([wrapped(on), wrapped(off), wrapped(on)]).facts["service.http.enabled"]
    assert isinstance(fact, Unknown)
    assert len(fact.citations) == 2


@pytest.mark.parametrize("value", [2, -1, True, "on", "01", None, [0], {}])
def test_a_strange_value_is_unknown(value: Any) -> None:
    items = [{"CfgItemID": "enable_http", "CfgItemInfo": value}]
    fact = read([wrapped({"CfgItemInt": items})]).facts["service.http.enabled"]
    assert isinstance(fact, Unknown)


@pytest.mark.parametrize(
    ("values", "name", "value"),
    [
        (["0"], "service.http.enabled", True),
        (["1"], "service.http.enabled", False),
        ([1, 1], "service.http.enabled", False),
        ([1, 0], "service.http.enabled", None),
        ([0, [0]], "service.http.enabled", None),
    ],
)
def test_a_value_in_quotes_or_given_twice(values: list[Any], name: str, value: Any) -> None:
    items = [{"CfgItemID": "enable_http", "CfgItemInfo": one} for one in values]
    for content in (wrapped({"CfgItemInt": items}), wrapped({"CfgItemInt": items[::-1]})):
        fact = read([content]).facts[name]
        assert (fact.value if isinstance(fact, Known) else None) == value


VARIANTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {"model": "TE20", "softVersion": "V500R002C00SPCb00", "logicVersion": ""},
        {**IDENTITY, "identity.model": "TE20", "software.version": "V500R002C00SPCb00"},
    ),
    (
        {"softVersion": "V600R019C00", "hardVersion": "A", "model": "Box 300", "lisence": []},
        {**IDENTITY, "identity.model": "Box 300", "software.version": "V600R019C00"},
    ),
    ({"szTermType": "TE60", "AlreadyLogin": 1}, {**IDENTITY, "identity.model": "TE60"}),
    ({"ucCustomType": 0, "ucTerType": 3, "AlreadyLogin": 0}, IDENTITY),
    ({"softVersion": "", "model": ""}, IDENTITY),
    ({"sipStatusTxStr": "SIP_STATE_OK", "sipAddr": "1@a"}, {"service.sip.enabled": True}),
    ({"sipStatusTxStr": "SIP_STATE_FAIL", "sipAddr": ""}, {}),
    ({"CfgItemStr": [{"CfgItemID": "enabletelnet", "CfgItemInfo": "1"}]}, {}),
]


@pytest.mark.parametrize(("data", "expected"), VARIANTS)
@pytest.mark.parametrize("form", ["string", "object", "lines"])
def test_other_models_and_forms(data: dict[str, Any], expected: dict[str, Any], form: str) -> None:
    carried = json.dumps(data, separators=(",", ":")) if form == "string" else data
    text = json.dumps({"success": 1, "data": carried}, indent=2 if form == "lines" else None)
    facts = read([document(text.replace("\n", "\r\n").encode())]).facts
    assert {n: f.value for n, f in facts.items() if isinstance(f, Known)} == expected
    for name, fact in facts.items():
        if isinstance(fact, Known) and form == "lines":
            shown = text.split("\n")[(fact.citations[0].line or 0) - 1]
            assert fact.citations[0].text == shown.strip(), name


def test_documented_defaults_are_reasons_and_no_values() -> None:
    facts = read([wrapped({"softVersion": "V500R002C00"})]).facts
    for name, default in (
        ("service.telnet.enabled", "off"),
        ("service.ssh.enabled", "off"),
        ("call.encryption", "Auto"),
        ("management.allowlist", "any address"),
    ):
        fact = facts[name]
        assert isinstance(fact, Unknown)
        assert f": {default}" in fact.reason.en or default in fact.reason.en
        assert "not shown by the device" in fact.reason.en
    shown = [{"CfgItemID": "enabletelnet", "CfgItemInfo": 1}]
    told = known(wrapped({"softVersion": "V500R002C00"}), wrapped({"CfgItemInt": shown}))
    assert told["service.telnet.enabled"] is True


@pytest.mark.parametrize("reverse", [False, True])
def test_a_call_in_one_answer_is_a_call(reverse: bool) -> None:
    states = [{"callstate": 0, "isInConf": 0}, {"callstate": 1, "isInConf": 0}]
    documents = [wrapped({"state": state}) for state in (states[::-1] if reverse else states)]
    assert known(*documents)["call.active"] == 1


@pytest.mark.parametrize(
    ("state", "calls"),
    [
        ({"callstate": 0, "isInConf": 0}, 0),
        ({"callstate": 2, "isInConf": 1}, 1),
        ({"callstate": 1, "isInConf": 0}, 1),
        ({"callstate": 0}, None),
        ({"callstate": "0", "isInConf": 0}, None),
        ('{"callstate": 0, "isInConf": 0}', 0),
        ([], None),
    ],
)
def test_the_call_state(state: Any, calls: int | None) -> None:
    fact = read([wrapped({"state": state})]).facts["call.active"]
    assert (fact.value if isinstance(fact, Known) else None) == calls


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00",
        b"[" * 100_000,
        b'{"success": 1, "data": ""}',
        b'{"success": 0, "data": "{\\"softVersion\\": \\"V1\\"}"}',
        b'{"success": 1, "data": "' + b"[" * 50_000 + b'"}',
        b'{"success": 1, "data": {"CfgItemInt": [{"CfgItemID": []}, 5, null]}}',
        b'{"success": 1, "data": "{\\"CfgItemInt\\": {}}"}',
        b'{"success": 1, "data": "\\\\\\"' + b'\\\\"' * 20_000 + b'"}',
    ],
)
def test_hostile_content_never_raises_and_tells_nothing(content: bytes) -> None:
    assert known(document(content)) == {}


def test_cut_and_garbled_answers_give_the_same_or_nothing() -> None:
    whole = wrapped({"model": "TE40", "softVersion": "V500R002C00", "state": {}}).content
    chance = random.Random(3)
    for _ in range(200):
        assert known(document(whole[: chance.randrange(len(whole))])) == {}
        content = bytearray(whole)
        content[chance.randrange(len(content))] = chance.randrange(256)
        read([document(bytes(content))])


def test_versions_are_ordered_as_the_vendor_counts() -> None:
    ascending = [
        "V100R001C01SPC100",
        "V100R001C01SPC107TB010",
        "V100R001C10",
        "V500R002C00",
        "V500R002C00SPC900",
        "V500R002C00SPCa00",
        "TEX0 V500R002C00SPCb00",
        "V600R006C00",
        "v600r006c10",
        "V600R019C00",
    ]
    keys = [version_key(version) for version in ascending]
    assert None not in keys
    assert keys == sorted(keys)  # type: ignore[type-var]
    assert len(set(keys)) == len(keys)
    assert version_key("v600r006c10") == version_key("V600R006C10")
    for strange in ("", "V1", "V100R001C20LCRW01T", "V500R002C00SPCzzz", "6.2.2"):
        assert version_key(strange) is None


# --- visits ----------------------------------------------------------------------------------


class Visit:
    """An `Access` to a simulated endpoint."""

    username = "admin"

    def __init__(self, device: Device, password: str = PASSWORD) -> None:
        self.endpoint = WebEndpoint(
            host="127.0.0.1",
            port=device.ports["https"],
            username=self.username,
            password=password,
            certificate=for_state(device.path, device.runtime.state).fingerprint,
        )

    @contextmanager
    def web(self, default_port: int = 443) -> Iterator[Any]:
        with open_web(self.endpoint, PLATFORM.allowed, NullJournal(), "vcs") as client:
            yield client

    def secret(self) -> str:
        return self.endpoint.password or ""


Start = Callable[..., Device]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    contexts = []

    def started(**state: Any) -> Device:
        path = tmp_path / "te.json"
        login = {"username": "admin", "password": PASSWORD}
        base = {"family": "huawei-te", "address": "127.0.0.1", "ports": {"*": 0}}
        path.write_text(json.dumps({**base, "login": login, **state}))
        context = running(path)
        contexts.append(context)
        return context.__enter__()

    yield started
    for context in contexts:
        context.__exit__(None, None, None)


def actions(device: Device) -> list[str]:
    sent = [what for kind, what in device.runtime.seen if kind == "http"]
    return [match[1] for what in sent if (match := re.search(r"ActionID=(\w+)\?rmd", what))]


def test_an_endpoint_is_read_and_logged_out_of(start: Start) -> None:
    device = start(http=True)
    documents = list(PLATFORM.collect(Visit(device)))  # type: ignore[arg-type]
    told = known(*documents)
    assert told == {
        **IDENTITY,
        "identity.model": "TE40",
        "identity.serial": "LAB2102350TE400001",
        "software.version": "V500R019C00SPC600",
        "service.telnet.enabled": False,
        "service.http.enabled": True,
        "call.active": 0,
    }
    assert actions(device)[:4] == [
        "WEB_GetLoginInfo",
        "Web_RequestSessionID",
        "Web_RequestCertificate",
        "WEB_ChangeSessionID",
    ]
    assert actions(device)[-2:] == ["WEB_GetLineStateInfoAPI", "WEB_LogoutAPI"]
    sent = [what for kind, what in device.runtime.seen if kind == "http"]
    allowed = re.compile("|".join(PLATFORM.allowed))
    assert all(allowed.fullmatch(what) for what in sent)
    assert PASSWORD.encode() not in b"".join(d.content for d in documents)


def test_a_registered_line_shows_that_sip_is_on(start: Start) -> None:
    documents = list(PLATFORM.collect(Visit(start(sip_line="SIP_STATE_OK"))))  # type: ignore[arg-type]
    assert known(*documents)["service.sip.enabled"] is True


def test_somebody_logged_in_is_not_put_out(start: Start) -> None:
    device = start(already_login=True)
    with pytest.raises(Busy):
        list(PLATFORM.collect(Visit(device)))  # type: ignore[arg-type]
    assert actions(device) == ["WEB_GetLoginInfo"]


def test_a_call_puts_the_visit_off(start: Start) -> None:
    device = start(call_active=1)
    with pytest.raises(Busy):
        list(PLATFORM.collect(Visit(device)))  # type: ignore[arg-type]
    assert actions(device)[-2:] == ["WEB_GetMailboxDataAPI", "WEB_LogoutAPI"]


def test_a_wrong_password_is_tried_once(start: Start) -> None:
    device = start()
    with pytest.raises(LoginRefused) as caught:
        list(PLATFORM.collect(Visit(device, "wrong-planted-1")))  # type: ignore[arg-type]
    assert actions(device).count("Web_RequestCertificate") == 1
    assert "wrong-planted-1" not in str(caught.value)


def test_a_device_of_another_make_gets_no_password(start: Start) -> None:
    device = start(family="polycom-group", api_open=True)
    with pytest.raises(CollectError):
        list(PLATFORM.collect(Visit(device)))  # type: ignore[arg-type]
    assert not [kind for kind, _ in device.runtime.seen if kind == "login"]


def test_it_is_seen_that_reading_needs_a_login(start: Start) -> None:
    device = start()
    port = device.ports["https"]
    probe = probe_login("127.0.0.1", port, NullJournal(), "vcs", questions=PLATFORM.guarded)
    assert probe.interface.requires_login is True
