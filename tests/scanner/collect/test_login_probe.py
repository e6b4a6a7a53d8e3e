"""What is given away without a login, told apart by the answer alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.devices.state import Runtime
from lab.devices.web_server import Response, WebServer
from scanner.collect.errors import Unreachable
from scanner.collect.journal import NullJournal
from scanner.collect.login_probe import LoginProbe, probe_login


class Site:
    def __init__(self, folder: Path) -> None:
        runtime = Runtime(folder / "state.json")
        runtime.state = {"address": "127.0.0.1", "ports": {"*": 0}}
        self.runtime = runtime
        self.answers: dict[str, Response] = {}
        self.server = WebServer(runtime, "http", 80, lambda r: self.answers[r.path])
        self.server.open()

    def probe(self, *questions: str) -> LoginProbe:
        return probe_login(
            "127.0.0.1",
            self.server.bound_port,
            NullJournal(),
            "vcs",
            name="http",
            questions=questions,
        )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.server.close()


LOGIN_PAGE = b"<html><form><input name=p type='password'></form></html>"

ANSWERS = [
    ("refused", Response(401), True),
    ("forbidden", Response(403, b"<html>no"), True),
    ("json", Response(200, b'{"model": "x"}', "application/json"), False),
    ("json list", Response(200, b'[{"a": 1}]'), False),
    ("xml", Response(200, b"<?xml version='1.0'?><Configuration/>", "text/xml"), False),
    ("settings", Response(200, b"sip.user: a\nsip.host: b\n"), False),
    ("login page", Response(200, LOGIN_PAGE, "text/html"), True),
    ("some page", Response(200, b"<html>Welcome</html>", "text/html"), None),
    ("refusing envelope", Response(200, b'{"success": 0, "data": ""}'), True),
    ("granting envelope", Response(200, b'{"success": 1, "data": "x"}'), False),
    ("error object", Response(200, b'{"error": "not logged in"}'), None),
    ("empty object", Response(200, b"{}"), None),
    ("broken json", Response(200, b"{", "application/json"), None),
    ("empty", Response(200, b""), None),
    ("redirect", Response(302, headers=(("Location", "/x"),)), None),
    ("error", Response(500, b'{"model": "x"}'), None),
]


@pytest.mark.parametrize(
    ("answer", "expected"), [a[1:] for a in ANSWERS], ids=[a[0] for a in ANSWERS]
)
def test_one_answer(site: Site, answer: Response, expected: bool | None) -> None:
    site.answers["/x"] = answer
    probe = site.probe("GET /x")
    assert probe.interface.requires_login is expected
    assert (probe.interface.name, probe.interface.encrypted) == ("http", False)
    assert probe.documents[0].lines[0].startswith(f"HTTP {answer.status}")


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [(("refused", "json"), False), (("some page", "refused"), True), (("empty", "redirect"), None)],
)
def test_one_open_door_is_enough(site: Site, kinds: tuple[str, ...], expected: bool | None) -> None:
    by_name = {name: answer for name, answer, _ in ANSWERS}
    site.answers = {f"/{n}": by_name[kind] for n, kind in enumerate(kinds)}
    assert site.probe("GET /0", "GET /1").interface.requires_login is expected


def test_no_redirect_is_followed_and_no_credential_sent(site: Site) -> None:
    site.answers["/x"] = Response(302, headers=(("Location", "/y"),))
    site.probe("GET /x")
    assert list(site.runtime.seen) == [("http", "GET /x")]


def test_secrets_in_what_is_given_away_are_not_kept(site: Site) -> None:
    site.answers["/x"] = Response(200, b'{"password": "hunter22", "model": "x"}')
    (document,) = site.probe("GET /x").documents
    assert b"hunter22" not in document.content
    assert document.evidence_class == "P"


def test_nobody_there(site: Site) -> None:
    site.server.close()
    with pytest.raises(Unreachable):
        site.probe("GET /")
