"""The rows that were judged by hand, answered from the feeds they were judged by."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rules.patches.advisories import Advisories
from rules.patches.matching import match_one
from rules.patches.model import Installed
from scanner.feeds.advisories import from_files

FEEDS = ("fixed-releases.json", "cve5-records.json", "cve5-version-lists.json",
         "nvd-selected.json", "nvd-2015.json", "nvd-overrides.json", "csaf")  # fmt: skip
SAID = {"affected": "yes", "fixed": "no", "not_affected": "no", "unknown": "unknown"}


READ_OFF = """
Cisco Codec Pro|ce10.15.2.2.cb912c2adbe|CVE-2022-20811|no
Cisco Room 55|RoomOS 10.20.1.2 7cd166d6be0|CVE-2022-20776|no
Cisco Room Kit Pro|ce11.1.2.3|CVE-2023-20090|yes
Cisco Room Kit Pro|ce11.1.1.9.abcdef01234|CVE-2023-20090|unknown
Cisco TelePresence MX700|RoomOS 10.11.2.2|CVE-2023-20092|no
Cisco Room Kit|RoomOS 26.0.0.51|CVE-2023-20094|unknown
Cisco TelePresence SX80|ce9.11.1|CVE-2020-26068|unknown
Cisco TelePresence SX80|ce9.14.2|CVE-2020-26086|no
Cisco Webex Room 70 Single|ce9.14.2|CVE-2020-26086|yes
Cisco Room Kit Mini|ce9.2.5|CVE-2018-6242|no
Cisco Room 70 Dual|ce9.2.5|CVE-2018-6242|yes
Cisco TelePresence EX90|TC6.2.1|CVE-2014-6271|unknown
Cisco Expressway-C|X15.1.0|CVE-2024-6387|unknown
Cisco Expressway-C|X14.0.08|CVE-2022-20853|yes
Cisco Expressway-E|X8.2RC1|CVE-2015-0652|yes
Cisco TelePresence VCS|X8.5|CVE-2015-0772|unknown
Cisco Meeting Server 1000|2.2.12|CVE-2018-0263|no
Cisco TelePresence Server 7010|4.2(4.17)|CVE-2016-1346|no
Cisco CTS 3010|1.10.8(1)|CVE-2014-7169|yes
Cisco TelePresence Management Suite|14.3.2|CVE-2015-0620|yes
Cisco Meeting Management|CMM3.2.0|CVE-2025-20156|yes
Polycom HDX 7000|3.0.3|CVE-2012-6610|no
Polycom HDX 9002|2.7.1_J|CVE-2012-4970|yes
Polycom HDX 6000|3.1.12.1|CVE-2018-15128|no
Huawei VP9660|V500R002C10SPC200|CVE-2017-17132|unknown
Huawei VP9650|V500R002C10|CVE-2017-17132|no
Huawei eSpace U1960|V100R001C20SPH309|CVE-2019-19415|yes
Huawei eSpace U1960|V100R001C20SPC309|CVE-2019-19415|unknown
Huawei eSpace U1960|V100R001C20SPC600T|CVE-2019-19415|yes
Pexip Infinity|23.2|CVE-2020-11805|unknown
Pexip Infinity|26.2|CVE-2022-25357|no
Pexip Reverse Proxy and TURN Server|6.1.0|CVE-2020-11805|no
Avaya Scopia XT5000|8.3.7.0.4|CVE-2022-38168|no
Yealink VP59|91.15.0.119|CVE-2024-28442|unknown
Lifesize Icon 600|LS_RM3_3.7.0 (2421)|CVE-2019-3702|no
BigBlueButton|2.7.0-beta.3|CVE-2023-43798|yes
BigBlueButton|3.0.0-beta.4|CVE-2023-7296|unknown
Jitsi Meet|10532|CVE-2025-64754|no
""".strip().splitlines()
"""Rows read off the records later: boundaries, other trains, models beside those named."""


@pytest.fixture(scope="module")
def advisories(shared: Path) -> Advisories:
    return from_files([shared / "vulndata" / name for name in FEEDS])


@pytest.mark.corpus
def test_every_row_is_answered_as_judged(shared: Path, advisories: Advisories) -> None:
    with (shared / "vulndata" / "cases.csv").open(encoding="utf-8") as file:
        rows = [
            (row["device"], row["version"], row["cve"], row["affected"])
            for row in csv.DictReader(file)
        ]
    assert [row for row in rows if said(advisories, *row[:3]) != row[3]] == []


@pytest.mark.corpus
def test_rows_read_off_the_records(advisories: Advisories) -> None:
    rows = [row.split("|") for row in READ_OFF]
    assert [row for row in rows if said(advisories, *row[:3]) != row[3]] == []


def said(advisories: Advisories, device: str, version: str, cve: str) -> str:
    named = advisories.families.resolve(device, version)
    assert named is not None
    asked = Installed(named.family, version, named.model)
    return SAID[match_one(asked, cve, advisories).status]
