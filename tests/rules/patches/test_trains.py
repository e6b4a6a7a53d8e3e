"""Releases of network devices: spellings, trains, and what a range of another train says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.patches.advisories import Advisories
from rules.patches.grammars import Release, Unreadable, compare
from rules.patches.matching import match_one, why_nothing
from rules.patches.model import (
    Configuration,
    Configurations,
    Criterion,
    Installed,
    Listed,
    Node,
    Range,
    Statement,
)
from scanner.feeds.names import FeedNames
from scanner.products import families

TABLE = families()
CVE = "CVE-2023-1000"

EQUAL = [
    ("cisco-ios", "15.2(4)M6", "15.2\\(4\\)m6"),
    ("cisco-ios", "15.2(7)E", "15.2(7)E0"),
    ("cisco-ios-xe", "03.16.05.S", "3.16.5S"),
    ("cisco-ios-xe", "17.09.04a", "17.9.4a"),
    ("cisco-asa", "9.12(4)67", "9.12.4.67"),
    ("juniper-junos", "18.4R3-S2", "18.4r3s2"),
    ("juniper-junos", "12.1X46-D10", "12.1x46d10"),
    ("paloalto", "10.1.6-h3", "10.1.6h3"),
    ("pfsense", "2.7.2-RELEASE", "2.7.2"),
    ("huawei-vrp", "V200R010C00SPC600", "v200r010c00spc600"),
]


@pytest.mark.parametrize(("family", "one", "other"), EQUAL)
def test_spellings_of_one_release(family: str, one: str, other: str) -> None:
    first, second = TABLE.parse(family, one), TABLE.parse(family, other)
    assert isinstance(first, Release)
    assert isinstance(second, Release)
    assert compare(first, second) == 0


REFUSED = [
    ("cisco-ios", "17.9.4a"),
    ("cisco-ios", "15.2(4"),
    ("cisco-ios-xe", "15.2(4)M6"),
    ("cisco-ios-xe", "12.2.33"),
    ("juniper-junos", "21.2R3-S3-EVO"),
    ("juniper-junos", "21.2R"),
    ("cisco-asa", "9.12(4)67-k8"),
    ("pfsense", "23.09.1"),
    ("fortios", "7.2.5 build"),
]


@pytest.mark.parametrize(("family", "text"), REFUSED)
def test_what_is_another_product_or_none_is_refused(family: str, text: str) -> None:
    assert isinstance(TABLE.parse(family, text), Unreadable)


@pytest.mark.parametrize(
    ("family", "branch"),
    [("cisco-ios", "15.2"), ("cisco-ios-xe", "17.9"), ("juniper-junos", "18.4"), ("fortios", "7.2"),
     ("cisco-asa", "9.12"), ("paloalto", "10.1"), ("huawei-vrp", "V200R010")],
)  # fmt: skip
def test_a_branch_alone_is_never_judged(family: str, branch: str) -> None:
    """`version 15.2` in a configuration names neither the fixed release nor one before it."""
    advisories = Advisories(TABLE, (Statement(CVE, family, "nvd", Listed((Range(),))),))
    asked = Installed(family, branch)
    assert match_one(asked, CVE, advisories).status == "unknown"
    assert why_nothing(asked, advisories) is not None


TRAINS = Listed((
    Range("15.1X49", True, "15.1X49-D170"),
    Range("18.4", True, "18.4R3-S2"),
    Range("19.1", True, "19.1R2"),
))  # fmt: skip
BY_TRAIN = [
    ("15.1X49-D100", "affected"),
    ("15.1X49-D170", "fixed"),
    ("18.4R3-S1.4", "affected"),
    ("18.4R3-S2.1", "fixed"),
    ("19.1R1", "affected"),
    ("12.3X48-D100", "unknown"),
]


@pytest.mark.parametrize(("version", "status"), BY_TRAIN)
def test_only_ranges_of_its_own_train_speak_of_a_release(version: str, status: str) -> None:
    advisories = Advisories(TABLE, (Statement(CVE, "juniper-junos", "vendor-cve", TRAINS),))
    found = match_one(Installed("juniper-junos", version), CVE, advisories)
    assert found.status == status


def test_the_contrary_of_what_says_nothing_says_nothing() -> None:
    name = "cpe:2.3:o:juniper:junos:*:*:*:*:*:*:*:*"
    criterion = Criterion(name, start_including="15.1X49", end_excluding="15.1X49-D170")
    node = Node((criterion,), negate=True)
    affects = Configurations((Configuration((node,)),))
    advisories = Advisories(TABLE, (Statement(CVE, "juniper-junos", "nvd", affects),))
    assert match_one(Installed("juniper-junos", "18.4R3"), CVE, advisories).status == "unknown"
    other = replace(criterion, start_including="18.1", end_excluding="18.4R1")
    affects = Configurations((Configuration((Node((other,), negate=True),)),))
    advisories = Advisories(TABLE, (Statement(CVE, "juniper-junos", "nvd", affects),))
    assert match_one(Installed("juniper-junos", "18.4R3"), CVE, advisories).status == "affected"


BY_NAME = [
    ("Cisco", "IOS", "cisco-ios"),
    ("Cisco", "Cisco IOS XE Software", "cisco-ios-xe"),
    ("Cisco", "IOS XR Software", "cisco-ios-xr"),
    ("Cisco", "Cisco Adaptive Security Appliance (ASA) Software", "cisco-asa"),
    ("Juniper Networks", "Junos OS", "juniper-junos"),
    ("Juniper Networks", "Junos OS Evolved", "juniper-junos-evolved"),
    ("Juniper Networks", "Junos Space", "juniper-space"),
    ("Fortinet", "FortiOS", "fortios"),
    ("Netgate", "pfSense Plus", "pfsense-plus"),
]


@pytest.mark.parametrize(("vendor", "product", "family"), BY_NAME)
def test_products_are_told_by_name(vendor: str, product: str, family: str) -> None:
    assert [meant.family for meant in FeedNames(TABLE).by_name(vendor, product)] == [family]


def test_an_app_for_a_telephone_is_no_router() -> None:
    assert FeedNames(TABLE).by_name("Cisco", "Jabber for iOS") == ()
    assert FeedNames(TABLE).by_name("Cisco", "AnyConnect Secure Mobility Client on iOS") == ()


BY_CPE = [
    ("cisco:ios", "cisco-ios"),
    ("cisco:ios_xe", "cisco-ios-xe"),
    ("cisco:adaptive_security_appliance_software", "cisco-asa"),
    ("juniper:junos", "juniper-junos"),
    ("paloaltonetworks:pan-os", "paloalto"),
    ("fortinet:fortios", "fortios"),
    ("mikrotik:routeros", "mikrotik-routeros"),
    ("netgate:pfsense", "pfsense"),
    ("opnsense:opnsense", "opnsense"),
    ("huawei:s5700_firmware", "huawei-vrp"),
]


@pytest.mark.parametrize(("name", "family"), BY_CPE)
def test_products_are_told_by_cpe_name(name: str, family: str) -> None:
    vendor, product = name.split(":")
    assert [meant.family for meant in FeedNames(TABLE).by_cpe(vendor, product)] == [family]


def named(cpe: str, **bounds: str) -> Configurations:
    criterion = Criterion(f"cpe:2.3:o:{cpe}:*:*:*:*:*:*", **bounds)
    return Configurations((Configuration((Node((criterion,)),)),))


REBUILT = named("cisco:ios_xe:*:*", start_including="16.1", end_excluding="16.12.10a")
INTERIM = named(
    "cisco:adaptive_security_appliance_software:*:*",
    start_including="9.12",
    end_excluding="9.12.4.65",
)
BY_RECORD = [
    ("cisco-ios", named("cisco:ios:15.2\\(4\\)m6:*"), "15.2(4)M6", "affected"),
    ("cisco-ios", named("cisco:ios:15.2\\(4\\)m6:*"), "15.2(4)M7", "unknown"),
    ("cisco-ios-xe", REBUILT, "16.12.5", "affected"),
    ("cisco-ios-xe", REBUILT, "16.12.10a", "fixed"),
    ("cisco-asa", INTERIM, "9.12(4)40", "affected"),
    ("cisco-asa", INTERIM, "9.12(4)67", "fixed"),
    ("juniper-junos", named("juniper:junos:18.4:r3-s2"), "18.4R3-S2.3", "affected"),
    ("paloalto", named("paloaltonetworks:pan-os:10.1.6:h3"), "10.1.6-h3", "affected"),
    ("paloalto", named("paloaltonetworks:pan-os:10.1.6:h3"), "10.1.6", "unknown"),
    ("mikrotik-routeros", named("mikrotik:routeros:*:*", end_excluding="7.8"), "7.7", "affected"),
    ("fortios", named("fortinet:fortios:*:*", end_including="7.2.6"), "7.2.6", "affected"),
]


@pytest.mark.parametrize(("family", "affects", "version", "status"), BY_RECORD)
def test_records_of_the_national_database_are_matched(
    family: str, affects: Configurations, version: str, status: str
) -> None:
    advisories = Advisories(TABLE, (Statement(CVE, family, "nvd", affects),))
    assert match_one(Installed(family, version), CVE, advisories).status == status
