"""Work that makes many objects and no cycles among them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycles() -> Iterator[None]:
    """The garbage collector does not look for cycles meanwhile.

    It would go over all that was made again and again: a tree of 100,000 words takes three times as
    long with it. Memory is bounded by the size of a document.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
