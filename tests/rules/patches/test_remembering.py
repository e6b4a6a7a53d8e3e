"""What is remembered for a stretch of releases is what each of them would be told when asked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from rules.patches.advisories import Advisories
from rules.patches.matching import match, match_one
from rules.patches.model import (
    Branch,
    Branches,
    Configuration,
    Configurations,
    Criterion,
    Installed,
    Listed,
    Node,
    Range,
    Statement,
    Verdict,
)
from rules.patches.remembering import MOST_KINDS
from scanner.feeds.advisories import from_store
from scanner.products import families

TABLE = families()
ROOM, HDX, HUAWEI, MCU, TRIO, PHONE = (
    "cisco-ce-roomos", "polycom-hdx", "huawei-vrc", "cisco-mcu", "polycom-ucs",
    "yealink-vc800",
)  # fmt: skip


def says(cve: str, family: str, affects: Branches | Listed | Configurations) -> Statement:
    return Statement(f"CVE-2020-{cve}", family, "curated", affects)


def cpe(name: str, **bounds: str) -> Configurations:
    criterion = Criterion(f"cpe:2.3:a:{name}:*:*:*:*:*:*:*", **bounds)
    return Configurations((Configuration((Node((criterion,)),)),))


LEADS = Branches(
    (Branch("9", "fixed", "9.8.3"), Branch("9.9", "fixed", "9.9.2"), Branch("10.0", "no_fix")),
    "not_affected",
    "migrate",
)
STATED = {
    ROOM: (
        says("1", ROOM, LEADS),
        says("2", ROOM, Listed((Range("9.8.3", False, "9.9.2", True),), ("10.3.2.0",))),
        says("3", ROOM, cpe("cisco:roomos:*", end_excluding="9.9.2")),
        says("4", ROOM, Listed(affected=("ce9.9.0 beta2",), otherwise="not_affected")),
    ),
    HDX: (
        says("1", HDX, Listed((Range(high="3.1.13"),))),
        says("2", HDX, Listed((Range("3.1.12-54321", True, "3.1.13-54321"),))),
        says("3", HDX, Listed((Range(high="3.1.13_j"), Range(high="3.1.10")))),
        says("5", HDX, Listed((Range("3.1.12-54321", False, "3.1.13-54320", True),))),
        says("4", HDX, cpe("polycom:hdx_system_software:3.1.13")),
    ),
    TRIO: (
        says("1", TRIO, Listed((Range(high="5.4.5 rev AG"),))),
        says("2", TRIO, Listed((Range(high="5.4.5.0"), Range("5.4.6.100", True, "5.4.6.200")))),
    ),
    HUAWEI: (
        says("1", HUAWEI, Listed(affected=("V500R002C00", "V500R002C00SPC900"))),
        says("2", HUAWEI, Listed((Range("V500R002C00", True, "V500R002C00SPCa00"),))),
        says("3", HUAWEI, Listed((Range("V500R002C00", True, "V500R002C00", True),))),
        says("4", HUAWEI, Listed((Range("V500R001C00", True, "V600R006C00", True),))),
    ),
    PHONE: (says("1", PHONE, Listed((Range(high="63.345.0.40"),))),),
    MCU: (
        says("1", MCU, Listed((Range(high="4.5(1.89)"),))),
        says("2", MCU, Listed((Range("4.4", True, "4.5", True),))),
    ),
}
VERSIONS = {
    ROOM: (
        "ce8.3.7", "9", "9.0", "9.8.2.9", "9.8.3", "9.8.3.1", "9.9.0 beta1", "9.9.0 beta2",
        "9.9.0 beta3", "9.9.0", "9.9.1", "9.9.2", "ce9.9.2.0123abc", "9.9.2.1", "10", "10.0.1",
        "10.1.1", "10.3.2.0", "10.3.2.1", "RoomOS 26.7.2.2 402ae006770",
    ),
    HDX: (
        "3.1.9", "3.1.10", "3.1.12", "3.1.12-54320", "3.1.12-54321", "3.1.12-54322", "3.1.13",
        "3.1.13-54320", "3.1.13-54321", "3.1.13_a", "3.1.13_j", "3.1.12_j", "3.1.14_j-1",
        "3.1.13_b-54320", "3.1.14-56008",
    ),
    TRIO: (
        "5.4.4", "5.4.5", "5.4.5.9", "5.4.5 rev AF", "5.4.5 rev AG", "5.4.5 rev AH", "5.4.6",
        "5.4.6.99", "5.4.6.100", "5.4.6.150 rev A", "5.4.6.200", "5.4.7",
    ),
    HUAWEI: (
        "V500R001C00", "V500R001C00SPC100", "V500R002C00", "V500R002C00SPC100",
        "V500R002C00SPC900", "V500R002C00SPCa00", "V500R002C00SPCb00", "V500R002C01",
        "V500R002C01SPC100", "V500R003C00", "V600R006C00", "V600R006C00SPC100", "V600R019C00",
    ),
    PHONE: ("63.345.0.39", "58.345.0.39", "63.345.0.40", "58.345.0.40", "63.346.0.0"),
    MCU: ("4.3(2.30)", "4.4", "4.4(3.42)", "4.5", "4.5(1.88)", "4.5(1.89)", "4.5(1.90)", "4.6"),
}  # fmt: skip


def singly(asked: Installed, advisories: Advisories) -> tuple[Verdict, ...]:
    cves = sorted(advisories.about(asked.family))
    return tuple(match_one(asked, cve, advisories) for cve in cves)


def wrong(asked: Iterable[Installed], advisories: Advisories) -> list[Installed]:
    return [one for one in asked if match(one, advisories) != singly(one, advisories)]


@pytest.mark.parametrize("family", STATED)
@pytest.mark.parametrize("seed", range(4))
def test_a_release_is_told_the_same_whatever_was_asked_before(family: str, seed: int) -> None:
    advisories = Advisories(TABLE, STATED[family])
    asked = [Installed(family, version) for version in VERSIONS[family]]
    Random(seed).shuffle(asked)
    assert wrong(asked, advisories) == []
    assert all(set(match(one, advisories)) for one in asked)


@pytest.mark.parametrize("seed", range(4))
def test_patches_of_two_kinds_are_not_mixed_up(seed: int) -> None:
    stated = says("1", HUAWEI, Listed((Range(high="V500R002C00SPH309"),)))
    advisories = Advisories(TABLE, (stated,))
    asked = [
        Installed(HUAWEI, f"V500{version}")
        for version in ("R001C00SPC100", "R001C00SPH100", "R002C00SPC100", "R002C00SPH100",
                        "R002C00", "R002C00SPC900", "R002C00SPH309", "R003C00SPC100")
    ]  # fmt: skip
    told = [match_one(one, stated.cve, advisories).status for one in asked]
    assert told == ["affected", "affected", "unknown", "affected", "affected", "unknown",
                    "fixed", "fixed"]  # fmt: skip
    Random(seed).shuffle(asked)
    assert wrong(asked, advisories) == []


def test_model_settings_and_deployment_are_not_mixed_up() -> None:
    stated = (
        Statement("CVE-2020-1", ROOM, "curated", LEADS, models=("SX20",), condition="SIP on"),
        Statement("CVE-2020-2", ROOM, "curated", LEADS, not_models=("SX20",)),
        Statement("CVE-2020-3", ROOM, "curated", LEADS, deployment="cloud"),
    )
    asked = [
        Installed(ROOM, "9.8.2", model, deployment, None, settings)
        for model in ("SX20", "DX80", "")
        for deployment in ("cloud", "on-premises", "")
        for settings in ({"SIP on": True}, {"SIP on": False}, {})
    ]
    assert wrong(asked, Advisories(TABLE, stated)) == []


def test_the_release_in_a_reason_is_that_of_the_device() -> None:
    advisories = Advisories(TABLE, (says("1", HUAWEI, Listed(affected=("V500R002C00",))),))
    for version in ("V500R002C00SPC100", "V500R002C00SPC200"):
        (verdict,) = match(Installed(HUAWEI, version), advisories)
        assert verdict.why is not None
        assert version in verdict.why.en


def test_it_starts_anew_before_it_remembers_too_much() -> None:
    advisories = Advisories(TABLE, STATED[HDX])
    for number in range(MOST_KINDS + 5):
        match(Installed(HDX, "3.1.13", f"HDX {number}"), advisories)
    assert len(advisories.remembered[HDX].answers) == 5


def test_the_shipped_catalogue_is_answered_as_one_by_one(tmp_path: Path) -> None:
    advisories, chance = from_store(tmp_path / "none.db"), Random(7)
    for family in sorted({statement.family for statement in advisories.statements}):
        texts = sorted(_bounds(advisories, family))
        asked = [Installed(family, text) for text in chance.sample(texts, min(12, len(texts)))]
        assert wrong(asked, advisories) == [], family


def _bounds(advisories: Advisories, family: str) -> set[str]:
    found = set()
    for statements in advisories.about(family).values():
        for statement in statements:
            if isinstance(statement.affects, Branches):
                found |= {b.release or b.branch for b in statement.affects.branches}
            elif isinstance(statement.affects, Listed):
                found |= {part.high or part.low for part in statement.affects.ranges}
    return found
