"""SIP over TLS, serial port, debugging and support access of a Cisco codec: values and near misses.

The words of the values are those of the vendor's public schemas.
"""

from __future__ import annotations

from typing import Any

import pytest

from rules.facts import Known, Unknown
from scanner.platforms.cisco_roomos import read
from tests.scanner.platforms.roomos_documents import document, lines, xml

WHOLE = {
    "Conference AutoAnswer Mode": "Off",
    "NetworkServices SSH Mode": "On",
    "SIP DefaultTransport": "Tls",
    "SIP MinimumTLSVersion": "TLSv1.2",
    "SIP TlsVerify": "On",
    "H323 Encryption KeySize": "Min2048bit",
    "SerialPort LoginRequired": "On",
    "SerialPort Mode": "On",
    "RemoteAccess Mode": "Off",
    "SystemUnit Name": "phong-hop",
    "Time Zone": "Asia/Ho_Chi_Minh",
    "WebEngine RemoteDebugging": "Off",
}
TOLD = {
    "sip.encryption": "required",
    "sip.tls_min_version": "TLSv1.2",
    "sip.verifies_peer": True,
    "h323.min_key_bits": 2048,
    "serial_port.access": "login",
    "debug.enabled": False,
    "support_access.enabled": False,
}


def facts_of(tree: dict[str, str], **form: Any) -> dict[str, Any]:
    return dict(read([document(lines(tree, **form))]).facts)


def value(fact: Any) -> Any:
    return fact.value if isinstance(fact, Known) else None


@pytest.mark.parametrize("text", [lines(WHOLE), xml(WHOLE)], ids=["lines", "xml"])
def test_a_hardened_codec_tells_all_of_it(text: str) -> None:
    facts = read([document(text)]).facts
    assert {name: value(facts[name]) for name in TOLD} == TOLD


CHANGED: list[tuple[dict[str, str], str, Any]] = [
    ({"SIP DefaultTransport": "Auto"}, "sip.encryption", "best-effort"),
    ({"SIP DefaultTransport": "TCP"}, "sip.encryption", "off"),
    ({"SIP DefaultTransport": "UDP"}, "sip.encryption", "off"),
    ({"SIP DefaultTransport": "tls"}, "sip.encryption", "required"),
    ({"SIP DefaultTransport": "TLS+TCP"}, "sip.encryption", None),
    ({"SIP MinimumTLSVersion": "TLSv1.0"}, "sip.tls_min_version", "TLSv1.0"),
    ({"SIP MinimumTLSVersion": "TLSv2"}, "sip.tls_min_version", None),
    ({"SIP TlsVerify": "Off"}, "sip.verifies_peer", False),
    ({"H323 Encryption KeySize": "Min1024bit"}, "h323.min_key_bits", 1024),
    ({"H323 Encryption KeySize": "Max1024bit"}, "h323.min_key_bits", 0),
    ({"H323 Encryption KeySize": "4096"}, "h323.min_key_bits", None),
    ({"SerialPort LoginRequired": "Off"}, "serial_port.access", "open"),
    ({"SerialPort Mode": "Off", "SerialPort LoginRequired": "Off"}, "serial_port.access", "off"),
    ({"SerialPort Mode": "Outbound"}, "serial_port.access", "login"),
    (
        {"SerialPort Mode": "Outbound", "SerialPort LoginRequired": "Off"},
        "serial_port.access",
        None,
    ),
    ({"SerialPort LoginRequired": "Maybe"}, "serial_port.access", None),
    ({"WebEngine RemoteDebugging": "On"}, "debug.enabled", True),
    ({"WebEngine RemoteDebugging": "Sometimes"}, "debug.enabled", None),
    ({"RemoteAccess Mode": "On"}, "support_access.enabled", True),
]


@pytest.mark.parametrize(("changes", "name", "expected"), CHANGED)
def test_each_word_has_its_meaning(changes: dict[str, str], name: str, expected: Any) -> None:
    assert value(facts_of(WHOLE | changes)[name]) == expected


@pytest.mark.parametrize("path", [path for path in WHOLE if path.startswith(("Web", "Rem"))])
def test_what_nothing_speaks_of_is_no_fact(path: str) -> None:
    facts = facts_of({key: said for key, said in WHOLE.items() if key != path})
    assert len(TOLD.keys() - facts.keys()) == 1


def test_signalling_that_is_not_shown_cannot_be_told() -> None:
    facts = facts_of({key: said for key, said in WHOLE.items() if key != "SIP DefaultTransport"})
    assert isinstance(facts["sip.encryption"], Unknown)


def test_a_value_that_is_not_understood_is_cited_and_never_excused() -> None:
    fact = facts_of(WHOLE | {"WebEngine RemoteDebugging": "Perhaps"})["debug.enabled"]
    assert isinstance(fact, Unknown)
    assert fact.citations
    assert not fact.in_no_file
