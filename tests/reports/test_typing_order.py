"""The file of a device lets nobody type himself out of it: what opens first, what saves once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.text import Text
from reports.remediation import Sheet, Step, render
from reports.report import Report
from reports.typing_order import Stage, stage_of
from rules.model import Finding, Outcome, Subject
from rules.notice import Notice

SAID = Text(vi="x", en="x")


@pytest.mark.parametrize(
    ("fact", "stage"),
    [
        ("ssh.algorithms", Stage.OPEN),
        ("tls.certificates", Stage.OPEN),
        ("ntp.servers", Stage.SET),
        ("accounts", Stage.SET),
        ("service.telnet.enabled", Stage.CLOSE),
        ("service.http.enabled", Stage.CLOSE),
        ("snmp.versions", Stage.CLOSE),
        ("tls.min_version", Stage.CLOSE),
        ("ssh.password_login", Stage.CLOSE),
        ("management.allowlist", Stage.ADMIT),
        ("filters", Stage.ADMIT),
        ("software.version", Stage.RESTART),
    ],
)
def test_a_setting_has_its_place(fact: str, stage: Stage) -> None:
    assert stage_of(fact) is stage


def page(
    sample: Report,
    failing: list[list[Step]],
    seen: list[Step] | None = None,
    *,
    loaded: bool = False,
    leave: tuple[str, ...] = ("end", "save"),
) -> str:
    """The file of one device: a finding for each list of steps, an observation for each of seen."""
    name = sample.inventory.devices[0].id
    findings = tuple(
        Finding(
            *("D11.1-b", Subject("device", name), Outcome.FAIL, "S2", SAID, SAID, (), f"f{n}"),
            device=name,
        )
        for n, _ in enumerate(failing)
    )
    notices = tuple(
        Notice(f"k{n}", "D11.2-b", Subject("device", name), "S3", SAID, SAID, device=name)
        for n, _ in enumerate(seen or [])
    )
    steps = {f"f{n}": tuple(found) for n, found in enumerate(failing)}
    steps |= {n.fingerprint: (s,) for n, s in zip(notices, seen or [], strict=True)}
    one = Sheet(steps, enter=("configure",), leave=leave, loaded=loaded)
    report = replace(sample, findings=findings, notices=notices)
    return render(report, {name: one}, "en")[f"{name}.txt"]


def typed(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


ALLOW = Step("management.allowlist", ("allow",))
TELNET = Step("service.telnet.enabled", ("no telnet",))
NTP = Step("ntp.servers", ("ntp",))
KEYS = Step("ssh.algorithms", ("make key",))
UPDATE = Step("software.version", ("update", "reboot"))


def test_what_opens_stands_before_what_closes_whatever_finding_it_belongs_to(
    sample: Report,
) -> None:
    text = page(sample, [[ALLOW, UPDATE], [TELNET, NTP], [KEYS]])
    assert typed(text) == [
        *("configure", "make key", "ntp", "no telnet", "allow", "end", "save"),
        *("update", "reboot"),
    ]


def test_failures_and_observations_are_saved_once(sample: Report) -> None:
    text = page(sample, [[TELNET]], [NTP, UPDATE])
    assert typed(text) == ["configure", "no telnet", "ntp", "end", "save", "update", "reboot"]


def test_nothing_is_entered_or_saved_where_nothing_is_typed(sample: Report) -> None:
    assert typed(page(sample, [[Step("accounts", where=SAID)]])) == []
    assert "# save" not in page(sample, [[Step("accounts", where=SAID)]]).splitlines()
    alone = page(sample, [[UPDATE]])
    assert typed(alone) == ["update", "reboot"]


def test_what_waits_for_a_value_is_framed_by_comments(sample: Report) -> None:
    text = page(sample, [[Step("ntp.servers", ("ntp <<ntp>>",), (SAID,))]])
    assert typed(text) == []
    assert text.index("# configure") < text.index("# ntp <<ntp>>") < text.index("# save")


def test_the_same_commands_stand_once(sample: Report) -> None:
    """Three facts of SNMP, one command; the same finding twice."""
    off = [Step(f"snmp.{name}", ("no snmp",)) for name in ("versions", "default_community")]
    text = page(sample, [off, [Step("service.snmp.enabled", ("no snmp",))]])
    assert typed(text).count("no snmp") == 1
    assert text.count("as under D11.1-b") == 2


def test_a_finding_of_several_places_is_explained_once(sample: Report) -> None:
    text = page(sample, [[KEYS, TELNET]])
    assert text.count("== D11.1-b") == 2
    assert text.count("(continued)") == 1


def test_a_person_is_told_how_the_lines_get_into_the_device(sample: Report) -> None:
    assert "Type line by line" in page(sample, [[NTP]])
    assert "Type line by line" not in page(sample, [[Step("accounts", where=SAID)]])
    file = page(sample, [[NTP]], loaded=True)
    assert "Type line by line" not in file
    assert "the rest is one file" in " ".join(file.replace("# ", "").split())
    assert "log in by another session" in page(sample, [[NTP]])
    assert "log in by another session" not in file


def test_where_a_commit_makes_it_count_nobody_is_told_to_try_before(sample: Report) -> None:
    text = page(sample, [[NTP]], leave=("commit check", "commit"))
    assert "make all of the above count" in text
    assert "log in by another session" not in text
    assert typed(text)[-2:] == ["commit check", "commit"]


def test_what_it_costs_stands_whole_before_the_command(sample: Report) -> None:
    cost = " ".join(f"word{n}" for n in range(120))
    text = page(sample, [[replace(NTP, note=Text(vi=cost, en=cost))]])
    said = " ".join(text.replace("# ", "").split())
    assert f"Note: {cost} ntp" in said
