"""What the gate is asked and what it answers, as values."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from inventory.text import Text
from rules.model import Finding, Outcome, Severity
from rules.network_facts import UnreadLine

if TYPE_CHECKING:
    from inventory.model import Inventory
    from scanner.gate.baseline import Applied
    from scanner.gate.changes import Changes
    from scanner.gate.devices import ReadDevice
    from scanner.gate.traffic import DeviceTraffic
    from scanner.platforms.model import Coverage

Standing = Literal["counts", "clean", "beyond", "known"]
"""What a finding means to a gate that sees files only.

`counts`: the verdict stands, UND included. `clean`: UND, because the rest has to be seen on the
network, and everything that the files tell was read and nothing of it is wrong. `beyond`: UND, and
no file could have decided it. `known`: it was there before, or a baseline accepts it.
"""

FileState = Literal["read", "inventory", "not recognised", "not taken", "not a configuration"]


@dataclass(frozen=True, slots=True)
class FileMapping:
    """What the user says of files, as in `[gate] files` of hnth.toml."""

    path: str
    """Pattern with * and ?, relative to the root or absolute; * also crosses folders."""
    platform: str | None = None
    device: str | None = None
    """Id of the device, in the inventory if there is one."""
    root: Path | None = None
    """Where it is absolute: the root, if there is one."""

    def fits(self, inside: str, path: Path) -> bool:
        """It means the file of this name in the root, which is read from `path`."""
        if not self.path.startswith("/"):
            return fnmatch.fnmatchcase(inside, self.path)
        # an earlier state of the root is read from elsewhere
        place = path if self.root is None else self.root / inside
        return fnmatch.fnmatchcase(os.path.abspath(place), self.path)


@dataclass(frozen=True, slots=True)
class GateRequest:
    """Everything that a run of the gate depends on besides the files themselves."""

    paths: tuple[Path, ...]
    now: datetime
    """UTC; the files are judged as configurations of this moment, whatever their age on disk."""
    inventory: Path | None = None
    """None: one among the paths, or `inventory.yaml` in the root, is taken."""
    root: Path | None = None
    """Nothing outside is read. None: the git repository of the current folder, if it is in one."""
    shown_from: Path | None = None
    """Folder that file names are shown relative to; None: the current one."""
    mappings: tuple[FileMapping, ...] = ()
    """The first that matches a file holds."""
    fail_on: Severity = "S3"
    allow_incomplete: bool = False
    soft_fail: bool = False
    accept_waivers: bool = False
    """What fails with an approved exception does not count for the exit status."""
    select: tuple[str, ...] = ()
    """Ids, clauses or articles to judge; empty = all."""
    ignore: tuple[str, ...] = ()
    database: Path | None = None
    """Vulnerability data imported beside it counts; None: what ships with the program alone."""
    baseline: Path | None = None
    """Findings that the file accepts do not count."""
    since: str | None = None
    """Name of a git revision: what was found there already does not count."""
    own: tuple[Path, ...] = ()
    """Files that the program itself reads or writes: never taken for configurations."""

    def breaks(self, finding: Finding) -> bool:
        """A FAIL at or above the severity asked for, without an exception that is accepted."""
        if finding.outcome is not Outcome.FAIL or finding.severity > self.fail_on:
            return False
        return finding.waiver is None or not self.accept_waivers


@dataclass(frozen=True, slots=True)
class FileStatus:
    """What became of one file."""

    file: str
    state: FileState
    reason: Text | None = None
    """Why it was not read."""
    named: bool = False
    """The user named the file itself, not a folder above it."""
    matters: bool = False
    """It was not read and looks like a configuration: the gate cannot be green."""
    device: str | None = None
    platform: str | None = None
    known: int = 0
    """Number of facts that were read from the device's files."""
    coverage: Coverage | None = None
    """How many lines were understood, where the family counts them."""
    unread: tuple[UnreadLine, ...] = ()
    """Lines that could change a verdict and were not understood."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding and what it means to the gate."""

    finding: Finding
    standing: Standing
    only_live: tuple[str, ...] = ()
    """Names of the facts that have to be seen on the network, where they keep a verdict away."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines around one that a finding cites, secrets removed. `first` counts from 1."""

    first: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class GateResult:
    """Every file in the order of its name, every finding in the Regulation's order."""

    request: GateRequest
    status: int
    """0 compliant; 1 findings; 2 unusable input; 3 not determined. See `scanner.gate.verdict`."""
    reason: Text | None
    """Why the gate is not green, in one line; also said when it is green by `soft_fail` alone."""
    files: tuple[FileStatus, ...] = ()
    judged: tuple[Judged, ...] = ()
    not_judged: tuple[str, ...] = ()
    """Requirements that were selected and on which no file could say anything."""
    relaxations: tuple[Text, ...] = ()
    problems: tuple[Text, ...] = ()
    """What is wrong with the inventory, or with what was asked for."""
    notes: tuple[Text, ...] = ()
    """What looks like a mistake and is none of the above."""
    excerpts: Mapping[tuple[str, int], Excerpt] = field(default_factory=dict)
    """By file and line, for every line that a FAIL or a counting UND cites."""
    inventory: Inventory | None = None
    inventory_file: str | None = None
    devices: tuple[ReadDevice, ...] = ()
    """What was understood, device by device."""
    earlier: tuple[ReadDevice, ...] = ()
    """The same of the revision that is compared with. Without an inventory both hold only devices
    of which a file was changed."""
    applied: Applied | None = None
    """What became of the baseline."""
    changes: Changes | None = None
    """What is added, fixed and worsened since the revision."""
    traffic: tuple[DeviceTraffic, ...] = ()
    """What changed filters newly permit and block since the revision."""
    inside: Mapping[str, str] = field(default_factory=dict)
    """Name of a file as shown to its name relative to the root."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those that count: what a report of the gate shows."""
        return tuple(one.finding for one in self.judged if one.standing == "counts")

    @property
    def failures(self) -> tuple[Finding, ...]:
        """FAIL at or above the severity asked for."""
        return tuple(f for f in self.findings if self.request.breaks(f))

    def count(self, outcome: Outcome) -> int:
        """How many of the counting findings came out so."""
        return sum(finding.outcome is outcome for finding in self.findings)
