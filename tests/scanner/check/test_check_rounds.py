"""Checking again: which failures are mended, which are left, which were not seen."""

from __future__ import annotations

from dataclasses import replace

from rules.model import Outcome
from scanner.check.rounds import only_of_ports, progress, worth_watching
from tests.scanner.check.build_check import Text, finding, result

FAIL, PASS, UND = Outcome.FAIL, Outcome.PASS, Outcome.UND
OFF = Text(vi="thiết bị đang tắt", en="the device is off")


def names(findings: object) -> list[str]:
    return [f"{f.requirement}{f.subject.id.partition('/')[2]}" for f in findings]  # type: ignore[attr-defined]


def test_each_failure_is_mended_or_left_or_not_seen() -> None:
    before = [
        finding("D11.1-b", FAIL),
        finding("D11.1-d", FAIL),
        finding("D11.2-b", FAIL, "a"),
        finding("D11.2-b", FAIL, "b"),
    ]
    now = result(
        finding("D11.1-b", PASS),
        finding("D11.1-d", UND),
        finding("D11.2-b", FAIL, "a", reason="still"),
    )
    seen = progress(before, now)
    assert names(seen.mended) == ["D11.1-b", "D11.1-d", "D11.2-bb"]  # the account b is gone
    assert names(seen.left) == ["D11.2-ba"]
    assert seen.left[0].reason.en == "still"
    assert seen.untold == ()
    assert not seen.is_over


def test_after_a_problem_only_a_verdict_shows_that_something_is_mended() -> None:
    before = [finding("D11.1-b", FAIL), finding("D11.1-d", FAIL), finding("D11.2-b", FAIL, "a")]
    torn = result(finding("D11.1-b", PASS), finding("D11.1-d", UND), problem=OFF)
    seen = progress(before, torn)
    assert names(seen.mended) == ["D11.1-b"]
    assert names(seen.untold) == ["D11.1-d", "D11.2-ba"]
    assert not seen.is_over
    assert progress(before, replace(torn, from_files=True)).is_over  # files are read whole


def test_a_device_that_was_off_shows_nothing_mended() -> None:
    before = [finding("D11.1-c", FAIL), finding("D11.2-b", FAIL, "a")]
    off = result(finding("D11.1-c", UND), problem=OFF)
    assert names(progress(before, off).untold) == names(before)
    on = result(finding("D11.1-c", UND))
    assert progress(before, on).is_over  # the whole look that follows has the last word


def test_ports_are_asked_without_a_login_when_nothing_else_failed() -> None:
    assert only_of_ports([finding("D11.1-c", FAIL)])
    assert not only_of_ports([finding("D11.1-c", FAIL), finding("D11.1-d", FAIL)])


def test_only_what_failed_can_be_watched() -> None:
    assert worth_watching(result(finding("D11.1-c", FAIL)))
    assert not worth_watching(result(finding("D11.1-c", UND), finding("D11.1-b", PASS)))
