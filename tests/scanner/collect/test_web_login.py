"""HTTP Basic and Digest, against servers on 127.0.0.1."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from lab.devices.basic_auth import challenge, is_let_in
from lab.devices.digest_auth import DigestLogin
from lab.devices.web_server import Request, Response
from scanner.collect.errors import CollectError, IdentityChanged, LoginRefused
from scanner.collect.journal import FileJournal
from scanner.collect.web import WebEndpoint, WebSession, open_web
from scanner.collect.web_login import Answered, WebLogin
from tests.scanner.collect.answering_server import PASSWORD, Server

ALLOWED = (
    r"GET /x(?:\?[\w=&]*)?",
    r"POST /api apicommand=callinfo all;",
)
OPEN = Response(200, b"ok")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    server.runtime.state = {
        **server.runtime.state,
        "login": {"username": "admin", "password": PASSWORD},
    }
    yield server
    server.listener.close()


Open = Callable[[WebEndpoint], WebSession]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as stack:
        journal = stack.enter_context(FileJournal(tmp_path / "journal"))

        def opened(endpoint: WebEndpoint) -> WebSession:
            return stack.enter_context(open_web(endpoint, ALLOWED, journal, "thiet-bi"))

        yield opened


def journal(tmp_path: Path) -> list[str]:
    text = (tmp_path / "journal").read_text()
    assert PASSWORD not in text
    return [json.loads(line)["sent"] for line in text.splitlines()]


def behind_digest(server: Server, answer: Response = OPEN, **options: Any) -> None:
    login = DigestLogin(server.runtime, "system", **options)
    for path in ("/x", "/api", "/form"):
        server.answers[path] = lambda request: login.refusal(request) or answer


def logins(server: Server) -> list[str]:
    return [what for kind, what in server.runtime.seen if kind == "login"]


# --- Digest ----------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
@pytest.mark.parametrize("login", ["digest", "as-asked"])
def test_a_challenge_is_answered(
    server: Server, session: Open, tmp_path: Path, algorithm: str, login: Any
) -> None:
    behind_digest(server, algorithm=algorithm)
    client = session(server.endpoint())
    assert client.request("GET", "/x?a=b", login=login).content == b"ok"
    assert [r.headers.get("authorization", "-")[:6] for r in server.requests] == ["-", "Digest"]
    assert journal(tmp_path) == ["GET /x?a=b"] * 2
    assert f"algorithm={algorithm}" in server.requests[1].headers["authorization"]


def test_a_form_goes_with_the_answer_to_a_challenge(server: Server, session: Open) -> None:
    behind_digest(server)
    form = {"apicommand": "callinfo all;"}
    session(server.endpoint()).request("POST", "/api", form=form, login="digest")
    assert [r.body for r in server.requests] == [b"apicommand=callinfo+all%3B"] * 2


def test_one_challenge_is_enough_for_a_session(server: Server, session: Open) -> None:
    behind_digest(server)
    client = session(server.endpoint())
    for _ in range(3):
        client.request("GET", "/x", login="digest")
    counts = [r.headers.get("authorization", "") for r in server.requests]
    assert [re.findall(r"nc=(\d{8})", count) for count in counts] == [
        [], ["00000001"], ["00000002"], ["00000003"],
    ]  # fmt: skip


def test_a_used_up_nonce_is_no_refusal(server: Server, session: Open) -> None:
    behind_digest(server, uses=2)
    client = session(server.endpoint())
    for _ in range(4):
        assert client.request("GET", "/x", login="digest").content == b"ok"
    # 401, ok; ok; stale, ok; ok
    assert len(server.requests) == 6


@pytest.mark.parametrize("login", ["digest", "as-asked"])
def test_a_wrong_password_is_shown_once(
    server: Server, session: Open, tmp_path: Path, login: Any
) -> None:
    behind_digest(server)
    proven: list[bool] = []
    wrong = server.endpoint(password="wrong-planted-1", on_password=lambda: proven.append(True))
    with pytest.raises(LoginRefused) as caught:
        session(wrong).request("GET", "/x", login=login)
    assert len(server.requests) == 2
    assert logins(server) == ["admin"]
    assert not proven
    assert "wrong-planted-1" not in str(caught.value) + "".join(journal(tmp_path))


def test_a_password_that_stops_being_right_is_not_shown_again(
    server: Server, session: Open
) -> None:
    behind_digest(server)
    client = session(server.endpoint())
    client.request("GET", "/x", login="digest")
    server.runtime.state = {
        **server.runtime.state,
        "login": {"username": "admin", "password": "changed-meanwhile"},
    }
    with pytest.raises(LoginRefused):
        client.request("GET", "/x", login="digest")
    assert len(server.requests) == 3


def test_a_device_that_calls_every_nonce_stale_is_not_asked_for_ever(
    server: Server, session: Open
) -> None:
    refusal = Response(401, b"", headers=(("WWW-Authenticate", _fields("stale=true")),))
    server.answers["/x"] = refusal
    with pytest.raises(LoginRefused):
        session(server.endpoint()).request("GET", "/x", login="digest")
    assert len(server.requests) == 2


def _fields(more: str = "", algorithm: str = "MD5") -> str:
    fields = f'realm="system", nonce="n1", qop="auth", algorithm={algorithm}'
    return f"Digest {fields}" + (f", {more}" if more else "")


@pytest.mark.parametrize(
    "challenges",
    [
        ["Negotiate", _fields()],
        [f"Negotiate, {_fields()}"],
        ['Basic realm="a, b", ' + _fields()],
        [_fields(algorithm="SHA-512-256"), _fields()],
        [_fields(algorithm="SHA-512-256") + ", " + _fields()],
    ],
)
def test_digest_is_found_among_other_schemes(
    server: Server, session: Open, challenges: list[str]
) -> None:
    headers = tuple(("WWW-Authenticate", challenge) for challenge in challenges)

    def answer(request: Request) -> Response:
        return OPEN if "authorization" in request.headers else Response(401, b"", headers=headers)

    server.answers["/x"] = answer
    assert session(server.endpoint()).request("GET", "/x", login="as-asked").content == b"ok"
    assert server.requests[1].headers["authorization"].startswith("Digest ")
    assert "algorithm=MD5" in server.requests[1].headers["authorization"]


@pytest.mark.parametrize(
    "challenge",
    [
        None,
        "",
        "Negotiate",
        "Bearer realm=x",
        "Digest",
        "Digest x",
        'Digest realm="system"',
        'Digest nonce="n", qop="auth"',
        'Digest realm="r", nonce="n", algorithm=CRC32',
        'Digest realm="r", nonce="n", qop="auth-int"',
        'Digest realm="r", nonce="n", qop="nothing"',
        "Digest " + "a=," * 3000,
    ],
)
@pytest.mark.parametrize("login", ["digest", "as-asked"])
def test_a_login_that_cannot_be_given_sends_no_password(
    server: Server, session: Open, challenge: str | None, login: Any
) -> None:
    headers = () if challenge is None else (("WWW-Authenticate", challenge),)
    server.answers["/x"] = Response(401, b"", headers=headers)
    with pytest.raises(CollectError, match="kind of login") as caught:
        session(server.endpoint()).request("GET", "/x", login=login)
    assert not isinstance(caught.value, LoginRefused)
    assert len(server.requests) == 1
    assert "kiểu đăng nhập" in caught.value.reason.vi


def test_digest_is_never_answered_with_basic(server: Server, session: Open) -> None:
    server.answers["/x"] = challenge("system")
    with pytest.raises(CollectError, match="Basic"):
        session(server.endpoint()).request("GET", "/x", login="digest")
    assert len(server.requests) == 1


def test_every_connection_of_the_exchange_is_pinned(server: Server, tmp_path: Path) -> None:
    """The challenge comes from the device; whoever answers on its port afterwards gets nothing."""
    impostor = Server(tmp_path / "impostor")
    impostor.listener.close()
    headers = (("WWW-Authenticate", _fields()), ("Connection", "close"))
    server.answers["/x"] = Response(401, b"", headers=headers)

    class Swapping:
        """A journal in whose second line another device takes the place of the first."""

        lines = 0

        def sent(self, device_id: str, transport: str, what: str) -> None:
            self.lines += 1
            if self.lines == 2:
                impostor.listener.port = server.listener.bound_port
                server.listener.close()
                impostor.listener.open()

    with (
        open_web(server.endpoint(), ALLOWED, Swapping(), "thiet-bi") as client,
        pytest.raises(IdentityChanged),
    ):
        client.request("GET", "/x", login="digest")
    assert impostor.requests == []
    impostor.listener.close()


def test_the_response_is_that_of_the_rfc(server: Server, session: Open) -> None:
    """Reckoned here a second time, so that server and client cannot be wrong together."""
    server.answers["/x"] = lambda request: (
        OPEN
        if "authorization" in request.headers
        else Response(401, b"", headers=(("WWW-Authenticate", _fields('opaque="o"')),))
    )
    session(server.endpoint(password="Circle of Life")).request("GET", "/x", login="digest")
    sent = server.requests[1].headers["authorization"]
    given = dict(re.findall(r'(\w+)="?([^",]*)', sent.removeprefix("Digest ")))

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    middle = f"n1:{given['nc']}:{given['cnonce']}:auth"
    expected = md5(f"{md5('admin:system:Circle of Life')}:{middle}:{md5('GET:/x')}")
    assert given["response"] == expected
    assert (given["opaque"], given["uri"]) == ("o", "/x")


@pytest.mark.parametrize("realm", ["phòng họp".encode(), b"caf\xe9", b'a\\"b', b"\xff\x80"])
def test_any_bytes_may_stand_in_a_challenge(realm: bytes) -> None:
    """Asked of the login alone: the servers of these tests cannot send every byte."""
    value = b'Digest realm="' + realm + b'", nonce="n", qop="auth"'
    cookie = (b"Set-Cookie", b"sid=\xe9; Path=/")
    for username in ("admin", "tài khoản", 'a"b'):
        request = httpx.Request("GET", "https://127.0.0.1/x")
        steps = WebLogin(username, PASSWORD, "127.0.0.1").steps(request, "digest")
        next(steps)
        refused = Answered(401, httpx.Headers([(b"WWW-Authenticate", value), cookie]))
        sent = steps.send(refused)
        assert sent.headers["authorization"].startswith("Digest ")
        assert PASSWORD not in sent.headers["authorization"]


# --- Basic, and nothing ----------------------------------------------------------------------


def test_basic_is_given_to_a_device_that_asks_for_it(server: Server, session: Open) -> None:
    server.answers["/x"] = lambda r: OPEN if is_let_in(server.runtime, r) else challenge("system")
    client = session(server.endpoint())
    for _ in range(2):
        assert client.request("GET", "/x", login="as-asked").content == b"ok"
    assert ["authorization" in r.headers for r in server.requests] == [False, True, True]


def test_a_wrong_password_is_given_to_basic_once(server: Server, session: Open) -> None:
    server.answers["/x"] = lambda r: OPEN if is_let_in(server.runtime, r) else challenge("system")
    with pytest.raises(LoginRefused):
        session(server.endpoint(password="wrong")).request("GET", "/x", login="as-asked")
    assert logins(server) == ["admin"]


@pytest.mark.parametrize("login", ["digest", "as-asked"])
def test_a_device_that_asks_for_nothing_gets_no_password(
    server: Server, session: Open, login: Any
) -> None:
    proven: list[bool] = []
    server.answers["/x"] = OPEN
    endpoint = server.endpoint(on_password=lambda: proven.append(True))
    assert session(endpoint).request("GET", "/x", login=login).content == b"ok"
    assert "authorization" not in server.requests[0].headers
    assert not proven


def test_an_accepted_digest_is_a_tested_password(server: Server, session: Open) -> None:
    behind_digest(server)
    proven: list[bool] = []
    endpoint = server.endpoint(on_password=lambda: proven.append(True))
    session(endpoint).request("GET", "/x", login="digest")
    assert proven
