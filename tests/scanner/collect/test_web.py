"""HTTPS with a pinned certificate, against real servers on 127.0.0.1."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lab.devices.web_server import Response, WebServer, json_response
from scanner.collect import web as web_module
from scanner.collect.errors import (
    CollectError,
    IdentityChanged,
    LoginRefused,
    NotPinned,
    Refused,
    Unreachable,
)
from scanner.collect.journal import FileJournal, NullJournal
from scanner.collect.web import WebEndpoint, WebSession, open_web
from tests.scanner.collect.answering_server import PASSWORD, Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    yield server
    server.listener.close()


@pytest.fixture
def session() -> Iterator[Callable[[WebEndpoint], WebSession]]:
    with ExitStack() as stack:

        def opened(endpoint: WebEndpoint) -> WebSession:
            allowed = (r"(?:GET|POST) /[a-z]*(?:\?[\w=?&]*)?(?: password={{password}})?",)
            return stack.enter_context(
                open_web(endpoint, allowed, NullJournal(), "thiet-bi", "may-quet")
            )

        yield opened


def test_an_answer_is_a_document_without_the_secret(server, session) -> None:
    server.answers["/x"] = Response(200, f"echo {PASSWORD} ok\nnext".encode())
    document = session(server.endpoint()).request("GET", "/x", login="basic")
    assert document.content == b"echo <redacted> ok\nnext"
    assert (document.source, document.evidence_class, document.vantage) == (
        "GET /x",
        "C",
        "may-quet",
    )
    assert server.requests[0].headers["authorization"].startswith("Basic ")
    assert PASSWORD not in repr(server.endpoint())


def test_the_path_arrives_as_it_was_given(server, session) -> None:
    server.answers["/action"] = Response(200, b"{}")
    session(server.endpoint()).request("POST", "/action?a=b?rmd=0", json={})
    assert server.requests[0].query == "a=b?rmd=0"


@pytest.mark.parametrize("spelling", [str.upper, lambda f: ":".join([f[:2], f[2:]]), str])
def test_a_fingerprint_may_be_written_in_several_ways(server, session, spelling) -> None:
    server.answers["/x"] = Response(200, b"{}")
    pinned = spelling(server.certificate)
    assert session(server.endpoint(certificate=pinned)).request("GET", "/x").content == b"{}"


@pytest.mark.parametrize(
    ("status", "request_with", "expected"),
    [
        (200, {"login": "basic"}, True),
        (200, {"json": {"login": [{"password": PASSWORD}]}}, True),
        (200, {"form": {"password": PASSWORD}}, True),
        (200, {"json": {"action": "Logout"}}, False),
        (200, {}, False),
        (401, {"login": "basic"}, False),
        (500, {"json": {"password": PASSWORD}}, False),
    ],
)
def test_a_password_counts_as_tested_when_it_was_sent_and_not_refused(
    server, session, status: int, request_with: dict[str, object], expected: bool
) -> None:
    proven: list[bool] = []
    server.answers["/x"] = Response(status, b"{}")
    client = session(server.endpoint(on_password=lambda: proven.append(True)))
    try:
        client.request("POST", "/x", **request_with)
    except CollectError:
        assert status != 200
    assert bool(proven) is expected


def test_a_changed_certificate_ends_it_before_any_request(server, session, tmp_path: Path) -> None:
    other = Server(tmp_path / "other")
    endpoint = server.endpoint(certificate=other.certificate)
    other.listener.close()
    with pytest.raises(IdentityChanged) as caught:
        session(endpoint).request("POST", "/x", json={"p": PASSWORD}, login="basic")
    assert not isinstance(caught.value, NotPinned)
    assert server.requests == []
    assert server.certificate in caught.value.reason.en


def test_without_a_pinned_certificate_nothing_is_sent_and_the_seen_one_is_told(
    server, session
) -> None:
    with pytest.raises(NotPinned) as caught:
        session(server.endpoint(certificate=None)).request("GET", "/x", login="basic")
    assert server.requests == []
    assert server.certificate in caught.value.reason.vi


def test_a_device_that_changes_its_certificate_between_requests_is_noticed(
    server, session, tmp_path: Path
) -> None:
    server.answers["/x"] = Response(200, iter([b"{}"]))  # closes the connection afterwards
    client = session(server.endpoint())
    client.request("GET", "/x")
    port = server.listener.bound_port
    server.listener.close()
    impostor = Server(tmp_path / "impostor")
    impostor.listener.close()
    impostor.listener.port = port
    impostor.listener.open()
    with pytest.raises(IdentityChanged):
        client.request("GET", "/x", login="basic")
    assert impostor.requests == []
    impostor.listener.close()


def test_a_request_outside_the_allowlist_is_refused_and_not_sent(server, session, tmp_path) -> None:
    for method, path in (("DELETE", "/x"), ("GET", "/x/y"), ("GET", "/x\nGET /y"), ("PUT", "/x")):
        with pytest.raises(Refused):
            session(server.endpoint()).request(method, path)
    assert server.requests == []


def test_what_is_sent_is_journalled_without_secrets(server, tmp_path: Path) -> None:
    server.answers["/x"] = Response(200, b"{}")
    with (
        FileJournal(tmp_path / "journal") as journal,
        open_web(server.endpoint(), ("GET /x",), journal, "thiet-bi") as client,
    ):
        client.request("GET", "/x", login="basic")
    text = (tmp_path / "journal").read_text()
    assert [json.loads(line)["sent"] for line in text.splitlines()] == ["GET /x"]
    assert PASSWORD not in text


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_login_is_tried_once(server, session, status: int) -> None:
    server.answers["/x"] = Response(status, b"no")
    with pytest.raises(LoginRefused) as caught:
        session(server.endpoint()).request("GET", "/x", login="basic")
    assert len(server.requests) == 1
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 307, 404, 500])
def test_no_redirect_is_followed_and_no_other_status_accepted(server, session, status) -> None:
    server.answers["/x"] = Response(status, b"", headers=(("Location", "/y"),))
    with pytest.raises(CollectError, match=str(status)):
        session(server.endpoint()).request("GET", "/x")
    assert [r.path for r in server.requests] == ["/x"]


def test_an_expected_status_is_an_answer(server, session) -> None:
    server.answers["/x"] = Response(404, b"none")
    assert session(server.endpoint()).request("GET", "/x", expect=(404,)).content == b"none"


def test_an_oversized_body_is_not_read_to_its_end(server, session, monkeypatch) -> None:
    sent = []

    def endless() -> Iterator[bytes]:
        while True:
            sent.append(1)
            yield b"x" * 65536

    monkeypatch.setattr(web_module, "MAX_BYTES", 1_000_000)
    server.answers["/x"] = lambda _: Response(200, endless())
    with pytest.raises(CollectError, match="more than 8 MB"):
        session(server.endpoint()).request("GET", "/x")
    assert len(sent) < 500


def test_a_dripping_body_ends_in_time(server, session) -> None:
    stop = threading.Event()

    def drip() -> Iterator[bytes]:
        while not stop.wait(0.1):
            yield b"x"

    server.answers["/x"] = lambda _: Response(200, drip())
    endpoint = server.endpoint(connect_timeout_s=0.5, command_timeout_s=0.5)
    started = time.monotonic()
    with pytest.raises(CollectError, match="too slowly"):
        session(endpoint).request("GET", "/x")
    stop.set()
    assert time.monotonic() - started < 3


def test_silence_ends_in_time(server, session) -> None:
    stop = threading.Event()
    server.answers["/x"] = lambda _: (stop.wait(5), Response(200, b""))[1]
    with pytest.raises(CollectError, match="too slowly"):
        session(server.endpoint(command_timeout_s=0.3)).request("GET", "/x")
    stop.set()


def test_a_compressed_body_is_not_unpacked(server, session) -> None:
    server.answers["/x"] = Response(200, b"\x1f\x8b", headers=(("Content-Encoding", "gzip"),))
    with pytest.raises(CollectError, match="compressed"):
        session(server.endpoint()).request("GET", "/x")


def test_nobody_there_is_unreachable(server, session) -> None:
    endpoint = server.endpoint()
    server.listener.close()
    with pytest.raises(Unreachable) as caught:
        session(endpoint).request("GET", "/x")
    assert "thiết bị đang tắt hoặc không kết nối được" in caught.value.reason.vi


def test_a_port_without_tls_is_told_from_a_dead_one(server, session) -> None:
    plain = WebServer(server.runtime, "http", 80, lambda _: Response())
    plain.open()
    with pytest.raises(CollectError, match="TLS") as caught:
        session(server.endpoint(port=plain.bound_port)).request("GET", "/x")
    assert not isinstance(caught.value, Unreachable)
    plain.close()


def test_kept_tokens_are_used_later_and_never_shown(server, session) -> None:
    inner = json.dumps({"acCSRFToken": "tok-12345678"})
    server.answers["/login"] = json_response({"success": 1, "data": inner})
    server.answers["/x"] = lambda r: Response(200, b"you sent " + r.body)
    client = session(server.endpoint())
    assert b"tok-" not in client.request("POST", "/login", keep=("acCSRFToken",)).content
    echoed = client.request(
        "POST",
        "/x",
        json={"acCSRFToken": "{{acCSRFToken}}"},
        headers={"Referer": "{{origin}}/", "Cookie": "id={{unknown}}"},
    )
    assert server.requests[1].json() == {"acCSRFToken": "tok-12345678"}
    assert server.requests[1].headers["referer"] == f"https://127.0.0.1:{server.endpoint().port}/"
    assert "cookie" not in server.requests[1].headers
    assert b"tok-" not in echoed.content


def test_a_missing_token_is_an_error_not_an_empty_request(server, session) -> None:
    with pytest.raises(CollectError, match="acCSRFToken"):
        session(server.endpoint()).request("POST", "/x", json={"a": ["{{acCSRFToken}}"]})
    assert server.requests == []


def test_cookies_live_as_long_as_the_session_and_are_redacted(server, session) -> None:
    cookie = (("Set-Cookie", "sid=cookie-secret-1; Path=/; Secure; HttpOnly"),)
    server.answers["/login"] = Response(200, b"cookie-secret-1", headers=cookie)
    server.answers["/x"] = Response(200, b"")
    client = session(server.endpoint())
    assert client.request("GET", "/login").content == b"<redacted>"
    client.request("GET", "/x")
    session(server.endpoint()).request("GET", "/x")
    assert [r.cookie("sid") for r in server.requests] == [None, "cookie-secret-1", None]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_the_environment_names_no_proxy(server, session, monkeypatch, variable: str) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:1")
    server.answers["/x"] = Response(200, b"ok")
    assert session(server.endpoint()).request("GET", "/x").content == b"ok"
