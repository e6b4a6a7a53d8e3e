"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of sample files; the test is skipped in a checkout without it."""
    if not SHARED.is_dir():
        pytest.skip("the shared sample files are not beside this checkout")
    return SHARED
