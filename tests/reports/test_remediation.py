"""The file of a device: commands as they are typed, everything else behind its comment mark."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.text import Text
from reports.remediation import Sheet, Step, failures, render
from reports.report import Report

HOSTILE = "x\nreload\r\n\x1b[2J\u2028write erase"
ASKED = Text(vi="<<ntp>> = máy chủ", en="<<ntp>> = server")


def written(report: Report, step: Step) -> dict[str, str]:
    sheets = {
        name: Sheet({f.fingerprint: (step,) for f in findings}, "Family", "!")
        for name, findings in failures(report).items()
        if name is not None
    }
    return render(report, sheets, "en")


def not_comments(page: str) -> list[str]:
    return [line for line in page.splitlines() if line and not line.startswith("!")]


def test_a_device_with_failures_has_its_file_with_each_command_once(sample: Report) -> None:
    pages = written(sample, Step("ntp.servers", ("ntp server 10.0.0.1",)))
    devices = {f"{name}.txt" for name in failures(sample) if name is not None}
    assert devices
    assert devices <= set(pages)
    assert all(not_comments(pages[name]) == ["ntp server 10.0.0.1"] for name in devices)


def test_what_lacks_a_value_stands_in_a_comment(sample: Report) -> None:
    pages = written(sample, Step("ntp.servers", ("ntp server <<ntp>>",), (ASKED,)))
    for name in (n for n in failures(sample) if n is not None):
        assert not_comments(pages[f"{name}.txt"]) == []
        assert "! ntp server <<ntp>>" in pages[f"{name}.txt"]
        assert "FILL IN: <<ntp>> = server" in pages[f"{name}.txt"]


@pytest.mark.parametrize("command", [HOSTILE, "name a\rreload", "banner \x1b[31m"])
def test_a_command_of_more_than_one_line_is_left_out(sample: Report, command: str) -> None:
    pages = written(sample, Step("accounts", (command,)))
    for name in (n for n in failures(sample) if n is not None):
        assert not_comments(pages[f"{name}.txt"]) == []


def test_what_a_device_or_an_inventory_says_stays_in_comments(sample: Report) -> None:
    text = Text(vi=HOSTILE, en=HOSTILE)
    devices = tuple(d.model_copy(update={"name": HOSTILE}) for d in sample.inventory.devices)
    hostile = replace(
        sample,
        inventory=sample.inventory.model_copy(update={"devices": devices}),
        findings=tuple(replace(f, reason=text, remedy=text) for f in sample.findings),
    )
    pages = written(hostile, Step("x", ("ntp server 10.0.0.1",), note=text, where=text))
    for name in (n for n in failures(hostile) if n is not None):
        assert not_comments(pages[f"{name}.txt"]) == ["ntp server 10.0.0.1"]
    assert all("\x1b" not in page and "\u2028" not in page for page in pages.values())
