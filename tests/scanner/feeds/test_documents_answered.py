"""From a document of a publisher to the answer for a release, in one go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rules.patches.advisories import Advisories
from rules.patches.matching import match_one
from rules.patches.model import Installed
from scanner.feeds import csaf as csaf_feed
from scanner.feeds import cve5 as cve5_feed
from scanner.feeds import nvd as nvd_feed
from scanner.feeds.advisories import from_files
from scanner.feeds.names import FeedNames
from scanner.products import families
from tests.scanner.feeds.feed_documents import HDX, as_bytes, csaf, cve5, nvd, nvd_entry

TABLE = families()
NAMES = FeedNames(TABLE)
CVE = "CVE-2026-1000"
SAID = {"affected": "yes", "fixed": "no", "not_affected": "no", "unknown": "?"}

Expected = dict[str, str]


def answers(record: Any, family: str, model: str, expected: Expected) -> Expected:
    told = Advisories(TABLE, record.statements)
    return {
        version: SAID[match_one(Installed(family, version, model), CVE, told).status]
        for version in expected
    }


def hit(**fields: Any) -> dict[str, Any]:
    return {"status": "affected", **fields}


def clean(**fields: Any) -> dict[str, Any]:
    return {"status": "unaffected", **fields}


def turns(*at: tuple[str, str]) -> list[dict[str, str]]:
    return [{"at": release, "status": status} for release, status in at]


ALL = {"version": "0", "lessThan": "*"}
VERSIONS: dict[str, tuple[str | None, list[Any], Expected]] = {
    "affected unless named": (
        "affected", [clean(version="30.1", lessThan="*")],
        {"9": "yes", "30": "yes", "30.1": "no", "31": "no"}),
    "affected outside of what is named as well": (
        "affected", [clean(version="20", lessThan="40", changes=turns(("30", "affected")))],
        {"19": "yes", "29": "no", "30": "yes", "41": "yes"}),
    "affected until it changes": (
        "affected", [hit(**ALL, changes=turns(("30.1", "unaffected")))],
        {"30.0": "yes", "30.1": "no", "33": "no"}),
    "changes in any order": (
        None,
        [hit(version="20", lessThan="*", changes=turns(
            ("30", "affected"), ("9.5", "unaffected"), ("25", "unaffected"),
            ("32.1", "unaffected")))],
        {"24": "no", "25": "no", "29": "no", "30": "yes", "32": "yes", "32.1": "no"}),
    "changes nobody can sort": (
        None, [hit(**ALL, changes=turns(("later", "unaffected"), ("25", "affected")))],
        {"24": "?", "26": "?"}),
    "clean until it changes": (
        None, [clean(**ALL, changes=turns(("30", "affected"), ("31.2", "unaffected")))],
        {"29": "no", "30": "yes", "31.1": "yes", "31.2": "no"}),
    "not looked into from there on": (
        None, [hit(version="20", lessThan="*", changes=turns(("30", "unknown")))],
        {"24": "yes", "30": "?", "31": "?"}),
    "not looked into, the others clean": (
        "unaffected", [{"status": "unknown", "version": "30", "lessThan": "31"},
                       hit(version="20", lessThan="25")],
        {"24": "yes", "26": "no", "30.1": "?", "31": "no"}),
    "one release not looked into": (
        "unaffected", [{"status": "unknown", "version": "30"}, hit(version="24")],
        {"24": "yes", "30": "?", "31": "no"}),
    "up to the end of a branch": (
        "unaffected", [hit(version="30", lessThan="30.*")],
        {"29": "no", "30.0": "yes", "30.9": "yes", "31": "no"}),
    "up to the end of a later branch": (
        "unaffected", [hit(version="30.0", lessThanOrEqual="32.*")],
        {"30.0": "yes", "32.9": "yes", "33": "no"}),
    "a branch": ("unaffected", [hit(version="30.x")], {"29.9": "no", "30.4": "yes", "31": "no"}),
    "from one to another": (
        None, [hit(version="30 through 31.2")], {"29": "no", "31.2": "yes", "31.3": "no"}),
    "from one to before another": (
        None, [hit(version="from 30 before 31.2")], {"30.1": "yes", "31.2": "no"}),
    "with or without its end?": (None, [hit(version="30 to 31.2")], {"30.1": "?", "31.2": "?"}),
    "everything": (None, [hit(**ALL)], {"1": "yes", "99": "yes"}),
    "both": (None, [hit(version="30"), clean(version="30")], {"30": "?"}),
}  # fmt: skip


@pytest.mark.parametrize(("default", "versions", "expected"), VERSIONS.values(), ids=VERSIONS)
def test_versions_of_cve_5(default: str | None, versions: list[Any], expected: Expected) -> None:
    entry = {"vendor": "Pexip", "product": "Pexip Infinity", "versions": versions}
    if default is not None:
        entry["defaultStatus"] = default
    record = cve5_feed.record(cve5(CVE, [entry]), NAMES)
    assert answers(record, "pexip", "Pexip Infinity", expected) == expected


def test_a_name_of_the_whole_family_is_no_model() -> None:
    """One product of the dictionary stands for two series that run the same software."""
    entry = {"vendor": "cisco", "product": "telepresence_video_communication_server",
             "versions": [hit(version="X14.3.1")]}  # fmt: skip
    record = cve5_feed.record(cve5(CVE, [], [entry]), NAMES)
    expected = {"X14.3.1": "yes", "X14.3.2": "?"}
    assert answers(record, "cisco-expressway", "Expressway-C", expected) == expected


def leaf(category: str, name: str, product_id: str, **more: Any) -> dict[str, Any]:
    return {"category": category, "name": name,
            "product": {"name": name, "product_id": product_id, **more}}  # fmt: skip


def above(category: str, name: str, *branches: Any) -> dict[str, Any]:
    return {"category": category, "name": name, "branches": list(branches)}


def with_cpe(version: str, product_id: str) -> dict[str, Any]:
    helper = {"cpe": HDX.replace("*", version, 1)}
    return leaf("product_name", "HDX", product_id, product_identification_helper=helper)


MODEL = leaf("product_name", "HDX 8000", "M")
OTHER = above("product_name", "HDX 7000", leaf("product_version_range", "vers:generic/<3.1", "R"))
RELEASE = above("product_name", "HDX 8000", leaf("product_version", "3.1.11", "V"))
TWO = "vers:generic/>=3.0|<3.1.4|>=3.1.6|<3.1.9"
SPANS = above("product_name", "HDX", leaf("product_version_range", TWO, "R"))
BUILT = above("product_name", "HDX",
              above("product_version", "3.1.11", leaf("architecture", "arm", "V")))  # fmt: skip
SERVICED = above("product_name", "HDX",
                 above("product_version", "3.1", leaf("service_pack", "3.1.11", "V")))  # fmt: skip
HOTFIXED = above("product_name", "HDX",
                 above("product_version", "3.1", leaf("patch_level", "hotfix 7", "V")))  # fmt: skip
PORT = above("product_name", "HDX", leaf("architecture", "arm", "V"))
TITLED = leaf("product_name", "Polycom HDX 8000 3.1.11", "V")

ADVISORIES: dict[str, tuple[list[Any], dict[str, list[str]], str, Expected]] = {
    "the model that is cleared": ([MODEL, OTHER], {"known_not_affected": ["M"]}, "HDX 8000",
                                  {"3.1": "no"}),
    "another one is not cleared with it": (
        [MODEL, OTHER], {"known_not_affected": ["M"]}, "HDX 7000", {"3.1": "?"}),
    "nor by what is fixed for it": ([RELEASE], {"fixed": ["V"]}, "HDX 7000", {"3.1.11": "?"}),
    "nor by its being looked into": (
        [MODEL], {"under_investigation": ["M"]}, "HDX 7000", {"3.1": "?"}),
    "each model has its own": (
        [MODEL, OTHER], {"known_not_affected": ["M"], "known_affected": ["R"]}, "HDX 7000",
        {"3.0": "yes", "3.1": "no"}),
    "left out of what is affected": ([OTHER], {"known_affected": ["R"]}, "HDX 8000", {"3.0": "no"}),
    "fixed from here on": (
        [RELEASE], {"first_fixed": ["V"]}, "HDX 8000",
        {"3.1.10": "?", "3.1.11": "no", "3.1.12": "no"}),
    "clean, and nothing of what follows": (
        [RELEASE], {"known_not_affected": ["V"]}, "HDX 8000",
        {"3.1.10": "?", "3.1.11": "no", "3.1.12": "?"}),
    "two ranges": (
        [SPANS], {"known_affected": ["R"]}, "HDX 8000",
        {"2.9": "no", "3.0": "yes", "3.1.4": "no", "3.1.6": "yes", "3.1.9": "no"}),
    "a release for one architecture": (
        [BUILT], {"known_not_affected": ["V"]}, "HDX 8000", {"3.1.10": "?", "3.1.11": "no"}),
    "a whole release as service pack": (
        [SERVICED], {"known_not_affected": ["V"]}, "HDX 8000", {"3.0": "?", "3.1.11": "no"}),
    "a patch of a release": ([HOTFIXED], {"known_not_affected": ["V"]}, "HDX 8000", {"3.1": "?"}),
    "one architecture of all releases": (
        [PORT], {"known_not_affected": ["V"]}, "HDX 8000", {"3.1": "?"}),
    "a release in the name": (
        [TITLED], {"known_not_affected": ["V"]}, "HDX 8000", {"3.1.10": "?", "3.1.11": "no"}),
    "a release in the CPE name": (
        [with_cpe("3.1.10", "A"), with_cpe("3.1.11", "B")],
        {"known_affected": ["A"], "fixed": ["B"]}, "HDX 8000",
        {"3.1.9": "?", "3.1.10": "yes", "3.1.11": "no"}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("tree", "status", "model", "expected"), ADVISORIES.values(), ids=ADVISORIES
)
def test_products_of_an_advisory(
    tree: list[Any], status: dict[str, list[str]], model: str, expected: Expected
) -> None:
    record = csaf_feed.record(csaf(tree, status), NAMES)
    assert answers(record, "polycom-hdx", model, expected) == expected


CRITERIA: dict[str, tuple[str, str, str, Expected]] = {
    "any of a branch": (
        "o:polycom:hdx_system_software:3.1.\\*:*", "polycom-hdx", "HDX 8000",
        {"3.0.9": "no", "3.1.4": "yes", "3.2": "no"}),
    "no release": ("o:polycom:hdx_system_software:-:*", "polycom-hdx", "HDX 8000", {"3.0": "?"}),
    "an update": (
        "a:bigbluebutton:bigbluebutton:2.6.0:beta.1", "bigbluebutton", "BigBlueButton",
        {"2.6.0-beta.1": "yes", "2.6.0-beta.2": "?", "2.6.0": "?"}),
    "an update with an underscore": (
        "a:cisco:meeting_server:2.0:rc_2", "cisco-meeting-server", "Meeting Server 1000",
        {"2.0(RC2)": "yes", "2.0(RC1)": "?", "2.0": "?"}),
    "a patch": (
        "o:paloaltonetworks:pan-os:10.1.6:h3", "paloalto", "PAN-OS",
        {"10.1.6-h3": "yes", "10.1.6": "?", "10.1.6-h4": "?"}),
    "a patch of the other kind": (
        "o:huawei:dp300_firmware:v500r002c00sph309:*", "huawei-vrc", "DP300",
        {"V500R002C00SPH309": "yes", "V500R002C00SPC309": "?", "V500R002C00": "?"}),
    "a nearly equal product": (
        "o:polycom:hdx_system_software_tool:3.1:*", "polycom-hdx", "HDX 8000", {"3.1": "?"}),
}  # fmt: skip


@pytest.mark.parametrize(("name", "family", "model", "expected"), CRITERIA.values(), ids=CRITERIA)
def test_names_of_the_dictionary(name: str, family: str, model: str, expected: Expected) -> None:
    match = {"vulnerable": True, "criteria": f"cpe:2.3:{name}:*:*:*:*:*:*"}
    nodes = [{"operator": "OR", "negate": False, "cpeMatch": [match]}]
    record = nvd_feed.record({"cve": {"id": CVE, "configurations": [{"nodes": nodes}]}}, NAMES)
    assert answers(record, family, model, expected) == expected


def rejected(cve: str) -> dict[str, Any]:
    return cve5(cve, [], state="REJECTED")


def up_to(release: str, updated: str) -> dict[str, Any]:
    versions = [hit(version="0", lessThan=release)]
    entry = {"vendor": "Polycom", "product": "HDX", "versions": versions}
    return cve5(CVE, [entry], dateUpdated=updated)


OLD, NEW = up_to("3.1.9", "2026-01-01T00:00:00Z"), up_to("3.1.4", "2026-02-01T00:00:00Z")
TWICE: dict[str, tuple[list[Any], str]] = {
    "the newer one counts": ([OLD, NEW], "no"),
    "in whatever order": ([NEW, OLD], "no"),
    "withdrawn": ([OLD, rejected(CVE)], "?"),
    "two feeds that disagree": ([NEW, nvd(nvd_entry(CVE, end="3.1.9"))], "no"),
}


@pytest.mark.parametrize(("documents", "said"), TWICE.values(), ids=TWICE)
def test_files_that_speak_of_the_same_vulnerability(
    documents: list[Any], said: str, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.json" for number in range(len(documents))]
    for file, document in zip(files, documents, strict=True):
        file.write_bytes(as_bytes(document))
    verdict = match_one(Installed("polycom-hdx", "3.1.5", "HDX 8000"), CVE, from_files(files))
    assert SAID[verdict.status] == said
