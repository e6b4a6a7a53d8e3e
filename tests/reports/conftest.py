"""The sample province, built once."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from reports.report import Report


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sample() -> Report:
    """Ten devices, four sites, every kind of verdict."""
    for part in ("sample_province", "sample_findings"):
        _load(part)
    report: Report = _load("sample").sample_report()
    return report
