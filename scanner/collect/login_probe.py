"""Whether a management interface gives something away without a login: one question per path.

Nothing secret is sent, so no certificate has to be pinned. What counts as given away is an answer
that a client could use (JSON, XML, settings); a page with a login form is not, and a page that is
neither leaves the question open.
"""

from __future__ import annotations

import json
import re
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from rules.facts import ManagementInterface
from scanner.collect.journal import Journal
from scanner.collect.redact import redact
from scanner.collect.tls import lenient_context
from scanner.collect.web_reasons import encoded, failure
from scanner.evidence import Document

READ_MAX = 256 * 1024
"""Enough to tell a login page from a configuration."""

MAX_S = 30.0

_LOGIN_PAGE = re.compile(rb"(?i)type\s*=\s*[\"']?password|login|sign[ -]?in|dang nhap")
_ERROR_KEYS = frozenset({"error", "errors", "exception", "fault"})
_SETTINGS = re.compile(rb"\A[\w.:\[\]-]+\s*[:=].*\n[\w.:\[\]-]+\s*[:=]")


@dataclass(frozen=True, slots=True)
class LoginProbe:
    interface: ManagementInterface
    documents: tuple[Document, ...]
    """The answers that showed it: class P, `METHOD path` and the status in the first line."""


def probe_login(
    host: str,
    port: int,
    journal: Journal,
    device_id: str,
    *,
    name: str = "https",
    questions: Sequence[str] = ("GET /",),
    vantage: str | None = None,
    timeout_s: float = 5.0,
) -> LoginProbe:
    """What each question (`METHOD path`) got without a login, and the sum of it.

    `requires_login` is False when one question was answered, True when one was refused and none
    answered, None when no answer could be interpreted. `name` is `https` or `http`: the latter asks
    in clear. Raises `Unreachable` when the first question gets no connection, `CollectError` when
    an answer is none.
    """
    encrypted = name != "http"
    documents: list[Document] = []
    verdicts: list[bool | None] = []
    with httpx.Client(
        verify=lenient_context(ssl.SSLContext),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout_s,
        headers={"Accept-Encoding": "identity", "User-Agent": "hnth"},
    ) as client:
        for question in questions:
            method, _, path = question.partition(" ")
            url = httpx.URL(
                scheme="https" if encrypted else "http",
                host=host,
                port=port,
                raw_path=path.encode("ascii"),
            )
            journal.sent(device_id, "https" if encrypted else "http", f"{question} (no login)")
            status, kind, body = _ask(client, method, url, f"{host}:{port}", question)
            verdicts.append(_needs_login(status, kind, body))
            documents.append(_document(question, status, kind, body, vantage))
    needs = False if False in verdicts else (True if True in verdicts else None)
    interface = ManagementInterface(name, port, encrypted, needs)
    return LoginProbe(interface, tuple(documents))


def _ask(
    client: httpx.Client, method: str, url: httpx.URL, where: str, question: str
) -> tuple[int, str, bytes]:
    """Status, content type and the beginning of the body."""
    try:
        with client.stream(method, url) as answer:
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                raise encoded(where, question)
            body = bytearray()
            deadline = time.monotonic() + MAX_S
            for piece in answer.iter_raw():
                body += piece
                if len(body) >= READ_MAX or time.monotonic() > deadline:
                    break
            return answer.status_code, answer.headers.get("content-type", ""), bytes(body)
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        raise failure(error, where, question, late=False) from None


def _needs_login(status: int, kind: str, body: bytes) -> bool | None:
    if status in {401, 403}:
        return True
    if status != 200:
        # a redirect may lead to a login page or to the page itself; it is not followed
        return None
    if "json" in kind or body.lstrip()[:1] in {b"{", b"["}:
        return _json_needs_login(body)
    if "html" in kind or b"<html" in body[:2048].lower():
        return True if _LOGIN_PAGE.search(body) else None
    if "xml" in kind or body.lstrip().startswith(b"<?xml") or _SETTINGS.match(body):
        return False
    return None


def _json_needs_login(body: bytes) -> bool | None:
    """An envelope that says `success: 0` is a refusal; any other content was given away."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict) and "success" in value:
        return not value["success"]
    if isinstance(value, dict) and not _ERROR_KEYS.isdisjoint(value):
        return None
    return False if value else None


def _document(question: str, status: int, kind: str, body: bytes, vantage: str | None) -> Document:
    head = f"HTTP {status} {kind}".strip().encode("utf-8", errors="replace")
    return Document(
        content=redact(head + b"\n" + body, ()),
        source=f"{question} (no login)",
        evidence_class="P",
        captured=datetime.now(UTC),
        vantage=vantage,
    )
