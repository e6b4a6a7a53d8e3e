"""NVD's configurations: AND, OR, negation, hardware, versions as they are written there."""

from __future__ import annotations

from typing import Any

import pytest

from rules.patches.advisories import Advisories
from rules.patches.configurations import split_cpe
from rules.patches.matching import match_one
from rules.patches.model import (
    Configuration,
    Configurations,
    Criterion,
    Installed,
    Node,
    Statement,
)
from scanner.products import families

CVE = "CVE-2020-0001"


def cpe(product: str, version: str = "*", part: str = "a", tail: str = "*:*:*:*:*:*:*") -> str:
    return f"cpe:2.3:{part}:{product}:{version}:{tail}"


def soft(product: str, version: str = "*", **bounds: str) -> Criterion:
    return Criterion(cpe(product, version), **bounds)


def hard(product: str) -> Criterion:
    return Criterion(cpe(product, "-", "h"), vulnerable=False)


def either(*criteria: Criterion, **rest: Any) -> Node:
    return Node(criteria, **rest)


def both(*nodes: Node) -> Configuration:
    return Configuration(nodes, "AND")


def status(family: str, version: str, model: str, *configurations: Configuration) -> str:
    said = Statement(CVE, family, "nvd", Configurations(configurations))
    advisories = Advisories(families(), (said,))
    return match_one(Installed(family, version, model), CVE, advisories).status


HDX, ROOM, VRC, X30 = "polycom-hdx", "cisco-ce-roomos", "huawei-vrc", "poly-videoos"
BEFORE = soft("polycom:hdx_video_end_points", end_excluding="3.0.4")
ON_8000 = both(either(BEFORE), either(hard("polycom:hdx_8000")))
TURNED = both(either(hard("polycom:hdx_8000")), either(BEFORE))
ALL_X = (
    both(
        either(soft("poly:studio_x30_firmware", end_excluding="3.7.0")),
        either(hard("poly:studio_x30")),
    ),
    both(either(hard("poly:g7500")), either(soft("poly:g7500_firmware", end_excluding="3.7.0"))),
)
VP = both(either(soft("huawei:vp9660_firmware", "v500r002c10")), either(hard("huawei:vp9660")))
TRAP = soft("bigbluebutton:bigbluebutton")
PLUG_IN = Criterion(cpe("jitsi:meet", tail="*:*:*:*:moodle:*:*"), end_excluding="9999")

CASES = {
    "below, hardware fits": (HDX, "3.0.3", "HDX 8000", [ON_8000], "affected"),
    "hardware first": (HDX, "3.0.3", "HDX 8000", [TURNED], "affected"),
    "at the end": (HDX, "3.0.4", "HDX 8000", [ON_8000], "fixed"),
    "other hardware": (HDX, "3.0.3", "HDX 9002", [ON_8000], "not_affected"),
    "hardware not known": (HDX, "3.0.3", "", [ON_8000], "unknown"),
    "hardware not known, release fixed": (HDX, "3.0.4", "", [ON_8000], "fixed"),
    "one of two groups": (X30, "3.5.0", "G7500", ALL_X, "affected"),
    "second group, fixed": (X30, "3.12.0-210716", "Studio X30", ALL_X, "fixed"),
    "in neither group": (X30, "3.5.0", "Studio X52", ALL_X, "not_affected"),
    "named release": (VRC, "V500R002C10", "VP9660", [VP], "affected"),
    "patch of the named": (VRC, "V500R002C10SPC200", "VP9660", [VP], "unknown"),
    "later train": (VRC, "V600R006C10", "VP9660", [VP], "not_affected"),
    "other product of the family": (VRC, "V500R002C10", "TE40", [VP], "not_affected"),
    "another product": (
        "pexip",
        "31",
        "",
        [Configuration((either(soft("cisco:roomos", end_excluding="99")),))],
        "unknown",
    ),
    "a star without bounds": (
        "bigbluebutton",
        "2.6.1",
        "",
        [Configuration((either(TRAP),))],
        "unknown",
    ),
    "a dash": (
        ROOM,
        "9.1.1",
        "",
        [Configuration((either(soft("cisco:roomos", "-")),))],
        "unknown",
    ),
    "another software's plug-in": (
        "jitsi-meet",
        "9000",
        "",
        [Configuration((either(PLUG_IN),))],
        "unknown",
    ),
    "escaped brackets": (
        "cisco-mcu",
        "4.3(2.30)",
        "",
        [Configuration((either(soft("cisco:telepresence_mcu_software", "4.3_\\(2.30\\)")),))],
        "affected",
    ),
    "an exact list does not clear": (
        "cisco-tc",
        "TC7.3.4",
        "",
        [Configuration((either(soft("cisco:telepresence_tc_software", "7.3.3")),))],
        "unknown",
    ),
    "names beside a range that ended": (
        HDX,
        "3.1.0",
        "",
        [
            Configuration(
                (either(soft("polycom:hdx", "3.0.1"), soft("polycom:hdx", end_including="3.0.4")),)
            )
        ],
        "not_affected",
    ),
    "two ranges of two branches": (
        ROOM,
        "10.11.2.2",
        "",
        [
            Configuration(
                (
                    either(
                        soft("cisco:roomos", start_including="9.0", end_excluding="9.15.13.0"),
                        soft("cisco:roomos", start_including="10.0", end_excluding="10.15.2.2"),
                    ),
                )
            )
        ],
        "affected",
    ),
    "behind an exclusive start": (
        ROOM,
        "9.1.1",
        "",
        [
            Configuration(
                (either(soft("cisco:roomos", start_excluding="9.1.1", end_excluding="9.3")),)
            )
        ],
        "not_affected",
    ),
    "negated": (
        ROOM,
        "9.1.1",
        "",
        [Configuration((either(soft("cisco:roomos", end_excluding="9.3"), negate=True),))],
        "not_affected",
    ),
    "a name that is none": (
        ROOM,
        "9.1.1",
        "",
        [Configuration((either(Criterion("cpe:/a:cisco:roomos:9.1.1")),))],
        "unknown",
    ),
    "AND inside a node": (
        HDX,
        "3.0.3",
        "HDX 8000",
        [Configuration((Node((BEFORE, hard("polycom:hdx_8000")), "AND"),))],
        "affected",
    ),
    "nothing": (ROOM, "9.1.1", "", [], "unknown"),
    "an empty node": (ROOM, "9.1.1", "", [Configuration((Node(()),))], "unknown"),
}


@pytest.mark.parametrize(
    ("family", "version", "model", "configurations", "expected"), CASES.values(), ids=CASES
)
def test_configurations(
    family: str, version: str, model: str, configurations: list[Configuration], expected: str
) -> None:
    assert status(family, version, model, *configurations) == expected


def test_a_plug_in_is_no_statement_on_the_product() -> None:
    said = Statement(CVE, "jitsi-meet", "nvd", Configurations((Configuration((either(PLUG_IN),)),)))
    assert Advisories(families(), (said,)).about("jitsi-meet") == {}


def test_cpe_names_are_split_and_unescaped() -> None:
    name = split_cpe("cpe:2.3:a:x:a\\:b\\/c:4.5\\(1.8\\):rc1:*:*:*:*:*:*")
    assert name is not None
    assert (name.product, name.version, name.update) == ("a:b/c", "4.5(1.8)", "rc1")
    assert split_cpe("cpe:2.3:a:b") is None
    assert split_cpe("") is None
