"""Vaults whose master password costs next to nothing, for tests only."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.secrets import Secret
from inventory.vault import sealed
from inventory.vault.box import Vault

MASTER = Secret("ngua dung pin kep giay")


def make_cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """New files cost little, and such files are opened."""
    cheap = sealed.Cost(log2_n=4)
    monkeypatch.setattr(sealed, "COST", cheap)
    monkeypatch.setattr(sealed, "LEAST", cheap)


def new_vault(folder: Path) -> Vault:
    return Vault.create(folder / "vault.hnth", MASTER)
