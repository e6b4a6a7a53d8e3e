"""Ending all probing within seconds when a person asks for it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from scanner.collect.stopping import Stop

AGAIN_S = 0.3


@contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[None]:
    """Ctrl-C and SIGTERM set `stop` and end the programs that hnth has started (nmap)."""
    over = threading.Event()

    def end_what_runs() -> None:
        # Again and again: a thread may have been about to start its program when the signal came.
        while not over.wait(AGAIN_S):
            _end_children()
            stop.hang_up()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if not stop.is_set():
            stop.set()
            _end_children()
            threading.Thread(target=end_what_runs, daemon=True).start()

    previous = {number: signal.signal(number, on_signal) for number in _SIGNALS}
    try:
        yield
    finally:
        over.set()
        for number, handler in previous.items():
            signal.signal(number, handler)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def _end_children() -> None:
    for listing in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            for child in listing.read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGTERM)
