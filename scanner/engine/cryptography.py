"""The SSH and TLS of one device, asked without a login: what it offers on its encrypted doors.

TLS is asked at every open port that speaks it, the management interface first. Of one that is not
asked to the end the facts say so, so that it counts as unknown and not as sound.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from inventory.text import Text
from rules.crypto_facts import TlsOffer
from rules.facts import Citation, Fact, Known, PortScan, Unknown
from scanner.collect import ssh_algorithms, tls, tls_ciphers
from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.collect.port_questions import port_of, speaks_tls
from scanner.collect.tls_trust import Trusted
from scanner.engine.observation import Notes
from scanner.evidence import Document

SETTINGS = {"ssh.algorithms": "service.ssh.enabled", "tls.algorithms": "service.https.enabled"}
"""What the device itself says of the service behind a fact."""

TLS_PORTS_MAX = 6
"""Ports of one device that are asked for their TLS: thirty connections each, and more where much
is weak."""


@dataclass(frozen=True)
class Cryptography:
    """Asks one device; each answer goes into its notes."""

    host: str
    journal: Journal
    device_id: str
    rate_kbps: int
    timeout_s: float
    stop: threading.Event
    trusted: Trusted = Trusted()  # noqa: RUF009 - frozen
    permitted: Callable[[], None] = lambda: None
    """Raises `CollectError` when nothing more may be asked now."""

    def ask(self, scan: Known[PortScan], ssh_port: int, tls_port: int, notes: Notes) -> None:
        """The algorithms of SSH and TLS, and certificates, of ports that answered when scanned."""
        answering = {found.port for found in scan.value.open if found.state == "open"}
        others = [port for port in _speaking_tls(notes.documents) if port in answering]
        ports = list(dict.fromkeys([tls_port, *others]))
        if not self.stop.is_set():
            self._certificates(scan, [port for port in ports if port in answering], notes)
        if not self.stop.is_set():
            setting = notes.facts.get(SETTINGS["ssh.algorithms"])
            notes.add({"ssh.algorithms": self._ssh(scan, ssh_port, setting, notes)})
        if not self.stop.is_set():
            notes.add({"tls.algorithms": self._tls(scan, ports, notes)})

    def _certificates(self, scan: Known[PortScan], ports: Sequence[int], notes: Notes) -> None:
        sights: list[Document] = []
        unseen: list[int] = list(ports[TLS_PORTS_MAX:])
        reasons: list[Text] = []
        for port in ports[:TLS_PORTS_MAX]:
            try:
                sights.append(
                    self._asked(
                        lambda port=port: tls.look(  # type: ignore[misc]
                            *(self.host, port, self.journal, self.device_id),
                            vantage=scan.value.vantage,
                            timeout_s=self.timeout_s,
                        )
                    )
                )
            except CollectError as error:
                reasons.append(error.reason)
                unseen.append(port)
        notes.documents.extend(sights)
        if sights:
            notes.add(tls.tls_facts(sights, self.trusted, unseen))
        elif reasons:
            notes.add({"tls.certificates": Unknown(reasons[0])})

    def _asked(self, look: Callable[[], Document]) -> Document:
        """Raises `CollectError` also when a meeting begins or everything is to end."""
        self.permitted()
        if self.stop.is_set():
            raise CollectError(_STOPPED)
        return look()

    def _ssh(
        self, scan: Known[PortScan], port: int, setting: Fact[bool] | None, notes: Notes
    ) -> Fact[Any]:
        return self._answer(
            *("ssh.algorithms", scan, port, setting, notes),
            look=lambda: ssh_algorithms.look(
                *(self.host, port, self.journal, self.device_id),
                vantage=scan.value.vantage,
                timeout_s=self.timeout_s,
            ),
            read=ssh_algorithms.algorithm_facts,
        )

    def _tls(self, scan: Known[PortScan], ports: Sequence[int], notes: Notes) -> Fact[Any]:
        setting = notes.facts.get(SETTINGS["tls.algorithms"])
        answers = [
            self._answer(
                *("tls.algorithms", scan, port, setting, notes),
                look=lambda port=port: tls_ciphers.look(  # type: ignore[misc]
                    *(self.host, port, self.journal, self.device_id),
                    rate_kbps=self.rate_kbps,
                    vantage=scan.value.vantage,
                    timeout_s=self.timeout_s,
                    pause=self.stop.wait,
                ),
                read=tls_ciphers.cipher_facts,
            )
            for port in ports[:TLS_PORTS_MAX]
        ]
        unasked = [(port, scan.citations) for port in ports[TLS_PORTS_MAX:]]
        return _together(list(zip(ports, answers, strict=False)), unasked)

    def _answer(
        self,
        name: str,
        scan: Known[PortScan],
        port: int,
        setting: Fact[bool] | None,
        notes: Notes,
        *,
        look: Callable[[], Document],
        read: Callable[[Sequence[Document]], dict[str, Fact[Any]]],
    ) -> Fact[Any]:
        told = without_asking(scan, port, setting)
        if told is not None:
            return told
        try:
            document = self._asked(look)
        except CollectError as error:
            return Unknown(error.reason, scan.citations)
        notes.documents.append(document)
        unread = Unknown(_NOT_READ.format(port=port), (document.cite(),))
        return read([document]).get(name, unread)


def _speaking_tls(documents: Sequence[Document]) -> list[int]:
    """Ports that answered a hello in TLS when they were asked what they are, by number."""
    return sorted({port_of(one) or 0 for one in documents if speaks_tls(one)})


def _together(
    answers: Sequence[tuple[int, Fact[Any]]], unasked: Sequence[tuple[int, tuple[Citation, ...]]]
) -> Fact[Any]:
    """One fact of all ports. One that is not known stands in it as not seen to the end."""
    first = answers[0][1]
    if not unasked and (len(answers) == 1 or all(isinstance(a, Unknown) for _, a in answers)):
        return first
    offers: list[TlsOffer] = []
    cited: list[Citation] = []
    for port, answer in answers:
        cited += answer.citations
        if isinstance(answer, Known):
            offers += answer.value
        else:
            offers.append(_not_seen(port))
    offers += [_not_seen(port) for port, _ in unasked]
    return Known(tuple(offers), (*cited, *(one for _, lines in unasked for one in lines)))


def _not_seen(port: int) -> TlsOffer:
    return TlsOffer(port, (), (), ("protocols", "suites"))


def without_asking(
    scan: Known[PortScan], port: int, setting: Fact[bool] | None = None
) -> Fact[Any] | None:
    """Nothing is offered where the port is closed; None where it answers and is to be asked.

    A port that a filter keeps from this place may be open to others, unless the device itself says
    that the service is off.
    """
    states = {found.port: found.state for found in scan.value.open}
    if states.get(port) == "open":
        return None
    if isinstance(setting, Known) and setting.value is False and port not in states:
        return Known((), setting.citations)
    if port in states or scan.value.undecided or not scan.value.asked(port):
        return Unknown(_PORT_UNKNOWN.format(port=port, vantage=scan.value.vantage), scan.citations)
    return Known((), scan.citations)


_PORT_UNKNOWN = Text(
    vi="từ {vantage} không biết cổng {port} mở hay đóng nên chưa xem được thuật toán mã hóa",
    en="{vantage} cannot tell whether port {port} is open, so its algorithms were not seen",
)
_STOPPED = Text(
    vi="đợt quét được dừng trước khi hỏi cổng này; hãy chạy tiếp bằng hnth scan --resume",
    en="the scan was stopped before this port was asked; go on with hnth scan --resume",
)
_NOT_READ = Text(
    vi="không đọc được câu trả lời của cổng {port}",
    en="the answer of port {port} cannot be read",
)
