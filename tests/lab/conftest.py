"""A running province for the tests that need one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import lab


def start_or_skip(folder: Path, *faults: str) -> lab.Lab:
    try:
        return lab.start(folder, faults)
    except lab.LabUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[lab.Lab]:
    """A compliant province; a test that applies faults clears them again."""
    with start_or_skip(tmp_path_factory.mktemp("province")) as running:
        yield running
