"""HTTP Basic authentication as a simulated device demands it."""

from __future__ import annotations

import base64
import binascii

from lab.devices.command_line import is_right
from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response


def credentials(request: Request) -> tuple[str, str] | None:
    """User name and password that the request carries; None when it carries none."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        username, _, password = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (username, password) if scheme.lower() == "basic" else None


def is_let_in(runtime: Runtime, request: Request) -> bool:
    """The request carries the login of the state. Every attempt is in `runtime.seen`."""
    given = credentials(request)
    if given is None:
        return False
    runtime.saw("login", given[0])
    return is_right(runtime.state, *given)


def challenge(realm: str, body: bytes = b"") -> Response:
    """The refusal that asks for a name and a password."""
    return Response(
        401,
        body,
        "text/html; charset=utf-8",
        (("WWW-Authenticate", f'Basic realm="{realm}"'),),
    )
