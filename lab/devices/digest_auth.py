"""HTTP Digest authentication (RFC 7616) as a simulated device demands it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping

from lab.devices.state import Runtime
from lab.devices.web_server import Request, Response

MOST_NONCES = 1000
HASHES: Mapping[str, Callable[[bytes], str]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}
_FIELD = re.compile(r'([a-z]+)=(?:"([^"]*)"|([^\s,"]+))')


class DigestLogin:
    """Who may come in. `runtime.seen` gets ("login", USERNAME) for every answer to a challenge.

    `uses`: so many requests one nonce is good for, 0 for any number.
    """

    def __init__(self, runtime: Runtime, realm: str, algorithm: str = "MD5", uses: int = 0) -> None:
        self._runtime = runtime
        self._realm = realm
        self._algorithm = algorithm
        self._uses = uses
        self._nonces: OrderedDict[str, int] = OrderedDict()
        """Nonce -> the highest count it was used with."""

    def refusal(self, request: Request) -> Response | None:
        """The next challenge; None for a request that carries the login of the state."""
        given = _given(request)
        if given is None:
            return self._challenge(stale=False)
        self._runtime.saw("login", given.get("username", ""))
        if not self._is_right(request, given):
            return self._challenge(stale=False)
        nonce, count = given["nonce"], int(given["nc"], 16)
        used = self._nonces.get(nonce)
        if used is None or count <= used or (self._uses and count > self._uses):
            return self._challenge(stale=True)
        self._nonces[nonce] = count
        return None

    def _is_right(self, request: Request, given: Mapping[str, str]) -> bool:
        login, hashed = self._runtime.state["login"], HASHES[self._algorithm]
        target = f"{request.path}?{request.query}" if request.query else request.path
        if given.get("qop") != "auth" or not re.fullmatch(r"[0-9a-f]{8}", given.get("nc", "")):
            return False
        if (given.get("realm"), given.get("uri")) != (self._realm, target):
            return False
        if given.get("username") != login["username"] or not login["password"]:
            return False
        secret = hashed(f"{login['username']}:{self._realm}:{login['password']}".encode())
        asked = hashed(f"{request.method}:{target}".encode())
        middle = (given.get(name, "") for name in ("nonce", "nc", "cnonce", "qop"))
        expected = hashed(":".join((secret, *middle, asked)).encode())
        return hmac.compare_digest(expected.encode(), given.get("response", "").encode())

    def _challenge(self, *, stale: bool) -> Response:
        nonce = secrets.token_hex(16)
        self._nonces[nonce] = 0
        while len(self._nonces) > MOST_NONCES:
            self._nonces.popitem(last=False)
        fields = f'realm="{self._realm}", nonce="{nonce}", qop="auth", algorithm={self._algorithm}'
        value = f"Digest {fields}{', stale=true' if stale else ''}"
        page = b"<html><head><title>401</title></head><body>Login needed</body></html>"
        return Response(401, page, "text/html", (("WWW-Authenticate", value),))


def _given(request: Request) -> dict[str, str] | None:
    """The fields of an answer to a challenge; None when the request holds none."""
    scheme, _, fields = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "digest":
        return None
    return {name: quoted or plain for name, quoted, plain in _FIELD.findall(fields)}
