"""HTTPS to one device whose certificate was compared before anything was sent to it.

The comparison happens inside the TLS handshake of the very connection that carries the request, so
there is no moment in which another device could slip in between. What is checked is the SHA-256 of
the certificate, not a chain: conferencing devices sign their own.

Nothing is followed or guessed: no redirects, no proxies, no environment, no cookies from anywhere
but this session, one login attempt. Answers are bounded in size and time and redacted.
"""

from __future__ import annotations

import json as json_text
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import httpx

from scanner.collect.errors import Refused
from scanner.collect.journal import Journal
from scanner.collect.redact import redact
from scanner.collect.tls import fingerprint, lenient_context
from scanner.collect.web_line import PASSWORD, line
from scanner.collect.web_login import Answered, WebLogin
from scanner.collect.web_reasons import (
    changed,
    encoded,
    failure,
    no_token,
    not_pinned,
    too_long,
    unexpected_status,
)
from scanner.evidence import MAX_BYTES, Document
from scanner.platforms.model import Login

KEPT_MAX = 4096
"""A session token longer than this is not one."""

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class WebEndpoint:
    """Where the web interface is and whose it must be. Its repr shows no secret."""

    host: str
    port: int
    username: str = ""
    password: str | None = field(default=None, repr=False)
    certificate: str | None = None
    """SHA-256 of the certificate in hexadecimal; colons, spaces and case do not matter."""
    connect_timeout_s: float = 5.0
    command_timeout_s: float = 30.0
    """For one whole request, from the first byte sent to the last byte of the answer."""
    on_password: Callable[[], None] | None = field(default=None, repr=False, compare=False)
    """Called when a request that carried the password got an answer that its sender expected."""

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@contextmanager
def open_web(
    endpoint: WebEndpoint,
    allowed: Sequence[str],
    journal: Journal,
    device_id: str,
    vantage: str | None = None,
) -> Iterator[WebSession]:
    """A client for one session; its connections are closed at the end.

    Nothing is sent before the first request. That request raises `NotPinned`, `IdentityChanged` or
    `Unreachable` before a byte of it left this host.
    """
    pinned = PinnedContext(endpoint)
    client = httpx.Client(
        verify=pinned.context,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(endpoint.command_timeout_s, connect=endpoint.connect_timeout_s),
        headers={"Accept-Encoding": "identity", "User-Agent": "hnth"},
        limits=httpx.Limits(max_connections=1),
    )
    with client:
        yield WebSession(
            client,
            pinned,
            endpoint,
            allowed=allowed,
            journal=journal,
            device_id=device_id,
            vantage=vantage,
        )


class PinnedContext:
    """A TLS context whose handshake fails unless the peer shows the pinned certificate."""

    def __init__(self, endpoint: WebEndpoint) -> None:
        self._endpoint = endpoint
        self._socket: ssl.SSLSocket | None = None
        self.context = lenient_context(_PinnedSSLContext)
        self.context.check_peer = self._check

    def hang_up(self) -> None:
        """The connection in use, if any, is dead; whoever reads from it gets an error."""
        if self._socket is not None:
            try:
                # not SSLSocket.shutdown, which would take the TLS state away under the reader
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return

    def _check(self, connected: ssl.SSLSocket) -> None:
        seen = fingerprint(connected.getpeercert(binary_form=True) or b"")
        pinned = self._endpoint.certificate
        if pinned is None:
            raise not_pinned(self._endpoint.authority, seen)
        if re.sub(r"[\s:]", "", pinned).lower() != seen:
            raise changed(self._endpoint.authority, seen)
        self._socket = connected


class _PinnedSSLContext(ssl.SSLContext):
    """Both ways to wrap a connection lead through `check_peer`, or nowhere."""

    check_peer: Any = None

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        connected = super().wrap_socket(*args, **kwargs)
        try:
            self.check_peer(connected)
        except BaseException:
            connected.close()
            raise
        return connected

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        raise ssl.SSLError("only sockets can be pinned")


class WebSession:
    """A `WebClient`: one device, one login, requests of the family's allowlist only."""

    def __init__(
        self,
        client: httpx.Client,
        pinned: PinnedContext,
        endpoint: WebEndpoint,
        *,
        allowed: Sequence[str],
        journal: Journal,
        device_id: str,
        vantage: str | None,
    ) -> None:
        self._client = client
        self._pinned = pinned
        self._endpoint = endpoint
        self._allowed = [re.compile(pattern) for pattern in allowed]
        self._journal = journal
        self._device_id = device_id
        self._vantage = vantage
        self._kept: dict[str, str] = {}
        self._login = WebLogin(endpoint.username, endpoint.password or "", endpoint.authority)

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        xml: str | None = None,
        login: Login | None = None,
        expect: Sequence[int] = (200,),
        keep: Sequence[str] = (),
    ) -> Document:
        """The body of the answer, redacted; `source` is the name of the request (`web_line`).

        `keep` names values of the JSON answer (found at any depth, also in JSON inside a string)
        that this session remembers and redacts; `{{name}}` in a later body or in `headers` stands
        for one, `{{origin}}` for scheme and authority. A header with an unknown name is left out.
        In `form` and `xml` also `{{username}}` and `{{password}}` are filled in, in XML escaped.

        Raises `Refused` for a request outside the allowlist; `NotPinned`, `IdentityChanged`,
        `Unreachable`, `LoginRefused` (401 and 403), else `CollectError`, also for any status that
        is not in `expect` and for a login of another kind than the device wants.
        """
        what = self._allowed_line(method, path, (json, form, xml))
        prepared = self._client.build_request(
            method,
            _url(self._endpoint, path),
            json=None if json is None else self._filled(json),
            data=None if form is None else self._filled(form, self._credential()),
            content=None if xml is None else self._filled_xml(xml),
            headers=self._headers(headers or {}, xml),
        )
        status, body = self._answered(prepared, what, login)
        if status not in expect:
            user = self._endpoint.username or "-"
            raise unexpected_status(status, self._endpoint.authority, what, user)
        shown = "authorization" in prepared.headers or self._carries_password((json, form, xml))
        if self._endpoint.on_password and shown and not (xml and _is_fault(body)):
            self._endpoint.on_password()
        self._keep(keep, body)
        return Document(
            content=redact(body, self._secrets()),
            source=what,
            evidence_class="C",
            captured=datetime.now(UTC),
            vantage=self._vantage,
        )

    def _allowed_line(
        self, method: str, path: str, bodies: tuple[Any, Mapping[str, str] | None, str | None]
    ) -> str:
        json, form, xml = bodies
        what = line(method, path, form, xml, self._endpoint.password)
        if json is not None and (form is not None or xml is not None):
            raise Refused(f"{method} {path} cannot carry more than one body")
        if not any(pattern.fullmatch(what) for pattern in self._allowed):
            shown = redact(what.encode(), self._secrets()).decode(errors="replace")
            raise Refused(f"{shown!r} is not on the allowlist of the family")
        return what

    # --- what goes out -----------------------------------------------------------------------

    def _headers(self, headers: Mapping[str, str], xml: str | None) -> dict[str, str]:
        names = {name: _PLACEHOLDER.findall(value) for name, value in headers.items()}
        filled = {
            name: self._filled(value)
            for name, value in headers.items()
            if all(kept == "origin" or kept in self._kept for kept in names[name])
        }
        return filled if xml is None else {"Content-Type": "text/xml; charset=utf-8", **filled}

    def _credential(self) -> dict[str, str]:
        """What a form and XML may name besides what was kept."""
        endpoint = self._endpoint
        return {"username": endpoint.username, "password": endpoint.password or ""}

    def _filled_xml(self, xml: str) -> bytes:
        values = {**self._kept, **self._credential()}
        escaped = {name: _escaped(value) for name, value in values.items()}
        return str(self._filled(xml, escaped)).encode()

    def _carries_password(self, value: Any) -> bool:
        if isinstance(value, Mapping):
            return any(self._carries_password(below) for below in value.values())
        if isinstance(value, (list, tuple)):
            return any(self._carries_password(below) for below in value)
        if not isinstance(value, str):
            return False
        return PASSWORD in value or (value != "" and value == self._endpoint.password)

    def _filled(self, value: Any, more: Mapping[str, str] | None = None) -> Any:
        """The value with every `{{name}}` replaced by `more` or what was kept under the name."""
        if isinstance(value, str):
            return _PLACEHOLDER.sub(lambda match: self._token(match[1], more or {}), value)
        if isinstance(value, Mapping):
            return {key: self._filled(below, more) for key, below in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._filled(below, more) for below in value]
        return value

    def _token(self, name: str, more: Mapping[str, str]) -> str:
        if name == "origin":
            return f"https://{self._endpoint.authority.removesuffix(':443')}"
        found = more.get(name, self._kept.get(name))
        if found is None:
            raise no_token(self._endpoint.authority, name)
        return found

    def hang_up(self) -> None:
        """The connection is dead; whoever waits for an answer gets an error."""
        self._pinned.hang_up()

    # --- what comes back ---------------------------------------------------------------------

    def _answered(
        self, prepared: httpx.Request, what: str, login: Login | None
    ) -> tuple[int, bytes]:
        """The answer after the login that it asks for, if any; every sending is journalled."""
        steps = self._login.steps(prepared, login)
        request = next(steps)
        while True:
            self._journal.sent(self._device_id, "https", what)
            answer, body = self._exchange(request, what)
            try:
                request = steps.send(Answered(answer.status_code, answer.headers))
            except StopIteration:
                return answer.status_code, body

    def _exchange(self, prepared: httpx.Request, what: str) -> tuple[httpx.Response, bytes]:
        """Answer and body within the size and time that one request may take."""
        limit = self._endpoint.connect_timeout_s + self._endpoint.command_timeout_s
        deadline = time.monotonic() + limit
        watchdog = threading.Timer(limit, self._pinned.hang_up)
        watchdog.daemon = True
        watchdog.start()
        try:
            answer = self._client.send(prepared, stream=True)
            try:
                body = self._body(answer, what)
            finally:
                answer.close()
            if time.monotonic() >= deadline:
                # a body that ends with the connection looks whole when the watchdog cut it
                raise TimeoutError
            return answer, body
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError) as error:
            late = time.monotonic() >= deadline
            raise failure(error, self._endpoint.authority, what, late) from None
        finally:
            watchdog.cancel()

    def _body(self, answer: httpx.Response, what: str) -> bytes:
        if answer.headers.get("content-encoding", "identity").lower() != "identity":
            raise encoded(self._endpoint.authority, what)
        body = bytearray()
        for piece in answer.iter_raw():
            body += piece
            if len(body) > MAX_BYTES:
                raise too_long(self._endpoint.authority, what)
        return bytes(body)

    def _keep(self, names: Sequence[str], body: bytes) -> None:
        found = dict(_named_values(_parsed(body), frozenset(names))) if names else {}
        self._kept.update({name: v for name, v in found.items() if 0 < len(v) <= KEPT_MAX})

    def _secrets(self) -> list[str]:
        cookies = [cookie.value for cookie in self._client.cookies.jar if cookie.value]
        password = [self._endpoint.password] if self._endpoint.password else []
        return [*password, *self._kept.values(), *cookies]


def _url(endpoint: WebEndpoint, path: str) -> httpx.URL:
    """The path exactly as given: some devices want a second `?` in it."""
    return httpx.URL(
        scheme="https", host=endpoint.host, port=endpoint.port, raw_path=path.encode("ascii")
    )


def _escaped(text: str) -> str:
    """The text so that it is the same text between two tags and inside an attribute."""
    return escape(text, {'"': "&quot;", "'": "&apos;", "\r": "&#13;", "\n": "&#10;"})


def _is_fault(body: bytes) -> bool:
    """An answer to an XML-RPC call that does not show that the call was let in."""
    return b"<fault" in body or b"<params" not in body


def _parsed(body: bytes | str) -> Any:
    try:
        return json_text.loads(body)
    except (ValueError, RecursionError):
        return None


def _named_values(value: Any, names: frozenset[str], depth: int = 8) -> Iterator[tuple[str, str]]:
    """Name and text of every wanted string below the value."""
    if depth == 0:
        return
    if isinstance(value, dict):
        for key, below in value.items():
            if key in names and isinstance(below, str):
                yield key, below
            else:
                yield from _named_values(below, names, depth - 1)
    elif isinstance(value, list):
        for below in value:
            yield from _named_values(below, names, depth - 1)
    elif isinstance(value, str) and value[:1] in {"{", "["}:
        yield from _named_values(_parsed(value), names, depth - 1)
