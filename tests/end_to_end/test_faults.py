"""The failures that a scan finds are exactly those that were put in: none missing, none extra.

Faults of different subjects share a scan: a verdict that is missing or extra still names the one
that it belongs to.
"""

from __future__ import annotations

import pytest

import lab

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]


def subjects(fault: lab.Fault) -> set[str]:
    """What the fault is about; an account is part of its device, an endpoint part of nothing."""
    return {expected.subject.partition("/")[0] for expected in fault.expects}


def apart() -> list[tuple[str, ...]]:
    """Every fault once, in groups in which no two are about the same subject."""
    groups: list[list[lab.Fault]] = []
    for fault in lab.FAULTS.values():
        for group in groups:
            if not any(subjects(fault) & subjects(other) for other in group):
                group.append(fault)
                break
        else:
            groups.append([fault])
    return [tuple(fault.name for fault in group) for group in groups]


GROUPS = [pytest.param(group, id="+".join(group)) for group in apart()]


def assert_exactly(scanner, faults: tuple[str, ...], *, all_ports: bool = False) -> None:
    scanner.province.become(faults)
    outcome = scanner.scan(inventory=None if all_ports else scanner.with_fewer_ports())
    expected = lab.expectations(faults)
    wanted = {(e.requirement, e.kind, e.subject) for e in expected if e.outcome == "FAIL"}
    assert outcome.status == (1 if wanted else 3), outcome.said
    assert outcome.verdicts("FAIL") == wanted
    undetermined = {(e.requirement, e.kind, e.subject) for e in expected if e.outcome == "UND"}
    assert undetermined <= outcome.verdicts("UND")


def test_nothing_fails_where_nothing_is_wrong_at_any_port(scanner) -> None:
    assert_exactly(scanner, (), all_ports=True)


@pytest.mark.parametrize("faults", GROUPS)
def test_exactly_the_failures_that_were_put_in(scanner, faults: tuple[str, ...]) -> None:
    assert_exactly(scanner, faults)


def test_many_faults_at_once_even_on_the_same_subject(scanner) -> None:
    assert_exactly(scanner, tuple(lab.DEFAULT_MIXTURE))


def test_every_fault_is_put_in() -> None:
    assert sorted(name for group in apart() for name in group) == sorted(lab.FAULTS)
    assert all(fault.expects for fault in lab.FAULTS.values())
