"""A request to stop that also ends what is being waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

HangUp = Callable[[], None]


class Stop(threading.Event):
    """An event; while it is set, `hang_up` ends every connection that was registered."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._open: list[HangUp] = []

    @contextmanager
    def ending(self, hang_up: HangUp) -> Iterator[None]:
        """Inside the block, `hang_up` is called from another thread when a stop is asked for."""
        with self._lock:
            self._open.append(hang_up)
        try:
            yield
        finally:
            with self._lock:
                self._open.remove(hang_up)

    def hang_up(self) -> None:
        """Whoever waits for an answer on a registered connection gets an error instead."""
        with self._lock:
            waiting = list(self._open)
        for hang_up in waiting:
            hang_up()
