"""Passwords of the lab: whatever the seed, no rule finds anything in them."""

from __future__ import annotations

from lab.situation import password
from rules.model import Outcome
from rules.password_quality import judge


def test_no_password_of_the_lab_holds_a_word_by_chance() -> None:
    made = [password(seed.to_bytes(32, "big"), "vcs-phong-may") for seed in range(400)]
    assert len(set(made)) == len(made)
    assert [one for one in made if judge(one).overall is not Outcome.PASS] == []


def test_the_same_seed_gives_the_same_password() -> None:
    assert password(b"seed", "mcu") == password(b"seed", "mcu") != password(b"seed", "vcs")
    assert len(password(b"seed", "mcu", 6)) == 6
