"""Which versions and cipher suites a TLS port accepts: few hellos, none of them followed up.

Suites that some profile calls weak are found one by one; of every other kind it is enough to see
the one that the server chooses. The result is a document of plain lines, and `cipher_facts` reads
those lines, so that stored evidence can be judged again by a later profile.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from inventory.text import Text
from rules.crypto_facts import TlsOffer
from rules.facts import Citation, Fact, Known
from scanner.collect.errors import CollectError, Unreachable
from scanner.collect.journal import Journal
from scanner.collect.tls_hello import (
    SSL2,
    SSL2_HELLO,
    TLS13,
    VERSIONS,
    Answer,
    Chosen,
    ask,
    client_hello,
)
from scanner.collect.tls_suites import BROKEN, SUITES, USUAL, by_kind
from scanner.collect.tls_suites import TLS13 as TLS13_SUITES
from scanner.evidence import Document

HELLOS_MAX = 80
"""Connections to one port; what was not asked by then is written down as not asked."""
FLIGHT_BYTES = 3500
"""What a server sends behind its first words before it notices that nobody listens any more."""
LONGEST_PAUSE_S = 5.0

UNFINISHED = "suites not asked to the end"
SILENCES_MAX = 3
"""Hellos in a row without an answer, after which the port is left alone."""
OFFERED_MAX = 48
"""Suites in one hello; some old servers cannot read longer lists."""
ALL_VERSIONS = {"SSLv2": SSL2, **VERSIONS, "TLSv1.3": TLS13}

Pause = Callable[[float], bool]
"""Waits so many seconds; true when everything is to end."""


@dataclass
class _Port:
    """One port while it is asked; lives for one call."""

    host: str
    port: int
    journal: Journal
    device_id: str
    timeout_s: float
    rate_kbps: int
    pause: Pause
    asked: int = 0
    silences: int = 0
    ended: bool = False
    lines: list[str] = field(default_factory=list)

    def answer(self, name: str, version: int, suites: Sequence[int], what: str) -> Answer:
        """Of one hello. `silent` without asking when enough was asked or everything is to end."""
        if self.ended or self.asked >= HELLOS_MAX:
            self.ended = True
            return "silent"
        self.journal.sent(self.device_id, "tls", f"hello {self.host}:{self.port} {name} {what}")
        self.asked += 1
        oldest = version == SSL2
        hello = SSL2_HELLO if oldest else client_hello(version, suites)
        try:
            answer, heard = ask(self.host, self.port, hello, self.timeout_s, ssl2=oldest)
        except OSError as error:
            if self.asked == 1:
                raise Unreachable(_UNREACHABLE.format(host=self.host, port=self.port)) from error
            answer, heard = "silent", 0
        self.silences = self.silences + 1 if answer == "silent" else 0
        bits = 8 * (len(hello) + max(heard, FLIGHT_BYTES if isinstance(answer, Chosen) else 0))
        stopped = self.pause(min(bits / (self.rate_kbps * 1000), LONGEST_PAUSE_S))
        self.ended = stopped or self.silences >= SILENCES_MAX
        return answer

    def took(self, suite: int) -> None:
        self.lines.append(f"suite {SUITES[suite]} ({suite:04X})")


def look(
    host: str,
    port: int,
    journal: Journal,
    device_id: str,
    *,
    rate_kbps: int,
    vantage: str | None = None,
    timeout_s: float = 5.0,
    pause: Pause | None = None,
) -> Document:
    """What the port accepts, as a class P document; about a dozen connections, one at a time.

    A server that accepts weak suites is asked once more for each of them. Raises `Unreachable`
    when the first connection fails, `CollectError` when no hello was answered in TLS.
    """
    waits = pause or threading.Event().wait
    asking = _Port(host, port, journal, device_id, timeout_s, rate_kbps, waits)
    accepted = {name: _accepts(asking, name) for name in reversed(ALL_VERSIONS)}
    if not any(answer is not None for name, answer in accepted.items() if name != "SSLv2"):
        raise CollectError(_NO_TLS.format(host=host, port=port))
    asking.lines[:0] = [
        f"port {port}",
        *(f"accepts {name}: {_ANSWERS[accepted[name]]}" for name in ALL_VERSIONS),
    ]
    newest = next((name for name in reversed(VERSIONS) if accepted[name]), None)
    if newest is not None:
        _suites(asking, newest)
    asking.lines.append("end")
    content = ("\n".join(asking.lines) + "\n").encode()
    return Document(content, f"tls-suites {host}:{port}", "P", datetime.now(UTC), vantage)


_ANSWERS = {True: "yes", False: "no", None: "not known"}


def _accepts(asking: _Port, name: str) -> bool | None:
    """Whether exactly this version is spoken. A server that answers in another one says no."""
    number = ALL_VERSIONS[name]
    suites = TLS13_SUITES if number == TLS13 else USUAL
    answer = asking.answer(name, number, suites, "usual suites")
    if isinstance(answer, Chosen):
        if number == answer.version == TLS13 and answer.suite in TLS13_SUITES:
            asking.took(answer.suite)
        return answer.version == number
    # whoever speaks SSL 2 answers at once, and some who do not just wait
    return False if answer == "refused" or (number == SSL2 and not asking.ended) else None


def _suites(asking: _Port, version: str) -> None:
    """Weak ones until none is taken, then one of each other kind; all in the newest version."""
    number = VERSIONS[version]
    for start in range(0, len(BROKEN), OFFERED_MAX):
        left = list(BROKEN[start : start + OFFERED_MAX])
        while left:
            answer = asking.answer(version, number, left, f"{len(left)} weak suites")
            if not _taken(asking, answer, version, left):
                break
    for kind, suites in by_kind().items():
        _taken(asking, asking.answer(version, number, suites, kind), version, list(suites))


def _taken(asking: _Port, answer: Answer, version: str, offered: list[int]) -> bool:
    """A suite of those offered was chosen; it is written down and struck from the list."""
    if isinstance(answer, Chosen):
        if answer.version == VERSIONS[version] and answer.suite in offered:
            asking.took(answer.suite)
            offered.remove(answer.suite)
            return True
        answer = "silent"
    if answer == "silent":
        asking.lines.append(UNFINISHED)
    return False


# --- reading the documents -------------------------------------------------------------------

_PORT = re.compile(r"port ([0-9]{1,5})")
_ACCEPTS = re.compile(r"accepts (SSLv[23]|TLSv1\.[0-3]): (yes|no|not known)")
_SUITE = re.compile(r"suite (TLS_[A-Za-z0-9_]{1,60}) \([0-9A-F]{4}\)")


def cipher_facts(documents: Sequence[Document]) -> dict[str, Fact[Any]]:
    """`tls.algorithms` from documents made by `look`; empty without any."""
    read = [one for document in documents if (one := _offer(document)) is not None]
    if not read:
        return {}
    cited = tuple(citation for _, citations in read for citation in citations)
    return {"tls.algorithms": Known(tuple(offer for offer, _ in read), cited)}


def _offer(document: Document) -> tuple[TlsOffer, list[Citation]] | None:
    port, protocols, suites, incomplete = 0, [], [], set()
    citations = []
    if not document.source.startswith("tls-suites "):
        return None
    for number, line in enumerate(document.lines, start=1):
        if match := _PORT.fullmatch(line):
            port = int(match[1])
        elif match := _ACCEPTS.fullmatch(line):
            if match[2] == "yes":
                protocols.append(match[1])
                citations.append(document.cite(number))
            elif match[2] == "not known":
                incomplete.add("protocols")
                citations.append(document.cite(number))
        elif match := _SUITE.fullmatch(line):
            suites.append(match[1])
            citations.append(document.cite(number))
        elif line == UNFINISHED:
            incomplete.add("suites")
            citations.append(document.cite(number))
    told = sum(line.startswith("accepts ") for line in document.lines)
    if "end" not in document.lines:
        incomplete.add("suites")
    if not port:
        return None
    if told < len(ALL_VERSIONS) or not protocols:
        incomplete.add("protocols")
    return TlsOffer(port, tuple(protocols), tuple(suites), tuple(sorted(incomplete))), citations


_UNREACHABLE = Text(
    vi="thiết bị đang tắt hoặc không kết nối được: {host} cổng {port} không trả lời",
    en="the device is off or cannot be reached: no answer from {host} port {port}",
)
_NO_TLS = Text(
    vi="{host} cổng {port} có trả lời nhưng không dùng TLS",
    en="{host} port {port} answers, and not in TLS",
)
