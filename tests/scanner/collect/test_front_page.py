"""What a web interface says of itself: Server, realm and title, over HTTP and HTTPS."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.devices.state import Runtime
from lab.devices.web_server import Response, WebServer
from scanner.collect.errors import Unreachable
from scanner.collect.front_page import ICON, READ_MAX, look
from scanner.collect.journal import FileJournal
from scanner.evidence import Document
from scanner.recognise import agreed, banners_of, web_questions


class Site:
    def __init__(self, folder: Path) -> None:
        runtime = Runtime(folder / "state.json")
        runtime.state = {"address": "127.0.0.1", "ports": {"*": 0}}
        self.answers: dict[str, Response] = {}
        self.asked: list[str] = []
        self.journal = folder / "journal"
        self.server = WebServer(runtime, "http", 80, self._answer)
        self.server.open()

    def _answer(self, request: object) -> Response:
        path = request.path  # type: ignore[attr-defined]
        self.asked.append(path)
        return self.answers.get(path, Response(404))

    def look(self, *questions: str) -> Document:
        return look(
            *("127.0.0.1", self.server.bound_port, FileJournal(self.journal), "vcs"),
            encrypted=False,
            questions=questions,
            timeout_s=2.0,
        )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.server.close()


def html(title: str) -> Response:
    return Response(200, f"<html><head><title>{title}</title>".encode(), "text/html")


def test_title_and_realm_are_told_with_the_question_that_showed_them(site: Site) -> None:
    site.answers["/"] = html("Cisco TelePresence MCU &mdash;\n x - Home page")
    site.answers["/api"] = Response(401, headers=(("WWW-Authenticate", 'Basic realm="acano"'),))
    document = site.look("GET /", "GET /api")
    said = [line for line in document.lines if not line.startswith("Server:")]
    assert said[1:5] == [
        "GET /: HTTP 200",
        "Title: Cisco TelePresence MCU — x - Home page",
        "GET /api: HTTP 401",
        "Realm: acano",
    ]
    assert site.asked == ["/", "/api"]
    assert "GET /api (no login)" in site.journal.read_text()
    assert {(b.kind, b.text) for b in banners_of([document])} >= {("http-realm", "acano")}


def test_a_realm_names_the_family(site: Site) -> None:
    site.answers["/"] = Response(302, headers=(("Location", "/login"),))
    site.answers["/api/v1/system/status"] = Response(
        401, headers=(("WWW-Authenticate", "Digest qop=auth, realm=acano, nonce=1"),)
    )
    identity = agreed(banners_of([site.look(*web_questions())]))
    assert identity is not None
    assert identity.family == "cisco-cms"
    assert "/login" not in site.asked


@pytest.mark.parametrize(
    "title",
    ["\x1b[2J", "a\u202eb", "x" * 5000, "</title><script>alert(1)</script>", ""],
)
def test_a_hostile_title_stays_one_short_line(site: Site, title: str) -> None:
    site.answers["/"] = html(title)
    document = site.look("GET /")
    assert all(len(line) <= 310 and line.isprintable() for line in document.lines)


def test_a_page_without_end_is_not_read_to_its_end(site: Site) -> None:
    site.answers["/"] = Response(200, b" " * (READ_MAX + 1) + b"<title>late</title>", "text/html")
    begun = time.monotonic()
    assert "late" not in site.look("GET /").text
    assert time.monotonic() - begun < 5


def test_an_icon_is_known_by_its_digest_and_only_whole(site: Site) -> None:
    icon = b"\x00\x00\x01\x00 an icon"
    site.answers["/favicon.ico"] = Response(200, icon, "image/x-icon")
    digest = hashlib.md5(icon, usedforsecurity=False).hexdigest()
    document = site.look("GET /", ICON)
    assert [b.text for b in banners_of([document]) if b.kind == "favicon-md5"] == [digest]
    site.answers["/favicon.ico"] = Response(200, b"x" * (READ_MAX + 1))
    assert "Icon" not in site.look(ICON).text
    site.answers["/favicon.ico"] = Response(404, b"no icon")
    assert "Icon" not in site.look(ICON).text
    assert ICON in web_questions()


def test_nobody_listens(site: Site) -> None:
    site.server.close()
    with pytest.raises(Unreachable):
        site.look("GET /")
