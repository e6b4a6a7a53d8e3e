"""What a person sees while a run goes on: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from inventory.model import Device
from inventory.text import Text
from scanner.cli.speech import language
from scanner.engine.observation import Observation
from scanner.evidence import printable

LONGEST = 2000

SCANNED = Text(vi="đã quét", en="scanned")


class Watched:
    """Use as a context manager around the run."""

    def __init__(self, quiet: bool = False) -> None:
        self._quiet = quiet
        self._console = Console(stderr=True)
        self._lock = threading.Lock()
        self._busy: dict[str, None] = {}
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Watched:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begin(self, total: int) -> None:
        self._bar.update(self._task, total=total)

    def started(self, device: Device) -> None:
        with self._lock:
            self._busy[device.id] = None
            self._bar.update(self._task, description=", ".join(self._busy))

    def finished(self, device: Device, observation: Observation) -> None:
        with self._lock:
            self._busy.pop(device.id, None)
            self._bar.update(self._task, advance=1, description=", ".join(self._busy))
        if not self._quiet and not self._console.is_terminal:
            said = (observation.failure or SCANNED).in_language(language())
            sys.stderr.write(f"{device.id}: {printable(said, LONGEST)}\n")
