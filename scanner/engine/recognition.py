"""What answers at an address: asked without a login, compared with what is declared.

First only the doors that the login will go through are looked at, so that no password is sent to
another kind of device than the declared one; what else the device says of itself is asked when it
is known not to be in a meeting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inventory.secrets import SecretError
from inventory.text import Text
from rules.facts import Citation, Fact, Known
from scanner.collect import front_page, greeting, h225, sip, snmp, tls
from scanner.collect.errors import CollectError
from scanner.collect.journal import Journal
from scanner.collect.sip_message import Transport
from scanner.collect.snmp import SnmpAgent
from scanner.evidence import Document
from scanner.platforms import find
from scanner.recognise import Identity, Recognition, agreed, banners_of, recognise, web_questions

GREETING_PORTS = (21, 23, 24)
"""FTP, telnet, and the programming interface of older endpoints."""
WEB_PORTS = (443, 445, 8443)
H323_PORT, SIP_PORT, SIP_TLS_PORT = 1720, 5060, 5061

Ask = Callable[[], Document]


@dataclass(frozen=True)
class Recogniser:
    """Asks one device what it is; every question is journalled."""

    journal: Journal
    device_id: str
    host: str
    vantage: str
    timeout_s: float
    stop: threading.Event
    ssh_port: int = 22
    https_port: int | None = None
    snmp_agent: Callable[[], SnmpAgent | None] = lambda: None
    """The SNMP account declared for the device; without one SNMP is not asked."""

    def at_the_doors(self, answering: Collection[int]) -> Iterator[Document]:
        """What the doors say that a login goes through: SSH, and the web interface over TLS."""
        yield from self._heard(self._doors(answering))

    def all_over(self, answering: Collection[int]) -> Iterator[Document]:
        """What everything else says: certificate, FTP, telnet, HTTP, SIP, and whether H.323 lives.

        SIP over UDP is asked where no TCP port for it answers.
        """
        yield from self._heard(self._others(answering))

    def ports(self) -> tuple[int, ...]:
        """TCP ports that are of use here when they answer."""
        web = {self.https_port} if self.https_port else set()
        named = {self.ssh_port, *GREETING_PORTS, 80, *WEB_PORTS, *web}
        return tuple(sorted(named | {H323_PORT, SIP_PORT, SIP_TLS_PORT}))

    def _web_ports(self, answering: Collection[int]) -> list[int]:
        first = [self.https_port] if self.https_port else []
        return [p for p in dict.fromkeys([*first, *WEB_PORTS]) if p in answering]

    def _doors(self, answering: Collection[int]) -> Iterator[Ask]:
        if self.ssh_port in answering:
            yield lambda: self._greeting(self.ssh_port)
        for port in self._web_ports(answering):
            yield lambda port=port: self._page(port, encrypted=True)  # type: ignore[misc]

    def _others(self, answering: Collection[int]) -> Iterator[Ask]:
        for port in self._web_ports(answering):
            yield lambda port=port: tls.show(  # type: ignore[misc]
                self.host, port, self.journal, self.device_id, **self._how()
            )
        for port in GREETING_PORTS:
            if port in answering:
                yield lambda port=port: self._greeting(port)  # type: ignore[misc]
        if 80 in answering:
            yield lambda: self._page(80, encrypted=False)
        if SIP_TLS_PORT in answering:
            yield lambda: self._sip("tls")
        if SIP_PORT in answering:
            yield lambda: self._sip("tcp")
        if not {SIP_PORT, SIP_TLS_PORT}.intersection(answering):
            yield lambda: self._sip("udp")
        if (agent := self._declared_agent()) is not None:
            yield lambda: self._system_group(agent)
        if H323_PORT in answering:
            yield lambda: h225.look(self.host, self.journal, self.device_id, **self._how())

    def _declared_agent(self) -> SnmpAgent | None:
        try:
            return self.snmp_agent()
        except SecretError:
            return None  # the family's own questions say why

    def _heard(self, questions: Iterator[Ask]) -> Iterator[Document]:
        for ask in questions:
            if self.stop.is_set():
                return
            try:
                yield ask()
            except CollectError:
                # a port that says nothing of itself is no failure: most say nothing
                continue

    def _how(self) -> dict[str, Any]:
        return {"vantage": self.vantage, "timeout_s": self.timeout_s}

    def _greeting(self, port: int) -> Document:
        return greeting.listen(self.host, port, self.journal, self.device_id, **self._how())

    def _page(self, port: int, *, encrypted: bool) -> Document:
        questions = web_questions()
        return front_page.look(
            *(self.host, port, self.journal, self.device_id),
            encrypted=encrypted,
            questions=questions,
            **self._how(),
        )

    def _system_group(self, agent: SnmpAgent) -> Document:
        return snmp.ask(
            *(agent.host, agent.credential, self.journal, self.device_id),
            port=agent.port,
            vantage=self.vantage,
            timeout_s=agent.timeout_s,
        )

    def _sip(self, transport: Transport) -> Document:
        return sip.ask(
            *(self.host, self.journal, self.device_id), transport=transport, **self._how()
        )


def identity_of(documents: Sequence[Document]) -> Identity | None:
    """What the banners in the documents agree on."""
    return agreed(banners_of(documents))


def identity_facts(identity: Identity) -> Mapping[str, Fact[Any]]:
    """What the device says of itself without a login, as facts with the lines that say it."""
    family = find(identity.family)
    cited = _citations(identity.evidence)
    facts: dict[str, Fact[Any]] = {
        "identity.family": Known(family.name, cited),
        "identity.vendor": Known(family.vendor, cited),
    }
    if identity.model is not None:
        told = [e for e in identity.evidence if e.model is not None]
        facts["identity.model"] = Known(identity.model, _citations(told))
    if identity.version is not None:
        told = [e for e in identity.evidence if e.version is not None]
        facts["software.version"] = Known(identity.version, _citations(told))
    return facts


def contradiction(declared: str, documents: Sequence[Document]) -> Text | None:
    """That the device says it is of another family than the declared one; None when it does not."""
    seen = [r for banner in banners_of(documents) if (r := recognise(banner)) is not None]
    others = [r for r in seen if r.family != declared]
    if not others:
        return None
    names = ", ".join(dict.fromkeys(r.family for r in others))
    said = "; ".join(dict.fromkeys(_quoted(r) for r in others))
    return Text(
        vi=f"khai báo dòng thiết bị là {declared} nhưng thiết bị tự nhận là {names} ({said}); "
        "hãy kiểm tra địa chỉ và sửa platform trong tệp khai báo",
        en=f"declared as {declared}, but what answers says it is {names} ({said}); "
        "check the address and correct platform in the inventory",
    )


def _quoted(recognition: Recognition) -> str:
    source = recognition.banner.seen.source if recognition.banner.seen else recognition.banner.kind
    return f"{source}: “{recognition.banner.text[:80].strip()}”"


def _citations(evidence: Sequence[Recognition]) -> tuple[Citation, ...]:
    return tuple(e.banner.seen for e in evidence if e.banner.seen is not None)
