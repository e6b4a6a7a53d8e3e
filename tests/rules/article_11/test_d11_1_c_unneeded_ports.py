"""D11.1-c: everything open is needed, and everything was asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.facts import Citation, Known, NeededPort
from tests.rules.build import Case, finding, findings, off, province, result_of
from tests.rules.compliant import with_device
from tests.rules.values import UNKNOWN, ports, scan

ALL = "all TCP ports and the named UDP ports asked; open and needed: 22/tcp; 445/tcp; 5061/tcp"
OFF_BUT_OPEN = "open although the settings show it off: "
GAP = "not every port is accounted for: "


def wrong(what: str) -> str:
    return f"open and not needed: {what}"


def tcp(*numbers: int, **rest: object) -> dict[tuple[str, str], object]:
    return {("vcs", "ports.tcp"): scan(*numbers, **rest)}


def udp(*numbers: int, **rest: object) -> dict[tuple[str, str], object]:
    named = ports(69, 123, 161, 1719, 1900)
    return {("vcs", "ports.udp"): scan(*numbers, protocol="udp", scanned=named, **rest)}


def approved(protocol: str, port: int) -> dict[str, object]:
    entry = {"protocol": protocol, "port": port, "purpose": "giám sát"}
    return with_device("vcs", approved_ports=[entry])


CASES = [
    Case("only needed ports", "PASS", ALL),
    Case(
        "silence towards another segment",
        "UND",
        f"{GAP}65000 TCP ports kept silent towards may-quet, which stands outside the device's "
        "segment; a filter on the way may hide them",
        tcp(22, 445, 5061, undecided=65000),
    ),
    Case(
        "silence towards the device's own segment",
        "PASS",
        ALL,
        tcp(22, 445, 5061, undecided=65000, zone="hnth-chau-phu"),
    ),
    Case("debugging", "FAIL", wrong("5555/tcp"), tcp(22, 445, 5061, 5555)),
    Case(
        "approved in the inventory",
        "PASS",
        f"{ALL}; 5555/tcp",
        tcp(22, 445, 5061, 5555),
        inventory=approved("tcp", 5555),
    ),
    Case(
        "approved for the other protocol",
        "FAIL",
        wrong("5555/tcp"),
        tcp(22, 445, 5061, 5555),
        inventory=approved("udp", 5555),
    ),
    Case("telnet", "FAIL", wrong("23/tcp (telnet)"), tcp(22, 23)),
    Case(
        "telnet even when approved",
        "FAIL",
        wrong("23/tcp (telnet)"),
        tcp(22, 23),
        inventory=approved("tcp", 23),
    ),
    Case(
        "telnet even when the family lists it",
        "FAIL",
        wrong("23/tcp (telnet)"),
        {
            **tcp(23),
            ("vcs", "needed_ports"): (NeededPort("tcp", 1, 65535, UNKNOWN.reason),),
        },
    ),
    Case(
        "telnet proven, the rest unknown",
        "FAIL",
        wrong("23/tcp (telnet)"),
        {**tcp(23), ("vcs", "needed_ports"): UNKNOWN},
    ),
    Case(
        "telnet in the settings though its port kept silent",
        "FAIL",
        wrong("23/tcp (telnet)"),
        {("vcs", "service.telnet.enabled"): True},
    ),
    Case("tftp", "FAIL", wrong("69/udp (tftp)"), udp(69)),
    Case("snmp answers", "FAIL", wrong("161/udp (snmp)"), udp(161)),
    Case(
        "snmp approved",
        "PASS",
        f"{ALL}; 161/udp (snmp)",
        {**udp(161), ("vcs", "service.snmp.enabled"): UNKNOWN},
        inventory=approved("udp", 161),
    ),
    Case(
        "snmp approved and set to off",
        "FAIL",
        OFF_BUT_OPEN + "snmp is set to off but port 161/udp is open",
        udp(161),
        inventory=approved("udp", 161),
    ),
    Case("snmp keeps silent and is set to off", "PASS", ALL, udp(silent=(161,))),
    Case(
        "snmp keeps silent, settings unknown",
        "UND",
        GAP + "silent UDP ports may be open or closed: 161",
        {**udp(silent=(161,)), ("vcs", "service.snmp.enabled"): UNKNOWN},
    ),
    Case(
        "ports of no known service keep silent",
        "UND",
        GAP + "silent UDP ports may be open or closed: 123; 1719",
        udp(silent=(123, 161, 1719)),
    ),
    Case(
        "a silent port that is needed",
        "PASS",
        ALL,
        udp(silent=(1719,)),
        inventory=approved("udp", 1719),
    ),
    Case(
        "the last port was not asked",
        "UND",
        GAP + "the range of TCP ports was asked in part",
        tcp(22, scanned=ports((1, 65534))),
    ),
    Case(
        "the whole range in pieces",
        "PASS",
        "all TCP ports and the named UDP ports asked; open and needed: 22/tcp",
        tcp(22, scanned=ports((1025, 65535), (1, 1024))),
    ),
    Case(
        "a hole in the range",
        "UND",
        GAP + "the range of TCP ports was asked in part",
        tcp(22, scanned=ports((1, 1023), (1025, 65535))),
    ),
    Case(
        "a part of the range proves a violation all the same",
        "FAIL",
        wrong("5555/tcp"),
        tcp(5555, scanned=ports(5555)),
    ),
    Case(
        "no answer at all",
        "UND",
        GAP + "the device is switched off or cannot be reached",
        tcp(answered=False),
    ),
    Case(
        "nothing open",
        "PASS",
        "all TCP ports and the named UDP ports asked; open and needed: none",
        tcp(),
    ),
    Case("tcp unknown", "UND", GAP + UNKNOWN.reason.en, {("vcs", "ports.tcp"): UNKNOWN}),
    Case("udp unknown", "UND", GAP + UNKNOWN.reason.en, {("vcs", "ports.udp"): UNKNOWN}),
    Case("needed list unknown", "UND", GAP + UNKNOWN.reason.en, {("vcs", "needed_ports"): UNKNOWN}),
    Case(
        "switched off",
        "UND",
        GAP + "the device is switched off or cannot be reached",
        off("vcs"),
    ),
]


FOREIGN = "other protocols answer than belong there: "


def spoken(**ports_and_words: str) -> dict[tuple[str, str], object]:
    """All needed ports open; `p5061="telnet"` says what one of them speaks."""
    speaks = {int(name[1:]): word for name, word in ports_and_words.items()}
    seen = scan(*sorted({22, 445, 5061, *speaks}))
    opened = tuple(replace(port, speaks=speaks.get(port.port, "")) for port in seen.open)
    return {("vcs", "ports.tcp"): replace(seen, open=opened)}


def needs(*entries: NeededPort) -> dict[tuple[str, str], object]:
    usual = (NeededPort("tcp", port, port, UNKNOWN.reason) for port in (22, 445, 5061))
    return {("vcs", "needed_ports"): (*usual, *entries)}


GATEKEEPER = NeededPort("udp", 1719, 1719, UNKNOWN.reason, roles=("registered", "mcu"))
OLD_APP = NeededPort("tcp", 5222, 5223, UNKNOWN.reason, models=("Model 1", "Model 2"))
SIP = NeededPort("tcp", 5060, 5061, UNKNOWN.reason, speaks=("sip", "sips"))
MODEL = "port 5222/tcp is needed by some models only, and the model is not known"


def as_role(role: str | None) -> dict[str, object]:
    return with_device("vcs", role=role)


BY_ROLE_AND_MODEL = [
    Case(
        "a gatekeeper's port behind a gatekeeper",
        "PASS",
        f"{ALL}; 1719/udp",
        {**udp(1719), **needs(GATEKEEPER)},
        inventory=as_role("registered"),
    ),
    Case(
        "a gatekeeper's port of a device that dials by address",
        "FAIL",
        wrong("1719/udp"),
        {**udp(1719), **needs(GATEKEEPER)},
        inventory=as_role("endpoint"),
    ),
    Case(
        "a gatekeeper's port of a device for management only",
        "FAIL",
        wrong("1719/udp"),
        {**udp(1719), **needs(GATEKEEPER)},
        inventory=as_role("management"),
    ),
    Case(
        "a gatekeeper's port, the role is not declared",
        "UND",
        GAP + "port 1719/udp is needed only in the role behind a gatekeeper; MCU; "
        "declare the role of the device",
        {**udp(1719), **needs(GATEKEEPER)},
    ),
    Case(
        "approved whatever the role",
        "PASS",
        f"{ALL}; 1719/udp",
        {**udp(1719), **needs(GATEKEEPER)},
        inventory=approved("udp", 1719),
    ),
    Case(
        "needed in every role by another line of the list",
        "PASS",
        f"{ALL}; 1719/udp",
        {**udp(1719), **needs(GATEKEEPER, replace(GATEKEEPER, roles=()))},
    ),
    Case(
        "silent, and the role is not declared",
        "UND",
        GAP + "silent UDP ports may be open or closed: 1719",
        {**udp(silent=(1719,)), **needs(GATEKEEPER)},
    ),
    Case(
        "needed by this model, written in other letters",
        "PASS",
        f"{ALL}; 5222/tcp",
        {**needs(OLD_APP), **tcp(22, 445, 5061, 5222), ("vcs", "identity.model"): "MODEL  1000"},
    ),
    Case(
        "needed by another model",
        "FAIL",
        wrong("5222/tcp"),
        {**needs(OLD_APP), **tcp(22, 445, 5061, 5222), ("vcs", "identity.model"): "Model 30"},
    ),
    Case(
        "the model is not known",
        "UND",
        GAP + MODEL,
        {**needs(OLD_APP), **tcp(22, 445, 5061, 5222), ("vcs", "identity.model"): UNKNOWN},
    ),
]

BY_SPEECH = [
    Case(
        "telnet at the port of SIP",
        "FAIL",
        FOREIGN + "telnet answers at 5061/tcp",
        spoken(p5061="telnet"),
    ),
    Case(
        "telnet at an approved port",
        "FAIL",
        FOREIGN + "telnet answers at 5555/tcp",
        spoken(p5555="telnet"),
        inventory=approved("tcp", 5555),
    ),
    Case(
        "SSH where SIP belongs",
        "FAIL",
        FOREIGN + "ssh answers at 5061/tcp",
        {**spoken(p5061="ssh"), **needs(SIP, NeededPort("tcp", 22, 22, UNKNOWN.reason))}
        | {
            ("vcs", "needed_ports"): (
                SIP,
                *(NeededPort("tcp", p, p, UNKNOWN.reason) for p in (22, 445)),
            )
        },
    ),
    Case(
        "SIP over TLS where SIP belongs",
        "PASS",
        ALL,
        spoken(p5061="sips")
        | {
            ("vcs", "needed_ports"): (
                SIP,
                *(NeededPort("tcp", p, p, UNKNOWN.reason) for p in (22, 445)),
            )
        },
    ),
    Case("SSH where nothing is laid down", "PASS", ALL, spoken(p445="ssh")),
    Case("SSH at its own port", "PASS", ALL, spoken(p22="ssh")),
    Case("HTTP where nothing is laid down", "PASS", ALL, spoken(p445="http")),
    Case(
        "SSH at the port of telnet, approved",
        "PASS",
        "all TCP ports and the named UDP ports asked; open and needed: 22/tcp; 23/tcp (telnet); "
        "445/tcp; 5061/tcp",
        spoken(p23="ssh"),
        inventory=approved("tcp", 23),
    ),
    Case(
        "telnet at its own port is named once",
        "FAIL",
        wrong("23/tcp (telnet)"),
        {**spoken(p23="telnet"), ("vcs", "service.telnet.enabled"): UNKNOWN},
    ),
]

CONTRADICTED = [
    Case(
        f"{name} set to off and open",
        "FAIL",
        f"{OFF_BUT_OPEN}{name} is set to off but port {port}/tcp is open",
        {("vcs", f"service.{name}.enabled"): False},
    )
    for name, port in (("ssh", 22), ("sip", 5061))
] + [
    Case(
        "HTTPS set to off and open",
        "FAIL",
        f"{OFF_BUT_OPEN}https is set to off but port 443/tcp is open",
        {("vcs", "service.https.enabled"): False, **tcp(22, 443, 445, 5061)},
    ),
    Case(
        "HTTPS set to off and open at another port: that may be another interface",
        "PASS",
        ALL,
        {("vcs", "service.https.enabled"): False},
    ),
    Case("SIP set to on and open", "PASS", ALL, {("vcs", "service.sip.enabled"): True}),
    Case("SIP unknown and open", "PASS", ALL, {("vcs", "service.sip.enabled"): UNKNOWN}),
    Case(
        "SIP set to off, and its port speaks SSH",
        "PASS",
        ALL,
        {("vcs", "service.sip.enabled"): False, **spoken(p5061="ssh")},
    ),
    Case("H.323 set to off and closed", "PASS", ALL, {("vcs", "service.h323.enabled"): False}),
]


def test_a_contradiction_is_a_finding_of_its_own_with_both_proofs() -> None:
    """The setting and the scan, beside the finding on the port itself."""
    setting = Known(False, (Citation("C", "xConfiguration", 7),))
    seen = Known(scan(22, 23, 5555), (Citation("P", "nmap"),))
    world = province({("vcs", "service.telnet.enabled"): setting, ("vcs", "ports.tcp"): seen})
    plain, contradicted = findings(world, "D11.1-c", "vcs")
    assert plain.reason.en == wrong("23/tcp (telnet); 5555/tcp")
    assert contradicted.reason.en == (f"{OFF_BUT_OPEN}telnet is set to off but port 23/tcp is open")
    assert [c.evidence_class for c in contradicted.citations] == ["C", "P"]
    assert contradicted.outcome == "FAIL"
    assert contradicted.remedy is not None


@pytest.mark.parametrize(
    "case",
    [*CASES, *BY_ROLE_AND_MODEL, *BY_SPEECH, *CONTRADICTED],
    ids=lambda case: case.name,
)
def test_unneeded_ports(case: Case) -> None:
    assert result_of(case, "D11.1-c", "vcs") == (case.outcome, case.reason)


def test_the_mcu_weighs_more() -> None:
    world = province({(d, "ports.tcp"): scan(5555) for d in ("mcu", "vcs")})
    assert finding(world, "D11.1-c", "mcu").severity == "S1"
    assert finding(world, "D11.1-c", "vcs").severity == "S2"
