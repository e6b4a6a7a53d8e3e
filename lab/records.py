"""Months of records of every device, as the log server would hold them had it run all that time."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from lab.configurations import AUDIT_UID
from lab.situation import Rotation, Situation

LOCAL_TIME = timezone(timedelta(hours=7))
MONITOR_EVERY = timedelta(hours=6)
ALERT_EVERY = timedelta(days=9)

_MONITOR = (
    "monitor: trang thai binh thuong",
    "monitor: link up, no packet loss",
    "monitor: temperature normal",
    "monitor: registration refreshed",
)
_ALERT = (
    "alert: packet loss above 1 percent for 30 s",
    "alert: login refused once",
    "alert: clock corrected",
)


def _moments(
    now: datetime, oldest: datetime, every: timedelta, until: datetime
) -> Iterator[datetime]:
    moment = oldest
    while moment <= min(now, until):
        yield moment
        moment += every


def _lines(
    sender: str, kind: str, rotation: Rotation, until: datetime
) -> list[tuple[datetime, str]]:
    """(moment, line) of everything kept of one sender, oldest first."""
    every, texts = (MONITOR_EVERY, _MONITOR) if kind == "monitor" else (ALERT_EVERY, _ALERT)
    now = rotation.now
    oldest = now - rotation.kept + timedelta(hours=1)
    return [
        (moment, f"{moment.isoformat(timespec='seconds')} {sender} {texts[number % len(texts)]}\n")
        for number, moment in enumerate(_moments(now, oldest, every, until))
    ]


def _write(folder: Path, kind: str, lines: list[tuple[datetime, str]], rotation: Rotation) -> None:
    """One file per period as logrotate leaves them: the newest plain, the one before it too."""
    periods: dict[int, list[str]] = {}
    for moment, line in lines:
        periods.setdefault((rotation.now - moment) // rotation.period, []).append(line)
    for age, content in periods.items():
        name = f"{kind}.log" + (f".{age}" if age else "") + (".gz" if age > 1 else "")
        data = "".join(content).encode()
        file = folder / name
        file.write_bytes(gzip.compress(data, 1, mtime=0) if age > 1 else data)
        _give(file, 0o640)


def _give(path: Path, mode: int) -> None:
    """The audit user's group may read it, nobody else."""
    shutil.chown(path, group=AUDIT_UID)
    path.chmod(mode)


def fill(root: Path, situation: Situation, now: datetime) -> None:
    """The folder holds the records of every sender that the situation says, and nothing else."""
    now = now.astimezone(LOCAL_TIME)
    rotation = Rotation(now, situation.rotation_days, situation.rotations)
    for sender in situation.plan.senders:
        folder = root / sender
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        _give(folder, 0o750)
        until = now - timedelta(days=situation.silent_days.get(sender, 0))
        for kind in ("monitor", "alert"):
            _write(folder, kind, _lines(sender, kind, rotation, until), rotation)
