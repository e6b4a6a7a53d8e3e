"""How fast a million vulnerability records are imported: `python benchmarks/import_feeds.py [N]`.

The records are invented, have the shape and about the size of NVD's, and one in five hundred speaks
of a conferencing product. Each step runs in a process of its own, whose greatest memory is given.
Then 1,000 devices are matched against what was kept and what ships, and 1,000 devices on as many
releases against 400 vulnerabilities of each family, beside the time that the same number of ready
answers takes to be put together.
"""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rules.patches.advisories import Advisories
from rules.patches.matching import match
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
from scanner.feeds.advisories import from_store
from scanner.feeds.names import FeedNames
from scanner.feeds.storage import FeedStore
from scanner.products import families

RECORDS = 1_000_000
DEVICES = 1_000
ONE_IN = 500
OURS = (
    ("cisco", "roomos", "RoomOS"),
    ("cisco", "expressway", "Expressway"),
    ("polycom", "hdx_system_software", "HDX"),
    ("huawei", "te40_firmware", "TE40"),
    ("yealink", "meeting_server", "Meeting Server"),
)
"""Vendor and product as in CPE, and as in CVE 5."""
STAMP = "2026-11-01T00:00:00.000"


def nvd_record(n: int) -> dict[str, Any]:
    vendor, product = "maker", f"product_{n % 5000}"
    if n % ONE_IN == 0:
        vendor, product, _ = OURS[n // ONE_IN % len(OURS)]
    score = {"version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
             "baseScore": 9.8, "baseSeverity": "CRITICAL"}  # fmt: skip
    matches = [
        {"vulnerable": True, "criteria": f"cpe:2.3:a:{vendor}:{product}:*:*:*:*:*:*:*:*",
         "versionStartIncluding": f"{n % 40}.0", "versionEndExcluding": f"{n % 40}.{i + 1}",
         "matchCriteriaId": f"00000000-0000-0000-0000-{n:012d}"}
        for i in range(3)
    ]  # fmt: skip
    references = [
        {"url": f"https://advisories.example/{n}/{i}", "source": "cve@example"} for i in range(4)
    ]
    return {"cve": {
        "id": f"CVE-{2000 + n % 26}-{n:07d}", "sourceIdentifier": "cve@example",
        "published": STAMP, "lastModified": STAMP, "vulnStatus": "Analyzed",
        "descriptions": [{"lang": "en", "value": f"A flaw in {product}. " + "It is told. " * 30}],
        "metrics": {"cvssMetricV31": [{"source": "nvd@example", "cvssData": score}]},
        "configurations": [{"nodes": [{"operator": "OR", "negate": False, "cpeMatch": matches}]}],
        "references": references,
    }}  # fmt: skip


def cve5_record(n: int) -> dict[str, Any]:
    vendor, product = "Maker", f"Product {n % 5000}"
    if n % ONE_IN == 0:
        vendor, _, product = OURS[n // ONE_IN % len(OURS)]
    versions = [{"version": f"{n % 40}.0", "lessThan": f"{n % 40}.{i + 1}", "status": "affected"}
                for i in range(3)]  # fmt: skip
    affected = {"vendor": vendor, "product": product, "versions": versions}
    described = {"lang": "en", "value": f"A flaw in {product} " + "lets a caller in. " * 40}
    return {
        "dataType": "CVE_RECORD",
        "cveMetadata": {"cveId": f"CVE-{2000 + n % 26}-{n:07d}", "dateUpdated": STAMP},
        "containers": {"cna": {"affected": [affected], "descriptions": [described]}},
    }


def write(path: Path, count: int, opening: str, record: Callable[[int], Any], end: str) -> None:
    """The feed is written piece by piece, too; compressed when its name says so."""
    with gzip.open(path, "wb", 1) if path.suffix == ".gz" else path.open("wb") as file:
        file.write(opening.encode())
        for n in range(count):
            file.write((b",\n" if n else b"") + json.dumps(record(n)).encode())
        file.write(end.encode())


def import_one(store: Path, feed: Path) -> dict[str, Any]:
    began = time.perf_counter()
    with FeedStore.open(store, create=True) as opened:
        (taken,) = opened.take(feed, FeedNames(families()), "benchmark", datetime.now(UTC))
    return {"seconds": time.perf_counter() - began, "entries": taken.entries, "kept": taken.kept}


def match_all(store: Path) -> dict[str, Any]:
    began = time.perf_counter()
    advisories = from_store(store)
    loaded = time.perf_counter() - began
    began, verdicts = time.perf_counter(), 0
    for device in devices():
        verdicts += len(match(device, advisories))
    return {"load": loaded, "seconds": time.perf_counter() - began, "verdicts": verdicts}


def devices() -> Iterator[Installed]:
    """A province: endpoints of several makers on many releases, and some conferencing nodes."""
    kinds = (
        ("cisco-ce-roomos", "ce9.{a}.{b}.1", "Room Kit"),
        ("cisco-expressway", "X12.{a}.{b}", "Expressway-C"),
        ("polycom-hdx", "3.1.{a}-{b}", "HDX 8000"),
        ("huawei-vrc", "V500R002C{a:02d}SPC{b}00", "TE40"),
        ("yealink-yms", "26.0.{a}.{b}", "Meeting Server"),
    )
    for n in range(DEVICES):
        family, version, model = kinds[n % len(kinds)]
        yield Installed(family, version.format(a=n % 16, b=1 + n % 9), model)


STATED = 400
"""Vulnerabilities of each family, a quarter of them told by two sources."""
KINDS = (
    ("cisco-ce-roomos", "ce9.{a}.{b}.{n}", "Room Kit", "cisco:roomos", "{x}.{i}"),
    ("cisco-expressway", "X12.{a}.{b}.{n}", "Expressway-C", "cisco:expressway", "{x}.{i}"),
    ("polycom-hdx", "3.1.{a}-{n}", "HDX 8000", "polycom:hdx_system_software", "{x}.{i}"),
    ("huawei-vrc", "V500R002C{a:02d}SPC{n:03x}", "TE40", "huawei:te40_firmware", "V{x}00R00{i}C00"),
    ("yealink-yms", "26.0.{a}.{n}", "Meeting Server", "yealink:meeting_server", "{x}.{i}"),
)
"""Family, release, model, CPE name, bound."""


def stated() -> Iterator[Statement]:
    for family, _, _, name, bound in KINDS:
        for n in range(STATED):
            bounds = [bound.format(x=n % 40, i=i) for i in range(5)]
            criteria = tuple(
                Criterion(
                    f"cpe:2.3:a:{name}:*:*:*:*:*:*:*:*",
                    start_including=bounds[0],
                    end_excluding=bounds[i],
                )
                for i in (1, 2, 3)
            )
            either = Configurations((Configuration((Node(criteria),)),))
            cve = f"CVE-2020-{n:05d}"
            yield Statement(cve, family, "nvd", either)
            if n % 4 == 0:
                ranges = tuple(Range(bounds[0], True, bounds[i]) for i in (1, 2, 3))
                listed = Listed(ranges, affected=tuple(bounds))
                yield Statement(cve, family, "vendor-cve", listed)


def match_distinct() -> dict[str, Any]:
    """Every device on a release of its own; then the answers alone, looked up and put together."""
    advisories = Advisories(families(), tuple(stated()))
    province = [
        Installed(family, release.format(a=n % 16, b=n % 9, n=n), model)
        for n in range(DEVICES)
        for family, release, model, _, _ in [KINDS[n % len(KINDS)]]
    ]
    began = time.perf_counter()
    told = [match(device, advisories) for device in province]
    seconds = time.perf_counter() - began
    ready = [dict(enumerate(verdicts)) for verdicts in told]
    began = time.perf_counter()
    again = [tuple(known[n] for n in range(len(known))) for known in ready]
    return {"seconds": seconds, "least": time.perf_counter() - began,
            "verdicts": sum(map(len, again))}  # fmt: skip


def in_a_process_of_its_own(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, __file__, *arguments], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(count: int) -> None:
    print("| feed | MB | records | kept | seconds | records/s | peak MB |")
    print("|---|---|---|---|---|---|---|")
    head = '{"format": "NVD_CVE", "version": "2.0", "timestamp": "%s", "vulnerabilities": ['
    shapes = (
        ("NVD 2.0", "nvd.json", head % STAMP, nvd_record, "]}"),
        ("NVD 2.0, gzip", "nvd.json.gz", head % STAMP, nvd_record, "]}"),
        ("CVE 5", "cve5.json", "[", cve5_record, "]"),
    )
    with tempfile.TemporaryDirectory() as folder:
        for title, name, opening, record, end in shapes:
            feed, store = Path(folder, name), Path(folder, f"{name}.db")
            write(feed, count, opening, record, end)
            done = in_a_process_of_its_own("import", str(store), str(feed))
            size, rate = feed.stat().st_size / 1e6, done["entries"] / done["seconds"]
            print(f"| {title} | {size:,.0f} | {done['entries']:,} | {done['kept']:,} "
                  f"| {done['seconds']:.1f} | {rate:,.0f} | {done['peak_mb']:.0f} |")  # fmt: skip
            feed.unlink()
        for title, name in (("what ships", "none.db"), ("what ships and NVD", "nvd.json.db")):
            done = in_a_process_of_its_own("match", str(Path(folder, name)))
            print(f"{DEVICES:,} devices against {title}: {done['seconds']:.1f} s for "
                  f"{done['verdicts']:,} verdicts, {done['load']:.1f} s to load, "
                  f"{done['peak_mb']:.0f} MB at most")  # fmt: skip
    done = in_a_process_of_its_own("distinct")
    print(f"{DEVICES:,} devices on as many releases against {STATED} vulnerabilities "
          f"of each family: {done['seconds']:.1f} s for {done['verdicts']:,} verdicts, "
          f"of which {done['least']:.2f} s to look up ready ones, "
          f"{done['peak_mb']:.0f} MB at most")  # fmt: skip


if __name__ == "__main__":
    step, *rest = sys.argv[1:] or [""]
    steps: dict[str, Callable[..., dict[str, Any]]] = {
        "import": import_one, "match": match_all, "distinct": match_distinct,
    }  # fmt: skip
    if step in steps:
        found = steps[step](*map(Path, rest))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({**found, "peak_mb": peak}))
    else:
        main(int(step) if step else RECORDS)
