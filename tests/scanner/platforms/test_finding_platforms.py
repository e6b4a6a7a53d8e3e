"""Families are found by name, without a list of them anywhere."""

from __future__ import annotations

import re

import pytest

from inventory.model import DeviceKind
from scanner import platforms
from scanner.platforms import NoSuchPlatform, all_platforms, find

FAMILIES = all_platforms()


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_is_found_under_its_own_name(family: platforms.Platform) -> None:
    assert find(family.name) is family


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_declares_kinds_of_the_inventory_and_valid_patterns(
    family: platforms.Platform,
) -> None:
    assert family.kinds <= set(DeviceKind.__args__)
    for pattern in family.allowed:
        re.compile(pattern)


def test_families_are_sorted_and_named_once() -> None:
    names = [family.name for family in FAMILIES]
    assert names == sorted(set(names))


@pytest.mark.parametrize("name", ["model", "", "..", "os", "cisco_roomos", "no-such-family"])
def test_what_is_not_the_name_of_a_family_is_refused(name: str) -> None:
    with pytest.raises(NoSuchPlatform) as refused:
        find(name)
    assert f"“{name}”" in refused.value.reason.en
    assert f"“{name}”" in refused.value.reason.vi


def test_a_misspelt_name_is_answered_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    family = platforms.Platform(
        name="acme-room",
        title="ACME Room",
        vendor="ACME",
        kinds=frozenset({"vcs"}),
        allowed=(),
        collect=lambda access: iter(()),
        read=lambda documents: pytest.fail("nothing to read here"),
        version_key=lambda version: None,
    )
    monkeypatch.setattr(platforms, "all_platforms", lambda: (family,))
    with pytest.raises(NoSuchPlatform, match="did you mean “acme-room”"):
        find("acme-rom")
