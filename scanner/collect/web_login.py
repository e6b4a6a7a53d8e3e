"""HTTP Basic and Digest (RFC 7617, RFC 7616): when a request of a session shows its credential.

One attempt. What a device answers to a credential is final, with one exception of the RFC: a nonce
that it has used up (`stale=true`) says nothing about the password, and gets the next nonce once.
The hashing is that of httpx; nothing here sends anything.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import httpx

from scanner.collect.errors import CollectError
from scanner.collect.web_reasons import no_scheme
from scanner.platforms.model import Login

_SCHEME = re.compile(r"(?i)(?:\A|,)[ \t]*(?=(basic|digest|bearer|negotiate|ntlm)\b)")
_STALE = re.compile(r'(?i)[, \t]stale[ \t]*=[ \t]*"?true\b')
_ALGORITHM = re.compile(r'(?i)[, \t]algorithm[ \t]*=[ \t]*"?([\w-]{1,40})')
_HASHES = frozenset(
    f"{name}{session}" for name in ("MD5", "SHA-256", "SHA-512") for session in ("", "-SESS")
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer says about the login."""

    status: int
    headers: httpx.Headers

    @property
    def challenges(self) -> list[str]:
        """One for each scheme that the device accepts, in its order of preference."""
        found = []
        for header in self.headers.get_list("www-authenticate"):
            starts = [match.end() for match in _SCHEME.finditer(header)]
            ends = [*starts[1:], len(header)]
            found += [
                header[start:end].strip(" \t,") for start, end in zip(starts, ends, strict=False)
            ]
        return found


class WebLogin:
    """The account of one session; remembers what the device asked for."""

    def __init__(self, username: str, password: str, authority: str) -> None:
        self._basic = httpx.BasicAuth(username, password)
        self._digest = httpx.DigestAuth(username, password)
        self._authority = authority
        self._asks_for_basic = False

    def steps(
        self, request: httpx.Request, login: Login | None
    ) -> Generator[httpx.Request, Answered, None]:
        """The request as it is to be sent, and again where the answer asks for it.

        Raises `CollectError` when the device asks for nothing that `login` can give.
        """
        if login is None:
            yield request
        elif login == "basic" or (login == "as-asked" and self._asks_for_basic):
            yield self._with_basic(request)
        else:
            yield from self._when_asked(request, also_basic=login == "as-asked")

    def _when_asked(
        self, request: httpx.Request, *, also_basic: bool
    ) -> Generator[httpx.Request, Answered, None]:
        # a realm or a name may hold any letters; httpx else settles on those it has seen so far
        request.headers.encoding = "utf-8"
        flow = self._digest.auth_flow(request)
        sent = self._understood(flow, None)
        shown = "authorization" in sent.headers
        answer = yield sent
        challenges = answer.challenges
        if answer.status != 401 or (shown and not any(map(_STALE.search, challenges))):
            return
        digest = next(filter(_is_digest, challenges), None)
        if digest is not None:
            yield self._understood(flow, _with_one_challenge(request, answer.headers, digest))
        elif also_basic and not shown and any(c.lower().startswith("basic") for c in challenges):
            self._asks_for_basic = True
            yield self._with_basic(request)
        else:
            raise self._nothing_to_give(challenges)

    def _with_basic(self, request: httpx.Request) -> httpx.Request:
        return next(self._basic.auth_flow(request))

    def _understood(
        self,
        flow: Generator[httpx.Request, httpx.Response, None],
        answer: httpx.Response | None,
    ) -> httpx.Request:
        """The next request of httpx's own flow; challenges are hostile and may make no sense."""
        try:
            return next(flow) if answer is None else flow.send(answer)
        except (httpx.ProtocolError, NotImplementedError, LookupError, ValueError, StopIteration):
            raise self._nothing_to_give(["Digest"]) from None

    def _nothing_to_give(self, challenges: Sequence[str]) -> CollectError:
        schemes = (re.match(r"[A-Za-z]+", challenge) for challenge in challenges)
        return no_scheme(self._authority, ", ".join(match[0] for match in schemes if match) or "-")


def _with_one_challenge(
    request: httpx.Request, headers: httpx.Headers, challenge: str
) -> httpx.Response:
    """The refusal as if it held this challenge alone; as bytes, which may be any."""
    others = [(name, value) for name, value in headers.raw if name.lower() != b"www-authenticate"]
    said = (b"WWW-Authenticate", challenge.encode("utf-8", "surrogateescape"))
    return httpx.Response(401, headers=[*others, said], request=request)


def _is_digest(challenge: str) -> bool:
    algorithm = _ALGORITHM.search(challenge)
    known = algorithm is None or algorithm[1].upper() in _HASHES
    return challenge.lower().startswith("digest") and known
