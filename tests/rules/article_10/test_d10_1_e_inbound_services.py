"""D10.1-e: from outside only what is listed, and never administration."""

from __future__ import annotations

import pytest

from rules.facts import ManagementInterface
from rules.network_facts import UnreadLine
from tests.rules.build import Case, result_of
from tests.rules.compliant import CENTRAL_RULES, declared, device
from tests.rules.values import UNKNOWN, filters, from_office, from_outside, interfaces, rule

AGREES = "only listed services are admitted, and probes from ben-ngoai agree"
FROM_INTERNET = {"in_interfaces": ("internet",), "out_interfaces": ("hnth",)}
TO_MCU = {**FROM_INTERNET, "destinations": ("10.67.10.10/32",), "protocol": "tcp"}
GUILTY = "reachable from outside: into zone hnth-tinh from zone internet: line 9 “line 9”"


def fw(*extra: object, **rest: object) -> dict[tuple[str, str], object]:
    return {("fw", "filters"): filters(*CENTRAL_RULES, *extra, **rest)}


def listing(*numbers: str, source: str = "internet", protocol: str = "tcp") -> dict[str, object]:
    plan = declared()
    plan["allowlist"]["services"].append(
        {
            "id": "tu-ngoai",
            "sources": [source],
            "destinations": ["mcu"],
            "protocol": protocol,
            "ports": list(numbers),
        }
    )
    return plan


CASES = [
    Case("only what is listed", "PASS", AGREES),
    Case("a line admits anything", "FAIL", GUILTY, fw(rule(line=9, **FROM_INTERNET))),
    Case(
        "a line admits one unlisted port", "FAIL", GUILTY, fw(rule(line=9, **TO_MCU, ports=(5061,)))
    ),
    Case(
        "the port is listed for everybody outside",
        "PASS",
        AGREES,
        fw(rule(line=9, **TO_MCU, ports=(5061,))),
        inventory=listing("5061", source="0.0.0.0/0"),
    ),
    Case(
        "listed for the declared prefix, admitted for everybody",
        "FAIL",
        GUILTY,
        fw(rule(line=9, **TO_MCU, ports=(5061,))),
        inventory=listing("5061"),
    ),
    Case(
        "listed and admitted for one partner",
        "PASS",
        AGREES,
        fw(rule(line=9, **TO_MCU, sources=("198.51.100.7/32",), ports=(5061,))),
        inventory=listing("5061", source="198.51.100.7"),
    ),
    Case(
        "listed for another protocol",
        "FAIL",
        GUILTY,
        fw(rule(line=9, **TO_MCU, ports=(5061,))),
        inventory=listing("5061", source="0.0.0.0/0", protocol="udp"),
    ),
    Case(
        "one port more than the list",
        "FAIL",
        GUILTY,
        fw(rule(line=9, **TO_MCU, ports=((5060, 5062),))),
        inventory=listing("5060-5061", source="0.0.0.0/0"),
    ),
    Case(
        "administration stays forbidden though it is listed",
        "FAIL",
        GUILTY,
        fw(rule(line=9, **TO_MCU, ports=(445,))),
        inventory=listing("445", source="0.0.0.0/0"),
    ),
    Case(
        "an outside partner's specific address is outside too",
        "FAIL",
        GUILTY,
        fw(rule(line=9, **TO_MCU, sources=("198.51.100.7/32",), ports=(5061,))),
    ),
    Case(
        "a line for an inside source is no way in from outside",
        "PASS",
        AGREES,
        fw(rule(line=9, sources=("10.67.40.0/24",), destinations=("10.67.10.0/24",))),
    ),
    Case(
        "denied before",
        "PASS",
        AGREES,
        fw(rule("deny", line=8, in_interfaces=("internet",)), rule(line=9, **FROM_INTERNET)),
    ),
    Case(
        "into the segment of a remote site",
        "FAIL",
        "reachable from outside: into zone tslcd from zone internet: line 9 “line 9”; "
        "into zone hnth-chau-phu from zone internet: line 9 “line 9”",
        fw(rule(line=9, in_interfaces=("internet",), out_interfaces=("tslcd",))),
    ),
    Case(
        "a listed probe would be fine, an unlisted port answers",
        "FAIL",
        "reachable from outside: port 5061/tcp of mcu answers to ben-ngoai",
        {("mcu", "exposure"): (from_outside(5061),)},
    ),
    Case(
        "a listed port answers",
        "PASS",
        AGREES,
        {
            **fw(rule(line=9, **TO_MCU, ports=(5061,))),
            ("mcu", "exposure"): (from_outside(5061),),
        },
        inventory=listing("5061", source="0.0.0.0/0"),
    ),
    Case(
        "administration answers though it is listed",
        "FAIL",
        "reachable from outside: port 445/tcp of mcu answers to ben-ngoai",
        {("mcu", "exposure"): (from_outside(445),)},
        inventory=listing("445", source="0.0.0.0/0"),
    ),
    Case(
        "what answers the office is judged elsewhere",
        "PASS",
        AGREES,
        {("mcu", "exposure"): (from_outside(), from_office(22))},
    ),
    Case(
        "filter unknown, but a probe proves it",
        "FAIL",
        "reachable from outside: port 22/tcp of mcu answers to ben-ngoai",
        {("fw", "filters"): UNKNOWN, ("mcu", "exposure"): (from_outside(22),)},
    ),
    Case(
        "filter unknown",
        "UND",
        f"what can be reached from outside is not proven: {UNKNOWN.reason.en}",
        {("fw", "filters"): UNKNOWN},
    ),
    Case(
        "a line that was not understood",
        "UND",
        "what can be reached from outside is not proven: "
        "lines of the filter that were not understood: 1",
        fw(unread=(UnreadLine(3, "?", "?"),)),
    ),
    Case(
        "not probed from outside",
        "PASS",
        "only listed services are admitted; not verified from outside",
        {(d, "exposure"): (from_office(),) for d in ("mcu", "vcs", "fw")},
    ),
    Case(
        "no outside known",
        "UND",
        "no zone of kind outside is known at fw",
        {("fw", "interfaces"): interfaces(hnth="10.67.10.1/24")},
        inventory=declared(zones=[z for z in declared()["zones"] if z["id"] != "internet"])
        | {"vantage_points": []},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_inbound_services(case: Case) -> None:
    assert result_of(case, "D10.1-e", "fw") == (case.outcome, case.reason)


def test_browsers_may_reach_443_where_another_port_administers() -> None:
    case = Case(
        "web bridge",
        "PASS",
        AGREES,
        {
            **fw(rule(line=9, **TO_MCU, ports=(443,))),
            ("mcu", "management.interfaces"): (ManagementInterface("https", 445, True, True),),
        },
        inventory=listing("443", source="0.0.0.0/0"),
    )
    assert result_of(case, "D10.1-e", "fw") == (case.outcome, case.reason)


def test_443_administers_where_nothing_else_is_known_to() -> None:
    case = Case(
        "web",
        "FAIL",
        GUILTY,
        {
            **fw(rule(line=9, **TO_MCU, ports=(443,))),
            ("mcu", "management.interfaces"): UNKNOWN,
        },
        inventory=listing("443", source="0.0.0.0/0"),
    )
    assert result_of(case, "D10.1-e", "fw") == (case.outcome, case.reason)


def test_a_province_without_firewall_is_undetermined() -> None:
    plan = declared()
    plan["devices"] = [
        device("fw", "router", "trung-tam", "10.67.20.1") if d["id"] == "fw" else d
        for d in plan["devices"]
    ]
    case = Case(
        "none",
        "UND",
        "the inventory declares nothing that this requirement could be judged on",
        inventory=plan,
        subject="system",
    )
    assert result_of(case, "D10.1-e", "fw") == (case.outcome, case.reason)
