"""What is stated about vulnerabilities and releases, as it was imported, and what follows from it.

Versions, branches and bounds are text as the source writes it; the grammar of the family reads
them when a device is matched, so that an import never fails on a spelling it does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from inventory.text import Text

Source = Literal["curated", "vendor-csaf", "vendor-cve", "adp", "nvd"]
"""Who says it: the hand-read table of vendors' prose, the vendor's CSAF or VEX with versions, the
vendor's own CVE record, additions of a third party to that record, NVD's configurations."""

TRUST: tuple[Source, ...] = ("curated", "vendor-csaf", "vendor-cve", "adp", "nvd")
"""The first that can decide decides; a lower one that disagrees is kept and shown."""

BranchStatus = Literal["fixed", "migrate", "no_fix", "future", "not_affected", "unknown"]
"""fixed: from `Branch.release` on. migrate: affected, the fix is in another branch. no_fix:
affected for good. future: affected, a fix was announced. unknown: the vendor does not say."""


# --- what a statement says is affected ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Branch:
    branch: str
    """Leading numbers of a release: `9`, `9.10`, `X8.1`, `4.5`."""
    status: BranchStatus
    release: str = ""
    """First fixed release; empty unless the status is fixed."""


@dataclass(frozen=True, slots=True)
class Branches:
    """The longest branch that begins the installed release counts."""

    branches: tuple[Branch, ...] = ()
    """Empty: the whole family is `earlier` and `later`, which then say the same."""
    earlier: BranchStatus = "unknown"
    """Below the first listed branch."""
    later: BranchStatus = "unknown"
    """Above the last listed branch."""


@dataclass(frozen=True, slots=True)
class Range:
    """Releases between two bounds. An empty bound is open."""

    low: str = ""
    low_included: bool = True
    high: str = ""
    high_included: bool = False
    affected: bool | None = True
    """False: the source states that these releases are not affected. None: it states that it does
    not know of these."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Ranges and single releases, as in a CVE 5 `versions` list or in CSAF product names."""

    ranges: tuple[Range, ...] = ()
    affected: tuple[str, ...] = ()
    """Exactly these releases."""
    unaffected: tuple[str, ...] = ()
    """Exactly these are stated as fixed or not affected."""
    otherwise: Literal["affected", "not_affected", "unknown"] = "unknown"
    """What holds for a release that is not named (`defaultStatus` of CVE 5)."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One `cpeMatch`: a CPE 2.3 name with bounds beside it."""

    cpe: str
    """The name as written, `cpe:2.3:o:vendor:product:version:...`."""
    vulnerable: bool = True
    start_including: str = ""
    start_excluding: str = ""
    end_including: str = ""
    end_excluding: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    criteria: tuple[Criterion, ...]
    operator: Literal["AND", "OR"] = "OR"
    negate: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """One element of NVD's `configurations`; a statement holds when any of them does."""

    nodes: tuple[Node, ...]
    operator: Literal["AND", "OR"] = "OR"
    negate: bool = False


@dataclass(frozen=True, slots=True)
class Configurations:
    configurations: tuple[Configuration, ...]

    def criteria(self) -> Iterator[Criterion]:
        """Every CPE name with its bounds, in order, whatever joins them."""
        for configuration in self.configurations:
            for node in configuration.nodes:
                yield from node.criteria


@dataclass(frozen=True, slots=True)
class WholeFamily:
    """No release is named. `known_affected` of a family alone means "in some release"."""

    status: Literal["not_affected", "some_release", "under_investigation"]


Affects: TypeAlias = Branches | Listed | Configurations | WholeFamily


# --- statements, vulnerabilities, releases -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says about one vulnerability in one family."""

    cve: str
    family: str
    source: Source
    affects: Affects
    models: tuple[str, ...] = ()
    """Models or series it is limited to, in the vendor's words; empty = all."""
    not_models: tuple[str, ...] = ()
    """Models or series the vendor states as not affected."""
    deployment: str = ""
    """`on-premises` or `cloud` when it speaks only for these."""
    condition: str = ""
    """Setting that must be on, in the vendor's words; empty = none."""
    note: str = ""
    url: str = ""
    """Advisory or record: an address or the advisory's own id."""
    dated: date | None = None
    feed: str = ""
    """SHA-256 of the import it came with."""


@dataclass(frozen=True, slots=True)
class Score:
    source: str
    version: str
    """Of CVSS: `2.0`, `3.1`, `4.0`."""
    base: float
    vector: str = ""


@dataclass(frozen=True, slots=True)
class Cve:
    """What is known of a vulnerability whatever the product."""

    id: str
    title: str = ""
    scores: tuple[Score, ...] = ()
    exploited_since: date | None = None
    """Known to be exploited since this day (joined by id, never by product)."""
    published: date | None = None
    urls: tuple[str, ...] = ()

    @property
    def base_score(self) -> float | None:
        """The higher one where sources differ; None when no source gives one."""
        return max((score.base for score in self.scores), default=None)


Basis = Literal["release-list", "fixed-release", "seen", "affected-up-to", "none"]
"""Only `release-list` can prove that a device runs the newest release; with the others a device
below the number is out of date for certain and one at or above it is not known."""

SupportState = Literal[
    "supported", "no-longer-sold", "software-ended", "ended", "conflicting", "unknown"
]


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest release known for some models of a family."""

    family: str
    models: tuple[str, ...] = ()
    """Empty = every model of the family."""
    branch: str = ""
    """Set when the entry speaks of one branch ("any device on release 10")."""
    version: str = ""
    """Empty when no number was found."""
    released: date | None = None
    basis: Basis = "none"
    deployment: str = ""
    without_peripherals: tuple[str, ...] = ()
    """The entry does not hold for a device with one of these attached."""
    with_peripherals: tuple[str, ...] = ()
    """The entry holds only for a device with one of these attached."""
    support: SupportState = "unknown"
    end_of_sale: date | None = None
    end_of_software_maintenance: date | None = None
    end_of_support: date | None = None
    verified: bool = False
    read_on: date | None = None
    """Day the source was read: the age of the entry counts from here."""
    source: str = ""
    note: str = ""
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """One release in a vendor's list, for the question what was newest on a past day."""

    family: str
    version: str
    released: date
    deployment: str = ""
    models: tuple[str, ...] = ()
    withdrawn: date | None = None
    read_on: date | None = None
    """Day the list was read; it is complete up to then."""
    source: str = ""
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """One import that answers rest on."""

    name: str
    """`nvd`, `kev`, `cve5`, `csaf`, `fixed-releases`, `firmware-facts`, `shipped`, ..."""
    sha256: str
    stamped: datetime
    """The feed's own time stamp, UTC: its age counts from here."""
    imported: datetime | None = None
    """None for what ships with the program."""
    records: int = 0


# --- what is asked and what is answered --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Installed:
    """The device asked about. Empty text = not known."""

    family: str
    version: str
    model: str = ""
    deployment: str = ""
    peripherals: tuple[str, ...] | None = None
    """Names of attached peripherals; None when not known."""
    settings: Mapping[str, bool] = field(default_factory=dict)
    """Conditions of statements that were checked: condition text -> it holds."""


Status = Literal["affected", "fixed", "not_affected", "unknown"]

Way = Literal["update", "migrate", "no_fix", "future", "none"]
"""What can be done: install `Verdict.fixed_in`, go to another branch, replace or mitigate, wait
and mitigate, nothing."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    source: Source
    status: Status
    url: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one device and one vulnerability."""

    cve: str
    status: Status
    decided_by: Source | None
    """None when nobody could decide."""
    range: str = ""
    """What matched, in short: `branch 9: fixed in 9.15.13.0`, `< 3.1.14`."""
    contradicted_by: tuple[Contradiction, ...] = ()
    condition: str = ""
    """Affected only while this holds; empty = unconditionally."""
    way: Way = "none"
    fixed_in: str = ""
    """First fixed release for this device where the source names one."""
    exploited_since: date | None = None
    base_score: float | None = None
    why: Text | None = None
    """Why it cannot be told; None for the other answers."""
    url: str = ""
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Newest:
    """The answer to "is it the newest release?"."""

    state: Literal["older", "newest", "unknown"]
    version: str = ""
    """Newest release known; empty when none is."""
    latest: Latest | None = None
    branch_newest: Latest | None = None
    """Newest of the branch the device is on, where an entry speaks of that branch."""
    support_ended: bool | None = None
    """None when not known."""
    why: Text | None = None
    """Why it cannot be told; None unless the state is unknown."""
