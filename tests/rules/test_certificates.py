"""Certificates by the profile: when they are valid, who issued them, to whom; the worst decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rules.certificates import in_validity, issued_by_known
from rules.facts import Citation
from tests.rules.values import NOW, certificate

OLD = certificate(NOW - timedelta(days=3))
SELF_SIGNED = {"trust": "unchecked"}
UNCHECKED = {"trust": "unchecked", "self_signed": False}


@pytest.mark.parametrize(
    ("shown", "met", "said"),
    [
        ((certificate(),), True, None),
        ((certificate(NOW),), True, None),
        ((OLD,), False, "TLS 443: expired 2026-11-20"),
        ((certificate(), replace(OLD, port=5061)), False, "TLS 5061: expired 2026-11-20"),
        ((certificate(not_before=NOW + timedelta(days=1)),), False, "not valid before 2026-11-24"),
        ((certificate(), replace(OLD, seen=False)), None, "TLS 443 certificate"),
        ((OLD, replace(certificate(), port=8443, seen=False)), False, "TLS 443: expired"),
        ((), None, "TLS certificate"),
    ],
)
def test_validity(shown: tuple[Any, ...], met: bool | None, said: str | None) -> None:
    judgement = in_validity(shown, NOW)
    assert judgement.met is met
    assert (judgement.shown is None) == (said is None)
    assert judgement.shown is None or (said or "") in judgement.shown.en


@pytest.mark.parametrize(
    ("changes", "met", "said", "advised"),
    [
        ({}, True, None, None),
        ({"trust": "untrusted"}, False, "another authority", None),
        ({"trust": "untrusted", "self_signed": False}, False, "chain not complete", None),
        (SELF_SIGNED, True, None, "self-signed"),
        (UNCHECKED, None, "scan.ca_files", None),
        ({"named": False, "names": ("10.9.9.9",)}, True, None, "made out to 10.9.9.9"),
        ({"named": False}, True, None, "made out to CN=thu"),
        ({"named": None}, True, None, None),
        ({"seen": False}, None, "TLS 443 certificate", None),
    ],
)
def test_issuer_and_name(
    changes: dict[str, Any], met: bool | None, said: str | None, advised: str | None
) -> None:
    judgement = issued_by_known((replace(certificate(), **changes),), NOW)
    assert judgement.met is met
    assert (judgement.shown is None) == (said is None)
    assert judgement.shown is None or (said or "") in judgement.shown.en
    assert (judgement.advice is None) == (advised is None)
    assert judgement.advice is None or (advised or "") in judgement.advice.en


def test_the_line_of_the_worst_is_the_proof() -> None:
    bad = replace(OLD, port=5061)
    shown = (certificate(), bad)
    lines = tuple(
        Citation("P", f"tls x:{one.port}", 8, f"valid until {one.not_after.isoformat()}", sha)
        for one, sha in zip(shown, "ab", strict=True)
    )
    assert [one.source for one in in_validity(shown, NOW).decisive(lines)] == ["tls x:5061"]


def test_the_day_is_that_of_vietnam() -> None:
    late = certificate(NOW.replace(hour=18) - timedelta(days=2))
    judgement = in_validity((late,), NOW)
    assert judgement.shown is not None
    assert "hết hạn ngày 22/11/2026" in judgement.shown.vi
