"""What a web interface says of itself to anybody: Server, realm of its login, title, icon.

Nothing secret is sent, so no certificate has to be pinned.
"""

from __future__ import annotations

import hashlib
import html
import re
import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address

import httpx

from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.collect.tls import lenient_context
from scanner.collect.web_reasons import failure
from scanner.evidence import Document, printable

READ_MAX = 64 * 1024
"""Where a title has not come by then, there is none."""

VALUE_MAX = 300
ICON = "GET /favicon.ico"

_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,1000})", re.IGNORECASE)
_REALM = re.compile(r"""realm\s*=\s*(?:"([^"]*)"|([^\s,"]+))""", re.IGNORECASE)


def look(
    host: str,
    port: int,
    journal: Journal,
    device_id: str,
    *,
    encrypted: bool = True,
    questions: Sequence[str] = ("GET /",),
    vantage: str | None = None,
    timeout_s: float = 5.0,
) -> Document:
    """A class P document: for each question a line with its status, then what was said.

    Redirects are reported and not followed; the longest that one question may take is three times
    `timeout_s`. Raises `Unreachable` or `CollectError` when the first question got no answer; a
    later one that got none is left out.
    """
    host = str(ip_address(host))
    scheme = "https" if encrypted else "http"
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"{scheme} {where}"]
    with httpx.Client(
        verify=lenient_context(ssl.SSLContext),
        trust_env=False,
        follow_redirects=False,
        timeout=timeout_s,
        headers={"Accept-Encoding": "identity", "User-Agent": "hnth"},
    ) as client:
        for question in questions:
            method, _, path = question.partition(" ")
            url = httpx.URL(scheme=scheme, host=host, port=port, raw_path=path.encode("ascii"))
            journal.sent(device_id, scheme, f"{question} (no login)")
            try:
                lines += _said(client, method, url, question, 3 * timeout_s)
            except (httpx.HTTPError, httpx.StreamError, OSError) as error:
                if question == questions[0]:
                    raise _reason(error, where, question) from None
    content = ("\n".join(lines) + "\n").encode()
    return Document(content, lines[0], "P", datetime.now(UTC), vantage)


def _reason(error: Exception, where: str, question: str) -> CollectError:
    return failure(error, where, question, late=False)


def _said(
    client: httpx.Client, method: str, url: httpx.URL, question: str, longest_s: float
) -> list[str]:
    deadline = time.monotonic() + longest_s
    with client.stream(method, url) as answer:
        lines = [f"{question}: HTTP {answer.status_code}"]
        for name in ("Server", "Location"):
            if value := answer.headers.get(name):
                lines.append(f"{name}: {printable(value, VALUE_MAX)}")
        for challenge in answer.headers.get_list("WWW-Authenticate"):
            if found := _REALM.search(challenge[:VALUE_MAX]):
                lines.append(f"Realm: {printable(found[1] or found[2] or '', VALUE_MAX)}")
        if answer.headers.get("content-encoding", "identity").lower() == "identity":
            if question == ICON:
                lines += _icon(answer, deadline)
            else:
                lines += _title(answer, deadline)
    return lines


def _title(answer: httpx.Response, deadline: float) -> list[str]:
    body = b""
    for piece in answer.iter_raw():
        body += piece
        if len(body) >= READ_MAX or time.monotonic() > deadline or b"</title" in body:
            break
    found = _TITLE.search(body[:READ_MAX].decode("utf-8", errors="replace"))
    if found is None:
        return []
    return [f"Title: {printable(' '.join(html.unescape(found[1]).split()), VALUE_MAX)}"]


def _icon(answer: httpx.Response, deadline: float) -> list[str]:
    """The MD5 of the whole icon, by which public tables of fingerprints know it."""
    body = b""
    for piece in answer.iter_raw():
        body += piece
        if len(body) > READ_MAX or time.monotonic() > deadline:
            return []
    if answer.status_code != httpx.codes.OK or not body:
        return []
    return [f"Icon: {hashlib.md5(body, usedforsecurity=False).hexdigest()}"]
